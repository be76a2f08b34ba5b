//! What is wrong with a season's files, where, and how to mend it.

use std::fmt;
use std::sync::Arc;

use memchr::memchr_iter;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::Code;

/// One problem of the input: what, where, and how to mend it.
///
/// Displayed, it looks like this:
///
/// ```text
/// error[F1608]: unknown job `J-017`
///   --> overrides.csv:42:15
///   help: did you mean `J-017B`?
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    span: Span,
    message: String,
    help: Option<String>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The season cannot be used.
    Error,
    /// The season can be used, but something may not be what was meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl Diagnostic {
    /// Makes a diagnostic without help.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }

    /// Says what to do about it, where that is known only later.
    pub(crate) fn set_help(&mut self, help: Option<String>) {
        self.help = help;
    }

    /// Leaves nothing of the message but what kind of problem it is: what stands in the file is about a protected identity.
    pub(crate) fn conceal(&mut self) {
        self.message = format!("{}; the value is not shown, since the identity is protected", self.code.title());
        self.help = Some("look at the place in the file".to_owned());
    }

    /// Returns the code, which docs/errors.md explains.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns the severity, which the code decides.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Returns where the problem is.
    pub const fn span(&self) -> &Span {
        &self.span
    }

    /// Returns what the problem is, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns how to mend it, in one line, where something is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Sorts diagnostics by file, line, column and code, the order in which they are shown.
    pub fn sort(diagnostics: &mut [Self]) {
        diagnostics.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| (a.code, &a.message).cmp(&(b.code, &b.message))));
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}\n  --> {}", self.severity(), self.code, self.message, self.span)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Diagnostic", 5)?;
        map.serialize_field("code", self.code.number())?;
        map.serialize_field("severity", &self.severity())?;
        map.serialize_field("span", &self.span)?;
        map.serialize_field("message", &self.message)?;
        map.serialize_field("help", &self.help)?;
        map.end()
    }
}

/// A place in a file: of a text file the line and the column, of a workbook the sheet and the cell.
///
/// Displayed as `applicants.csv:42:15`, `applicants.xlsx:Sheet1!C42`, or the file's name alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    origin: Arc<Origin>,
    position: Option<Position>,
}

/// A file, or a sheet of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) file: Box<str>,
    pub(crate) sheet: Option<Box<str>>,
}

impl Origin {
    pub(crate) fn file(name: &str) -> Arc<Self> {
        Arc::new(Self { file: name.into(), sheet: None })
    }

    pub(crate) fn sheet(file: &str, sheet: &str) -> Arc<Self> {
        Arc::new(Self { file: file.into(), sheet: Some(sheet.into()) })
    }
}

/// A line and a column, both from 1. In a text a column is a character; in a sheet, lines are rows and columns columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Position {
    /// Where every text begins.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// Returns the position after some text that begins here. LF, CRLF and CR each end a line.
    pub(crate) fn after(self, text: &str) -> Self {
        let breaks = line_breaks(text);
        let last = text.rfind(['\n', '\r']).map_or(text, |at| &text[at + 1..]);
        let width = last.chars().count() as u32;
        Self { line: self.line + breaks, column: if breaks == 0 { self.column + width } else { 1 + width } }
    }
}

/// Counts the line breaks of a text: LF, CRLF and CR.
pub(crate) fn line_breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let alone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    (memchr_iter(b'\n', bytes).count() + memchr_iter(b'\r', bytes).filter(|&at| alone(at)).count()) as u32
}

impl Span {
    pub(crate) fn new(origin: &Arc<Origin>, position: Position) -> Self {
        Self { origin: Arc::clone(origin), position: Some(position) }
    }

    /// The whole of a file.
    pub(crate) fn whole(origin: &Arc<Origin>) -> Self {
        Self { origin: Arc::clone(origin), position: None }
    }

    /// Returns the file's name, without its folder.
    pub fn file(&self) -> &str {
        &self.origin.file
    }

    /// Returns the sheet, if the file is a workbook.
    pub fn sheet(&self) -> Option<&str> {
        self.origin.sheet.as_deref()
    }

    /// Returns the line, or the row of the sheet, from 1; `None` if the span is a whole file.
    pub fn line(&self) -> Option<u32> {
        self.position.map(|p| p.line)
    }

    /// Returns the column, in characters or in columns of the sheet, from 1; `None` if the span is a whole file.
    pub fn column(&self) -> Option<u32> {
        self.position.map(|p| p.column)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin.file)?;
        match (&self.origin.sheet, self.position) {
            (None, None) => Ok(()),
            (None, Some(at)) => write!(f, ":{}:{}", at.line, at.column),
            (Some(sheet), None) => write!(f, ":{sheet}"),
            (Some(sheet), Some(at)) => write!(f, ":{sheet}!{}{}", column_letters(at.column), at.line),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Span", 4)?;
        map.serialize_field("file", self.file())?;
        map.serialize_field("sheet", &self.sheet())?;
        map.serialize_field("line", &self.line())?;
        map.serialize_field("column", &self.column())?;
        map.end()
    }
}

/// Returns a sheet's name of a column: A, B, …, Z, AA.
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_as_documented() {
        let csv = Span::new(&Origin::file("applicants.csv"), Position { line: 42, column: 15 });
        let diagnostic = Diagnostic::new(Code::UnknownJob, csv, "unknown job `J-017`");
        assert_eq!(diagnostic.to_string(), "error[F1608]: unknown job `J-017`\n  --> applicants.csv:42:15");
        let json = r#"{"code":"F1608","severity":"error","span":{"file":"applicants.csv","sheet":null,"line":42,"column":15},"message":"unknown job `J-017`","help":null}"#;
        assert_eq!(serde_json::to_string(&diagnostic).unwrap(), json);
        assert_eq!(
            diagnostic.with_help("did you mean `J-017B`?".to_owned()).to_string(),
            "error[F1608]: unknown job `J-017`\n  --> applicants.csv:42:15\n  help: did you mean `J-017B`?"
        );
        let sheet = Span::new(&Origin::sheet("applicants.xlsx", "Blad1"), Position { line: 42, column: 28 });
        assert_eq!(sheet.to_string(), "applicants.xlsx:Blad1!AB42");
    }

    #[test]
    fn positions_count_characters_and_any_line_end() {
        assert_eq!(Position::START.after("åäö"), Position { line: 1, column: 4 });
        assert_eq!(Position::START.after("a\r\nb\rc\nde"), Position { line: 4, column: 3 });
        assert_eq!(column_letters(1) + &column_letters(26) + &column_letters(27) + &column_letters(703), "AZAAAAA");
    }
}
