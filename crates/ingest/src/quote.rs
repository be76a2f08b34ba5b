//! Values from the files, as messages may show them: short, on one line, and never a whole personal identity number.

use crate::personal_id;

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// Quotes a value for a message.
///
/// Personal identity numbers anywhere in it, right or mistyped, lose their last four digits: a column that has slipped
/// must not put them into a log.
pub(crate) fn quote(value: &str) -> String {
    let shown: String = value.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    let shown = mask(&shown.replace("\\'", "'").replace("\\\"", "\""));
    if value.chars().nth(SHOWN).is_some() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

/// Quotes a value from a column of personal identity numbers: its last four digits are masked whatever its form.
pub(crate) fn quote_personal(value: &str) -> String {
    let mut left = 4;
    let masked: Vec<char> = value
        .chars()
        .rev()
        .map(|c| {
            let hide = left > 0 && c.is_alphanumeric();
            left -= i32::from(hide);
            if hide { '*' } else { c }
        })
        .collect();
    quote(&masked.into_iter().rev().collect::<String>())
}

/// Masks the last four digits of everything that has the form of a personal identity number.
fn mask(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut start = 0;
    while start < bytes.len() {
        if !bytes[start].is_ascii_digit() {
            start += 1;
            continue;
        }
        let separated = |at: usize| matches!(bytes.get(at), Some(b'-' | b'+'));
        let digits_from = |at: usize| bytes[at.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
        let run = digits_from(start);
        let (end, dated) = match run {
            10 | 12 => (start + run, run - 4),
            6 | 8 if separated(start + run) && digits_from(start + run + 1) == 4 => (start + run + 5, run),
            _ => (start + run, 0),
        };
        if dated > 0 && personal_id::could_be_date(&text[start..start + dated]) {
            bytes[end - 4..end].fill(b'*');
        }
        start = end;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_masked_wherever_they_stand() {
        assert_eq!(quote("20110315-1239"), "`20110315-****`");
        assert_eq!(quote("J-1 > 201103151239=110315+1239"), "`J-1 > 20110315****=110315+****`");
        assert_eq!(quote("1103751239"), "`110375****`");
        assert_eq!(quote("J-20110315"), "`J-20110315`");
        assert_eq!(quote("9999999999"), "`9999999999`");
        assert_eq!(quote_personal("1103 15-12x"), "`1103 1*-***`");
    }

    #[test]
    fn long_and_odd_values_stay_on_one_line() {
        assert_eq!(quote("a\nb\t\"å'"), "`a\\nb\\t\"å'`");
        assert_eq!(quote(&"x".repeat(80)), format!("`{}…`", "x".repeat(60)));
    }
}
