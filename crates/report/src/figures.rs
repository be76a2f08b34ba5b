//! The figures of a season and its outcome, counted once for every table and sentence.

use std::collections::BTreeSet;

use feriematch_core::balance::{Comparison, GenderCount};
use feriematch_core::{PaperDraw, Preparation};
use feriematch_model::{
    Applicant, ApplicantIx, Employer, Job, JobFilter, JobIx, Money, Outcome, PlacedBy, Season, StreamIx, Target, Verdict,
};
use feriematch_payroll::{Account, Post, Standing, costs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What a table has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Home district of the applicants; places are those the district itself offers.
    District,
    /// Department that offers the places.
    Department,
    /// Birth year.
    Cohort,
    /// Working period.
    Period,
    /// Work area.
    Area,
    /// Priority class.
    Class,
}

impl Dimension {
    /// Every dimension, in the order in which reports show them.
    pub const ALL: [Self; 6] = [Self::District, Self::Department, Self::Cohort, Self::Period, Self::Area, Self::Class];
}

/// The figures of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The id that files use.
    pub id: String,
    /// The name.
    pub name: String,
    /// Those who applied: who live there, were born then, are of the class, or wish for a job there.
    pub applications: GenderCount,
    /// Those of them who may take a job they wish for (there).
    pub eligible: GenderCount,
    /// Those who got a place: for districts, cohorts and classes anywhere, else there.
    pub selected: GenderCount,
    /// The places on offer; `None` where places do not belong to such groups.
    pub places: Option<u32>,
    /// The places that somebody has.
    pub filled: Option<u32>,
    /// The selected compared with the eligible.
    pub comparison: Option<Comparison>,
    /// The p-value adjusted for the number of comparisons in the report.
    pub adjusted_p: Option<f64>,
    /// How many of those who applied have a protected identity.
    pub protected: u32,
    /// Whether the numbers of people are masked: they would tell of somebody with a protected identity, or let another group's that
    /// do be computed.
    pub is_masked: bool,
}

impl Group {
    /// Groups of fewer applicants than this are masked where one of them has a protected identity.
    pub const LEAST: u32 = 5;

    /// Returns whether the difference is larger than chance, the number of comparisons considered.
    pub fn is_larger_than_chance(&self) -> bool {
        self.adjusted_p.is_some_and(|p| p < Comparison::LEVEL)
    }
}

/// What one payer's youths cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerFigures {
    /// The id of the district, department or stream.
    pub id: String,
    /// The name.
    pub name: String,
    /// The money, where it is stated.
    pub budget: Option<Money>,
    /// The most youths that may be placed on it, where it has a cap.
    pub cap: Option<u32>,
    /// The youths it pays for.
    pub placed: u32,
    /// What they cost, wages and fees; `None` where a wage or the hours of one of them are not known.
    pub cost: Option<Money>,
}

/// How many got their first wish, their second, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RankProfile {
    /// By rank, from 1.
    pub ranks: Vec<u32>,
    /// Placed by hand outside their wishes.
    pub outside: u32,
    /// Eligible, and without a place.
    pub waiting: u32,
}

