//! A rule of a season, and the season without it.

use std::iter;

use feriematch_model::{
    AgeBand, Balance, ClassIx, DailyTime, DepartmentIx, DistrictIx, Override, OverrideKind, Payer, QualificationIx, Season,
    SeasonDraft, SmallSet, StreamIx,
};
use jiff::civil::Time;

use crate::PlanError;
use crate::changed::changed;

/// The most funding streams of which every order is tried; of more, those in which two neighbours change places.
const STREAMS_IN_EVERY_ORDER: usize = 4;

/// A rule of a season that can be lifted alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relaxation {
    /// A department's cap.
    DepartmentCap(DepartmentIx),
    /// A funding stream's cap.
    StreamCap(StreamIx),
    /// What a home district's cap or budget allows.
    HomeCap(DistrictIx),
    /// All caps at once.
    AllCaps,
    /// The priority classes: the lottery decides alone.
    Classes,
    /// The birth years that may apply.
    Cohorts,
    /// The least ages that jobs ask for.
    LeastAge,
    /// The greatest ages that jobs allow.
    GreatestAge,
    /// What the law forbids minors.
    MinorsRules,
    /// The register extract.
    Extract,
    /// The periods that applicants state.
    Periods,
    /// That some jobs are open to some home districts only.
    OpenTo,
    /// A qualification that jobs require.
    Qualification(QualificationIx),
    /// The classes that a funding stream pays for.
    StreamClasses(StreamIx),
    /// The birth years that a funding stream pays for.
    StreamCohorts(StreamIx),
    /// The home districts that a funding stream pays for.
    StreamHomes(StreamIx),
    /// The places locked by hand.
    Locks,
    /// The pairs forbidden by hand.
    Forbids,
    /// The soft targets for girls and boys.
    Balance,
    /// The order in which funding streams are served: this one instead.
    StreamOrder(Vec<StreamIx>),
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RuleKind {
    /// [`Relaxation::DepartmentCap`].
    DepartmentCap,
    /// [`Relaxation::StreamCap`].
    StreamCap,
    /// [`Relaxation::HomeCap`].
    HomeCap,
    /// [`Relaxation::AllCaps`].
    AllCaps,
    /// [`Relaxation::Classes`].
    Classes,
    /// [`Relaxation::Cohorts`].
    Cohorts,
    /// [`Relaxation::LeastAge`].
    LeastAge,
    /// [`Relaxation::GreatestAge`].
    GreatestAge,
    /// [`Relaxation::MinorsRules`].
    MinorsRules,
    /// [`Relaxation::Extract`].
    Extract,
    /// [`Relaxation::Periods`].
    Periods,
    /// [`Relaxation::OpenTo`].
    OpenTo,
    /// [`Relaxation::Qualification`].
    Qualification,
    /// [`Relaxation::StreamClasses`].
    StreamClasses,
    /// [`Relaxation::StreamCohorts`].
    StreamCohorts,
    /// [`Relaxation::StreamHomes`].
    StreamHomes,
    /// [`Relaxation::Locks`].
    Locks,
    /// [`Relaxation::Forbids`].
    Forbids,
    /// [`Relaxation::Balance`].
    Balance,
    /// [`Relaxation::StreamOrder`].
    StreamOrder,
}

impl RuleKind {
    /// Every kind, in the order in which lists show them.
    pub const ALL: [Self; 20] = [
        Self::DepartmentCap,
        Self::StreamCap,
        Self::HomeCap,
        Self::AllCaps,
        Self::Classes,
        Self::Cohorts,
        Self::LeastAge,
        Self::GreatestAge,
        Self::MinorsRules,
        Self::Extract,
        Self::Periods,
        Self::OpenTo,
        Self::Qualification,
        Self::StreamClasses,
        Self::StreamCohorts,
        Self::StreamHomes,
        Self::Locks,
        Self::Forbids,
        Self::Balance,
        Self::StreamOrder,
    ];

    /// Returns the code that files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DepartmentCap => "department-cap",
            Self::StreamCap => "stream-cap",
            Self::HomeCap => "home-cap",
            Self::AllCaps => "all-caps",
            Self::Classes => "classes",
            Self::Cohorts => "cohorts",
            Self::LeastAge => "minimum-age",
            Self::GreatestAge => "maximum-age",
            Self::MinorsRules => "minors",
            Self::Extract => "extract",
            Self::Periods => "periods",
            Self::OpenTo => "open-to",
            Self::Qualification => "qualification",
            Self::StreamClasses => "stream-classes",
            Self::StreamCohorts => "stream-cohorts",
            Self::StreamHomes => "stream-home-districts",
            Self::Locks => "locks",
            Self::Forbids => "forbids",
            Self::Balance => "balance",
            Self::StreamOrder => "stream-order",
        }
    }
}

