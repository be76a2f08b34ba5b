//! `feriematch plan caseload`: who handles which case.

use feriematch_plan::{Case, CaseClasses, Caseload, CaseloadError, CaseloadRule, Cases, Handler, Handlers};
use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::json;

use crate::cli::TableFormat;
use crate::cli::plan::workload::{CaseloadArgs, CaseloadTable};
use crate::commands::{counted, print_table};
use crate::exit_code::{Failure, print};
use crate::{diagnostics, picture_file, season};

pub(crate) fn run(args: &CaseloadArgs) -> Result<(), Failure> {
    let classes = CaseClasses::new(args.weights.clone()).map_err(|error| Failure::Usage {
        message: error.to_string(),
        help: "give each class once, with weights such as A=4,B=2,C=1".to_owned(),
    })?;
    let options = season::options(args.encoding);
    let handlers = Handlers::read(&args.handlers, args.most, options).map_err(season::unreadable)?;
    let cases = Cases::read(&args.cases, &handlers.rows, &classes, options).map_err(season::unreadable)?;
    diagnostics::print_to_stderr(&handlers.warnings);
    diagnostics::print_to_stderr(&cases.warnings);
    let assign = |rule| Caseload::assign(&cases.rows, &handlers.rows, &classes, rule).map_err(|error| failed(error, &cases.rows));
    let (rule, other) = if args.continuity_first {
        (CaseloadRule::Continuity, CaseloadRule::Balance)
    } else {
        (CaseloadRule::Balance, CaseloadRule::Continuity)
    };
    let (found, other) = (assign(rule)?, assign(other));
    let account = Account { args, classes: &classes, cases: &cases, handlers: &handlers.rows, found, other: other.ok() };
    if let Some(file) = &args.picture {
        picture_file::write(file, account.picture().to_svg())?;
    }
    match (args.format, args.table) {
        (TableFormat::Text, None) => print(&account.to_text()),
        (TableFormat::Json, None) => print(&account.to_json()),
        (format, Some(CaseloadTable::Cases)) => print_table(&account.assigned(), format),
        (format, _) => print_table(&account.loads(), format),
    }
}

/// How many cases without a handler are named.
const NAMED: usize = 10;

fn failed(error: CaseloadError, cases: &[Case]) -> Failure {
    match error {
        CaseloadError::NoRoom { cases: rows } => {
            let mut names: Vec<&str> = rows.iter().take(NAMED).map(|&row| &*cases[row].id).collect();
            if rows.len() > NAMED {
                names.push("…");
            }
            let verb = if rows.len() == 1 { "finds" } else { "find" };
            Failure::Infeasible {
                message: format!("{} {verb} no handler with room: {}", counted(rows.len(), "case"), names.join(", ")),
                help: "raise --most or a handler's `most`, or add handlers with what these cases need".to_owned(),
            }
        }
        error => Failure::Internal(error.into()),
    }
}

/// What is said of an assignment.
struct Account<'a> {
    args: &'a CaseloadArgs,
    classes: &'a CaseClasses,
    cases: &'a Cases,
    handlers: &'a [Handler],
    found: Caseload,
    /// By the other order of the aims, where that can be done.
    other: Option<Caseload>,
}

