//! Reading a season folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use feriematch_model::{ApplicantIx, Season, SeasonDraft, SeasonError};
use rayon::prelude::*;

use crate::diagnostic::Origin;
use crate::document::Reading;
use crate::encoding::{DecodeFault, decode, decode_utf8};
use crate::personal_id::PersonalNumber;
use crate::rows::Rows;
use crate::rule_catalog::RuleCatalog;
use crate::sources::TableSource;
use crate::table::{ColumnMap, Content, TableKind};
use crate::wishes::Wishable;
use crate::workbook::Workbook;
use crate::{Code, Diagnostic, Encoding, Severity, Sources, Span, applicants, jobs, overrides, settings};

/// How to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions {
    /// The encoding of CSV files without a byte order mark; `None` finds out for each file.
    pub encoding: Option<Encoding>,
}

/// A season that has been read.
#[derive(Debug)]
pub struct Loaded {
    /// The season.
    pub season: Season,
    /// Where its parts stand in the files.
    pub sources: Sources,
    /// What may not be what was meant, in the order of the files.
    pub warnings: Vec<Diagnostic>,
    /// How the headers of tables map to columns, for those that are read later.
    pub columns: ColumnMaps,
}

/// How the headers of tables map to columns, as `season.toml` says.
#[derive(Debug, Clone, Default)]
pub struct ColumnMaps {
    stated: BTreeMap<TableKind, ColumnMap>,
    none: ColumnMap,
}

impl ColumnMaps {
    pub(crate) fn of(&self, kind: TableKind) -> &ColumnMap {
        self.stated.get(&kind).unwrap_or(&self.none)
    }
}

/// Why a folder could not be read as a season.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The files have errors: all of them are here, with the warnings, in the order of the files.
    #[error("the season's files have {} errors", errors_among(.0))]
    Invalid(Vec<Diagnostic>),
    /// No error was found, and yet the parts do not fit together: a fault of this crate.
    #[error("the files seemed right, and yet {0}")]
    Inconsistent(#[from] SeasonError),
    /// No error was found, and yet a row or a setting could not be read: a fault of this crate.
    #[error("the files seemed right, and yet some part of them could not be read")]
    Unreported,
}

pub(crate) fn errors_among(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count()
}

/// Reads a season folder.
///
/// # Errors
///
/// [`ReadError::Invalid`] has every problem of every file.
///
/// # Complexity
///
/// Time is linear in the size of the files, up to sorting rows by id. A file is held in memory while it is read.
pub fn read_season(dir: &Path, options: ReadOptions) -> Result<Loaded, ReadError> {
    read(dir, options, None)
}

/// The personal numbers of a table, with the applicants' ids.
pub(crate) type Numbers = Vec<(Box<str>, u64)>;

fn read(dir: &Path, options: ReadOptions, numbers: Option<&mut Numbers>) -> Result<Loaded, ReadError> {
    let mut problems = Vec::new();
    let parts = read_parts(dir, options, numbers, &mut problems);
    let warnings = refuse_errors(problems)?;
    let Some(parts) = parts.filter(|parts| parts.placeholders == 0) else { return Err(ReadError::Unreported) };
    Ok(Loaded { season: Season::new(parts.draft)?, sources: parts.sources, warnings, columns: parts.columns })
}