impl Relaxation {
    /// Returns the rules that a season has, in the order of [`RuleKind::ALL`].
    ///
    /// A rule that the season states is listed whether or not it makes any difference.
    pub fn all(season: &Season) -> Vec<Self> {
        let settings = season.settings();
        let jobs = season.jobs();
        let streams = || (0..settings.streams.len()).map(StreamIx::new);
        let stream = |at: StreamIx| &settings.streams[at.get()];
        let pays_at_home = settings.streams.iter().any(|stream| stream.payer == Payer::HomeDistrict);
        let decided = |gives_place| season.overrides().iter().any(|o| o.kind.gives_place() == gives_place);

        let departments = (0..settings.departments.len()).filter(|&row| settings.departments[row].cap.is_some());
        let mut all: Vec<Self> = departments.map(|row| Self::DepartmentCap(DepartmentIx::new(row))).collect();
        all.extend(streams().filter(|&at| stream(at).cap.is_some()).map(Self::StreamCap));
        let homes = (0..settings.districts.len()).map(DistrictIx::new);
        all.extend(homes.filter(|&home| pays_at_home && season.home_cap(home).is_some()).map(Self::HomeCap));
        if all.len() > 1 {
            all.push(Self::AllCaps);
        }
        let of_all = [
            (settings.classes.len() > 1, Self::Classes),
            (true, Self::Cohorts),
            (jobs.iter().any(|job| job.min_age.is_some()), Self::LeastAge),
            (jobs.iter().any(|job| job.max_age.is_some()), Self::GreatestAge),
            (true, Self::MinorsRules),
            (jobs.iter().any(|job| job.extract), Self::Extract),
            (season.applicants().iter().any(|applicant| !applicant.periods.is_empty()), Self::Periods),
            (jobs.iter().any(|job| !job.open_to.is_empty()), Self::OpenTo),
        ];
        all.extend(of_all.into_iter().filter_map(|(is_stated, rule)| is_stated.then_some(rule)));
        let qualifications = (0..settings.qualifications.len()).map(QualificationIx::new);
        all.extend(qualifications.filter(|&q| jobs.iter().any(|job| job.requires.contains(q))).map(Self::Qualification));
        all.extend(streams().filter(|&at| !stream(at).classes.is_empty()).map(Self::StreamClasses));
        all.extend(streams().filter(|&at| !stream(at).cohorts.is_empty()).map(Self::StreamCohorts));
        all.extend(streams().filter(|&at| !stream(at).home_districts.is_empty()).map(Self::StreamHomes));
        all.extend(decided(true).then_some(Self::Locks));
        all.extend(decided(false).then_some(Self::Forbids));
        all.extend((!settings.balance.is_none()).then_some(Self::Balance));
        all.extend(other_orders(settings.streams.len()).into_iter().map(Self::StreamOrder));
        all
    }

    /// Returns what the rule is about.
    pub const fn kind(&self) -> RuleKind {
        match self {
            Self::DepartmentCap(_) => RuleKind::DepartmentCap,
            Self::StreamCap(_) => RuleKind::StreamCap,
            Self::HomeCap(_) => RuleKind::HomeCap,
            Self::AllCaps => RuleKind::AllCaps,
            Self::Classes => RuleKind::Classes,
            Self::Cohorts => RuleKind::Cohorts,
            Self::LeastAge => RuleKind::LeastAge,
            Self::GreatestAge => RuleKind::GreatestAge,
            Self::MinorsRules => RuleKind::MinorsRules,
            Self::Extract => RuleKind::Extract,
            Self::Periods => RuleKind::Periods,
            Self::OpenTo => RuleKind::OpenTo,
            Self::Qualification(_) => RuleKind::Qualification,
            Self::StreamClasses(_) => RuleKind::StreamClasses,
            Self::StreamCohorts(_) => RuleKind::StreamCohorts,
            Self::StreamHomes(_) => RuleKind::StreamHomes,
            Self::Locks => RuleKind::Locks,
            Self::Forbids => RuleKind::Forbids,
            Self::Balance => RuleKind::Balance,
            Self::StreamOrder(_) => RuleKind::StreamOrder,
        }
    }

    /// Returns the season without the rule.
    ///
    /// Without the priority classes nobody's class changes, which a funding stream may look at: it is the ranking that does.
    ///
    /// # Errors
    ///
    /// Returns an error if the season without the rule does not fit together.
    pub fn lifted(&self, season: &Season) -> Result<Season, PlanError> {
        changed(season, |draft| self.lift(draft))
    }

