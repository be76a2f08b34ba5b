//! Which edition of its rule pack a season goes by.

use std::path::Path;

use feriematch_model::Period;
use jiff::civil::Date;

use crate::diagnostic::Origin;
use crate::document::{Reading, Value};
use crate::quote::quote;
use crate::read::{can_be_opened, season_text};
use crate::rule_catalog::{RuleCatalog, Unfit};
use crate::rule_edition::RuleEdition;
use crate::settings::{self, read_cohorts};
use crate::suggest::{choices, did_you_mean, nearest};
use crate::{Code, Diagnostic, Span};

/// The rules of a season, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct ChosenRules {
    pub(crate) edition: Option<RuleEdition>,
    /// The first and the last working day.
    working_days: Option<(Date, Date)>,
    /// Whether the edition says who may apply, since the season does not.
    decides_cohorts: bool,
}

/// Which edition of its rule pack a season goes by, and among which.
#[derive(Debug)]
#[non_exhaustive]
pub struct SeasonRules {
    /// Every edition that there is: the program's, and the season's own.
    pub catalog: RuleCatalog,
    /// The one that the season goes by; `None` where there is none, or where problems keep it from being known.
    pub edition: Option<RuleEdition>,
    /// The season's first and last working day, if they are known.
    pub working_days: Option<(Date, Date)>,
    /// Whether the birth years that may apply follow from the edition, since `season.toml` does not state them.
    pub decides_cohorts: bool,
    /// Errors and warnings of `season.toml` and of the files in `rules`.
    pub problems: Vec<Diagnostic>,
}

/// Reads which edition of its rule pack a season goes by, from `season.toml` and the folder `rules`; the tables are not looked at.
pub fn read_rules(dir: &Path) -> SeasonRules {
    let mut problems = Vec::new();
    if !can_be_opened(dir, &mut problems) {
        let catalog = RuleCatalog::shipped();
        return SeasonRules { catalog, edition: None, working_days: None, decides_cohorts: false, problems };
    }
    let catalog = RuleCatalog::read(dir, &mut problems);
    let text = season_text(dir, &mut problems);
    let mut reading = Reading::new(Origin::file("season.toml"), text.as_deref().unwrap_or_default());
    let season_file = if text.is_some() { settings::read(&catalog, &mut reading) } else { None };
    problems.append(&mut reading.problems);
    Diagnostic::sort(&mut problems);
    let ChosenRules { edition, working_days, decides_cohorts } = season_file.map(|file| file.rules).unwrap_or_default();
    // An edition that cannot be read might be the one.
    let edition = edition.filter(|_| catalog.is_complete());
    SeasonRules { catalog, edition, working_days, decides_cohorts, problems }
}

/// Chooses the edition of a family for a season's periods, and finds out who may apply: those that the season states, or else the edition.
///
/// What is not known because of another problem is not reported on top of it.
pub(crate) fn choose(
    catalog: &RuleCatalog,
    family: Option<&Value<'_>>,
    periods: Option<&[Period]>,
    cohorts: Option<&Value<'_>>,
    season: &Span,
    year: Option<i16>,
    reading: &mut Reading<'_>,
) -> (ChosenRules, Vec<i16>) {
    let edition = family.and_then(|family| find(catalog, family, periods, reading));
    let rule = edition.and_then(|edition| edition.cohorts.as_ref());
    let stated = match (cohorts, edition) {
        (Some(list), _) => {
            let stated = read_cohorts(list, year, reading);
            if let Some((edition, year)) = edition.zip(year) {
                warn_of_others(list, &stated, edition, year, reading);
            }
            stated
        }
        (None, Some(_)) if rule.is_none() => {
            let help = "list the birth years that may apply, or go by a rule pack that says who may".to_owned();
            let missing = Diagnostic::new(Code::MissingKey, season.clone(), "`cohorts` is missing in `season`");
            reading.problems.push(missing.with_help(help));
            Vec::new()
        }
        (None, _) => rule.zip(year).map(|(rule, year)| rule.birth_years(year)).unwrap_or_default(),
    };
    let working_days = periods.and_then(|periods| {
        let first = periods.iter().map(|period| period.first_day).min()?;
        Some((first, periods.iter().map(|period| period.last_day).max()?))
    });
    let decides_cohorts = cohorts.is_none() && rule.is_some();
    (ChosenRules { edition: edition.cloned(), working_days, decides_cohorts }, stated)
}

