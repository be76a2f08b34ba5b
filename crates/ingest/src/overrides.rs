//! Reading the overrides, and checking them against each other.

use std::collections::BTreeMap;

use feriematch_model::{Applicant, ApplicantIx, Job, JobIx, Override, OverrideKind, StreamIx};

use crate::diagnostic::Position;
use crate::names::Names;
use crate::quote::quote;
use crate::rows::Rows;
use crate::suggest::{Suggester, did_you_mean};
use crate::table::{Column, ColumnMap, Content, Row, Table, TableKind};
use crate::values::{Unreadable, meaning};
use crate::{Code, Diagnostic};

/// Every column of the table.
pub(crate) const COLUMNS: &[&str] = &["kind", "applicant_id", "job_id", "reason", "by", "stream"];

/// The columns that a table without them is not read without.
const REQUIRED: &[&str] = &["kind", "applicant_id", "job_id", "reason", "by"];

/// Reads the table; `None` if it has no header. It may have no rows.
pub(crate) fn read(
    content: &Content,
    map: &ColumnMap,
    streams: &Names<StreamIx>,
    applicants: Option<&Rows<Applicant>>,
    jobs: Option<&Rows<Job>>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Rows<Override>> {
    let table = Table::open(content, TableKind::Overrides, map, REQUIRED, problems)?;
    let column = |name| table.column(name);
    let reader = Reader {
        kind: column("kind"),
        applicant: Reference {
            column: column("applicant_id"),
            what: "applicant",
            unknown: Code::UnknownApplicant,
            known: applicants.map_or_else(Vec::new, |rows| rows.items.iter().map(|applicant| &*applicant.id).collect()),
            is_complete: applicants.is_some_and(|rows| !rows.is_incomplete),
            suggester: Suggester::default(),
        },
        job: Reference {
            column: column("job_id"),
            what: "job",
            unknown: Code::UnknownJob,
            known: jobs.map_or_else(Vec::new, |rows| rows.items.iter().map(|job| &*job.id).collect()),
            is_complete: jobs.is_some_and(|rows| !rows.is_incomplete),
            suggester: Suggester::default(),
        },
        reason: column("reason"),
        by: column("by"),
        stream: column("stream"),
        streams,
    };
    let mut rows = Rows::new(&table);
    let mut read: Vec<(Override, Position)> = Vec::new();
    for mut part in table.parts() {
        while let Some(row) = part.next_row(&mut rows.is_incomplete, problems) {
            match reader.read(row, problems) {
                Some(placed) => read.push(placed),
                None => rows.placeholders += 1,
            }
        }
    }
    read.sort_by_key(|(decision, position)| (decision.applicant, decision.job, *position));
    for (decision, position) in read {
        rows.push(decision, position);
    }
    check_pairs(&rows, problems);
    if let Some(jobs) = jobs {
        check_locks(&rows, jobs, problems);
    }
    Some(rows)
}

struct Reader<'r> {
    kind: Column,
    applicant: Reference<'r>,
    job: Reference<'r>,
    reason: Column,
    by: Column,
    stream: Column,
    streams: &'r Names<StreamIx>,
}

impl Reader<'_> {
    fn read(&self, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Option<(Override, Position)> {
        let kind = row.required(self.kind, problems).and_then(|_| row.parse(self.kind, problems, kind_of));
        let applicant = self.applicant.find(row, problems).map(ApplicantIx::new);
        let job = self.job.find(row, problems).map(JobIx::new);
        let reason = row.required(self.reason, problems).map(|cell| Box::from(cell.text.as_ref()));
        let by = row.required(self.by, problems).map(|cell| Box::from(cell.text.as_ref()));
        let stream = self.payer(row, kind, problems);
        let position = row.position(row.value(self.applicant.column)?);
        let decision = Override { kind: kind?, applicant: applicant?, job: job?, stream, reason: reason?, by: by? };
        Some((decision, position))
    }

    /// Reads the stream that pays for a lock, if it is stated; reports one of a pair that is forbidden.
    fn payer(&self, row: &Row<'_>, kind: Option<OverrideKind>, problems: &mut Vec<Diagnostic>) -> Option<StreamIx> {
        let cell = row.value(self.stream)?;
        if kind == Some(OverrideKind::Forbid) {
            let message = format!("the pair is forbidden, and {} is to pay for it", quote(&cell.text));
            let help = format!("leave {} empty, or write `lock` if the pair gets a place", quote(self.stream.name));
            problems.push(Diagnostic::new(Code::StreamOfForbidden, row.span(cell), message).with_help(help));
            return None;
        }
        self.streams.resolve(&cell.text, || row.span(cell), problems)
    }
}

