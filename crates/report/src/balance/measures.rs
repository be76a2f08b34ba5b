//! The balance in long form, a figure a row.

use super::{Balance, BalanceGroup, Segregation, Source, Stage, Test};
use crate::dimension::Dimension;
use crate::measures::Measure;
use crate::table::Value;

/// Returns every figure in long form: of the whole, of each group, and of who applied for what.
pub fn measures(balance: &Balance) -> Vec<Measure> {
    let mut all = Vec::new();
    put_group(&mut all, "total", &balance.all, balance.source, None);
    for (dimension, groups) in &balance.dimensions {
        for group in groups {
            put_group(&mut all, dimension.key(), group, balance.source, Some(*dimension));
        }
    }
    put_segregation(&mut all, &balance.segregation);
    for area in &balance.areas {
        let mut put = |measure: &str, value: Option<f64>| {
            #[allow(clippy::cast_possible_truncation, reason = "hundredths of people")]
            let value = value.map_or(Value::Masked, |people| Value::Hundredths((people * 100.0).round() as i64));
            all.push(Measure { group: "area", key: area.id.clone(), measure: measure.to_owned(), value });
        };
        put("girls_first_wishes", area.wish.map(|[girls, _]| girls));
        put("boys_first_wishes", area.wish.map(|[_, boys]| boys));
    }
    all
}

/// Returns whether a stage is counted by a dimension: where people are counted by their wishes, those who are in none have no group.
fn is_counted(stage: Stage, dimension: Option<Dimension>) -> bool {
    let by_wishes = dimension.is_some_and(|dimension| dimension.of_applicant().is_none());
    !by_wishes || !matches!(stage, Stage::NotEligible | Stage::LeftBefore)
}

fn put_group(all: &mut Vec<Measure>, kind: &'static str, group: &BalanceGroup, source: Source, dimension: Option<Dimension>) {
    let mut put = |measure: String, value: Value, stage: Stage| {
        let value = value.unless(!group.shows(stage));
        all.push(Measure { group: kind, key: group.id.clone(), measure, value });
    };
    for stage in Stage::of(source).filter(|&stage| is_counted(stage, dimension)) {
        let (count, key) = (group.count(stage), stage.key(source));
        put(key.to_owned(), count.total().into(), stage);
        for (sex, people) in [("girls", count.female), ("boys", count.male), ("other", count.other), ("unknown", count.unknown)] {
            put(format!("{sex}_{key}"), people.into(), stage);
        }
        let share = |share: Option<f64>| share.map_or(Value::Blank, Value::Share);
        put(format!("girls_share_{key}"), share(count.female_share()), stage);
        put(format!("girls_share_{key}_low"), share(count.female_interval().map(|(low, _)| low)), stage);
        put(format!("girls_share_{key}_high"), share(count.female_interval().map(|(_, high)| high)), stage);
    }
    let mut put_test = |name: &str, test: Option<Test>, is_hidden: bool| {
        let p = |p: Option<f64>| p.map_or(Value::Blank, Value::Probability).unless(is_hidden);
        for (measure, value) in
            [("p_value", test.map(|test| test.comparison.p_value)), ("adjusted_p_value", test.map(|test| test.adjusted_p))]
        {
            all.push(Measure { group: kind, key: group.id.clone(), measure: format!("{name}_{measure}"), value: p(value) });
        }
    };
    put_test(source.offered(), group.offers, !(group.shows(Stage::Offered) && group.shows(Stage::Eligible)));
    if source.knows_answers() {
        put_test("turned_down", group.declines, !group.shows(Stage::Declined));
    }
}

/// Puts the measures of segregation, under the unit's name and of whom they are.
pub(super) fn put_segregation(all: &mut Vec<Measure>, rows: &[Segregation]) {
    for row in rows {
        let group = if row.units == Dimension::Area { "segregation_area" } else { "segregation_job" };
        let mut put = |measure: &str, value: Value| {
            all.push(Measure { group, key: row.whom.key().to_owned(), measure: measure.to_owned(), value });
        };
        put("girls", row.counts[0].into());
        put("boys", row.counts[1].into());
        let Some(measured) = row.measured else { continue };
        put("dissimilarity", Value::Share(measured.index));
        put("low", Value::Share(measured.interval.0));
        put("high", Value::Share(measured.interval.1));
        put("chance", Value::Share(measured.expected));
        put("chance_low", Value::Share(measured.by_chance.0));
        put("chance_high", Value::Share(measured.by_chance.1));
        put("systematic", Value::Share(measured.systematic()));
        put("p_value", Value::Probability(measured.p_value));
        put("adjusted_p_value", row.adjusted_p.map_or(Value::Blank, Value::Probability));
    }
}
