//! Letters to applicants, from templates that a city can edit.
//!
//! A [`Writer`] has the templates of one [`Language`] and the [`Sender`]; it writes a [`Letter`] of a [`Kind`] about the [`Facts`] of
//! one applicant's place, as HTML that prints and as plain text for e-mail. Values are escaped; a template that names what there is
//! not is an error with its file and line, and never a gap in a letter. Of somebody with a protected identity a letter knows the
//! pseudonym alone.
//!
//! Nothing here reads or writes a file: templates come and letters go as texts.

mod error;
mod facts;
mod kind;
mod language;
mod sender;
mod shipped;
mod writer;

pub use error::LetterError;
pub use facts::{Facts, Offered};
pub use kind::Kind;
pub use language::Language;
pub use sender::{SENDER_FILE, Sender};
pub use shipped::{shipped_sender, shipped_templates};
pub use writer::{Letter, Writer};
