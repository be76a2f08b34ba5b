//! Seasons that meet published totals exactly.

mod applicants;
mod cells;
mod check;
mod error;
mod file;
mod people;
mod postings;
mod wishes;

use std::path::Path;

use jiff::civil::Date;

pub use self::error::{MarginsError, MarginsProblem};

use self::applicants::Applicants;
use self::cells::Cell;
use self::postings::Postings;
use crate::SynthError;
use crate::draw::Weights;
use crate::folder::write_season;
use crate::settings::{Clock, Settings};

/// The totals that a season has to meet, and the shares by which everything else is drawn.
///
/// **Met exactly**: the number of applicants of each district; girls and boys there, to the whole person; the sizes of
/// classes and cohorts in each district, by the largest remainder; the places of each employer, and their division over
/// kinds of work; the number of protected identities. **Drawn** with the given shares: who among them is what, birthdays,
/// wishes, periods, qualifications, register extracts, and how an employer's places are cut into postings.
///
/// # The file
///
/// | table | what it holds |
/// |---|---|
/// | `format`, `seed` | 1, and the seed |
/// | `[settings]` | what `season.toml` will say, under the same keys: `[settings.season]`, `[[settings.districts]]` … |
/// | `[applicants]` | `id_prefix`, `protected` |
/// | `[[applicants.districts]]` | `district`, `count`, `girls_percent` |
/// | `[[applicants.cohorts]]` | `cohort`, `weight` |
/// | `[[applicants.classes]]` | `class`, `weight`; `girls_points` more than in the district; only `cohorts` |
/// | `[[applicants.qualifications]]` | `qualification`, `percent`; `from_age` |
/// | `[applicants.periods]` | `every_percent` can work in every period, the others lack some |
/// | `[applicants.extract]` | `percent` of those whose wishes need an extract have shown it from `first_day` to `last_day` |
/// | `[[jobs.kinds]]` | `code`, `title`, `area`, `weight`, `capacity` of a posting `[least, most]`; `periods`; then as in `jobs.csv` |
/// | `[[jobs.places]]` | `employer`, `prefix`, `count`, `kinds`, `funding`; `host`, `open_to` |
/// | `[wishes]` | `ranks` `[least, most]`, `home_percent`, `tie_percent`, `unsuited_percent`, `any_percent` |
/// | `[wishes.forms]` | weights of `job`, `area`, `area_home`, `area_district`, `district`, `home` |
/// | `[[wishes.areas]]` | `area` and the `weight` of a place there |
///
/// What comes after a semicolon may be left out. `data/stockholm-2015/margins.toml` is a commented example.
pub struct Margins {
    /// What `season.toml` will say.
    settings: Settings,
    seed: u64,
    id_prefix: String,
    protected: u64,
    cells: Vec<Cell>,
    qualifications: Vec<QualificationShare>,
    /// The share of applicants who can work in every period.
    every_period_percent: u32,
    extract: Option<ExtractDays>,
    kinds: Vec<Kind>,
    places: Vec<Places>,
    wishes: WishMargins,
}

/// How common a qualification is from an age on.
struct QualificationShare {
    qualification: usize,
    percent: u32,
    from_age: u8,
}

/// When register extracts are shown, and by how many of those who need one.
struct ExtractDays {
    percent: u32,
    first_day: Date,
    last_day: Date,
}

/// A kind of work.
struct Kind {
    code: String,
    title: String,
    area: usize,
    /// The least and the most places of a posting.
    capacity: [u32; 2],
    periods: Vec<usize>,
    min_age: Option<u8>,
    max_age: Option<u8>,
    requires: Vec<usize>,
    hazardous: bool,
    hours: Option<u32>,
    hours_per_day: Option<u32>,
    hours_per_week: Option<u32>,
    start_time: Option<Clock>,
    end_time: Option<Clock>,
}

/// So many places of one employer on the same terms.
struct Places {
    employer: String,
    prefix: String,
    /// Kinds of work and how many places each gets.
    kinds: Vec<(usize, u64)>,
    funding: Vec<usize>,
    /// What the column says; the host itself is `host`.
    stated_host: Option<usize>,
    host: Option<usize>,
    open_to: Vec<usize>,
}

/// How wishes are drawn.
struct WishMargins {
    ranks: [u32; 2],
    home_percent: u32,
    tie_percent: u32,
    unsuited_percent: u32,
    any_percent: u32,
    /// Weights in the order of [`Form::ALL`](wishes::Form::ALL).
    forms: Weights,
    /// For each area the popularity of a place there.
    areas: Vec<u64>,
}

impl Margins {
    /// Reads margins from TOML, and checks that they can be met.
    ///
    /// # Errors
    ///
    /// The first problem, with its line and column.
    pub fn from_toml(text: &str) -> Result<Self, MarginsError> {
        check::margins(text)
    }

    /// Returns the same margins with another seed: other people, the same totals.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Returns the number of applicants.
    pub fn applicants(&self) -> u64 {
        self.cells.iter().map(Cell::size).sum()
    }

    /// Writes the season into a folder: `season.toml`, `applicants.csv` and `jobs.csv`.
    ///
    /// `progress` is told the number of applicants written so far.
    ///
    /// # Errors
    ///
    /// [`SynthError::Exists`] if the folder holds a season, and [`SynthError::Write`] if the system refuses.
    ///
    /// # Complexity
    ///
    /// O(applicants · wishes · log jobs) time, spread over the threads of the current rayon pool; O(applicants + jobs) memory.
    ///
    /// # Determinism
    ///
    /// The bytes depend on the margins and the seed alone, not on the number of threads or the machine.
    pub fn write_to(&self, dir: &Path, progress: &dyn Fn(u64)) -> Result<(), SynthError> {
        let postings = Postings::draw(self);
        let applicants = Applicants::new(self, &postings);
        let heading = format!(
            "Drawn by feriematch synth from margins with seed {}: this file says what their [settings] say.\nAll people are invented.",
            self.seed
        );
        write_season(dir, &heading, &self.settings, &postings, &applicants, progress)
    }
}
