//! The funnel: from those who applied over those who were offered a place to those who are hired.

use feriematch_core::Preparation;
use feriematch_core::balance::{Comparison, GenderCount};
use feriematch_model::{Applicant, ApplicantIx, JobIx};

use super::masking::Hidden;
use crate::dimension::{Dimension, Reach};

/// Where standings come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The season's record, after so many rounds.
    Record {
        /// How many rounds were published.
        rounds: u32,
    },
    /// The outcome of a round: who had a place when it was drawn, whatever they answered.
    Round(u32),
    /// The outcome of a run, without a record.
    Outcome,
}

impl Source {
    /// Returns whether it tells what became of offers.
    pub const fn knows_answers(self) -> bool {
        matches!(self, Self::Record { .. })
    }
}

/// Where an applicant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Without an offer so far.
    WithoutOffer,
    /// Left before any offer.
    LeftBefore,
    /// With a place by an outcome; of offers and answers nothing is known.
    Placed(JobIx),
    /// Offered a place, and has not answered.
    Open(JobIx),
    /// Accepted the place, and has not signed.
    Accepted(JobIx),
    /// Signed.
    Signed(JobIx),
    /// Declined the last offer.
    Declined(JobIx),
    /// Did not answer the last offer in time.
    Lapsed(JobIx),
    /// Gave the place back.
    Withdrew(JobIx),
    /// Lost the place to the employer, and has no other.
    Displaced(JobIx),
}

impl Standing {
    /// Returns the job of the place that they have, or had last.
    pub const fn job(self) -> Option<JobIx> {
        match self {
            Self::WithoutOffer | Self::LeftBefore => None,
            Self::Placed(job)
            | Self::Open(job)
            | Self::Accepted(job)
            | Self::Signed(job)
            | Self::Declined(job)
            | Self::Lapsed(job)
            | Self::Withdrew(job)
            | Self::Displaced(job) => Some(job),
        }
    }

    /// Returns the job of the place that they have.
    pub const fn place(self) -> Option<JobIx> {
        match self {
            Self::Placed(job) | Self::Open(job) | Self::Accepted(job) | Self::Signed(job) => Some(job),
            _ => None,
        }
    }

    /// Returns what became of the offer.
    const fn answer(self) -> Option<Stage> {
        match self {
            Self::WithoutOffer | Self::LeftBefore | Self::Placed(_) => None,
            Self::Open(_) => Some(Stage::Open),
            Self::Accepted(_) => Some(Stage::Accepted),
            Self::Signed(_) => Some(Stage::Signed),
            Self::Declined(_) => Some(Stage::Declined),
            Self::Lapsed(_) => Some(Stage::Lapsed),
            Self::Withdrew(_) => Some(Stage::Withdrew),
            Self::Displaced(_) => Some(Stage::Displaced),
        }
    }
}

/// A stage of the funnel. Whoever applied is in one of those from [`NotEligible`](Self::NotEligible) to [`Offered`](Self::Offered), and whoever was
/// offered a place in one of those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Applied.
    Applications,
    /// May take a job wished for, or got one by hand.
    Eligible,
    /// May take no job wished for, and was offered none.
    NotEligible,
    /// Eligible, present and without an offer so far.
    Waiting,
    /// Left before any offer.
    LeftBefore,
    /// Was offered a place, or has one by an outcome.
    Offered,
    /// Offered, and not answered yet.
    Open,
    /// Accepted, and not signed.
    Accepted,
    /// Signed: hired.
    Signed,
    /// Declined.
    Declined,
    /// Did not answer in time.
    Lapsed,
    /// Gave the place back.
    Withdrew,
    /// Lost the place to the employer.
    Displaced,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 13] = [
        Self::Applications,
        Self::Eligible,
        Self::NotEligible,
        Self::Waiting,
        Self::LeftBefore,
        Self::Offered,
        Self::Open,
        Self::Accepted,
        Self::Signed,
        Self::Declined,
        Self::Lapsed,
        Self::Withdrew,
        Self::Displaced,
    ];

    /// Returns the stages of which a source knows something.
    pub fn of(source: Source) -> impl Iterator<Item = Self> {
        let is_known = move |stage: &Self| source.knows_answers() || (*stage <= Self::Offered && *stage != Self::LeftBefore);
        Self::ALL.into_iter().filter(is_known)
    }

    /// Returns the name that programs use.
    pub const fn key(self, source: Source) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::Eligible => "eligible",
            Self::NotEligible => "not_eligible",
            Self::Waiting => "waiting",
            Self::LeftBefore => "left_before_offer",
            Self::Offered if source.knows_answers() => "offered",
            Self::Offered => "placed",
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Signed => "signed",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Withdrew => "withdrew",
            Self::Displaced => "displaced",
        }
    }
}

/// A comparison of girls and boys in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The shares compared, and the exact p value.
    pub comparison: Comparison,
    /// The p value adjusted for the number of groups compared.
    pub adjusted_p: f64,
}

impl Test {
    /// Returns whether the difference is larger than chance, the number of comparisons considered.
    pub fn is_larger_than_chance(&self) -> bool {
        self.adjusted_p < Comparison::LEVEL
    }
}

/// The balance of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct BalanceGroup {
    /// The id that files use.
    pub id: String,
    /// The name.
    pub name: String,
    counts: [GenderCount; Stage::ALL.len()],
    protected: [u32; Stage::ALL.len()],
    /// What would tell of somebody with a protected identity.
    pub(super) hidden: Hidden,
    /// Whether those offered a place are other than the eligible.
    pub offers: Option<Test>,
    /// Whether those who turned an offer down are other than those who answered.
    pub declines: Option<Test>,
}

