//! How problems of the input are shown.

use std::collections::BTreeMap;

use feriematch_ingest::{Code, Diagnostic, Severity};

use crate::style::{ERROR, HELP, WARNING};

/// How many warnings of one kind a run shows before it only counts them; `check` shows all.
const SHOWN_OF_A_KIND: usize = 3;

/// Prints problems to stderr: all errors, and the first warnings of each kind.
pub(crate) fn print_to_stderr(diagnostics: &[Diagnostic]) {
    let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = seen.entry(diagnostic.code()).or_default();
        *count += 1;
        if diagnostic.severity() == Severity::Error || *count <= SHOWN_OF_A_KIND {
            anstream::eprint!("{}", rendered(diagnostic));
        }
    }
    for (code, count) in seen.into_iter().filter(|(code, _)| code.severity() == Severity::Warning) {
        if count > SHOWN_OF_A_KIND {
            anstream::eprintln!(
                "{WARNING}warning[{code}]{WARNING:#}: {}: {} more like this; `feriematch check` shows all",
                code.title(),
                count - SHOWN_OF_A_KIND
            );
        }
    }
    if diagnostics.iter().any(|d| d.severity() == Severity::Error) {
        anstream::eprintln!("{}", counted(diagnostics));
    }
}

/// Returns a problem in the form that compilers made familiar, with colours.
pub(crate) fn rendered(diagnostic: &Diagnostic) -> String {
    let style = match diagnostic.severity() {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    };
    let mut text = String::new();
    text.push_str(&format!("{style}{}[{}]{style:#}: {}\n", diagnostic.severity(), diagnostic.code(), diagnostic.message()));
    text.push_str(&format!("  {HELP}-->{HELP:#} {}\n", diagnostic.span()));
    if let Some(help) = diagnostic.help() {
        text.push_str(&format!("  {HELP}help{HELP:#}: {help}\n"));
    }
    text
}

/// Returns how many errors and warnings there are, in words.
pub(crate) fn counted(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
    let plural = |count: usize, what: &str| match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    format!("{}, {}", plural(errors, "error"), plural(diagnostics.len() - errors, "warning"))
}
