//! `feriematch publish`: the next round of offers.

use std::{fs, process};

use feriematch_core::{PaperDraw, Preparation, Ranking, RunOptions, Solver, Step as Doing, run_beside};
use feriematch_model::{Outcome, Verdict};
use feriematch_report::{Overview, grouped, summary};
use feriematch_rounds::{Offer, State, Step, calendar};
use jiff::civil::Date;

use crate::cli::rounds::PublishArgs;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Act, Record};
use crate::{diagnostics, outcome_folder, round_season, season};

pub(crate) fn run(args: &PublishArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let deadline = deadline(args, act.day)?;
    let spinner = Spinner::start("reading");
    let mut record = Record::open_at(&record::location(&args.season.dir, &args.at)?, &args.season.dir)?;
    let loaded = season::load(&args.season)?;
    let state = record.state();
    let seed = state.seed().ok_or_else(|| record::refused(&feriematch_rounds::Refusal::NotDrawn))?.to_owned();
    let next = round_season::next_round(&loaded.season, state)?;
    let round = state.rounds().len() as u32 + 1;

    spinner.say("matching");
    // Problems stand in the files, whose rows are those of the season as it was read.
    let as_read = Preparation::new(&loaded.season);
    let warnings = season::refuse_errors(season::examine(&as_read, &loaded.sources, loaded.warnings))?;
    let preparation = Preparation::new(&next);
    round_season::refuse_impossible(&preparation)?;
    let ranking = Ranking::draw(&next, &seed);
    let options = RunOptions { mechanism: next.settings().mechanism, solver: Solver::Sparse, rematch: None };
    let mut say = |_: Doing| {};
    let (outcome, paper) = run_beside(&preparation, &ranking, &options, &mut say, || PaperDraw::new(&preparation, &ranking))
        .map_err(|error| Failure::Infeasible {
            message: error.to_string(),
            help: "use lower rank costs, or fewer wishes for whole classes of jobs".to_owned(),
        })?;
    let offers = new_offers(&outcome, state);
    if offers.is_empty() {
        return Err(Failure::Conflict {
            message: "there is nothing to publish: nobody who waits can take a place that is free".to_owned(),
            help: "`feriematch status` shows what is free, and `feriematch why` why somebody waits".to_owned(),
        });
    }
    let text = told(&offers, state, round, deadline, act.day);

    if args.preview {
        drop(spinner);
        diagnostics::print_to_stderr(&warnings);
        return print(&format!("{text}This is a preview: nothing was written.\n"));
    }
    let step = Step::Publish { round, deadline, offers, moves: Vec::new(), outcome: None };
    // What cannot be published is not written either.
    state.clone().take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
    spinner.say("writing");
    let folder = args.season.dir.join("rounds").join(round.to_string());
    // Whoever publishes the round gives the folder its name; whoever comes second leaves none.
    let unpublished = folder.with_extension(format!("unpublished-{}", process::id()));
    outcome_folder::write(&unpublished, &preparation, &outcome)?;
    let cannot_name = |source| Failure::system(format!("the round is published, but cannot name {}", folder.display()), source);
    match record.take(&act, vec![step]) {
        Ok(()) if folder.exists() => fs::remove_dir_all(&folder).and_then(|()| fs::rename(&unpublished, &folder)),
        Ok(()) => fs::rename(&unpublished, &folder),
        Err(failure) => {
            // What keeps it from being taken away is of less interest than the failure.
            let _ = fs::remove_dir_all(&unpublished);
            return Err(failure);
        }
    }
    .map_err(cannot_name)?;
    drop(spinner);
    diagnostics::print_to_stderr(&warnings);
    let overview = summary(&outcome, &Overview::new(&preparation, &outcome, &paper));
    print(&format!("{text}Published. The lists and the evidence of the round are in {}.\n\n{overview}", folder.display()))
}

/// Returns the last day to answer.
fn deadline(args: &PublishArgs, day: Date) -> Result<Date, Failure> {
    let counted = args.days.and_then(|days| calendar::working_days_after(day, days));
    let deadline = args.deadline.or(counted).ok_or_else(|| Failure::Usage {
        message: "there is no deadline for the answers".to_owned(),
        help: "give --days or --deadline".to_owned(),
    })?;
    if deadline <= day {
        return Err(Failure::Usage {
            message: format!("the deadline {deadline} is not after {day}, the day of the offers"),
            help: "give a later --deadline, or another --date".to_owned(),
        });
    }
    Ok(deadline)
}

/// Returns the places that the outcome gives to those who have none.
fn new_offers(outcome: &Outcome, state: &State) -> Vec<Offer> {
    let placed = outcome.decisions.iter().filter_map(|decision| match &decision.verdict {
        Verdict::Placed(placed) if state.place_of(&decision.applicant).is_none() => Some((decision, placed)),
        _ => None,
    });
    let offer = placed.map(|(decision, placed)| Offer {
        applicant: decision.applicant.clone(),
        job: placed.job.clone(),
        stream: placed.stream.clone(),
        rank: placed.rank,
    });
    offer.collect()
}

/// Says what the round does.
fn told(offers: &[Offer], state: &State, round: u32, deadline: Date, day: Date) -> String {
    let held: u32 = state.jobs().map(|(_, _, held)| held).sum();
    let free = state.free();
    let days = calendar::working_days_between(day, deadline);
    format!(
        "Round {round}: {} offers for {} free places; {} places are held and nobody who holds one is moved.\n\
         Answers until {deadline} ({}), {days} working days.\n",
        grouped(offers.len() as i64),
        grouped(i64::from(free)),
        grouped(i64::from(held)),
        deadline.strftime("%A"),
    )
}
