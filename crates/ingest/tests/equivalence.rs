//! Good input means the same however it is written: the fingerprint does not depend on the delimiter, the encoding, the line
//! ends, the kind of file or the order of rows and columns.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

use feriematch_ingest::{ReadError, ReadOptions, read_season};
use feriematch_model::Fingerprint;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const TABLES: [&str; 3] = ["applicants", "jobs", "overrides"];

fn base(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/base").join(file)).unwrap()
}

/// Writes a folder of files, reads it, and returns its fingerprint.
fn fingerprint(files: &[(String, Vec<u8>)]) -> Fingerprint {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("season.toml"), base("season.toml")).unwrap();
    for (name, content) in files {
        fs::write(dir.path().join(name), content).unwrap();
    }
    match read_season(dir.path(), ReadOptions::default()) {
        Ok(loaded) => Fingerprint::of(&loaded.season),
        Err(ReadError::Invalid(diagnostics)) => panic!("{diagnostics:#?}"),
        Err(error) => panic!("{error}"),
    }
}

/// Returns the base season's tables as CSV, each row of cells put through a function.
fn csv(rewrite: impl Fn(Vec<Vec<String>>) -> Vec<u8>) -> Vec<(String, Vec<u8>)> {
    TABLES.iter().map(|table| (format!("{table}.csv"), rewrite(cells(table)))).collect()
}

fn cells(table: &str) -> Vec<Vec<String>> {
    base(&format!("{table}.csv")).lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

fn join(rows: &[Vec<String>], delimiter: &str, line_end: &str) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let lines: Vec<String> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(delimiter)).collect();
    lines.join(line_end) + line_end
}

#[test]
fn delimiters_encodings_and_line_ends_do_not_matter() {
    let original = fingerprint(&csv(|rows| join(&rows, ";", "\n").into_bytes()));
    for delimiter in [";", ",", "\t"] {
        for line_end in ["\n", "\r\n", "\r"] {
            let text = |rows: &[Vec<String>]| join(rows, delimiter, line_end);
            assert_eq!(fingerprint(&csv(|rows| text(&rows).into_bytes())), original, "UTF-8 {delimiter:?} {line_end:?}");
            let with_mark = |rows: Vec<Vec<String>>| format!("\u{feff}{}", text(&rows)).into_bytes();
            assert_eq!(fingerprint(&csv(with_mark)), original, "UTF-8 with mark {delimiter:?} {line_end:?}");
            let legacy = |rows: Vec<Vec<String>>| text(&rows).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            assert_eq!(fingerprint(&csv(legacy)), original, "Windows-1252 {delimiter:?} {line_end:?}");
        }
    }
}

#[test]
fn the_order_of_rows_and_columns_does_not_matter() {
    let original = fingerprint(&csv(|rows| join(&rows, ";", "\n").into_bytes()));
    let turned = csv(|mut rows| {
        rows[1..].reverse();
        for row in &mut rows {
            row.reverse();
        }
        join(&rows, ";", "\r\n").into_bytes()
    });
    assert_eq!(fingerprint(&turned), original);
}

#[test]
fn empty_lines_spaces_and_capitals_do_not_matter() {
    let original = fingerprint(&csv(|rows| join(&rows, ";", "\n").into_bytes()));
    let loose = csv(|mut rows| {
        for header in &mut rows[0] {
            *header = header.to_uppercase().replace('_', " ");
        }
        format!("\n{}\n;;\n", join(&rows, " ; ", "\n\n")).into_bytes()
    });
    assert_eq!(fingerprint(&loose), original);
}

/// Dates as date cells, times as time cells, numbers as numbers, whole ones too.
#[test]
fn workbooks_do_not_differ_from_text() {
    let original = fingerprint(&csv(|rows| join(&rows, ";", "\n").into_bytes()));
    let mut files = Vec::new();
    for table in TABLES {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Läs mig").unwrap().write(0, 0, "Listan är på nästa blad").unwrap();
        let sheet = workbook.add_worksheet();
        sheet.set_name("Lista").unwrap();
        for (row, cells) in (3..).zip(cells(table)) {
            for (column, cell) in (2..).zip(cells) {
                let date = ExcelDateTime::parse_from_str(&cell).ok().filter(|_| cell.len() == 10);
                let time = ExcelDateTime::parse_from_str(&cell).ok().filter(|_| cell.contains(':'));
                if let Some(date) = date {
                    sheet.write_with_format(row, column, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
                } else if let Some(time) = time {
                    sheet.write_with_format(row, column, &time, &Format::new().set_num_format("hh:mm")).unwrap();
                } else if let Ok(number) = cell.replace(',', ".").parse::<f64>() {
                    sheet.write(row, column, number).unwrap();
                } else if !cell.is_empty() {
                    sheet.write(row, column, cell).unwrap();
                }
            }
        }
        files.push((format!("{table}.xlsx"), workbook.save_to_buffer().unwrap()));
    }
    assert_eq!(fingerprint(&files), original);
}

/// The two ways to write a list of wishes, and the two ways to say a birth date.
#[test]
fn wish_columns_and_personal_ids_do_not_matter() {
    let season = |applicants: &str| {
        fingerprint(&[
            ("jobs.csv".to_owned(), base("jobs.csv").into_bytes()),
            ("applicants.csv".to_owned(), applicants.as_bytes().to_vec()),
        ])
    };
    let one_column = season(
        "applicant_id;birth_date;gender;home_district;class;wishes\n\
         A-1;2011-03-15;M;norrmalm;P;J-1 > J-2 = park & home > norrmalm > any\n",
    );
    let many_columns = season(
        "applicant_id;personal_id;home_district;class;wish_1;wish_2;wish_3;wish_4;wish_5\n\
         A-1;110315-1237;Norrmalm;P;job:J-1;job:J-2=area:park&district:norrmalm;hemma;valfritt;\n",
    );
    assert_eq!(one_column, many_columns);
}

/// Every letter counts: a changed value changes the fingerprint.
#[test]
fn a_changed_value_matters() {
    let original = fingerprint(&csv(|rows| join(&rows, ";", "\n").into_bytes()));
    for (from, to) in [
        ("2010-05-30", "2010-05-31"),
        ("J-2 = J-3", "J-2 > J-3"),
        ("5,5", "5,25"),
        ("2;1;;;;;district", "3;1;;;;;district"),
        ("handläggare 2;employer", "handläggare 2;district"),
        ("handläggare 2;employer", "handläggare 2;"),
    ] {
        let changed = csv(|rows| join(&rows, ";", "\n").replace(from, to).into_bytes());
        assert_ne!(fingerprint(&changed), original, "{from}");
    }
}
