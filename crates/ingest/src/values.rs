//! What a cell may say: dates, times, numbers, yes and no.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Time};

use crate::Code;
use crate::wishes::{Keyword, Prefix, SEPARATORS};

/// Why a value cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) code: Code,
    /// Goes on after the value: "is not a date".
    pub(crate) what: String,
    pub(crate) help: Option<String>,
}

fn unreadable(code: Code, what: &str, help: &str) -> Unreadable {
    Unreadable { code, what: what.to_owned(), help: (!help.is_empty()).then(|| help.to_owned()) }
}

/// Reads `2015-06-15` or `20150615`.
pub(crate) fn date(text: &str) -> Result<Date, Unreadable> {
    let fault = |what| unreadable(Code::NotADate, what, "write it as `2015-06-15`");
    let bytes = text.as_bytes();
    let parts = match bytes.len() {
        8 => [&bytes[..4], &bytes[4..6], &bytes[6..]],
        10 if bytes[4] == b'-' && bytes[7] == b'-' => [&bytes[..4], &bytes[5..7], &bytes[8..]],
        _ => return Err(fault("is not a date")),
    };
    let [Some(year), Some(month), Some(day)] = parts.map(digits) else { return Err(fault("is not a date")) };
    Date::new(year as i16, month as i8, day as i8).map_err(|_| fault("is a date that does not exist"))
}

/// Reads `07:30`, `7:30`, `07.30` and `07:30:00`.
pub(crate) fn time(text: &str) -> Result<Time, Unreadable> {
    let fault = || unreadable(Code::NotATime, "is not a time of day", "write it as `07:30`");
    let minutes = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
    let (hour, minute) = minutes.split_once([':', '.']).ok_or_else(fault)?;
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 {
        return Err(fault());
    }
    let (hour, minute) = (digits(hour.as_bytes()).ok_or_else(fault)?, digits(minute.as_bytes()).ok_or_else(fault)?);
    Time::new(hour as i8, minute as i8, 0, 0).map_err(|_| fault())
}

/// Reads a whole number within a range; decimals must be zeros.
pub(crate) fn whole(range: RangeInclusive<u32>) -> impl Fn(&str) -> Result<u32, Unreadable> {
    move |text| {
        let (value, scale) = decimal(text).ok_or_else(|| unreadable(Code::NotANumber, "is not a whole number", ""))?;
        if value % scale != 0 {
            return Err(unreadable(Code::NotANumber, "is not a whole number", ""));
        }
        u32::try_from(value / scale).ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let what = format!("is not between {} and {}", range.start(), range.end());
            unreadable(Code::OutOfRange, &what, "")
        })
    }
}

/// Reads hours, `7,5`, `7.5` or `7:30`, as minutes, at most `most` hours.
pub(crate) fn hours(most: u32) -> impl Fn(&str) -> Result<u32, Unreadable> {
    move |text| {
        let fault = || unreadable(Code::NotANumber, "is not a number of hours", "write it as `7,5` or `7:30`");
        let minutes = if let Some((hour, minute)) = text.split_once(':') {
            let minute = digits(minute.as_bytes()).filter(|&m| minute.len() == 2 && m < 60).ok_or_else(fault)?;
            u64::from(digits(hour.as_bytes()).ok_or_else(fault)?) * 60 + u64::from(minute)
        } else {
            let (value, scale) = decimal(text).ok_or_else(fault)?;
            if value * 60 % scale != 0 {
                let help = "write hours and minutes, `7:20`";
                return Err(unreadable(Code::NotANumber, "is not a whole number of minutes", help));
            }
            value * 60 / scale
        };
        u32::try_from(minutes).ok().filter(|&m| (1..=most * 60).contains(&m)).ok_or_else(|| {
            let what = format!("is not above 0 and at most {most} hours");
            unreadable(Code::OutOfRange, &what, "")
        })
    }
}

/// Returns what a word means in any case; `meanings` are in lower case and ASCII.
pub(crate) fn meaning<T: Copy>(word: &str, meanings: &[(&[&str], T)]) -> Option<T> {
    // Letters beyond ASCII may have a lower case within it.
    let lower = if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) };
    let means = |(words, _): &&(&[&str], T)| words.iter().any(|known| lower.eq_ignore_ascii_case(known));
    meanings.iter().find(means).map(|&(_, meaning)| meaning)
}

