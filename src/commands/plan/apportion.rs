//! `feriematch plan apportion`: places or money over districts.

use feriematch_apportion::{ApportionError, Method};
use feriematch_ingest::nearest;
use feriematch_plan::{Allotment, Allotted, Bound, Division, Indicators, Keys, PlanError, Unit};
use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, Unit as Scale};
use feriematch_report::{Table, Value, grouped};
use serde_json::json;

use crate::cli::TableFormat;
use crate::cli::plan::apportion::{ApportionArgs, MoneyUnit};
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::{diagnostics, picture_file, season};

pub(crate) fn run(args: &ApportionArgs) -> Result<(), Failure> {
    let unit = match args.unit {
        _ if args.places.is_some() => Unit::Places,
        MoneyUnit::Ore => Unit::Ore,
        MoneyUnit::Kronor => Unit::Kronor,
        MoneyUnit::Thousands => Unit::Thousands,
    };
    let total = args.places.or_else(|| args.money.and_then(|money| unit.of_money(money))).ok_or_else(|| Failure::Usage {
        message: format!("the money is no whole number of {}", unit.name()),
        help: "divide it in a smaller unit: --unit ore".to_owned(),
    })?;
    let indicators = Indicators::read(&args.indicators, unit, season::options(args.encoding)).map_err(season::unreadable)?;
    diagnostics::print_to_stderr(&indicators.warnings);
    let keys = keys(args, &indicators)?;
    let with_divisor = |method: Method| match (method, args.first_divisor) {
        (Method::ModifiedSainteLague { .. }, Some(first_divisor)) => Method::ModifiedSainteLague { first_divisor },
        _ => method,
    };
    let methods: Vec<Method> = if args.all_methods { Method::ALL.to_vec() } else { vec![args.method] };
    if args.first_divisor.is_some() && !methods.iter().any(|method| matches!(method, Method::ModifiedSainteLague { .. })) {
        return Err(Failure::Usage {
            message: format!("{} has no first divisor", args.method),
            help: "leave out --first-divisor, or use --method modified-sainte-lague".to_owned(),
        });
    }
    let allot = |method: Method| {
        let division = Division { method: with_divisor(method), total, unit, least: args.least, most: args.most };
        division
            .allot(&indicators, &keys)
            .map_err(|error| failed(error, &indicators, unit))
            .map(|allotment| (division, allotment))
    };
    let found = methods.into_iter().map(allot).collect::<Result<Vec<_>, Failure>>()?;
    let account = Account { indicators: &indicators, keys: &keys, unit, found: &found };
    if let Some(file) = &args.picture {
        picture_file::write(file, account.picture().to_svg())?;
    }
    match args.format {
        TableFormat::Text => print(&account.to_text()),
        TableFormat::Csv => print_table(&account.table(), TableFormat::Csv),
        TableFormat::Json => print(&account.to_json()),
    }
}

/// Reads the keys, from a file or from the command line.
fn keys(args: &ApportionArgs, indicators: &Indicators) -> Result<Keys, Failure> {
    let mut keys = match &args.key {
        Some(file) => {
            let (keys, warnings) = Keys::read(file, indicators).map_err(season::unreadable)?;
            diagnostics::print_to_stderr(&warnings);
            keys
        }
        None => Keys {
            new: args.weights.clone(),
            old: (!args.old_weights.is_empty()).then(|| args.old_weights.clone()),
            new_share: None,
            source: None,
        },
    };
    keys.new_share = args.new_share.or(keys.new_share);
    if args.new_share.is_some() && keys.old.is_none() {
        return Err(Failure::Usage {
            message: "a new key is phased in, and there is no old one".to_owned(),
            help: "add --old-weights, or a section [old] to the file of the key".to_owned(),
        });
    }
    Ok(keys)
}

/// Says why nothing was divided.
fn failed(error: PlanError, indicators: &Indicators, unit: Unit) -> Failure {
    let message = error.to_string();
    let usage = |help: String| Failure::Usage { message: message.clone(), help };
    match error {
        PlanError::UnknownIndicator { name, .. } => {
            let names = || indicators.names.iter().map(|name| &**name);
            let alike = nearest(&name, names()).map(season::did_you_mean);
            usage(alike.unwrap_or_else(|| format!("the indicators are {}", names().collect::<Vec<_>>().join(", "))))
        }
        PlanError::EmptyIndicator { .. } => usage("give it the weight 0, or mend the file".to_owned()),
        PlanError::Key(_) => usage("weights are parts of the whole, in per cent".to_owned()),
        PlanError::Apportion(error) => {
            let infeasible =
                |help: &str| Failure::Infeasible { message: in_words(&error, indicators, unit), help: help.to_owned() };
            match error {
                ApportionError::BoundsReversed { .. } => infeasible("mend the columns `least` and `most`, --least or --most"),
                ApportionError::TooFew { .. } => infeasible("divide more, or lower the least"),
                _ => infeasible("divide less, or raise the most"),
            }
        }
        error => Failure::Internal(error.into()),
    }
}

