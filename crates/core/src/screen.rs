//! Which kinds of jobs an applicant may take, all at once.

use std::hash::Hash;

use feriematch_model::{Applicant, DistrictIx, PeriodIx, QualificationIx, Rule, Season, SmallSet, StreamIx, age_on};
use rustc_hash::FxHashMap;

use crate::Eligibility;
use crate::eligibility::extract_on;

/// A set of kinds of jobs: a bit a kind, in words.
pub(crate) type Kinds = Box<[u64]>;

/// Returns a set of kinds.
pub(crate) fn kinds_where(count: usize, has: impl Fn(u32) -> bool) -> Kinds {
    let mut kinds = vec![0; count.div_ceil(u64::BITS as usize)];
    for kind in (0..count).filter(|&kind| has(kind as u32)) {
        kinds[kind / u64::BITS as usize] |= 1 << (kind % u64::BITS as usize);
    }
    kinds.into()
}

/// Returns whether a set has a kind.
pub(crate) fn has_kind(kinds: &[u64], kind: u32) -> bool {
    kinds[kind as usize / u64::BITS as usize] >> (kind % u64::BITS) & 1 == 1
}

/// Returns the kinds in a set, ascending.
pub(crate) fn kinds_in(kinds: &[u64]) -> impl Iterator<Item = u32> {
    (0..kinds.len() as u32 * u64::BITS).filter(|&kind| has_kind(kinds, kind))
}

/// Sifts the kinds of jobs by each rule on its own.
///
/// A rule looks at one attribute of an applicant, of which few values occur, or values that the rules tell apart: the kinds that
/// it lets pass are found once for each, and an applicant may take what passes all rules.
pub(crate) struct Screen<'e, 's> {
    season: &'s Season,
    eligibility: &'e Eligibility<'s>,
    /// By whether the cohort may apply, and the ages on the first and the last day of each period.
    by_birth_date: FxHashMap<(bool, Vec<(i16, i16)>), Kinds>,
    by_periods: FxHashMap<SmallSet<PeriodIx>, Kinds>,
    by_qualifications: FxHashMap<SmallSet<QualificationIx>, Kinds>,
    /// By whether the extract is good in each period.
    by_extract: FxHashMap<Vec<bool>, Kinds>,
    by_home: FxHashMap<DistrictIx, Kinds>,
    /// By the streams whose conditions the applicant meets.
    by_funding: FxHashMap<SmallSet<StreamIx>, Kinds>,
}

impl<'e, 's> Screen<'e, 's> {
    pub(crate) fn new(season: &'s Season, eligibility: &'e Eligibility<'s>) -> Self {
        Self {
            season,
            eligibility,
            by_birth_date: FxHashMap::default(),
            by_periods: FxHashMap::default(),
            by_qualifications: FxHashMap::default(),
            by_extract: FxHashMap::default(),
            by_home: FxHashMap::default(),
            by_funding: FxHashMap::default(),
        }
    }

    /// Takes from a set the kinds that an applicant may not take, overrides aside.
    pub(crate) fn sift(&mut self, applicant: &Applicant, kinds: &mut [u64]) {
        let rules = self.eligibility;
        let settings = self.season.settings();
        let born = applicant.birth_date;
        let ages = settings.periods.iter().map(|p| (age_on(born, p.first_day), age_on(born, p.last_day))).collect();
        let cohort = settings.cohorts.contains(&born.year());
        let most = settings.rule_pack.extract_age;
        let extract = settings.periods.iter().map(|period| extract_on(applicant, period, most).is_ok()).collect();
        let funding = rules.streams_admitting(applicant);
        let passed = |check: fn(&Eligibility<'s>, &Applicant, u32) -> Result<(), Rule>| {
            kinds_where(rules.kind_count(), |kind| check(rules, applicant, kind).is_ok())
        };
        keep(kinds, &mut self.by_birth_date, (cohort, ages), || passed(Eligibility::check_birth_date));
        keep(kinds, &mut self.by_periods, applicant.periods, || passed(Eligibility::check_period));
        keep(kinds, &mut self.by_qualifications, applicant.qualifications, || passed(Eligibility::check_qualifications));
        keep(kinds, &mut self.by_extract, extract, || passed(Eligibility::check_extract));
        keep(kinds, &mut self.by_home, applicant.home_district, || passed(Eligibility::check_home));
        keep(kinds, &mut self.by_funding, funding, || passed(Eligibility::check_funding));
    }
}

/// Keeps what passes a rule at a value, and finds that out if the value is new.
fn keep<V: Eq + Hash>(kinds: &mut [u64], known: &mut FxHashMap<V, Kinds>, value: V, passed: impl FnOnce() -> Kinds) {
    let passed = known.entry(value).or_insert_with(passed);
    kinds.iter_mut().zip(&*passed).for_each(|(word, passed)| *word &= passed);
}
