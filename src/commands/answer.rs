//! `feriematch answer`: what those who got an offer say.

use std::path::Path;

use feriematch_ingest::{AnswerKind, Answers, Code, Diagnostic, nearest, read_answers};
use feriematch_rounds::{Refusal, State, Step};

use crate::cli::SeasonArgs;
use crate::cli::rounds::{Answer, AnswerArgs};
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};
use crate::{diagnostics, season};

/// For how many answers that cannot be recorded the id is sought that was meant; each is compared with all others.
const SUGGESTIONS: usize = 20;

pub(crate) fn run(args: &AnswerArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    match (&args.file, &args.applicant, args.answer) {
        (Some(file), ..) => answers_of(file, args, &act),
        (None, Some(applicant), Some(answer)) => answer_of(applicant, answer, args, &act),
        _ => Err(Failure::Usage {
            message: "there is no answer".to_owned(),
            help: "say who answers what, or give --file".to_owned(),
        }),
    }
}

/// Records one answer.
fn answer_of(applicant: &str, answer: Answer, args: &AnswerArgs, act: &Act) -> Result<(), Failure> {
    let step = step(applicant.to_owned(), answer, args.because.clone());
    if !args.because.is_empty() && matches!(step, Step::Accept { .. }) {
        return Err(Failure::Usage {
            message: "who accepts a place needs no reason, and it would not be recorded".to_owned(),
            help: "leave out --because; --reason says why something is done, for the record".to_owned(),
        });
    }
    let mut record = Record::open(&args.ledger)?;
    if is_unheard_of(&step, record.state()) {
        season::applicant(&season::load(&season_of(args))?.season, applicant)?;
    }
    record.decide(act, |state| {
        state.take(act.day, step.clone()).map_err(|refusal| refused(&refusal, state))?;
        Ok(vec![step])
    })?;
    let place = record.state().place_of(applicant);
    print(&match place {
        Some(place) => format!("{applicant}: {} the place of {}.\n", place.holding, place.job),
        None => format!("{applicant} has left the season. {} places are free.\n", record.state().free()),
    })
}

/// Records the answers of a file.
fn answers_of(file: &Path, args: &AnswerArgs, act: &Act) -> Result<(), Failure> {
    let mut answers = read_answers(file, &args.ledger.dir, season::options(args.encoding)).map_err(season::unreadable)?;
    let rows = std::mem::take(&mut answers.rows);
    let steps: Vec<Step> = rows.into_iter().map(|row| step(row.applicant.into(), said(row.kind), row.because.into())).collect();
    let mut record = Record::open(&args.ledger)?;
    refuse_unheard_of(&steps, &answers, record.state(), args)?;
    let count = steps.len();
    record.decide(act, |state| take_all(state, act, steps, &answers))?;
    diagnostics::print_to_stderr(&answers.warnings);
    print(&format!("Recorded {}.\n", counted(count, "answer")))
}

fn said(kind: AnswerKind) -> Answer {
    match kind {
        AnswerKind::Accept => Answer::Accept,
        AnswerKind::AcceptOrBetter => Answer::AcceptOrBetter,
        AnswerKind::Decline => Answer::Decline,
        AnswerKind::Withdraw => Answer::Withdraw,
    }
}

fn step(applicant: String, answer: Answer, because: String) -> Step {
    match answer {
        Answer::Accept => Step::Accept { applicant, or_better: false },
        Answer::AcceptOrBetter => Step::Accept { applicant, or_better: true },
        Answer::Decline => Step::Decline { applicant, because },
        Answer::Withdraw => Step::Withdraw { applicant, because },
    }
}

fn season_of(args: &AnswerArgs) -> SeasonArgs {
    SeasonArgs { dir: args.ledger.dir.clone(), encoding: args.encoding }
}

/// Returns whether somebody withdraws who is not in the record: whether there is such an applicant, only the files know.
fn is_unheard_of(step: &Step, state: &State) -> bool {
    matches!(step, Step::Withdraw { applicant, .. } if state.life(applicant).is_none())
}

/// Refuses rows in which somebody withdraws who is not in the files.
fn refuse_unheard_of(steps: &[Step], answers: &Answers, state: &State, args: &AnswerArgs) -> Result<(), Failure> {
    let unheard_of: Vec<_> = steps.iter().enumerate().filter(|(_, step)| is_unheard_of(step, state)).collect();
    if unheard_of.is_empty() {
        return Ok(());
    }
    let loaded = season::load(&season_of(args))?;
    let mut problems = Vec::new();
    for (row, step) in unheard_of {
        let Step::Withdraw { applicant, .. } = step else { continue };
        if loaded.season.find_applicant(applicant).is_none() {
            let may_ask = problems.len() < SUGGESTIONS;
            let meant = may_ask.then(|| season::meant_applicant(&loaded.season, applicant)).flatten().map(season::did_you_mean);
            let message = format!("unknown applicant `{applicant}`");
            problems.push(Diagnostic::new(Code::UnknownApplicant, answers.span(row), message).with_help(meant));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Input(problems)) }
}

/// Takes all answers of a file, or says of each that cannot be why.
fn take_all(state: &mut State, act: &Act, steps: Vec<Step>, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut problems = Vec::new();
    for (row, step) in steps.iter().enumerate() {
        if let Err(refusal) = state.take(act.day, step.clone()) {
            let meant = if problems.len() < SUGGESTIONS { suggestion(&refusal, state) } else { None };
            let meant = meant.map(|meant| format!("; {meant}")).unwrap_or_default();
            problems.push(format!("{}: {refusal}{meant}", answers.span(row)));
        }
    }
    if problems.is_empty() {
        return Ok(steps);
    }
    Err(Failure::Conflict {
        message: format!("{} cannot be recorded:\n  {}", counted(problems.len(), "answer"), problems.join("\n  ")),
        help: "nothing was recorded; mend or take away these rows".to_owned(),
    })
}

/// Says why an answer cannot be recorded, and who may have been meant.
fn refused(refusal: &Refusal, state: &State) -> Failure {
    match (record::refused(refusal), suggestion(refusal, state)) {
        (Failure::Conflict { message, .. }, Some(meant)) => {
            Failure::Conflict { message, help: format!("{meant} Nothing was recorded.") }
        }
        (failure, _) => failure,
    }
}

/// Returns the question whether somebody with an open offer was meant.
fn suggestion(refusal: &Refusal, state: &State) -> Option<String> {
    let Refusal::NoOffer { applicant } = refusal else { return None };
    let is_open = |life: &feriematch_rounds::Life| life.place.is_some();
    nearest(applicant, state.lives().filter(|(_, life)| is_open(life)).map(|(id, _)| id)).map(season::did_you_mean)
}
