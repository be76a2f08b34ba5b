//! What is kept of earlier seasons: who applied, and who had a job.

use std::collections::BTreeMap;
use std::fmt;

use crate::{HistoryError, HistoryProblem, KeyMark, PersonMark, SecretKey};

const HEADER: [&str; 4] = ["year", "key", "person", "had"];

/// What somebody had in a season.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Had {
    /// Applied, and had no job.
    Applied,
    /// Signed for a job, or worked.
    Job,
}

impl fmt::Display for Had {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Applied => "applied",
            Self::Job => "had-a-job",
        })
    }
}

/// A line of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The season's year.
    pub year: i16,
    /// The mark of the person.
    pub person: PersonMark,
    /// What they had.
    pub had: Had,
}

/// Writes the history of a season: CSV, a line a person in the order of their marks, which tells nothing of the order of the files.
pub fn write_history(key: &SecretKey, year: i16, persons: impl IntoIterator<Item = (PersonMark, Had)>) -> String {
    let mark = key.mark();
    let persons: BTreeMap<PersonMark, Had> = persons.into_iter().collect();
    let lines = persons.into_iter().map(|(person, had)| format!("{year},{mark},{person},{had}\n"));
    format!("{}\n{}", HEADER.join(","), lines.collect::<String>())
}

/// What earlier seasons say of persons.
#[derive(Debug, Clone, Default)]
pub struct History {
    persons: BTreeMap<PersonMark, BTreeMap<i16, Had>>,
}

impl History {
    /// Adds a file of a history that was written with a key. Files of several years may have been put together into one.
    ///
    /// # Errors
    ///
    /// Returns every line that is wrong; then nothing is added.
    pub fn read(&mut self, text: &str, key: &SecretKey) -> Result<Vec<Record>, Vec<HistoryError>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let (mut records, mut errors) = (Vec::new(), Vec::new());
        let mut persons = self.persons.clone();
        let given = key.mark();
        for (line, row) in (1..).zip(reader.records()) {
            let cells: Option<[String; 4]> =
                row.ok().and_then(|row| row.iter().map(str::to_owned).collect::<Vec<_>>().try_into().ok());
            let is_header = cells.as_ref().is_some_and(|cells| cells.each_ref().map(String::as_str) == HEADER);
            let parsed = match cells {
                _ if line == 1 && !is_header => Err(HistoryProblem::Header),
                _ if is_header => continue,
                None => Err(HistoryProblem::Cells),
                Some(cells) => record(cells, given),
            };
            let added = parsed.and_then(|record| {
                let years = persons.entry(record.person).or_default();
                if years.insert(record.year, record.had).is_some() { Err(HistoryProblem::Twice(record.year)) } else { Ok(record) }
            });
            match added {
                Ok(record) => records.push(record),
                Err(problem) => errors.push(HistoryError { line, problem }),
            }
        }
        if text.is_empty() {
            errors.push(HistoryError { line: 1, problem: HistoryProblem::Header });
        }
        if errors.is_empty() {
            self.persons = persons;
            Ok(records)
        } else {
            Err(errors)
        }
    }

    /// Returns the years in which somebody applied, with what they had, the earliest first.
    pub fn of(&self, person: &PersonMark) -> impl Iterator<Item = (i16, Had)> {
        self.persons.get(person).into_iter().flatten().map(|(&year, &had)| (year, had))
    }

    /// Returns how many persons there are.
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Returns whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }
}

fn record([year, key, person, had]: [String; 4], given: KeyMark) -> Result<Record, HistoryProblem> {
    let Ok(parsed_year) = year.parse() else { return Err(HistoryProblem::Year(year)) };
    let Some(found) = KeyMark::parse(&key) else { return Err(HistoryProblem::Mark(key, 8)) };
    let Some(parsed_person) = PersonMark::parse(&person) else { return Err(HistoryProblem::Mark(person, 32)) };
    let had = match had.as_str() {
        "applied" => Had::Applied,
        "had-a-job" => Had::Job,
        _ => return Err(HistoryProblem::Had(had)),
    };
    if found != given {
        return Err(HistoryProblem::OtherKey { found, given });
    }
    Ok(Record { year: parsed_year, person: parsed_person, had })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::new([3; 32])
    }

    #[test]
    fn what_is_written_is_read_and_put_together() {
        let [anna, bo] = [b"201103151239", b"200912121212"].map(|digits| key().person(digits));
        let first = write_history(&key(), 2025, [(anna, Had::Applied), (bo, Had::Job)]);
        let second = write_history(&key(), 2026, [(anna, Had::Job)]);
        let mut history = History::default();
        assert_eq!(history.read(&first, &key()).unwrap().len(), 2);
        history.read(&second, &key()).unwrap();
        assert_eq!(history.of(&anna).collect::<Vec<_>>(), [(2025, Had::Applied), (2026, Had::Job)]);
        assert_eq!(history.of(&bo).collect::<Vec<_>>(), [(2025, Had::Job)]);
        assert_eq!(history.of(&key().person(b"200912121220")).count(), 0);
        let mut at_once = History::default();
        assert_eq!(at_once.read(&(first + &second), &key()).unwrap().len(), 3);
    }

    #[test]
    fn every_wrong_line_is_named_and_nothing_is_added() {
        let anna = key().person(b"201103151239");
        let mark = key().mark();
        let text = format!(
            "year,key,person,had\n20x5,{mark},{anna},applied\n2025,{mark},abc,applied\n2025,{mark},{anna},perhaps\n2025,00000000,{anna},applied\n\
             2025,{mark},{anna},applied\n2025,{mark},{anna},had-a-job\n2025\n"
        );
        let mut history = History::default();
        let errors = history.read(&text, &key()).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3, 4, 5, 7, 8]);
        assert!(matches!(errors[3].problem, HistoryProblem::OtherKey { .. }), "{errors:?}");
        assert!(history.is_empty());
        for text in ["", "person,had\n"] {
            assert_eq!(history.read(text, &key()).unwrap_err()[0].problem, HistoryProblem::Header);
        }
    }
}
