//! What became of earlier offers: from ledgers and published tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use feriematch_model::Season;
use feriematch_plan::offers::AnswerCounts;
use feriematch_report::against::Published;

use crate::cli::SeasonArgs;
use crate::cli::rounds::LedgerAt;
use crate::commands::report::read_published;
use crate::exit_code::Failure;
use crate::{record, season};

/// What became of earlier offers.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// By home district, under its id.
    pub(super) districts: BTreeMap<String, AnswerCounts>,
    /// By priority class, under its code; published tables do not say it.
    pub(super) classes: BTreeMap<String, AnswerCounts>,
    /// Where it comes from, in the order in which it was asked for.
    pub(super) sources: Vec<String>,
}

/// The names of the published figures that are read, and where they are.
const MEASURES: [&str; 4] = ["offered", "declined", "lapsed", "withdrawn"];

impl Learned {
    /// Reads ledgers and published tables, and adds up what they say.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut learned = Self::default();
        for path in paths {
            let (ledger, published) = (path.join(record::LEDGER_FILE), path.join("published.csv"));
            if !path.is_dir() {
                learned.add_published(path)?;
            } else if ledger.exists() {
                learned.add_record(path)?;
            } else if published.exists() {
                learned.add_published(&published)?;
            } else {
                return Err(Failure::Usage {
                    message: format!("{} has neither a ledger nor published.csv to learn from", path.display()),
                    help: "name a season folder with one of them, or a published table".to_owned(),
                });
            }
        }
        Ok(learned)
    }

    /// Adds what the ledger of a season folder says, by home district and class of its files.
    fn add_record(&mut self, dir: &Path) -> Result<(), Failure> {
        let at = record::location(dir, &LedgerAt { ledger: None })?;
        let steps = record::standing_steps(&at, dir)?;
        let loaded = season::load(&SeasonArgs { dir: dir.to_owned(), encoding: None })?;
        let season = &loaded.season;
        let counts = AnswerCounts::of_steps(&steps, |id| season.find_applicant(id));
        let missing = counts.get(&None).copied().unwrap_or_default();
        if missing != AnswerCounts::default() {
            return Err(Failure::File {
                message: format!("{}: applicants whom the ledger knows are no longer in the files", dir.display()),
                help: "learn from a published table instead, if the season's personal data has been deleted".to_owned(),
            });
        }
        let settings = season.settings();
        for (applicant, counts) in counts.iter().filter_map(|(applicant, counts)| Some(((*applicant)?, counts))) {
            let applicant = season.applicant(applicant);
            let district = &settings.districts[applicant.home_district.get()].id;
            let class = &settings.classes[applicant.class.get()].code;
            self.districts.entry(district.to_string()).or_default().add(counts);
            self.classes.entry(class.to_string()).or_default().add(counts);
        }
        self.sources.push(format!("the ledger of {}", dir.display()));
        Ok(())
    }

    /// Adds what a published table says of home districts.
    fn add_published(&mut self, file: &Path) -> Result<(), Failure> {
        let mut of_districts: BTreeMap<String, BTreeMap<&str, &Published>> = BTreeMap::new();
        let table = read_published(file)?;
        for figure in table.iter().filter(|figure| figure.group == "district" && MEASURES.contains(&&*figure.measure)) {
            of_districts.entry(figure.key.clone()).or_default().insert(&figure.measure, figure);
        }
        let mut problems = Vec::new();
        let mut found = Vec::new();
        for (district, figures) in &of_districts {
            match answers(district, figures) {
                Ok(counts) => found.push((district, counts)),
                Err(problem) => problems.push(problem),
            }
        }
        if of_districts.is_empty() {
            problems.push("it says of no district how many offers were made and declined".to_owned());
        }
        if !problems.is_empty() {
            return Err(Failure::File {
                message: problems.iter().map(|p| format!("{}: {p}", file.display())).collect::<Vec<_>>().join("\n       "),
                help: "it takes `offered` and `declined` of a district, and may have `lapsed` and `withdrawn`: lines such as \
                       `district,norrmalm,offered,198`"
                    .to_owned(),
            });
        }
        for (district, counts) in found {
            self.districts.entry(district.clone()).or_default().add(&counts);
        }
        self.sources.push(file.display().to_string());
        Ok(())
    }

    /// Returns what was seen of each home district of a season, in its order.
    pub(super) fn of_season(&self, season: &Season) -> Vec<AnswerCounts> {
        let of = |id: &str| self.districts.get(id).copied().unwrap_or_default();
        season.settings().districts.iter().map(|district| of(&district.id)).collect()
    }

    /// Returns the sum of all districts.
    pub(super) fn total(&self) -> AnswerCounts {
        let mut total = AnswerCounts::default();
        self.districts.values().for_each(|counts| total.add(counts));
        total
    }
}

/// Returns what the published figures of a district say of its offers.
fn answers(district: &str, figures: &BTreeMap<&str, &Published>) -> Result<AnswerCounts, String> {
    let number = |measure: &str| {
        let Some(figure) = figures.get(measure) else { return Ok(None) };
        let wrong = |_| format!("line {}: `{}` is not a number of offers", figure.line, figure.value);
        figure.value.parse::<u32>().map(Some).map_err(wrong)
    };
    let missing = |measure: &str| format!("district `{district}` has no figure `{measure}`");
    let offered = number("offered")?.ok_or_else(|| missing("offered"))?;
    let declined = number("declined")?.ok_or_else(|| missing("declined"))?;
    let (lapsed, withdrawn) = (number("lapsed")?.unwrap_or(0), number("withdrawn")?.unwrap_or(0));
    let accepted = offered.checked_sub(declined).and_then(|left| left.checked_sub(lapsed));
    match accepted.filter(|&accepted| withdrawn <= accepted) {
        Some(accepted) => Ok(AnswerCounts { accepted, declined, lapsed, withdrawn, open: 0 }),
        None => Err(format!(
            "district `{district}`: more offers are declined, lapsed and withdrawn than the {offered} that were made"
        )),
    }
}
