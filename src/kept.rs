//! What is kept of a season that is retired.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use feriematch_ingest::Persons;
use feriematch_ledger::Head;
use feriematch_model::{Applicant, Gender, Season};
use feriematch_privacy::{Had, History, SecretKey, suppress, write_history};
use feriematch_report::export::MASKED;
use feriematch_rounds::{Holding, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::exit_code::Failure;
use crate::new_folder;
use crate::removal::Removal;

pub(crate) const SUMMARY: &str = "summary.json";
const HISTORY: &str = "history.csv";
const COUNTS: &str = "summary.csv";
const REMOVED: &str = "removed.csv";

/// What is kept of a season, as it stands in its folder.
pub(crate) struct Kept {
    pub(crate) summary: Summary,
    pub(crate) removal: Removal,
}

/// What is kept besides the history.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Summary {
    format: u32,
    pub(crate) season: String,
    pub(crate) year: i16,
    retired_on: Date,
    /// The mark of the key that the history was made with.
    key: String,
    seed: Option<String>,
    periods: Vec<Period>,
    rounds: Vec<Round>,
    pub(crate) ledger: Record,
    applicants: usize,
    pub(crate) with_personal_id: usize,
    had_a_job: usize,
    /// The keyed hashes of the other files.
    files: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Period {
    id: String,
    first_day: Date,
    last_day: Date,
}

#[derive(Debug, Serialize, Deserialize)]
struct Round {
    published: Date,
    deadline: Date,
    offered: u32,
    signed: u32,
}

/// The ledger that was, by the place of its newest event.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) location: String,
    pub(crate) events: u64,
    hash: String,
}

impl Record {
    pub(crate) fn new(location: String, head: Head) -> Self {
        Self { location, events: head.sequence, hash: head.hash.to_string() }
    }

    pub(crate) fn head(&self) -> Option<Head> {
        Some(Head { sequence: self.events, hash: self.hash.parse().ok()? })
    }
}

/// A season that is to be retired.
pub(crate) struct Retiring<'a> {
    pub(crate) season: &'a Season,
    pub(crate) persons: &'a Persons,
    pub(crate) state: &'a State,
    pub(crate) key: &'a SecretKey,
    pub(crate) removal: &'a Removal,
    pub(crate) day: Date,
}

