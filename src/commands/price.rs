//! `feriematch price`: what each rule costs all others.

use feriematch_model::Season;
use feriematch_plan::{Difference, Effect, Price, PriceList, Relaxation, RuleKind, Solution, prices};
use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::json;

use super::print_table;
use crate::cli::TableFormat;
use crate::cli::questions::PriceArgs;
use crate::exit_code::{Failure, print};
use crate::planned::{Planned, failed};
use crate::{diagnostics, picture_file, progress, season};

pub(crate) fn run(args: &PriceArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let (_, warnings) = planned.prepare()?;
    let seed = season::seed(args.seed.as_deref(), &planned.season)?;
    let season = &planned.season;
    let mut rules = Relaxation::all(season);
    // Where they are not asked for, there is nothing to lift.
    rules.retain(|rule| *rule != Relaxation::Balance || !planned.options.balance.is_none());
    let bar = progress::bar(rules.len() as u64, "matching without each rule");
    let list = prices(season, &seed, &planned.options, rules, &|| bar.inc(1)).map_err(failed)?;
    bar.finish_and_clear();
    diagnostics::print_to_stderr(&warnings);
    if let Some(file) = &args.picture {
        picture_file::write(file, picture(season, &list).to_svg())?;
    }
    match args.format {
        TableFormat::Csv => print_table(&lay_out(season, &list, Words::Codes), TableFormat::Csv),
        TableFormat::Json => {
            let report = json!({
                "season": season.settings().name,
                "mechanism": planned.options.mechanism,
                "seed": seed,
                "as_it_is": as_it_is(&list.season).to_json()[0],
                "rules": lay_out(season, &list, Words::Codes).to_json(),
                "not_in_use": not_in_use(&list).map(RuleKind::code).collect::<Vec<_>>(),
            });
            print(&format!("{report:#}\n"))
        }
        TableFormat::Text => {
            let heading = format!(
                "{}: the price of each rule, by mechanism {} with the seed \"{seed}\"\n{}\n",
                season.settings().name,
                planned.options.mechanism,
                as_it_is_in_words(&list.season)
            );
            let table = lay_out(season, &list, Words::Names);
            print(&format!("{heading}\n{}\n{}", table.to_text(), remarks(&list)))
        }
    }
}

/// How rules are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// For programs: by code and id.
    Codes,
    /// For people.
    Names,
}

/// Returns the figures of the season as it is, in the columns of the differences.
fn as_it_is(solution: &Solution) -> Table {
    Table {
        name: "as_it_is",
        title: String::new(),
        columns: vec![("places", ""), ("first_wishes", ""), ("rank_sum", ""), ("mean_rank", ""), ("rank_cost", ""), ("cost", "")],
        rows: vec![vec![
            solution.places.into(),
            solution.first_wishes.into(),
            Value::Count(solution.rank_sum as i64),
            solution.mean_rank().map_or(Value::Blank, Value::Hundredths),
            Value::Count(solution.rank_cost as i64),
            solution.cost.map_or(Value::Blank, Value::Money),
        ]],
    }
}

/// Says what the season gives as it is.
fn as_it_is_in_words(solution: &Solution) -> String {
    let count = |count: u32| grouped(i64::from(count));
    let mut text = format!(
        "As it is, {} have a place, {} of them of their first wish",
        count(solution.places),
        count(solution.first_wishes)
    );
    if let Some(mean) = solution.mean_rank() {
        text.push_str(&format!("; the average rank is {}", Value::Hundredths(mean).for_people()));
    }
    match solution.cost {
        Some(cost) => text.push_str(&format!("; they cost {}.", Value::Money(cost).for_people())),
        None => text.push_str(". What they cost is not known: of somebody the wage or the hours are not stated."),
    }
    text
}

fn lay_out(season: &Season, list: &PriceList, words: Words) -> Table {
    Table {
        name: "prices",
        title: "What is more (+) or less (-) without the rule".to_owned(),
        columns: vec![
            ("rule", "Rule"),
            ("of", "Of"),
            ("binds", "Decides"),
            ("places", "Places"),
            ("gain_place", "Get one"),
            ("lose_place", "Lose one"),
            ("first_wishes", "First wishes"),
            ("rank_sum", "Ranks"),
            ("mean_rank", "Mean rank"),
            ("cost", "Cost"),
        ],
        rows: list.prices.iter().map(|price| row(season, price, words)).collect(),
    }
}

fn row(season: &Season, price: &Price, words: Words) -> Vec<Value> {
    let kind = price.rule.kind();
    let (id, name) = of_what(season, &price.rule);
    let mut row = match words {
        Words::Codes => vec![Value::from(kind.code()), Value::Text(id)],
        Words::Names => vec![Value::from(in_words(kind)), Value::Text(name)],
    };
    match price.without {
        Some(without) => row.extend(differences(&without)),
        None => row.extend([Value::from("a lock"), Value::Blank, Value::Blank].into_iter().chain(vec![Value::Blank; 5])),
    }
    row
}

