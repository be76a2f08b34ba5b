//! `feriematch shortage`: who competes for which places, which one more would help, and which nobody takes.

mod tables;
pub(crate) mod words;

use feriematch_core::{Ranking, RunOptions, run};
use feriematch_model::{Mechanism, Outcome, PlacementRule, Verdict};
use feriematch_plan::{Gain, Idle, Shortage, idle_places, shortage};
use feriematch_report::grouped;
use serde_json::json;

use super::print_table;
use crate::cli::TableFormat;
use crate::cli::questions::{ShortageArgs, ShortageTable};
use crate::exit_code::{Failure, print};
use crate::planned::{Planned, failed};
use crate::{diagnostics, progress, season};
use tables::Counts;

pub(crate) fn run_command(args: &ShortageArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let (preparation, warnings) = planned.prepare()?;
    let seed = season::seed(args.seed.as_deref(), &planned.season)?;
    let season = &planned.season;
    let ranking = Ranking::draw(season, &seed);
    let outcome_of =
        |options: &RunOptions| run(&preparation, &ranking, options, &mut |_| ()).map_err(|error| failed(error.into()));
    // Who competes for what does not hang on the mechanism: it is counted where as many are placed as can be.
    let plain = RunOptions::with(Mechanism::Priority, PlacementRule::default());
    let largest = outcome_of(&plain)?;
    let own = if planned.options == plain { None } else { Some(outcome_of(&planned.options)?) };
    let found = shortage(&preparation, &largest);
    let bar = progress::bar(u64::from(args.candidates), "matching with one more");
    let gains =
        found.gains(season, &largest, &ranking, &planned.options, args.candidates as usize, &|| bar.inc(1)).map_err(failed)?;
    bar.finish_and_clear();
    let idle = idle_places(&preparation, own.as_ref().unwrap_or(&largest));
    diagnostics::print_to_stderr(&warnings);
    let counts = Counts::new(season, &found, args.public);
    let account =
        Account { args, planned: &planned, seed: &seed, own: own.as_ref(), found: &found, counts, gains: &gains, idle: &idle };
    match (args.format, args.table) {
        (TableFormat::Text, None) => print(&account.to_text()),
        (TableFormat::Json, None) => print(&account.to_json()),
        (format, table) => print_table(&account.table(table.unwrap_or(ShortageTable::Bottlenecks), format), format),
    }
}

/// What is said of a shortage.
struct Account<'a> {
    args: &'a ShortageArgs,
    planned: &'a Planned,
    seed: &'a str,
    /// The outcome of the season's own mechanism, where that is another.
    own: Option<&'a Outcome>,
    found: &'a Shortage,
    counts: Counts,
    gains: &'a [Gain],
    idle: &'a [Idle],
}

/// The most bottlenecks that are told in sentences.
const SENTENCES: usize = 10;

/// How many of what one more would give are shown.
const BEST: usize = 15;

impl Account<'_> {
    fn table(&self, table: ShortageTable, format: TableFormat) -> feriematch_report::Table {
        let season = &self.planned.season;
        let is_for_people = format == TableFormat::Text;
        match table {
            ShortageTable::Bottlenecks => tables::bottlenecks(season, self.found, &self.counts),
            ShortageTable::OneMore => tables::one_more(season, self.gains, is_for_people),
            ShortageTable::Idle => tables::idle(season, self.idle, self.args.public, is_for_people),
        }
    }

    fn to_json(&self) -> String {
        let table = |table| self.table(table, TableFormat::Json).to_json();
        let report = json!({
            "season": self.planned.season.settings().name,
            "mechanism": self.planned.options.mechanism,
            "seed": self.seed,
            "waiting": self.found.waiting,
            "bottlenecks": table(ShortageTable::Bottlenecks),
            "one_more": table(ShortageTable::OneMore),
            "idle": table(ShortageTable::Idle),
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let season = &self.planned.season;
        let mut text = format!(
            "{}: who competes for which places, with the seed \"{}\"\n\n{}\n",
            season.settings().name,
            self.seed,
            self.overview()
        );
        for (at, scarce) in self.found.bottlenecks.iter().enumerate().take(SENTENCES) {
            text.push_str(&format!("\n{}. {}\n", at + 1, words::bottleneck(season, scarce, self.counts.of_bottleneck(at))));
            // What is inside a bottleneck overlaps, so that sums would tell what is masked.
            if !self.counts.are_masked {
                scarce.tight.iter().take(3).for_each(|tight| text.push_str(&format!("   {}\n", words::tight(season, tight))));
            }
        }
        if self.found.bottlenecks.len() > SENTENCES {
            let rest = self.found.bottlenecks.len() - SENTENCES;
            text.push_str(&format!("\nAnd {rest} with fewer who go without: `--table bottlenecks` lists them.\n"));
        }
        for (at, home) in self.found.homes.iter().enumerate() {
            text.push_str(&format!("\n{}\n", words::home(season, home, self.counts.of_home(at))));
        }
        if season.settings().streams.len() > 1 && self.found.waiting > 0 {
            text.push_str("\nWhoever several funding streams could pay for is counted for each of them.\n");
        }
        if !self.gains.is_empty() {
            text.push_str(&self.one_more());
        }
        if !self.idle.is_empty() {
            text.push_str(&format!("\n{}", self.table(ShortageTable::Idle, TableFormat::Text).to_text()));
        }
        if self.counts.are_masked {
            text.push_str(
                "\n***: fewer than five, or a number from which such a number could be computed. What is inside a bottleneck is left out.\n",
            );
        }
        text
    }

    /// Says what one more would give: the best of what was tried.
    fn one_more(&self) -> String {
        let season = &self.planned.season;
        let gives = self.gains.iter().take_while(|gain| gain.gives.places > 0).count();
        let mut text = "\n".to_owned();
        if gives > 0 {
            text.push_str(&tables::one_more(season, &self.gains[..gives.min(BEST)], true).to_text());
        }
        for sentence in words::caps_and_places(season, self.gains) {
            text.push_str(&format!("{sentence}\n"));
        }
        text.push_str(&format!(
            "{} were tried, each by matching the season with it and the same lottery; {gives} of them give a place more. `--table \
             one-more` lists all, --candidates tries more. They are not to be added up.\n",
            self.gains.len(),
        ));
        text
    }

    fn overview(&self) -> String {
        let season = &self.planned.season;
        let places: u32 = season.jobs().iter().map(|job| job.capacity).sum();
        let idle: u32 = self.idle.iter().map(|idle| idle.left).sum();
        let count = |count: u32| grouped(i64::from(count));
        let mut text = format!(
            "Of {} places {} are taken. {} could take a job that they wish for and have no place.",
            count(places),
            count(places - idle),
            count(self.found.waiting)
        );
        if let Some(own) = self.own {
            let waiting = own.decisions.iter().filter(|decision| matches!(decision.verdict, Verdict::Waiting { .. })).count();
            text = format!(
                "Of {} places {} are taken by mechanism {}, and {} who could take a job that they wish for have no place. What follows is counted where \
                 as many are placed as can be in the order of the ranking (mechanism priority): {} go without there.",
                count(places),
                count(places - idle),
                own.method(),
                grouped(waiting as i64),
                count(self.found.waiting)
            );
        }
        text
    }
}
