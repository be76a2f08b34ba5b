//! The tables of the balance, with every recorded sex.

use feriematch_core::balance::{GenderCount, wilson_interval};
use feriematch_core::segregation::Dissimilarity;

use super::{AreaBalance, Balance, BalanceGroup, Segregation, Source, Stage, Test, Whom};
use crate::dimension::Dimension;
use crate::table::{Table, Value};

/// Lays out all tables: the funnel, its groups, declines, who applied for what.
pub fn tables(balance: &Balance) -> Vec<Table> {
    let mut all = vec![funnel(balance)];
    let groups = balance.dimensions.iter().filter(|(_, groups)| !groups.is_empty());
    all.extend(groups.map(|(dimension, groups)| offers(balance.source, *dimension, groups)));
    if balance.source.knows_answers() {
        all.push(declines(balance));
    }
    all.push(segregation(&balance.segregation));
    all.push(areas(&balance.areas));
    all
}

impl Source {
    /// Says what the numbers are of.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Record { rounds: 0 } => "by the season's record, before the first round".to_owned(),
            Self::Record { rounds: 1 } => "by the season's record, after 1 round".to_owned(),
            Self::Record { rounds } => format!("by the season's record, after {rounds} rounds"),
            Self::Round(round) => {
                format!("by the outcome of round {round}: who had a place when it was drawn, whatever they answered")
            }
            Self::Outcome => "by an outcome: who was given a place; no offer and no answer is known".to_owned(),
        }
    }

    /// Returns the word for those who were offered a place.
    pub(super) const fn offered(self) -> &'static str {
        if self.knows_answers() { "offered" } else { "placed" }
    }
}

impl Stage {
    /// Returns the words for those in a stage.
    pub(super) const fn in_words(self, source: Source) -> &'static str {
        match self {
            Self::Applications => "applied",
            Self::Eligible => "eligible: may take a job they wish for",
            Self::NotEligible => "not eligible",
            Self::Waiting => "waiting",
            Self::LeftBefore => "left before an offer",
            Self::Offered if source.knows_answers() => "offered a place",
            Self::Offered => "placed",
            Self::Open => "  not answered yet",
            Self::Accepted => "  accepted, not signed",
            Self::Signed => "  signed (hired)",
            Self::Declined => "  declined",
            Self::Lapsed => "  did not answer in time",
            Self::Withdrew => "  gave the place back",
            Self::Displaced => "  lost it to the employer",
        }
    }
}

/// Returns the share of girls.
fn girls(count: &GenderCount) -> Value {
    count.female_share().map_or(Value::Blank, Value::Share)
}

/// Returns the ends of the interval of the share of girls.
fn interval(ends: Option<(f64, f64)>) -> [Value; 2] {
    [ends.map(|(low, _)| low), ends.map(|(_, high)| high)].map(|end| end.map_or(Value::Blank, Value::Share))
}

/// Returns the difference of a test, its p value, and the adjusted one.
fn tested(test: Option<Test>) -> [Value; 3] {
    let value = |of: fn(Test) -> Value| test.map_or(Value::Blank, of);
    [
        value(|t| Value::Points(t.comparison.difference)),
        value(|t| Value::Probability(t.comparison.p_value)),
        value(|t| Value::Probability(t.adjusted_p)),
    ]
}

fn funnel(balance: &Balance) -> Table {
    let row = |stage: Stage| {
        let count = balance.all.count(stage);
        let mut row: Vec<Value> = [count.total(), count.female, count.male, count.other, count.unknown].map(Value::from).to_vec();
        row.push(girls(&count));
        row.extend(interval(count.female_interval()));
        let mut row: Vec<Value> = row.into_iter().map(|value| value.unless(!balance.all.shows(stage))).collect();
        row.insert(0, stage.in_words(balance.source).into());
        row
    };
    Table {
        name: "funnel",
        title: format!("Everybody once, {}", balance.source.in_words()),
        columns: vec![
            ("stage", "Stage"),
            ("all", "All"),
            ("girls", "Girls"),
            ("boys", "Boys"),
            ("other", "Other"),
            ("unknown", "Unknown"),
            ("girls_share", "Girls, share"),
            ("interval_low", "95 % from"),
            ("interval_high", "to"),
        ],
        rows: Stage::of(balance.source).map(row).collect(),
    }
}

