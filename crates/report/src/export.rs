//! The files that a run leaves for people: CSV as Swedish Excel opens it (`;`, decimal comma, byte order mark).
//!
//! Cells that a spreadsheet would run as a formula are neutralised. For a protected identity everything but the pseudonymous id is
//! masked, and in the list that goes to employers the id too.

use std::io::{self, Write};

use feriematch_core::Preparation;
use feriematch_model::{Applicant, ApplicantIx, Gender, JobIx, Outcome, PlacedBy, Rule, StageReason, Verdict};

use crate::figures::{Placement, placements};
use crate::table::neutralised;

/// What stands where something is masked.
pub const MASKED: &str = "***";

/// Writes one of the files.
pub type WriteFile = fn(&Preparation<'_>, &Outcome, &mut dyn Write) -> io::Result<()>;

/// The files, by name, in the order in which they are written.
pub const FILES: [(&str, WriteFile); 4] =
    [("offers.csv", offers), ("waiting-list.csv", waiting_list), ("jobs.csv", jobs), ("not-eligible.csv", not_eligible)];

/// Writes a line a placed applicant, in ranking order: whom to offer what.
///
/// # Errors
///
/// Returns what the writer does.
pub fn offers(preparation: &Preparation<'_>, outcome: &Outcome, to: &mut dyn Write) -> io::Result<()> {
    let season = preparation.season();
    let mut file = Export::new(
        to,
        &[
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
        ],
    )?;
    let placements = placements(season, outcome);
    for row in in_ranking_order(outcome) {
        let Some(Placement { job, stream, rank, by }) = placements[row] else { continue };
        let decision = &outcome.decisions[row];
        let applicant = &season.applicants()[row];
        let job = season.job(job);
        let period = season.period_of(job);
        let settings = season.settings();
        let hours = job.paid_minutes.map_or(String::new(), hours);
        let wage = season.wage(applicant, job).map_or(String::new(), |wage| wage.to_string().replace('.', ","));
        file.line(&[
            &decision.position.to_string(),
            &applicant.id,
            masked(applicant, applicant.name.as_deref().unwrap_or("")),
            masked(applicant, &applicant.birth_date.to_string()),
            masked(applicant, gender(applicant.gender)),
            masked(applicant, &settings.districts[applicant.home_district.get()].name),
            masked(applicant, &settings.classes[applicant.class.get()].code),
            &decision.lottery.to_string(),
            &job.id,
            &job.title,
            season.employer_name(job.employer),
            &period.name,
            &period.first_day.to_string(),
            &period.last_day.to_string(),
            &hours,
            masked(applicant, &wage),
            &rank.map_or(String::new(), |rank| rank.to_string()),
            match by {
                PlacedBy::Ranking => "ranking",
                PlacedBy::Lock => "lock",
            },
            &settings.streams[stream.get()].name,
        ])?;
    }
    file.finish()
}

/// Writes a line an eligible applicant without a place, in ranking order: who is next.
///
/// # Errors
///
/// Returns what the writer does.
pub fn waiting_list(preparation: &Preparation<'_>, outcome: &Outcome, to: &mut dyn Write) -> io::Result<()> {
    let season = preparation.season();
    let mut header = vec!["place", "applicant_id", "name", "home_district", "class", "lottery_number", "ranking_position"];
    let reason_columns: Vec<String> = season.settings().streams.iter().map(|s| format!("reason_{}", s.id)).collect();
    header.extend(reason_columns.iter().map(String::as_str));
    let mut file = Export::new(to, &header)?;
    let mut place: u32 = 0;
    for row in in_ranking_order(outcome) {
        let decision = &outcome.decisions[row];
        let Verdict::Waiting { reasons } = &decision.verdict else { continue };
        place += 1;
        let applicant = &season.applicants()[row];
        let (place, lottery, position) = (place.to_string(), decision.lottery.to_string(), decision.position.to_string());
        let mut line: Vec<&str> = vec![
            &place,
            &applicant.id,
            masked(applicant, applicant.name.as_deref().unwrap_or("")),
            masked(applicant, &season.settings().districts[applicant.home_district.get()].name),
            masked(applicant, &season.settings().classes[applicant.class.get()].code),
            &lottery,
            &position,
        ];
        line.extend(reasons.iter().map(|&reason| stage_reason(reason)));
        file.line(&line)?;
    }
    file.finish()
}

/// Writes a line a place, by job: who works where, and what is free. This list goes to employers.
///
/// # Errors
///
/// Returns what the writer does.
pub fn jobs(preparation: &Preparation<'_>, outcome: &Outcome, to: &mut dyn Write) -> io::Result<()> {
    let season = preparation.season();
    let mut file = Export::new(
        to,
        &["job_id", "title", "employer", "area", "period", "first_day", "last_day", "place", "of", "applicant_id", "name"],
    )?;
    let mut holders: Vec<(JobIx, u32, usize)> = placements(season, outcome)
        .iter()
        .enumerate()
        .filter_map(|(row, placement)| placement.map(|p| (p.job, outcome.decisions[row].position, row)))
        .collect();
    holders.sort_unstable();
    let mut next = holders.into_iter().peekable();
    for (row, job) in season.jobs().iter().enumerate() {
        let period = season.period_of(job);
        for place in 1..=job.capacity {
            let holder = next.next_if(|(held, ..)| *held == JobIx::new(row)).map(|(_, _, row)| &season.applicants()[row]);
            let (id, name) = holder.map_or(("", ""), |a| (masked(a, &a.id), masked(a, a.name.as_deref().unwrap_or(""))));
            file.line(&[
                &job.id,
                &job.title,
                season.employer_name(job.employer),
                &season.settings().areas[job.area.get()].name,
                &period.name,
                &period.first_day.to_string(),
                &period.last_day.to_string(),
                &place.to_string(),
                &job.capacity.to_string(),
                id,
                name,
            ])?;
        }
    }
    file.finish()
}

/// Writes, for each applicant who may take no job wished for, a line a wish and rule: why.
///
/// # Errors
///
/// Returns what the writer does.
pub fn not_eligible(preparation: &Preparation<'_>, outcome: &Outcome, to: &mut dyn Write) -> io::Result<()> {
    let season = preparation.season();
    let mut file = Export::new(to, &["applicant_id", "wish", "job_id", "rule"])?;
    for (row, decision) in outcome.decisions.iter().enumerate() {
        let Verdict::Ineligible { .. } = decision.verdict else { continue };
        let index = ApplicantIx::new(row);
        let mut wished = preparation.wished(index);
        wished.sort_unstable_by_key(|w| (w.rank, w.job));
        if wished.is_empty() {
            file.line(&[&decision.applicant, "", "", "no-job-wished-for"])?;
        }
        for wish in wished {
            let rule = preparation.eligibility().check(index, wish.job).err();
            file.line(&[&decision.applicant, &wish.rank.to_string(), &season.job(wish.job).id, rule.map_or("", Rule::code)])?;
        }
    }
    file.finish()
}

/// A CSV file as Swedish Excel opens it.
struct Export<'w> {
    writer: csv::Writer<&'w mut dyn Write>,
}

impl<'w> Export<'w> {
    fn new(to: &'w mut dyn Write, header: &[&str]) -> io::Result<Self> {
        to.write_all("\u{feff}".as_bytes())?;
        let terminator = csv::Terminator::CRLF;
        let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(terminator).from_writer(to);
        writer.write_record(header)?;
        Ok(Self { writer })
    }

    fn line(&mut self, cells: &[&str]) -> io::Result<()> {
        for cell in cells {
            self.writer.write_field(neutralised(cell))?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Returns the rows of the decisions, the first served first.
fn in_ranking_order(outcome: &Outcome) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..outcome.decisions.len()).collect();
    rows.sort_unstable_by_key(|&row| outcome.decisions[row].position);
    rows
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
