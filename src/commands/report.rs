//! `feriematch report`: the figures, as tables and sentences.

use std::fs;

use feriematch_audit::maxima;
use feriematch_core::{PaperDraw, Preparation, Ranking};
use feriematch_model::Outcome;
use feriematch_report::against::{self, Published};
use feriematch_report::balance;
use feriematch_report::{Figures, Measure, Table, balance_sentences, maxima_sentences, measures, summary, tables};
use serde_json::{Map, Value, json};

use crate::cli::{ReportArgs, TableFormat};
use crate::commands::balance::standings_by;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::subject::{self, Subject};
use crate::{outcome_folder, picture_file};

pub(crate) fn run(args: &ReportArgs) -> Result<(), Failure> {
    let published = args.against.as_deref().map(read_published).transpose()?;
    let spinner = Spinner::start("reading");
    let Subject { season, outcome, .. } = subject::read(&args.outcome)?;
    spinner.say("working out who may take what");
    let preparation = Preparation::new(&season);
    spinner.say("running the paper lottery to compare with");
    let paper = PaperDraw::new(&preparation, &Ranking::draw(&season, &outcome.seed));
    spinner.say("counting");
    let figures = Figures::new(&preparation, &outcome, &paper);
    let against = published.map(|published| Against::new(&published, &preparation, &outcome, &figures));
    if let Some(file) = &args.picture {
        let standings = standings_by(&season, &outcome)?;
        picture_file::write(file, balance::area_picture(&preparation, &standings))?;
    }
    let text = match args.format {
        TableFormat::Csv => match &against {
            Some(against) => against.table.to_csv(),
            None => Measure::to_csv(&measures(&figures)),
        },
        TableFormat::Json => json(&outcome, &figures, against.as_ref()),
        TableFormat::Text => {
            spinner.say("finding how many could be placed at all");
            let most = maxima(&season, &outcome).map_err(|refutations| Failure::File {
                message: format!(
                    "{}: {}",
                    outcome_folder::path(&args.outcome).display(),
                    refutations.first().map(ToString::to_string).unwrap_or_default()
                ),
                help: format!("see `feriematch verify {}`", args.outcome.season.dir.display()),
            })?;
            let mut text = format!("{}\n{}\n", summary(&outcome, &figures.overview), maxima_sentences(&most, &outcome));
            for table in tables(&figures) {
                text.push_str(&table.to_text());
                text.push('\n');
            }
            text.push_str(&balance_sentences(&figures));
            if let Some(against) = &against {
                text.push_str(&against.to_text());
            }
            text
        }
    };
    drop(spinner);
    print(&text)
}

/// The published table beside ours.
struct Against {
    table: Table,
    contradictions: Vec<String>,
}

impl Against {
    fn new(published: &[Published], preparation: &Preparation<'_>, outcome: &Outcome, figures: &Figures) -> Self {
        let year = preparation.season().settings().year;
        Self {
            table: against::table(published, preparation, outcome, figures),
            contradictions: against::contradictions(published, year),
        }
    }

    fn to_text(&self) -> String {
        let mut text = format!("\n{}\n", self.table.to_text());
        if self.contradictions.is_empty() {
            text.push_str("The published table does not contradict itself.\n");
        } else {
            text.push_str("The published table contradicts itself (flagged, not mended):\n");
            for contradiction in &self.contradictions {
                text.push_str(&format!("  {contradiction}\n"));
            }
        }
        text
    }
}

/// Reads a published table.
pub(crate) fn read_published(file: &std::path::Path) -> Result<Vec<Published>, Failure> {
    let text = fs::read_to_string(file).map_err(|e| Failure::system(format!("cannot read {}", file.display()), e))?;
    against::read(&text).map_err(|problems| Failure::File {
        message: problems.iter().map(|p| format!("{}: {p}", file.display())).collect::<Vec<_>>().join("\n       "),
        help: "`feriematch report DIR --format csv` writes the form that is read here".to_owned(),
    })
}

fn json(outcome: &Outcome, figures: &Figures, against: Option<&Against>) -> String {
    let named = tables(figures).into_iter().map(|table| (table.name.to_owned(), table.to_json()));
    let mut report = json!({
        "season": outcome.season,
        "mechanism": outcome.mechanism,
        "seed": outcome.seed,
        "tables": Value::Object(named.collect::<Map<_, _>>()),
    });
    if let Some(against) = against {
        report["against"] = against.table.to_json();
        report["contradictions"] = json!(against.contradictions);
    }
    format!("{report:#}\n")
}
