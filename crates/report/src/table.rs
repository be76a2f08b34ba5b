//! A table that a person, a spreadsheet and a program can each read.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};
use feriematch_model::Money;
use serde_json::{Map, Value as Json};

use crate::export::MASKED;

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A share between 0 and 1, shown in per cent.
    Share(f64),
    /// A difference of shares, shown in percentage points with its sign.
    Points(f64),
    /// A probability.
    Probability(f64),
    /// An exact number of hundredths, such as a mean.
    Hundredths(i64),
    /// A time in seconds, which is never the same twice.
    Seconds(f64),
    /// An amount of money.
    Money(Money),
    /// A difference of such values, shown with its sign.
    Change(Box<Value>),
    /// Something that is not shown, since it would tell of one person.
    Masked,
    /// Nothing to say.
    Blank,
}

impl Value {
    /// Returns a count, or nothing.
    pub fn count_or_blank(count: Option<u32>) -> Self {
        count.map_or(Self::Blank, Self::from)
    }

    /// Returns the value, or that it is masked.
    pub(crate) fn unless(self, is_masked: bool) -> Self {
        if is_masked { Self::Masked } else { self }
    }

    /// Returns the value as a person reads it.
    pub fn for_people(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => grouped(*count),
            Self::Share(share) => format!("{:.1} %", share * 100.0),
            Self::Points(points) => format!("{:+.1}", points * 100.0),
            Self::Probability(p) if *p < 0.001 => "< 0.001".to_owned(),
            Self::Probability(p) => format!("{p:.3}"),
            Self::Money(money) => {
                format!("{} kr", grouped(money.ore().div_euclid(100) + i64::from(money.ore().rem_euclid(100) >= 50)))
            }
            Self::Hundredths(number) => hundredths(*number),
            Self::Seconds(seconds) if *seconds < 1.0 => format!("{:.0} ms", seconds * 1_000.0),
            Self::Seconds(seconds) => format!("{seconds:.1} s"),
            Self::Change(difference) => format!("{}{}", if difference.is_positive() { "+" } else { "" }, difference.for_people()),
            Self::Masked => MASKED.to_owned(),
            Self::Blank => String::new(),
        }
    }

    /// Returns whether the value is a number above zero.
    fn is_positive(&self) -> bool {
        match self {
            Self::Count(number) | Self::Hundredths(number) => *number > 0,
            Self::Share(number) | Self::Points(number) | Self::Probability(number) | Self::Seconds(number) => *number > 0.0,
            Self::Money(money) => *money > Money::ZERO,
            Self::Change(difference) => difference.is_positive(),
            Self::Text(_) | Self::Masked | Self::Blank => false,
        }
    }

    /// Returns the value as a program reads it: a decimal point, no grouping, no unit.
    fn for_programs(&self) -> String {
        match self {
            Self::Text(text) => neutralised(text),
            Self::Count(count) => count.to_string(),
            Self::Share(x) | Self::Points(x) | Self::Probability(x) | Self::Seconds(x) => format!("{x:.6}"),
            Self::Hundredths(number) => hundredths(*number),
            Self::Money(money) => money.to_string(),
            Self::Change(difference) => difference.for_programs(),
            Self::Masked => MASKED.to_owned(),
            Self::Blank => String::new(),
        }
    }

    /// Returns the value as JSON: shares as numbers rounded to six decimals, money as a decimal in a string.
    pub fn for_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(text.as_str()),
            Self::Count(count) => Json::from(*count),
            Self::Share(x) | Self::Points(x) | Self::Probability(x) | Self::Seconds(x) => Json::from((x * 1e6).round() / 1e6),
            Self::Hundredths(number) => serde_json::from_str(&hundredths(*number)).unwrap_or(Json::Null),
            Self::Money(money) => Json::from(money.to_string()),
            Self::Change(difference) => difference.for_json(),
            Self::Masked => Json::from(MASKED),
            Self::Blank => Json::Null,
        }
    }
}

