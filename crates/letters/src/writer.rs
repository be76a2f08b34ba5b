//! From templates and facts to letters.

use std::error::Error as _;

use feriematch_model::Money;
use jiff::civil::{Date, Time};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};

use crate::{Facts, Kind, Language, LetterError, Sender};

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What is printed: an `article` of HTML, to be put on a page.
    pub html: String,
    /// What is sent by e-mail.
    pub text: String,
}

/// Writes letters in one language from one set of templates.
#[derive(Debug)]
pub struct Writer<'s> {
    templates: Environment<'static>,
    language: Language,
    sender: &'s Sender,
    answer: &'s str,
    day: Date,
}

impl<'s> Writer<'s> {
    /// Takes up templates, by file name, and the day that letters bear.
    ///
    /// # Errors
    ///
    /// Returns everything that cannot be read in any of the templates, and what the sender does not state.
    pub fn new(
        templates: impl IntoIterator<Item = (String, String)>,
        language: Language,
        sender: &'s Sender,
        day: Date,
    ) -> Result<Self, Vec<LetterError>> {
        let mut environment = environment(language).map_err(|error| vec![located(&error)])?;
        let mut errors = Vec::new();
        for (name, text) in templates {
            if let Err(error) = environment.add_template_owned(name, text) {
                errors.push(located(&error));
            }
        }
        match sender.answer(language) {
            Ok(answer) if errors.is_empty() => Ok(Self { templates: environment, language, sender, answer, day }),
            Ok(_) => Err(errors),
            Err(missing) => {
                errors.push(missing);
                Err(errors)
            }
        }
    }

    /// Writes a letter.
    ///
    /// # Errors
    ///
    /// Says which of the two templates names what there is not, and where; or that one is missing.
    pub fn letter(&self, kind: Kind, facts: &Facts<'_>) -> Result<Letter, Vec<LetterError>> {
        let facts = context! {
            kind => kind.name(),
            lang => self.language.code(),
            day => self.day.to_string(),
            sender => Serde(&self.sender.contact),
            extra => Serde(&self.sender.extra),
            how_to_answer => self.answer,
            ..Value::from(Serde(facts))
        };
        let render = |ending: &str| self.render(&format!("{}.{}.{ending}", kind.name(), self.language.code()), &facts);
        match (render("html"), render("txt")) {
            (Ok(html), Ok(text)) => Ok(Letter { html, text }),
            (html, text) => Err([html.err(), text.err()].into_iter().flatten().collect()),
        }
    }

    /// Puts letters on a page of HTML, each on sheets of its own when it is printed.
    ///
    /// # Errors
    ///
    /// As for a letter.
    pub fn page<'l>(&self, kind: Kind, title: &str, letters: impl IntoIterator<Item = &'l str>) -> Result<String, LetterError> {
        let letters: Vec<Value> = letters.into_iter().map(|html| Value::from_safe_string(html.to_owned())).collect();
        self.render("page.html", &context! { kind => kind.name(), lang => self.language.code(), title, letters })
    }

    fn render(&self, file: &str, facts: &Value) -> Result<String, LetterError> {
        let template = self.templates.get_template(file).map_err(|_| LetterError::TemplateMissing { file: file.to_owned() })?;
        template.render(facts).map_err(|error| located(&error))
    }
}

/// Returns an environment that knows how a language writes things, and takes no gap for a value.
fn environment(language: Language) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    // So that a line that holds nothing but a tag leaves no line behind.
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(|out, state, value| {
        if value.is_none() {
            return Err(Error::new(ErrorKind::InvalidOperation, "this is not known of everybody: ask with `if` before"));
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment.add_filter("day", move |text: &str| Ok::<_, Error>(language.day(read::<Date>(text, "a day")?)));
    environment.add_filter("weekday", move |text: &str| Ok::<_, Error>(language.weekday(read::<Date>(text, "a day")?)));
    environment.add_filter("clock", move |text: &str| Ok::<_, Error>(language.clock(read::<Time>(text, "a time of day")?)));
    environment.add_filter("hours", move |minutes: u32| language.hours(minutes));
    environment.add_filter("kronor", move |text: &str| {
        let amount = Money::parse_kronor(text).map_err(|error| refused(text, "an amount", error))?;
        Ok::<_, Error>(language.kronor(amount))
    });
    Ok(environment)
}

/// Reads a value that a filter was given.
fn read<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str, what: &str) -> Result<T, Error> {
    text.parse().map_err(|error: T::Err| refused(text, what, error))
}

fn refused(text: &str, what: &str, error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("`{text}` is not {what}: {error}"))
}

/// Returns what is wrong with a template and where: in the file that is at fault, not in the one that includes it.
fn located(error: &Error) -> LetterError {
    let mut innermost = error;
    while let Some(inner) = innermost.source().and_then(|source| source.downcast_ref::<Error>()) {
        innermost = inner;
    }
    let named = innermost.name().map_or(error.name(), Some);
    let expression = innermost.range().and_then(|range| innermost.template_source()?.get(range));
    let detail = innermost.detail().map_or_else(|| innermost.kind().to_string(), str::to_owned);
    let message = match (innermost.kind(), expression) {
        // The message names it already.
        (ErrorKind::UndefinedError | ErrorKind::SyntaxError | ErrorKind::TemplateNotFound, _) | (_, None) => detail,
        (_, Some(expression)) if detail.contains(expression) => detail,
        (_, Some(expression)) => format!("`{expression}`: {detail}"),
    };
    LetterError::Template {
        file: named.unwrap_or("a template").to_owned(),
        line: innermost.line().or(error.line()).unwrap_or(1),
        message,
    }
}
