//! What a scenario changes, in words.

use feriematch_model::{ClassIx, Money, PeriodIx, Season};

use crate::relaxation::RuleKind;
use crate::scenario::subject::Subject;
use crate::scenario::{Adjustment, AnswerKind, CapOf, Change, Condition, JobSelection, RateChange};

impl Change {
    /// Says what is changed, in English, with the season's own names.
    pub fn in_words(&self, season: &Season) -> String {
        let settings = season.settings();
        let period = |at: &PeriodIx| &*settings.periods[at.get()].name;
        let classes =
            |classes: &[ClassIx]| classes.iter().map(|class| &*settings.classes[class.get()].name).collect::<Vec<_>>().join(", ");
        match self {
            Self::DropCohort(year) => format!("those born in {year} may not apply"),
            Self::AddCohort { year, like: None } => format!("those born in {year} may apply"),
            Self::AddCohort { year, like: Some(like) } => {
                let many = like.applicants.map_or("as many made-up applicants as".to_owned(), |applicants| {
                    format!("{applicants} made-up applicants, like")
                });
                format!("those born in {year} may apply: {many} those born in {}", like.year)
            }
            Self::Applicants(percent) => format!("{percent} % of the applicants"),
            Self::Close(selection) => format!("no places in {}", selection.in_words(season)),
            Self::Places(selection, by) => format!("places in {}: {}", selection.in_words(season), by.in_words(count)),
            Self::MoveJobs(selection, to) => format!("{} in {}", selection.in_words(season), period(to)),
            Self::Dates { period: at, first_day, last_day } => format!("{} from {first_day} to {last_day}", period(at)),
            Self::Cap(of, by) => format!("{}: {}", cap_in_words(season, *of), or_none(*by, count)),
            Self::Budget(None, by) => format!("all budgets: {}", or_none(*by, kronor)),
            Self::Budget(Some(employer), by) => {
                format!("budget of {}: {}", season.employer_name(*employer), or_none(*by, kronor))
            }
            Self::CostPerPlace(by) => format!("planned cost of a place: {}", by.in_words(kronor)),
            Self::Wage(None, by) => format!("wages: {}", by.in_words(kronor)),
            Self::Wage(Some(age), by) => format!("wages at {age}: {}", by.in_words(kronor)),
            Self::Fee(by) => format!("employer's fee: {}", by.in_words(|points| format!("{} %", hundredths(points)))),
            Self::Answers(kind, home, by) => {
                let who = home.map_or("everybody's", |home| &settings.districts[home.get()].name);
                let by = match by {
                    RateChange::Percent(percent) => format!("{percent} % of what is assumed"),
                    RateChange::Set(rate) => {
                        let (part, whole) = rate.parts();
                        format!("{} %", hundredths(i64::from(part) * 10_000 / i64::from(whole)))
                    }
                };
                format!("{who} offers {}: {by}", kind.name())
            }
            Self::Calendar(change) => {
                let parts = [
                    change.first_offers.map(|day| format!("first offers on {day}")),
                    change.days_to_answer.map(|days| format!("{days} working days to answer")),
                    change.days_between.map(|days| format!("{days} working days between rounds")),
                    change.lead_days.map(|days| format!("{days} working days before the first day")),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            Self::Funding(stream, condition) => {
                let name = &settings.streams[stream.get()].name;
                let of = match condition {
                    Condition::Classes(of) => of.rows().map(|row| settings.classes[row].name.to_string()).collect(),
                    Condition::Cohorts(of) => of.iter().map(|year| format!("those born in {year}")).collect(),
                    Condition::HomeDistricts(of) => {
                        of.rows().map(|row| settings.districts[row].name.to_string()).collect::<Vec<_>>()
                    }
                };
                let what = match condition {
                    Condition::Classes(_) => "every class",
                    Condition::Cohorts(_) => "every birth year",
                    Condition::HomeDistricts(_) => "every home district",
                };
                format!("{name} pays for {}", if of.is_empty() { what.to_owned() } else { of.join(", ") })
            }
            Self::MergeClasses(merged) => format!("one class of {}", classes(merged)),
            Self::Lift(rule) => format!("without {}", rule_in_words(rule.kind())),
            Self::Method(change) => {
                let parts = [
                    change.mechanism.map(|mechanism| format!("mechanism {mechanism}")),
                    change.placement.map(|placement| format!("placement {placement}")),
                    change.rank_costs.as_ref().map(|_| "other rank costs".to_owned()),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            Self::OrderClasses(order) => format!("classes in the order {}", classes(order)),
            Self::OrderFunding(order) => {
                let names: Vec<&str> = order.iter().map(|stream| &*settings.streams[stream.get()].name).collect();
                format!("funding in the order {}", names.join(", "))
            }
        }
    }

    /// Returns whether applicants are made up.
    pub const fn makes_up(&self) -> bool {
        matches!(self, Self::AddCohort { like: Some(_), .. })
    }
}

impl JobSelection {
    /// Says which jobs they are.
    fn in_words(&self, season: &Season) -> String {
        let settings = season.settings();
        let parts = [
            self.job.map(|job| season.job(job).id.to_string()),
            self.area.map(|area| settings.areas[area.get()].name.to_string()),
            self.employer.map(|employer| season.employer_name(employer).to_owned()),
            self.host_district.map(|district| format!("hosted in {}", settings.districts[district.get()].name)),
            self.period.map(|period| settings.periods[period.get()].name.to_string()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "all jobs".to_owned() } else { parts.join(", ") }
    }
}

impl Adjustment {
    /// Says what becomes of a number of some unit.
    fn in_words(self, unit: impl Fn(i64) -> String) -> String {
        match self {
            Self::Set(to) => unit(to),
            Self::Add(more) if more < 0 => unit(more),
            Self::Add(more) => format!("+{}", unit(more)),
            Self::Percent(percent) => format!("{percent} %"),
        }
    }
}

impl Subject {
    /// Says which thing it is.
    pub(crate) fn in_words(self, season: &Season) -> String {
        let settings = season.settings();
        match self {
            Self::Cohort(year) => format!("the birth year {year}"),
            Self::Applicants => "the number of applicants".to_owned(),
            Self::Places(job) => format!("the places of `{}`", season.job(job).id),
            Self::PeriodOf(job) => format!("the period of `{}`", season.job(job).id),
            Self::Dates(period) => format!("the dates of `{}`", settings.periods[period.get()].id),
            Self::Cap(of) => cap_in_words(season, of),
            Self::Budget(employer) => format!("the budget of `{}`", season.employer_id(employer)),
            Self::CostPerPlace => "the planned cost of a place".to_owned(),
            Self::Wage(row) => format!("the wage at {}", settings.wages[row].from_age),
            Self::Fee => "the employer's fee".to_owned(),
            Self::Answers(kind, home) => {
                let what = match kind {
                    AnswerKind::Declined => "declined",
                    AnswerKind::Lapsed => "lapsed",
                    AnswerKind::Withdrawn => "withdrawn",
                };
                format!("the share {what} in `{}`", settings.districts[home.get()].id)
            }
            Self::FirstOffers => "the day of the first offers".to_owned(),
            Self::DaysToAnswer => "the days to answer".to_owned(),
            Self::DaysBetween => "the days between rounds".to_owned(),
            Self::LeadDays => "the lead days".to_owned(),
            Self::FundedClasses(stream) => format!("the classes of `{}`", settings.streams[stream.get()].id),
            Self::FundedCohorts(stream) => format!("the birth years of `{}`", settings.streams[stream.get()].id),
            Self::FundedHomes(stream) => format!("the home districts of `{}`", settings.streams[stream.get()].id),
            Self::Class(class) => format!("the class `{}`", settings.classes[class.get()].code),
            Self::Mechanism => "the mechanism".to_owned(),
            Self::Placement => "the rule of placement".to_owned(),
            Self::RankCosts => "the rank costs".to_owned(),
            Self::OrderOfClasses => "the order of classes".to_owned(),
            Self::OrderOfFunding => "the order of funding streams".to_owned(),
        }
    }
}

fn cap_in_words(season: &Season, of: CapOf) -> String {
    let settings = season.settings();
    match of {
        CapOf::Department(department) => format!("cap of {}", settings.departments[department.get()].name),
        CapOf::Stream(stream) => format!("cap of {}", settings.streams[stream.get()].name),
        CapOf::HomeDistrict(district) => format!("cap of those who live in {}", settings.districts[district.get()].name),
    }
}

/// Says which rule it is.
const fn rule_in_words(rule: RuleKind) -> &'static str {
    match rule {
        RuleKind::LeastAge => "least ages of jobs",
        RuleKind::GreatestAge => "greatest ages of jobs",
        RuleKind::MinorsRules => "the rules for minors",
        RuleKind::Extract => "register extracts",
        RuleKind::Periods => "applicants' periods",
        RuleKind::OpenTo => "jobs for some districts only",
        RuleKind::Locks => "locks by hand",
        RuleKind::Forbids => "pairs forbidden by hand",
        RuleKind::Balance => "soft balance targets",
        other => other.code(),
    }
}

fn or_none(by: Option<Adjustment>, unit: impl Fn(i64) -> String) -> String {
    by.map_or("none".to_owned(), |by| by.in_words(unit))
}

fn count(number: i64) -> String {
    number.to_string()
}

fn kronor(ore: i64) -> String {
    format!("{} kr", Money::from_ore(ore).to_string().trim_end_matches(".00"))
}

fn hundredths(number: i64) -> String {
    let text = Money::from_ore(number).to_string();
    text.trim_end_matches(".00").to_owned()
}
