//! The benchmark season: any size, one recipe.

use std::fmt;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::draw::{Draw, Purpose, Weights};
use crate::folder::{Fields, Table, write_season};
use crate::popularity::Popularity;
use crate::settings::{Area, Class, Day, Employer, Head, Lottery, Mechanism, Period, RankCosts, Settings, Stream};
use crate::{SynthError, zipf};

/// How a season of a given size is drawn: who lives where, what there is, and who wishes for what.
///
/// - District d, counted from 0, has weight 1/(d + 4), for jobs as for applicants.
/// - The popularity of jobs follows Zipf's law, in an order that is drawn.
/// - Each applicant wishes for distinct jobs, each drawn with probability [`home_percent`](Self::home_percent) from the home
///   district and otherwise from all.
/// - Capacities are geometric, cut off at [`max_capacity`](Self::max_capacity), then moved by ones to the exact total.
/// - Priority classes are drawn with 10, 20, 30 and 40 %, sexes and birthdays evenly.
///
/// Every job suits every applicant, nothing has a cap and there is one funding stream: what a run on such a season
/// spends its time on is the matching.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let dir = folder.path().join("season");
/// use feriematch_synth::Recipe;
///
/// let recipe = Recipe { applicants: 500, jobs: 40, places: 200, choices: 5, seed: 7, ..Recipe::default() };
/// recipe.write_to(&dir, &|_| ())?;
/// assert!(dir.join("season.toml").exists());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The number of applicants.
    pub applicants: u32,
    /// The number of jobs.
    pub jobs: u32,
    /// The number of places over all jobs.
    pub places: u32,
    /// The number of wishes an applicant has: 1 to 20, and no more than there are jobs.
    pub choices: u32,
    /// The seed: equal recipes with equal seeds are equal seasons, byte for byte.
    pub seed: u64,
    /// The number of districts, 1 to 64.
    pub districts: u32,
    /// How many of a hundred wishes are drawn from the home district's jobs.
    pub home_percent: u32,
    /// The exponent of Zipf's law in fifths: 0 makes all jobs equally popular, 4 is 0.8, 5 the most.
    pub zipf_fifths: u32,
    /// The most places a job has.
    pub max_capacity: u32,
    /// The year of the season; applicants are born 16 to 18 years before.
    pub year: i16,
}

impl Default for Recipe {
    /// Returns the recipe for a season of the size of three districts of Stockholm in 2015.
    fn default() -> Self {
        Self {
            applicants: 1_511,
            jobs: 110,
            places: 553,
            choices: 10,
            seed: 1,
            districts: 14,
            home_percent: 70,
            zipf_fifths: 4,
            max_capacity: 20,
            year: 2027,
        }
    }
}

impl Recipe {
    /// Writes the season into a folder: `season.toml`, `applicants.csv` and `jobs.csv`.
    ///
    /// `progress` is told the number of applicants written so far.
    ///
    /// # Errors
    ///
    /// [`SynthError::OutOfRange`] if the numbers do not make a season, [`SynthError::Exists`] if the folder holds one, and
    /// [`SynthError::Write`] if the system refuses.
    ///
    /// # Complexity
    ///
    /// O(applicants · choices · log jobs) time, spread over the threads of the current rayon pool; O(jobs) memory.
    ///
    /// # Determinism
    ///
    /// The bytes depend on the recipe alone, not on the number of threads or the machine.
    pub fn write_to(&self, dir: &Path, progress: &dyn Fn(u64)) -> Result<(), SynthError> {
        self.check()?;
        let jobs = Jobs::draw(self);
        let applicants = Applicants::new(self, &jobs);
        let heading = format!("Drawn by feriematch synth from a recipe with seed {}. All people are invented.", self.seed);
        write_season(dir, &heading, &self.settings(), &jobs, &applicants, progress)
    }

    fn check(&self) -> Result<(), SynthError> {
        let any = i64::from(u32::MAX);
        let jobs = i64::from(self.jobs);
        let most_places = any.min(jobs * i64::from(self.max_capacity));
        for (what, value, least, most) in [
            ("the number of applicants", self.applicants.into(), 0, any),
            ("the number of jobs", jobs, 1, zipf::MOST_ROWS.into()),
            ("the largest capacity", self.max_capacity.into(), 1, any),
            ("the number of places", self.places.into(), jobs, most_places),
            ("the number of choices", self.choices.into(), 1, jobs.min(20)),
            ("the number of districts", self.districts.into(), 1, 64),
            ("the share of wishes in the home district", self.home_percent.into(), 0, 100),
            ("the exponent of popularity, in fifths,", self.zipf_fifths.into(), 0, 5),
            ("the year", self.year.into(), 1900, 2999),
        ] {
            if !(least..=most).contains(&value) {
                return Err(SynthError::OutOfRange { what, value, least, most });
            }
        }
        Ok(())
    }

