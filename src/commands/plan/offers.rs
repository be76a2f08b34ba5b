//! `feriematch plan offers`: how many offers to send at a stated risk.

mod account;
mod rates;
mod rounds;

use std::path::PathBuf;

use feriematch_core::Preparation;
use feriematch_model::{DistrictIx, Season};
use feriematch_plan::offers::{Forecast, OpenPlaces, Pool};
use feriematch_plan::study::{Assumptions, RoundCalendar};
use feriematch_rounds::State;
use jiff::civil::Date;

use crate::cli::plan::offers::OffersArgs;
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Record};
use crate::round_season::refuse_unknown;
use crate::{diagnostics, picture_file, season};
use account::Account;
use rates::Rates;
use rounds::Rounds;

pub(crate) fn run(args: &OffersArgs) -> Result<(), Failure> {
    let loaded = season::load(&args.season)?;
    let season = &loaded.season;
    let spinner = Spinner::start("working out who may take what");
    let preparation = Preparation::new(season);
    let warnings = season::refuse_errors(season::examine(&preparation, &loaded.sources, loaded.warnings))?;
    let record = find_record(args)?;
    let state = record.as_ref().map(Record::state);
    if let Some(state) = state {
        refuse_unknown(season, state)?;
    }
    let assumed = Assumed::find(args, season)?;
    let calendar = assumed.as_ref().and_then(|assumed| assumed.assumptions.calendar);
    let rates = Rates::find(args, season, assumed.as_ref())?;
    let day = args.date.or_else(|| record.is_some().then(record::today)).or(calendar.map(|calendar| calendar.first_offers));
    // Without a record no offer is out, and the day says nothing.
    let mut open = OpenPlaces::new(&preparation, state, day.unwrap_or(Date::MIN));
    if let Some(places) = args.places {
        open.home.places = places;
    }
    spinner.say("counting how many accept");
    let plan = Plan::new(args, open, &rates);
    let rounds = Rounds::new(args.risk, &plan, &rates, season, calendar, day)?;
    let question = Question { args, season, state, day, calendar, rates: &rates };
    let account = Account { question, plan: &plan, rounds: &rounds };
    if let Some(file) = &args.picture {
        spinner.say("drawing");
        picture_file::write(file, account.to_svg())?;
    }
    drop(spinner);
    diagnostics::print_to_stderr(&warnings);
    match (args.table, args.format) {
        (Some(table), format) => print_table(&account.table(table)?, format),
        (None, format) => print(&account.print(format)),
    }
}

/// What is asked.
struct Question<'a> {
    args: &'a OffersArgs,
    season: &'a Season,
    state: Option<&'a State>,
    /// The day of the offers, if one is known.
    day: Option<Date>,
    calendar: Option<RoundCalendar>,
    rates: &'a Rates,
}

impl Question<'_> {
    /// Returns the rows of the home districts of which something is to be said.
    fn homes(&self, pool: &Pool) -> Vec<usize> {
        let is_home = |row: &usize| {
            let lives_there = |applicant: &feriematch_model::Applicant| applicant.home_district == DistrictIx::new(*row);
            self.season.applicants().iter().any(lives_there)
        };
        (0..pool.homes.len()).filter(is_home).collect()
    }
}

/// Opens the season's record, if there is one; one that is asked for must be there.
fn find_record(args: &OffersArgs) -> Result<Option<Record>, Failure> {
    let is_there = args.at.ledger.is_some() || args.season.dir.join(record::LEDGER_FILE).exists();
    is_there.then(|| Record::open_in(&args.season.dir, &args.at)).transpose()
}

/// What a file assumes.
struct Assumed {
    file: PathBuf,
    assumptions: Assumptions,
}

