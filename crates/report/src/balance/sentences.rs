//! The balance in plain words.

use feriematch_core::balance::Comparison;

use super::{Balance, BalanceGroup, Segregation, Source, Stage, Test, Whom};
use crate::dimension::Dimension;
use crate::table::grouped;

/// Says in plain words what the tables show, what is larger than chance, and what that does not mean.
pub fn sentences(balance: &Balance) -> Vec<String> {
    let mut all = Vec::new();
    let source = balance.source;
    if source == (Source::Record { rounds: 0 }) {
        all.push("No round has been published yet; `--outcome` looks at a run.".to_owned());
    }
    all.extend(sums(&balance.all, source));
    all.push(offers(&balance.all, source));
    all.extend(groups(balance, BalanceGroup::shown_offers, |group| offers(group, source), source.offered()));
    if source.knows_answers() {
        all.push(declines(&balance.all));
        all.extend(groups(balance, BalanceGroup::shown_declines, declines, "turned down"));
    } else {
        all.push("What became of offers is not known without the season's record, so nothing is said about declines.".to_owned());
    }
    all.extend(segregation(&balance.segregation));
    all.push(NO_REASON.to_owned());
    all
}

/// What a difference does not mean.
pub(super) const NO_REASON: &str = "A difference is not a reason, and none is not proof of equal treatment: girls and boys differ in ages, classes, \
     districts and wishes.";

/// Says how everybody adds up: those who applied, and those who were offered a place.
fn sums(all: &BalanceGroup, source: Source) -> Vec<String> {
    let whole = |whole: Stage, parts: &[Stage]| {
        let of = |stage: Stage| grouped(i64::from(all.count(stage).total()));
        let part = |&stage: &Stage| format!("{} {}", of(stage), stage.in_words(source).trim_start());
        format!("{} {}: {}.", of(whole), whole.in_words(source), parts.iter().map(part).collect::<Vec<_>>().join("; "))
    };
    let known = |stages: &[Stage]| Stage::of(source).filter(|stage| stages.contains(stage)).collect::<Vec<_>>();
    let mut said = Vec::new();
    if all.shows(Stage::Waiting) {
        let parts = known(&[Stage::Offered, Stage::Waiting, Stage::LeftBefore, Stage::NotEligible]);
        said.push(whole(Stage::Applications, &parts));
    }
    if source.knows_answers() && all.shows(Stage::Displaced) {
        let answers: Vec<Stage> = Stage::of(source).filter(|stage| *stage > Stage::Offered).collect();
        said.push(whole(Stage::Offered, &answers));
    }
    said
}

fn per_cent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Returns a p value with its relation, three decimals.
fn probability(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

fn verdict(adjusted_p: f64) -> String {
    let size = if adjusted_p < Comparison::LEVEL { "larger than chance" } else { "not larger than chance makes" };
    format!("{size} ({})", probability(adjusted_p))
}

/// Compares the girls among those offered a place with those among the eligible.
fn offers(group: &BalanceGroup, source: Source) -> String {
    let who = if source.knows_answers() { "offered a place" } else { "with a place" };
    let (offered, eligible) = (group.count(Stage::Offered), group.count(Stage::Eligible));
    let shares = offered.female_share().zip(eligible.female_share()).zip(offered.female_interval());
    let Some((((share, of_eligible), (low, high)), test)) = shares.zip(group.shown_offers()) else {
        return format!("There are too few girls or boys {who} to compare.");
    };
    format!(
        "{} of those {who} are girls (95 % interval {:.1} to {}), of the eligible {}: a difference of {:+.1} points, {}.",
        per_cent(share),
        low * 100.0,
        per_cent(high),
        per_cent(of_eligible),
        test.comparison.difference * 100.0,
        verdict(test.adjusted_p),
    )
}

/// Compares the girls who turned an offer down with the boys.
fn declines(group: &BalanceGroup) -> String {
    let (turned_down, answered) = (group.turned_down(), group.answered());
    let Some(test) = group.shown_declines().filter(|_| answered.female > 0 && answered.male > 0) else {
        return "Too few girls or boys have answered an offer to compare.".to_owned();
    };
    let of = |part: u32, whole: u32| format!("{part} of {whole} ({})", per_cent(f64::from(part) / f64::from(whole)));
    format!(
        "Of those who answered, or let the time run out, {} girls and {} boys turned their offer down: a difference {}.",
        of(turned_down.female, answered.female),
        of(turned_down.male, answered.male),
        verdict(test.adjusted_p)
    )
}

/// Names the groups with a difference larger than chance, and says of how many groups.
fn groups(
    balance: &Balance,
    test: impl Fn(&BalanceGroup) -> Option<Test>,
    say: impl Fn(&BalanceGroup) -> String,
    what: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    for (dimension, groups) in &balance.dimensions {
        for group in groups.iter().filter(|&group| test(group).is_some_and(|test| test.is_larger_than_chance())) {
            found.push(format!("{} {}: {}", dimension.key(), group.name, say(group)));
        }
    }
    let rest = if found.is_empty() { "In none" } else { "In no other" };
    let compared = balance.comparisons(test);
    found.push(format!(
        "{rest} of the {compared} groups compared is the difference of those {what} larger than chance (p values adjusted by Holm's method)."
    ));
    found
}

/// Says how differently girls and boys wish and are placed: by work area, and where their places are by job.
pub(super) fn segregation(rows: &[Segregation]) -> Vec<String> {
    let of_areas = || rows.iter().filter(|row| row.units == Dimension::Area);
    let of_jobs = rows.iter().filter(|row| row.units == Dimension::Job && row.whom == Whom::Places);
    let mut said: Vec<String> = of_areas().filter_map(dissimilarity).collect();
    let index = |whom: Whom| of_areas().find(|row| row.whom == whom).and_then(|row| Some(row.measured?.index));
    if let Some((wishes, places)) = index(Whom::Placed).zip(index(Whom::Places)) {
        let change = (places - wishes) * 100.0;
        let direction = if change < 0.0 { "less" } else { "more" };
        said.push(format!(
            "Girls and boys with a place are spread {:.1} points {direction} differently over areas than their first wishes: that is the placing's doing, and \
             chance's.",
            change.abs()
        ));
    }
    said.extend(of_jobs.filter_map(dissimilarity));
    said
}

/// Says how differently girls and boys are spread, and whether that is chance.
fn dissimilarity(row: &Segregation) -> Option<String> {
    let (measured, adjusted_p) = row.measured.zip(row.adjusted_p)?;
    let unit = row.units.key();
    let range = |(low, high): (f64, f64)| format!("{:.1} to {}", low * 100.0, per_cent(high));
    Some(format!(
        "By {unit}, {}: {} of the girls would have to be in another {unit} for girls and boys to be spread alike (95 % interval {}). Chance alone gives {} on \
         average, {} in 95 of 100 cases: {}.",
        row.whom.in_words(),
        per_cent(measured.index),
        range(measured.interval),
        per_cent(measured.expected),
        range(measured.by_chance),
        verdict(adjusted_p)
    ))
}
