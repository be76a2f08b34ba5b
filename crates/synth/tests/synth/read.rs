//! Reading what was written, with no code of the generator.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// One line of a table by column.
pub(crate) type Row = BTreeMap<String, String>;

/// The files of a season in the order in which they are listed.
pub(crate) const FILES: [&str; 3] = ["season.toml", "jobs.csv", "applicants.csv"];

/// Returns the bytes of the three files.
pub(crate) fn bytes(dir: &Path) -> [Vec<u8>; 3] {
    FILES.map(|file| fs::read(dir.join(file)).unwrap())
}

/// Returns the lines of a table.
pub(crate) fn table(dir: &Path, name: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(dir.join(name)).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// Returns a column of numbers' sum.
pub(crate) fn sum<'a>(rows: impl IntoIterator<Item = &'a Row>, column: &str) -> u64 {
    rows.into_iter().map(|row| row[column].parse::<u64>().unwrap()).sum()
}

/// Returns the wishes of a list: ranks, and within them ties.
pub(crate) fn ranks(row: &Row) -> Vec<Vec<&str>> {
    row["wishes"].split(" > ").map(|rank| rank.split(" = ").collect()).collect()
}

/// Runs a closure with so many threads.
pub(crate) fn with_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}
