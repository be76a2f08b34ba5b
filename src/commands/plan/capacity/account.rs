//! What is said of a season that was simulated.

use feriematch_model::Money;
use feriematch_plan::study::{CellTotals, Dimension, Figure, FigureKey, Masked, PartOfSeason, Population, StudyPart};
use feriematch_plan::{Distribution, GroupBy, OfferRates, Rate};
use feriematch_report::picture::{Axis, Line, LineChart, LinePoint, PictureError, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::{Value as Json, json};

/// What is said of a season that was simulated.
pub(crate) struct Account<'a> {
    part: &'a StudyPart,
    cell: &'a CellTotals,
    masked: Masked<'a>,
    /// How well the mean number of those hired was to be known, in hundredths.
    precision: Option<u64>,
}

impl<'a> Account<'a> {
    /// Speaks of the first cell of a study.
    pub(crate) fn new(part: &'a StudyPart, precision: Option<u64>) -> Option<Self> {
        let cell = part.cells.first()?;
        Some(Self { part, cell, masked: Masked::of([&cell.facts]), precision })
    }

    /// Lays everything out for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = self.heading();
        for table in self.tables() {
            text.push_str(&format!("\n{}", table.to_text()));
        }
        text.push_str(&format!("\n{}", self.remarks()));
        text
    }

    fn heading(&self) -> String {
        let facts = &self.cell.facts;
        let (seasons, seed) = (self.part.played(), &self.part.seed);
        let count = grouped(seasons.into());
        let mut text = format!(
            "{}: {count} seasons, seeds \"{seed} 1\" to \"{seed} {seasons}\", mechanism {}, {} places\n",
            facts.season,
            facts.mechanism,
            grouped(facts.places.into())
        );
        for line in assumptions(self.cell) {
            text.push_str(&format!("{line}\n"));
        }
        if let Some(precision) = self.precision {
            let known = self.cell.total(Figure::Hired).and_then(Distribution::half_width);
            text.push_str(if known.is_some_and(|known| known <= precision) {
                "They are as many as the precision asked for takes.\n"
            } else {
                "They are too few for the precision asked for: play more with --seasons.\n"
            });
        }
        text
    }

    fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.of_season(), self.of_groups(), self.of_places()];
        if self.has_costs() {
            tables.push(self.of_payers());
        }
        tables
    }

    fn of_season(&self) -> Table {
        let figures = Figure::ALL.into_iter().filter_map(|figure| Some((figure, self.cell.total(figure)?)));
        let is_told = |&(figure, of): &(Figure, &Distribution)| match figure {
            Figure::Cost | Figure::UnderBudget => self.has_costs(),
            // Said in words where it is not 0.
            Figure::Unpriced => false,
            Figure::Lapsed | Figure::Withdrawn | Figure::Ineligible => of.max() != Some(0),
            _ => true,
        };
        let row = |(figure, of): (Figure, &Distribution)| [vec![Value::from(in_words(figure))], values(figure, of)].concat();
        Table {
            name: "season",
            title: "A season".to_owned(),
            columns: [vec![("figure", "Figure")], COLUMNS.to_vec()].concat(),
            rows: figures.filter(is_told).map(row).collect(),
        }
    }

    fn of_groups(&self) -> Table {
        let mut rows = Vec::new();
        let mut before = None;
        for part in self.parts(|dimension| matches!(dimension, Dimension::Group(_))) {
            let is_named = before == Some(part.dimension);
            before = Some(part.dimension);
            let by = if is_named { "" } else { dimension_in_words(part.dimension) };
            let of = |figure| self.cell.of(figure, part);
            let mut row = vec![
                mean(of(Figure::Applicants)),
                mean(of(Figure::Offered)),
                mean(of(Figure::Hired)),
                half_width(of(Figure::Hired)),
            ];
            row.extend([mean(of(Figure::Unplaced)), percentile(of(Figure::Unplaced), 5), percentile(of(Figure::Unplaced), 95)]);
            let is_masked = self.masked.hides(part.dimension, &part.id);
            let row = row.into_iter().map(|value| if is_masked { Value::Masked } else { value });
            rows.push([Value::from(by), Value::from(&*part.name)].into_iter().chain(row).collect());
        }
        Table {
            name: "groups",
            title: "Who is hired, and who never has an offer: means, and what 90 of 100 seasons give".to_owned(),
            columns: vec![
                ("group", "By"),
                ("key", "Group"),
                ("applicants", "Apply"),
                ("offered", "Offered"),
                ("hired", "Hired"),
                ("half_width", "\u{b1}"),
                ("unplaced", "No offer"),
                ("p5", "5 %"),
                ("p95", "95 %"),
            ],
            rows,
        }
    }

    fn of_places(&self) -> Table {
        let mut rows = Vec::new();
        let mut before = None;
        for part in self.parts(|dimension| matches!(dimension, Dimension::Employer | Dimension::Area)) {
            let is_named = before == Some(part.dimension);
            before = Some(part.dimension);
            let by = if is_named { "" } else { dimension_in_words(part.dimension) };
            let hired = self.cell.of(Figure::Hired, part);
            let free = hired.and_then(Distribution::mean).map(|mean| i64::from(part.places.unwrap_or_default()) * 100 - mean);
            rows.push(vec![
                Value::from(by),
                Value::from(&*part.name),
                Value::count_or_blank(part.places),
                mean(hired),
                percentile(hired, 5),
                percentile(hired, 95),
                free.map_or(Value::Blank, Value::Hundredths),
            ]);
        }
        Table {
            name: "places",
            title: "Places filled".to_owned(),
            columns: vec![
                ("by", "By"),
                ("key", ""),
                ("places", "Places"),
                ("filled", "Filled"),
                ("p5", "5 %"),
                ("p95", "95 %"),
                ("free", "Free"),
            ],
            rows,
        }
    }

    fn of_payers(&self) -> Table {
        let payers = self.parts(|dimension| dimension == Dimension::Payer);
        let pays = |part: &&PartOfSeason| {
            part.budget_ore.is_some() || self.cell.of(Figure::Hired, part).is_some_and(|hired| hired.max() > Some(0))
        };
        let row = |part: &PartOfSeason| {
            let cost = self.cell.of(Figure::Cost, part);
            let amount = |units: Option<i64>| units.map_or(Value::Blank, |units| money(units * Figure::Cost.unit()));
            let over = self.cell.of(Figure::OverBudget, part).map(|over| share(over.above(0), over.len()));
            let left = part.budget_ore.zip(cost.and_then(Distribution::mean)).map(|(budget, mean)| money(budget - mean / 100));
            vec![
                Value::from(&*part.name),
                mean(self.cell.of(Figure::Hired, part)),
                cost.map_or(Value::Blank, |cost| values(Figure::Cost, cost)[0].clone()),
                amount(cost.and_then(|cost| cost.percentile(5))),
                amount(cost.and_then(|cost| cost.percentile(95))),
                part.budget_ore.map_or(Value::Blank, money),
                left.unwrap_or(Value::Blank),
                over.unwrap_or(Value::Blank),
            ]
        };
        Table {
            name: "payers",
            title: "What it costs, by who pays: wages and fees of those hired".to_owned(),
            columns: vec![
                ("payer", "Payer"),
                ("hired", "Hired"),
                ("cost", "Mean cost"),
                ("p5", "5 %"),
                ("p95", "95 %"),
                ("budget", "Budget"),
                ("left", "Left"),
                ("over_budget", "Over budget"),
            ],
            rows: payers.filter(pays).map(row).collect(),
        }
    }

    /// Says how well the means are known, and what the figures mean and do not.
    fn remarks(&self) -> String {
        let mut remarks = vec![
            "\u{b1}: half the 95 % interval of the mean, which more seasons make smaller; 5 % and 95 %: between them lie 90 of 100 seasons, \
             however many are played. Hired: has a place and works; no offer: waits in vain to the end."
                .to_owned(),
        ];
        let convergence: Vec<String> = self
            .cell
            .convergence(self.part.seasons)
            .iter()
            .filter(|at| at.seasons >= 100 || at.seasons == self.part.played())
            .map(|at| format!("{} after {}", hundredths(at.half_width as i64), grouped(at.seasons.into())))
            .collect();
        if !convergence.is_empty() {
            remarks.push(format!("The mean number of those hired was known to within {} seasons.", convergence.join(", ")));
        }
        match self.cell.total(Figure::Unpriced).and_then(Distribution::max) {
            None => remarks.push("season.toml states no wages: what it costs is not known.".to_owned()),
            Some(0) => {}
            Some(most) => remarks.push(format!(
                "What it costs is left out: of up to {} of those hired the wage or the hours are not known.",
                grouped(most)
            )),
        }
        remarks.extend(self.meaning());
        remarks.push(
            "What it does not mean: the spread is that of the lottery, of the answers and, where they are redrawn, of the applicants. How far the \
             assumptions themselves are wrong is not in it; try others with --assumptions."
                .to_owned(),
        );
        remarks.into_iter().map(|remark| format!("{remark}\n")).collect()
    }

    /// Says what the figures mean.
    fn meaning(&self) -> Option<String> {
        let range = |figure| {
            let of = self.cell.total(figure)?;
            Some((grouped(of.percentile(5)?), grouped(of.percentile(95)?)))
        };
        let (fewest, most) = range(Figure::Hired)?;
        let (shortest, longest) = range(Figure::Rounds)?;
        let no_round = self.cell.total(Figure::Rounds)?.max() == Some(0);
        Some(match self.cell.facts.assumptions.calendar {
            Some(calendar) if no_round => format!(
                "What it means: nothing can be offered. With first offers on {}, no deadline is {} working days before the first day of a job, or nobody may \
                 take any.",
                calendar.first_offers, calendar.lead_days
            ),
            _ => format!(
                "What it means: with these applicants, places and assumptions, 90 of 100 seasons hire {fewest} to {most} youths, in {shortest} to \
                 {longest} rounds."
            ),
        })
    }

    /// Writes one table for programs: every figure, of everything.
    pub(crate) fn to_csv(&self) -> String {
        let row = |(key, of): (&FigureKey, &Distribution)| {
            let (by, id) = key.of.as_ref().map_or(("season", ""), |(dimension, id)| (dimension.key(), &**id));
            let is_masked = self.masked.hides_figure(key);
            let named = [self.part.seed.as_str(), key.figure.key(), by, id].map(Value::from);
            let values = values(key.figure, of).into_iter().map(|value| if is_masked { Value::Masked } else { value });
            named.into_iter().chain([Value::from(of.len())]).chain(values).collect()
        };
        let named = vec![("seed", ""), ("figure", ""), ("by", ""), ("key", ""), ("seasons", "")];
        Table {
            name: "figures",
            title: String::new(),
            columns: [named, COLUMNS.to_vec()].concat(),
            rows: self.cell.figures().map(row).collect(),
        }
        .to_csv()
    }

    /// Writes everything for programs.
    pub(crate) fn to_json(&self) -> String {
        let facts = &self.cell.facts;
        let figure = |(key, of): (&FigureKey, &Distribution)| {
            let (by, id) = key.of.as_ref().map_or((None, None), |(dimension, id)| (Some(dimension.key()), Some(&**id)));
            let hidden = self.masked.hides_figure(key);
            let mut object = json!({ "figure": key.figure.key(), "by": by, "key": id });
            let table = Table { name: "", title: String::new(), columns: COLUMNS.to_vec(), rows: vec![values(key.figure, of)] };
            if let (Json::Object(object), Json::Object(values)) = (&mut object, table.to_json()[0].take()) {
                object.extend(values.into_iter().map(|(name, value)| (name, if hidden { Json::Null } else { value })));
            }
            object
        };
        let convergence = self.cell.convergence(self.part.seasons).into_iter().map(|at| {
            json!({
                "seasons": at.seasons,
                "mean": Value::Hundredths(at.mean).for_json(),
                "half_width": Value::Hundredths(at.half_width as i64).for_json(),
            })
        });
        let report = json!({
            "season": facts.season,
            "mechanism": facts.mechanism,
            "seed": self.part.seed,
            "seasons": self.part.played(),
            "study": self.part.study,
            "applicants": facts.applicants,
            "places": facts.places,
            "assumptions": facts.assumptions,
            "figures": self.cell.figures().map(figure).collect::<Vec<_>>(),
            "convergence": convergence.collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }

    /// Draws how well the mean number of those hired was known after how many seasons.
    pub(crate) fn picture(&self) -> Result<String, PictureError> {
        let points = self.cell.convergence(self.part.seasons).into_iter().map(|at| LinePoint {
            x: at.seasons,
            y: u32::try_from(at.half_width).unwrap_or(u32::MAX),
            band: None,
        });
        LineChart {
            title: "How well the mean number of those hired is known".into(),
            description: format!(
                "{2}: half the 95 % interval of the mean, by the number of seasons played, seeds \"{0} 1\" to \"{0} {1}\".",
                self.part.seed,
                self.part.played(),
                self.cell.facts.season
            ),
            x: Axis { label: "Seasons played".into(), unit: Unit::Count },
            y: Axis { label: "Youths, either way".into(), unit: Unit::Hundredths },
            lines: vec![Line { name: "hired".into(), points: points.collect() }],
        }
        .to_svg()
    }

    fn has_costs(&self) -> bool {
        self.cell.total(Figure::Unpriced).is_some_and(|unpriced| unpriced.max() == Some(0))
    }

    fn parts(&self, is_meant: impl Fn(Dimension) -> bool) -> impl Iterator<Item = &'a PartOfSeason> {
        self.cell.facts.parts.iter().filter(move |part| is_meant(part.dimension))
    }
}

