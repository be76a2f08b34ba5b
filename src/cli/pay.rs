//! What the commands take that write letters, check time reports and count costs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::rounds::LedgerAt;
use super::{Lang, SeasonArgs};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LetterKind {
    /// To those who are offered a place and have not answered
    Offer,
    /// To the same, when the deadline comes near
    Reminder,
    /// To those who have accepted a place and not signed for it
    Contract,
}

/// Write letters: offers, reminders, contracts
///
/// Who gets one comes from the season's record. Writes letters.html to print all of them, letters.csv with a row for each, and
/// one .html and one .txt for each; letters to those with a protected identity are apart, in by-hand. With an error nothing is
/// written. Who sends them is in letters.toml in the season folder; docs/letters.md says what templates may use.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch letters my-season --write-templates my-templates\n  \
                        feriematch letters my-season --kind offer --round 1\n  \
                        feriematch letters my-season --kind contract --templates my-templates\n  \
                        feriematch letters my-season --kind reminder --lang en --applicant A-0012 --out /tmp/letters")]
pub(crate) struct LettersArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// What the letters are for
    #[arg(long, value_enum, value_name = "KIND", required_unless_present = "write_templates")]
    pub(crate) kind: Option<LetterKind>,

    /// The language to write in
    #[arg(long, value_enum, default_value_t = Lang::Sv)]
    pub(crate) lang: Lang,

    /// Only to those whose place was offered in this round
    #[arg(long, value_name = "N")]
    pub(crate) round: Option<u32>,

    /// Only to these applicants
    #[arg(long = "applicant", value_name = "ID", num_args = 1..)]
    pub(crate) applicants: Vec<String>,

    /// Take the templates from this folder instead of those that come with the program
    #[arg(long, value_name = "FOLDER")]
    pub(crate) templates: Option<PathBuf>,

    /// The folder to write to [default: letters/KIND-LANG in the season folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,

    /// The day that the letters bear [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,

    /// Write the templates to this folder, to edit them, and letters.toml to the season folder if it has none
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["kind", "round", "applicants", "templates", "out", "date"])]
    pub(crate) write_templates: Option<PathBuf>,
}
