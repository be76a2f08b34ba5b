//! A TOML document read key by key, so that every problem is found with its place and no key goes unread.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::sync::Arc;

use feriematch_model::{Money, ParseMoneyError};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Origin, Position};
use crate::encoding::decode_utf8;
use crate::quote::quote;
use crate::read::{decode_problem, read_file, refuse_errors, unreadable};
use crate::suggest::{choices, did_you_mean, nearest};
use crate::{Code, Diagnostic, ReadError, Span};

/// What reading a document gathers: problems, and the place of every key asked for.
pub struct Reading<'t> {
    origin: Arc<Origin>,
    text: &'t str,
    line_starts: Vec<usize>,
    pub(crate) problems: Vec<Diagnostic>,
    pub(crate) positions: BTreeMap<String, Position>,
}

impl<'t> Reading<'t> {
    pub(crate) fn new(origin: Arc<Origin>, text: &'t str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { origin, text, line_starts, problems: Vec::new(), positions: BTreeMap::new() }
    }

    /// Parses the text; reports all that is not TOML, in which case there is no document.
    pub(crate) fn parse(&mut self) -> Option<Spanned<DeTable<'t>>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
            self.report(Code::TomlSyntax, at, message);
        }
        errors.is_empty().then_some(document)
    }

    fn position(&self, at: usize) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= at).max(1);
        let start = self.line_starts[line - 1];
        let before = self.text.get(start..at).unwrap_or_default();
        let column = before.trim_end_matches('\r').chars().count() + 1;
        Position { line: line as u32, column: column as u32 }
    }

    fn span(&self, at: usize) -> Span {
        Span::new(&self.origin, self.position(at))
    }

    /// Returns the place of a key that was asked for and found, or of the top.
    pub(crate) fn span_of(&self, path: &str) -> Span {
        Span::new(&self.origin, self.positions.get(path).copied().unwrap_or(Position::START))
    }

    fn report(&mut self, code: Code, at: usize, message: String) {
        self.problems.push(Diagnostic::new(code, self.span(at), message));
    }

    fn report_with_help(&mut self, code: Code, at: usize, message: String, help: impl Into<Option<String>>) {
        self.problems.push(Diagnostic::new(code, self.span(at), message).with_help(help));
    }
}

/// A table of the document. Keys are asked for one by one; [`Section::finish`] reports those that nobody asked for.
pub struct Section<'d> {
    path: String,
    at: usize,
    table: &'d DeTable<'d>,
    asked: Vec<&'static str>,
}

/// A key of the document.
pub struct Key<'d> {
    /// The key as it is written.
    pub text: &'d str,
    at: usize,
}

/// A value of the document.
pub struct Value<'d> {
    path: String,
    span: Range<usize>,
    content: &'d DeValue<'d>,
}

impl<'d> Section<'d> {
    pub(crate) fn root(document: &'d Spanned<DeTable<'d>>) -> Self {
        Self { path: String::new(), at: 0, table: document.get_ref(), asked: Vec::new() }
    }

    /// Returns the value of a key, if it is there.
    pub fn get(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<Value<'d>> {
        self.asked.push(key);
        let value = self.table.get(key)?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let position = reading.position(value.span().start);
        reading.positions.insert(path.clone(), position);
        Some(Value { path, span: value.span(), content: value.get_ref() })
    }

    /// Returns the value of a key; reports a missing key.
    pub fn require(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<Value<'d>> {
        let value = self.get(key, reading);
        if value.is_none() {
            let message = match self.path.as_str() {
                "" => format!("`{key}` is missing"),
                path => format!("`{key}` is missing in `{path}`"),
            };
            reading.report(Code::MissingKey, self.at, message);
        }
        value
    }