    fn cohorts(&self) -> [i16; 3] {
        [self.year - 18, self.year - 17, self.year - 16]
    }

    fn district_weights(&self) -> Weights {
        (0..u64::from(self.districts)).map(|d| 1_000_000_000 / (d + 4)).collect()
    }

    fn settings(&self) -> Settings {
        let named = |ids: &[(&str, &str)]| -> Vec<Class> {
            ids.iter().map(|&(code, name)| Class { code: code.to_owned(), name: name.to_owned() }).collect()
        };
        let first = date(self.year, 6, 15);
        Settings {
            season: Head {
                name: format!("Synthetic season {}", self.seed),
                year: self.year,
                cohorts: self.cohorts().to_vec(),
                cost_per_place: None,
                rule_pack: "sweden-minors".to_owned(),
            },
            lottery: Some(Lottery { seed: format!("synthetic {}", self.seed) }),
            mechanism: Mechanism { name: "priority".to_owned(), rank_costs: RankCosts::Named("linear".to_owned()) },
            classes: named(&CLASSES.map(|(code, name, _)| (code, name))),
            periods: vec![Period {
                id: "1".to_owned(),
                name: "Period 1".to_owned(),
                first_day: Day(first),
                last_day: Day(first + 18.days()),
            }],
            areas: AREAS.iter().map(|&(id, name)| Area { id: id.to_owned(), name: name.to_owned(), extract: false }).collect(),
            qualifications: Vec::new(),
            districts: (0..self.districts as usize)
                .map(|d| Employer { id: DistrictId(d).to_string(), name: format!("Stadsdel {}", d + 1), budget: None, cap: None })
                .collect(),
            departments: Vec::new(),
            funding: vec![Stream {
                id: "district".to_owned(),
                name: "Stadsdelens budget".to_owned(),
                payer: "home-district".to_owned(),
                cap: None,
                classes: Vec::new(),
                cohorts: Vec::new(),
                home_districts: Vec::new(),
            }],
            wages: Vec::new(),
            wage_costs: None,
        }
    }
}

/// Priority classes with their shares.
const CLASSES: [(&str, &str, u64); 4] =
    [("P", "Prioriterade", 10), ("1", "Sökt förut, aldrig fått", 20), ("2", "Första gången", 30), ("3", "Haft jobb förut", 40)];

/// Work areas, all alike.
const AREAS: [(&str, &str); 6] = [
    ("park", "Parkskötsel"),
    ("elderly-care", "Äldreomsorg"),
    ("culture", "Kultur"),
    ("sports", "Idrott"),
    ("office", "Kontor"),
    ("kitchen", "Kök och servering"),
];

/// How often a wish may repeat an earlier one before the home district counts as exhausted.
const MOST_REPEATS: u32 = 200;

/// The id of a district by its row.
struct DistrictId(usize);

impl fmt::Display for DistrictId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "d{:02}", self.0 + 1)
    }
}

/// An id with leading zeros, so that ids sort as numbers do.
struct Numbered {
    letter: char,
    row: u64,
    width: usize,
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:0width$}", self.letter, self.row + 1, width = self.width)
    }
}

fn digits(count: u32) -> usize {
    count.max(1).ilog10() as usize + 1
}

/// The jobs of a season.
struct Jobs {
    width: usize,
    hosts: Vec<usize>,
    capacities: Vec<u32>,
    /// The popularity weight of each job.
    weights: Vec<u64>,
}

impl Jobs {
    fn draw(recipe: &Recipe) -> Self {
        let mut draw = Draw::once(recipe.seed, Purpose::Jobs);
        let districts = recipe.district_weights();
        let hosts = (0..recipe.jobs).map(|_| districts.pick(&mut draw)).collect();
        let mut weights: Vec<u64> = (1..=recipe.jobs).map(|k| zipf::weight(k, recipe.zipf_fifths)).collect();
        draw.shuffle(&mut weights);
        Self { width: digits(recipe.jobs), hosts, capacities: capacities(recipe, &mut draw), weights }
    }

