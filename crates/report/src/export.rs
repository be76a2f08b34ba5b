//! The files that a run leaves for people: CSV as Swedish Excel opens it (`;`, decimal comma, byte order mark).
//!
//! Cells that a spreadsheet would run as a formula are neutralised. For a protected identity everything but the pseudonymous id is
//! masked, and in the list that goes to employers the id too.

use std::io::{self, Write};

use feriematch_core::Preparation;
use feriematch_model::{
    Applicant, ApplicantIx, Fingerprint, Gender, Job, JobIx, Mechanism, Outcome, PlacedBy, RankCosts, Rule, Season, Stage,
    StageReason, Verdict,
};
use rayon::prelude::*;
use serde::Serialize;

use crate::figures::{Placement, placements};
use crate::sheet::{Cells, Line, write_rows, write_sheet};

/// What stands where something is masked.
pub const MASKED: &str = "***";

/// An outcome of a season, made ready for writing its lists.
#[derive(Debug)]
pub struct Lists<'o> {
    preparation: &'o Preparation<'o>,
    outcome: &'o Outcome,
    /// Where each applicant is placed.
    placements: Vec<Option<Placement>>,
    /// The applicants, the first served first.
    order: Vec<ApplicantIx>,
    districts: Vec<Cells>,
    classes: Vec<Cells>,
    streams: Vec<Cells>,
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
        let settings = season.settings();
        let mut order: Vec<(u32, u32)> = (0..).zip(&outcome.decisions).map(|(row, d)| (d.position, row)).collect();
        order.par_sort_unstable();
        let one = |text: &str| Cells::new(|cells| cells.cell(text));
        Self {
            preparation,
            outcome,
            placements: placements(season, outcome),
            order: order.into_iter().map(|(_, row)| ApplicantIx::new(row as usize)).collect(),
            districts: settings.districts.iter().map(|d| one(&d.name)).collect(),
            classes: settings.classes.iter().map(|c| one(&c.code)).collect(),
            streams: settings.streams.iter().map(|s| one(&s.name)).collect(),
        }
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
        let season = self.season();
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
        let job_cells = |job: &Job| {
            Cells::new(|cells| {
                cells.cell(&job.id);
                cells.cell(&job.title);
                cells.cell(season.employer_name(job.employer));
                period_cells(season, job, cells);
                cells.plain(job.paid_minutes.map_or(String::new(), hours));
            })
        };
        let job_cells: Vec<Cells> = season.jobs().par_iter().map(job_cells).collect();
        write_sheet(to, &header, &self.order, |line, &index| {
            let Some(Placement { job, stream, rank, by }) = self.placements[index.get()] else { return };
            let decision = &self.outcome.decisions[index.get()];
            let applicant = season.applicant(index);
            line.plain(decision.position);
            line.cell(&applicant.id);
            if applicant.protected {
                (0..5).for_each(|_| line.cell(MASKED));
            } else {
                line.cell(applicant.name.as_deref().unwrap_or(""));
                line.plain(applicant.birth_date);
                line.cell(gender(applicant.gender));
                line.cells(&self.districts[applicant.home_district.get()]);
                line.cells(&self.classes[applicant.class.get()]);
            }
            line.plain(decision.lottery);
            line.cells(&job_cells[job.get()]);
            let wage = season.wage(applicant, season.job(job)).map_or(String::new(), |wage| wage.to_string().replace('.', ","));
            line.cell(masked(applicant, &wage));
            line.plain(rank.map_or(String::new(), |rank| rank.to_string()));
            line.cell(match by {
                PlacedBy::Ranking => "ranking",
                PlacedBy::Lock => "lock",
            });
            line.cells(&self.streams[stream.get()]);
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
        let waits = |index: &ApplicantIx| matches!(self.outcome.decisions[index.get()].verdict, Verdict::Waiting { .. });
        let waiting: Vec<(u32, ApplicantIx)> = (1..).zip(self.order.iter().copied().filter(waits)).collect();
        write_sheet(to, &header, &waiting, |line, &(place, index)| {
            let decision = &self.outcome.decisions[index.get()];
            let applicant = season.applicant(index);
            line.plain(place);
            line.cell(&applicant.id);
            if applicant.protected {
                (0..3).for_each(|_| line.cell(MASKED));
            } else {
                line.cell(applicant.name.as_deref().unwrap_or(""));
                line.cells(&self.districts[applicant.home_district.get()]);
                line.cells(&self.classes[applicant.class.get()]);
            }
            line.plain(decision.lottery);
            line.plain(decision.position);
            if let Verdict::Waiting { reasons } = &decision.verdict {
                for &reason in reasons {
                    line.cell(stage_reason(reason));
                }
            }
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
        // In ranking order within a job: the sort keeps it.
        let placed = |&index: &ApplicantIx| self.placements[index.get()].map(|placement| (placement.job, index));
        let mut holders: Vec<(JobIx, ApplicantIx)> = self.order.iter().filter_map(placed).collect();
        holders.par_sort_by_key(|(job, _)| *job);
        let mut rest = holders.as_slice();
        let held = |row: usize| {
            let holders;
            (holders, rest) = rest.split_at(rest.iter().take_while(|(job, _)| job.get() == row).count());
            (&season.jobs()[row], holders)
        };
        let held: Vec<(&Job, &[(JobIx, ApplicantIx)])> = (0..season.jobs().len()).map(held).collect();
        write_sheet(to, &header, &held, |line, &(job, holders)| {
            let job_cells = Cells::new(|cells| {
                cells.cell(&job.id);
                cells.cell(&job.title);
                cells.cell(season.employer_name(job.employer));
                cells.cell(&season.settings().areas[job.area.get()].name);
                period_cells(season, job, cells);
            });
            for place in 1..=job.capacity {
                let holder = holders.get(place as usize - 1).map(|(_, index)| season.applicant(*index));
                line.cells(&job_cells);
                line.plain(place);
                line.plain(job.capacity);
                line.cell(holder.map_or("", |a| masked(a, &a.id)));
                line.cell(holder.map_or("", |a| masked(a, a.name.as_deref().unwrap_or(""))));
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
        let season = self.season();
        let is_ineligible = |&row: &usize| matches!(self.outcome.decisions[row].verdict, Verdict::Ineligible { .. });
        let ineligible: Vec<usize> = (0..self.outcome.decisions.len()).filter(is_ineligible).collect();
        write_sheet(to, &["applicant_id", "wish", "job_id", "rule"], &ineligible, |line, &row| {
            let index = ApplicantIx::new(row);
            let id = &self.outcome.decisions[row].applicant;
            let mut wished = self.preparation.wished(index);
            wished.sort_unstable_by_key(|w| (w.rank, w.job));
            if wished.is_empty() {
                for cell in [id, "", "", "no-job-wished-for"] {
                    line.cell(cell);
                }
                line.end();
            }
            for wish in wished {
                let rule = self.preparation.eligibility().check(index, wish.job).err();
                line.cell(id);
                line.plain(wish.rank);
                line.cell(&season.job(wish.job).id);
                line.cell(rule.map_or("", Rule::code));
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
        rank_costs: &'o RankCosts,
        seed: &'o str,
        stages: &'o [Stage],
    }
    let Outcome { format, season, fingerprint, mechanism, rank_costs, seed, stages, decisions } = outcome;
    let mut head =
        serde_json::to_string(&Head { format: *format, season, fingerprint, mechanism: *mechanism, rank_costs, seed, stages })?;
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

/// Adds the cells of a job's period: its name, first and last day.
fn period_cells(season: &Season, job: &Job, cells: &mut Line) {
    let period = season.period_of(job);
    cells.cell(&period.name);
    cells.plain(period.first_day);
    cells.plain(period.last_day);
}

/// Returns a value about an applicant, unless the identity is protected.
fn masked<'v>(applicant: &Applicant, value: &'v str) -> &'v str {
    if applicant.protected { MASKED } else { value }
}

/// Writes minutes as hours with a decimal comma, without needless decimals.
fn hours(minutes: u32) -> String {
    let hundredths = (u64::from(minutes) * 100 + 30) / 60;
    let text = format!("{},{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "F",
        Gender::Male => "M",
        Gender::Other => "other",
        Gender::Unknown => "",
    }
}

fn stage_reason(reason: StageReason) -> &'static str {
    match reason {
        StageReason::NoEligibleJob => "no-eligible-job",
        StageReason::HomeCap => "home-cap",
        StageReason::Full => "full",
    }
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn hours_with_a_decimal_comma() {
        assert_eq!([5_400, 5_430, 20, 0].map(hours), ["90", "90,5", "0,33", "0"]);
    }
}
