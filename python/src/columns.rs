//! Tables, column by column.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray, UInt16Array, UInt32Array,
};
use arrow_schema::{ArrowError, Field, Schema};
use jiff::civil::Date;

/// The columns of a table, each made from the same rows.
pub(crate) struct Columns<'r, R> {
    rows: &'r [R],
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

/// How many digits an amount or a number of hours has at most, and how many of them are decimals.
const DECIMAL: (u8, i8) = (18, 2);

impl<'r, R> Columns<'r, R> {
    pub(crate) fn of(rows: &'r [R]) -> Self {
        Self { rows, fields: Vec::new(), arrays: Vec::new() }
    }

    /// Adds a column of texts.
    pub(crate) fn text<T: AsRef<str>>(self, name: &str, value: impl Fn(&'r R) -> Option<T>) -> Self {
        let array = self.rows.iter().map(value).collect::<StringArray>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of counts.
    pub(crate) fn count(self, name: &str, value: impl Fn(&'r R) -> Option<u32>) -> Self {
        let array = self.rows.iter().map(value).collect::<UInt32Array>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of ranks.
    pub(crate) fn rank(self, name: &str, value: impl Fn(&'r R) -> Option<u16>) -> Self {
        let array = self.rows.iter().map(value).collect::<UInt16Array>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of whole numbers.
    pub(crate) fn integer(self, name: &str, value: impl Fn(&'r R) -> Option<i64>) -> Self {
        let array = self.rows.iter().map(value).collect::<Int64Array>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of numbers with two decimals, given in hundredths.
    ///
    /// # Errors
    ///
    /// Returns an error for a number of more digits than there is room for.
    pub(crate) fn hundredths(self, name: &str, value: impl Fn(&'r R) -> Option<i128>) -> Result<Self, ArrowError> {
        let (digits, decimals) = DECIMAL;
        let array: Decimal128Array = self.rows.iter().map(value).collect();
        let array = array.with_precision_and_scale(digits, decimals)?;
        array.validate_decimal_precision(digits)?;
        Ok(self.add(name, Arc::new(array)))
    }

    /// Adds a column of days.
    pub(crate) fn day(self, name: &str, value: impl Fn(&'r R) -> Option<Date>) -> Self {
        let since = |day: Date| Date::constant(1970, 1, 1).until(day).ok().map(|span| span.get_days());
        let array = self.rows.iter().map(|row| value(row).and_then(since)).collect::<Date32Array>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of yes and no.
    pub(crate) fn flag(self, name: &str, value: impl Fn(&'r R) -> bool) -> Self {
        let array = self.rows.iter().map(|row| Some(value(row))).collect::<BooleanArray>();
        self.add(name, Arc::new(array))
    }

    /// Adds a column of lists of texts.
    pub(crate) fn texts<I: IntoIterator<Item = &'static str>>(self, name: &str, value: impl Fn(&'r R) -> Option<I>) -> Self {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in self.rows {
            let list = value(row);
            let is_there = list.is_some();
            list.into_iter().flatten().for_each(|text| lists.values().append_value(text));
            lists.append(is_there);
        }
        self.add(name, Arc::new(lists.finish()))
    }

    /// Returns the table.
    ///
    /// # Errors
    ///
    /// Returns an error where there is no column.
    pub(crate) fn table(self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.arrays)
    }

    fn add(mut self, name: &str, array: ArrayRef) -> Self {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
        self
    }
}
