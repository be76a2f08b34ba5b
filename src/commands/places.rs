//! `feriematch places`: an employer has fewer places, or more.

use std::cmp::Reverse;

use feriematch_core::Ranking;
use feriematch_model::Season;
use feriematch_rounds::{State, Step};

use crate::cli::rounds::PlacesArgs;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};
use crate::season;

pub(crate) fn run(args: &PlacesArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open_in(&args.season.dir, &args.at)?;
    let loaded = season::load(&args.season)?;
    season::job(&loaded.season, &args.job)?;
    let mut displaced = Vec::new();
    record.decide(&act, |state| {
        let job = args.job.clone();
        let step = match state.places(&args.job) {
            Some(now) if args.places <= now => {
                displaced = last_holders(&loaded.season, state, &args.job, args.places);
                Step::Cut { job, places: args.places, displaced: displaced.clone() }
            }
            _ => Step::Grow { job, places: args.places },
        };
        state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
        Ok(vec![step])
    })?;
    let lost = match displaced.as_slice() {
        [] => "nobody loses a place".to_owned(),
        names => format!("{} lost a place; first in the next round", names.join(", ")),
    };
    print(&format!("{} has {} places now; {lost}.\n", args.job, args.places))
}

/// Returns who loses a place where only so many are left: those who are furthest from a contract, then last in the ranking.
fn last_holders(season: &Season, state: &State, job: &str, places: u32) -> Vec<String> {
    let ranking = Ranking::draw(season, state.seed().unwrap_or_default());
    let position = |id: &str| season.find_applicant(id).map(|index| ranking.position(index));
    let mut holders: Vec<_> = state
        .lives()
        .filter_map(|(id, life)| Some((id, life.place.as_ref()?)))
        .filter(|(_, place)| *place.job == *job)
        .map(|(id, place)| (Reverse(place.holding), position(id), id))
        .collect();
    holders.sort_unstable();
    let mut lost: Vec<String> = holders.into_iter().skip(places as usize).map(|(_, _, id)| id.to_owned()).collect();
    lost.sort_unstable();
    lost
}
