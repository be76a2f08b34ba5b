//! A file of indicators: a row for each district.

use std::path::Path;

use feriematch_ingest::records::{Record, TableForm, read_records};
use feriematch_ingest::{Code, Diagnostic, ReadError, ReadOptions, Span};

use super::Unit;

/// The indicators of districts, sorted by district.
#[derive(Debug)]
pub struct Indicators {
    /// The names of the indicators, in the order of the file.
    pub names: Vec<Box<str>>,
    /// The districts.
    pub districts: Vec<DistrictIndicators>,
    /// What may not be what was meant.
    pub warnings: Vec<Diagnostic>,
    /// The file.
    pub file: Span,
}

/// The indicators of a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictIndicators {
    /// The id.
    pub id: Box<str>,
    /// The name; the id where there is none.
    pub name: Box<str>,
    /// What it gets at least, in units.
    pub least: Option<u64>,
    /// What it gets at most, in units.
    pub most: Option<u64>,
    /// What it had the last time, in units.
    pub before: Option<u64>,
    /// The number of each indicator, in ten thousandths.
    values: Vec<u64>,
}

static FORM: TableForm = TableForm {
    name: "indicators",
    columns: &["district", "name", "least", "most", "before"],
    required: &["district"],
    has_other_columns: true,
};

impl Indicators {
    /// Reads a file of indicators, CSV or XLSX: `district`, `name`, `least`, `most` and `before` (all but the first optional), and a column for each
    /// indicator, whatever its name. Bounds and what was before count places or, where kronor are divided, kronor.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file.
    pub fn read(file: &Path, unit: Unit, options: ReadOptions) -> Result<Self, ReadError> {
        let row = |record: &mut Record<'_, '_>| {
            let id = record.id("district");
            let [least, most, before] = ["least", "most", "before"].map(|column| {
                let parts = record.number(column).ok()?;
                whole(record, column, parts, unit)
            });
            let values = record.others();
            if let (Some(Some(least)), Some(Some(most))) = (least, most)
                && least > most
            {
                record.report(Code::OutOfRange, "most", format!("the most is {most}, the least {least}"), None);
                return None;
            }
            let id = id?;
            let name = record.text("name").unwrap_or_else(|| id.clone());
            Some(DistrictIndicators { name, id, least: least?, most: most?, before: before?, values: values? })
        };
        let records = read_records(file, &FORM, options, row, |district| &district.id)?;
        if records.others.is_empty() {
            let problem = Diagnostic::new(Code::ColumnMissing, records.file().clone(), "there is no column of an indicator");
            let help = "add a column of any name with a number for each district, such as `youths`".to_owned();
            return Err(ReadError::Invalid(vec![problem.with_help(help)]));
        }
        let file = records.file().clone();
        Ok(Self { names: records.others, districts: records.rows, warnings: records.warnings, file })
    }

    /// Returns the numbers of each indicator, one a district.
    pub(super) fn columns(&self) -> Vec<Vec<u64>> {
        (0..self.names.len()).map(|column| self.districts.iter().map(|district| district.values[column]).collect()).collect()
    }
}

/// Returns a number as whole units; reports one that is not whole.
#[allow(clippy::option_option, reason = "no value, and none that can be used")]
fn whole(record: &mut Record<'_, '_>, column: &'static str, parts: Option<u64>, unit: Unit) -> Option<Option<u64>> {
    let Some(parts) = parts else { return Some(None) };
    if !parts.is_multiple_of(unit.parts()) {
        let message = format!("this is no whole number of {}", unit.name());
        record.report(Code::NotANumber, column, message, "write a whole number, or divide in a smaller unit".to_owned());
        return None;
    }
    Some(Some(parts / unit.parts()))
}
