//! Gender balance from the applications to those who are hired, and who applied for what.
//!
//! [`Balance`] counts once; [`tables`], [`measures`] and [`sentences`] say it with all recorded sexes, [`PublicBalance`] without anything from which few
//! people could be told, [`picture`](Balance::picture) draws it. `docs/balance.md` defines each figure. Balance is reported; nothing here decides.

mod funnel;
mod masking;
mod measures;
mod picture;
mod public;
mod sentences;
mod tables;
mod wishes;

use feriematch_core::Preparation;
use feriematch_core::balance::{Comparison, holm};

use crate::dimension::Dimension;
use crate::picture::PictureError;

pub use funnel::{BalanceGroup, Source, Stage, Standing, Test};
pub use measures::measures;
pub use public::PublicBalance;
pub use sentences::sentences;
pub use tables::tables;
pub use wishes::{AreaBalance, Segregation, Whom};

/// The dimensions of the balance, in the order in which it shows them.
pub const DIMENSIONS: [Dimension; 7] = [
    Dimension::District,
    Dimension::Department,
    Dimension::Area,
    Dimension::Job,
    Dimension::Cohort,
    Dimension::Class,
    Dimension::Period,
];

/// The gender balance of a season.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// The season's name.
    pub season: String,
    /// Where the standings come from.
    pub source: Source,
    /// The season as a whole.
    pub all: BalanceGroup,
    /// The groups by dimension.
    pub dimensions: Vec<(Dimension, Vec<BalanceGroup>)>,
    /// How differently girls and boys are spread over areas and jobs, before and after.
    pub segregation: Vec<Segregation>,
    /// Who wishes for each area first, and who has a place there.
    pub areas: Vec<AreaBalance>,
    /// The groups of areas, whether or not they are among the dimensions.
    area_groups: Vec<BalanceGroup>,
}

/// Draws the share of girls by work area, of the first wishes and of those who have a place, without measuring anything else.
///
/// # Errors
///
/// Returns an error if it cannot be drawn.
pub fn area_picture(preparation: &Preparation<'_>, standings: &[Standing]) -> Result<String, PictureError> {
    let mut all = funnel::whole(preparation, standings);
    masking::mask(&mut all, &mut []);
    let areas = wishes::areas(preparation, standings, &funnel::groups(preparation, standings, Dimension::Area));
    picture::draw(&preparation.season().settings().name, &areas, picture::of_applied(&all))
}

impl Balance {
    /// Counts a season with a standing for each applicant, in the season's order, by these dimensions.
    ///
    /// # Complexity
    ///
    /// With the wishes W, each counted in as many groups as it leads to, and n people: O(W + n r), r being the replicates of the tests against chance.
    pub fn new(preparation: &Preparation<'_>, source: Source, standings: &[Standing], dimensions: &[Dimension]) -> Self {
        let mut all = funnel::whole(preparation, standings);
        let mut counted: Vec<_> =
            dimensions.iter().map(|&dimension| (dimension, funnel::groups(preparation, standings, dimension))).collect();
        masking::mask(&mut all, &mut counted);
        compare(std::slice::from_mut(&mut all).iter_mut());
        compare(counted.iter_mut().flat_map(|(_, groups)| groups));
        let area_groups = funnel::groups(preparation, standings, Dimension::Area);
        Self {
            season: preparation.season().settings().name.to_string(),
            source,
            all,
            dimensions: counted,
            segregation: wishes::segregation(preparation, source, standings),
            areas: wishes::areas(preparation, standings, &area_groups),
            area_groups,
        }
    }

    /// Returns how many groups are compared in a test.
    pub fn comparisons(&self, test: impl Fn(&BalanceGroup) -> Option<Test>) -> usize {
        self.dimensions.iter().flat_map(|(_, groups)| groups).filter(|group| test(group).is_some()).count()
    }
}

/// Tests offers and declines of groups, each adjusted for the number of groups.
fn compare<'g>(groups: impl Iterator<Item = &'g mut BalanceGroup>) {
    type Slot<'g> = (Comparison, &'g mut Option<Test>);
    let (mut offers, mut declines): (Vec<Slot<'_>>, Vec<Slot<'_>>) = (Vec::new(), Vec::new());
    for group in groups {
        let of_offers = Comparison::new(&group.count(Stage::Offered), &group.count(Stage::Eligible));
        let of_declines = Comparison::new(&group.turned_down(), &group.answered());
        offers.extend(of_offers.map(|comparison| (comparison, &mut group.offers)));
        declines.extend(of_declines.map(|comparison| (comparison, &mut group.declines)));
    }
    for family in [offers, declines] {
        let adjusted = holm(&family.iter().map(|(comparison, _)| comparison.p_value).collect::<Vec<_>>());
        for ((comparison, slot), adjusted_p) in family.into_iter().zip(adjusted) {
            *slot = Some(Test { comparison, adjusted_p });
        }
    }
}
