//! An instance as index arrays, and the file that every solver reads it from.
//!
//! The file is a sequence of little-endian `u32`: the numbers of rows, columns and arcs, then the arrays of
//! [`Instance`] in the order in which they are declared.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

/// Rows in ranking order with their arcs, and columns with their capacities.
pub struct Instance {
    /// The places of each column.
    pub capacity: Vec<u32>,
    /// The district of each column.
    pub column_district: Vec<u32>,
    /// The home district of each row.
    pub row_district: Vec<u32>,
    /// Where each row's arcs start, and at the end where the last row's end.
    pub row_start: Vec<u32>,
    /// The column of each arc, ascending within a row.
    pub arc_column: Vec<u32>,
    /// The cost of each arc, at least 1.
    pub arc_cost: Vec<u32>,
}

impl Instance {
    /// Returns an instance without rows.
    pub fn new(capacity: Vec<u32>, column_district: Vec<u32>) -> Self {
        Self { capacity, column_district, row_district: vec![], row_start: vec![0], arc_column: vec![], arc_cost: vec![] }
    }

    /// Adds a row with its arcs (column, cost), ascending by column.
    pub fn add_row(&mut self, district: u32, arcs: &[(u32, u32)]) {
        self.row_district.push(district);
        self.arc_column.extend(arcs.iter().map(|&(column, _)| column));
        self.arc_cost.extend(arcs.iter().map(|&(_, cost)| cost));
        self.row_start.push(self.arc_column.len() as u32);
    }

    /// Returns the number of rows.
    pub fn row_count(&self) -> usize {
        self.row_district.len()
    }

    /// Returns the arcs of a row as (column, cost).
    pub fn arcs(&self, row: usize) -> impl Iterator<Item = (u32, u32)> {
        let range = self.row_start[row] as usize..self.row_start[row + 1] as usize;
        self.arc_column[range.clone()].iter().copied().zip(self.arc_cost[range].iter().copied())
    }

    /// Returns the same columns with some of the rows.
    pub fn with_rows(&self, rows: impl Iterator<Item = u32>) -> Self {
        let mut part = Self::new(self.capacity.clone(), self.column_district.clone());
        for row in rows {
            let arcs: Vec<_> = self.arcs(row as usize).collect();
            part.add_row(self.row_district[row as usize], &arcs);
        }
        part
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        let counts = [self.row_count(), self.capacity.len(), self.arc_column.len()].map(|count| count as u32);
        for numbers in [
            &counts[..],
            &self.capacity,
            &self.column_district,
            &self.row_district,
            &self.row_start,
            &self.arc_column,
            &self.arc_cost,
        ] {
            for number in numbers {
                file.write_all(&number.to_le_bytes())?;
            }
        }
        file.flush()
    }

    /// Reads the file.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let counts = read_numbers(&mut file, 3)?;
        let [rows, columns, arcs] = [counts[0], counts[1], counts[2]].map(|count| count as usize);
        let mut next = |count| read_numbers(&mut file, count);
        Ok(Self {
            capacity: next(columns)?,
            column_district: next(columns)?,
            row_district: next(rows)?,
            row_start: next(rows + 1)?,
            arc_column: next(arcs)?,
            arc_cost: next(arcs)?,
        })
    }
}

fn read_numbers(file: &mut File, count: usize) -> io::Result<Vec<u32>> {
    let mut bytes = vec![0; count * size_of::<u32>()];
    file.read_exact(&mut bytes)?;
    Ok(bytes.as_chunks().0.iter().map(|&number| u32::from_le_bytes(number)).collect())
}
