//! The margins file as it is written. Unknown keys are errors; references are resolved in [`check`](super::check).

use serde::Deserialize;
use toml::Spanned;

use crate::settings::{Clock, Day, Settings};

/// A mention of something that is defined elsewhere in the file, with the place of the mention.
pub(super) type Mention = Spanned<String>;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: Spanned<u32>,
    pub(super) seed: u64,
    /// What `season.toml` will say, in its own words.
    pub(super) settings: Spanned<Settings>,
    pub(super) applicants: Applicants,
    pub(super) jobs: Jobs,
    pub(super) wishes: Wishes,
}

/// The table `[applicants]`: who applies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Applicants {
    /// Ids are this, a hyphen and a number.
    pub(super) id_prefix: Spanned<String>,
    /// The number of applicants with a protected identity.
    #[serde(default)]
    pub(super) protected: Option<Spanned<u64>>,
    pub(super) districts: Vec<DistrictCount>,
    pub(super) cohorts: Spanned<Vec<CohortWeight>>,
    pub(super) classes: Spanned<Vec<ClassShare>>,
    #[serde(default)]
    pub(super) qualifications: Vec<QualificationShare>,
    pub(super) periods: Periods,
    #[serde(default)]
    pub(super) extract: Option<Extract>,
}

/// How many apply in a district.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistrictCount {
    pub(super) district: Mention,
    pub(super) count: u32,
    /// The share of girls, rounded to whole persons; the others are boys.
    pub(super) girls_percent: Percent,
}

/// How large a cohort is beside the others, the same in every district.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CohortWeight {
    pub(super) cohort: Spanned<i16>,
    pub(super) weight: Weight,
}

/// How large a class is beside the others, the same in every district.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassShare {
    pub(super) class: Mention,
    pub(super) weight: Weight,
    /// How many percentage points more of the class are girls than of the district.
    #[serde(default)]
    pub(super) girls_points: i8,
    /// The cohorts that can be in the class; all if empty.
    #[serde(default)]
    pub(super) cohorts: Vec<Spanned<i16>>,
}

/// How common a qualification is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QualificationShare {
    pub(super) qualification: Mention,
    pub(super) percent: Percent,
    /// The least age on the first day of the first period.
    #[serde(default)]
    pub(super) from_age: u8,
}

/// In which periods applicants can work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Periods {
    /// The share of those who can work in every period; the others lack at least one.
    pub(super) every_percent: Percent,
}

/// When register extracts were shown, by those who wish for work that needs one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extract {
    pub(super) percent: Percent,
    pub(super) first_day: Day,
    pub(super) last_day: Spanned<Day>,
}

/// The table `[jobs]`: where there is work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jobs {
    pub(super) kinds: Vec<Kind>,
    pub(super) places: Vec<Places>,
}

/// A kind of work that postings are made of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    /// The middle of the job ids.
    pub(super) code: Spanned<String>,
    pub(super) title: String,
    pub(super) area: Mention,
    /// How many places the kind gets beside the other kinds of an employer.
    pub(super) weight: Weight,
    /// The least and the most places of a posting; an employer's last posting of the kind takes what is left.
    pub(super) capacity: Spanned<[u32; 2]>,
    /// The periods over which postings are dealt; all if empty.
    #[serde(default)]
    pub(super) periods: Vec<Mention>,
    pub(super) min_age: Option<u8>,
    pub(super) max_age: Option<u8>,
    #[serde(default)]
    pub(super) requires: Vec<Mention>,
    #[serde(default)]
    pub(super) hazardous: bool,
    pub(super) hours: Option<u32>,
    pub(super) hours_per_day: Option<u32>,
    pub(super) hours_per_week: Option<u32>,
    pub(super) start_time: Option<Clock>,
    pub(super) end_time: Option<Clock>,
}

/// So many places of one employer on the same terms.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    pub(super) employer: Mention,
    /// The beginning of the job ids.
    pub(super) prefix: Spanned<String>,
    /// The number of places, met exactly.
    pub(super) count: u32,
    pub(super) kinds: Spanned<Vec<Mention>>,
    pub(super) funding: Vec<Mention>,
    /// The district where the work is; for a district's own jobs it is that one if empty.
    pub(super) host: Option<Mention>,
    /// The home districts the places are for; all if empty.
    #[serde(default)]
    pub(super) open_to: Vec<Mention>,
}

/// The table `[wishes]`: what applicants want.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wishes {
    /// The least and the most ranks of a list.
    pub(super) ranks: Spanned<[u32; 2]>,
    /// The share of wishes that are drawn from the home district's jobs; others are drawn from all.
    pub(super) home_percent: Percent,
    /// The share of ranks that hold two wishes.
    pub(super) tie_percent: Percent,
    /// The share of wishes drawn without a look at whether the job suits the applicant.
    pub(super) unsuited_percent: Percent,
    /// The share of lists that end with `any`.
    pub(super) any_percent: Percent,
    pub(super) forms: Spanned<Forms>,
    pub(super) areas: Spanned<Vec<AreaPopularity>>,
}

/// How common each form of a wish is beside the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    /// `J-017`
    pub(super) job: Weight,
    /// `park`
    #[serde(default)]
    pub(super) area: Weight,
    /// `park & home`
    #[serde(default)]
    pub(super) area_home: Weight,
    /// `park & norrmalm`
    #[serde(default)]
    pub(super) area_district: Weight,
    /// `norrmalm`
    #[serde(default)]
    pub(super) district: Weight,
    /// `home`
    #[serde(default)]
    pub(super) home: Weight,
}

/// How popular a place in a work area is beside places in others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaPopularity {
    pub(super) area: Mention,
    pub(super) weight: Weight,
}

/// A share of a hundred.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u32")]
pub(super) struct Percent(pub(super) u32);

impl TryFrom<u32> for Percent {
    type Error = &'static str;

    fn try_from(percent: u32) -> Result<Self, Self::Error> {
        if percent <= 100 { Ok(Self(percent)) } else { Err("a percentage is at most 100") }
    }
}

/// A weight beside others.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(try_from = "u32")]
pub(super) struct Weight(pub(super) u32);

impl Weight {
    /// The largest weight: weighed places can be added up without a thought of overflow.
    const MOST: u32 = 1_000_000;

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl TryFrom<u32> for Weight {
    type Error = &'static str;

    fn try_from(weight: u32) -> Result<Self, Self::Error> {
        if weight <= Self::MOST { Ok(Self(weight)) } else { Err("a weight is at most 1000000") }
    }
}

impl From<Weight> for u64 {
    fn from(weight: Weight) -> Self {
        weight.0.into()
    }
}