/// Returns problems in order if none of them is an error.
pub(crate) fn refuse_errors(mut problems: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, ReadError> {
    Diagnostic::sort(&mut problems);
    if errors_among(&problems) > 0 { Err(ReadError::Invalid(problems)) } else { Ok(problems) }
}

/// Whom the personal numbers of a season's applicants name.
#[derive(Debug)]
pub struct Persons {
    numbers: Vec<(ApplicantIx, PersonalNumber)>,
}

impl Persons {
    /// Returns each applicant who stated a personal number, in the order of the applicants, with the number.
    pub fn iter(&self) -> impl Iterator<Item = (ApplicantIx, PersonalNumber)> {
        self.numbers.iter().copied()
    }

    /// Returns the personal number of an applicant, if one was stated.
    pub fn number(&self, applicant: ApplicantIx) -> Option<PersonalNumber> {
        self.numbers.binary_search_by_key(&applicant, |(applicant, _)| *applicant).ok().map(|at| self.numbers[at].1)
    }
}

/// Reads a season folder, and whom the personal numbers name.
///
/// A season does not hold personal numbers, since nothing that is decided needs them. This is for what does: to know persons again in another year.
///
/// # Errors
///
/// As [`read_season`].
pub fn read_persons(dir: &Path, options: ReadOptions) -> Result<(Loaded, Persons), ReadError> {
    let mut numbers = Vec::new();
    let loaded = read(dir, options, Some(&mut numbers))?;
    let find = |(id, number): (Box<str>, u64)| Some((loaded.season.find_applicant(&id)?, PersonalNumber::new(number)));
    let mut numbers: Vec<_> = numbers.into_iter().filter_map(find).collect();
    numbers.sort_unstable();
    Ok((loaded, Persons { numbers }))
}

/// What the files say, before it is checked as a whole.
struct Parts {
    draft: SeasonDraft,
    sources: Sources,
    columns: ColumnMaps,
    placeholders: usize,
}

/// Reads every file; `None` where a part is missing altogether, which has been reported.
fn read_parts(dir: &Path, options: ReadOptions, numbers: Option<&mut Numbers>, problems: &mut Vec<Diagnostic>) -> Option<Parts> {
    if !can_be_opened(dir, problems) {
        return None;
    }
    let folder = Folder { dir, encoding: options.encoding };
    let season_origin = Origin::file("season.toml");
    let season_text = folder.season_text(problems);
    let mut reading = Reading::new(Arc::clone(&season_origin), season_text.as_deref().unwrap_or_default());
    let catalog = RuleCatalog::read(dir, problems);
    let season_file = if season_text.is_some() { settings::read(&catalog, &mut reading) } else { None };
    problems.append(&mut reading.problems);
    let Some(season_file) = season_file else {
        // What rows refer to is not known; whether the files can be read is.
        for kind in TableKind::OF_SEASON {
            folder.table(kind, problems);
        }
        return None;
    };
    let columns = ColumnMaps { stated: season_file.columns, none: ColumnMap::default() };
    let v = &season_file.vocabulary;
    let map = |kind| columns.of(kind);

    let mut of_applicants = Vec::new();
    let (jobs, applicants) = rayon::join(
        || folder.table(TableKind::Jobs, problems).and_then(|content| jobs::read(&content, map(TableKind::Jobs), v, problems)),
        || folder.table(TableKind::Applicants, &mut of_applicants),
    );
    problems.append(&mut of_applicants);
    let (known_jobs, jobs_are_complete) = jobs.as_ref().map_or((&[][..], false), |jobs| (&jobs.items, !jobs.is_incomplete));
    let applicants = applicants.and_then(|content| {
        let wishable = Wishable::new(known_jobs, jobs_are_complete, v);
        applicants::read(&content, map(TableKind::Applicants), v, &wishable, numbers, problems)
    });
    let overrides = match folder.table(TableKind::Overrides, problems) {
        None => Rows::none(Origin::file("overrides.csv")),
        Some(content) => {
            let map = map(TableKind::Overrides);
            overrides::read(&content, map, &v.streams, applicants.as_ref(), jobs.as_ref(), problems)?
        }
    };

    let (applicants, jobs) = (applicants?, jobs?);
    let left_out = usize::from(applicants.is_incomplete) + usize::from(jobs.is_incomplete) + usize::from(overrides.is_incomplete);
    let placeholders = applicants.placeholders + jobs.placeholders + overrides.placeholders + left_out;
    let sources = Sources {
        applicants: TableSource { origin: applicants.origin, positions: applicants.positions },
        jobs: TableSource { origin: jobs.origin, positions: jobs.positions },
        overrides: TableSource { origin: overrides.origin, positions: overrides.positions },
        settings: season_origin,
        setting_positions: reading.positions,
    };
    let draft = SeasonDraft {
        settings: season_file.settings?,
        applicants: applicants.items,
        jobs: jobs.items,
        overrides: overrides.items,
    };
    Some(Parts { draft, sources, columns, placeholders })
}

/// Returns whether the season's folder can be opened, and reports it if it cannot.
pub(crate) fn can_be_opened(dir: &Path, problems: &mut Vec<Diagnostic>) -> bool {
    let Err(error) = fs::read_dir(dir) else { return true };
    let span = Span::whole(&Origin::file(&dir.display().to_string()));
    let message = format!("the folder cannot be opened: {error}");
    let help = "`feriematch init DIR` writes one".to_owned();
    problems.push(Diagnostic::new(Code::FolderMissing, span, message).with_help(help));
    false
}

/// Reads the text of season.toml.
pub(crate) fn season_text(dir: &Path, problems: &mut Vec<Diagnostic>) -> Option<String> {
    Folder { dir, encoding: None }.season_text(problems)
}

/// The folder that is read.
struct Folder<'f> {
    dir: &'f Path,
    encoding: Option<Encoding>,
}

