//! The price of each rule: what a season gives without it.

use feriematch_core::{Ranking, RunError, RunOptions};
use feriematch_model::{Balance, Season};
use rayon::prelude::*;

use crate::relaxation::of_one_class;
use crate::{Difference, PlanError, Relaxation, Solution};

/// What a season gives, and what it would give without each of its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// The season as it is.
    pub season: Solution,
    /// Its rules.
    pub prices: Vec<Price>,
}

/// What a season would give without one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The rule.
    pub rule: Relaxation,
    /// What is more or less without it; `None` where a place locked by hand could not be given without it, since another
    /// funding stream would pay.
    pub without: Option<Difference>,
}

/// Matches a season without each of the rules, with the same lottery and everything else as it is.
///
/// `done` is told each time another rule is.
///
/// # Errors
///
/// Returns why the season cannot be matched, as it is or without a rule.
///
/// # Complexity
///
/// That of setting up and matching the season once a rule, on the threads of the current pool; as many seasons as threads are
/// held at once.
///
/// # Determinism
///
/// The same for any number of threads.
pub fn prices(
    season: &Season,
    seed: &str,
    options: &RunOptions,
    rules: Vec<Relaxation>,
    done: &(dyn Fn() + Sync),
) -> Result<PriceList, PlanError> {
    let ranking = Ranking::draw(season, seed);
    let as_it_is = Solution::new(season, &ranking, options)?;
    let price = |rule: Relaxation| {
        let lifted = rule.lifted(season)?;
        let solution = match rule {
            Relaxation::Classes => Solution::new(&lifted, &Ranking::draw(&of_one_class(season)?, seed), options),
            Relaxation::Balance => Solution::new(&lifted, &ranking, &RunOptions { balance: Balance::NONE, ..options.clone() }),
            _ => Solution::new(&lifted, &ranking, options),
        };
        let without = match solution {
            Ok(solution) => Some(as_it_is.difference(&solution)),
            Err(RunError::Lock { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        done();
        Ok(Price { rule, without })
    };
    // Collected one by one, so that the first error in order is the one returned.
    let prices: Vec<Result<Price, PlanError>> = rules.into_par_iter().map(price).collect();
    let prices = prices.into_iter().collect::<Result<_, _>>()?;
    Ok(PriceList { season: as_it_is, prices })
}