/// Writes hundredths with two decimals.
fn hundredths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    format!("{sign}{}.{:02}", number / 100, number % 100)
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(i64::from(count))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A named table with named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name that programs use.
    pub name: &'static str,
    /// The heading for people.
    pub title: String,
    /// For each column, the name that programs use and the heading for people.
    pub columns: Vec<(&'static str, &'static str)>,
    /// The rows, each as long as there are columns.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// Lays the table out for a person, as wide as its content.
    pub fn to_text(&self) -> String {
        let headings: Vec<&str> = self.columns.iter().map(|(_, heading)| *heading).collect();
        lay_out(&self.title, &headings, &self.rows)
    }

    /// Writes the table as RFC 4180 CSV with a header, for programs. Text that a spreadsheet would run as a formula is neutralised.
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        for record in
            std::iter::once(header).chain(self.rows.iter().map(|row| row.iter().map(Value::for_programs).collect::<Vec<_>>()))
        {
            // A Vec takes every write.
            let _ = writer.write_record(&record);
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Returns the table as a JSON array with an object a row.
    pub fn to_json(&self) -> Json {
        let object = |row: &Vec<Value>| {
            let pairs = self.columns.iter().zip(row).map(|((name, _), value)| ((*name).to_owned(), value.for_json()));
            Json::Object(pairs.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

/// Lays a table out for a person, as wide as its content.
pub(crate) fn lay_out(title: &str, headings: &[&str], rows: &[Vec<Value>]) -> String {
    let mut layout = comfy_table::Table::new();
    layout.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    layout.set_header(headings);
    for row in rows {
        layout.add_row(row.iter().map(Value::for_people));
    }
    for (number, column) in layout.column_iter_mut().enumerate() {
        let is_text = rows.iter().any(|row| matches!(row[number], Value::Text(_)));
        column.set_cell_alignment(if is_text { CellAlignment::Left } else { CellAlignment::Right });
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(2)));
    }
    let body: Vec<String> = layout.lines().map(|line| line.trim_end().to_owned()).collect();
    format!("{title}\n{}\n", body.join("\n"))
}

/// Returns a text that no spreadsheet runs as a formula: `=`, `+`, `-`, `@`, tab and carriage return at the start get an apostrophe before them.
///
/// # References
///
/// OWASP, *CSV Injection*.
pub fn neutralised(text: &str) -> String {
    if runs_as_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Returns whether a spreadsheet would run a text.
pub(crate) fn runs_as_formula(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// Writes a whole number with spaces between groups of three digits.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            name: "t",
            title: "Things".to_owned(),
            columns: vec![("name", "Name"), ("count", "Count"), ("share", "Share")],
            rows: vec![
                vec!["=1+1".into(), 12_345_u32.into(), Value::Share(0.5)],
                vec!["Åsö, norra".into(), Value::Blank, Value::Share(0.125)],
            ],
        }
    }

    #[test]
    fn for_people() {
        assert_eq!(
            table().to_text(),
            "Things\n Name         Count   Share\n =1+1        12 345  50.0 %\n Åsö, norra          12.5 %\n"
        );
    }

    #[test]
    fn for_programs() {
        assert_eq!(table().to_csv(), "name,count,share\n'=1+1,12345,0.500000\n\"Åsö, norra\",,0.125000\n");
        assert_eq!(table().to_json()[1].to_string(), r#"{"name":"Åsö, norra","count":null,"share":0.125}"#);
    }

    #[test]
    fn formulas_are_neutralised() {
        for text in ["=1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(neutralised(text), format!("'{text}"));
        }
        assert_eq!(neutralised("A-1"), "A-1");
    }

    #[test]
    fn hundredths_have_two_decimals() {
        assert_eq!([20_604, 5, -150].map(|n| Value::Hundredths(n).for_people()), ["206.04", "0.05", "-1.50"]);
        assert_eq!(Value::Hundredths(20_604).for_json().to_string(), "206.04");
    }

    #[test]
    fn changes_have_a_sign() {
        let change = |value| Value::Change(Box::new(value));
        let kronor = |kronor| change(Value::Money(Money::from_kronor(kronor)));
        let shown = [3, 0, -1_200].map(|count| change(Value::Count(count)).for_people());
        assert_eq!(shown, ["+3", "0", "-1 200"]);
        assert_eq!([kronor(1_500), kronor(-2)].map(|value| value.for_people()), ["+1 500 kr", "-2 kr"]);
        assert_eq!((change(Value::Hundredths(5)).for_programs(), kronor(7).for_programs()), ("0.05".into(), "7.00".into()));
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1_000, -1_234_567].map(grouped), ["0", "999", "1 000", "-1 234 567"]);
    }
}
