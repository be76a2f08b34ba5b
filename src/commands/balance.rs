//! `feriematch balance`: gender balance from the applications to those who are hired.

use feriematch_core::Preparation;
use feriematch_ledger::Location;
use feriematch_model::{JobIx, Outcome, Season, Verdict};
use feriematch_report::balance::{self, Balance, DIMENSIONS, PublicBalance, Source, Standing};
use feriematch_report::{Dimension, Measure, Table};
use feriematch_rounds::{Holding, Leaving, Life, State};
use serde_json::{Map, Value, json};

use crate::cli::TableFormat;
use crate::cli::balance::{BalanceArgs, DimensionArg};
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Record};
use crate::{diagnostics, picture_file, round_season, season, subject};

/// What is done with the figures.
const REPORTED: &str =
    "Balance is reported: nobody was chosen, refused or moved by sex. docs/balance.md says what each figure means.";
/// The same where a season has targets.
const TARGETED: &str = "This season has soft targets of balance ([balance] in season.toml), whose price is printed with each run that uses them. docs/balance.md \
     says what each figure means.";

pub(crate) fn run(args: &BalanceArgs) -> Result<(), Failure> {
    let dimensions = dimensions(args)?;
    let spinner = Spinner::start("reading");
    let subject = read(args)?;
    spinner.say("working out who may take what");
    let preparation = Preparation::new(&subject.season);
    spinner.say("counting, and comparing with chance");
    let balance = Balance::new(&preparation, subject.source, &subject.standings, &dimensions);
    let public = args.public.then(|| PublicBalance::new(&balance));
    let report = public.as_ref().map_or_else(|| Report::whole(&balance), Report::public);
    drop(spinner);
    if let Some(file) = &args.picture {
        picture_file::write(file, public.as_ref().map_or_else(|| balance.picture(), PublicBalance::picture))?;
    }
    print(&match args.format {
        TableFormat::Text => report.to_text(&balance, subject.has_targets),
        TableFormat::Csv => Measure::to_csv(&report.measures),
        TableFormat::Json => report.to_json(&balance, subject.has_targets, args.public),
    })
}

/// Returns what there are tables by.
fn dimensions(args: &BalanceArgs) -> Result<Vec<Dimension>, Failure> {
    if args.public && args.by.contains(&DimensionArg::Job) {
        return Err(Failure::Usage {
            message: "a table by job is not published: most jobs have fewer than five places".to_owned(),
            help: "leave `job` out of --by, or leave out --public".to_owned(),
        });
    }
    let is_asked = |dimension: &Dimension| match args.by.as_slice() {
        [] => *dimension != Dimension::Job,
        by => by.iter().any(|&arg| Dimension::from(arg) == *dimension),
    };
    Ok(DIMENSIONS.into_iter().filter(is_asked).collect())
}

/// A season with where everybody stands.
struct Subject {
    season: Season,
    source: Source,
    /// In the order of the season's applicants.
    standings: Vec<Standing>,
    /// Whether there are soft targets of balance.
    has_targets: bool,
}

/// Reads the outcome that is asked for, or else the record, or where there is none the outcome of the last run.
fn read(args: &BalanceArgs) -> Result<Subject, Failure> {
    let record = if args.outcome.is_some() || args.round.is_some() { None } else { open_record(args)? };
    if let Some(record) = record {
        let loaded = season::load(&args.season)?;
        diagnostics::print_to_stderr(&loaded.warnings);
        return of_record(loaded.season, record.state());
    }
    let subject::Subject { season, outcome, .. } = subject::read(&args.of_outcome())?;
    let standings = standings_by(&season, &outcome)?;
    let source = args.round.map_or(Source::Outcome, Source::Round);
    Ok(Subject { source, standings, has_targets: !outcome.balance.is_none(), season })
}

/// Returns where everybody stands by an outcome.
pub(crate) fn standings_by(season: &Season, outcome: &Outcome) -> Result<Vec<Standing>, Failure> {
    let standing = |verdict: &Verdict| match verdict {
        Verdict::Placed(placed) => Ok(Standing::Placed(job(season, &placed.job)?)),
        Verdict::Waiting { .. } | Verdict::Ineligible { .. } => Ok(Standing::WithoutOffer),
    };
    outcome.decisions.iter().map(|decision| standing(&decision.verdict)).collect()
}

