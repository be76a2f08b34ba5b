//! `feriematch hours`: what was worked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use feriematch_ingest::{Loaded, TimeReports, read_time_reports};
use feriematch_model::{ApplicantIx, JobIx, Season};
use feriematch_payroll::{Checked, Contract, Exception, Reported, check, hours};
use feriematch_report::{Table, Value, grouped};
use feriematch_rounds::{State, Step};
use serde_json::{Map, json};

use crate::cli::pay::{HoursArgs, HoursTable};
use crate::cli::{SeasonArgs, TableFormat};
use crate::commands::{counted, print_table};
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Act, Record};
use crate::{diagnostics, season};

pub(crate) fn run(args: &HoursArgs) -> Result<(), Failure> {
    let spinner = Spinner::start("reading");
    let act = args.approve.then(|| Act::new(&args.act)).transpose()?;
    let mut record = Record::open_in(&args.season.dir, &args.at)?;
    let loaded = season::load(&args.season)?;
    let reports = read(&args.file, &args.season, &loaded)?;
    let season = &loaded.season;
    spinner.say("checking");
    let mut checked = check(season, &contracts(season, record.state())?, &reports.shifts);
    let approval = match &act {
        None => None,
        Some(act) => {
            let mut approval = Approval::default();
            record.decide(act, |state| {
                // Somebody may have signed or approved something since.
                checked = check(season, &contracts(season, state)?, &reports.shifts);
                approval = Approval::new(season, &checked, args)?;
                for step in &approval.steps {
                    state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
                }
                Ok(approval.steps.clone())
            })?;
            Some(approval)
        }
    };
    drop(spinner);
    diagnostics::print_to_stderr(&reports.warnings);
    show(args, season, &checked, &reports, approval.as_ref())?;
    // Whoever names people has settled what was asked of them.
    let is_settled = checked.exceptions.is_empty() || !args.applicants.is_empty();
    if is_settled { Ok(()) } else { Err(Failure::Refuted) }
}

/// Reads time reports of a season.
pub(crate) fn read(file: &Path, args: &SeasonArgs, loaded: &Loaded) -> Result<TimeReports, Failure> {
    read_time_reports(file, &loaded.season, &loaded.columns, season::options(args.encoding)).map_err(season::unreadable)
}

/// Returns every contract that was signed, in order.
pub(crate) fn contracts(season: &Season, state: &State) -> Result<Vec<Contract>, Failure> {
    let mut contracts = Vec::new();
    let mut missing = Vec::new();
    for (id, contract) in state.lives().flat_map(|(id, life)| life.contracts.iter().map(move |contract| (id, contract))) {
        match season.find_applicant(id).zip(season.find_job(&contract.job)) {
            Some((applicant, job)) => contracts.push(Contract { applicant, job, worked: contract.worked }),
            None => missing.push(format!("{id} with a contract for {}", contract.job)),
        }
    }
    if missing.is_empty() {
        return Ok(contracts);
    }
    Err(Failure::File {
        message: format!("the files no longer have what the ledger knows:\n  {}", missing.join("\n  ")),
        help: "put it back: what is in the record stays in the season".to_owned(),
    })
}

/// What is approved.
#[derive(Default)]
struct Approval {
    steps: Vec<Step>,
    /// Whose hours are approved in spite of exceptions.
    in_spite: BTreeSet<ApplicantIx>,
    /// How many are left, since they have exceptions.
    left: usize,
    /// How many reports say what was approved before.
    before: usize,
}

