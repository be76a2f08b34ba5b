//! `feriematch answer`: what those who got an offer say.

use std::path::Path;

use feriematch_rounds::{State, Step};

use crate::cli::rounds::{Answer, AnswerArgs};
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};

pub(crate) fn run(args: &AnswerArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open(&args.ledger)?;
    if let Some(file) = &args.file {
        let answers = read(file)?;
        let count = answers.len();
        record.decide(&act, |state| take_all(state, &act, answers, file))?;
        return print(&format!("Recorded {}.\n", counted(count, "answer")));
    }
    let (Some(applicant), Some(answer)) = (&args.applicant, args.answer) else {
        return Err(Failure::Usage {
            message: "there is no answer".to_owned(),
            help: "say who answers what, or give --file".to_owned(),
        });
    };
    let step = step(applicant.clone(), answer, args.because.clone());
    record.decide(&act, |state| {
        state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
        Ok(vec![step])
    })?;
    let place = record.state().place_of(applicant);
    print(&match place {
        Some(place) => format!("{applicant}: {} the place of {}.\n", place.holding, place.job),
        None => format!("{applicant} has left the season. {} places are free.\n", record.state().free()),
    })
}

fn step(applicant: String, answer: Answer, because: String) -> Step {
    match answer {
        Answer::Accept => Step::Accept { applicant, or_better: false },
        Answer::AcceptOrBetter => Step::Accept { applicant, or_better: true },
        Answer::Decline => Step::Decline { applicant, because },
        Answer::Withdraw => Step::Withdraw { applicant, because },
    }
}

/// Takes all answers of a file, or says of each that cannot be why.
fn take_all(state: &mut State, act: &Act, answers: Vec<(u64, Step)>, file: &Path) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::with_capacity(answers.len());
    let mut problems = Vec::new();
    for (line, step) in answers {
        match state.take(act.day, step.clone()) {
            Ok(()) => steps.push(step),
            Err(refusal) => problems.push(format!("{}:{line}: {refusal}", file.display())),
        }
    }
    if problems.is_empty() {
        return Ok(steps);
    }
    Err(Failure::Conflict {
        message: format!("{}:\n  {}", counted_refused(problems.len()), problems.join("\n  ")),
        help: "nothing was recorded; mend or take away these lines".to_owned(),
    })
}

fn counted_refused(count: usize) -> String {
    format!("{} cannot be recorded", counted(count, "answer"))
}

/// Reads the answers of a file, each with its line.
fn read(file: &Path) -> Result<Vec<(u64, Step)>, Failure> {
    let invalid = |problems: Vec<String>| Failure::File {
        message: format!("{}:\n  {}", file.display(), problems.join("\n  ")),
        help: "a file of answers has the columns applicant_id, answer and, if wanted, because; nothing was recorded".to_owned(),
    };
    let bytes = std::fs::read(file).map_err(|source| Failure::system(format!("cannot read {}", file.display()), source))?;
    let text = String::from_utf8(bytes).map_err(|_| invalid(vec!["it is not in UTF-8".to_owned()]))?;
    let text = text.trim_start_matches('\u{feff}');
    // Excel in Sweden separates by semicolons.
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| invalid(vec![error.to_string()]))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let known = ["applicant_id", "answer", "because"];
    let mut problems: Vec<String> = known[..2]
        .iter()
        .filter(|name| column(name).is_none())
        .map(|name| format!("line 1: there is no column {name}"))
        .collect();
    problems.extend(
        headers
            .iter()
            .filter(|header| !known.iter().any(|name| header.eq_ignore_ascii_case(name)))
            .map(|header| format!("line 1: the column {header:?} is not one of a file of answers")),
    );
    let (Some(who), Some(what)) = (column("applicant_id"), column("answer")) else { return Err(invalid(problems)) };
    let why = column("because");
    let mut answers = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                problems.push(error.to_string());
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line);
        let applicant = row.get(who).unwrap_or_default();
        let word = row.get(what).unwrap_or_default();
        let answer = match word.to_lowercase().as_str() {
            "accept" => Some(Answer::Accept),
            "accept-or-better" => Some(Answer::AcceptOrBetter),
            "decline" => Some(Answer::Decline),
            "withdraw" => Some(Answer::Withdraw),
            _ => None,
        };
        if applicant.is_empty() {
            problems.push(format!("line {line}: it names nobody"));
        }
        if row.len() > headers.len() {
            problems.push(format!("line {line}: it has {} values, and the header {}", row.len(), headers.len()));
        }
        match answer {
            Some(answer) => {
                let because = why.and_then(|why| row.get(why)).unwrap_or_default();
                answers.push((line, step(applicant.to_owned(), answer, because.to_owned())));
            }
            None => {
                problems.push(format!("line {line}: {word:?} is no answer; write accept, accept-or-better, decline or withdraw"))
            }
        }
    }
    if problems.is_empty() { Ok(answers) } else { Err(invalid(problems)) }
}