impl Assumed {
    /// Reads the assumptions that are asked for, or those of the season folder.
    fn find(args: &OffersArgs, season: &Season) -> Result<Option<Self>, Failure> {
        let in_folder = || Some(args.season.dir.join("planning.toml")).filter(|file| file.exists());
        let Some(file) = args.assumptions.clone().or_else(in_folder) else { return Ok(None) };
        let (assumptions, warnings) = Assumptions::read(&file, season).map_err(season::unreadable)?;
        diagnostics::print_to_stderr(&warnings);
        Ok(Some(Self { file, assumptions }))
    }
}

/// How many offers to send, and what comes of them.
struct Plan {
    open: OpenPlaces,
    /// Each home district with its share of the places to itself.
    alone: Vec<Sent>,
    /// All of them together: what each accepts beside its ceiling, and all beside the places.
    together: Vec<Sent>,
    together_all: Sent,
    alone_all: Sent,
    /// The places that others pay for, as one pool, if there are any.
    others: Option<Sent>,
    /// Other numbers of offers to the whole city, ascending.
    risks: Vec<Sent>,
}

/// Offers to a group, and what comes of them by what is known of the rates, and if their means were known to be right.
#[derive(Clone, Copy)]
struct Sent {
    forecast: Forecast,
    if_known: Forecast,
}

impl Plan {
    fn new(args: &OffersArgs, open: OpenPlaces, rates: &Rates) -> Self {
        let pool = &open.home;
        let known = rates.yields.as_if_known();
        let of_all = |pool: &Pool, offers: &[u32]| {
            let forecast = |yields| Forecast::new(offers.iter().sum(), pool.places, &pool.accepted(yields, offers));
            Sent { forecast: forecast(&rates.yields), if_known: forecast(&known) }
        };
        let of_each = |offers: &[u32], rooms: &[u32]| -> Vec<Sent> {
            let of_home = |at: usize| {
                let all = pool.homes[at].unanswered + offers[at];
                let forecast =
                    |yields: &feriematch_plan::offers::Yields| Forecast::new(offers[at], rooms[at], &yields.accepted(at, all));
                Sent { forecast: forecast(&rates.yields), if_known: forecast(&known) }
            };
            (0..offers.len()).map(of_home).collect()
        };
        let [alone, together] = [pool.alone(&rates.yields, args.risk), pool.together(&rates.yields, args.risk)];
        let ceilings: Vec<u32> = pool.homes.iter().map(|home| home.ceiling.unwrap_or(u32::MAX)).collect();
        let others = (open.others.places > 0).then(|| of_all(&open.others, &open.others.together(&rates.yields, args.risk)));
        let chosen = together.iter().sum();
        let risks = numbers(args, pool, chosen, rates.mean(pool));
        let risks = risks.into_iter().map(|offers| of_all(pool, &pool.divide(&rates.yields, args.risk, offers))).collect();
        Self {
            alone: of_each(&alone, &pool.rooms()),
            alone_all: of_all(pool, &alone),
            together: of_each(&together, &ceilings),
            together_all: of_all(pool, &together),
            others,
            risks,
            open,
        }
    }
}

/// Returns the numbers of offers whose risk is shown: from as many as there are places to more than would fill them on average.
fn numbers(args: &OffersArgs, pool: &Pool, chosen: u32, rate: f64) -> Vec<u32> {
    let free = pool.places.saturating_sub(pool.unanswered());
    let on_average = on_average(pool, rate);
    let most = on_average + on_average.saturating_sub(free) / 2;
    let step = (most.saturating_sub(free) / 8).max(1);
    let mut numbers: Vec<u32> = (free..=most).step_by(step as usize).collect();
    numbers.extend([chosen, chosen + 1, on_average]);
    numbers.extend(args.offers);
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Returns the number of new offers that fills the places on average.
fn on_average(pool: &Pool, rate: f64) -> u32 {
    #[allow(clippy::cast_sign_loss, reason = "neither is negative")]
    let all = if rate > 0.0 { (f64::from(pool.places) / rate).round() as u32 } else { pool.places };
    all.saturating_sub(pool.unanswered())
}