    /// Takes the rule out of a season's parts.
    pub(crate) fn lift(&self, draft: &mut SeasonDraft) {
        let settings = &mut draft.settings;
        match self {
            Self::DepartmentCap(department) => settings.departments[department.get()].cap = None,
            Self::StreamCap(stream) => settings.streams[stream.get()].cap = None,
            Self::HomeCap(district) => lift_home_cap(draft, *district),
            Self::AllCaps => {
                settings.departments.iter_mut().for_each(|department| department.cap = None);
                settings.streams.iter_mut().for_each(|stream| stream.cap = None);
                (0..settings.districts.len()).for_each(|row| lift_home_cap(draft, DistrictIx::new(row)));
            }
            Self::Classes => {}
            Self::Cohorts => {
                let years = draft.applicants.iter().map(|applicant| applicant.birth_date.year());
                settings.cohorts.extend(years);
                settings.cohorts.sort_unstable();
                settings.cohorts.dedup();
            }
            Self::LeastAge => draft.jobs.iter_mut().for_each(|job| job.min_age = None),
            Self::GreatestAge => draft.jobs.iter_mut().for_each(|job| job.max_age = None),
            Self::MinorsRules => settings.rule_pack.bands = vec![without_limits()],
            Self::Extract => draft.jobs.iter_mut().for_each(|job| job.extract = false),
            Self::Periods => draft.applicants.iter_mut().for_each(|applicant| applicant.periods = SmallSet::new()),
            Self::OpenTo => draft.jobs.iter_mut().for_each(|job| job.open_to = SmallSet::new()),
            Self::Qualification(lifted) => {
                let others = |of: SmallSet<QualificationIx>| of.rows().map(QualificationIx::new).filter(|q| q != lifted);
                draft.jobs.iter_mut().for_each(|job| job.requires = others(job.requires).collect());
            }
            Self::StreamClasses(stream) => settings.streams[stream.get()].classes = SmallSet::new(),
            Self::StreamCohorts(stream) => settings.streams[stream.get()].cohorts.clear(),
            Self::StreamHomes(stream) => settings.streams[stream.get()].home_districts = SmallSet::new(),
            Self::Locks => draft.overrides.retain(|o| !o.kind.gives_place()),
            Self::Forbids => draft.overrides.retain(|o| o.kind != OverrideKind::Forbid),
            Self::Balance => settings.balance = Balance::NONE,
            Self::StreamOrder(order) => reorder(draft, order),
        }
    }
}

/// Returns the season in which everybody is of one class: with it the ranking of a lottery without classes is drawn.
pub(crate) fn of_one_class(season: &Season) -> Result<Season, PlanError> {
    changed(season, |draft| draft.applicants.iter_mut().for_each(|applicant| applicant.class = ClassIx::new(0)))
}

fn lift_home_cap(draft: &mut SeasonDraft, district: DistrictIx) {
    let district = &mut draft.settings.districts[district.get()];
    district.budget = None;
    district.cap = None;
}

/// Returns the rules for minors that allow everything at every age.
fn without_limits() -> AgeBand {
    AgeBand {
        from_age: 0,
        to_age: u8::MAX,
        minutes_per_day: u32::MAX,
        minutes_per_week: u32::MAX,
        windows: vec![DailyTime { start: Time::MIN, end: Time::MAX }],
        daily_rest_minutes: 0,
        minutes_before_break: u32::MAX,
        break_minutes: 0,
        days_per_week: 7,
        weekly_rest_minutes: 0,
        hazardous: true,
    }
}

/// Puts the funding streams into another order: everything that names one goes on naming it.
pub(crate) fn reorder(draft: &mut SeasonDraft, order: &[StreamIx]) {
    let mut now_at = vec![StreamIx::new(0); order.len()];
    for (now, then) in order.iter().enumerate() {
        now_at[then.get()] = StreamIx::new(now);
    }
    draft.settings.streams = order.iter().map(|then| draft.settings.streams[then.get()].clone()).collect();
    for job in &mut draft.jobs {
        job.streams = job.streams.rows().map(|then| now_at[then]).collect();
    }
    for Override { stream, .. } in &mut draft.overrides {
        *stream = stream.map(|then| now_at[then.get()]);
    }
}

/// Returns the orders of some streams other than the one they are in.
fn other_orders(streams: usize) -> Vec<Vec<StreamIx>> {
    let in_turn: Vec<usize> = (0..streams).collect();
    let orders: Vec<Vec<usize>> = if streams <= STREAMS_IN_EVERY_ORDER {
        permutations(&in_turn).into_iter().filter(|order| *order != in_turn).collect()
    } else {
        let swapped = |at| {
            let mut order = in_turn.clone();
            order.swap(at, at + 1);
            order
        };
        (0..streams - 1).map(swapped).collect()
    };
    orders.into_iter().map(|order| order.into_iter().map(StreamIx::new).collect()).collect()
}

/// Returns every order of some items, in lexicographic order.
fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let beginning_with = |&first: &usize| {
        let rest: Vec<usize> = items.iter().copied().filter(|&item| item != first).collect();
        permutations(&rest).into_iter().map(move |rest| iter::once(first).chain(rest).collect())
    };
    items.iter().flat_map(beginning_with).collect()
}