    fn id(&self, row: u64) -> Numbered {
        Numbered { letter: 'J', row, width: self.width }
    }
}

/// Draws capacities: geometric with the mean that is wanted, cut off at the largest, then corrected one by one.
fn capacities(recipe: &Recipe, draw: &mut Draw) -> Vec<u32> {
    let (jobs, places) = (u64::from(recipe.jobs), u64::from(recipe.places));
    let geometric = |draw: &mut Draw| {
        let mut capacity = 1;
        while capacity < recipe.max_capacity && draw.below(places) >= jobs {
            capacity += 1;
        }
        capacity
    };
    let mut capacities: Vec<u32> = (0..jobs).map(|_| geometric(draw)).collect();
    let mut total: u64 = capacities.iter().copied().map(u64::from).sum();
    while total != places {
        let capacity = &mut capacities[draw.index(recipe.jobs as usize)];
        if total < places && *capacity < recipe.max_capacity {
            *capacity += 1;
            total += 1;
        } else if total > places && *capacity > 1 {
            *capacity -= 1;
            total -= 1;
        }
    }
    capacities
}

impl Table for Jobs {
    const COLUMNS: &'static [&'static str] = &["job_id", "title", "employer", "area", "capacity"];

    fn rows(&self) -> u64 {
        self.hosts.len() as u64
    }

    fn write_row(&self, row: u64, fields: &mut Fields) {
        let (area, title) = AREAS[row as usize % AREAS.len()];
        fields.push(self.id(row));
        fields.push(title);
        fields.push(DistrictId(self.hosts[row as usize]));
        fields.push(area);
        fields.push(self.capacities[row as usize]);
    }
}

/// The applicants of a season, each drawn from the stream of its row.
struct Applicants<'a> {
    recipe: &'a Recipe,
    jobs: &'a Jobs,
    width: usize,
    districts: Weights,
    classes: Weights,
    popularity: Popularity,
}

impl<'a> Applicants<'a> {
    fn new(recipe: &'a Recipe, jobs: &'a Jobs) -> Self {
        let weighed: Vec<(Option<usize>, u64)> =
            jobs.hosts.iter().map(|&host| Some(host)).zip(jobs.weights.iter().copied()).collect();
        Self {
            recipe,
            jobs,
            width: digits(recipe.applicants),
            districts: recipe.district_weights(),
            classes: CLASSES.iter().map(|&(_, _, share)| share).collect(),
            popularity: Popularity::new(recipe.districts as usize, &weighed),
        }
    }
}

impl Table for Applicants<'_> {
    const COLUMNS: &'static [&'static str] = &["applicant_id", "birth_date", "gender", "home_district", "class", "wishes"];

    fn rows(&self) -> u64 {
        self.recipe.applicants.into()
    }

    fn write_row(&self, row: u64, fields: &mut Fields) {
        let mut draw = Draw::row(self.recipe.seed, row);
        let cohorts = self.recipe.cohorts();
        let birth = birthday(cohorts[draw.index(cohorts.len())], &mut draw);
        let gender = ["F", "M"][draw.index(2)];
        let home = self.districts.pick(&mut draw);
        let class = CLASSES[self.classes.pick(&mut draw)].0;

        // Twenty wishes at most, and no more than there are jobs: drawing again until they differ ends soon, unless the home
        // district has too few jobs and nothing else may be drawn.
        let mut wishes: Vec<usize> = Vec::with_capacity(self.recipe.choices as usize);
        let mut repeats = 0;
        while wishes.len() < self.recipe.choices as usize {
            let home_percent = if repeats < MOST_REPEATS { self.recipe.home_percent } else { 0 };
            let job = self.popularity.pick(home, home_percent, &mut draw);
            if wishes.contains(&job) {
                repeats += 1;
            } else {
                wishes.push(job);
            }
        }

        fields.push(Numbered { letter: 'A', row, width: self.width });
        fields.push(birth);
        fields.push(gender);
        fields.push(DistrictId(home));
        fields.push(class);
        fields.push_list(wishes.iter().map(|&job| self.jobs.id(job as u64)), " > ");
    }
}

/// Draws a day of a year.
pub(crate) fn birthday(year: i16, draw: &mut Draw) -> Date {
    let first = date(year, 1, 1);
    first + i64::from(draw.between(0, u32::from(first.days_in_year().unsigned_abs()) - 1)).days()
}