/// Says what is assumed of a cell's seasons, line by line.
pub(crate) fn assumptions(cell: &CellTotals) -> Vec<String> {
    let facts = &cell.facts;
    let applicants = grouped(facts.applicants.into());
    let mut lines = vec![match facts.assumptions.population {
        Population::AsInFiles => format!("{applicants} apply: those of the files, in every season."),
        Population::Redrawn { percent } => format!(
            "Who applies is redrawn: each of the {applicants} applicants of the files stands for a Poisson-distributed number of applicants, {} on average.",
            hundredths(percent.into())
        ),
    }];
    let districts: Vec<&str> = facts
        .parts
        .iter()
        .filter(|part| part.dimension == Dimension::Payer)
        .map(|part| &*part.name)
        .take(facts.assumptions.answers.len())
        .collect();
    let mut shares = |what: &str, of: fn(&OfferRates) -> Rate| {
        let share = |rate: Rate| {
            let (some, all) = rate.parts();
            if all == 10_000 { format!("{} %", hundredths(some.into())) } else { format!("{some} of {all}") }
        };
        let rates: Vec<(&str, Rate)> = districts.iter().copied().zip(facts.assumptions.answers.iter().map(of)).collect();
        let shares: Vec<String> = match *rates.as_slice() {
            [(_, first), _, ..] if !first.is_nobody() && rates.iter().all(|&(_, rate)| rate == first) => {
                vec![format!("{} in every district", share(first))]
            }
            _ => {
                let some = rates.iter().filter(|(_, rate)| !rate.is_nobody());
                some.map(|&(district, rate)| format!("{} in {district}", share(rate))).collect()
            }
        };
        if !shares.is_empty() {
            lines.push(format!("{what}: {}.", shares.join(", ")));
        }
    };
    shares("Offers declined", |rates| rates.declined);
    shares("Offers not answered", |rates| rates.lapsed);
    shares("Accepted and given up again", |rates| rates.withdrawn);
    lines.push(match facts.assumptions.calendar {
        None => "There are rounds until nothing can be offered, however long that takes.".to_owned(),
        Some(calendar) => format!(
            "Rounds begin on {}, with {} working days to answer and {} between a deadline and the next offers; a job is offered while its first day is at least \
             {} working days after the deadline.",
            calendar.first_offers, calendar.days_to_answer, calendar.days_between, calendar.lead_days
        ),
    });
    lines
}