impl Dimension {
    /// Says who is counted in its groups.
    const fn of_people(self) -> &'static str {
        match self {
            Self::District => "By home district",
            Self::Department => "By department (those who wish for a job there)",
            Self::Area => "By work area (those who wish for a job there)",
            Self::Job => "By job (those who wish for it)",
            Self::Cohort => "By birth year",
            Self::Class => "By priority class",
            Self::Period => "By period (those who wish for a job then)",
        }
    }
}

/// Sets those offered a place beside the eligible, a row a group.
fn offers(source: Source, dimension: Dimension, groups: &[BalanceGroup]) -> Table {
    let mut columns = vec![
        ("id", "Id"),
        ("name", "Name"),
        ("applications", "Applied"),
        ("girls_share_applications", "Girls"),
        ("eligible", "Eligible"),
        ("girls_share_eligible", "Girls"),
    ];
    columns.extend(if source.knows_answers() {
        [("offered", "Offered"), ("girls_share_offered", "Girls")]
    } else {
        [("placed", "Placed"), ("girls_share_placed", "Girls")]
    });
    columns.extend([
        ("interval_low", "95 % from"),
        ("interval_high", "to"),
        ("difference", "Difference"),
        ("p_value", "p"),
        ("adjusted_p_value", "p, adjusted"),
    ]);
    if source.knows_answers() {
        columns.extend([("signed", "Signed"), ("girls_share_signed", "Girls")]);
    }
    let row = |group: &BalanceGroup| {
        let shares = |stage| {
            let (count, is_hidden) = (group.count(stage), !group.shows(stage));
            [count.total().into(), girls(&count)].map(|value| value.unless(is_hidden))
        };
        let is_hidden = !group.shows(Stage::Offered);
        let mut row = vec![Value::Text(group.id.clone()), Value::Text(group.name.clone())];
        row.extend([Stage::Applications, Stage::Eligible, Stage::Offered].into_iter().flat_map(shares));
        row.extend(interval(group.count(Stage::Offered).female_interval()).map(|value| value.unless(is_hidden)));
        row.extend(tested(group.offers).map(|value| value.unless(group.offers.is_some() && group.shown_offers().is_none())));
        if source.knows_answers() {
            row.extend(shares(Stage::Signed));
        }
        row
    };
    let who = if source.knows_answers() { "offered a place" } else { "placed" };
    Table {
        name: dimension.key(),
        title: format!("{}: those {who}, beside the eligible", dimension.of_people()),
        columns,
        rows: groups.iter().map(row).collect(),
    }
}

/// Sets the girls who turned their offer down beside the boys, a row a group in which anybody has answered.
fn declines(balance: &Balance) -> Table {
    let row = |dimension: &str, group: &BalanceGroup| {
        let (turned_down, answered) = (group.turned_down(), group.answered());
        let sexes = [(turned_down.female, answered.female), (turned_down.male, answered.male)];
        let of_sex = |(part, whole): (u32, u32)| {
            let share = if whole > 0 { Value::Share(f64::from(part) / f64::from(whole)) } else { Value::Blank };
            let [low, high] = interval(wilson_interval(part, whole));
            [whole.into(), part.into(), share, low, high]
        };
        let [_, p, adjusted] = tested(group.declines);
        let figures = sexes.into_iter().flat_map(of_sex).chain([p, adjusted]);
        let is_hidden = !group.shows(Stage::Declined);
        let mut row = vec![dimension.into(), Value::Text(group.id.clone()), Value::Text(group.name.clone())];
        row.extend(figures.map(|value| value.unless(is_hidden)));
        row
    };
    let groups = balance.dimensions.iter().flat_map(|(dimension, groups)| groups.iter().map(|group| (dimension.key(), group)));
    let answered = groups.filter(|(_, group)| group.answered().total() > 0);
    Table {
        name: "declines",
        title: "Offers turned down (declined, or not answered in time), of those answered or lapsed".to_owned(),
        columns: vec![
            ("dimension", "Group"),
            ("id", "Id"),
            ("name", "Name"),
            ("girls", "Girls"),
            ("girls_turned_down", "turned down"),
            ("girls_share", "share"),
            ("girls_low", "95 % from"),
            ("girls_high", "to"),
            ("boys", "Boys"),
            ("boys_turned_down", "turned down"),
            ("boys_share", "share"),
            ("boys_low", "95 % from"),
            ("boys_high", "to"),
            ("p_value", "p"),
            ("adjusted_p_value", "p, adjusted"),
        ],
        rows: std::iter::once(("all", &balance.all)).chain(answered).map(|(dimension, group)| row(dimension, group)).collect(),
    }
}