impl Folder<'_> {
    fn bytes(&self, file: &str, problems: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        read_file(&self.dir.join(file)).map_err(|error| problems.push(unreadable(file, &error))).ok()
    }

    fn season_text(&self, problems: &mut Vec<Diagnostic>) -> Option<String> {
        let file = "season.toml";
        if !self.dir.join(file).exists() {
            let help = "`feriematch init DIR` writes one to start from".to_owned();
            let span = Span::whole(&Origin::file(file));
            problems.push(Diagnostic::new(Code::FileMissing, span, "the file is missing").with_help(help));
            return None;
        }
        let bytes = self.bytes(file, problems)?;
        decode_utf8(bytes).map_err(|fault| problems.push(decode_problem(file, fault))).ok()
    }

    /// Reads the file of a table; reports a missing one unless it is that of the overrides.
    fn table(&self, kind: TableKind, problems: &mut Vec<Diagnostic>) -> Option<Content> {
        let [csv, xlsx] = ["csv", "xlsx"].map(|ending| format!("{}.{ending}", kind.name()));
        let exists = |file: &str| self.dir.join(file).exists();
        match (exists(&csv), exists(&xlsx)) {
            (false, false) => {
                if kind != TableKind::Overrides {
                    let message = format!("there is neither {csv} nor {xlsx}");
                    problems.push(Diagnostic::new(Code::FileMissing, Span::whole(&Origin::file(&csv)), message));
                }
                None
            }
            (true, true) => {
                let help = "remove the one that is out of date".to_owned();
                let message = format!("there is both {csv} and {xlsx}");
                problems.push(Diagnostic::new(Code::TwoFiles, Span::whole(&Origin::file(&csv)), message).with_help(help));
                None
            }
            (true, false) => read_content(csv.clone(), self.bytes(&csv, problems)?, self.encoding, problems),
            (false, true) => read_content(xlsx.clone(), self.bytes(&xlsx, problems)?, self.encoding, problems),
        }
    }
}

/// Takes the bytes of a table's file for a workbook or for text, as its ending says; reports what is neither.
pub(crate) fn read_content(
    file: String,
    bytes: Vec<u8>,
    encoding: Option<Encoding>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Content> {
    if !Path::new(&file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        return match decode(bytes, encoding) {
            Ok(text) => Some(Content::Text { file, text }),
            Err(fault) => {
                problems.push(decode_problem(&file, fault));
                None
            }
        };
    }
    match Workbook::parse(bytes) {
        Ok(workbook) => Some(Content::Workbook { file, workbook }),
        Err(error) => {
            let message = format!("the workbook cannot be read: {error}");
            let help = "open it in a spreadsheet program and save it as .xlsx again".to_owned();
            let span = Span::whole(&Origin::file(&file));
            problems.push(Diagnostic::new(Code::BrokenWorkbook, span, message).with_help(help));
            None
        }
    }
}

pub(crate) fn unreadable(file: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnreadable, Span::whole(&Origin::file(file)), format!("the file cannot be read: {error}"))
}

/// Reads a file; the pieces of a large one side by side.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    const PIECE: usize = 1 << 22;
    let metadata = fs::metadata(path)?;
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if !metadata.is_file() || length <= PIECE {
        return fs::read(path);
    }
    let mut bytes = vec![0; length];
    let read_piece = |(number, piece): (usize, &mut [u8])| {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start((number * PIECE) as u64))?;
        file.read_exact(piece)
    };
    bytes.par_chunks_mut(PIECE).enumerate().try_for_each(read_piece)?;
    Ok(bytes)
}

pub(crate) fn decode_problem(file: &str, fault: DecodeFault) -> Diagnostic {
    Diagnostic::new(fault.code, Span::new(&Origin::file(file), fault.position), fault.message).with_help(fault.help.to_owned())
}