/// Reads yes or no, in English or Swedish, or as a spreadsheet writes it.
pub(crate) fn yes_or_no(text: &str) -> Result<bool, Unreadable> {
    let meanings: [(&[&str], bool); 2] =
        [(&["yes", "ja", "true", "sant", "1", "x"], true), (&["no", "nej", "false", "falskt", "0"], false)];
    meaning(text, &meanings)
        .ok_or_else(|| unreadable(Code::NotYesOrNo, "is neither yes nor no", "write `ja` or `nej`; empty is no"))
}

/// Accepts an id that only stands alone: anything on one line.
pub(crate) fn lone_id(text: &str) -> Result<(), Unreadable> {
    if text.chars().any(char::is_control) {
        return Err(unreadable(Code::MalformedId, "holds a line break or another control character", ""));
    }
    Ok(())
}

/// Accepts an id that lists and wishes may hold: none of the signs that separate there, none of the words that mean
/// something there.
pub(crate) fn listed_id(text: &str) -> Result<(), Unreadable> {
    lone_id(text)?;
    if let Some(sign) = text.chars().find(|c| SEPARATORS.contains(c)) {
        let what = format!("holds `{sign}`, which separates ids in lists and wishes");
        return Err(unreadable(Code::MalformedId, &what, "choose another id"));
    }
    if Keyword::of(text).is_some() || Prefix::split(text).0.is_some() {
        let what = "means something else in a wish";
        return Err(unreadable(Code::MalformedId, what, "choose another id"));
    }
    Ok(())
}

/// Reads a number without sign, with a decimal comma or point and spaces between groups of digits if any, as a value and
/// the power of ten to divide it by.
pub(crate) fn decimal(text: &str) -> Option<(u64, u64)> {
    let (whole, decimals) = match text.split_once([',', '.']) {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let (mut value, mut scale, mut seen) = (0_u64, 1_u64, false);
    for c in whole.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')) {
        value = value.checked_mul(10)?.checked_add(u64::from(c.to_digit(10)?))?;
        seen = true;
    }
    for c in decimals.trim_end_matches('0').chars() {
        value = value.checked_mul(10)?.checked_add(u64::from(c.to_digit(10)?))?;
        scale = scale.checked_mul(10)?;
    }
    (seen && value <= u64::MAX / 60).then_some((value, scale))
}

/// Reads up to nine ASCII digits.
fn digits(bytes: &[u8]) -> Option<u32> {
    let all = (1..=9).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
    all.then(|| bytes.iter().fold(0, |value, b| value * 10 + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    #[test]
    fn dates() {
        assert_eq!(date("2015-06-15"), Ok(civil::date(2015, 6, 15)));
        assert_eq!(date("20150615"), Ok(civil::date(2015, 6, 15)));
        for text in ["2015-6-15", "15/6 2015", "2015/06/15", "150615", "2015-02-30", "2015-06-15 07:30", "åååå"] {
            assert_eq!(date(text).unwrap_err().code, Code::NotADate, "{text}");
        }
    }

    #[test]
    fn times() {
        for text in ["07:30", "7:30", "07.30", "07:30:00"] {
            assert_eq!(time(text), Ok(civil::time(7, 30, 0, 0)), "{text}");
        }
        assert_eq!(time("22:00"), Ok(civil::time(22, 0, 0, 0)));
        for text in ["7.3", "7", "24:00", "07:60", ":30", "07:30:15", "007:30", "7:+1"] {
            assert_eq!(time(text).unwrap_err().code, Code::NotATime, "{text}");
        }
    }

    #[test]
    fn numbers() {
        let small = whole(0..=5000);
        assert_eq!(small("12"), Ok(12));
        assert_eq!(small("1 200,0"), Ok(1200));
        assert_eq!(small("5001").unwrap_err().code, Code::OutOfRange);
        for text in ["", "-1", "1,5", "1e3", "12 st", "1,", "99999999999999999999"] {
            assert_eq!(small(text).unwrap_err().code, Code::NotANumber, "{text}");
        }
    }

    #[test]
    fn hours_are_whole_minutes() {
        let day = hours(24);
        for text in ["7,5", "7.50", "7:30"] {
            assert_eq!(day(text), Ok(450), "{text}");
        }
        assert_eq!(day("7,33").unwrap_err().what, "is not a whole number of minutes");
        assert_eq!(day("0").unwrap_err().code, Code::OutOfRange);
        assert_eq!(day("24:01").unwrap_err().code, Code::OutOfRange);
        assert_eq!(day("7:3").unwrap_err().code, Code::NotANumber);
    }
}
