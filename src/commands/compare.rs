//! `feriematch compare`: every mechanism on one season, side by side.

use std::time::Instant;

use feriematch_core::{Preparation, Quality, Ranking, RunOptions, run};
use feriematch_model::{Mechanism, PlacementRule, Season};
use feriematch_report::{Alternative, Table, comparison_picture, comparison_sentences, comparison_tables};
use serde_json::{Map, Value, json};

use crate::cli::TableFormat;
use crate::cli::questions::CompareArgs;
use crate::exit_code::{Failure, print};
use crate::{diagnostics, picture_file, progress, season};

pub(crate) fn run_command(args: &CompareArgs) -> Result<(), Failure> {
    let loaded = season::load(&args.season)?;
    let season = &loaded.season;
    let seed = season::seed(args.seed.as_deref(), season)?;
    let preparation = Preparation::new(season);
    let warnings = season::refuse_errors(season::examine(&preparation, &loaded.sources, loaded.warnings))?;
    let ranking = Ranking::draw(season, &seed);

    let methods = methods(args, season);
    let bar = progress::bar(methods.len() as u64, "matching");
    let mut alternatives = Vec::with_capacity(methods.len());
    for (name, options) in methods {
        let start = Instant::now();
        let outcome = run(&preparation, &ranking, &options, &mut |_| {}).map_err(|error| infeasible(&name, &error))?;
        let seconds = start.elapsed().as_secs_f64();
        let quality = Quality::of(&preparation, &ranking, &outcome).map_err(|error| infeasible(&name, &error))?;
        alternatives.push(Alternative::new(name, &preparation, &outcome, quality, seconds));
        bar.inc(1);
    }
    bar.finish_and_clear();

    if let Some(file) = &args.picture {
        picture_file::write(file, comparison_picture(&alternatives, &season.settings().name))?;
    }
    diagnostics::print_to_stderr(&warnings);
    let classes: Vec<String> = season.settings().classes.iter().map(|class| class.name.to_string()).collect();
    let places = season.jobs().iter().map(|job| job.capacity).sum();
    let tables = comparison_tables(&alternatives, &classes, places);
    print(&match args.format {
        TableFormat::Text => text(season, &seed, &tables, &alternatives),
        TableFormat::Csv => csv(&tables),
        TableFormat::Json => {
            let tables: Map<String, Value> = tables.iter().map(|t| (t.name.to_owned(), t.to_json())).collect();
            format!("{:#}\n", json!({ "season": season.settings().name, "seed": seed, "places": places, "tables": tables }))
        }
    })
}

/// Returns what is compared: each mechanism, `priority` with each rule of placement, and with the season's soft targets.
fn methods(args: &CompareArgs, season: &Season) -> Vec<(String, RunOptions)> {
    let wanted = |mechanism: &Mechanism| args.only.is_empty() || args.only.contains(mechanism);
    let mut methods = Vec::new();
    for mechanism in Mechanism::ALL.into_iter().filter(wanted) {
        let rules = if mechanism == Mechanism::Priority { &PlacementRule::ALL[..] } else { &[PlacementRule::LeastTotalRank] };
        for &placement in rules {
            let name = match placement {
                PlacementRule::LeastTotalRank => mechanism.to_string(),
                rule => format!("{mechanism}, {rule}"),
            };
            methods.push((name, RunOptions::with(mechanism, placement)));
        }
        let asked = RunOptions::of(season);
        if mechanism == Mechanism::Priority && !asked.balance.is_none() {
            methods.push((format!("{mechanism}, with soft targets"), asked));
        }
    }
    methods
}

fn text(season: &Season, seed: &str, tables: &[Table], alternatives: &[Alternative]) -> String {
    let mut text = format!("{}: every mechanism with the same lottery, seed \"{seed}\"\n\n", season.settings().name);
    for table in tables {
        text.push_str(&table.to_text());
        text.push('\n');
    }
    text.push_str(&comparison_sentences(alternatives));
    text
}

/// Joins what the tables say of each mechanism as a whole.
fn csv(tables: &[Table]) -> String {
    let [wishes, fairness, ..] = tables else { return String::new() };
    let rows = wishes.rows.iter().zip(&fairness.rows);
    let joined = Table {
        name: "comparison",
        title: String::new(),
        columns: wishes.columns.iter().chain(&fairness.columns[1..]).copied().collect(),
        rows: rows.map(|(wishes, fairness)| wishes.iter().chain(&fairness[1..]).cloned().collect()).collect(),
    };
    joined.to_csv()
}

fn infeasible(name: &str, error: &dyn std::error::Error) -> Failure {
    Failure::Infeasible {
        message: format!("{name}: {error}"),
        help: "leave it out: --only names the mechanisms to compare".to_owned(),
    }
}
