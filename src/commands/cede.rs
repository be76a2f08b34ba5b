//! `feriematch cede`: surplus places go to others, by a published rule.

use std::collections::BTreeMap;

use feriematch_apportion::largest_remainder;
use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_rounds::{Refusal, Step};

use crate::cli::decisions::CedeArgs;
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};
use crate::{round_season, season};

pub(crate) fn run_command(args: &CedeArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open_in(&args.season.dir, &args.at)?;
    let season = season::load(&args.season)?.season;
    let rule = &season.settings().reversion;
    if rule.is_empty() {
        return Err(Failure::Usage {
            message: "season.toml does not say who gets surplus places".to_owned(),
            help: "add a [[reversion]] with `to` and `share` for each who does; docs/formats.md shows one".to_owned(),
        });
    }
    let state = record.state();
    let seed = state.seed().ok_or_else(|| record::refused(&Refusal::NotDrawn))?;
    // Whatever somebody who waits can take is not surplus.
    let (next, _) = round_season::next_round(&season, state, None)?;
    let options = RunOptions::of(&next);
    let outcome = run(&Preparation::new(&next), &Ranking::draw(&next, seed), &options, &mut |_| {})
        .map_err(|error| Failure::Infeasible { message: error.to_string(), help: "publish the next round first".to_owned() })?;
    let (offers, _) = round_season::given(&outcome, state);
    let mut surplus: BTreeMap<&str, u32> = state.jobs().map(|(job, places, held)| (job, places - held)).collect();
    for offer in &offers {
        if let Some(free) = surplus.get_mut(offer.job.as_str()) {
            *free -= 1;
        }
    }
    let total: u32 = surplus.values().sum();
    let mut text = String::new();
    if !offers.is_empty() {
        let wanted = counted(offers.len(), "free place");
        text.push_str(&format!("{wanted} can still be taken by people who wait, and stay: `feriematch publish` offers them.\n"));
    }
    if total == 0 {
        return print(&format!("{text}There is no surplus: nothing is ceded.\n"));
    }
    let shares: Vec<u32> = rule.iter().map(|beneficiary| beneficiary.share).collect();
    let steps = deal(&surplus, rule.iter().map(|beneficiary| &*beneficiary.name).zip(largest_remainder(total, &shares)));
    text.push_str(&format!("{} that nobody who waits can take:\n", counted(total as usize, "place")));
    for step in &steps {
        let Step::Cede { to, places } = step else { continue };
        let jobs: Vec<String> = places.iter().map(|(job, count)| format!("{count} of {job}")).collect();
        text.push_str(&format!("  {} to {to}: {}\n", places.values().sum::<u32>(), jobs.join(", ")));
    }
    if args.preview {
        return print(&format!("{text}This is a preview: nothing was written.\n"));
    }
    record.take(&act, steps)?;
    print(&format!("{text}Ceded.\n"))
}

/// Deals surplus places out, in order of jobs, to those who get so many.
fn deal<'a>(surplus: &BTreeMap<&str, u32>, to: impl Iterator<Item = (&'a str, u32)>) -> Vec<Step> {
    let mut left = surplus.iter().flat_map(|(&job, &count)| std::iter::repeat_n(job, count as usize));
    let mut steps = Vec::new();
    for (name, count) in to.filter(|(_, count)| *count > 0) {
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        for job in left.by_ref().take(count as usize) {
            *places.entry(job.to_owned()).or_default() += 1;
        }
        steps.push(Step::Cede { to: name.to_owned(), places });
    }
    steps
}
