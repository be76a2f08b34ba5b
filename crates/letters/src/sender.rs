//! Who sends the letters, and how to answer them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Language, LetterError};

/// The file in the season folder that says who sends the letters.
pub const SENDER_FILE: &str = "letters.toml";

/// Who sends the letters of a season, and how to answer them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    #[serde(rename = "sender")]
    pub(crate) contact: Contact,
    answer: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) extra: BTreeMap<String, String>,
}

/// Who to turn to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    name: String,
    organisation_number: String,
    address: String,
    email: String,
    phone: String,
    place: String,
}

impl Sender {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Says what is missing, unknown or still to be filled in, and in which line.
    pub fn parse(text: &str) -> Result<Self, LetterError> {
        if let Some((at, line)) = (1..).zip(text.lines()).find(|(_, line)| is_open(line)) {
            return Err(LetterError::SenderOpen { line: at, text: line.trim().to_owned() });
        }
        let sender: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
            LetterError::Sender { line: line.unwrap_or(1), message: error.message().to_owned() }
        })?;
        for language in sender.answer.keys() {
            if !Language::ALL.iter().any(|known| known.code() == language) {
                return Err(LetterError::AnswerLanguage { language: language.clone() });
            }
        }
        Ok(sender)
    }

    /// Returns how to answer, in a language.
    pub(crate) fn answer(&self, language: Language) -> Result<&str, LetterError> {
        let stated = self.answer.get(language.code()).filter(|text| !text.trim().is_empty());
        stated.map(String::as_str).ok_or(LetterError::AnswerMissing { language: language.code() })
    }
}

/// Returns whether a line of the file still says what to write there, in angle brackets.
fn is_open(line: &str) -> bool {
    let value = line.split_once('=').filter(|_| !line.trim_start().starts_with('#'));
    value.is_some_and(|(_, value)| value.trim_start().starts_with("\"<"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped_sender;

    fn filled() -> String {
        shipped_sender().replace("\"<", "\"").replace(">\"", "\"")
    }

    #[test]
    fn what_is_not_filled_in_is_refused() {
        let error = Sender::parse(shipped_sender()).expect_err("nothing is filled in");
        assert!(matches!(&error, LetterError::SenderOpen { text, .. } if text.starts_with("name = ")), "{error}");
        let sender = Sender::parse(&filled()).expect("everything is filled in");
        assert!(Language::ALL.iter().all(|&language| sender.answer(language).is_ok()));
    }

    #[test]
    fn mistakes_name_their_line() {
        let line_of = |key: &str| 1 + filled().lines().position(|line| line.starts_with(key)).expect("a line");
        let error = Sender::parse(&filled().replace("\nphone", "\nphnoe")).expect_err("a key that is not known");
        assert!(
            matches!(&error, LetterError::Sender { line, message } if *line == line_of("phone") && message.contains("phnoe")),
            "{error}"
        );
        let error = Sender::parse(&filled().replace("\nsv = ", "\nse = ")).expect_err("a language that is not known");
        assert_eq!(error, LetterError::AnswerLanguage { language: "se".to_owned() });
    }
}