impl RankProfile {
    /// Counts an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        let mut profile = Self::default();
        for decision in &outcome.decisions {
            match &decision.verdict {
                Verdict::Placed(placed) => profile.add(placed.rank),
                Verdict::Waiting { .. } => profile.waiting += 1,
                Verdict::Ineligible { .. } => {}
            }
        }
        profile
    }

    /// Counts a paper lottery.
    pub fn of_paper(draw: &PaperDraw) -> Self {
        let mut profile = Self { waiting: draw.waiting, ..Self::default() };
        draw.ranks.iter().for_each(|&rank| profile.add(rank));
        profile
    }

    /// Counts one more who has a place.
    fn add(&mut self, rank: Option<u16>) {
        match rank.map(usize::from) {
            Some(rank) => {
                if self.ranks.len() < rank {
                    self.ranks.resize(rank, 0);
                }
                self.ranks[rank - 1] += 1;
            }
            None => self.outside += 1,
        }
    }

    /// Returns how many have a place.
    pub fn placed(&self) -> u32 {
        self.ranks.iter().sum::<u32>() + self.outside
    }

    /// Returns how many have a wish of a rank.
    pub fn at(&self, rank: usize) -> u32 {
        self.ranks.get(rank - 1).copied().unwrap_or(0)
    }

    /// Returns the share of the first wish among the placed.
    pub fn first_share(&self) -> Option<f64> {
        (self.placed() > 0).then(|| f64::from(self.at(1)) / f64::from(self.placed()))
    }

    /// Returns the average rank of those placed on a wish.
    pub fn average(&self) -> Option<f64> {
        let placed: u32 = self.ranks.iter().sum();
        let total: u64 = (1..).zip(&self.ranks).map(|(rank, &count)| rank * u64::from(count)).sum();
        #[allow(clippy::cast_precision_loss, reason = "sums of ranks are far below 2^53")]
        (placed > 0).then(|| total as f64 / f64::from(placed))
    }
}

/// The season as a whole: what a run prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The whole season as one group.
    pub all: Group,
    /// The rank profile of the outcome.
    pub profile: RankProfile,
    /// The rank profile of the paper lottery on the same season and seed.
    pub paper: RankProfile,
    /// What the places were given by.
    pub origins: Origins,
}

/// What places were given by, those of earlier rounds included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origins {
    /// Those locked by hand.
    pub hand: u32,
    /// Those of people in whose class nobody who could take a place waits: there the lottery decided nothing.
    pub class: u32,
    /// Those of people in whose class somebody waits who drew a worse number, or had other wishes.
    pub lottery: u32,
    /// How many of all of them were given in an earlier round.
    pub earlier: u32,
}

impl Origins {
    fn of(season: &Season, outcome: &Outcome) -> Self {
        let mut waits = vec![false; season.settings().classes.len()];
        let decided = || season.applicants().iter().zip(&outcome.decisions);
        for (applicant, decision) in decided() {
            waits[applicant.class.get()] |= matches!(decision.verdict, Verdict::Waiting { .. });
        }
        let mut origins = Self::default();
        for (applicant, decision) in decided() {
            let Verdict::Placed(placed) = &decision.verdict else { continue };
            *match placed.by {
                PlacedBy::Lock => &mut origins.hand,
                PlacedBy::Ranking | PlacedBy::Hold if waits[applicant.class.get()] => &mut origins.lottery,
                PlacedBy::Ranking | PlacedBy::Hold => &mut origins.class,
            } += 1;
            origins.earlier += u32::from(placed.by == PlacedBy::Hold);
        }
        origins
    }
}

impl Overview {
    /// Counts an outcome of a season. `outcome` must be of this season, as the crate `audit` checks, and `paper` with its seed.
    pub fn new(preparation: &Preparation<'_>, outcome: &Outcome, paper: &PaperDraw) -> Self {
        Self::of(preparation, outcome, paper, &placements(preparation.season(), outcome))
    }

    fn of(preparation: &Preparation<'_>, outcome: &Outcome, paper: &PaperDraw, placements: &[Option<Placement>]) -> Self {
        Self {
            all: count_all(preparation, placements),
            profile: RankProfile::of(outcome),
            paper: RankProfile::of_paper(paper),
            origins: Origins::of(preparation.season(), outcome),
        }
    }
}

/// Everything that is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The season as a whole.
    pub overview: Overview,
    /// The groups of each dimension, in the order of [`Dimension::ALL`].
    pub dimensions: Vec<(Dimension, Vec<Group>)>,
    /// Who pays for whom.
    pub payers: Vec<PayerFigures>,
}

