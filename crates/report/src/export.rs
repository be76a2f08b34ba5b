//! The files that a run leaves for people: CSV as Swedish Excel opens it (`;`, decimal comma, byte order mark).
//!
//! Cells that a spreadsheet would run as a formula are neutralised. What a list may show is decided in [`lists`](crate::lists).

use std::io::{self, Write};

use feriematch_core::Preparation;
use feriematch_model::{
    ApplicantIx, Balance, Fingerprint, Job, Mechanism, Outcome, PlacementRule, RankCosts, Rematch, Rule, Season, Stage,
};
use serde::Serialize;

use crate::lists::{Offer, Refused, Rows, Shown, Wait, given_by, hours, stage_reason};
use crate::sheet::{Line, Texts, write_rows, write_sheet};

/// What stands where something is masked.
pub const MASKED: &str = "***";

/// What stands in place of a rule where wishes name no job at all.
pub const NO_JOB_WISHED_FOR: &str = "no-job-wished-for";

/// An outcome of a season, made ready for writing its lists.
#[derive(Debug)]
pub struct Lists<'o> {
    preparation: &'o Preparation<'o>,
    rows: Rows<'o>,
    /// For each applicant the line of the list that names them, from the second cell on.
    lines: Texts,
    /// For each applicant with a place what employers are told.
    known_to_employers: Texts,
}

/// Writes one of the files.
pub type WriteFile = fn(&Lists<'_>, &mut (dyn Write + Send)) -> io::Result<()>;

/// The files, by name, in the order in which they are written.
pub const FILES: [(&str, WriteFile); 4] = [
    ("offers.csv", |lists, to| lists.write_offers(to)),
    ("waiting-list.csv", |lists, to| lists.write_waiting_list(to)),
    ("jobs.csv", |lists, to| lists.write_jobs(to)),
    ("not-eligible.csv", |lists, to| lists.write_not_eligible(to)),
];

impl<'o> Lists<'o> {
    /// Makes an outcome of a season ready, as the crate `audit` checks that it is one.
    pub fn new(preparation: &'o Preparation<'o>, outcome: &'o Outcome) -> Self {
        let season = preparation.season();
        let rows = Rows::new(season, outcome);
        let job_cells = Texts::new(season.jobs(), |cells, _, job| {
            cells.cell(&job.id);
            cells.cell(&job.title);
            cells.cell(season.employer_name(job.employer));
            period_cells(season, job, cells);
            cells.plain(hours(job).map_or(String::new(), decimal));
        });
        let lines = Texts::new(&outcome.decisions, |line, row, _| {
            if let Some(offer) = rows.offer(row) {
                write_offer(&offer, job_cells.get(offer.job.get()), line);
            } else if let Some(wait) = rows.wait(0, row) {
                write_wait(&wait, line);
            }
        });
        let known_to_employers = Texts::new(season.applicants(), |cells, row, _| {
            if rows.has_place(row) {
                let (id, name) = rows.known_to_employers(row).value().unwrap_or((MASKED, Some(MASKED)));
                cells.cell(id);
                cells.cell(name.unwrap_or(""));
            }
        });
        Self { preparation, rows, lines, known_to_employers }
    }

    fn season(&self) -> &'o Season {
        self.preparation.season()
    }

    /// Writes a line a placed applicant, in ranking order: whom to offer what.
    ///
    /// # Errors
    ///
    /// Returns what the writer does.
    pub fn write_offers(&self, to: &mut (dyn Write + Send)) -> io::Result<()> {
        let header = [
            "ranking_position",
            "applicant_id",
            "name",
            "birth_date",
            "gender",
            "home_district",
            "class",
            "lottery_number",
            "job_id",
            "title",
            "employer",
            "period",
            "first_day",
            "last_day",
            "hours",
            "wage_per_hour",
            "wish",
            "given_by",
            "funding",
        ];
        write_sheet(to, &header, self.rows.placed(), |line, &(position, index)| {
            line.plain(position);
            line.cells(self.lines.get(index.get()));
            line.end();
        })
    }

    /// Writes a line an eligible applicant without a place, in ranking order: who is next.
    ///
    /// # Errors
    ///
    /// Returns what the writer does.
    pub fn write_waiting_list(&self, to: &mut (dyn Write + Send)) -> io::Result<()> {
        let season = self.season();
        let mut header = vec!["place", "applicant_id", "name", "home_district", "class", "lottery_number", "ranking_position"];
        let reason_columns: Vec<String> = season.settings().streams.iter().map(|s| format!("reason_{}", s.id)).collect();
        header.extend(reason_columns.iter().map(String::as_str));
        let numbered: Vec<(u32, ApplicantIx)> = (1..).zip(self.rows.waiting().iter().map(|&(_, index)| index)).collect();
        write_sheet(to, &header, &numbered, |line, &(place, index)| {
            line.plain(place);
            line.cells(self.lines.get(index.get()));
            line.end();
        })
    }

    /// Writes a line a place, by job: who works where, and what is free. This list goes to employers.
    ///
    /// # Errors
    ///
    /// Returns what the writer does.
    pub fn write_jobs(&self, to: &mut (dyn Write + Send)) -> io::Result<()> {
        let season = self.season();
        let header =
            ["job_id", "title", "employer", "area", "period", "first_day", "last_day", "place", "of", "applicant_id", "name"];
        write_sheet(to, &header, &self.rows.held(), |line, &(job, holders)| {
            let job = season.job(job);
            let mut job_cells = Line::default();
            job_cells.cell(&job.id);
            job_cells.cell(&job.title);
            job_cells.cell(season.employer_name(job.employer));
            job_cells.cell(&season.settings().areas[job.area.get()].name);
            period_cells(season, job, &mut job_cells);
            for place in 1..=job.capacity {
                line.cells(job_cells.bytes());
                line.plain(place);
                line.plain(job.capacity);
                match holders.get(place as usize - 1) {
                    Some((.., index)) => line.cells(self.known_to_employers.get(index.get())),
                    None => ["", ""].into_iter().for_each(|empty| line.cell(empty)),
                }
                line.end();
            }
        })
    }

    /// Writes, for each applicant who may take no job wished for, a line a wish and rule: why.
    ///
    /// # Errors
    ///
    /// Returns what the writer does.
    pub fn write_not_eligible(&self, to: &mut (dyn Write + Send)) -> io::Result<()> {
        let ineligible: Vec<usize> = self.rows.ineligible().collect();
        write_sheet(to, &["applicant_id", "wish", "job_id", "rule"], &ineligible, |line, &row| {
            for Refused { applicant, wish } in self.rows.refusals(self.preparation, row) {
                line.cell(applicant);
                match wish {
                    Shown::Masked => [MASKED; 3].into_iter().for_each(|cell| line.cell(cell)),
                    Shown::Value(None) => ["", "", NO_JOB_WISHED_FOR].into_iter().for_each(|cell| line.cell(cell)),
                    Shown::Value(Some(refusal)) => {
                        line.plain(refusal.rank);
                        line.cell(refusal.job);
                        line.cell(refusal.rule.map_or("", Rule::code));
                    }
                }
                line.end();
            }
        })
    }
}