    /// Returns the sections of an array of tables, `[[key]]`; none if the key is missing.
    pub fn sections(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Vec<Self> {
        let Some(value) = self.get(key, reading) else { return Vec::new() };
        value.items(reading).unwrap_or_default().iter().filter_map(|item| item.section(reading)).collect()
    }

    /// Returns every key of a section whose keys are data, with its value.
    pub fn all(&self) -> impl Iterator<Item = (Key<'d>, Value<'d>)> {
        self.table.iter().map(|(key, value)| {
            let path = format!("{}.{}", self.path, key.get_ref());
            (Key { text: key.get_ref(), at: key.span().start }, Value { path, span: value.span(), content: value.get_ref() })
        })
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(self, reading: &mut Reading<'_>) {
        let absent: Vec<&str> = self.asked.iter().copied().filter(|asked| !self.table.contains_key(*asked)).collect();
        for (key, _) in self.all().filter(|(key, _)| !self.asked.contains(&key.text)) {
            self.report_unknown(&key, &absent, &self.asked, reading);
        }
    }

    /// Reports an unknown key, with what may be meant.
    pub(crate) fn report_unknown(&self, key: &Key<'_>, absent: &[&str], known: &[&str], reading: &mut Reading<'_>) {
        let help = did_you_mean(nearest(key.text, absent.iter().copied()))
            .unwrap_or_else(|| format!("known here: {}", known.iter().map(|key| quote(key)).collect::<Vec<_>>().join(", ")));
        let place = if self.path.is_empty() { String::new() } else { format!(" in `{}`", self.path) };
        reading.report_with_help(Code::UnknownKey, key.at, format!("unknown key {}{place}", quote(key.text)), help);
    }

    /// Returns whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Reports a problem of the section.
    pub fn report(&self, code: Code, message: String, reading: &mut Reading<'_>) {
        reading.report(code, self.at, message);
    }

    /// Returns the place of the section's heading.
    pub fn span(&self, reading: &Reading<'_>) -> Span {
        reading.span(self.at)
    }
}

impl<'d> Value<'d> {
    /// Returns the place of the value.
    pub fn span(&self, reading: &Reading<'_>) -> Span {
        reading.span(self.span.start)
    }

    /// Reports a problem of the value.
    pub fn report(&self, code: Code, message: String, help: impl Into<Option<String>>, reading: &mut Reading<'_>) {
        reading.report_with_help(code, self.span.start, message, help);
    }

    fn wrong_type(&self, expected: &str, reading: &mut Reading<'_>) {
        if let DeValue::Float(number) = self.content {
            let message = format!("`{}` is a floating-point number, `{}`", self.path, number.as_str());
            let help = format!("write {expected}");
            reading.report_with_help(Code::FloatingPoint, self.span.start, message, help);
            return;
        }
        let found = match self.content {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a floating-point number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        reading.report(Code::WrongType, self.span.start, format!("`{}` must be {expected}, not {found}", self.path));
    }

    /// Reads a text that is not empty and has no white space around it.
    pub fn text(&self, reading: &mut Reading<'_>) -> Option<&'d str> {
        let Some(text) = self.content.as_str() else {
            self.wrong_type("a text in quotation marks", reading);
            return None;
        };
        let what = if text.trim().is_empty() { "is empty" } else { "has white space around it" };
        if text.is_empty() || text != text.trim() {
            reading.report(Code::SettingOutOfRange, self.span.start, format!("`{}` {what}", self.path));
            return None;
        }
        Some(text)
    }

    /// Reads a whole number within a range.
    pub fn integer<T>(&self, range: RangeInclusive<T>, reading: &mut Reading<'_>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let number = self.any_integer(reading)?;
        let within = T::try_from(number).ok().filter(|number| range.contains(number));
        if within.is_none() {
            let message = format!("`{}` is {number}, not between {} and {}", self.path, range.start(), range.end());
            reading.report(Code::SettingOutOfRange, self.span.start, message);
        }
        within
    }

    fn any_integer(&self, reading: &mut Reading<'_>) -> Option<i64> {
        let Some(integer) = self.content.as_integer() else {
            self.wrong_type("a whole number", reading);
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if number.is_none() {
            reading.report(Code::SettingOutOfRange, self.span.start, format!("`{}` is too large", self.path));
        }
        number
    }

    /// Reads an amount above zero: whole kronor, or a quoted decimal.
    pub fn money(&self, reading: &mut Reading<'_>) -> Option<Money> {
        self.hundredths(1..=100_000_000_000_000, "kronor", "1", "1000000000000", reading).map(Money::from_ore)
    }

    /// Reads an amount that may be zero, or negative such as a change: whole kronor, or a quoted decimal.
    pub fn signed_money(&self, reading: &mut Reading<'_>) -> Option<Money> {
        let most = 100_000_000_000_000;
        self.hundredths(-most..=most, "kronor", "-1000000000000", "1000000000000", reading).map(Money::from_ore)
    }

    /// Reads a percentage from 0 to 100 in hundredths of a per cent: a whole number, or a quoted decimal.
    pub fn basis_points(&self, reading: &mut Reading<'_>) -> Option<u32> {
        self.hundredths(0..=10_000, "per cent", "0", "100", reading).and_then(|points| u32::try_from(points).ok())
    }

    fn hundredths(
        &self,
        range: RangeInclusive<i64>,
        unit: &str,
        least: &str,
        most: &str,
        reading: &mut Reading<'_>,
    ) -> Option<i64> {
        let hundredths = match self.content {
            DeValue::Integer(_) => self.any_integer(reading)?.saturating_mul(100),
            DeValue::String(text) => match Money::parse_kronor(text) {
                Ok(amount) => amount.ore(),
                Err(error) => {
                    let what = match error {
                        ParseMoneyError::TooFine => "has more than two decimals",
                        ParseMoneyError::TooLarge => "is too large",
                        _ => "is not a number",
                    };
                    let message = format!("{} in `{}` {what}", quote(text), self.path);
                    reading.report_with_help(Code::NotAnAmount, self.span.start, message, "write it as \"87.50\"".to_owned());
                    return None;
                }
            },
            _ => {
                self.wrong_type("a whole number or a decimal in quotation marks", reading);
                return None;
            }
        };
        if !range.contains(&hundredths) {
            let message = format!("`{}` is not between {least} and {most} {unit}", self.path);
            reading.report(Code::SettingOutOfRange, self.span.start, message);
            return None;
        }
        Some(hundredths)
    }

    /// Reads a date, `2027-06-14` without quotation marks.
    pub fn date(&self, reading: &mut Reading<'_>) -> Option<Date> {
        let date = self.content.as_datetime().filter(|d| d.time.is_none() && d.offset.is_none()).and_then(|d| d.date);
        let Some(date) = date else {
            self.wrong_type("a date such as 2027-06-14, without quotation marks", reading);
            return None;
        };
        let date = Date::new(date.year as i16, date.month as i8, date.day as i8);
        if date.is_err() {
            reading.report(Code::SettingOutOfRange, self.span.start, format!("`{}` is a date that does not exist", self.path));
        }
        date.ok()
    }

    /// Reads true or false.
    pub fn flag(&self, reading: &mut Reading<'_>) -> Option<bool> {
        let flag = self.content.as_bool();
        if flag.is_none() {
            self.wrong_type("true or false", reading);
        }
        flag
    }

    /// Reads a list.
    pub fn items(&self, reading: &mut Reading<'_>) -> Option<Vec<Self>> {
        let Some(list) = self.content.as_array() else {
            self.wrong_type("a list", reading);
            return None;
        };
        let item = |(row, item): (usize, &'d Spanned<DeValue<'d>>)| {
            let path = format!("{}[{row}]", self.path);
            reading.positions.insert(path.clone(), reading.position(item.span().start));
            Self { path, span: item.span(), content: item.get_ref() }
        };
        Some(list.iter().enumerate().map(item).collect())
    }

    /// Reads a text, or a list of texts.
    pub fn texts(&self, reading: &mut Reading<'_>) -> Option<Vec<(&'d str, Self)>> {
        let items = if self.content.is_str() {
            vec![Self { path: self.path.clone(), span: self.span.clone(), content: self.content }]
        } else {
            self.items(reading)?
        };
        Some(items.into_iter().filter_map(|item| Some((item.text(reading)?, item))).collect())
    }

    /// Returns whether the value is a text.
    pub fn is_text(&self) -> bool {
        self.content.is_str()
    }

    /// Reads a table.
    pub fn section(&self, reading: &mut Reading<'_>) -> Option<Section<'d>> {
        let Some(table) = self.content.as_table() else {
            self.wrong_type("a table", reading);
            return None;
        };
        Some(Section { path: self.path.clone(), at: self.span.start, table, asked: Vec::new() })
    }

    /// Reads one of some choices; reports another word.
    pub fn choice<T: Copy>(&self, choices_with_names: &[(&str, T)], reading: &mut Reading<'_>) -> Option<T> {
        let word = self.text(reading)?;
        let found = choices_with_names.iter().find(|(name, _)| *name == word).map(|&(_, choice)| choice);
        if found.is_none() {
            let names = choices_with_names.iter().map(|(name, _)| *name);
            let help =
                did_you_mean(nearest(word, names.clone())).unwrap_or_else(|| format!("the choices are {}", choices(names)));
            self.report(Code::UnknownChoice, format!("{} is not a choice of `{}`", quote(word), self.path), help, reading);
        }
        found
    }

    /// Reads one of the ids that something has, and returns its row; reports another word as an unknown `what`.
    pub fn id<'i>(
        &self,
        what: &str,
        unknown: Code,
        ids: impl Iterator<Item = &'i str> + Clone,
        reading: &mut Reading<'_>,
    ) -> Option<usize> {
        let word = self.text(reading)?;
        let found = ids.clone().position(|id| id == word);
        if found.is_none() {
            let help = did_you_mean(nearest(word, ids));
            self.report(unknown, format!("unknown {what} {}", quote(word)), help, reading);
        }
        found
    }
}

/// Reads a TOML file of any kind, and returns what it says with the warnings.
///
/// `read` asks for the keys of the top section, and reports what is wrong with their values; keys that it does not ask for are reported.
///
/// # Errors
///
/// [`ReadError::Invalid`] has every problem of the file.
pub fn read_document<T>(
    file: &Path,
    read: impl FnOnce(&mut Section<'_>, &mut Reading<'_>) -> Option<T>,
) -> Result<(T, Vec<Diagnostic>), ReadError> {
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let bytes = read_file(file).map_err(|error| ReadError::Invalid(vec![unreadable(&name, &error)]))?;
    let text = decode_utf8(bytes).map_err(|fault| ReadError::Invalid(vec![decode_problem(&name, fault)]))?;
    let mut reading = Reading::new(Origin::file(&name), &text);
    let found = reading.parse().and_then(|document| {
        let mut root = Section::root(&document);
        let found = read(&mut root, &mut reading);
        root.finish(&mut reading);
        found
    });
    let warnings = refuse_errors(reading.problems)?;
    Ok((found.ok_or(ReadError::Unreported)?, warnings))
}