/// The columns of a distribution.
pub(crate) const COLUMNS: [(&str, &str); 8] = [
    ("mean", "Mean"),
    ("half_width", "\u{b1}"),
    ("sd", "SD"),
    ("p5", "5 %"),
    ("p50", "50 %"),
    ("p95", "95 %"),
    ("min", "Least"),
    ("max", "Most"),
];

/// Returns the values of [`COLUMNS`].
pub(crate) fn values(figure: Figure, of: &Distribution) -> Vec<Value> {
    let is_money = figure.is_money();
    // Of amounts in öre, hundredths of an öre are dropped.
    let exact = |hundredths: Option<i64>| match hundredths {
        None => Value::Blank,
        Some(number) if is_money => money((number + 50).div_euclid(100)),
        Some(number) => Value::Hundredths(number),
    };
    let spread = |hundredths: Option<u64>| exact(hundredths.and_then(|number| i64::try_from(number).ok()));
    let whole = |units: Option<i64>| match units {
        None => Value::Blank,
        Some(units) if is_money => money(units * figure.unit()),
        Some(units) => Value::Count(units),
    };
    let percentiles = [5, 50, 95].map(|p| whole(of.percentile(p)));
    let [p5, p50, p95] = percentiles;
    vec![
        exact(of.mean()),
        spread(of.half_width()),
        spread(of.standard_deviation()),
        p5,
        p50,
        p95,
        whole(of.min()),
        whole(of.max()),
    ]
}