/// Writes the outcome as JSON with a line a decision, so that line-based tools can look at it.
///
/// # Errors
///
/// Returns what the writer does.
pub fn write_outcome(outcome: &Outcome, to: &mut (dyn Write + Send)) -> io::Result<()> {
    /// An [`Outcome`] without its last field.
    #[derive(Serialize)]
    struct Head<'o> {
        format: u32,
        season: &'o str,
        fingerprint: &'o Fingerprint,
        mechanism: Mechanism,
        #[serde(skip_serializing_if = "PlacementRule::is_default")]
        placement: PlacementRule,
        rank_costs: &'o RankCosts,
        #[serde(skip_serializing_if = "Balance::is_none")]
        balance: &'o Balance,
        seed: &'o str,
        #[serde(skip_serializing_if = "Option::is_none")]
        rematch: &'o Option<Rematch>,
        stages: &'o [Stage],
    }
    let Outcome { format, season, fingerprint, mechanism, placement, rank_costs, balance, seed, rematch, stages, decisions } =
        outcome;
    let mut head = serde_json::to_string(&Head {
        format: *format,
        season,
        fingerprint,
        mechanism: *mechanism,
        placement: *placement,
        rank_costs,
        balance,
        seed,
        rematch,
        stages,
    })?;
    head.truncate(head.len() - "}".len());
    head.push_str(",\"decisions\":[");
    let Some((first, others)) = decisions.split_first() else { return to.write_all((head + "\n]}\n").as_bytes()) };
    head.push_str(&format!("\n{}", serde_json::to_string(first)?));
    write_rows(to, head.as_bytes(), others, |text, decision| {
        text.bytes().extend_from_slice(b",\n");
        // A Vec takes every write, and a decision is JSON.
        let _ = serde_json::to_writer(text.bytes(), decision);
    })?;
    to.write_all(b"\n]}\n")
}

/// Writes the line of somebody who has a place, from the second cell on.
fn write_offer(offer: &Offer<'_>, job_cells: &[u8], line: &mut Line) {
    let person = &offer.person;
    line.cell(person.id);
    line.shown(person.name.map(Option::unwrap_or_default));
    match offer.birth_date {
        Shown::Value(day) => line.plain(day),
        Shown::Masked => line.cell(MASKED),
    }
    line.shown(offer.gender.map(Option::unwrap_or_default));
    line.shown(person.home_district);
    line.shown(person.class);
    line.plain(person.lottery_number);
    line.cells(job_cells);
    let wage = offer.wage_per_hour.map(|wage| wage.map_or(String::new(), |wage| wage.to_string().replace('.', ",")));
    line.shown(wage.as_deref());
    match offer.wish {
        Shown::Masked => line.cell(MASKED),
        Shown::Value(Some(rank)) => line.plain(rank),
        Shown::Value(None) => line.cell(""),
    }
    line.cell(given_by(offer.given_by));
    line.shown(offer.funding);
}

/// Writes the line of somebody who waits, from the second cell on.
fn write_wait(wait: &Wait<'_>, line: &mut Line) {
    let person = &wait.person;
    line.cell(person.id);
    line.shown(person.name.map(Option::unwrap_or_default));
    line.shown(person.home_district);
    line.shown(person.class);
    line.plain(person.lottery_number);
    line.plain(person.ranking_position);
    for &reason in wait.reasons {
        line.cell(if wait.is_masked { MASKED } else { stage_reason(reason) });
    }
}

/// Adds the cells of a job's period: its name, first and last day.
fn period_cells(season: &Season, job: &Job, cells: &mut Line) {
    let period = season.period_of(job);
    cells.cell(&period.name);
    cells.plain(period.first_day);
    cells.plain(period.last_day);
}

/// Writes hundredths with a decimal comma, without needless decimals.
fn decimal(hundredths: u64) -> String {
    let text = format!("{},{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::decimal;
    use crate::lists::hundredths_of_hours;

    #[test]
    fn hours_with_a_decimal_comma() {
        assert_eq!([5_400, 5_430, 20, 0].map(|minutes| decimal(hundredths_of_hours(minutes))), ["90", "90,5", "0,33", "0"]);
    }
}
