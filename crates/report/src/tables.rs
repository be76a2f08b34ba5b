//! The tables of the report.

use feriematch_core::balance::GenderCount;

use crate::dimension::Dimension;
use crate::figures::{Figures, Group, Overview, PayerFigures};
use crate::table::{Table, Value};

/// Lays out all tables: places by group, gender balance, rank profile, cost.
pub fn tables(figures: &Figures) -> Vec<Table> {
    let mut all: Vec<Table> =
        figures.dimensions.iter().filter(|(_, groups)| !groups.is_empty()).map(|(d, groups)| places(*d, groups)).collect();
    all.push(balance(figures));
    all.push(profile(figures));
    all.push(origins(figures));
    all.push(cost(figures));
    all
}

impl Dimension {
    /// Returns the heading of the dimension's table.
    const fn title(self) -> &'static str {
        match self {
            Self::District => "Districts (applicants who live there; places that the district offers)",
            Self::Department => "Departments (applicants who wish for a job there)",
            Self::Job => "Jobs (applicants who wish for them)",
            Self::Cohort => "Birth years",
            Self::Period => "Periods (applicants who wish for a job then)",
            Self::Area => "Work areas (applicants who wish for a job there)",
            Self::Class => "Priority classes",
        }
    }
}

/// Says what share of the places was given by lottery, by class and by hand.
fn origins(figures: &Figures) -> Table {
    let Overview { profile, origins, .. } = &figures.overview;
    let row = |name: &str, count: u32| {
        let share =
            if profile.placed() > 0 { Value::Share(f64::from(count) / f64::from(profile.placed())) } else { Value::Blank };
        vec![Value::Text(name.to_owned()), count.into(), share]
    };
    Table {
        name: "origins",
        title: "What the places were given by (by class: nobody of the class who could take a place waits)".to_owned(),
        columns: vec![("origin", "Given by"), ("placed", "Places"), ("share", "Share")],
        rows: vec![row("lottery", origins.lottery), row("class", origins.class), row("hand", origins.hand)],
    }
}

fn places(dimension: Dimension, groups: &[Group]) -> Table {
    let has_places = groups.iter().any(|g| g.places.is_some());
    let mut columns = vec![
        ("id", "Id"),
        ("name", "Name"),
        ("applications", "Applications"),
        ("eligible", "Eligible"),
        ("selected", "Selected"),
    ];
    if has_places {
        columns.extend([("places", "Places"), ("filled", "Filled"), ("unfilled", "Unfilled")]);
    }
    let row = |g: &Group| {
        let mut row: Vec<Value> = vec![Value::Text(g.id.clone()), Value::Text(g.name.clone())];
        let people = [g.applications, g.eligible, g.selected];
        row.extend(people.map(|count| Value::from(count.total()).unless(g.is_masked)));
        if has_places {
            let unfilled = g.places.zip(g.filled).map(|(places, filled)| places - filled);
            row.extend([g.places, g.filled, unfilled].map(Value::count_or_blank));
        }
        row
    };
    Table { name: dimension.key(), title: dimension.title().to_owned(), columns, rows: groups.iter().map(row).collect() }
}

fn balance(figures: &Figures) -> Table {
    let columns = vec![
        ("group", "Group"),
        ("name", "Name"),
        ("girls", "Girls"),
        ("boys", "Boys"),
        ("other", "Other"),
        ("unknown", "Unknown"),
        ("girls_share_eligible", "Girls, eligible"),
        ("girls_share_selected", "Girls, selected"),
        ("difference", "Difference"),
        ("interval_low", "95 % from"),
        ("interval_high", "to"),
        ("p_value", "p"),
        ("adjusted_p_value", "p, adjusted"),
    ];
    let row = |key: &str, g: &Group| {
        let share = |count: &GenderCount| count.female_share().map_or(Value::Blank, Value::Share);
        let interval = g.selected.female_interval();
        let people = [
            g.selected.female.into(),
            g.selected.male.into(),
            g.selected.other.into(),
            g.selected.unknown.into(),
            share(&g.eligible),
            share(&g.selected),
            g.comparison.map_or(Value::Blank, |c| Value::Points(c.difference)),
            interval.map_or(Value::Blank, |(low, _)| Value::Share(low)),
            interval.map_or(Value::Blank, |(_, high)| Value::Share(high)),
            g.comparison.map_or(Value::Blank, |c| Value::Probability(c.p_value)),
            g.adjusted_p.map_or(Value::Blank, Value::Probability),
        ];
        let mut row = vec![key.into(), Value::Text(g.name.clone())];
        row.extend(people.map(|value| value.unless(g.is_masked)));
        row
    };
    let mut rows = vec![row("all", &figures.overview.all)];
    for (dimension, groups) in &figures.dimensions {
        rows.extend(groups.iter().map(|g| row(dimension.key(), g)));
    }
    Table {
        name: "balance",
        title: "Gender balance of those selected, beside the eligible they were taken from".to_owned(),
        columns,
        rows,
    }
}

fn profile(figures: &Figures) -> Table {
    let (ours, paper) = (&figures.overview.profile, &figures.overview.paper);
    let share = |count: u32, of: u32| if of == 0 { Value::Blank } else { Value::Share(f64::from(count) / f64::from(of)) };
    let line = |name: String, ours_count: u32, paper_count: u32, of: (u32, u32)| {
        vec![Value::Text(name), ours_count.into(), share(ours_count, of.0), paper_count.into(), share(paper_count, of.1)]
    };
    let placed = (ours.placed(), paper.placed());
    let mut rows: Vec<Vec<Value>> = (1..=ours.ranks.len().max(paper.ranks.len()))
        .map(|rank| line(format!("wish {rank}"), ours.at(rank), paper.at(rank), placed))
        .collect();
    if ours.outside + paper.outside > 0 {
        rows.push(line("by hand, not wished for".to_owned(), ours.outside, paper.outside, placed));
    }
    let eligible = (placed.0 + ours.waiting, placed.1 + paper.waiting);
    rows.push(line("placed, of the eligible".to_owned(), placed.0, placed.1, eligible));
    rows.push(line("not placed, of the eligible".to_owned(), ours.waiting, paper.waiting, eligible));
    let columns = vec![
        ("result", "Result"),
        ("count", "This run"),
        ("share", "Share"),
        ("paper_count", "Paper lottery"),
        ("paper_share", "Share"),
    ];
    Table { name: "profile", title: "Wishes met, beside a paper lottery with the same ranking".to_owned(), columns, rows }
}

fn cost(figures: &Figures) -> Table {
    let row = |p: &PayerFigures| {
        let left = p.budget.zip(p.cost).map(|(budget, cost)| budget - cost);
        let money = |amount: Option<_>| amount.map_or(Value::Blank, Value::Money);
        let is_masked = figures.masks_payer(p);
        vec![
            Value::Text(p.id.clone()),
            Value::Text(p.name.clone()),
            Value::from(p.placed).unless(is_masked),
            Value::count_or_blank(p.cap),
            money(p.cost).unless(is_masked),
            money(p.budget),
            money(left).unless(is_masked),
        ]
    };
    Table {
        name: "cost",
        title: "Cost by payer, if every offer is accepted and worked in full".to_owned(),
        columns: vec![
            ("id", "Id"),
            ("name", "Payer"),
            ("placed", "Youths"),
            ("cap", "Cap"),
            ("cost", "Cost"),
            ("budget", "Budget"),
            ("left", "Left"),
        ],
        rows: figures.payers.iter().map(row).collect(),
    }
}
