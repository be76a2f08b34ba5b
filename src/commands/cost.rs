//! `feriematch cost`: what the places cost, by who pays.

use std::collections::BTreeMap;

use feriematch_model::{ApplicantIx, JobIx, Season};
use feriematch_payroll::{Account, Costs, Post, Standing, Sum, check, costs, hours};
use feriematch_report::{Table, Value};
use feriematch_rounds::{Holding, State};
use serde_json::json;

use crate::cli::TableFormat;
use crate::cli::pay::{CostArgs, CostTable};
use crate::commands::{counted, hours as time_reports, print_table};
use crate::exit_code::{Failure, print};
use crate::record::Record;
use crate::{diagnostics, season};

pub(crate) fn run(args: &CostArgs) -> Result<(), Failure> {
    let record = Record::open_in(&args.season.dir, &args.at)?;
    let loaded = season::load(&args.season)?;
    let season = &loaded.season;
    if season.settings().wages.is_empty() {
        return Err(Failure::Usage {
            message: "season.toml states no wages".to_owned(),
            help: "add `[[wages]]` and `[wage_costs]`: docs/formats.md".to_owned(),
        });
    }
    let state = record.state();
    let (reported, doubtful) = match &args.reports {
        None => (BTreeMap::new(), 0),
        Some(file) => {
            let reports = time_reports::read(file, &args.season, &loaded)?;
            diagnostics::print_to_stderr(&reports.warnings);
            let checked = check(season, &time_reports::contracts(season, state)?, &reports.shifts);
            let mut reported: BTreeMap<(ApplicantIx, JobIx), u32> =
                checked.reported.iter().filter_map(|r| Some(((r.applicant, r.job?), r.minutes))).collect();
            let all = reported.len();
            // Of whom nobody can say what they worked, the contract counts on.
            for exception in checked.exceptions.iter().filter(|exception| !exception.kind.can_be_approved()) {
                reported.retain(|(applicant, _), _| *applicant != exception.applicant);
            }
            let doubtful = all - reported.len();
            (reported, doubtful)
        }
    };
    let costs = costs(season, posts(season, state, &reported)?);
    let table = |table| match table {
        CostTable::Payers => lay_out("payers", "Cost by payer", &costs.payers, &costs.all),
        CostTable::Streams => lay_out("streams", "Cost by funding stream", &costs.streams, &costs.all),
    };
    match (args.format, args.table) {
        (format, Some(one)) => print_table(&table(one), format),
        (TableFormat::Json, None) => {
            let report = json!({
                "season": season.settings().name,
                "payers": table(CostTable::Payers).to_json(),
                "streams": table(CostTable::Streams).to_json(),
            });
            print(&format!("{report:#}\n"))
        }
        (_, None) => print(&format!(
            "{}\n{}\n{}",
            table(CostTable::Payers).to_text(),
            table(CostTable::Streams).to_text(),
            notes(&costs, doubtful)
        )),
    }
}

/// Returns everybody who has a place or has worked, each once for each contract.
fn posts(season: &Season, state: &State, reported: &BTreeMap<(ApplicantIx, JobIx), u32>) -> Result<Vec<Post>, Failure> {
    let mut posts = Vec::new();
    let mut missing = Vec::new();
    for (id, life) in state.lives() {
        let mut add = |job: &str, stream: &str, standing: Standing, worked: Option<u32>| {
            let found = season.find_applicant(id).zip(season.find_job(job)).zip(season.settings().find_stream(stream));
            let Some(((applicant, job), stream)) = found else {
                missing.push(format!("{id} in {job}, paid by {stream}"));
                return;
            };
            let reported = reported.get(&(applicant, job)).copied().filter(|_| standing == Standing::Signed);
            let (standing, minutes) = match (worked, reported) {
                (Some(minutes), _) => (Standing::Worked, Some(minutes)),
                (None, Some(minutes)) => (Standing::Reported, Some(minutes)),
                (None, None) => (standing, season.job(job).paid_minutes),
            };
            posts.push(Post { applicant, job, stream, standing, minutes });
        };
        let place = life.place.as_ref();
        // What was worked is paid, whether or not the place is still theirs.
        for (at, contract) in life.contracts.iter().enumerate() {
            let is_held = at + 1 == life.contracts.len()
                && place.is_some_and(|place| place.holding == Holding::Signed && *place.job == *contract.job);
            if is_held || contract.worked.is_some() {
                add(&contract.job, &contract.stream, Standing::Signed, contract.worked);
            }
        }
        match place.map(|place| (place, place.holding)) {
            Some((place, Holding::Offered)) => add(&place.job, &place.stream, Standing::Offered, None),
            Some((place, Holding::Accepted)) => add(&place.job, &place.stream, Standing::Accepted, None),
            Some((_, Holding::Signed)) | None => {}
        }
    }
    if missing.is_empty() {
        return Ok(posts);
    }
    Err(Failure::File {
        message: format!("the files no longer have what the ledger knows:\n  {}", missing.join("\n  ")),
        help: "put it back: what is in the record stays in the season".to_owned(),
    })
}

