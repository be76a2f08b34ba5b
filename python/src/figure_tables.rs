//! What came out of a study, as tables.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use feriematch_plan::Distribution;
use feriematch_plan::study::{CellTotals, FigureKey, Masked, PartOfSeason, StudyPart};

use crate::columns::Columns;

/// A figure of a scenario.
struct Row<'p> {
    cell: &'p CellTotals,
    key: &'p FigureKey,
    part: Option<&'p PartOfSeason>,
    /// Nothing where it would tell of somebody with a protected identity.
    distribution: Option<&'p Distribution>,
}

/// Percentiles in the order of the columns.
const PERCENTILES: [u32; 7] = [5, 10, 25, 50, 75, 90, 95];

/// Returns how every figure is distributed over the seasons.
pub(crate) fn figures(part: &StudyPart) -> Result<RecordBatch, ArrowError> {
    table(part, |cell| cell.figures().collect())
}

/// Returns by how much every figure is more than in the first cell.
pub(crate) fn differences(part: &StudyPart) -> Result<RecordBatch, ArrowError> {
    table(part, |cell| cell.differences().collect())
}

fn table<'p>(
    part: &'p StudyPart,
    of: impl Fn(&'p CellTotals) -> Vec<(&'p FigureKey, &'p Distribution)>,
) -> Result<RecordBatch, ArrowError> {
    let masked = &Masked::of(part.cells.iter().map(|cell| &cell.facts));
    let rows_of = |cell: &'p CellTotals| of(cell).into_iter().map(move |(key, found)| Row::new(cell, key, found, masked));
    let rows: Vec<Row<'p>> = part.cells.iter().flat_map(rows_of).collect();
    let mut columns = Columns::of(&rows)
        .text("scenario", |row| Some(&*row.cell.name))
        .text("figure", |row| Some(row.key.figure.key()))
        .text("by", |row| Some(row.key.of.as_ref().map_or("season", |(dimension, _)| dimension.key())))
        .text("key", |row| row.key.of.as_ref().map(|(_, id)| &**id))
        .text("name", |row| row.part.map(|part| &*part.name))
        .text("unit", |row| Some(if row.is_money() { "SEK" } else { "count" }))
        .count("seasons", |row| Some(row.cell.seasons))
        .hundredths("mean", |row| row.moment(Distribution::mean))?
        .hundredths("half_width", |row| row.moment(Distribution::half_width))?
        .hundredths("sd", |row| row.moment(Distribution::standard_deviation))?;
    for percentile in PERCENTILES {
        columns = columns.integer(&format!("p{percentile}"), |row| row.number(|found| found.percentile(percentile)));
    }
    let columns = columns.integer("min", |row| row.number(Distribution::min)).integer("max", |row| row.number(Distribution::max));
    columns.flag("masked", |row| row.distribution.is_none()).table()
}

impl<'p> Row<'p> {
    fn new(cell: &'p CellTotals, key: &'p FigureKey, found: &'p Distribution, masked: &Masked<'p>) -> Self {
        let is_of =
            |part: &&PartOfSeason| key.of.as_ref().is_some_and(|(dimension, id)| (*dimension, id) == (part.dimension, &part.id));
        let part = cell.facts.parts.iter().find(is_of);
        Self { cell, key, part, distribution: (!masked.hides_figure(key)).then_some(found) }
    }

    fn is_money(&self) -> bool {
        self.key.figure.is_money()
    }

    /// Returns a moment in hundredths: of a krona where the figure is counted in öre.
    fn moment<T: Into<i128>>(&self, of: impl FnOnce(&Distribution) -> Option<T>) -> Option<i128> {
        let hundredths: i128 = of(self.distribution?)?.into();
        Some(if self.is_money() { (hundredths + 50).div_euclid(100) } else { hundredths })
    }

    /// Returns a number that came out: in kronor where the figure is counted in öre, to its unit.
    fn number(&self, of: impl FnOnce(&Distribution) -> Option<i64>) -> Option<i64> {
        let found = self.distribution?;
        let number = of(found)? * found.unit();
        Some(if self.is_money() { number / 100 } else { number })
    }
}
