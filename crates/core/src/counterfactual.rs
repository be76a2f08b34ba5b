//! What would have been enough for somebody without a place; each answer is verified by solving the season again with just that changed.

use std::collections::BTreeSet;

use feriematch_model::{
    Applicant, ApplicantIx, AreaIx, JobFilter, JobIx, LotteryNumber, Mechanism, Outcome, Rule, Season, SmallSet, Target, Verdict,
    age_on,
};
use jiff::civil::Date;

use crate::explain::Holders;
use crate::what_if::WhatIf;
use crate::{Change, Preparation, WhatIfError};

/// How many work areas are tried as a further wish, and how many answers of them are enough.
const MOST_AREAS: usize = 12;
const ENOUGH_AREAS: usize = 5;

/// What would have given a place to somebody who has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counterfactuals {
    /// Which position would have been enough; `None` where the applicant has no acceptable job, so that no position is, or where the
    /// order of the round is another.
    pub position: Option<EnoughPosition>,
    /// Which further wishes would have been enough.
    pub wishes: FurtherWishes,
    /// What stands in the way of jobs wished for, and whether a place would have been there without it.
    pub obstacles: Vec<Obstacle>,
}

/// Which position would have been enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnoughPosition {
    /// The last position at which there would have been a place.
    UpTo {
        /// The position in the whole order.
        position: u32,
        /// What had to be drawn for it; `None` where the position is one of an earlier priority class.
        drawn: Option<EnoughNumber>,
    },
    /// Not even the first position of all.
    None,
}

/// What had to be drawn in one's own priority class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnoughNumber {
    /// A lottery number below this one.
    pub below: LotteryNumber,
    /// The place within the class, from 1.
    pub place_in_class: u32,
}

/// Which further wishes would have been enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FurtherWishes {
    /// Whether there is any job that the applicant may take and did not wish for.
    pub some_left: bool,
    /// Whether a wish for any job would have been enough, after all others on the list.
    pub any: bool,
    /// Work areas of which one would have been enough, the most useful first.
    pub areas: Vec<AreaIx>,
    /// Whether these are all that would have been enough.
    pub areas_are_all: bool,
}

/// Something that stands in the way of jobs wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle {
    /// What would be otherwise without it.
    pub change: Change,
    /// Whether that alone would have been enough.
    pub is_enough: bool,
}

/// Finds out what would have been enough for an applicant who has no place; `None` for one who has, and where it was not decided on
/// one after the other, in the order of the ranking. `outcome` must be one of this season.
///
/// `at` is told each time the season is about to be solved again.
///
/// # Errors
///
/// [`WhatIfError::NotReproduced`] if the outcome is not what the season gives, and whatever a run of a changed season ends with.
///
/// # Complexity
///
/// Some 40 runs of the season at most, of which those for the position are logarithmic in the number of applicants: who is before
/// somebody is decided on without them, so that an earlier position can only help.
pub fn counterfactuals(
    preparation: &Preparation<'_>,
    outcome: &Outcome,
    applicant: ApplicantIx,
    at: &mut dyn FnMut(),
) -> Result<Option<Counterfactuals>, WhatIfError> {
    let Some(decision) = outcome.decisions.get(applicant.get()) else { return Ok(None) };
    if !is_by_turns(outcome) {
        return Ok(None);
    }
    let is_waiting = match &decision.verdict {
        Verdict::Placed(_) => return Ok(None),
        Verdict::Waiting { .. } => true,
        Verdict::Ineligible { .. } => false,
    };
    let mut what_if = WhatIf::new(preparation, outcome, applicant, at)?;
    let position = if is_waiting && !outcome.moves_up() { Some(enough_position(&mut what_if, applicant)?) } else { None };
    let wishes = further_wishes(&mut what_if, preparation, &Holders::new(preparation.season(), outcome), applicant)?;
    let obstacles = obstacles(preparation, applicant).into_iter().map(|changes| {
        // Of several that differ in degree, the least that is enough.
        let mut last = None;
        for change in changes {
            let is_enough = what_if.has_place_after(change)?;
            last = Some(Obstacle { change, is_enough });
            if is_enough {
                break;
            }
        }
        Ok(last)
    });
    let obstacles: Vec<Option<Obstacle>> = obstacles.collect::<Result<_, WhatIfError>>()?;
    Ok(Some(Counterfactuals { position, wishes, obstacles: obstacles.into_iter().flatten().collect() }))
}

/// Returns whether it was decided on one after the other, in the order of the ranking and whatever comes after: then an earlier turn or a
/// longer list never costs the place, and a few runs stand for all.
fn is_by_turns(outcome: &Outcome) -> bool {
    let by_turns = matches!(outcome.mechanism, Mechanism::Priority | Mechanism::SerialDictatorship | Mechanism::PaperLottery);
    by_turns && outcome.balance.is_none()
}

/// Finds the last position that is enough by bisection.
fn enough_position(what_if: &mut WhatIf<'_, '_>, applicant: ApplicantIx) -> Result<EnoughPosition, WhatIfError> {
    // With a place at `enough`, and none at `short`; the applicant's own position is short.
    let mut short = what_if.ranking().position(applicant);
    if short == 1 || !what_if.has_place_at(1)? {
        return Ok(EnoughPosition::None);
    }
    let mut enough = 1;
    while short - enough > 1 {
        let middle = enough + (short - enough) / 2;
        if what_if.has_place_at(middle)? {
            enough = middle;
        } else {
            short = middle;
        }
    }
    // Whoever has that position now would have to come after.
    let ranking = what_if.ranking();
    let next = ranking.order()[enough as usize - 1];
    let turn = ranking.class_turn(applicant);
    let drawn = (ranking.class_turn(next) == turn).then(|| {
        let before = ranking.order().iter().take_while(|&&other| ranking.class_turn(other) != turn).count() as u32;
        EnoughNumber { below: ranking.number(next), place_in_class: enough - before }
    });
    Ok(EnoughPosition::UpTo { position: enough, drawn })
}

