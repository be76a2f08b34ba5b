//! The figures in long form, one a row: for scripts, for statistics programs, and as the published table of a later year.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::figures::{Figures, Group};
use crate::table::Value;

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The kind of group, such as `district`, or `total`.
    pub group: &'static str,
    /// The group's id, or `all`.
    pub key: String,
    /// What is counted.
    pub measure: String,
    /// The figure.
    pub value: Value,
}

/// Returns every figure in long form, in the order of the report's tables.
pub fn measures(figures: &Figures) -> Vec<Measure> {
    let mut all = Vec::new();
    put_group(&mut all, "total", &figures.overview.all);
    for (dimension, groups) in &figures.dimensions {
        for group in groups {
            put_group(&mut all, dimension.key(), group);
        }
    }
    let mut total = |measure: String, value: Value| all.push(Measure { group: "total", key: "all".to_owned(), measure, value });
    for (prefix, profile) in [("", &figures.overview.profile), ("paper_", &figures.overview.paper)] {
        for (rank, &count) in (1..).zip(&profile.ranks) {
            total(format!("{prefix}wish_{rank}"), count.into());
        }
        total(format!("{prefix}placed"), profile.placed().into());
        total(format!("{prefix}not_placed"), profile.waiting.into());
        total(format!("{prefix}first_wish_share"), profile.first_share().map_or(Value::Blank, Value::Share));
    }
    let origins = figures.overview.origins;
    for (name, count) in
        [("lottery", origins.lottery), ("class", origins.class), ("hand", origins.hand), ("earlier_round", origins.earlier)]
    {
        total(format!("placed_by_{name}"), count.into());
    }
    for payer in &figures.payers {
        let mut put = |measure: &str, value| {
            all.push(Measure { group: "payer", key: payer.id.clone(), measure: measure.to_owned(), value });
        };
        let is_masked = figures.masks_payer(payer);
        put("placed", Value::from(payer.placed).unless(is_masked));
        put("cap", Value::count_or_blank(payer.cap));
        put("cost", payer.cost.map_or(Value::Blank, Value::Money).unless(is_masked));
        put("budget", payer.budget.map_or(Value::Blank, Value::Money));
    }
    all
}

fn put_group(all: &mut Vec<Measure>, kind: &'static str, group: &Group) {
    let mut put_any = |measure: &str, value: Value| {
        all.push(Measure { group: kind, key: group.id.clone(), measure: measure.to_owned(), value });
    };
    for (stage, count) in [("applications", group.applications), ("eligible", group.eligible), ("selected", group.selected)] {
        put_any(stage, Value::from(count.total()).unless(group.is_masked));
    }
    if let Some((places, filled)) = group.places.zip(group.filled) {
        put_any("places", places.into());
        put_any("filled", filled.into());
        put_any("unfilled", (places - filled).into());
    }
    let mut put = |measure: &str, value: Value| put_any(measure, value.unless(group.is_masked));
    for (stage, count) in [("applications", group.applications), ("eligible", group.eligible), ("selected", group.selected)] {
        put(&format!("girls_{stage}"), count.female.into());
        put(&format!("boys_{stage}"), count.male.into());
        put(&format!("other_{stage}"), count.other.into());
        put(&format!("unknown_{stage}"), count.unknown.into());
        put(&format!("girls_share_{stage}"), count.female_share().map_or(Value::Blank, Value::Share));
    }
    let interval = group.selected.female_interval();
    put("girls_share_low", interval.map_or(Value::Blank, |(low, _)| Value::Share(low)));
    put("girls_share_high", interval.map_or(Value::Blank, |(_, high)| Value::Share(high)));
    put("p_value", group.comparison.map_or(Value::Blank, |c| Value::Probability(c.p_value)));
    put("adjusted_p_value", group.adjusted_p.map_or(Value::Blank, Value::Probability));
}

/// The four columns as an object.
impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Measure", 4)?;
        object.serialize_field("group", self.group)?;
        object.serialize_field("key", &self.key)?;
        object.serialize_field("measure", &self.measure)?;
        object.serialize_field("value", &self.value.for_json())?;
        object.end()
    }
}

impl Measure {
    /// Returns the figures as CSV with the columns `group,key,measure,value`.
    pub fn to_csv(measures: &[Self]) -> String {
        let table = crate::Table {
            name: "measures",
            title: String::new(),
            columns: vec![("group", ""), ("key", ""), ("measure", ""), ("value", "")],
            rows: measures
                .iter()
                .map(|m| vec![m.group.into(), Value::Text(m.key.clone()), Value::Text(m.measure.clone()), m.value.clone()])
                .collect(),
        };
        table.to_csv()
    }
}