/// Opens the season's record, if it has one.
fn open_record(args: &BalanceArgs) -> Result<Option<Record>, Failure> {
    let stated = args.of_outcome().ledger_at();
    let at = record::location(&args.season.dir, &stated)?;
    match &at {
        Location::Sqlite(path) if stated.ledger.is_none() && !path.exists() => Ok(None),
        _ => Record::open_at(&at, &args.season.dir).map(Some),
    }
}

/// Returns where everybody stands by the record.
fn of_record(season: Season, state: &State) -> Result<Subject, Failure> {
    round_season::refuse_unknown(&season, state)?;
    let standing = |id: &str| state.life(id).map_or(Ok(Standing::WithoutOffer), |life| standing(&season, life));
    let standings = season.applicants().iter().map(|applicant| standing(&applicant.id)).collect::<Result<Vec<_>, _>>()?;
    // Nobody may be lost on the way from the record to the tables.
    let held: usize = state.jobs().map(|(.., held)| held as usize).sum();
    let counted = standings.iter().filter(|standing| standing.place().is_some()).count();
    if held != counted {
        return Err(Failure::Internal(anyhow::anyhow!(
            "the record has {held} places held, and {counted} people were found with one"
        )));
    }
    let source = Source::Record { rounds: state.rounds().len() as u32 };
    Ok(Subject { source, standings, has_targets: !season.settings().balance.is_none(), season })
}

/// Returns where somebody stands who was offered a place, or left.
fn standing(season: &Season, life: &Life) -> Result<Standing, Failure> {
    if let Some(place) = &life.place {
        let job = job(season, &place.job)?;
        return Ok(match place.holding {
            Holding::Offered => Standing::Open(job),
            Holding::Accepted => Standing::Accepted(job),
            Holding::Signed => Standing::Signed(job),
        });
    }
    let Some(had) = &life.had else {
        return Ok(if life.left.is_some() { Standing::LeftBefore } else { Standing::WithoutOffer });
    };
    let had = job(season, had)?;
    Ok(match &life.left {
        Some((_, Leaving::Declined(_))) => Standing::Declined(had),
        Some((_, Leaving::Lapsed)) => Standing::Lapsed(had),
        // Whoever left after the employer took the place back did not give it back.
        Some((_, Leaving::Withdrawn(_))) if life.displaced.is_none() => Standing::Withdrew(had),
        Some((_, Leaving::Withdrawn(_))) | None => Standing::Displaced(had),
    })
}

fn job(season: &Season, id: &str) -> Result<JobIx, Failure> {
    season.find_job(id).ok_or_else(|| Failure::File {
        message: format!("the files no longer have job {id}, in which somebody has or had a place"),
        help: "put it back, with no places if it has none".to_owned(),
    })
}

/// What is printed.
struct Report {
    tables: Vec<Table>,
    sentences: Vec<String>,
    measures: Vec<Measure>,
}

impl Report {
    fn whole(balance: &Balance) -> Self {
        Self { tables: balance::tables(balance), sentences: balance::sentences(balance), measures: balance::measures(balance) }
    }

    fn public(balance: &PublicBalance) -> Self {
        Self { tables: balance.tables(), sentences: balance.sentences(), measures: balance.measures() }
    }

    fn to_text(&self, balance: &Balance, has_targets: bool) -> String {
        let mut text = format!("{}: gender balance\n\n", balance.season);
        for table in &self.tables {
            text.push_str(&table.to_text());
            text.push('\n');
        }
        for sentence in &self.sentences {
            text.push_str(sentence);
            text.push('\n');
        }
        text.push_str(if has_targets { TARGETED } else { REPORTED });
        text.push('\n');
        text
    }

    fn to_json(&self, balance: &Balance, has_targets: bool, is_public: bool) -> String {
        let source = match balance.source {
            Source::Record { rounds } => json!({ "kind": "record", "rounds": rounds }),
            Source::Round(round) => json!({ "kind": "round", "round": round }),
            Source::Outcome => json!({ "kind": "outcome" }),
        };
        let tables: Map<String, Value> = self.tables.iter().map(|table| (table.name.to_owned(), table.to_json())).collect();
        let report = json!({
            "season": balance.season,
            "source": source,
            "targets": has_targets,
            "public": is_public,
            "tables": tables,
            "sentences": self.sentences,
        });
        format!("{report:#}\n")
    }
}
