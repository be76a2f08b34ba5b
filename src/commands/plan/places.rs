//! `feriematch plan places`: where so many more places help most.

use feriematch_core::Ranking;
use feriematch_model::{JobIx, Season};
use feriematch_plan::{Difference, OneMore, PlaceSearch, PlaceStep, best_places, least_missed_places};
use feriematch_report::picture::{Axis, Line, LineChart, LinePoint, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::json;

use crate::cli::TableFormat;
use crate::cli::plan::places::{PlacesArgs, PlacesTable};
use crate::commands::shortage::words;
use crate::commands::{counted, print_table};
use crate::exit_code::{Failure, print};
use crate::planned::{Planned, failed};
use crate::{diagnostics, picture_file, progress, season};

pub(crate) fn run(args: &PlacesArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let (_, warnings) = planned.prepare()?;
    let seed = season::seed(args.seed.as_deref(), &planned.season)?;
    let season = &planned.season;
    let ranking = Ranking::draw(season, &seed);
    let most = args.candidates.map_or(usize::MAX, |candidates| candidates.get() as usize);
    let jobs = season.jobs().len().min(most) as u64;
    let bar = progress::bar(jobs * u64::from(args.count.get()), "matching with other places");
    let search = if args.remove { least_missed_places } else { best_places };
    let found = search(season, &ranking, &planned.options, args.count.get(), most, &|| bar.inc(1)).map_err(failed)?;
    bar.finish_and_clear();
    diagnostics::print_to_stderr(&warnings);
    let account = Account { args, planned: &planned, seed: &seed, found: &found };
    if let Some(file) = &args.picture {
        picture_file::write(file, account.picture().to_svg())?;
    }
    match (args.format, args.table) {
        (TableFormat::Text, None) => print(&account.to_text()),
        (TableFormat::Json, None) => print(&account.to_json()),
        (format, Some(PlacesTable::Alone)) => print_table(&account.with_seed(account.alone(format), format), format),
        (format, _) => print_table(&account.with_seed(account.steps(format), format), format),
    }
}

/// How many of the jobs that were tried alone are shown.
const BEST: usize = 15;

/// What is said of a search.
struct Account<'a> {
    args: &'a PlacesArgs,
    planned: &'a Planned,
    seed: &'a str,
    found: &'a PlaceSearch,
}

