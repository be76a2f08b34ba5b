//! Who applied for what: first wishes before, places after.

use feriematch_core::Preparation;
use feriematch_core::balance::{GenderCount, holm};
use feriematch_core::segregation::{Dissimilarity, Spread};
use feriematch_model::{Applicant, Gender, JobIx, Target};
use rustc_hash::FxHashMap;

use super::{BalanceGroup, Source, Standing, masking};
use crate::dimension::Dimension;

/// Of whom what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// The first wishes of all who applied.
    Applicants,
    /// The first wishes of those who have a place.
    Placed,
    /// The places that they have.
    Places,
    /// The places of those who signed.
    Hired,
}

impl Whom {
    /// Returns the name that programs use.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applicants => "first_wishes",
            Self::Placed => "first_wishes_of_placed",
            Self::Places => "places",
            Self::Hired => "hired",
        }
    }
}

/// How differently girls and boys are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segregation {
    /// Over what: areas or jobs.
    pub units: Dimension,
    /// Of whom.
    pub whom: Whom,
    /// How many girls and boys that are.
    pub counts: [u32; 2],
    /// The measure; nothing where there are no girls or no boys.
    pub measured: Option<Dissimilarity>,
    /// The p value adjusted for the number of measures.
    pub adjusted_p: Option<f64>,
}

/// Who wishes for an area first, and who has a place there.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaBalance {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The girls and the boys whose first wish it is, in parts of people where that names several areas; nothing if that would tell of somebody protected.
    pub wish: Option<[f64; 2]>,
    /// Those who have a place there; nothing if that would tell of somebody protected.
    pub placed: Option<GenderCount>,
}

/// Returns how differently girls and boys are spread over areas and over jobs.
pub(super) fn segregation(preparation: &Preparation<'_>, source: Source, standings: &[Standing]) -> Vec<Segregation> {
    let mut all = Vec::new();
    for units in [Dimension::Area, Dimension::Job] {
        let mut put = |whom, spread: Spread| {
            let (counts, measured) = (spread.counts(), spread.dissimilarity());
            all.push(Segregation { units, whom, counts, measured, adjusted_p: None });
        };
        put(Whom::Applicants, of_first_wishes(preparation, units, standings, |_| true));
        put(Whom::Placed, of_first_wishes(preparation, units, standings, |standing| standing.place().is_some()));
        put(Whom::Places, of_places(preparation, units, standings, Standing::place));
        if source.knows_answers() {
            let signed = |standing| if let Standing::Signed(job) = standing { Some(job) } else { None };
            put(Whom::Hired, of_places(preparation, units, standings, signed));
        }
    }
    let p_values: Vec<f64> = all.iter().filter_map(|row| Some(row.measured?.p_value)).collect();
    let measured = all.iter_mut().filter(|row| row.measured.is_some());
    for (row, adjusted) in measured.zip(holm(&p_values)) {
        row.adjusted_p = Some(adjusted);
    }
    all
}

/// Returns a girl as one girl and a boy as one boy, and nobody else.
const fn girl_or_boy(gender: Gender) -> Option<[u32; 2]> {
    match gender {
        Gender::Female => Some([1, 0]),
        Gender::Male => Some([0, 1]),
        Gender::Other | Gender::Unknown => None,
    }
}

/// Returns the unit of a job.
fn unit_of(preparation: &Preparation<'_>, units: Dimension, job: JobIx) -> Option<usize> {
    units.of_job().and_then(|of_job| of_job(preparation.season(), job))
}

/// Returns those who have a place, each in its unit.
fn of_places(
    preparation: &Preparation<'_>,
    units: Dimension,
    standings: &[Standing],
    place: impl Fn(Standing) -> Option<JobIx>,
) -> Spread {
    let mut spread = Spread::default();
    for (applicant, &standing) in preparation.season().applicants().iter().zip(standings) {
        if let Some((who, job)) = girl_or_boy(applicant.gender).zip(place(standing)) {
            spread.add(who, unit_of(preparation, units, job).map(|unit| (unit, 1)));
        }
    }
    spread
}