impl Approval {
    fn new(season: &Season, checked: &Checked, args: &HoursArgs) -> Result<Self, Failure> {
        let mut of_applicant: BTreeMap<ApplicantIx, Vec<&Exception>> = BTreeMap::new();
        for exception in &checked.exceptions {
            of_applicant.entry(exception.applicant).or_default().push(exception);
        }
        let chosen = chosen(season, checked, &of_applicant, args)?;
        let left = if chosen.is_some() { 0 } else { of_applicant.len() };
        let mut approval = Self { left, ..Self::default() };
        for reported in &checked.reported {
            let has_exceptions = of_applicant.contains_key(&reported.applicant);
            let is_wanted = match &chosen {
                Some(chosen) => chosen.contains(&reported.applicant),
                None => !has_exceptions,
            };
            let Some(job) = reported.job.filter(|_| is_wanted) else { continue };
            if has_exceptions {
                approval.in_spite.insert(reported.applicant);
            }
            if reported.approved == Some(reported.minutes) {
                approval.before += 1;
                continue;
            }
            approval.steps.push(Step::Work {
                applicant: season.applicant(reported.applicant).id.to_string(),
                job: season.job(job).id.to_string(),
                minutes: reported.minutes,
            });
        }
        Ok(approval)
    }

    fn told(&self) -> String {
        let mut text = format!("Approved the hours of {}", counted(self.steps.len(), "contract"));
        if !self.in_spite.is_empty() {
            text.push_str(&format!(", {} of them in spite of exceptions", self.in_spite.len()));
        }
        text.push_str(".\n");
        if self.left > 0 {
            text.push_str(&format!(
                "{} with exceptions: nothing was recorded for them. Look into it, then approve them by name.\n",
                counted(self.left, "applicant")
            ));
        }
        if self.before > 0 {
            text.push_str(&format!("{} had been approved before, with the same hours.\n", self.before));
        }
        text
    }
}

/// Returns those who were asked for by name, if any were; says of those whose hours cannot be approved why.
fn chosen(
    season: &Season,
    checked: &Checked,
    exceptions: &BTreeMap<ApplicantIx, Vec<&Exception>>,
    args: &HoursArgs,
) -> Result<Option<BTreeSet<ApplicantIx>>, Failure> {
    if args.applicants.is_empty() {
        return Ok(None);
    }
    let mut chosen = BTreeSet::new();
    let mut problems = Vec::new();
    for id in args.applicants.iter().collect::<BTreeSet<_>>() {
        let Some(applicant) = season.find_applicant(id) else {
            let hint = season::meant_applicant(season, id).map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
            problems.push(format!("{id} is no applicant{hint}"));
            continue;
        };
        let of_applicant = exceptions.get(&applicant).map_or(&[][..], Vec::as_slice);
        if !checked.reported.iter().any(|reported| reported.applicant == applicant) {
            problems.push(format!("{id} has no shift in the reports"));
        } else if let Some(doubtful) = of_applicant.iter().find(|exception| !exception.kind.can_be_approved()) {
            problems.push(format!("{id}, {}: {}: nobody can say what is to be paid", doubtful.when, doubtful.kind.code()));
        } else if !of_applicant.is_empty() && args.act.reason.is_empty() {
            problems
                .push(format!("{id} has {}: say with --reason why they are approved", counted(of_applicant.len(), "exception")));
        } else {
            chosen.insert(applicant);
        }
    }
    if problems.is_empty() {
        return Ok(Some(chosen));
    }
    Err(Failure::Conflict {
        message: format!("not everybody's hours can be approved:\n  {}", problems.join("\n  ")),
        help: "nothing was recorded; `feriematch hours` without --approve shows the exceptions".to_owned(),
    })
}

fn show(
    args: &HoursArgs,
    season: &Season,
    checked: &Checked,
    reports: &TimeReports,
    approval: Option<&Approval>,
) -> Result<(), Failure> {
    let exceptions = || exceptions(season, &checked.exceptions, reports);
    let people = || people(season, checked, approval.is_some());
    let told = approval.map_or_else(String::new, Approval::told);
    match (args.format, args.table) {
        (TableFormat::Text, None) => {
            let summary = summary(checked);
            let mut text = String::new();
            if !checked.exceptions.is_empty() {
                text.push_str(&format!("{}\n", exceptions().to_text()));
            }
            print(&format!("{text}{}\n{summary}{told}", people().to_text()))
        }
        (TableFormat::Json, None) => {
            let mut report = json!({ "exceptions": exceptions().to_json(), "people": people().to_json() });
            if let Some(approval) = approval {
                report["approved"] = approval.steps.iter().map(approved).collect();
                report["approved_before"] = json!(approval.before);
            }
            print(&format!("{report:#}\n"))
        }
        (format, Some(HoursTable::Exceptions)) => print_table(&exceptions(), format),
        (format, _) => print_table(&people(), format),
    }
}