impl Account<'_> {
    fn season(&self) -> &Season {
        &self.planned.season
    }

    fn name(&self, of: &OneMore, format: TableFormat) -> String {
        match (format, of.job) {
            (TableFormat::Text, Some(job)) if self.args.remove => words::job(self.season(), job),
            (TableFormat::Text, _) => words::one_more(self.season(), of),
            _ => words::one_more_code(self.season(), of),
        }
    }

    fn steps(&self, format: TableFormat) -> Table {
        let row = |(number, step): (u32, &PlaceStep)| {
            let mut row = vec![Value::from(number), Value::Text(self.name(&step.of, format))];
            row.extend(differences(&step.gives));
            row.extend([change(step.so_far.places), money(&step.so_far)]);
            row
        };
        let mut columns = vec![("number", "No."), ("of", if self.args.remove { "A place less of" } else { "One more" })];
        columns.extend(DIFFERENCES);
        columns.extend([("places_so_far", "Filled so far"), ("cost_so_far", "Cost so far")]);
        Table {
            name: "steps",
            title: "One after the other".to_owned(),
            columns,
            rows: (1..).zip(&self.found.steps).map(row).collect(),
        }
    }

    fn alone(&self, format: TableFormat) -> Table {
        let row = |&(job, gives): &(JobIx, Difference)| {
            let name = match format {
                TableFormat::Text => words::job(self.season(), job),
                _ => self.season().job(job).id.to_string(),
            };
            std::iter::once(Value::Text(name)).chain(differences(&gives)).collect()
        };
        let shown = if format == TableFormat::Text && self.args.table.is_none() { BEST } else { usize::MAX };
        let title = if self.args.remove { "One place less of a job, alone" } else { "One place more of a job, alone" };
        let columns = std::iter::once(("job", "Job")).chain(DIFFERENCES).collect();
        Table { name: "alone", title: title.to_owned(), columns, rows: self.found.alone.iter().take(shown).map(row).collect() }
    }

    /// Says in every row of a table for programs with which seed it was found.
    fn with_seed(&self, mut table: Table, format: TableFormat) -> Table {
        if format != TableFormat::Text {
            table.columns.insert(0, ("seed", "Seed"));
            table.rows.iter_mut().for_each(|row| row.insert(0, Value::from(self.seed)));
        }
        table
    }

    fn to_json(&self) -> String {
        let report = json!({
            "season": self.season().settings().name,
            "mechanism": self.planned.options.mechanism,
            "seed": self.seed,
            "removed": self.args.remove,
            "fills_as_many_as_any_set": self.found.is_best,
            "matched": self.found.matched,
            "steps": self.steps(TableFormat::Json).to_json(),
            "alone": self.alone(TableFormat::Json).to_json(),
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let steps = &self.found.steps;
        let what = if self.args.remove { "would be missed least" } else { "help most" };
        let mut text = format!(
            "{}: where {} {what}, by mechanism {} with the seed \"{}\"\n",
            self.season().settings().name,
            counted(self.args.count.get() as usize, "place"),
            self.planned.options.mechanism,
            self.seed
        );
        if !steps.is_empty() {
            text.push_str(&format!("\n{}", self.steps(TableFormat::Text).to_text()));
        }
        text.push_str(&format!("\n{}\n", self.summary()));
        if !self.found.alone.is_empty() {
            text.push_str(&format!("\n{}", self.alone(TableFormat::Text).to_text()));
            if self.found.alone.len() > BEST {
                text.push_str(&format!(
                    "And {} more: `--table alone` lists them.\n",
                    grouped((self.found.alone.len() - BEST) as i64)
                ));
            }
        }
        text.push_str(self.meaning());
        text
    }

    /// Says what all steps together come to.
    fn summary(&self) -> String {
        let steps = &self.found.steps;
        let asked = self.args.count.get() as usize;
        let Some(last) = steps.last() else {
            return if self.args.remove {
                "There is no place that can be taken away.".to_owned()
            } else {
                "Nothing that was tried fills a place or betters a wish: everybody who can has what they can.".to_owned()
            };
        };
        let so_far = &last.so_far;
        let cost = so_far.cost.map_or_else(
            || "a cost that is not known".to_owned(),
            |cost| format!("{} in wages and fees", Value::Change(Box::new(Value::Money(cost))).for_people()),
        );
        let mut text = if self.args.remove {
            format!("Without them {} fewer are filled; {cost}.", grouped(-so_far.places))
        } else {
            format!(
                "Together they fill {} more, with {} more first wishes; {cost}.",
                grouped(so_far.places),
                grouped(so_far.first_wishes)
            )
        };
        if steps.len() < asked {
            text.push_str(&format!(" After {} nothing that was tried helps any more.", counted(steps.len(), "step")));
        }
        let capped = steps
            .iter()
            .filter(|step| step.of.department.is_some() || step.of.stream.is_some() || step.of.home.is_some())
            .count();
        if capped > 0 {
            text.push_str(&format!(
                " {} of the steps raise a cap: there no place of a job alone fills one.",
                grouped(capped as i64)
            ));
        }
        text
    }

    /// Says what the answer means.
    fn meaning(&self) -> &'static str {
        match (self.args.remove, self.found.is_best) {
            (true, _) => {
                "\nEach step was matched anew with all others as they are. One place after the other is not always the best set of so many; and the lottery is this one: \
                 with another seed others may be missed.\n"
            }
            (false, true) => {
                "\nEach step was matched anew. No other set of as many places fills more (the season has one stream and no cap). The lottery is this one, and wishes \
                 are as they are: a place that nobody wished for before is not in it.\n"
            }
            (false, false) => {
                "\nEach step was matched anew. With several streams, with caps, with other mechanisms or with few candidates one place after the other is not always the best set of so \
                 many. The lottery is this one, and wishes are as they are.\n"
            }
        }
    }

    /// Draws what the places give together.
    fn picture(&self) -> LineChart {
        let sign = if self.args.remove { -1 } else { 1 };
        let number = |number: i64| u32::try_from(sign * number).unwrap_or(0);
        let steps = (1..).zip(&self.found.steps);
        let points = steps.map(|(x, step)| LinePoint { x, y: number(step.so_far.places), band: None });
        let origin = LinePoint { x: 0, y: 0, band: None };
        let (title, x, y) = if self.args.remove {
            ("Which places would be missed least", "Places taken away", "Places filled fewer")
        } else {
            ("What more places give", "Steps", "Places filled more")
        };
        LineChart {
            title: format!("{}: {title}", self.season().settings().name),
            description: "One place after the other, each the best beside those before it.".to_owned(),
            x: Axis { label: x.to_owned(), unit: Unit::Count },
            y: Axis { label: y.to_owned(), unit: Unit::Count },
            lines: vec![Line { name: y.to_owned(), points: std::iter::once(origin).chain(points).collect() }],
        }
    }
}

const DIFFERENCES: [(&str, &str); 5] =
    [("places", "Filled"), ("first_wishes", "First wishes"), ("rank_sum", "Ranks"), ("rank_cost", "Rank cost"), ("cost", "Cost")];

fn differences(gives: &Difference) -> [Value; 5] {
    [change(gives.places), change(gives.first_wishes), change(gives.rank_sum), change(gives.rank_cost), money(gives)]
}

fn change(number: i64) -> Value {
    Value::Change(Box::new(Value::Count(number)))
}

fn money(gives: &Difference) -> Value {
    gives.cost.map_or(Value::Blank, |cost| Value::Change(Box::new(Value::Money(cost))))
}