impl BalanceGroup {
    fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            counts: [GenderCount::default(); Stage::ALL.len()],
            protected: [0; Stage::ALL.len()],
            hidden: Hidden::default(),
            offers: None,
            declines: None,
        }
    }

    /// Returns a group with so many in each stage.
    #[cfg(test)]
    pub(super) fn with(id: &str, counts: &[(Stage, GenderCount)]) -> Self {
        let mut group = Self::new(id, id);
        for &(stage, count) in counts {
            group.counts[stage as usize] = count;
        }
        group
    }

    fn put(&mut self, stage: Stage, applicant: &Applicant) {
        self.counts[stage as usize].count(applicant.gender);
        self.protected[stage as usize] += u32::from(applicant.protected);
    }

    /// Returns how many of each recorded sex are in a stage.
    pub const fn count(&self, stage: Stage) -> GenderCount {
        self.counts[stage as usize]
    }

    /// Returns how many in a stage have a protected identity.
    pub(super) const fn protected(&self, stage: Stage) -> u32 {
        self.protected[stage as usize]
    }

    /// Returns whether those in a stage are shown.
    pub fn shows(&self, stage: Stage) -> bool {
        !self.hidden.has(stage)
    }

    /// Returns the comparison of those offered a place with the eligible, if both are shown.
    pub fn shown_offers(&self) -> Option<Test> {
        self.offers.filter(|_| self.shows(Stage::Offered) && self.shows(Stage::Eligible))
    }

    /// Returns the comparison of those who turned their offer down, if they are shown.
    pub fn shown_declines(&self) -> Option<Test> {
        self.declines.filter(|_| self.shows(Stage::Declined))
    }

    /// Returns those who declined their offer or did not answer in time.
    pub fn turned_down(&self) -> GenderCount {
        self.count(Stage::Declined) + self.count(Stage::Lapsed)
    }

    /// Returns those who said yes or turned their offer down: of the offered all but those who have time to answer, gave the place back, or lost
    /// it to the employer.
    pub fn answered(&self) -> GenderCount {
        self.turned_down() + self.count(Stage::Accepted) + self.count(Stage::Signed)
    }
}

/// Returns the stages that somebody is in, as long as they are in no particular group of jobs.
fn stages(standing: Standing, has_acceptable: bool) -> impl Iterator<Item = Stage> {
    let was_offered = standing.job().is_some();
    let stands = match standing {
        Standing::WithoutOffer if has_acceptable => Stage::Waiting,
        Standing::WithoutOffer => Stage::NotEligible,
        Standing::LeftBefore => Stage::LeftBefore,
        _ => Stage::Offered,
    };
    let eligible = (has_acceptable || was_offered).then_some(Stage::Eligible);
    [Some(Stage::Applications), eligible, Some(stands), standing.answer()].into_iter().flatten()
}

/// Counts the whole season.
pub(super) fn whole(preparation: &Preparation<'_>, standings: &[Standing]) -> BalanceGroup {
    let season = preparation.season();
    let mut all = BalanceGroup::new("all", "All");
    for (row, (applicant, &standing)) in season.applicants().iter().zip(standings).enumerate() {
        let has_acceptable = preparation.has_acceptable(ApplicantIx::new(row));
        stages(standing, has_acceptable).for_each(|stage| all.put(stage, applicant));
    }
    all
}

/// Counts the groups of a dimension: applicants where they belong, or else where they wish for a job, may take one, or were offered one.
pub(super) fn groups(preparation: &Preparation<'_>, standings: &[Standing], dimension: Dimension) -> Vec<BalanceGroup> {
    let season = preparation.season();
    let mut groups: Vec<BalanceGroup> = dimension.groups(season).iter().map(|(id, name)| BalanceGroup::new(id, name)).collect();
    let people = || season.applicants().iter().zip(standings).enumerate().map(|(row, who)| (ApplicantIx::new(row), who));
    if let Some(group_of) = dimension.of_applicant() {
        for (index, (applicant, &standing)) in people() {
            let group = &mut groups[group_of(season, applicant)];
            stages(standing, preparation.has_acceptable(index)).for_each(|stage| group.put(stage, applicant));
        }
    } else if let Some(group_of) = dimension.of_job() {
        let mut reach = Reach::new(preparation, group_of);
        for (index, (applicant, &standing)) in people() {
            let offered = standing.job().and_then(|job| reach.group_of(job));
            let with_offered = |mut groups: Vec<usize>| {
                // By hand somebody may get what they did not wish for.
                groups.extend(offered.filter(|group| !groups.contains(group)));
                groups
            };
            for number in with_offered(reach.wished(index)) {
                groups[number].put(Stage::Applications, applicant);
            }
            for number in with_offered(reach.acceptable(index)) {
                groups[number].put(Stage::Eligible, applicant);
                if standing == Standing::WithoutOffer {
                    groups[number].put(Stage::Waiting, applicant);
                }
            }
            if let Some(number) = offered {
                groups[number].put(Stage::Offered, applicant);
                standing.answer().into_iter().for_each(|stage| groups[number].put(stage, applicant));
            }
        }
    }
    if dimension == Dimension::Cohort {
        groups.retain(|group| group.id != "other" || group.count(Stage::Applications).total() > 0);
    }
    groups
}