fn kind_of(text: &str) -> Result<OverrideKind, Unreadable> {
    let kinds: [(&[&str], OverrideKind); 2] = [(&["lock"], OverrideKind::Lock), (&["forbid"], OverrideKind::Forbid)];
    meaning(text, &kinds).ok_or_else(|| Unreadable {
        code: Code::UnknownOverrideKind,
        what: "is not a kind of override".to_owned(),
        help: Some("write `lock` or `forbid`".to_owned()),
    })
}

/// A column that refers to the rows of another table, which are sorted.
pub(crate) struct Reference<'r> {
    pub(crate) column: Column,
    pub(crate) what: &'static str,
    pub(crate) unknown: Code,
    pub(crate) known: Vec<&'r str>,
    pub(crate) is_complete: bool,
    pub(crate) suggester: Suggester,
}

impl Reference<'_> {
    pub(crate) fn find(&self, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Option<usize> {
        let cell = row.required(self.column, problems)?;
        let found = self.known.binary_search(&cell.text.as_ref()).ok();
        if found.is_none() && self.is_complete {
            let message = format!("unknown {} {}", self.what, quote(&cell.text));
            let help = did_you_mean(self.suggester.nearest(&cell.text, self.known.iter().copied()).as_deref());
            problems.push(Diagnostic::new(self.unknown, row.span(cell), message).with_help(help));
        }
        found
    }
}

/// Reports pairs that are decided twice, and applicants who are locked to two jobs.
fn check_pairs(rows: &Rows<Override>, problems: &mut Vec<Diagnostic>) {
    let mut locked: Option<(ApplicantIx, usize)> = None;
    for (at, decision) in rows.items.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &rows.items[before]);
        let mut report = |code, message: &str, other: usize| {
            let help = format!("the other decision is at {}", rows.span(other));
            problems.push(Diagnostic::new(code, rows.span(at), message).with_help(help));
        };
        match before.filter(|before| (before.applicant, before.job) == (decision.applicant, decision.job)) {
            Some(before) if before.kind == decision.kind => {
                report(Code::PairTwice, "the pair has been decided already", at - 1);
            }
            Some(_) => report(Code::LockAndForbid, "the pair is both locked and forbidden", at - 1),
            None if decision.kind == OverrideKind::Lock => {
                if let Some((_, other)) = locked.filter(|(applicant, _)| *applicant == decision.applicant) {
                    report(Code::LockedTwice, "the applicant is locked to another job too", other);
                }
            }
            None => {}
        }
        if decision.kind == OverrideKind::Lock {
            locked = Some((decision.applicant, at));
        }
    }
}

/// Reports jobs with more locks than places, at the first lock in the file that goes beyond.
fn check_locks(rows: &Rows<Override>, jobs: &Rows<Job>, problems: &mut Vec<Diagnostic>) {
    let mut locks: BTreeMap<JobIx, Vec<usize>> = BTreeMap::new();
    for (at, decision) in rows.items.iter().enumerate().filter(|(_, decision)| decision.kind == OverrideKind::Lock) {
        locks.entry(decision.job).or_default().push(at);
    }
    for (job, mut locked) in locks {
        let job = jobs.get(job.get());
        locked.sort_by_key(|&at| rows.positions[at]);
        if let Some(&beyond) = locked.get(job.capacity as usize) {
            let message = format!("{} locks on job {}, and its capacity is {}", locked.len(), quote(&job.id), job.capacity);
            problems.push(Diagnostic::new(Code::LocksOverCapacity, rows.span(beyond), message));
        }
    }
}