const fn of_whom(standing: Standing) -> &'static str {
    match standing {
        Standing::Offered => "offered, not answered",
        Standing::Accepted => "accepted, not signed",
        Standing::Signed => "signed, as agreed",
        Standing::Reported => "worked, not approved",
        Standing::Worked => "worked, as approved",
    }
}

/// Returns a table with a row for each account and standing, and one for the sum of each account.
fn lay_out(name: &'static str, title: &str, accounts: &[Account], all: &Account) -> Table {
    let mut rows = Vec::new();
    for account in accounts.iter().chain([all]) {
        for standing in Standing::ALL {
            let sum = account.sum(standing);
            if sum.youths > 0 {
                rows.push(row(account, of_whom(standing), sum, false));
            }
        }
        rows.push(row(account, "all of them", &account.total(), true));
    }
    Table {
        name,
        title: format!("{title}: who has a place or has worked, each counted once"),
        columns: vec![
            ("id", "Id"),
            ("name", "Name"),
            ("of_whom", "Of whom"),
            ("youths", "Youths"),
            ("hours", "Hours"),
            ("wages", "Wages"),
            ("fee", "Fee"),
            ("cost", "Cost"),
            ("budget", "Budget"),
            ("left", "Left"),
        ],
        rows,
    }
}

fn row(account: &Account, of_whom: &str, sum: &Sum, is_total: bool) -> Vec<Value> {
    let is_known = sum.unknown == 0;
    let money = |amount| if is_known { Value::Money(amount) } else { Value::Blank };
    let budget = account.budget.filter(|_| is_total);
    let minutes = u32::try_from(sum.minutes).ok().filter(|_| is_known);
    vec![
        Value::from(&*account.id),
        Value::from(&*account.name),
        Value::from(of_whom),
        Value::from(sum.youths),
        minutes.map_or(Value::Blank, |minutes| Value::Text(hours(minutes))),
        money(sum.pay.wages),
        money(sum.pay.fee),
        money(sum.pay.cost()),
        budget.map_or(Value::Blank, Value::Money),
        budget.zip(sum.cost()).map_or(Value::Blank, |(budget, cost)| Value::Money(budget - cost)),
    ]
}

/// Says how the figures are made, and of whom they are not known.
fn notes(costs: &Costs, doubtful: usize) -> String {
    let mut text = "Wages by the age on the first working day, holiday pay included; wages and the employer's fee are each rounded to the öre, \
                    person by person, and the sums add up. Shown in whole kronor; --format csv and json have the öre.\n"
        .to_owned();
    let unknown = costs.all.total().unknown;
    if unknown > 0 {
        text.push_str(&format!(
            "Of {} the wage or the hours are not known, so that there is no cost where they are counted.\n",
            counted(unknown as usize, "youth")
        ));
    }
    if doubtful > 0 {
        text.push_str(&format!(
            "The reports on {} leave open what was worked: they are counted as agreed. `feriematch hours` says why.\n",
            counted(doubtful, "contract")
        ));
    }
    text
}