fn differences(without: &Difference) -> [Value; 8] {
    let decides = match without.effect() {
        Effect::People => "who",
        Effect::Ranks => "where",
        Effect::None => "nothing",
    };
    let change = |number| Value::Change(Box::new(Value::Count(number)));
    [
        Value::from(decides),
        change(without.places),
        without.gain_place.into(),
        without.lose_place.into(),
        change(without.first_wishes),
        change(without.rank_sum),
        without.mean_rank.map_or(Value::Blank, |mean| Value::Change(Box::new(Value::Hundredths(mean)))),
        without.cost.map_or(Value::Blank, |cost| Value::Change(Box::new(Value::Money(cost)))),
    ]
}

/// Returns which of the rules of its kind a rule is: the id, and the name.
fn of_what(season: &Season, rule: &Relaxation) -> (String, String) {
    let settings = season.settings();
    let both = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    match rule {
        Relaxation::DepartmentCap(department) => {
            let department = &settings.departments[department.get()];
            both(&department.id, &department.name)
        }
        Relaxation::HomeCap(district) => {
            let district = &settings.districts[district.get()];
            both(&district.id, &district.name)
        }
        Relaxation::Qualification(qualification) => {
            let qualification = &settings.qualifications[qualification.get()];
            both(&qualification.id, &qualification.name)
        }
        Relaxation::MinorsRules => both(&settings.rule_pack.id, &settings.rule_pack.id),
        Relaxation::StreamCap(stream)
        | Relaxation::StreamClasses(stream)
        | Relaxation::StreamCohorts(stream)
        | Relaxation::StreamHomes(stream) => {
            let stream = &settings.streams[stream.get()];
            both(&stream.id, &stream.name)
        }
        Relaxation::StreamOrder(order) => {
            let streams = || order.iter().map(|stream| &settings.streams[stream.get()]);
            let joined = |texts: Vec<&str>, by| texts.join(by);
            (joined(streams().map(|s| &*s.id).collect(), ">"), joined(streams().map(|s| &*s.name).collect(), ", then "))
        }
        _ => both("", ""),
    }
}

/// Returns what a rule is called.
fn in_words(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::DepartmentCap => "department's cap",
        RuleKind::StreamCap => "stream's cap",
        RuleKind::HomeCap => "home district's cap",
        RuleKind::AllCaps => "all caps",
        RuleKind::Classes => "priority classes",
        RuleKind::Cohorts => "birth years",
        RuleKind::LeastAge => "least ages of jobs",
        RuleKind::GreatestAge => "greatest ages of jobs",
        RuleKind::MinorsRules => "rules for minors",
        RuleKind::Extract => "register extract",
        RuleKind::Periods => "applicants' periods",
        RuleKind::OpenTo => "jobs for some districts",
        RuleKind::Qualification => "qualification",
        RuleKind::StreamClasses => "stream's classes",
        RuleKind::StreamCohorts => "stream's birth years",
        RuleKind::StreamHomes => "stream's home districts",
        RuleKind::Locks => "locks by hand",
        RuleKind::Forbids => "pairs forbidden by hand",
        RuleKind::Balance => "soft balance targets",
        RuleKind::StreamOrder => "other order of streams",
        other => other.code(),
    }
}

/// Draws who gets a place and who loses one without each rule that decides who.
fn picture(season: &Season, list: &PriceList) -> GroupedBars {
    let bars = |price: &Price| {
        let without = price.without.filter(|without| without.effect() == Effect::People)?;
        let (_, name) = of_what(season, &price.rule);
        let name = [in_words(price.rule.kind()), &name].join(" ").trim_end().to_owned();
        let bar = |value| Some(Bar { value, interval: None });
        Some(BarGroup { name, bars: vec![bar(without.gain_place), bar(without.lose_place)] })
    };
    GroupedBars {
        title: format!("{}: without each rule", season.settings().name),
        description: "How many get a place who have none, and how many lose theirs, if a rule is lifted alone. Rules that do not decide who \
                      has a place are left out."
            .to_owned(),
        axis: Axis { label: "Youths".to_owned(), unit: Unit::Count },
        series: vec!["get a place".to_owned(), "lose their place".to_owned()],
        groups: list.prices.iter().filter_map(bars).collect(),
        mark: None,
    }
}

/// Returns the kinds of rules that the season does not have.
fn not_in_use(list: &PriceList) -> impl Iterator<Item = RuleKind> {
    RuleKind::ALL.into_iter().filter(|&kind| list.prices.iter().all(|price| price.rule.kind() != kind))
}

fn remarks(list: &PriceList) -> String {
    let mut text = "Each rule is lifted alone, and the season matched again with the same lottery; another order of the funding \
                    streams is put in place of the season's. The price of a rule is what all others pay for it. Prices are not to be added up: two rules may bar the \
                    same place, or each only together with the other. Whether a rule is worth its price is not said here.\n\
                    Decides: who has a place, or only where, or nothing with this lottery; with another it may be otherwise.\n"
        .to_owned();
    let is_kept = list.prices.iter().any(|price| price.without.is_none());
    if is_kept {
        text.push_str("A lock: a place locked by hand could not be given, since another funding stream would pay for it.\n");
    }
    let absent: Vec<&str> = not_in_use(list).map(in_words).collect();
    if !absent.is_empty() {
        text.push_str(&format!("Rules that the season does not have: {}.\n", absent.join(", ")));
    }
    text
}
