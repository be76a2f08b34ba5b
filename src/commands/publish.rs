//! `feriematch publish`: the next round of offers.

use std::{fs, process};

use feriematch_core::{PaperDraw, Preparation, Ranking, RunError, RunOptions, Step as Doing, run, run_beside};
use feriematch_model::{LotteryOrder, MoveRule, Outcome, Rematch, Season};
use feriematch_report::{Overview, Table, Value, grouped, summary};
use feriematch_rounds::{Move, Offer, Refusal, State, Step, calendar, chains};
use jiff::civil::Date;

use crate::cli::rounds::{PublishArgs, UpgradeArg};
use crate::commands::counted;
use crate::commands::run_match::targets_price;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Act, Record};
use crate::{changes, diagnostics, lottery_folder, outcome_folder, round_season, season, subject};

/// How many chains of changes are told where they are not what was asked for.
const CHAINS: usize = 10;

pub(crate) fn run_command(args: &PublishArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let deadline = deadline(args, act.day)?;
    let spinner = Spinner::start("reading");
    let dir = &args.season.dir;
    let mut record = Record::open_in(dir, &args.at)?;
    let loaded = season::load(&args.season)?;
    let state = record.state();
    let seed = state.seed().ok_or_else(|| record::refused(&Refusal::NotDrawn))?.to_owned();
    let round = state.rounds().len() as u32 + 1;

    spinner.say("matching");
    // Problems stand in the files, whose rows are those of the season as it was read.
    let as_read = Preparation::new(&loaded.season);
    let warnings = season::refuse_errors(season::examine(&as_read, &loaded.sources, loaded.warnings))?;
    let rule = rule(args);
    let (next, rematch) = round_season::next_round(&loaded.season, state, rule)?;
    let preparation = Preparation::new(&next);
    let ranking = Ranking::draw(&next, &seed);
    let options = RunOptions { rematch, ..RunOptions::of(&next) };
    // Later rounds are told by what they change.
    let paper = || (round == 1).then(|| PaperDraw::new(&preparation, &ranking));
    let (outcome, paper) =
        run_beside(&preparation, &ranking, &options, &mut |_: Doing| {}, paper).map_err(|error| failed(&error))?;
    let (offers, moves) = round_season::given(&outcome, state);
    let comparison = match rule {
        Some(MoveRule::Upgrade { .. }) => Some(compared(&loaded.season, state, &seed, &outcome, rule)?),
        _ => None,
    };
    let targets = targets_price(&preparation, &ranking, &options, &outcome)?;
    if offers.is_empty() && moves.is_empty() {
        return Err(Failure::Conflict {
            message: "there is nothing to publish: nobody who waits can take a place that is free".to_owned(),
            help: "`feriematch status` shows what is free; --max-moves or --upgrade may make room".to_owned(),
        });
    }
    let mut text = told(&offers, &moves, state, &outcome, round);
    text.push_str(&answers_until(deadline, act.day));
    text.push_str(&lottery_folder::since_commitment(dir, state, &loaded.season));
    if let Some(price) = targets {
        text.push_str(&format!("\n{}", price.to_text(&outcome.balance)));
    }
    if let Some(comparison) = comparison {
        text.push_str(&format!("\n{}", comparison.to_text()));
    }
    if round > 1 {
        let chains = chains(state, &offers, &moves);
        let for_more = format!("`feriematch diff {} --round {round}`", dir.display());
        text.push_str(&format!("\nWhat changes\n{}", changes::told(&chains, CHAINS, &for_more)));
    }

    if args.preview {
        drop(spinner);
        diagnostics::print_to_stderr(&warnings);
        return print(&format!("{text}\nThis is a preview: nothing was written.\n"));
    }
    spinner.say("writing");
    let folder = outcome_folder::round_folder(dir, round);
    // Whoever publishes the round gives the folder its name; whoever comes second leaves none.
    let unpublished = folder.with_extension(format!("unpublished-{}", process::id()));
    let published = publish(&mut record, &act, &unpublished, &preparation, &outcome, |hash| Step::Publish {
        round,
        deadline,
        offers,
        moves,
        outcome: Some(hash),
    });
    if let Err(failure) = published {
        // What keeps it from being taken away is of less interest than the failure.
        let _ = fs::remove_dir_all(&unpublished);
        return Err(failure);
    }
    if folder.exists() { fs::remove_dir_all(&folder) } else { Ok(()) }
        .and_then(|()| fs::rename(&unpublished, &folder))
        .map_err(|source| Failure::system(format!("the round is published, but cannot name {}", folder.display()), source))?;
    drop(spinner);
    diagnostics::print_to_stderr(&warnings);
    text.push_str(&format!("Published. The lists and the evidence of the round are in {}.\n", folder.display()));
    if let Some(paper) = paper {
        text.push_str(&format!("\n{}", summary(&outcome, &Overview::new(&preparation, &outcome, &paper))));
    }
    print(&text)
}

