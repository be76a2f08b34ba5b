//! A season and what is assumed of it, with changes.

use feriematch_apportion::largest_remainder;
use feriematch_core::{Finding, LockProblem, Preparation, RunOptions, findings};
use feriematch_model::{
    ApplicantIx, Balance, ClassIx, Employer, JobIx, Mechanism, Money, OverrideKind, PlacementRule, Season, SeasonDraft, SmallSet,
};

use crate::relaxation::{Relaxation, reorder};
use crate::scenario::subject::{budgets, wage_bands};
use crate::scenario::{
    Adjustment, AnswerKind, CalendarChange, CapOf, Change, Condition, JobSelection, MethodChange, RateChange, ScenarioProblem,
    cohorts,
};
use crate::study::{Assumptions, Population, RoundCalendar};
use crate::{OfferRates, Rate};

/// The season as it is, how it is matched, and what is assumed of it.
#[derive(Debug, Clone)]
pub struct Base<'s> {
    /// The season.
    pub season: &'s Season,
    /// How it is matched.
    pub options: RunOptions,
    /// What is assumed.
    pub assumptions: Assumptions,
}

/// A changed season, how it is matched, and what is assumed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The season.
    pub season: Season,
    /// How it is matched.
    pub options: RunOptions,
    /// What is assumed.
    pub assumptions: Assumptions,
}

impl Base<'_> {
    /// Returns the season with changes, which are made in their order.
    ///
    /// # Errors
    ///
    /// Returns the first change that cannot be made, or why what is changed does not fit together.
    ///
    /// # Complexity
    ///
    /// Linear in the size of the season for each change; where something is decided by hand, that of preparing the season, too.
    pub fn vary<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> Result<Variant, ScenarioProblem> {
        let draft = SeasonDraft {
            settings: self.season.settings().clone(),
            applicants: self.season.applicants().to_vec(),
            jobs: self.season.jobs().to_vec(),
            overrides: self.season.overrides().to_vec(),
        };
        let mut varied =
            Varied { base: self.season, draft, options: self.options.clone(), assumptions: self.assumptions.clone() };
        changes.into_iter().try_for_each(|change| varied.make(change))?;
        varied.finish()
    }
}

/// A season that is being changed.
struct Varied<'s> {
    /// As it is: what changes name is asked here.
    base: &'s Season,
    draft: SeasonDraft,
    options: RunOptions,
    assumptions: Assumptions,
}