fn in_words(error: &ApportionError, indicators: &Indicators, unit: Unit) -> String {
    let number = |number: u64| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    let what = unit.name();
    match error {
        ApportionError::BoundsReversed { claim, least, most } => {
            let district = &indicators.districts[*claim].id;
            format!("{district} is to get at least {} and at most {} {what}", number(*least), number(*most))
        }
        ApportionError::TooFew { least, total } => {
            format!("the least of all districts together is {}, and there are {} {what}", number(*least), number(*total))
        }
        ApportionError::TooMany { most, total } => {
            format!("all districts together get {} {what} at most, and there are {}", number(*most), number(*total))
        }
        error => error.to_string(),
    }
}

/// What is said of an apportionment.
struct Account<'a> {
    indicators: &'a Indicators,
    keys: &'a Keys,
    unit: Unit,
    /// By each method.
    found: &'a [(Division, Allotment)],
}

impl Account<'_> {
    fn is_one(&self) -> bool {
        self.found.len() == 1
    }

    /// Returns so many units as a value.
    fn value(&self, count: u64) -> Value {
        self.unit.money(count).map_or(Value::Count(count as i64), Value::Money)
    }

    /// Returns a difference of units.
    fn change(&self, from: u64, to: u64) -> Value {
        let [before, after] = [from, to].map(|count| self.value(count));
        let difference = match (before, after) {
            (Value::Money(before), Value::Money(after)) => Value::Money(after - before),
            _ => Value::Count(to as i64 - from as i64),
        };
        Value::Change(Box::new(difference))
    }

    fn table(&self) -> Table {
        if self.is_one() { self.of_one() } else { self.of_all() }
    }

    /// Lays out one method: shares, what each gets, and against what.
    fn of_one(&self) -> Table {
        let (division, allotment) = &self.found[0];
        let (has_old, has_before) = allotment.compares();
        let is_mixed = allotment.districts.iter().any(|district| district.by_new.is_some());
        let given = match self.unit {
            Unit::Places => ("given", "Places"),
            _ => ("given", "Kronor"),
        };
        let mut columns = vec![("district", "District"), ("share", "Share, %"), ("quota", "Quota"), given, ("bound", "Bound")];
        let mut shown: Vec<fn(&Allotted) -> Option<u64>> = Vec::new();
        if is_mixed {
            columns.push(("by_new", "New key"));
            shown.push(|district| district.by_new);
        }
        let mut compared: Vec<fn(&Allotted) -> Option<u64>> = Vec::new();
        if has_old {
            columns.extend([("by_old", "Old key"), ("against_old", "Gain")]);
            compared.push(|district| district.by_old);
        }
        if has_before {
            columns.extend([("before", "Before"), ("against_before", "Gain")]);
            compared.push(|district| district.before);
        }
        let row = |name: &str, district: &Allotted, bound: Value| {
            let quota = if self.unit == Unit::Places {
                Value::Hundredths(district.quota as i64)
            } else {
                self.value((district.quota + 50) / 100)
            };
            let mut row =
                vec![Value::from(name), Value::Hundredths(district.share as i64), quota, self.value(district.given), bound];
            row.extend(shown.iter().map(|of| of(district).map_or(Value::Blank, |count| self.value(count))));
            for of in &compared {
                let count = of(district).unwrap_or_default();
                row.extend([self.value(count), self.change(count, district.given)]);
            }
            row
        };
        let sum = |of: fn(&Allotted) -> Option<u64>| Some(allotment.districts.iter().filter_map(of).sum::<u64>());
        let all = Allotted {
            share: 10_000,
            quota: 100 * division.total,
            given: sum(|district| Some(district.given)).unwrap_or_default(),
            by_new: sum(|district| district.by_new),
            by_old: sum(|district| district.by_old),
            before: sum(|district| district.before),
            bound: None,
        };
        let named = self.indicators.districts.iter().zip(&allotment.districts);
        let mut rows: Vec<Vec<Value>> =
            named.map(|(district, allotted)| row(&district.name, allotted, bound(allotted.bound))).collect();
        rows.push(row("all", &all, Value::Blank));
        let how = method_in_words(division.method);
        Table { name: "apportionment", title: format!("{} by {how}", self.what(division.total)), columns, rows }
    }

    /// Lays out every method side by side.
    fn of_all(&self) -> Table {
        let mut columns = vec![("district", "District")];
        columns.extend(self.found.iter().map(|(division, _)| (division.method.name(), heading(division.method))));
        let row = |(at, district): (usize, &feriematch_plan::DistrictIndicators)| {
            let given = self.found.iter().map(|(_, allotment)| self.value(allotment.districts[at].given));
            std::iter::once(Value::from(&*district.name)).chain(given).collect()
        };
        let mut rows: Vec<Vec<Value>> = self.indicators.districts.iter().enumerate().map(row).collect();
        let sums =
            self.found.iter().map(|(_, allotment)| self.value(allotment.districts.iter().map(|district| district.given).sum()));
        rows.push(std::iter::once(Value::from("all")).chain(sums).collect());
        let title = format!("{} by every method", self.what(self.found[0].0.total));
        Table { name: "methods", title, columns, rows }
    }

    /// Says what is divided.
    fn what(&self, total: u64) -> String {
        match self.unit {
            Unit::Places => format!("{} places", grouped(total as i64)),
            Unit::Kronor => self.value(total).for_people(),
            unit => format!("{} in {}", self.value(total).for_people(), unit.name()),
        }
    }

    fn to_json(&self) -> String {
        let of = |(division, allotment): &(Division, Allotment)| {
            let account = Account { found: &[(*division, allotment.clone())], ..*self };
            let first_divisor = match division.method {
                Method::ModifiedSainteLague { first_divisor } => Some(Value::Hundredths(first_divisor.into()).for_json()),
                _ => None,
            };
            let names = |rows: &[usize]| rows.iter().map(|&row| &*self.indicators.districts[row].id).collect::<Vec<_>>();
            let mut districts = account.of_one().to_json();
            if let Some(rows) = districts.as_array_mut() {
                rows.pop();
            }
            json!({
                "method": division.method.name(),
                "first_divisor": first_divisor,
                "tie": allotment.tie.as_ref().map(|tie| json!({ "met": names(&tie.met), "unmet": names(&tie.unmet) })),
                "districts": districts,
            })
        };
        let weights = |weights: &[feriematch_plan::NamedWeight]| {
            let pair = |named: &feriematch_plan::NamedWeight| {
                (named.indicator.to_string(), Value::Hundredths(named.weight.into()).for_json())
            };
            weights.iter().map(pair).collect::<serde_json::Map<_, _>>()
        };
        let report = json!({
            "seed": null,
            "total": self.value(self.found[0].0.total).for_json(),
            "unit": self.unit.name(),
            "new_key": weights(&self.keys.new),
            "old_key": self.keys.old.as_deref().map(weights),
            "new_share": self.keys.new_share.map(|share| Value::Hundredths(share.into()).for_json()),
            "source": self.keys.source,
            "methods": self.found.iter().map(of).collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let mut text = format!("{}\n{}", self.key_in_words(), self.table().to_text());
        for (division, allotment) in self.found {
            let Some(tie) = &allotment.tie else { continue };
            let names =
                |rows: &[usize]| rows.iter().map(|&row| &*self.indicators.districts[row].name).collect::<Vec<_>>().join(", ");
            text.push_str(&format!(
                "Equal claims by {}: {} got one, {} did not. Of equal claims those of the districts first by id are met; decide otherwise by hand, or by lot.\n",
                method_in_words(division.method),
                names(&tie.met),
                names(&tie.unmet)
            ));
        }
        if self.is_one() {
            text.push_str(&self.gains_in_words());
        } else {
            text.push_str(
                "Largest remainder stays within a place of everybody's quota, but with one place more somebody may get one less. The others never do that; \
                 Sainte-Laguë favours neither large districts nor small ones, Adams, Dean and Huntington-Hill favour the small, d'Hondt the large.\n",
            );
        }
        text.push_str(
            "\nThis is what the key comes to, exactly; whether the indicators measure need, and whether a district can use its places, it does not say.\n",
        );
        text
    }

    /// Says by which key.
    fn key_in_words(&self) -> String {
        let list = |weights: &[feriematch_plan::NamedWeight]| {
            let one = |named: &feriematch_plan::NamedWeight| format!("{} {} %", named.indicator, percent(named.weight));
            weights.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let mut text = match (&self.keys.old, self.keys.new_share) {
            (Some(old), Some(share)) => format!(
                "{} % by the new key ({}), {} % by the old one ({}).\n",
                percent(share),
                list(&self.keys.new),
                percent(10_000 - share),
                list(old)
            ),
            (Some(old), None) => format!("By the key {}; the old one was {}.\n", list(&self.keys.new), list(old)),
            (None, _) => format!("By the key {}.\n", list(&self.keys.new)),
        };
        if let Some(source) = &self.keys.source {
            text.push_str(&format!("Source: {source}\n"));
        }
        text
    }

    /// Says who gains and who loses most.
    fn gains_in_words(&self) -> String {
        let allotment = &self.found[0].1;
        let (has_old, has_before) = allotment.compares();
        let mut text = String::new();
        let mut against = |of: fn(&Allotted) -> Option<u64>, what: &str| {
            let gain = |district: &Allotted| i128::from(district.given) - i128::from(of(district).unwrap_or_default());
            let gains: Vec<i128> = allotment.districts.iter().map(gain).collect();
            let [up, down] = [1, -1].map(|sign| gains.iter().filter(|gain| gain.signum() == sign).count());
            let most = |sign: i128| {
                let best = (0..gains.len())
                    .filter(|&at| gains[at].signum() == sign)
                    .max_by_key(|&at| (sign * gains[at], std::cmp::Reverse(at)))?;
                let value = self.value(u64::try_from(gains[best].abs()).unwrap_or(u64::MAX)).for_people();
                Some(format!("{} ({}{value})", self.indicators.districts[best].name, if sign > 0 { "+" } else { "-" }))
            };
            text.push_str(&format!("Against {what}: {up} gain and {down} lose"));
            match (most(1), most(-1)) {
                (Some(up), Some(down)) => text.push_str(&format!("; most gains {up}, and most loses {down}.\n")),
                _ => text.push_str(".\n"),
            }
        };
        if has_old {
            against(|district| district.by_old, "the old key");
        }
        if has_before {
            against(|district| district.before, "what they had before");
        }
        text
    }

    /// Draws gains and losses, or what each gets where there is nothing to compare with; by the first method.
    fn picture(&self) -> GroupedBars {
        let allotment = &self.found[0].1;
        let (has_old, has_before) = allotment.compares();
        let bar = |count: u64| {
            let shown = self.unit.money(count).map_or(count, |money| u64::try_from((money.ore() + 50) / 100).unwrap_or(0));
            Some(Bar { value: u32::try_from(shown).unwrap_or(u32::MAX), interval: None })
        };
        let against: fn(&Allotted) -> Option<u64> = if has_old { |district| district.by_old } else { |district| district.before };
        let is_compared = has_old || has_before;
        let bars = |district: &Allotted| match against(district) {
            Some(before) if is_compared => {
                vec![bar(district.given.saturating_sub(before)), bar(before.saturating_sub(district.given))]
            }
            _ => vec![bar(district.given)],
        };
        let what = if self.unit == Unit::Places { "Places" } else { "Kronor" };
        let named = self.indicators.districts.iter().zip(&allotment.districts);
        let (title, series) = match (has_old, has_before) {
            (true, _) => ("Gains and losses against the old key", vec!["more", "fewer"]),
            (_, true) => ("Gains and losses against what they had before", vec!["more", "fewer"]),
            _ => ("What each district gets", vec!["gets"]),
        };
        GroupedBars {
            title: title.to_owned(),
            description: format!("{} by {}.", self.what(self.found[0].0.total), method_in_words(self.found[0].0.method)),
            axis: Axis { label: what.to_owned(), unit: Scale::Count },
            series: series.into_iter().map(str::to_owned).collect(),
            groups: named
                .map(|(district, allotted)| BarGroup { name: district.name.to_string(), bars: bars(allotted) })
                .collect(),
            mark: None,
        }
    }
}

fn bound(bound: Option<Bound>) -> Value {
    match bound {
        Some(Bound::Least) => Value::from("least"),
        Some(Bound::Most) => Value::from("most"),
        None => Value::Blank,
    }
}

/// Writes hundredths of a per cent, without decimals where there are none.
fn percent(hundredths: u32) -> String {
    if hundredths.is_multiple_of(100) {
        (hundredths / 100).to_string()
    } else {
        Value::Hundredths(hundredths.into()).for_people()
    }
}

fn heading(method: Method) -> &'static str {
    match method {
        Method::LargestRemainder => "Largest remainder",
        Method::SainteLague => "Sainte-Laguë",
        Method::ModifiedSainteLague { .. } => "Modified S-L",
        Method::HuntingtonHill => "Huntington-Hill",
        Method::DHondt => "d'Hondt",
        Method::Adams => "Adams",
        Method::Dean => "Dean",
    }
}

fn method_in_words(method: Method) -> String {
    match method {
        Method::LargestRemainder => "the largest remainder (Hamilton)".to_owned(),
        Method::SainteLague => "Sainte-Laguë (Webster)".to_owned(),
        Method::ModifiedSainteLague { first_divisor } => {
            format!("modified Sainte-Laguë with the first divisor {}", Value::Hundredths(first_divisor.into()).for_people())
        }
        Method::HuntingtonHill => "Huntington-Hill (equal proportions)".to_owned(),
        Method::DHondt => "d'Hondt (Jefferson)".to_owned(),
        Method::Adams => "Adams".to_owned(),
        Method::Dean => "Dean (harmonic mean)".to_owned(),
    }
}
