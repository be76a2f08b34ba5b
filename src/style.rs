//! How things look on a terminal.

use anstyle::{AnsiColor, Style};

/// How errors look on a terminal.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// How warnings look on a terminal.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// How help and notes look on a terminal.
pub(crate) const HELP: Style = AnsiColor::Cyan.on_default();