impl Account<'_> {
    fn held(&self, handler: usize) -> impl Iterator<Item = &Case> {
        self.cases.rows.iter().zip(&self.found.handler_of).filter(move |(_, at)| **at == handler).map(|(case, _)| case)
    }

    fn loads(&self) -> Table {
        let mut columns = vec![("handler", "Handler"), ("cases", "Cases"), ("heavy", "Of the heaviest"), ("load", "Load")];
        columns.extend([("new", "New to them"), ("most", "At most")]);
        let row = |(at, handler): (usize, &Handler)| {
            let is_new = |case: &&Case| case.before.is_some_and(|before| before != at);
            vec![
                Value::from(&*handler.id),
                Value::from(self.held(at).count() as u32),
                Value::from(self.held(at).filter(|case| case.class == 0).count() as u32),
                Value::Count(self.found.loads[at] as i64),
                Value::from(self.held(at).filter(is_new).count() as u32),
                Value::from(handler.most),
            ]
        };
        Table {
            name: "loads",
            title: "Each handler's load".to_owned(),
            columns,
            rows: self.handlers.iter().enumerate().map(row).collect(),
        }
    }

    fn assigned(&self) -> Table {
        let codes: Vec<&str> = self.classes.iter().map(|(code, _)| code).collect();
        let row = |(case, &at): (&Case, &usize)| {
            let id = |at: usize| Value::from(&*self.handlers[at].id);
            let is_new = case.before.is_some_and(|before| before != at);
            vec![
                Value::from(&*case.id),
                Value::from(codes[case.class]),
                id(at),
                case.before.map_or(Value::Blank, id),
                Value::from(if is_new { "yes" } else { "no" }),
            ]
        };
        Table {
            name: "cases",
            title: "Each case's handler".to_owned(),
            columns: vec![
                ("case", "Case"),
                ("class", "Class"),
                ("handler", "Handler"),
                ("before", "Before"),
                ("changes", "Changes"),
            ],
            rows: self.cases.rows.iter().zip(&self.found.handler_of).map(row).collect(),
        }
    }

    fn to_json(&self) -> String {
        let of = |caseload: &Caseload| json!({ "greatest_load": caseload.maximum(), "least_load": caseload.minimum(), "changes": caseload.changes });
        let report = json!({
            "seed": null,
            "rule": if self.args.continuity_first { "continuity" } else { "balance" },
            "weights": self.classes.iter().map(|(code, weight)| (code.to_owned(), weight.into())).collect::<serde_json::Map<_, _>>(),
            "this": of(&self.found),
            "other_rule": self.other.as_ref().map(of),
            "no_greatest_load_below": self.found.least_maximum,
            "loads": self.loads().to_json(),
            "cases": self.assigned().to_json(),
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let count = self.cases.rows.len();
        let weights: Vec<String> = self.classes.iter().map(|(code, weight)| format!("{code} {weight}")).collect();
        let mut text = format!(
            "{} for {}, with the weights {}\n\n{}",
            counted(count, "case"),
            counted(self.handlers.len(), "handler"),
            weights.join(", "),
            self.loads().to_text()
        );
        text.push_str(&format!(
            "\nLoads go from {} to {}; {}.\n",
            grouped(self.found.minimum() as i64),
            grouped(self.found.maximum() as i64),
            changes(self.found.changes)
        ));
        let bound = self.found.least_maximum;
        if bound == self.found.maximum() {
            text.push_str("The greatest load can be no less, whoever handles what.\n");
        } else {
            text.push_str(&format!(
                "No assignment has a greatest load below {}; whether one reaches that is not known.\n",
                grouped(bound as i64)
            ));
        }
        if let Some(other) = &self.other {
            let what = if self.args.continuity_first { "With equal loads first" } else { "With continuity first" };
            text.push_str(&format!(
                "{what}, loads would go from {} to {}, and {}.\n",
                grouped(other.minimum() as i64),
                grouped(other.maximum() as i64),
                match other.changes {
                    0 => "no case would change its handler".to_owned(),
                    count => format!("{} would change their handler", counted(count as usize, "case")),
                }
            ));
        }
        if self.cases.left > 0 {
            text.push_str(&format!("{} had a handler who is not there any more.\n", counted(self.cases.left as usize, "case")));
        }
        let (least, most) = (self.args.usual_least.max(1), self.args.most.max(1));
        let [few, many] = [most, least].map(|each| (count as u32).div_ceil(each));
        text.push_str(&format!(
            "At {least} to {most} cases each it takes {} to {} handlers; there are {}.\n",
            grouped(few.into()),
            grouped(many.into()),
            self.handlers.len()
        ));
        text.push_str(
            "\nEqual loads are equal sums of weights. That the weights are right, and what a change of handler means to a young person, is not in the figures.\n",
        );
        text
    }

    fn picture(&self) -> GroupedBars {
        let bar = |load: Option<u64>| load.map(|load| Bar { value: u32::try_from(load).unwrap_or(u32::MAX), interval: None });
        let names = ["equal loads first", "keeping handlers first"];
        let (own, other) = if self.args.continuity_first { (1, 0) } else { (0, 1) };
        let group = |(at, handler): (usize, &Handler)| BarGroup {
            name: handler.id.to_string(),
            bars: vec![bar(Some(self.found.loads[at])), bar(self.other.as_ref().map(|other| other.loads[at]))],
        };
        GroupedBars {
            title: "Handlers' loads".to_owned(),
            description: "The sum of the weights of each handler's cases.".to_owned(),
            axis: Axis { label: "Load".to_owned(), unit: Unit::Count },
            series: vec![names[own].to_owned(), names[other].to_owned()],
            groups: self.handlers.iter().enumerate().map(group).collect(),
            mark: None,
        }
    }
}

/// Says how many cases change their handler.
fn changes(count: u32) -> String {
    match count {
        0 => "no case changes its handler".to_owned(),
        1 => "1 case changes its handler".to_owned(),
        _ => format!("{} cases change their handler", grouped(count.into())),
    }
}
