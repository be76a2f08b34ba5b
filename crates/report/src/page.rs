//! A page of HTML that needs nothing beside it: tables that can be sorted, pictures, and what they mean.
//!
//! The page loads nothing from anywhere, and says so to the browser; its style follows the reader's choice of light or dark, and it can be printed. Without
//! scripts everything is there but the sorting.
//!
//! # Examples
//!
//! ```
//! use feriematch_report::Table;
//! use feriematch_report::page::{Page, PageSection};
//!
//! let table = Table { name: "t", title: "Ungdomar".into(), columns: vec![("n", "Antal")], rows: vec![vec![7_u32.into()]] };
//! let page = Page {
//!     title: "Feriejobb".into(),
//!     lead: vec!["What it means.".into()],
//!     facts: vec![("Seed".into(), "a < b".into())],
//!     sections: vec![PageSection { tables: vec![table], ..PageSection::new("Hired") }],
//! };
//! let html = page.to_html()?;
//! assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && html.contains("<dd>a &lt; b</dd>"));
//! # Ok::<(), feriematch_report::page::PageError>(())
//! ```

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value as Fact};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;

use crate::{CrossTable, Table, Value};

/// The template of a page.
const TEMPLATE: &str = include_str!("page/page.html");

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The template cannot be filled: a fault of this crate.
    #[error("the page cannot be written")]
    Template(#[from] minijinja::Error),
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// What is said first, a paragraph each.
    pub lead: Vec<String>,
    /// What everything on the page rests on: names and values.
    pub facts: Vec<(String, String)>,
    /// The parts, in order.
    pub sections: Vec<PageSection>,
}

/// A part of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageSection {
    /// The heading.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// Pictures in SVG, as [`picture`](crate::picture) draws them.
    pub pictures: Vec<String>,
    /// Tables; the first column names the rows.
    pub tables: Vec<Table>,
    /// Tables whose columns are data, after the others.
    pub cross_tables: Vec<CrossTable>,
    /// A list of names and what they stand for.
    pub terms: Vec<(String, String)>,
}

impl PageSection {
    /// Returns a part with a heading and nothing else yet.
    pub fn new(heading: &str) -> Self {
        Self { heading: heading.to_owned(), ..Self::default() }
    }
}

/// A cell of a table.
#[derive(Serialize)]
struct Cell {
    text: String,
    /// What it is sorted by.
    key: String,
    is_number: bool,
}

impl Page {
    /// Writes the page.
    ///
    /// # Errors
    ///
    /// Returns an error if the template cannot be filled, which is a fault of this crate.
    pub fn to_html(&self) -> Result<String, PageError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // So that a line that holds nothing but a tag leaves no line behind.
        environment
            .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
        // The ending says that values are escaped.
        environment.add_template("page.html", TEMPLATE)?;
        let sections: Vec<Fact> = self.sections.iter().map(section).collect();
        let Self { title, lead, facts, .. } = self;
        let facts = context! { title, lead, facts, sections, version => env!("CARGO_PKG_VERSION") };
        Ok(environment.get_template("page.html")?.render(facts)?)
    }
}

fn section(section: &PageSection) -> Fact {
    let pictures: Vec<Fact> = section.pictures.iter().map(|svg| Fact::from_safe_string(svg.clone())).collect();
    let tables = section.tables.iter().map(|table| {
        let headings: Vec<&str> = table.columns.iter().map(|(_, heading)| *heading).collect();
        self::table(&table.title, &headings, &table.rows)
    });
    let cross_tables = section.cross_tables.iter().map(|table| {
        let headings: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        self::table(&table.title, &headings, &table.rows)
    });
    let tables: Vec<Fact> = tables.chain(cross_tables).collect();
    let PageSection { heading, paragraphs, terms, .. } = section;
    context! { heading, paragraphs, pictures, tables, terms }
}

fn table(title: &str, headings: &[&str], rows: &[Vec<Value>]) -> Fact {
    // What is a text in a column of numbers, such as that there is none, comes last when they are sorted.
    let is_number = |value: &Value| !matches!(value, Value::Text(_) | Value::Blank | Value::Masked);
    let numeric: Vec<bool> = (0..headings.len()).map(|column| rows.iter().any(|row| is_number(&row[column]))).collect();
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().zip(&numeric).map(cell).collect()).collect();
    context! { title, headings => Serde(headings), numeric, rows => Serde(rows) }
}

fn cell((value, &is_number): (&Value, &bool)) -> Cell {
    let key = match value.for_json() {
        serde_json::Value::String(_) if is_number && matches!(value, Value::Text(_) | Value::Masked) => String::new(),
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        number => number.to_string(),
    };
    Cell { text: value.for_people(), key, is_number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let table = Table {
            name: "hired",
            title: "Anställda & erbjudna".to_owned(),
            columns: vec![("scenario", "Scenario"), ("hired", "Hired")],
            rows: vec![vec!["<script>alert(1)</script>".into(), Value::Count(1_234)], vec!["som det är".into(), Value::Blank]],
        };
        let picture = "<svg role=\"img\">\n<title>Å</title>\n</svg>\n".to_owned();
        let section = PageSection { tables: vec![table], pictures: vec![picture], ..PageSection::new("Vad om?") };
        Page { title: "Feriejobb".to_owned(), sections: vec![section], ..Page::default() }
    }

    #[test]
    fn what_is_written_by_others_is_text_and_nothing_is_loaded() {
        let html = page().to_html().unwrap();
        assert!(html.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;") && !html.contains("<script>alert"), "{html}");
        assert!(html.contains("<svg role=\"img\">\n<title>Å</title>"), "{html}");
        assert!(html.contains("default-src 'none'"));
        for loads in ["src=", "href=", "@import", "url(", "http:", "https:", "fetch("] {
            assert!(!html.contains(loads), "the page has `{loads}`");
        }
    }

    #[test]
    fn tables_have_headings_with_a_scope_and_keys_to_sort_by() {
        let html = page().to_html().unwrap();
        assert!(html.contains("<caption>Anställda &amp; erbjudna</caption>"), "{html}");
        assert_eq!((html.matches("<th scope=\"col\"").count(), html.matches("<th scope=\"row\"").count()), (2, 2));
        assert!(html.contains("data-key=\"1234\">1 234</td>"), "{html}");
    }

    #[test]
    fn an_empty_page_is_a_page() {
        assert!(Page::default().to_html().unwrap().ends_with("</html>\n"));
    }
}