impl Varied<'_> {
    fn make(&mut self, change: &Change) -> Result<(), ScenarioProblem> {
        let settings = &mut self.draft.settings;
        match change {
            Change::DropCohort(year) => settings.cohorts.retain(|cohort| cohort != year),
            Change::AddCohort { year, like } => {
                settings.cohorts.push(*year);
                settings.cohorts.sort_unstable();
                if let Some(like) = like {
                    let made_up = cohorts::made_up(self.base, *year, *like)?;
                    self.draft.applicants.extend(made_up);
                }
            }
            Change::Applicants(percent) => {
                let now = match self.assumptions.population {
                    Population::AsInFiles => 100,
                    Population::Redrawn { percent } => percent,
                };
                let percent = within(Adjustment::Percent(*percent).of_count(now), "the share of applicants", &now)?;
                self.assumptions.population = Population::Redrawn { percent };
            }
            Change::Close(selection) => self.close(selection),
            Change::Places(selection, by) => self.set_places(selection, *by)?,
            Change::MoveJobs(selection, to) => {
                for job in selection.among(self.base.jobs()) {
                    self.draft.jobs[job.get()].period = *to;
                }
            }
            Change::Dates { period, first_day, last_day } => {
                let period = &mut settings.periods[period.get()];
                (period.first_day, period.last_day) = (*first_day, *last_day);
            }
            Change::Cap(of, by) => self.set_cap(*of, *by)?,
            Change::Budget(employer, by) => {
                for employer in budgets(self.base, *employer) {
                    self.set_budget(employer, *by)?;
                }
            }
            Change::CostPerPlace(by) => {
                let now = settings.cost_per_place;
                settings.cost_per_place = Some(money(*by, now, "cost of a place")?);
            }
            Change::Wage(age, by) => {
                for row in wage_bands(self.base, *age) {
                    let band = &mut settings.wages[row];
                    band.per_hour = money(*by, Some(band.per_hour), "wage")?;
                }
            }
            Change::Fee(by) => {
                let now = settings.employer_fee_basis_points;
                settings.employer_fee_basis_points = within(by.of_count(now), "the employer's fee", &now)?;
            }
            Change::Answers(kind, home, by) => {
                for (row, rates) in self.assumptions.answers.iter_mut().enumerate() {
                    if home.is_none_or(|home| home.get() == row) {
                        let rate = rate_of(rates, *kind);
                        *rate = changed_rate(*rate, *by).ok_or(ScenarioProblem::Rates)?;
                    }
                }
            }
            Change::Calendar(change) => self.assumptions.calendar = Some(calendar(self.assumptions.calendar, change)?),
            Change::Funding(stream, condition) => {
                let stream = &mut settings.streams[stream.get()];
                match condition {
                    Condition::Classes(classes) => stream.classes = *classes,
                    Condition::Cohorts(cohorts) => stream.cohorts.clone_from(cohorts),
                    Condition::HomeDistricts(homes) => stream.home_districts = *homes,
                }
            }
            Change::MergeClasses(classes) => self.merge_classes(classes),
            Change::Lift(rule) => {
                rule.lift(&mut self.draft);
                if *rule == Relaxation::Balance {
                    self.options.balance = Balance::NONE;
                }
            }
            Change::Method(change) => self.set_method(change)?,
            Change::OrderClasses(order) => self.order_classes(order),
            Change::OrderFunding(order) => reorder(&mut self.draft, order),
        }
        Ok(())
    }

    /// Takes the places of jobs away. The jobs stay, so that everybody's list of wishes does; whoever was locked to one waits.
    fn close(&mut self, selection: &JobSelection) {
        for job in selection.among(self.base.jobs()) {
            self.draft.jobs[job.get()].capacity = 0;
        }
        let jobs = &self.draft.jobs;
        self.draft.overrides.retain(|o| {
            let is_closed = selection.admits(o.job, self.base.job(o.job)) && jobs[o.job.get()].capacity == 0;
            !(is_closed && matches!(o.kind, OverrideKind::Lock | OverrideKind::Hold))
        });
    }

    /// Gives jobs other numbers of places: their sum is adjusted, and divided in proportion to what each had.
    fn set_places(&mut self, selection: &JobSelection, by: Adjustment) -> Result<(), ScenarioProblem> {
        let selected: Vec<JobIx> = selection.among(self.base.jobs()).collect();
        let capacities: Vec<u32> = selected.iter().map(|job| self.draft.jobs[job.get()].capacity).collect();
        let total: i64 = capacities.iter().copied().map(i64::from).sum();
        if total == 0 {
            let had: i64 = selected.iter().map(|&job| i64::from(self.base.job(job).capacity)).sum();
            return match *selected {
                // What is closed stays closed.
                _ if had > 0 => Ok(()),
                [only] => {
                    self.draft.jobs[only.get()].capacity = within(by.of_count(0), "the number of places", &0)?;
                    Ok(())
                }
                [] => Ok(()),
                _ => Err(ScenarioProblem::Absent { what: "number of places".to_owned() }),
            };
        }
        let adjusted = by.of(total).and_then(|total| u32::try_from(total).ok());
        let adjusted = within(adjusted, "the number of places", &total)?;
        for (job, capacity) in selected.into_iter().zip(largest_remainder(adjusted, &capacities)) {
            self.draft.jobs[job.get()].capacity = capacity;
        }
        Ok(())
    }

    fn set_cap(&mut self, of: CapOf, by: Option<Adjustment>) -> Result<(), ScenarioProblem> {
        let settings = &mut self.draft.settings;
        let cap = match of {
            CapOf::Department(department) => &mut settings.departments[department.get()].cap,
            CapOf::Stream(stream) => &mut settings.streams[stream.get()].cap,
            CapOf::HomeDistrict(district) => &mut settings.districts[district.get()].cap,
        };
        *cap = match (by, *cap) {
            (None, _) => None,
            (Some(Adjustment::Set(to)), _) => Some(within(u32::try_from(to).ok(), "the cap", &to)?),
            (Some(_), None) => return Err(ScenarioProblem::Absent { what: "cap".to_owned() }),
            (Some(by), Some(now)) => Some(within(by.of_count(now), "the cap", &now)?),
        };
        Ok(())
    }

    fn set_budget(&mut self, employer: Employer, by: Option<Adjustment>) -> Result<(), ScenarioProblem> {
        let settings = &mut self.draft.settings;
        let budget = match employer {
            Employer::District(district) => &mut settings.districts[district.get()].budget,
            Employer::Department(department) => &mut settings.departments[department.get()].budget,
        };
        *budget = by.map(|by| money(by, *budget, "budget")).transpose()?;
        Ok(())
    }

    /// Puts everybody of some classes into the first of them. A funding stream that pays for one of them pays for all.
    fn merge_classes(&mut self, classes: &[ClassIx]) {
        let Some(&into) = classes.first() else { return };
        for applicant in &mut self.draft.applicants {
            if classes.contains(&applicant.class) {
                applicant.class = into;
            }
        }
        for stream in &mut self.draft.settings.streams {
            if classes.iter().any(|&class| stream.classes.contains(class)) {
                stream.classes.insert(into);
            }
        }
    }

    fn set_method(&mut self, change: &MethodChange) -> Result<(), ScenarioProblem> {
        let settings = &mut self.draft.settings;
        let options = &mut self.options;
        if let Some(mechanism) = change.mechanism {
            options.mechanism = mechanism;
        }
        if let Some(placement) = change.placement {
            options.placement = placement;
        }
        if options.mechanism != Mechanism::Priority {
            if change.placement.is_some() {
                return Err(ScenarioProblem::Placement { mechanism: options.mechanism });
            }
            options.placement = PlacementRule::default();
        }
        if let Some(costs) = &change.rank_costs {
            settings.rank_costs = costs.clone();
        }
        options.balance.check(options.mechanism, options.placement, &settings.rank_costs)?;
        (settings.mechanism, settings.placement) = (options.mechanism, options.placement);
        settings.balance = options.balance.clone();
        Ok(())
    }

    /// Puts the priority classes into another order: everybody stays in theirs.
    fn order_classes(&mut self, order: &[ClassIx]) {
        let mut now_at = vec![ClassIx::new(0); order.len()];
        for (now, then) in order.iter().enumerate() {
            now_at[then.get()] = ClassIx::new(now);
        }
        let settings = &mut self.draft.settings;
        settings.classes = order.iter().map(|then| settings.classes[then.get()].clone()).collect();
        for stream in &mut settings.streams {
            stream.classes = stream.classes.rows().map(|then| now_at[then]).collect::<SmallSet<ClassIx>>();
        }
        for applicant in &mut self.draft.applicants {
            applicant.class = now_at[applicant.class.get()];
        }
    }

    fn finish(mut self) -> Result<Variant, ScenarioProblem> {
        if self.assumptions.answers.iter().any(|rates| !rates.declined.fits_beside(rates.lapsed)) {
            return Err(ScenarioProblem::Rates);
        }
        self.sort_applicants();
        let season = Season::new(self.draft)?;
        if !season.overrides().is_empty() {
            let found = findings(&Preparation::new(&season));
            let lock = found.iter().find_map(|finding| match finding {
                Finding::Lock { row, problem } => Some((&season.overrides()[*row], *problem)),
                _ => None,
            });
            if let Some((lock, problem)) = lock {
                let applicant = season.applicant(lock.applicant);
                let job = season.job(lock.job).id.clone().into_string();
                let is_told = !(applicant.protected && matches!(problem, LockProblem::Ineligible(_)));
                let problem = is_told.then_some(problem);
                return Err(ScenarioProblem::Lock { applicant: applicant.id.clone().into_string(), job, problem });
            }
        }
        Ok(Variant { season, options: self.options, assumptions: self.assumptions })
    }

    /// Puts made-up applicants among the others, by id; what is decided by hand goes on naming whom it names.
    fn sort_applicants(&mut self) {
        if self.draft.applicants.len() == self.base.applicants().len() {
            return;
        }
        let mut rows: Vec<usize> = (0..self.draft.applicants.len()).collect();
        rows.sort_by(|&a, &b| self.draft.applicants[a].id.cmp(&self.draft.applicants[b].id));
        let mut now_at = vec![0; rows.len()];
        rows.iter().enumerate().for_each(|(now, &then)| now_at[then] = now);
        self.draft.applicants.sort_by(|a, b| a.id.cmp(&b.id));
        for o in &mut self.draft.overrides {
            o.applicant = ApplicantIx::new(now_at[o.applicant.get()]);
        }
        self.draft.overrides.sort_by_key(|o| (o.applicant, o.job));
    }
}

