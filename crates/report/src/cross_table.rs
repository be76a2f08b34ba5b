//! A table whose columns are data, too: for people only, since programs want a row for each value.

use crate::table::{Value, lay_out};

/// A table whose columns are data, too, such as one priority class each.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossTable {
    /// The heading.
    pub title: String,
    /// The headings of the columns.
    pub columns: Vec<String>,
    /// The rows, each as long as there are columns.
    pub rows: Vec<Vec<Value>>,
}

impl CrossTable {
    /// Lays the table out for a person, as wide as its content.
    pub fn to_text(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        lay_out(&self.title, &columns, &self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_their_own_names() {
        let columns = vec!["Scenario".to_owned(), "Första gången".to_owned()];
        let table = CrossTable { title: "No offer".to_owned(), columns, rows: vec![vec!["fler".into(), 12_u32.into()]] };
        assert_eq!(table.to_text(), "No offer\n Scenario  Första gången\n fler                 12\n");
    }
}
