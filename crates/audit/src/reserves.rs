//! The order of turns where places are reserved (docs/mechanisms.md, section 9.1).

use feriematch_model::{Balance, Precedence};

use crate::augment::Packing;
use crate::stage::Stage;

/// Returns the rows of a stage's entrants, whose turns go by the ranking so far, in the order of turns that the reserves make.
///
/// # Complexity
///
/// Two selections by augmenting paths; where a selection agrees with the outcome, nobody has to be moved.
pub(crate) fn turns(stage: &Stage<'_>, balance: &Balance) -> Vec<usize> {
    let all = 0..stage.entrants.len();
    let mut without_targets = Selection::new(stage);
    let selected: Vec<usize> = all.clone().filter(|&row| without_targets.select(row)).collect();
    let reserved: Vec<usize> =
        balance.reserves.iter().map(|reserve| selected.len() * usize::from(reserve.percent) / 100).collect();

    let mut has_turn = vec![false; stage.entrants.len()];
    let mut order = Vec::new();
    let mut selection = Selection::new(stage);
    let mut take_turn = |row: usize, has_turn: &mut Vec<bool>| {
        has_turn[row] = true;
        order.push(row);
        selection.select(row)
    };
    if balance.precedence == Precedence::OpenFirst {
        let open = selected.len() - reserved.iter().sum::<usize>();
        for &row in &selected[..open] {
            take_turn(row, &mut has_turn);
        }
    }
    for (reserve, places) in balance.reserves.iter().zip(reserved) {
        let mut filled = 0;
        let is_of_sex = |row: &usize| stage.season().applicant(stage.entrants[*row].applicant).gender == reserve.gender;
        for row in all.clone().filter(is_of_sex) {
            if filled == places {
                break;
            }
            if !has_turn[row] {
                filled += usize::from(take_turn(row, &mut has_turn));
            }
        }
    }
    order.extend(all.filter(|&row| !has_turn[row]));
    order
}

/// Those selected so far, one after the other as in section 5.1.
struct Selection<'a> {
    stage: &'a Stage<'a>,
    packing: Packing<'a>,
    homes: Vec<u64>,
}

impl<'a> Selection<'a> {
    fn new(stage: &'a Stage<'a>) -> Self {
        Self { stage, packing: Packing::new(stage), homes: stage.homes.clone() }
    }

    /// Selects an entrant if everybody selected before can be placed beside them; returns whether that is so.
    fn select(&mut self, row: usize) -> bool {
        let entrant = &self.stage.entrants[row];
        let home = &mut self.homes[self.stage.home_of(entrant)];
        let seated = |packing: &mut Packing<'_>| entrant.job.is_some_and(|job| packing.seat(row, job, None));
        let is_selected = *home > 0 && (seated(&mut self.packing) || self.packing.add(row, None));
        *home -= u64::from(is_selected);
        is_selected
    }
}