/// Writes the lists of a round, and records it.
fn publish(
    record: &mut Record,
    act: &Act,
    folder: &std::path::Path,
    preparation: &Preparation<'_>,
    outcome: &Outcome,
    step: impl FnOnce(String) -> Step,
) -> Result<(), Failure> {
    outcome_folder::write(folder, preparation, outcome)?;
    let file = folder.join(outcome_folder::OUTCOME_FILE);
    let bytes = fs::read(&file).map_err(|source| Failure::system(format!("cannot read {}", file.display()), source))?;
    record.take(act, vec![step(subject::hash(&bytes))])
}

/// Returns what people are moved for, if they are.
fn rule(args: &PublishArgs) -> Option<MoveRule> {
    let lottery = args.upgrade.map(|upgrade| match upgrade {
        UpgradeArg::Same => LotteryOrder::Same,
        UpgradeArg::Reversed => LotteryOrder::Reversed,
    });
    match (lottery, args.max_moves) {
        (Some(lottery), _) => Some(MoveRule::Upgrade { lottery }),
        (None, 0) => None,
        (None, most) => Some(MoveRule::FewestMoves { max_moves: Some(most) }),
    }
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

/// Sets the upgrade beside the other lottery's, and beside a round in which nobody moves.
fn compared(season: &Season, state: &State, seed: &str, outcome: &Outcome, rule: Option<MoveRule>) -> Result<Table, Failure> {
    let same = Some(MoveRule::Upgrade { lottery: LotteryOrder::Same });
    let reversed = Some(MoveRule::Upgrade { lottery: LotteryOrder::Reversed });
    let mut rows = Vec::new();
    for (name, other) in [("nobody moves", None), ("same lottery", same), ("reversed lottery", reversed)] {
        let (offers, moves) =
            if other == rule { round_season::given(outcome, state) } else { given_by(season, state, seed, other)? };
        let gained = moves.iter().filter_map(|m| Some(i64::from(state.place_of(&m.applicant)?.rank?) - i64::from(m.rank)));
        let firsts = offers.iter().filter(|offer| offer.rank == Some(1)).count() as i64;
        let free = i64::from(state.free()) - offers.len() as i64;
        rows.push(vec![
            Value::Text(if other == rule { format!("{name} (this)") } else { name.to_owned() }),
            Value::Count(offers.len() as i64),
            Value::Count(firsts),
            Value::Count(moves.len() as i64),
            Value::Count(gained.sum()),
            Value::Count(free),
        ]);
    }
    Ok(Table {
        name: "upgrades",
        title: "Moving up, compared".to_owned(),
        columns: vec![
            ("round", "Round"),
            ("offers", "Offers"),
            ("first_wishes", "First wishes"),
            ("moved_up", "Moved up"),
            ("ranks_gained", "Ranks gained"),
            ("free", "Left free"),
        ],
        rows,
    })
}

/// Returns what a round with another rule would give.
fn given_by(season: &Season, state: &State, seed: &str, rule: Option<MoveRule>) -> Result<(Vec<Offer>, Vec<Move>), Failure> {
    let (next, rematch): (Season, Option<Rematch>) = round_season::next_round(season, state, rule)?;
    let options = RunOptions { rematch, ..RunOptions::of(&next) };
    let outcome = run(&Preparation::new(&next), &Ranking::draw(&next, seed), &options, &mut |_| {});
    Ok(round_season::given(&outcome.map_err(|error| failed(&error))?, state))
}

fn failed(error: &RunError) -> Failure {
    let help = match error {
        RunError::Moves { .. } => "leave out --max-moves, or let season.toml name `priority`",
        RunError::BalanceOfMoves => "leave out --max-moves and --upgrade, or leave [balance] out of season.toml",
        _ => "use lower rank costs, or fewer wishes for whole classes of jobs",
    };
    Failure::Infeasible { message: error.to_string(), help: help.to_owned() }
}

/// Says what the round does.
fn told(offers: &[Offer], moves: &[Move], state: &State, outcome: &Outcome, round: u32) -> String {
    let held: u32 = state.jobs().map(|(_, _, held)| held).sum();
    let of_holders = match outcome.rematch.as_ref().map(|rematch| rematch.rule) {
        None => "nobody who holds one is moved".to_owned(),
        Some(MoveRule::FewestMoves { .. }) if moves.is_empty() => {
            "nobody who holds one is moved, since that would make no room".to_owned()
        }
        Some(MoveRule::FewestMoves { .. }) => {
            format!("{} who hold one are moved, and no fewer would do", grouped(moves.len() as i64))
        }
        Some(MoveRule::Upgrade { lottery }) => {
            format!("{} who hold one move up by the {lottery} lottery", grouped(moves.len() as i64))
        }
    };
    format!(
        "Round {round}: {} for {}; {} are held and {of_holders}.\n",
        counted(offers.len(), "offer"),
        counted(state.free() as usize, "free place"),
        counted(held as usize, "place"),
    )
}

fn answers_until(deadline: Date, day: Date) -> String {
    let days = calendar::working_days_between(day, deadline);
    format!("Answers until {deadline} ({}), {}.\n", deadline.strftime("%A"), counted(days as usize, "working day"))
}
