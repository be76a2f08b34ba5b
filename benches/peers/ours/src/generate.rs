//! The instances: the seasons that the solver's benches draw.

use crate::instance::Instance;

#[path = "../../../../crates/solver/benches/instances/season.rs"]
mod season;

pub(crate) use season::SIZES;
use season::{Season, Size};

/// Draws an instance.
pub(crate) fn generate(size: &Size) -> Instance {
    let mut season = Season::new(size);
    let mut instance = Instance::new(season.capacities.clone(), season.column_district.clone());
    let mut choices = Vec::new();
    for _ in 0..size.rows {
        let district = season.draw_row(&mut choices);
        choices.sort_unstable();
        instance.add_row(district, &choices);
    }
    instance
}