impl Whom {
    /// Returns the words for what is measured.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Applicants => "first wishes of all who applied",
            Self::Placed => "first wishes of those with a place",
            Self::Places => "places that people have",
            Self::Hired => "places signed for",
        }
    }
}

/// Lays out how differently girls and boys are spread.
pub(super) fn segregation(rows: &[Segregation]) -> Table {
    let row = |s: &Segregation| {
        let share =
            |of: fn(&Dissimilarity) -> f64| s.measured.as_ref().map_or(Value::Blank, |measured| Value::Share(of(measured)));
        let probability = |p: Option<f64>| p.map_or(Value::Blank, Value::Probability);
        vec![
            s.units.key().into(),
            s.whom.in_words().into(),
            s.counts[0].into(),
            s.counts[1].into(),
            share(|m| m.index),
            share(|m| m.interval.0),
            share(|m| m.interval.1),
            share(|m| m.expected),
            share(|m| m.by_chance.0),
            share(|m| m.by_chance.1),
            share(Dissimilarity::systematic),
            probability(s.measured.map(|m| m.p_value)),
            probability(s.adjusted_p),
        ]
    };
    Table {
        name: "segregation",
        title: "Who applied for what: how differently girls and boys are spread (D, index of dissimilarity)".to_owned(),
        columns: vec![
            ("units", "Over"),
            ("of", "Of"),
            ("girls", "Girls"),
            ("boys", "Boys"),
            ("dissimilarity", "D"),
            ("low", "95 % from"),
            ("high", "to"),
            ("chance", "By chance"),
            ("chance_low", "95 % from"),
            ("chance_high", "to"),
            ("systematic", "Systematic"),
            ("p_value", "p"),
            ("adjusted_p_value", "p, adjusted"),
        ],
        rows: rows.iter().map(row).collect(),
    }
}

/// Sets first wishes beside places, a row an area.
fn areas(areas: &[AreaBalance]) -> Table {
    #[allow(clippy::cast_possible_truncation, reason = "hundredths of people")]
    let people = |number: f64| Value::Hundredths((number * 100.0).round() as i64);
    let row = |area: &AreaBalance| {
        let wish = area.wish.map_or([Value::Masked, Value::Masked, Value::Masked], |[girls, boys]| {
            let all = girls + boys;
            [people(girls), people(boys), if all > 0.0 { Value::Share(girls / all) } else { Value::Blank }]
        });
        let placed = area.placed.map_or_else(
            || vec![Value::Masked; 5],
            |count| {
                let [low, high] = interval(count.female_interval());
                vec![count.female.into(), count.male.into(), girls(&count), low, high]
            },
        );
        let named = [Value::Text(area.id.clone()), Value::Text(area.name.clone())];
        named.into_iter().chain(wish).chain(placed).collect()
    };
    Table {
        name: "areas",
        title: "First wishes and places, by work area (whose first wish names several areas is spread over them by their places)"
            .to_owned(),
        columns: vec![
            ("id", "Id"),
            ("name", "Name"),
            ("girls_wish", "Girls wish"),
            ("boys_wish", "Boys wish"),
            ("girls_share_wish", "Girls, share"),
            ("girls_placed", "Girls have"),
            ("boys_placed", "Boys have"),
            ("girls_share_placed", "Girls, share"),
            ("interval_low", "95 % from"),
            ("interval_high", "to"),
        ],
        rows: areas.iter().map(row).collect(),
    }
}