impl Figures {
    /// Counts an outcome of a season. `outcome` must be of this season, as the crate `audit` checks, and `paper` with its seed.
    pub fn new(preparation: &Preparation<'_>, outcome: &Outcome, paper: &PaperDraw) -> Self {
        let placements = placements(preparation.season(), outcome);
        let mut dimensions: Vec<(Dimension, Vec<Group>)> =
            Dimension::ALL.into_iter().map(|dimension| (dimension, count(preparation, &placements, dimension))).collect();
        adjust(dimensions.iter_mut().flat_map(|(_, groups)| groups));
        Self {
            overview: Overview::of(preparation, outcome, paper, &placements),
            dimensions,
            payers: payers(preparation.season(), &placements),
        }
    }

    /// Returns the groups of a dimension.
    pub fn groups(&self, dimension: Dimension) -> &[Group] {
        self.dimensions.iter().find(|(d, _)| *d == dimension).map_or(&[], |(_, groups)| groups)
    }

    /// Returns whether what a payer pays for would tell of a group that is masked.
    pub fn masks_payer(&self, payer: &PayerFigures) -> bool {
        let groups = [Dimension::District, Dimension::Department].into_iter().flat_map(|dimension| self.groups(dimension));
        groups.into_iter().any(|group| group.is_masked && group.id == payer.id)
    }

    /// Returns how many comparisons of girls and boys the groups hold.
    pub fn comparisons(&self) -> usize {
        self.dimensions.iter().flat_map(|(_, groups)| groups).filter(|g| g.comparison.is_some()).count()
    }
}

/// Where an applicant is placed, by index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placement {
    pub(crate) job: JobIx,
    pub(crate) stream: StreamIx,
    pub(crate) rank: Option<u16>,
    pub(crate) by: PlacedBy,
}

/// Returns each applicant's placement, if any.
pub(crate) fn placements(season: &Season, outcome: &Outcome) -> Vec<Option<Placement>> {
    let job_of: FxHashMap<&str, JobIx> = (0..).zip(season.jobs()).map(|(row, job)| (&*job.id, JobIx::new(row))).collect();
    let placement = |verdict: &Verdict| match verdict {
        Verdict::Placed(placed) => Some(Placement {
            job: job_of.get(placed.job.as_str()).copied()?,
            stream: season.settings().find_stream(&placed.stream)?,
            rank: placed.rank,
            by: placed.by,
        }),
        _ => None,
    };
    outcome.decisions.par_iter().map(|decision| placement(&decision.verdict)).collect()
}

/// The groups of a dimension that an applicant or a job belongs to.
struct Membership {
    of_applicant: Option<fn(&Season, &Applicant) -> usize>,
    of_job: Option<fn(&Season, &Job) -> Option<usize>>,
    names: Vec<(String, String)>,
}

impl Membership {
    fn new(season: &Season, dimension: Dimension) -> Self {
        let s = season.settings();
        let entry = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        match dimension {
            Dimension::District => Self {
                of_applicant: Some(|_, a| a.home_district.get()),
                of_job: Some(|_, j| match j.employer {
                    Employer::District(d) => Some(d.get()),
                    Employer::Department(_) => None,
                }),
                names: s.districts.iter().map(|d| entry(&d.id, &d.name)).collect(),
            },
            Dimension::Department => Self {
                of_applicant: None,
                of_job: Some(|_, j| match j.employer {
                    Employer::Department(d) => Some(d.get()),
                    Employer::District(_) => None,
                }),
                names: s.departments.iter().map(|d| entry(&d.id, &d.name)).collect(),
            },
            Dimension::Cohort => {
                // Birth years outside the season's cohorts have a last row of their own.
                let year = |season: &Season, a: &Applicant| {
                    let cohorts = &season.settings().cohorts;
                    cohorts.iter().position(|&c| c == a.birth_date.year()).unwrap_or(cohorts.len())
                };
                let mut names: Vec<_> = s.cohorts.iter().map(|c| (c.to_string(), c.to_string())).collect();
                names.push(entry("other", "other birth years"));
                Self { of_applicant: Some(year), of_job: None, names }
            }
            Dimension::Period => Self {
                of_applicant: None,
                of_job: Some(|_, j| Some(j.period.get())),
                names: s.periods.iter().map(|p| entry(&p.id, &p.name)).collect(),
            },
            Dimension::Area => Self {
                of_applicant: None,
                of_job: Some(|_, j| Some(j.area.get())),
                names: s.areas.iter().map(|a| entry(&a.id, &a.name)).collect(),
            },
            Dimension::Class => Self {
                of_applicant: Some(|_, a| a.class.get()),
                of_job: None,
                names: s.classes.iter().map(|c| entry(&c.code, &c.name)).collect(),
            },
        }
    }
}

