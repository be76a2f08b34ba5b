//! Writing a season folder: in order, in parallel, and all or nothing.

use std::fmt::{Display, Write as _};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, WriterBuilder};
use rayon::prelude::*;
use serde::Serialize;

use crate::SynthError;
use crate::settings::Settings;

/// How many rows one task makes.
const CHUNK: u64 = 4_096;

/// How many tasks are made before their bytes are written: bounds the memory that a long table takes.
const BATCH: usize = 16;

/// The files that make a folder a season; none of them is ever overwritten.
const SEASON_FILES: [&str; 7] =
    ["season.toml", "applicants.csv", "applicants.xlsx", "jobs.csv", "jobs.xlsx", "overrides.csv", "overrides.xlsx"];

/// A table whose rows can be made independently, in any order.
pub(crate) trait Table: Sync {
    /// The header line.
    const COLUMNS: &'static [&'static str];

    /// Returns the number of rows.
    fn rows(&self) -> u64;

    /// Makes a row.
    fn write_row(&self, row: u64, fields: &mut Fields);
}

/// The fields of one row, in the order of the columns.
#[derive(Default)]
pub(crate) struct Fields {
    record: ByteRecord,
    text: String,
}

impl Fields {
    /// Adds a field.
    pub(crate) fn push(&mut self, value: impl Display) {
        self.push_with(|text| write!(text, "{value}"));
    }

    /// Adds a field that is empty where there is no value.
    pub(crate) fn push_optional(&mut self, value: Option<impl Display>) {
        match value {
            Some(value) => self.push(value),
            None => self.record.push_field(b""),
        }
    }

    /// Adds a field of items between separators.
    pub(crate) fn push_list(&mut self, items: impl IntoIterator<Item: Display>, separator: &str) {
        self.push_with(|text| {
            let mut between = "";
            for item in items {
                write!(text, "{between}{item}")?;
                between = separator;
            }
            Ok(())
        });
    }

    fn push_with(&mut self, write: impl FnOnce(&mut String) -> std::fmt::Result) {
        self.text.clear();
        // Writing to a String fails only if a Display implementation does, and those used here do not.
        let written = write(&mut self.text);
        debug_assert!(written.is_ok());
        self.record.push_field(self.text.as_bytes());
    }
}

/// Writes `season.toml`, `jobs.csv` and `applicants.csv` into a folder, which is made if it is not there.
///
/// `progress` is told how many applicants have been written so far. The bytes do not depend on the number of threads.
pub(crate) fn write_season(
    dir: &Path,
    heading: &str,
    settings: &Settings,
    jobs: &impl Table,
    applicants: &impl Table,
    progress: &dyn Fn(u64),
) -> Result<(), SynthError> {
    if let Some(file) = SEASON_FILES.into_iter().find(|file| dir.join(file).symlink_metadata().is_ok()) {
        return Err(SynthError::Exists { dir: dir.to_owned(), file });
    }
    fs::create_dir_all(dir).map_err(|source| SynthError::Write { path: dir.to_owned(), source })?;

    let settings = season_toml(heading, settings)?;
    let files = [
        NewFile::write(dir, "applicants.csv", |out| write_table(out, applicants, progress))?,
        NewFile::write(dir, "jobs.csv", |out| write_table(out, jobs, &|_| ()))?,
        // Last, since a folder without it is no season.
        NewFile::write(dir, "season.toml", |out| out.write_all(settings.as_bytes()))?,
    ];
    files.into_iter().try_for_each(NewFile::finish)
}

/// Returns the text of `season.toml`.
fn season_toml(heading: &str, settings: &Settings) -> Result<String, SynthError> {
    #[derive(Serialize)]
    struct Document<'a> {
        format: u32,
        #[serde(flatten)]
        settings: &'a Settings,
    }
    let comment = heading.replace('\n', "\n# ");
    Ok(format!("# {comment}\n\n{}", toml::to_string(&Document { format: 1, settings })?))
}

/// Writes a table as CSV: chunks of rows are made in parallel and written in order.
fn write_table<T: Table>(out: &mut impl Write, table: &T, progress: &dyn Fn(u64)) -> io::Result<()> {
    let mut header = csv_writer();
    header.write_record(T::COLUMNS)?;
    out.write_all(&finish(header)?)?;

    let rows = table.rows();
    let starts: Vec<u64> = (0..rows).step_by(CHUNK as usize).collect();
    for batch in starts.chunks(BATCH) {
        let chunks: Vec<io::Result<Vec<u8>>> =
            batch.par_iter().map(|&start| chunk(table, start..rows.min(start + CHUNK))).collect();
        for (chunk, start) in chunks.into_iter().zip(batch) {
            out.write_all(&chunk?)?;
            progress(rows.min(start + CHUNK));
        }
    }
    Ok(())
}

fn chunk(table: &impl Table, rows: std::ops::Range<u64>) -> io::Result<Vec<u8>> {
    let mut writer = csv_writer();
    let mut fields = Fields::default();
    for row in rows {
        fields.record.clear();
        table.write_row(row, &mut fields);
        writer.write_byte_record(&fields.record)?;
    }
    finish(writer)
}

fn csv_writer() -> csv::Writer<Vec<u8>> {
    WriterBuilder::new().delimiter(b';').from_writer(Vec::new())
}

fn finish(writer: csv::Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.into_inner().map_err(|error| io::Error::other(error.error().to_string()))
}

/// A file that gets its name when it is complete, and is removed if that never happens.
struct NewFile {
    partial: PathBuf,
    path: PathBuf,
}

impl NewFile {
    fn write(dir: &Path, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<Self, SynthError> {
        let file = Self { partial: dir.join(format!(".{name}.partial")), path: dir.join(name) };
        let written = File::create(&file.partial).map(BufWriter::new).and_then(|mut out| {
            write(&mut out)?;
            out.flush()
        });
        match written {
            Ok(()) => Ok(file),
            Err(source) => Err(SynthError::Write { path: file.path.clone(), source }),
        }
    }

    fn finish(self) -> Result<(), SynthError> {
        fs::rename(&self.partial, &self.path).map_err(|source| SynthError::Write { path: self.path.clone(), source })
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After `finish` there is nothing left to remove; before it, the error that led here is the one to report.
        let _ = fs::remove_file(&self.partial);
    }
}
