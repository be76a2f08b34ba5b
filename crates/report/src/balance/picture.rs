//! The picture of the balance: girls by work area, before and after.

use super::{AreaBalance, Balance, BalanceGroup, Stage};
use crate::picture::{Axis, Bar, BarGroup, GroupedBars, PictureError, Unit};

impl Balance {
    /// Draws the share of girls by work area: of the first wishes, and of those who have a place there.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be drawn.
    pub fn picture(&self) -> Result<String, PictureError> {
        draw(&self.season, &self.areas, of_applied(&self.all))
    }
}

/// Returns the share of girls among all who applied, if it is shown.
pub(super) fn of_applied(all: &BalanceGroup) -> Option<f64> {
    all.count(Stage::Applications).female_share().filter(|_| all.shows(Stage::Applications))
}

/// Draws areas, with the share of girls among all who applied as a mark.
pub(super) fn draw(season: &str, areas: &[AreaBalance], mark: Option<f64>) -> Result<String, PictureError> {
    let group = |area: &AreaBalance| {
        let wish = area.wish.filter(|[girls, boys]| girls + boys > 0.0).map(|[girls, boys]| Bar {
            value: Unit::thousandths(girls / (girls + boys)),
            // Parts of people have no such interval.
            interval: None,
        });
        let placed = area.placed.and_then(|count| {
            let interval = count.female_interval().map(|(low, high)| (Unit::thousandths(low), Unit::thousandths(high)));
            Some(Bar { value: Unit::thousandths(count.female_share()?), interval })
        });
        BarGroup { name: area.name.clone(), bars: vec![wish, placed] }
    };
    GroupedBars {
        title: format!("{season}: girls by work area"),
        description: "Share of girls among girls and boys, by work area: of those whose first wish it is, and of those who have a place there, with \
                      the 95 % interval of the latter."
            .to_owned(),
        axis: Axis { label: "Girls among girls and boys, %".to_owned(), unit: Unit::Thousandths },
        series: vec!["first wish".to_owned(), "have a place (95 % interval)".to_owned()],
        groups: areas.iter().map(group).collect(),
        mark: mark.map(|share| (Unit::thousandths(share), format!("all who applied: {:.1} %", share * 100.0))),
    }
    .to_svg()
}
