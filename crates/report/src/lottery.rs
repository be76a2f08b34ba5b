//! The files of a public lottery: list and rules, which are fixed before the seed is known, and the numbers, which follow from it.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_core::Lottery;
use feriematch_model::{Applicant, District, DistrictIx, LotteryNumber, Payer, Season, Stream};
use serde::Deserialize;
use serde_json::{Value, json};

/// The name of the list: who takes part, in which class.
pub const LIST_FILE: &str = "list.csv";

/// The name of the rules.
pub const RULES_FILE: &str = "rules.json";

/// The name of the numbers.
pub const NUMBERS_FILE: &str = "numbers.csv";

/// What is fixed before the seed is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The rules, as the bytes of their file.
    pub rules: String,
    /// The list, as the bytes of its file.
    pub list: String,
}

/// Why files are not those that were committed to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommittedError {
    /// The rules are not of the form.
    #[error("{RULES_FILE} cannot be read: {0}")]
    Rules(#[from] serde_json::Error),
    /// The list is no table.
    #[error("{LIST_FILE} cannot be read: {0}")]
    List(#[from] csv::Error),
    /// The list has a class that the rules do not have.
    #[error("{LIST_FILE} has {applicant} in class {class}, which {RULES_FILE} does not have")]
    Class {
        /// Who.
        applicant: String,
        /// The class.
        class: String,
    },
}

/// What has changed since the list was fixed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Who has come since.
    pub added: Vec<String>,
    /// Who is gone.
    pub struck: Vec<String>,
    /// Who is in another class: the id, the class on the list, the class now.
    pub reclassed: Vec<(String, String, String)>,
    /// Whether the rules are others.
    pub rules: bool,
}

impl Changes {
    /// Returns whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A line of the list.
#[derive(Debug, Deserialize)]
struct Entry {
    applicant_id: String,
    class: String,
}

impl Committed {
    /// Returns the list and the rules of a season as it is now.
    pub fn of(season: &Season) -> Self {
        let code = |applicant: &Applicant| &*season.settings().classes[applicant.class.get()].code;
        let lines = season.applicants().iter().map(|applicant| [&*applicant.id, code(applicant)]);
        Self { rules: rules(season), list: table(["applicant_id", "class"], lines) }
    }

    /// Returns the commitment: BLAKE3 of the rules followed by the list, in hexadecimal.
    pub fn commitment(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.rules.as_bytes()).update(self.list.as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    /// Draws the numbers of everybody on the list, and writes their file in the order of the ranking.
    ///
    /// # Errors
    ///
    /// Returns an error if list and rules are not of the form.
    pub fn numbers(&self, seed: &str) -> Result<String, CommittedError> {
        #[derive(Deserialize)]
        struct Rules {
            classes: Vec<Class>,
        }
        #[derive(Deserialize)]
        struct Class {
            code: String,
        }
        let rules: Rules = serde_json::from_str(&self.rules)?;
        let class_of: BTreeMap<&str, usize> = (0..).zip(&rules.classes).map(|(row, class)| (&*class.code, row)).collect();
        let lottery = Lottery::new(seed);
        let entries = self.entries()?;
        let mut ranking: Vec<(usize, LotteryNumber, &Entry)> = Vec::with_capacity(entries.len());
        for entry in &entries {
            let Entry { applicant_id, class } = entry;
            let unknown = || CommittedError::Class { applicant: applicant_id.clone(), class: class.clone() };
            ranking.push((*class_of.get(&**class).ok_or_else(unknown)?, lottery.number(applicant_id), entry));
        }
        ranking.sort_unstable_by(|a, b| (a.0, a.1, &a.2.applicant_id).cmp(&(b.0, b.1, &b.2.applicant_id)));
        let lines = (1..).zip(&ranking).map(|(position, (_, number, entry)): (u32, _)| {
            [entry.applicant_id.clone(), entry.class.clone(), number.to_string(), position.to_string()]
        });
        Ok(table(["applicant_id", "class", "lottery_number", "position"], lines))
    }

    /// Returns how a season differs from what was fixed.
    ///
    /// # Errors
    ///
    /// Returns an error if the list is no table.
    pub fn changes(&self, season: &Season) -> Result<Changes, CommittedError> {
        let entries = self.entries()?;
        let classes: BTreeMap<&str, &str> = entries.iter().map(|entry| (&*entry.applicant_id, &*entry.class)).collect();
        let mut changes = Changes { rules: self.rules != rules(season), ..Changes::default() };
        for applicant in season.applicants() {
            let class = &season.settings().classes[applicant.class.get()].code;
            match classes.get(&*applicant.id) {
                None => changes.added.push(applicant.id.to_string()),
                Some(then) if **then != **class => {
                    changes.reclassed.push((applicant.id.to_string(), (*then).to_owned(), class.to_string()));
                }
                Some(_) => {}
            }
        }
        let now: BTreeSet<&str> = season.applicants().iter().map(|applicant| &*applicant.id).collect();
        changes.struck = classes.keys().filter(|id| !now.contains(*id)).map(|id| (*id).to_owned()).collect();
        Ok(changes)
    }

    fn entries(&self) -> Result<Vec<Entry>, CommittedError> {
        let reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(self.list.as_bytes());
        Ok(reader.into_deserialize().collect::<Result<_, _>>()?)
    }
}

/// Writes a table: UTF-8, `;`, LF, and ids as they are, since every byte counts.
fn table<const N: usize, T: AsRef<[u8]>>(header: [&str; N], lines: impl Iterator<Item = [T; N]>) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // A Vec takes every write.
    let _ = writer.write_record(header);
    for line in lines {
        let _ = writer.write_record(line);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Writes the rules: what decides the ranking and what is served from it.
fn rules(season: &Season) -> String {
    let settings = season.settings();
    let class_code = |row: usize| &settings.classes[row].code;
    let district_id = |row: usize| &settings.districts[row].id;
    let stream = |stream: &Stream| {
        json!({
            "id": stream.id,
            "payer": match stream.payer {
                Payer::HomeDistrict => "home-district",
                Payer::Employer => "employer",
                Payer::External => "external",
            },
            "cap": stream.cap,
            "classes": stream.classes.rows().map(class_code).collect::<Vec<_>>(),
            "cohorts": stream.cohorts,
            "home_districts": stream.home_districts.rows().map(district_id).collect::<Vec<_>>(),
        })
    };
    let ceilings = (0..).map(DistrictIx::new).map(|district| season.home_cap(district));
    let district = |(district, ceiling): (&District, Option<u32>)| json!({ "id": district.id, "cap": ceiling });
    let rules: Value = json!({
        "format": 1,
        "season": settings.name,
        "year": settings.year,
        "cohorts": settings.cohorts,
        "mechanism": settings.mechanism,
        "rank_costs": settings.rank_costs,
        "classes": settings.classes.iter().map(|class| json!({ "code": class.code, "name": class.name })).collect::<Vec<_>>(),
        "streams": settings.streams.iter().map(stream).collect::<Vec<_>>(),
        "districts": settings.districts.iter().zip(ceilings).map(district).collect::<Vec<_>>(),
        "departments": settings.departments.iter().map(|d| json!({ "id": d.id, "cap": d.cap })).collect::<Vec<_>>(),
        "numbers": {
            "hash": "BLAKE3",
            "context": "feriematch 1 lottery",
            "key": "derive_key of the context and the seed in UTF-8",
            "number": "the first bytes, big-endian, of the keyed hash of the applicant's id in UTF-8",
            "bytes": 8,
            "order": ["class", "lottery_number", "applicant_id"],
        },
    });
    format!("{rules:#}\n")
}
