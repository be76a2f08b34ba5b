//! An event as a line of JSON.
//!
//! ```json
//! {"sequence":1,"time":"2026-04-01T09:00:00Z","actor":"anna","reason":"","kind":"note","payload":{},"previous":"…","hash":"…"}
//! ```
//!
//! The members stand in this order, without white space, and the payload is a value, not a text. There is one such line for
//! an event, so that a line is right only if writing it again gives the same bytes.

use serde::Deserialize;
use serde_json::Value;

use crate::event::{Draft, DraftError, Event};
use crate::payload::write_text;
use crate::verification::Finding;
use crate::{Head, Payload};

/// Why a line of an export is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It is not in UTF-8.
    #[error("it is not in UTF-8")]
    NotUnicode,
    /// It is not an event in JSON.
    #[error("it is not an event")]
    Json(#[from] serde_json::Error),
    /// It holds something that no event holds.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// It is an event, but not written as it was exported.
    #[error("it is not written as it was exported")]
    NotCanonical,
    /// It does not continue the lines before.
    #[error("{0}")]
    Chain(Finding),
    /// The lines end before an event that is known to be there.
    #[error("the lines end here, but event {} is known to follow", .0.sequence)]
    CutShort(Head),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    sequence: u64,
    time: String,
    actor: String,
    reason: String,
    kind: String,
    payload: Value,
    previous: String,
    hash: String,
}

/// Writes an event as a line, without a line break.
pub(crate) fn write(event: &Event) -> String {
    let mut line = format!(r#"{{"sequence":{},"time":"{}","actor":"#, event.sequence, event.time());
    write_text(&mut line, event.actor());
    line.push_str(r#","reason":"#);
    write_text(&mut line, event.reason());
    line.push_str(&format!(
        r#","kind":"{}","payload":{},"previous":"{}","hash":"{}"}}"#,
        event.kind(),
        event.payload(),
        event.previous,
        event.hash
    ));
    line
}

/// Reads a line without its line break.
pub(crate) fn read(line: &[u8]) -> Result<Event, LineError> {
    let line = std::str::from_utf8(line).map_err(|_| LineError::NotUnicode)?;
    let Members { sequence, time, actor, reason, kind, payload, previous, hash } = serde_json::from_str(line)?;
    let payload = Payload::of_value(&payload).map_err(DraftError::from)?;
    let draft = Draft::from_texts(time, actor, reason, kind, payload)?;
    let (Ok(previous), Ok(hash)) = (previous.parse(), hash.parse()) else { return Err(LineError::NotCanonical) };
    let event = Event { sequence, draft, previous, hash };
    if write(&event) == line { Ok(event) } else { Err(LineError::NotCanonical) }
}