/// Returns a number, or says what would be out of range.
fn within<T>(number: Option<T>, what: &str, now: &impl ToString) -> Result<T, ScenarioProblem> {
    number.ok_or_else(|| ScenarioProblem::OutOfRange { what: what.to_owned(), now: now.to_string() })
}

/// Returns what becomes of an amount that is there, or is set.
fn money(by: Adjustment, now: Option<Money>, what: &str) -> Result<Money, ScenarioProblem> {
    let now = match (by, now) {
        (Adjustment::Set(_), now) => now.unwrap_or(Money::ZERO),
        (_, Some(now)) => now,
        (_, None) => return Err(ScenarioProblem::Absent { what: what.to_owned() }),
    };
    within(by.of(now.ore()).map(Money::from_ore), &format!("the {what}"), &format!("{now} kr"))
}

fn rate_of(rates: &mut OfferRates, kind: AnswerKind) -> &mut Rate {
    match kind {
        AnswerKind::Declined => &mut rates.declined,
        AnswerKind::Lapsed => &mut rates.lapsed,
        AnswerKind::Withdrawn => &mut rates.withdrawn,
    }
}

/// Returns what becomes of a rate; `None` where it would be more than all.
fn changed_rate(rate: Rate, by: RateChange) -> Option<Rate> {
    match by {
        RateChange::Set(rate) => Some(rate),
        RateChange::Percent(percent) => {
            let (part, whole) = rate.parts();
            let (part, whole) = (u64::from(part) * u64::from(percent), u64::from(whole) * 100);
            let divisor = greatest_common_divisor(part, whole);
            let [part, whole] = [part, whole].map(|number| u32::try_from(number / divisor).ok());
            Rate::new(part?, whole?).ok()
        }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn calendar(now: Option<RoundCalendar>, change: &CalendarChange) -> Result<RoundCalendar, ScenarioProblem> {
    let missing = ScenarioProblem::NoCalendar;
    let Some(now) = now else {
        let (Some(first_offers), Some(days_to_answer), Some(days_between), Some(lead_days)) =
            (change.first_offers, change.days_to_answer, change.days_between, change.lead_days)
        else {
            return Err(missing);
        };
        return Ok(RoundCalendar { first_offers, days_to_answer, days_between, lead_days });
    };
    Ok(RoundCalendar {
        first_offers: change.first_offers.unwrap_or(now.first_offers),
        days_to_answer: change.days_to_answer.unwrap_or(now.days_to_answer),
        days_between: change.days_between.unwrap_or(now.days_between),
        lead_days: change.lead_days.unwrap_or(now.lead_days),
    })
}