impl Retiring<'_> {
    fn had(&self, applicant: &Applicant) -> Had {
        let life = self.state.life(&applicant.id);
        let has_signed = life.and_then(|life| life.place.as_ref()).is_some_and(|place| place.holding >= Holding::Signed);
        // Somebody who left a job early has had it all the same.
        let has_worked =
            life.is_some_and(|life| life.contracts.iter().any(|contract| contract.worked.is_some_and(|minutes| minutes > 0)));
        if has_signed || has_worked { Had::Job } else { Had::Applied }
    }

    /// Writes what is kept.
    pub(crate) fn write(&self, folder: &Path, ledger: Record) -> Result<(), Failure> {
        let season = self.season;
        let settings = season.settings();
        let marks =
            self.persons.iter().map(|(index, number)| (self.key.person(&number.digits()), self.had(season.applicant(index))));
        let files =
            [(HISTORY, write_history(self.key, settings.year, marks)), (COUNTS, self.counts()), (REMOVED, self.removal.to_csv())];
        let summary = Summary {
            format: 1,
            season: settings.name.to_string(),
            year: settings.year,
            retired_on: self.day,
            key: self.key.mark().to_string(),
            seed: self.state.seed().map(str::to_owned),
            periods: settings
                .periods
                .iter()
                .map(|p| Period { id: p.id.to_string(), first_day: p.first_day, last_day: p.last_day })
                .collect(),
            rounds: self
                .state
                .rounds()
                .iter()
                .map(|r| Round {
                    published: r.published,
                    deadline: r.deadline,
                    offered: r.counts.offered,
                    signed: r.counts.signed,
                })
                .collect(),
            ledger,
            applicants: season.applicants().len(),
            with_personal_id: self.persons.iter().count(),
            had_a_job: season.applicants().iter().filter(|applicant| self.had(applicant) == Had::Job).count(),
            files: files.iter().map(|(name, text)| ((*name).to_owned(), self.key.content(text.as_bytes()))).collect(),
        };
        let json = format!("{:#}\n", serde_json::to_value(&summary).map_err(anyhow::Error::from)?);
        let all: Vec<(&str, String)> = files.into_iter().chain([(SUMMARY, json)]).collect();
        new_folder::write(folder, &all)
    }

    /// Counts those who had a job and those who had none, by district, class and recorded sex.
    fn counts(&self) -> String {
        let settings = self.season.settings();
        let gender = |gender: Gender| match gender {
            Gender::Female => "female",
            Gender::Male => "male",
            Gender::Other => "other",
            Gender::Unknown => "unknown",
        };
        let mut csv = "group,key,had_no_job,had_a_job,applied\n".to_owned();
        let districts: Vec<&str> = settings.districts.iter().map(|d| &*d.id).collect();
        csv.push_str(&self.count("district", &districts, |a| a.home_district.get()));
        let classes: Vec<&str> = settings.classes.iter().map(|c| &*c.code).collect();
        csv.push_str(&self.count("class", &classes, |a| a.class.get()));
        let genders = Gender::ALL.map(gender);
        csv + &self.count("gender", &genders, |a| Gender::ALL.iter().position(|g| *g == a.gender).unwrap_or(0))
    }

    fn count(&self, group: &str, keys: &[&str], key_of: impl Fn(&Applicant) -> usize) -> String {
        let mut counts = vec![vec![0; 2]; keys.len()];
        for applicant in self.season.applicants() {
            counts[key_of(applicant)][usize::from(self.had(applicant) == Had::Job)] += 1;
        }
        let rows = suppress(&counts).rows;
        let cell = |count: &Option<u32>| count.map_or(MASKED.to_owned(), |count| count.to_string());
        let line = |(key, row): (&&str, &Vec<Option<u32>>)| {
            format!("{group},{key},{}\n", row.iter().map(cell).collect::<Vec<_>>().join(","))
        };
        keys.iter().chain([&"all"]).zip(&rows).map(line).collect()
    }
}

impl Kept {
    /// Reads what was kept, and makes sure that it is all there, unchanged, and of this key.
    pub(crate) fn read(folder: &Path, dir: &Path, key: &SecretKey) -> Result<Self, Failure> {
        let damaged = |what: String| Failure::File {
            message: format!("{} does not hold what was kept of a season: {what}", folder.display()),
            help: "nothing was removed by this run; move the folder away if it is of something else".to_owned(),
        };
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|e| Failure::system(format!("cannot read {}", path.display()), e))
        };
        let summary: Summary = serde_json::from_str(&read(SUMMARY)?).map_err(|error| damaged(format!("{SUMMARY}: {error}")))?;
        if summary.key != key.mark().to_string() {
            return Err(Failure::Usage {
                message: format!("it was kept with the key {}, and the key given is {}", summary.key, key.mark()),
                help: "give the key that it was begun with".to_owned(),
            });
        }
        for (name, hash) in &summary.files {
            if key.content(read(name)?.as_bytes()) != *hash {
                return Err(damaged(format!("{name} has changed")));
            }
        }
        let persons = History::default().read(&read(HISTORY)?, key);
        let persons = persons.map_err(|errors| damaged(errors.first().map(ToString::to_string).unwrap_or_default()))?.len();
        if persons != summary.with_personal_id {
            return Err(damaged(format!("{HISTORY} has {persons} persons, and {SUMMARY} {}", summary.with_personal_id)));
        }
        let removal = Removal::from_csv(dir, &read(REMOVED)?).ok_or_else(|| damaged(format!("{REMOVED} cannot be read")))?;
        Ok(Self { summary, removal })
    }

    /// Says what is kept, in a few words.
    pub(crate) fn told(&self) -> String {
        let Summary { applicants, with_personal_id, had_a_job, .. } = self.summary;
        let without = applicants - with_personal_id;
        let unknown = if without == 0 {
            String::new()
        } else {
            format!("; {without} stated no personal number and will not be known again")
        };
        format!("{applicants} applied and {had_a_job} of them had a job; {with_personal_id} are in {HISTORY}{unknown}")
    }
}
