//! Checking time reports against contracts and the rules for minors.

use std::collections::BTreeMap;

use feriematch_model::{ApplicantIx, JobIx, Season, Shift};

use crate::exception::{Exception, ExceptionKind, When};
use crate::working_time::{Day, days_of};
use crate::{minors, working_time};

/// A contract that an applicant signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// Who signed.
    pub applicant: ApplicantIx,
    /// For which job.
    pub job: JobIx,
    /// The minutes that were approved before, if some were.
    pub worked: Option<u32>,
}

/// What somebody reports to have worked under a contract, or without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Who.
    pub applicant: ApplicantIx,
    /// For which job there is a contract, if there is one.
    pub job: Option<JobIx>,
    /// On how many days.
    pub days: u32,
    /// How long, in minutes, breaks taken off.
    pub minutes: u32,
    /// What was approved before, in minutes.
    pub approved: Option<u32>,
}

/// What a check of time reports comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// What must be looked at, by applicant and time.
    pub exceptions: Vec<Exception>,
    /// What was reported, by applicant and job.
    pub reported: Vec<Reported>,
}

/// Checks shifts against the contracts and, on the days on which somebody is a minor, against the rules for minors. Nothing is
/// left out or mended: whatever does not fit is an exception, and the hours stay as they were reported.
///
/// A shift belongs to the contract of the job it names; if it names none, to the newest contract whose period holds its day; if there is
/// none, to the newest. `contracts` stand in the order in which they were signed.
///
/// # Complexity
///
/// O(n log n) for n shifts.
pub fn check(season: &Season, contracts: &[Contract], shifts: &[Shift]) -> Checked {
    let mut of_applicant: BTreeMap<ApplicantIx, Vec<Contract>> = BTreeMap::new();
    for contract in contracts {
        of_applicant.entry(contract.applicant).or_default().push(*contract);
    }
    let mut order: Vec<usize> = (0..shifts.len()).collect();
    // Two shifts that begin at once are put in order by what else they say, not by their rows.
    order.sort_by_key(|&row| {
        let shift = &shifts[row];
        (shift.applicant, shift.date, shift.start, shift.end, shift.break_minutes, row)
    });
    let mut checked = Checked::default();
    for rows in order.chunk_by(|&a, &b| shifts[a].applicant == shifts[b].applicant) {
        let applicant = shifts[rows[0]].applicant;
        let contracts = of_applicant.get(&applicant).map_or(&[][..], Vec::as_slice);
        Check { season, shifts, contracts, applicant }.all(rows, &mut checked);
    }
    checked
}

/// The check of one person's report.
struct Check<'c> {
    season: &'c Season,
    shifts: &'c [Shift],
    contracts: &'c [Contract],
    applicant: ApplicantIx,
}

impl Check<'_> {
    fn all(&self, rows: &[usize], checked: &mut Checked) {
        let mut exceptions = Vec::new();
        let mut of_contract: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for &row in rows {
            of_contract.entry(self.contract_of(&self.shifts[row])).or_default().push(row);
        }
        for (contract, rows) in of_contract {
            let contract = contract.map(|at| &self.contracts[at]);
            checked.reported.push(self.under(contract, &rows, &mut exceptions));
        }
        self.overlaps(rows, &mut exceptions);
        let days = days_of(self.shifts, rows);
        let person = self.season.applicant(self.applicant);
        let mut found = |when, row, kind| exceptions.push(self.exception(None, when, row, kind));
        minors::check(&self.season.settings().rule_pack, person.birth_date, &days, &mut found);
        exceptions.sort_by_key(|exception| (exception.when, exception.kind.code(), exception.row));
        // What the law says is on all of a person's work; it is shown with the job if there is but one.
        if let [only] = self.contracts {
            exceptions.iter_mut().filter(|e| e.kind != ExceptionKind::NoContract).for_each(|e| e.job = Some(only.job));
        }
        checked.exceptions.append(&mut exceptions);
    }

    fn contract_of(&self, shift: &Shift) -> Option<usize> {
        let period = |contract: &Contract| self.season.period_of(self.season.job(contract.job));
        if let Some(job) = shift.job {
            return self.contracts.iter().rposition(|contract| contract.job == job);
        }
        let holds_day = |contract: &Contract| (period(contract).first_day..=period(contract).last_day).contains(&shift.date);
        self.contracts.iter().rposition(holds_day).or(self.contracts.len().checked_sub(1))
    }

    /// Checks what was worked under one contract, or none.
    fn under(&self, contract: Option<&Contract>, rows: &[usize], exceptions: &mut Vec<Exception>) -> Reported {
        let days = days_of(self.shifts, rows);
        let minutes = rows.iter().map(|&row| self.shifts[row].minutes()).sum();
        let reported = Reported {
            applicant: self.applicant,
            job: contract.map(|contract| contract.job),
            days: days.len() as u32,
            minutes,
            approved: contract.and_then(|contract| contract.worked),
        };
        let Some(contract) = contract else {
            let none = |day: &Day| self.exception(None, When::Day(day.date), Some(day.row), ExceptionKind::NoContract);
            exceptions.extend(days.iter().map(none));
            return reported;
        };
        let job = self.season.job(contract.job);
        let period = self.season.period_of(job);
        let mut add = |when, row, kind| exceptions.push(self.exception(Some(contract.job), when, row, kind));
        for day in &days {
            if !(period.first_day..=period.last_day).contains(&day.date) {
                let kind = ExceptionKind::OutsidePeriod { first: period.first_day, last: period.last_day };
                add(When::Day(day.date), Some(day.row), kind);
            }
        }
        let more = |agreed: Option<u32>, reported: u32| {
            agreed.filter(|&agreed| reported > agreed).map(|agreed| ExceptionKind::MoreThanAgreed { agreed, reported })
        };
        for day in &days {
            if let Some(kind) = more(job.minutes_per_day, day.minutes) {
                add(When::Day(day.date), Some(day.row), kind);
            }
        }
        for week in working_time::weeks_of(&days) {
            if let Some(kind) = more(job.minutes_per_week, week.minutes()) {
                add(When::Week(week.monday), Some(week.first_row()), kind);
            }
        }
        if let Some(kind) = more(job.paid_minutes, minutes) {
            add(When::Contract, None, kind);
        }
        if let Some(approved) = contract.worked.filter(|&approved| approved != minutes) {
            add(When::Contract, None, ExceptionKind::ApprovedOtherwise { approved, reported: minutes });
        }
        reported
    }

    /// Finds shifts that overlap one that begins no later.
    fn overlaps(&self, rows: &[usize], exceptions: &mut Vec<Exception>) {
        let mut before: Option<usize> = None;
        for &row in rows {
            let shift = &self.shifts[row];
            let last = before.filter(|&other| self.shifts[other].date == shift.date);
            if let Some(other) = last.filter(|&other| self.shifts[other].end > shift.start) {
                let kind = ExceptionKind::Overlap { other };
                exceptions.push(self.exception(None, When::Day(shift.date), Some(row), kind));
            }
            if last.is_none_or(|other| self.shifts[other].end <= shift.end) {
                before = Some(row);
            }
        }
    }

    const fn exception(&self, job: Option<JobIx>, when: When, row: Option<usize>, kind: ExceptionKind) -> Exception {
        Exception { applicant: self.applicant, job, when, kind, row }
    }
}