/// Counts the groups of a dimension.
fn count(preparation: &Preparation<'_>, placements: &[Option<Placement>], dimension: Dimension) -> Vec<Group> {
    let season = preparation.season();
    let membership = Membership::new(season, dimension);
    let has_places = membership.of_job.is_some();
    let new_group = |(id, name): &(String, String)| Group {
        id: id.clone(),
        name: name.clone(),
        applications: GenderCount::default(),
        eligible: GenderCount::default(),
        selected: GenderCount::default(),
        places: has_places.then_some(0),
        filled: has_places.then_some(0),
        comparison: None,
        adjusted_p: None,
        protected: 0,
        is_masked: false,
    };
    let mut groups: Vec<Group> = membership.names.iter().map(new_group).collect();
    if let Some(of_job) = membership.of_job {
        let group_of = |job: JobIx| of_job(season, season.job(job));
        for (row, job) in season.jobs().iter().enumerate() {
            if let Some(group) = group_of(JobIx::new(row)) {
                groups[group].places = groups[group].places.map(|places| places + job.capacity);
            }
        }
        for group in placements.iter().flatten().filter_map(|p| group_of(p.job)) {
            groups[group].filled = groups[group].filled.map(|filled| filled + 1);
        }
        if membership.of_applicant.is_none() {
            count_by_wishes(preparation, placements, &mut groups, &group_of);
        }
    }
    if let Some(of_applicant) = membership.of_applicant {
        for (row, applicant) in season.applicants().iter().enumerate() {
            let group = &mut groups[of_applicant(season, applicant)];
            let eligible = preparation.has_acceptable(ApplicantIx::new(row));
            count_applicant(group, applicant, eligible, placements[row].is_some());
        }
    }
    if dimension == Dimension::Cohort {
        groups.retain(|group| group.id != "other" || group.applications.total() > 0);
    }
    for group in &mut groups {
        group.comparison = Comparison::new(&group.selected, &group.eligible);
    }
    mask_small(&mut groups);
    groups
}

/// Masks the groups whose few applicants include one with a protected identity; where that is one group, the next smallest too, since the
/// whole is known.
fn mask_small(groups: &mut [Group]) {
    let mut masked = 0;
    for group in groups.iter_mut().filter(|group| group.protected > 0 && group.applications.total() < Group::LEAST) {
        group.is_masked = true;
        masked += 1;
    }
    if masked == 1
        && let Some(next) =
            groups.iter_mut().filter(|g| !g.is_masked && g.applications.total() > 0).min_by_key(|g| g.applications.total())
    {
        next.is_masked = true;
    }
}

