//! `feriematch classes`: classes by what earlier seasons kept.

use std::fs;

use feriematch_ingest::Persons;
use feriematch_model::{Applicant, ApplicantIx, Season};
use feriematch_privacy::{Had, History, SecretKey};
use feriematch_report::export::MASKED;
use feriematch_report::{Table, Value};

use crate::cli::privacy::ClassesArgs;
use crate::commands::{counted, print_table};
use crate::exit_code::Failure;
use crate::{diagnostics, key_file, season};

/// How many problems of a history are told.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ClassesArgs) -> Result<(), Failure> {
    let key = key_file::read(&args.key)?;
    let history = read_histories(args, &key)?;
    let (loaded, persons) = season::load_persons(&args.season)?;
    let season = &loaded.season;
    let proposer = Proposer { season, persons: &persons, history: &history, key: &key, codes: Codes::of(args, season)? };
    diagnostics::print_to_stderr(&loaded.warnings);
    let proposals: Vec<Proposal> =
        (0..).zip(season.applicants()).map(|(row, a)| proposer.propose(ApplicantIx::new(row), a)).collect();
    let differing = proposals.iter().filter(|proposal| proposal.differs()).count();
    let rows = proposals.iter().zip(season.applicants()).map(|(proposal, applicant)| row(proposal, applicant)).collect();
    print_table(
        &Table {
            name: "classes",
            title: "Classes proposed from earlier seasons".to_owned(),
            columns: vec![
                ("applicant_id", "Applicant"),
                ("stated", "Stated"),
                ("proposed", "Proposed"),
                ("why", "Why"),
                ("differs", "Differs"),
            ],
            rows,
        },
        args.format,
    )?;
    anstream::eprintln!(
        "{} of {} would get another class than is stated. Nothing was changed: review the table, then change the applicants' file.",
        counted(differing, "applicant"),
        season.applicants().len()
    );
    Ok(())
}

/// Reads the histories, or says everything that is wrong with any of them.
fn read_histories(args: &ClassesArgs, key: &SecretKey) -> Result<History, Failure> {
    let mut history = History::default();
    let mut problems = Vec::new();
    for file in &args.history {
        let text = fs::read_to_string(file).map_err(|e| Failure::system(format!("cannot read {}", file.display()), e))?;
        if let Err(errors) = history.read(&text, key) {
            problems.extend(errors.iter().map(|error| format!("{}:{}: {}", file.display(), error.line, error.problem)));
        }
    }
    if problems.is_empty() {
        return Ok(history);
    }
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Err(Failure::File {
        message: format!("the history cannot be used:\n  {}", problems.join("\n  ")),
        help: "give each history.csv once, as `feriematch retire` wrote it, and the key that it was made with".to_owned(),
    })
}

/// The classes that tell of earlier seasons.
struct Codes<'a> {
    applied_before: &'a str,
    first_time: &'a str,
    had_a_job: &'a str,
}

impl<'a> Codes<'a> {
    /// Takes the codes that the arguments name, which must be three of the season's.
    fn of(args: &'a ClassesArgs, season: &Season) -> Result<Self, Failure> {
        let Self { applied_before, first_time, had_a_job } =
            Self { applied_before: &args.applied_before, first_time: &args.first_time, had_a_job: &args.had_a_job };
        let classes = &season.settings().classes;
        for code in [applied_before, first_time, had_a_job] {
            if !classes.iter().any(|class| &*class.code == code) {
                let known: Vec<String> = classes.iter().map(|class| format!("`{}` ({})", class.code, class.name)).collect();
                return Err(Failure::Usage {
                    message: format!("the season has no class `{code}`"),
                    help: format!("its classes are {}", known.join(", ")),
                });
            }
        }
        if applied_before == first_time || first_time == had_a_job || applied_before == had_a_job {
            return Err(Failure::Usage {
                message: "two of the three classes are the same".to_owned(),
                help: "name three classes of season.toml".to_owned(),
            });
        }
        Ok(Self { applied_before, first_time, had_a_job })
    }

    fn contain(&self, code: &str) -> bool {
        [self.applied_before, self.first_time, self.had_a_job].contains(&code)
    }
}

/// What proposes classes.
struct Proposer<'a> {
    season: &'a Season,
    persons: &'a Persons,
    history: &'a History,
    key: &'a SecretKey,
    codes: Codes<'a>,
}

/// The class that an applicant has, and the one that earlier seasons speak for.
struct Proposal {
    stated: String,
    proposed: String,
    why: String,
}

impl Proposal {
    fn differs(&self) -> bool {
        self.stated != self.proposed
    }
}

impl Proposer<'_> {
    fn propose(&self, index: ApplicantIx, applicant: &Applicant) -> Proposal {
        let stated = self.season.settings().classes[applicant.class.get()].code.to_string();
        let keep = |why: &str| Proposal { stated: stated.clone(), proposed: stated.clone(), why: why.to_owned() };
        if !self.codes.contain(&stated) {
            return keep("set by hand");
        }
        let Some(number) = self.persons.number(index) else { return keep("not known: no personal id is stated") };
        // A season that is retired may be looked at again: it is no earlier one.
        let year = self.season.settings().year;
        let earlier: Vec<(i16, Had)> =
            self.history.of(&self.key.person(&number.digits())).filter(|(then, _)| *then < year).collect();
        let years = |had: Option<Had>| {
            let of = earlier.iter().filter(|(_, then)| had.is_none_or(|had| had == *then));
            of.map(|(year, _)| year.to_string()).collect::<Vec<_>>().join(", ")
        };
        let (proposed, why) = if earlier.is_empty() {
            (self.codes.first_time, "in no earlier history".to_owned())
        } else if earlier.iter().any(|(_, had)| *had == Had::Job) {
            (self.codes.had_a_job, format!("had a job in {}", years(Some(Had::Job))))
        } else {
            (self.codes.applied_before, format!("applied in {}, and had no job", years(None)))
        };
        Proposal { stated, proposed: proposed.to_owned(), why }
    }
}

fn row(proposal: &Proposal, applicant: &Applicant) -> Vec<Value> {
    let id = Value::from(&*applicant.id);
    if applicant.protected {
        return std::iter::once(id).chain((0..4).map(|_| Value::from(MASKED))).collect();
    }
    let differs = if proposal.differs() { "yes" } else { "no" };
    vec![id, Value::from(&*proposal.stated), Value::from(&*proposal.proposed), Value::from(&*proposal.why), Value::from(differs)]
}