/// Returns the edition of a family that is right for a season, or reports that there is none.
fn find<'c>(
    catalog: &'c RuleCatalog,
    family: &Value<'_>,
    periods: Option<&[Period]>,
    reading: &mut Reading<'_>,
) -> Option<&'c RuleEdition> {
    let name = family.text(reading)?;
    let periods = periods.filter(|periods| !periods.is_empty());
    let unfit = match catalog.of_family(name).next() {
        // It may be in a file that cannot be read.
        None if !catalog.is_complete() => return None,
        None => {
            let families = catalog.families();
            let help = did_you_mean(nearest(name, families.clone())).unwrap_or_else(|| format!("there is {}", choices(families)));
            family.report(Code::UnknownRulePack, format!("unknown rule pack {}", quote(name)), help, reading);
            return None;
        }
        Some(first) => match catalog.fit(name, periods?) {
            Ok(edition) => return Some(edition),
            Err(_) if !catalog.is_complete() => return None,
            Err(Unfit::NotInForce { first_working_day }) => (
                Code::NoEditionInForce,
                match catalog.last_to_begin(name, first_working_day) {
                    None => format!(
                        "no edition of {} is in force on the first working day, {first_working_day}: the first holds from {}",
                        quote(name),
                        first.pack.valid_from
                    ),
                    Some((edition, last)) => format!(
                        "no edition of {} is in force on the first working day, {first_working_day}: the one from {} holds to {last}",
                        quote(name),
                        edition.pack.valid_from
                    ),
                },
                "put an edition that is into `rules`, one file an edition, as docs/formats.md shows".to_owned(),
            ),
            Err(Unfit::Ends { edition, last, working_day }) => {
                let (from, to) = (edition.pack.valid_from, span_of(periods?));
                (
                    Code::RulesChange,
                    format!("the edition of {} from {from} holds to {last}, and {working_day} is a working day", quote(name)),
                    format!(
                        "make two seasons, or put an edition into `rules` that holds {to} and keeps to the rules of all these days"
                    ),
                )
            }
        },
    };
    let (code, message, help) = unfit;
    family.report(code, message, help, reading);
    None
}

/// Words the days of a season: from the first working day to the last.
fn span_of(periods: &[Period]) -> String {
    let first = periods.iter().map(|period| period.first_day).min().unwrap_or(Date::MIN);
    let last = periods.iter().map(|period| period.last_day).max().unwrap_or(Date::MAX);
    format!("from {first} to {last}")
}

/// Warns of birth years that may apply by season.toml and not by the rules.
fn warn_of_others(list: &Value<'_>, stated: &[i16], edition: &RuleEdition, year: i16, reading: &mut Reading<'_>) {
    let Some(rule) = &edition.cohorts else { return };
    let known = rule.birth_years(year);
    let others: Vec<String> = stated.iter().filter(|cohort| !known.contains(cohort)).map(ToString::to_string).collect();
    if others.is_empty() {
        return;
    }
    let ages: Vec<String> = rule.ages.iter().map(ToString::to_string).collect();
    let message = format!(
        "by {} those may apply who turn {} in {year}, and not those born in {}",
        quote(&edition.pack.id),
        ages.join(", "),
        others.join(", ")
    );
    let help = "take them out, leave `cohorts` out to go by the rules, or let them stay if that was decided".to_owned();
    list.report(Code::CohortOutsideRules, message, help, reading);
}
