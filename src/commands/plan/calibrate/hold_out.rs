//! Each district, predicted from the others.

use feriematch_model::Money;
use feriematch_plan::offers::{Answered, HeldOut, Likeness, Predicted};
use feriematch_report::{Table, Value};

use super::figures::{Cost, District, Figures, cost_per_place};

/// A district predicted from the others, both ways.
pub(super) struct Held<'f> {
    pub(super) district: &'f District,
    /// By [`Likeness::ALL`].
    pub(super) predictions: [HeldOut; 2],
    /// What a place cost in the others, if that is known of all, and what the district's cost.
    pub(super) cost: Option<(Money, Cost)>,
}

/// A figure that was predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Declined,
    Needed,
    Cost,
}

impl Measure {
    pub(super) const ALL: [Self; 3] = [Self::Declined, Self::Needed, Self::Cost];

    const fn key(self) -> &'static str {
        match self {
            Self::Declined => "not_accepted",
            Self::Needed => "offers_needed",
            Self::Cost => "cost",
        }
    }

    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Declined => "not accepted, of its offers",
            Self::Needed => "offers that its hired took",
            Self::Cost => "cost of those who accept",
        }
    }
}

/// Returns how districts are taken to be alike, as programs and people read it.
pub(super) const fn likeness(likeness: Likeness) -> (&'static str, &'static str) {
    match likeness {
        Likeness::Same => ("one-rate", "one rate for all"),
        Likeness::Similar => ("rates-differ", "rates that differ"),
    }
}

impl<'f> Held<'f> {
    /// Predicts districts, each from all others.
    pub(super) fn all(figures: &'f Figures, rows: &[usize], risk: f64) -> Vec<Self> {
        let predict = |&row: &usize| {
            let district = &figures.districts[row];
            let others = || figures.districts.iter().enumerate().filter(move |(at, _)| *at != row).map(|(_, other)| other);
            let answered: Vec<Answered> = others().map(District::answered).collect();
            let predicted = |likeness| HeldOut::new(likeness, &answered, district.answered(), district.youths, risk);
            let costs: Option<Vec<Cost>> = others().map(|other| other.cost).collect();
            Self {
                district,
                predictions: Likeness::ALL.map(predicted),
                cost: costs.map(|costs| cost_per_place(&costs)).zip(district.cost),
            }
        };
        rows.iter().map(predict).collect()
    }

    /// Returns a predicted figure: low, median and high, the one that there was, and its mid-rank.
    fn figure(&self, measure: Measure, held: &HeldOut) -> Option<([Value; 4], f64, bool)> {
        let counts = |of: &Predicted| ([of.low, of.median, of.high, of.observed].map(Value::from), of.mid_rank, of.is_expected());
        Some(match measure {
            Measure::Declined => counts(&held.declined),
            Measure::Needed => counts(&held.needed),
            Measure::Cost => {
                let (unit, cost) = self.cost?;
                let of = |declined: u32| unit_times(unit, self.district.answered().offers - declined);
                let Predicted { low, median, high, .. } = held.declined;
                // The more decline, the less it costs.
                let [low, median, high] = [of(high), of(median), of(low)];
                let rank = self.mid_rank_of_cost(held, unit, cost.total);
                ([low, median, high, cost.total].map(Value::Money), rank, (low..=high).contains(&cost.total))
            }
        })
    }

    /// Returns the mid-rank of what the places cost: among the costs of as many as may accept of the offers made.
    fn mid_rank_of_cost(&self, held: &HeldOut, unit: Money, cost: Money) -> f64 {
        let accepted = |number: u32| held.accepted.probability(number);
        let of = |number: u32| unit_times(unit, number);
        (0..=self.district.answered().offers)
            .map(|number| match of(number).cmp(&cost) {
                std::cmp::Ordering::Less => accepted(number),
                std::cmp::Ordering::Equal => accepted(number) / 2.0,
                std::cmp::Ordering::Greater => 0.0,
            })
            .fold(0.0, |sum, probability| sum + probability)
    }

    /// Says which figures the others do not predict, if one rate is taken for all.
    pub(super) fn missed(&self) -> Vec<Measure> {
        let is_missed = |measure: &Measure| {
            let figure = self.figure(*measure, &self.predictions[0]);
            figure.is_some_and(|(_, _, is_expected)| !is_expected)
        };
        Measure::ALL.into_iter().filter(is_missed).collect()
    }
}

fn unit_times(unit: Money, number: u32) -> Money {
    Money::from_ore(unit.ore() * i64::from(number))
}

/// Lays out what was predicted, and what there was.
pub(super) fn predictions(all: &[Held<'_>]) -> Table {
    let mut rows = Vec::new();
    for held in all {
        for measure in Measure::ALL {
            for of in &held.predictions {
                let Some((values, rank, is_expected)) = held.figure(measure, of) else { continue };
                let (key, words) = likeness(of.likeness);
                let mut row: Vec<Value> = [&*held.district.id, &*held.district.name].map(Value::from).to_vec();
                row.extend([measure.key(), measure.in_words(), key, words].map(Value::from));
                row.extend(values);
                row.extend([Value::Share(rank), Value::from(if is_expected { "yes" } else { "no" })]);
                rows.push(row);
            }
        }
    }
    Table {
        name: "held_out",
        title: "Each district predicted from the others: nine of ten times from 5 % to 95 %".to_owned(),
        columns: vec![
            ("district", "Id"),
            ("name", "District"),
            ("measure", "Measure"),
            ("measure_in_words", "Figure"),
            ("model", "Model"),
            ("model_in_words", "The others have"),
            ("p5", "5 %"),
            ("p50", "50 %"),
            ("p95", "95 %"),
            ("published", "Published"),
            ("mid_rank", "Mid-rank"),
            ("inside", "Inside"),
        ],
        rows,
    }
}

/// Lays out what offers by the others' rates would have come to.
pub(super) fn consequences(all: &[Held<'_>]) -> Table {
    let mut rows = Vec::new();
    for held in all {
        for of in &held.predictions {
            let (key, words) = likeness(of.likeness);
            let mut row: Vec<Value> = [&*held.district.id, &*held.district.name, key, words].map(Value::from).to_vec();
            row.extend([held.district.answered().accepted.into(), Value::from(of.offers), Value::Share(of.risk_if_similar)]);
            row.extend([Value::Share(of.risk_after_all), Value::Hundredths((of.free_after_all * 100.0).round() as i64)]);
            rows.push(row);
        }
    }
    Table {
        name: "consequences",
        title: "Offers by what the others say, for as many places as were accepted".to_owned(),
        columns: vec![
            ("district", "Id"),
            ("name", "District"),
            ("model", "Model"),
            ("model_in_words", "The others have"),
            ("places", "Places"),
            ("offers", "Offers"),
            ("risk_if_rates_differ", "Risk if rates differ"),
            ("risk_by_own_share", "Risk by its own share"),
            ("free_by_own_share", "Left free by it"),
        ],
        rows,
    }
}
