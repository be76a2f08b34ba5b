//! The figures of a season and its outcome, counted once for every table and sentence.

use feriematch_core::balance::{Comparison, GenderCount, holm};
use feriematch_core::{PaperDraw, Preparation};
use feriematch_model::{Applicant, ApplicantIx, JobIx, Money, Outcome, PlacedBy, Season, StreamIx, Verdict};
use feriematch_payroll::{Account, Post, Standing, costs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::dimension::{Dimension, Reach};
use crate::profile::{Origins, RankProfile};

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
    /// The groups of each dimension, in the order of [`Dimension::OF_REPORT`].
    pub dimensions: Vec<(Dimension, Vec<Group>)>,
    /// Who pays for whom.
    pub payers: Vec<PayerFigures>,
}

impl Figures {
    /// Counts an outcome of a season. `outcome` must be of this season, as the crate `audit` checks, and `paper` with its seed.
    pub fn new(preparation: &Preparation<'_>, outcome: &Outcome, paper: &PaperDraw) -> Self {
        let placements = placements(preparation.season(), outcome);
        let mut dimensions: Vec<(Dimension, Vec<Group>)> =
            Dimension::OF_REPORT.into_iter().map(|dimension| (dimension, count(preparation, &placements, dimension))).collect();
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

/// Counts the groups of a dimension.
fn count(preparation: &Preparation<'_>, placements: &[Option<Placement>], dimension: Dimension) -> Vec<Group> {
    let season = preparation.season();
    let (of_applicant, of_job) = (dimension.of_applicant(), dimension.of_job());
    let has_places = of_job.is_some();
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
    let mut groups: Vec<Group> = dimension.groups(season).iter().map(new_group).collect();
    if let Some(of_job) = of_job {
        let mut reach = Reach::new(preparation, of_job);
        for (row, job) in season.jobs().iter().enumerate() {
            if let Some(group) = reach.group_of(JobIx::new(row)) {
                groups[group].places = groups[group].places.map(|places| places + job.capacity);
            }
        }
        for group in placements.iter().flatten().filter_map(|p| reach.group_of(p.job)) {
            groups[group].filled = groups[group].filled.map(|filled| filled + 1);
        }
        if of_applicant.is_none() {
            count_by_wishes(preparation, placements, &mut groups, &mut reach);
        }
    }
    if let Some(of_applicant) = of_applicant {
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
    reach: &mut Reach<'_, '_>,
) {
    for (row, applicant) in preparation.season().applicants().iter().enumerate() {
        let index = ApplicantIx::new(row);
        let placed = placements[row].and_then(|p| reach.group_of(p.job));
        let mut wished = reach.wished(index);
        // By hand somebody may get what they did not wish for.
        wished.extend(placed.filter(|group| !wished.contains(group)));
        let eligible = reach.acceptable(index);
        for number in wished {
            count_applicant(&mut groups[number], applicant, eligible.binary_search(&number).is_ok(), placed == Some(number));
        }
    }
}

fn count_applicant(group: &mut Group, applicant: &Applicant, eligible: bool, selected: bool) {
    let gender = applicant.gender;
    group.protected += u32::from(applicant.protected);
    group.applications.count(gender);
    if eligible {
        group.eligible.count(gender);
    }
    if selected {
        group.selected.count(gender);
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
fn adjust<'g>(groups: impl Iterator<Item = &'g mut Group>) {
    let (p_values, compared): (Vec<f64>, Vec<&mut Group>) =
        groups.filter_map(|group| group.comparison.map(|comparison| (comparison.p_value, group))).unzip();
    for (group, adjusted) in compared.into_iter().zip(holm(&p_values)) {
        group.adjusted_p = Some(adjusted);
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