/// Counts applicants in every group that has a job they wish for, may take, or got.
fn count_by_wishes(
    preparation: &Preparation<'_>,
    placements: &[Option<Placement>],
    groups: &mut [Group],
    group_of: &dyn Fn(JobIx) -> Option<usize>,
) {
    // Where a class of jobs leads is worked out once for all who wish for it.
    let led_by = |jobs: &[JobIx]| -> BTreeSet<usize> { jobs.iter().filter_map(|&job| group_of(job)).collect() };
    let of_set: Vec<BTreeSet<usize>> = preparation.job_sets().iter().map(|set| led_by(&set.jobs)).collect();
    let mut of_class: FxHashMap<JobFilter, BTreeSet<usize>> = FxHashMap::default();
    let mut wished = vec![false; groups.len()];
    let mut eligible = vec![false; groups.len()];
    for (row, applicant) in preparation.season().applicants().iter().enumerate() {
        wished.fill(false);
        eligible.fill(false);
        let index = ApplicantIx::new(row);
        for wish in &applicant.wishes {
            match wish.target {
                Target::Job(job) => group_of(job).into_iter().for_each(|group| wished[group] = true),
                Target::Jobs(filter) => {
                    let led_to = of_class.entry(filter).or_insert_with(|| led_by(preparation.named_by(&wish.target)));
                    for &group in led_to.iter() {
                        wished[group] = true;
                    }
                }
            }
        }
        let single = preparation.single(index).iter().filter_map(|a| group_of(a.job));
        let shared = preparation.shared(index).iter().flat_map(|wish| &of_set[wish.set as usize]).copied();
        single.chain(shared).for_each(|group| eligible[group] = true);
        let placed = placements[row].and_then(|p| group_of(p.job));
        for (number, group) in groups.iter_mut().enumerate() {
            if wished[number] || placed == Some(number) {
                count_applicant(group, applicant, eligible[number], placed == Some(number));
            }
        }
    }
}

fn count_applicant(group: &mut Group, applicant: &Applicant, eligible: bool, selected: bool) {
    let gender = applicant.gender;
    group.protected += u32::from(applicant.protected);
    group.applications.add(gender);
    if eligible {
        group.eligible.add(gender);
    }
    if selected {
        group.selected.add(gender);
    }
}

/// Counts the whole season as one group.
fn count_all(preparation: &Preparation<'_>, placements: &[Option<Placement>]) -> Group {
    let season = preparation.season();
    let mut all = Group {
        id: "all".to_owned(),
        name: season.settings().name.to_string(),
        applications: GenderCount::default(),
        eligible: GenderCount::default(),
        selected: GenderCount::default(),
        places: Some(season.jobs().iter().map(|job| job.capacity).sum()),
        filled: Some(placements.iter().flatten().count() as u32),
        comparison: None,
        adjusted_p: None,
        protected: 0,
        is_masked: false,
    };
    for (row, applicant) in season.applicants().iter().enumerate() {
        let eligible = preparation.has_acceptable(ApplicantIx::new(row));
        count_applicant(&mut all, applicant, eligible, placements[row].is_some());
    }
    all.comparison = Comparison::new(&all.selected, &all.eligible);
    // The whole is one comparison, and needs no adjustment.
    all.adjusted_p = all.comparison.map(|c| c.p_value);
    all
}

/// Adjusts the p-values of all comparisons for their number.
///
/// # References
///
/// Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics 6 (1979).
fn adjust<'g>(groups: impl Iterator<Item = &'g mut Group>) {
    let mut compared: Vec<(f64, &mut Group)> = groups.filter_map(|g| g.comparison.map(|c| (c.p_value, g))).collect();
    compared.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let count = compared.len() as u32;
    let mut largest: f64 = 0.0;
    for (left, (p, group)) in (1..=count).rev().zip(compared) {
        largest = largest.max((p * f64::from(left)).min(1.0));
        group.adjusted_p = Some(largest);
    }
}

/// Sums up what each payer's youths cost: districts, then departments with a budget or youths, then outside payers.
fn payers(season: &Season, placements: &[Option<Placement>]) -> Vec<PayerFigures> {
    let post = |(row, placement): (usize, &Option<Placement>)| {
        let Placement { job, stream, .. } = (*placement)?;
        let minutes = season.job(job).paid_minutes;
        Some(Post { applicant: ApplicantIx::new(row), job, stream, standing: Standing::Offered, minutes })
    };
    let figures = |account: Account| {
        let total = account.total();
        PayerFigures {
            id: account.id.into(),
            name: account.name.into(),
            budget: account.budget,
            cap: account.cap,
            placed: total.youths,
            cost: total.cost(),
        }
    };
    costs(season, placements.iter().enumerate().filter_map(post)).payers.into_iter().map(figures).collect()
}