fn mean(of: Option<&Distribution>) -> Value {
    of.and_then(Distribution::mean).map_or(Value::Blank, Value::Hundredths)
}

fn half_width(of: Option<&Distribution>) -> Value {
    of.and_then(Distribution::half_width).map_or(Value::Blank, |half| Value::Hundredths(half as i64))
}

fn percentile(of: Option<&Distribution>, of_a_hundred: u32) -> Value {
    of.and_then(|of| of.percentile(of_a_hundred)).map_or(Value::Blank, Value::Count)
}

fn money(ore: i64) -> Value {
    Value::Money(Money::from_ore(ore))
}

fn share(some: u32, all: u32) -> Value {
    if all == 0 { Value::Blank } else { Value::Share(f64::from(some) / f64::from(all)) }
}

fn hundredths(number: i64) -> String {
    if number % 100 == 0 { grouped(number / 100) } else { Value::Hundredths(number).for_people() }
}

/// Returns a figure as a person reads it.
pub(crate) const fn in_words(figure: Figure) -> &'static str {
    match figure {
        Figure::Applicants => "apply",
        Figure::Rounds => "rounds",
        Figure::Weeks => "weeks from first offers to last deadline",
        Figure::Offered => "offers",
        Figure::Declined => "declined",
        Figure::Lapsed => "not answered",
        Figure::Withdrawn => "given up after accepting",
        Figure::Hired => "hired",
        Figure::Free => "places free at the end",
        Figure::Unplaced => "never had an offer",
        Figure::Ineligible => "of them may take no job wished for",
        Figure::Cost => "cost, wages and fees",
        Figure::UnderBudget => "left of the budgets",
        Figure::OverBudget => "over budget",
        Figure::Unpriced => "hired, cost not known",
    }
}

pub(crate) fn dimension_in_words(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Group(GroupBy::Class) => "priority class",
        Dimension::Group(GroupBy::District) => "home district",
        Dimension::Group(GroupBy::Cohort) => "birth year",
        Dimension::Group(GroupBy::Gender) => "sex",
        Dimension::Employer => "employer",
        Dimension::Area => "work area",
        Dimension::Payer => "payer",
    }
}
