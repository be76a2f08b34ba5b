//! The files that a run leaves for people: CSV as Swedish Excel opens it (`;`, decimal comma, byte order mark).
//!
//! Cells that a spreadsheet would run as a formula are neutralised. For a protected identity everything is masked but the pseudonymous
//! id, the number in the order and the job, and in the list that goes to employers the id too: docs/adr/0017 says why so.

use std::io::{self, Write};

use feriematch_core::Preparation;
use feriematch_model::{
    Applicant, ApplicantIx, Balance, Decision, Fingerprint, Gender, Job, JobIx, Mechanism, Outcome, PlacedBy, PlacementRule,
    RankCosts, Rematch, Rule, Season, Stage, StageReason, Verdict,
};
use rayon::prelude::*;
use serde::Serialize;

use crate::figures::{Placement, placements};
use crate::sheet::{Line, Texts, write_rows, write_sheet};

/// What stands where something is masked.
pub const MASKED: &str = "***";

/// An outcome of a season, made ready for writing its lists.
#[derive(Debug)]
pub struct Lists<'o> {
    preparation: &'o Preparation<'o>,
    outcome: &'o Outcome,
    /// Who has a place, with the position in the ranking, the first served first.
    placed: Vec<(u32, ApplicantIx)>,
    /// Who waits for one.
    waiting: Vec<(u32, ApplicantIx)>,
    /// Who has a place of each job, by job, then ranking.
    holders: Vec<Holder>,
    /// For each applicant the line of the list that names them, from the second cell on.
    lines: Texts,
    /// For each applicant with a place what employers are told.
    known_to_employers: Texts,
}

/// Who has a place of a job, with the position in the ranking.
type Holder = (JobIx, u32, ApplicantIx);

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
        let placements = placements(season, outcome);
        let job_cells = Texts::new(season.jobs(), |cells, _, job| {
            cells.cell(&job.id);
            cells.cell(&job.title);
            cells.cell(season.employer_name(job.employer));
            period_cells(season, job, cells);
            cells.plain(job.paid_minutes.map_or(String::new(), hours));
        });
        let lines = Texts::new(&outcome.decisions, |line, row, decision| match (placements[row], &decision.verdict) {
            (Some(placement), _) => offer(season, row, decision, placement, job_cells.get(placement.job.get()), line),
            (None, Verdict::Waiting { reasons }) => wait(season, row, decision, reasons, line),
            _ => {}
        });
        let known_to_employers = Texts::new(season.applicants(), |cells, row, applicant| {
            if placements[row].is_some() {
                cells.cell(masked(applicant, &applicant.id));
                cells.cell(masked(applicant, applicant.name.as_deref().unwrap_or("")));
            }
        });

        let (mut placed, mut waiting, mut holders) = (Vec::new(), Vec::new(), Vec::new());
        for ((index, decision), placement) in (0..).map(ApplicantIx::new).zip(&outcome.decisions).zip(&placements) {
            if let Some(placement) = placement {
                placed.push((decision.position, index));
                holders.push((placement.job, decision.position, index));
            } else if matches!(decision.verdict, Verdict::Waiting { .. }) {
                waiting.push((decision.position, index));
            }
        }
        placed.par_sort_unstable();
        waiting.par_sort_unstable();
        holders.par_sort_unstable();
        Self { preparation, outcome, placed, waiting, holders, lines, known_to_employers }
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
        write_sheet(to, &header, &self.placed, |line, &(position, index)| {
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
        let numbered: Vec<(u32, ApplicantIx)> = (1..).zip(self.waiting.iter().map(|&(_, index)| index)).collect();
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
        let mut rest = self.holders.as_slice();
        let held = |(row, job)| {
            let holders;
            (holders, rest) = rest.split_at(rest.iter().take_while(|(held, ..)| held.get() == row).count());
            (job, holders)
        };
        let held: Vec<(&Job, &[Holder])> = season.jobs().iter().enumerate().map(held).collect();
        write_sheet(to, &header, &held, |line, &(job, holders)| {
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
        let season = self.season();
        let is_ineligible = |&row: &usize| matches!(self.outcome.decisions[row].verdict, Verdict::Ineligible { .. });
        let ineligible: Vec<usize> = (0..self.outcome.decisions.len()).filter(is_ineligible).collect();
        write_sheet(to, &["applicant_id", "wish", "job_id", "rule"], &ineligible, |line, &row| {
            let index = ApplicantIx::new(row);
            let id = &self.outcome.decisions[row].applicant;
            if season.applicant(index).protected {
                for cell in [id, MASKED, MASKED, MASKED] {
                    line.cell(cell);
                }
                line.end();
                return;
            }
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
fn offer(season: &Season, row: usize, decision: &Decision, placement: Placement, job_cells: &[u8], line: &mut Line) {
    let settings = season.settings();
    let applicant = &season.applicants()[row];
    line.cell(&applicant.id);
    line.cell(masked(applicant, applicant.name.as_deref().unwrap_or("")));
    if applicant.protected {
        line.cell(MASKED);
    } else {
        line.plain(applicant.birth_date);
    }
    line.cell(masked(applicant, gender(applicant.gender)));
    home_and_class(season, applicant, line);
    line.plain(decision.lottery);
    line.cells(job_cells);
    let wage = season.wage(applicant, season.job(placement.job));
    line.cell(masked(applicant, &wage.map_or(String::new(), |wage| wage.to_string().replace('.', ","))));
    match placement.rank {
        _ if applicant.protected => line.cell(MASKED),
        Some(rank) => line.plain(rank),
        None => line.cell(""),
    }
    line.cell(match placement.by {
        PlacedBy::Ranking => "ranking",
        PlacedBy::Lock => "lock",
        PlacedBy::Hold => "earlier-round",
    });
    let stream = &settings.streams[placement.stream.get()];
    // For whom a stream pays may be asked for; only its conditions tell something about the applicant.
    line.cell(if stream.is_open_to_all() { &stream.name } else { masked(applicant, &stream.name) });
}

/// Writes the line of somebody who waits, from the second cell on.
fn wait(season: &Season, row: usize, decision: &Decision, reasons: &[StageReason], line: &mut Line) {
    let applicant = &season.applicants()[row];
    line.cell(&applicant.id);
    line.cell(masked(applicant, applicant.name.as_deref().unwrap_or("")));
    home_and_class(season, applicant, line);
    line.plain(decision.lottery);
    line.plain(decision.position);
    for &reason in reasons {
        line.cell(masked(applicant, stage_reason(reason)));
    }
}

/// Adds the cells of an applicant's home district and class.
fn home_and_class(season: &Season, applicant: &Applicant, line: &mut Line) {
    let settings = season.settings();
    line.cell(masked(applicant, &settings.districts[applicant.home_district.get()].name));
    line.cell(masked(applicant, &settings.classes[applicant.class.get()].code));
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
        StageReason::MoveLimit => "move-limit",
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