/// Returns some of those who applied, each once: spread over the units of the jobs that the first wish names, in proportion to their places.
fn of_first_wishes(
    preparation: &Preparation<'_>,
    units: Dimension,
    standings: &[Standing],
    is_of: impl Fn(Standing) -> bool,
) -> Spread {
    // Whoever wishes for the same has the same weights, which are worked out once.
    let mut alike: FxHashMap<Vec<Target>, [u32; 2]> = FxHashMap::default();
    for (applicant, &standing) in preparation.season().applicants().iter().zip(standings) {
        if let Some([girl, boy]) = girl_or_boy(applicant.gender).filter(|_| is_of(standing)) {
            let [girls, boys] = alike.entry(first_wishes(applicant)).or_default();
            *girls += girl;
            *boys += boy;
        }
    }
    let mut spread = Spread::default();
    // In any order: a spread keeps its people sorted.
    for (targets, counts) in alike {
        spread.add(counts, weights(preparation, units, &targets));
    }
    spread
}

/// Returns what somebody wishes for most, tied or not.
fn first_wishes(applicant: &Applicant) -> Vec<Target> {
    let first = applicant.wishes.first().map(|wish| wish.rank);
    applicant.wishes.iter().take_while(|wish| Some(wish.rank) == first).map(|wish| wish.target).collect()
}

/// Returns the units of the jobs that wishes name, with their places; where none of the jobs has a place, each job counts alike.
fn weights(preparation: &Preparation<'_>, units: Dimension, targets: &[Target]) -> Vec<(usize, u32)> {
    let season = preparation.season();
    let mut jobs: Vec<JobIx> = targets.iter().flat_map(|target| preparation.named_by(target)).copied().collect();
    jobs.sort_unstable();
    jobs.dedup();
    let has_places = jobs.iter().any(|&job| season.job(job).capacity > 0);
    let weight = |job| if has_places { season.job(job).capacity } else { 1 };
    jobs.into_iter().filter_map(|job| Some((unit_of(preparation, units, job)?, weight(job)))).collect()
}

/// Returns the areas with those who wish for them first and those who have a place there.
pub(super) fn areas(preparation: &Preparation<'_>, standings: &[Standing], groups: &[BalanceGroup]) -> Vec<AreaBalance> {
    let season = preparation.season();
    let before = of_first_wishes(preparation, Dimension::Area, standings, |_| true).by_unit(groups.len());
    // Everybody and the protected among them whose first wish leads to an area, and who have a place there.
    let mut wishing = vec![[0_u32; 2]; groups.len()];
    let mut placed = vec![[0_u32; 2]; groups.len()];
    let mut after = vec![GenderCount::default(); groups.len()];
    let mut units_of: FxHashMap<Vec<Target>, Vec<usize>> = FxHashMap::default();
    for (applicant, standing) in season.applicants().iter().zip(standings) {
        let who = [1, u32::from(applicant.protected)];
        let add = |sum: &mut [u32; 2]| sum.iter_mut().zip(who).for_each(|(sum, one)| *sum += one);
        let wish = first_wishes(applicant);
        let led_to = units_of.entry(wish).or_insert_with_key(|targets| {
            let mut units: Vec<usize> =
                weights(preparation, Dimension::Area, targets).into_iter().map(|(unit, _)| unit).collect();
            units.sort_unstable();
            units.dedup();
            units
        });
        for &unit in led_to.iter() {
            add(&mut wishing[unit]);
        }
        if let Some(unit) = standing.place().and_then(|job| unit_of(preparation, Dimension::Area, job)) {
            add(&mut placed[unit]);
            after[unit].count(applicant.gender);
        }
    }
    let hidden_wishes = masking::hidden(&wishing);
    let hidden_places = masking::hidden(&placed);
    let area = |(number, group): (usize, &BalanceGroup)| AreaBalance {
        id: group.id.clone(),
        name: group.name.clone(),
        wish: (!hidden_wishes[number]).then_some(before[number]),
        placed: (!hidden_places[number]).then_some(after[number]),
    };
    groups.iter().enumerate().map(area).collect()
}
