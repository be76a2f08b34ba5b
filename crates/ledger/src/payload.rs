//! What an event says, as canonical JSON: equal values are equal bytes.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How many arrays and objects may stand inside each other. The reader's own limit is a little higher.
const DEPTH: usize = 100;

/// A JSON value in its canonical form: keys sorted by their bytes, no white space, only whole numbers, and texts escaped no
/// more than JSON demands.
///
/// Whatever RFC 8785 allows besides is left out: fractions, because amounts are whole numbers of the smallest unit, and
/// numbers that do not fit 64 bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Payload(String);

/// Why a value cannot be a payload.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// It is not JSON, or cannot be put into JSON.
    #[error("the payload is not JSON")]
    Json(#[from] serde_json::Error),
    /// It holds a number that is not whole, or does not fit 64 bits.
    #[error("the payload holds {number}, which is not a whole number of 64 bits")]
    Number {
        /// The number.
        number: serde_json::Number,
    },
    /// Too many arrays and objects stand inside each other.
    #[error("the payload has more than {DEPTH} levels")]
    Depth,
    /// The same value is written in another way than the canonical one.
    #[error("the payload is not written in its canonical form")]
    NotCanonical,
}

impl Payload {
    /// Puts a value into canonical JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the value has no such form.
    pub fn of(value: &impl Serialize) -> Result<Self, PayloadError> {
        Self::of_value(&serde_json::to_value(value)?)
    }

    /// Takes text that is canonical JSON already.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not.
    pub fn parse(text: impl Into<String>) -> Result<Self, PayloadError> {
        let text = text.into();
        let canonical = Self::of_value(&serde_json::from_str(&text)?)?;
        if canonical.0 == text { Ok(canonical) } else { Err(PayloadError::NotCanonical) }
    }

    pub(crate) fn of_value(value: &Value) -> Result<Self, PayloadError> {
        let mut text = String::new();
        write(&mut text, value, DEPTH)?;
        Ok(Self(text))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// Returns an error if the type has other fields than the payload.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

fn write(out: &mut String, value: &Value, levels: usize) -> Result<(), PayloadError> {
    let below = || levels.checked_sub(1).ok_or(PayloadError::Depth);
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if number.is_i64() || number.is_u64() => out.push_str(&number.to_string()),
        Value::Number(number) => return Err(PayloadError::Number { number: number.clone() }),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(out, item, below()?)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|&(key, _)| key);
            out.push('{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(out, key);
                out.push(':');
                write(out, member, below()?)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Writes a text as JSON.
pub(crate) fn write_text(out: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        out.push_str(&Value::from(text).to_string());
    } else {
        // Most texts; nothing in them needs an escape.
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_level() {
        let payload = Payload::of(&json!({ "b": [{ "z": 1, "a": -2 }], "a": null, "Å": true })).unwrap();
        assert_eq!(payload.as_str(), r#"{"a":null,"b":[{"a":-2,"z":1}],"Å":true}"#);
        assert_eq!(Payload::parse(payload.as_str()).unwrap(), payload);
    }

    #[test]
    fn numbers_keep_all_their_64_bits() {
        let payload = Payload::of(&json!([u64::MAX, i64::MIN])).unwrap();
        assert_eq!(payload.as_str(), "[18446744073709551615,-9223372036854775808]");
        assert_eq!(payload.get::<(u64, i64)>().unwrap(), (u64::MAX, i64::MIN));
    }

    #[test]
    fn fractions_are_refused() {
        assert!(matches!(Payload::of(&json!({ "wage": 92.5 })), Err(PayloadError::Number { .. })));
        assert!(matches!(Payload::parse("1.0"), Err(PayloadError::Number { .. })));
        assert!(matches!(Payload::parse("18446744073709551616"), Err(PayloadError::Number { .. })));
    }

    #[test]
    fn other_ways_of_writing_the_same_are_refused() {
        for text in [" 1", "{\"a\": 1}", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "\"\\u0041\"", "\"\\/\""] {
            assert!(matches!(Payload::parse(text), Err(PayloadError::NotCanonical)), "{text}");
        }
        assert!(matches!(Payload::parse("{"), Err(PayloadError::Json(_))));
    }

    #[test]
    fn the_deepest_payload_that_can_be_written_can_be_read() {
        let nested = |levels: usize| (0..levels).fold(json!(0), |inner, _| json!([inner]));
        let deepest = Payload::of(&nested(DEPTH)).unwrap();
        assert_eq!(Payload::parse(deepest.as_str()).unwrap(), deepest);
        assert!(matches!(Payload::of(&nested(DEPTH + 1)), Err(PayloadError::Depth)));
    }
}