/// Tries further wishes: any job, and if that is enough, work areas.
fn further_wishes(
    what_if: &mut WhatIf<'_, '_>,
    preparation: &Preparation<'_>,
    holders: &Holders<'_>,
    applicant: ApplicantIx,
) -> Result<FurtherWishes, WhatIfError> {
    let season = preparation.season();
    let own_position = what_if.ranking().position(applicant);
    // By area, the places of further jobs that somebody behind has, or nobody, and all of their places.
    let mut by_area = vec![(0, 0); season.settings().areas.len()];
    let mut some_left = false;
    for (row, job) in season.jobs().iter().enumerate() {
        let index = JobIx::new(row);
        if season.wished_rank(applicant, index).is_some() || preparation.eligibility().check(applicant, index).is_err() {
            continue;
        }
        some_left = true;
        let is_behind = holders.cutoff(index).is_some_and(|cutoff| cutoff.position > own_position);
        let within_reach = if is_behind { job.capacity } else { job.capacity - holders.count(index).min(job.capacity) };
        let (reach, places) = &mut by_area[job.area.get()];
        *reach += within_reach;
        *places += job.capacity;
    }
    let mut further = FurtherWishes { some_left, ..FurtherWishes::default() };
    let wish = |area| Change::Wish(Target::Jobs(JobFilter { area, district: None }));
    // Whoever gets no place with a wish for any job gets none with a wish for some.
    further.any = some_left && what_if.has_place_after(wish(None))?;
    if further.any {
        let mut areas: Vec<usize> = (0..by_area.len()).filter(|&area| by_area[area].1 > 0).collect();
        areas.sort_by_key(|&area| std::cmp::Reverse(by_area[area]));
        further.areas_are_all = areas.len() <= MOST_AREAS;
        for area in areas.into_iter().take(MOST_AREAS).map(AreaIx::new) {
            if further.areas.len() == ENOUGH_AREAS {
                further.areas_are_all = false;
                break;
            }
            if what_if.has_place_after(wish(Some(area)))? {
                further.areas.push(area);
            }
        }
    }
    Ok(further)
}

/// Returns what could be otherwise so that rules let the applicant take more of the jobs wished for: for each obstacle, the changes to try in order.
fn obstacles(preparation: &Preparation<'_>, applicant: ApplicantIx) -> Vec<Vec<Change>> {
    let season = preparation.season();
    let of = season.applicant(applicant);
    let mut extract: BTreeSet<Date> = BTreeSet::new();
    let (mut periods, mut qualifications, mut ages) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for wished in preparation.wished(applicant) {
        let Err(rule) = preparation.eligibility().check(applicant, wished.job) else { continue };
        let job = season.job(wished.job);
        let first_day = season.period_of(job).first_day;
        match rule {
            Rule::ExtractMissing | Rule::ExtractTooOld => drop(extract.insert(first_day)),
            Rule::Period => drop(periods.insert(job.period)),
            Rule::Qualification => {
                let missing: SmallSet<_> = job
                    .requires
                    .rows()
                    .map(feriematch_model::QualificationIx::new)
                    .filter(|&needed| !of.qualifications.contains(needed))
                    .collect();
                if !qualifications.contains(&missing) {
                    qualifications.push(missing);
                }
            }
            Rule::MinimumAge => ages.extend(job.min_age.map(|age| (i16::from(age), first_day))),
            _ => {}
        }
        if is_about_age(rule) {
            let bands = &season.settings().rule_pack.bands;
            let next = bands.iter().flat_map(|band| [band.from_age, band.to_age.saturating_add(1)]);
            ages.extend(next.map(|age| (i16::from(age), first_day)));
        }
    }
    let older: Vec<Change> = ages.into_iter().filter_map(|(age, day)| born(season, of, age, day)).collect();
    let mut all: Vec<Vec<Change>> = Vec::new();
    // On the first of the first days it is in time for all of these jobs.
    all.extend(extract.first().map(|&day| vec![Change::ExtractShown(day)]));
    all.extend(periods.into_iter().map(|period| vec![Change::Period(period)]));
    all.extend(qualifications.into_iter().take(4).map(|missing| vec![Change::Qualifications(missing)]));
    all.push(older);
    all.retain(|changes| !changes.is_empty());
    all
}

/// Returns whether a rule refuses somebody for being too young.
fn is_about_age(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::MinimumAge | Rule::HoursPerDay | Rule::HoursPerWeek | Rule::WorkingTime | Rule::DailyRest | Rule::HazardousWork
    )
}

/// Returns the latest day of birth with an age on a day, if that makes the applicant older, and those born in its year may apply.
fn born(season: &Season, applicant: &Applicant, age: i16, day: Date) -> Option<Change> {
    let year = day.year() - age;
    // Whoever was born on 29 February is a year older on 1 March.
    let birth = Date::new(year, day.month(), day.day()).or_else(|_| Date::new(year, 2, 28)).ok()?;
    let is_older = age_on(applicant.birth_date, day) < age;
    (is_older && season.settings().cohorts.contains(&year)).then_some(Change::Born(birth))
}
