//! The same content in every form that is normal input gives the same outcome.

use std::fs;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

const TABLES: [&str; 2] = ["applicants", "jobs"];

/// How a text becomes the bytes of a file.
type Encode = fn(String) -> Vec<u8>;

/// Encodes a text of Latin letters as Windows-1252.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |letter: char| u8::try_from(u32::from(letter)).expect("a letter that Windows-1252 shares with Unicode");
    text.chars().map(byte).collect()
}

#[test]
fn delimiters_encodings_and_line_ends_change_no_byte_of_the_outcome() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let before = season.outcome_files();
    let tables = TABLES.map(|name| (format!("{name}.csv"), season.table(&format!("{name}.csv"))));
    let lf = csv::Terminator::Any(b'\n');
    let utf8 = |text: String| text.into_bytes();
    let with_mark = |text: String| format!("\u{feff}{text}").into_bytes();
    let ansi = |text: String| windows_1252(&text);
    let forms: [(&str, u8, csv::Terminator, Encode); 6] = [
        ("commas", b',', lf, utf8),
        ("tabs", b'\t', lf, utf8),
        ("Windows-1252", b';', lf, ansi),
        ("line ends of Windows", b';', csv::Terminator::CRLF, utf8),
        ("a byte order mark", b';', lf, with_mark),
        ("a Swedish Excel", b';', csv::Terminator::CRLF, ansi),
    ];
    for (form, delimiter, terminator, encode) in forms {
        for (name, table) in &tables {
            season.write(name, encode(table.to_csv(delimiter, terminator)));
        }
        season.run("match", []).succeeds();
        assert!(season.outcome_files() == before, "{form} change the outcome");
    }
}

/// Writes a table as a workbook, with date cells and number cells where Excel would make them.
fn write_workbook(table: &Rows, path: &std::path::Path) {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    for (number, row) in (0..).zip(std::iter::once(&table.header).chain(&table.rows)) {
        for (column, cell) in (0..).zip(row) {
            let written = match table.header[usize::from(column)].as_str() {
                "birth_date" | "extract_shown" if number > 0 && !cell.is_empty() => {
                    let day = ExcelDateTime::parse_from_str(cell).expect("a date");
                    sheet.write_with_format(number, column, &day, &date)
                }
                "capacity" | "min_age" | "hours" | "hours_per_week" if number > 0 && !cell.is_empty() => {
                    sheet.write_number(number, column, cell.replace(',', ".").parse::<f64>().expect("a number"))
                }
                _ if cell.is_empty() => continue,
                _ => sheet.write_string(number, column, cell),
            };
            written.expect("a cell that fits");
        }
    }
    workbook.save(path).expect("a workbook that can be saved");
}

#[test]
fn workbooks_change_no_byte_of_the_outcome() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let before = season.outcome_files();
    for name in TABLES {
        let table = season.table(&format!("{name}.csv"));
        write_workbook(&table, &season.path(&format!("{name}.xlsx")));
    }
    // Both forms at once: one of them would be ignored.
    let both = season.run("match", []).ends_with(3);
    assert_eq!(both.stderr.matches("error[F1003]").count(), 2, "{}", both.stderr);
    for name in TABLES {
        fs::remove_file(season.path(&format!("{name}.csv"))).expect("the file is there");
    }
    season.run("match", []).succeeds();
    assert!(season.outcome_files() == before);
    season.verifies();
}

#[test]
fn an_encoding_that_is_asked_for_is_used() {
    let season = SeasonFolder::stockholm();
    let jobs = season.read("jobs.csv");
    season.write("jobs.csv", windows_1252(&jobs));
    season.run("check", ["--encoding", "windows-1252"]).succeeds();
    season.run("check", ["--encoding", "utf-8"]).ends_with(3).says("error[F1102]").says("jobs.csv:");
}