fn approved(step: &Step) -> serde_json::Value {
    let Step::Work { applicant, job, minutes } = step else { return serde_json::Value::Null };
    let pairs = [("applicant_id", json!(applicant)), ("job_id", json!(job)), ("minutes", json!(minutes))];
    serde_json::Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn summary(checked: &Checked) -> String {
    let with: BTreeSet<ApplicantIx> = checked.exceptions.iter().map(|exception| exception.applicant).collect();
    let people: BTreeSet<ApplicantIx> = checked.reported.iter().map(|reported| reported.applicant).collect();
    let minutes: u64 = checked.reported.iter().map(|reported| u64::from(reported.minutes)).sum();
    format!(
        "{} reported {} h {:02} min; {}.\n",
        counted(people.len(), "applicant"),
        grouped((minutes / 60) as i64),
        minutes % 60,
        if with.is_empty() {
            "no exceptions".to_owned()
        } else {
            format!("{} of {}", counted(checked.exceptions.len(), "exception"), counted(with.len(), "applicant"))
        },
    )
}

fn job_id(season: &Season, job: Option<JobIx>) -> Value {
    job.map_or(Value::Blank, |job| Value::Text(season.job(job).id.to_string()))
}

/// Returns the table of what must be looked at.
fn exceptions(season: &Season, exceptions: &[Exception], reports: &TimeReports) -> Table {
    let row = |exception: &Exception| {
        vec![
            Value::from(&*season.applicant(exception.applicant).id),
            job_id(season, exception.job),
            Value::Text(exception.when.to_string()),
            Value::from(exception.kind.against().name()),
            Value::from(exception.kind.code()),
            Value::Text(exception.kind.allowed()),
            Value::Text(exception.kind.reported()),
            exception.row.map_or(Value::Blank, |row| Value::Text(reports.span(row).to_string())),
        ]
    };
    Table {
        name: "exceptions",
        title: "Exceptions (hours and minutes; what goes against the report, the contract or the law)".to_owned(),
        columns: vec![
            ("applicant_id", "Applicant"),
            ("job_id", "Job"),
            ("when", "When"),
            ("against", "Against"),
            ("exception", "Exception"),
            ("allowed", "Allowed"),
            ("reported", "Reported"),
            ("where", "Where"),
        ],
        rows: exceptions.iter().map(row).collect(),
    }
}

/// Returns the table of what was reported.
fn people(season: &Season, checked: &Checked, was_approved: bool) -> Table {
    let mut exceptions: BTreeMap<ApplicantIx, u32> = BTreeMap::new();
    for exception in &checked.exceptions {
        *exceptions.entry(exception.applicant).or_default() += 1;
    }
    let minutes = |minutes: Option<u32>| minutes.map_or(Value::Blank, |minutes| Value::Text(hours(minutes)));
    let row = |reported: &Reported| {
        vec![
            Value::from(&*season.applicant(reported.applicant).id),
            job_id(season, reported.job),
            Value::from(reported.days),
            minutes(Some(reported.minutes)),
            minutes(reported.job.and_then(|job| season.job(job).paid_minutes)),
            minutes(reported.approved),
            Value::from(exceptions.get(&reported.applicant).copied().unwrap_or(0)),
        ]
    };
    Table {
        name: "people",
        title: "Reported (hours and minutes, breaks taken off)".to_owned(),
        columns: vec![
            ("applicant_id", "Applicant"),
            ("job_id", "Job"),
            ("days", "Days"),
            ("reported", "Reported"),
            ("agreed", "Agreed"),
            ("approved", if was_approved { "Approved before" } else { "Approved" }),
            ("exceptions", "Exceptions"),
        ],
        rows: checked.reported.iter().map(row).collect(),
    }
}
