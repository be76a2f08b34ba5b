//! Swedish personal identity numbers (personnummer) and co-ordination numbers (samordningsnummer).
//!
//! The forms read are `YYYYMMDD-NNNC`, `YYYYMMDDNNNC`, `YYMMDD-NNNC` and `YYMMDD+NNNC`. The check digit C is Luhn's over the
//! ten digits without the century. A co-ordination number has 60 added to the day. The ninth of the ten digits is odd for
//! men and boys, even for women and girls. The separator of the short form is a plus sign from the year in which the
//! person turns a hundred.
//!
//! References: Folkbokföringslagen (1991:481) section 18; Lag (2022:1697) om samordningsnummer.

use std::fmt;

use feriematch_model::Gender;
use jiff::civil::Date;

/// What a personal identity or co-ordination number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PersonalId {
    /// The day of birth.
    pub(crate) birth_date: Date,
    /// The recorded sex: never `Other` or `Unknown`.
    pub(crate) gender: Gender,
    /// All twelve digits, which name the person.
    pub(crate) number: u64,
}

/// The twelve digits of a personal identity or co-ordination number, `YYYYMMDDNNNC`: they name a person, and are never shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonalNumber(u64);

impl PersonalNumber {
    pub(crate) const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the digits.
    pub fn digits(self) -> [u8; 12] {
        let mut rest = self.0;
        let mut digits = [b'0'; 12];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalNumber(…)")
    }
}

/// Why a text is not a personal identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonalIdError {
    /// It has none of the forms.
    Form,
    /// The day does not exist.
    Date,
    /// The last digit is not the one that the others give.
    CheckDigit,
    /// A short form, and no century leads to a year that is expected.
    Century,
}

impl PersonalId {
    /// Reads a number; a short form gets the century that leads to an expected birth year.
    pub(crate) fn parse(text: &str, season_year: i16, is_expected: impl Fn(i16) -> bool) -> Result<Self, PersonalIdError> {
        let written = Written::split(text).ok_or(PersonalIdError::Form)?;
        if !luhn_holds(written.ten_digits) {
            return Err(PersonalIdError::CheckDigit);
        }
        let short_year = (written.ten_digits / 100_000_000) as i16;
        let year = match written.century {
            Century::Stated(century) => century * 100 + short_year,
            Century::Separator(plus) => {
                let turns_hundred = |year: i16| season_year - year >= 100;
                let mut years = (18..=20).map(|century| century * 100 + short_year);
                years.find(|&year| turns_hundred(year) == plus && is_expected(year)).ok_or(PersonalIdError::Century)?
            }
        };
        let month = written.ten_digits / 1_000_000 % 100;
        let day = written.ten_digits / 10_000 % 100;
        let day = if day > 60 { day - 60 } else { day };
        let birth_date = Date::new(year, month as i8, day as i8).map_err(|_| PersonalIdError::Date)?;
        let gender = if written.ten_digits / 10 % 2 == 1 { Gender::Male } else { Gender::Female };
        let century = u64::from(year.unsigned_abs() / 100);
        Ok(Self { birth_date, gender, number: century * 10_000_000_000 + written.ten_digits })
    }
}

/// The digits of a number, before their meaning is checked.
struct Written {
    century: Century,
    ten_digits: u64,
}

enum Century {
    Stated(i16),
    /// The short form, with a plus sign or not.
    Separator(bool),
}

impl Written {
    fn split(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (birth, separator, serial) = match bytes.len() {
            12 => (bytes.get(..8)?, None, bytes.get(8..)?),
            11 | 13 => {
                let at = bytes.len() - 5;
                (&bytes[..at], Some(bytes[at]), &bytes[at + 1..])
            }
            _ => return None,
        };
        let century = match (birth.len(), separator) {
            (8, None | Some(b'-')) => Century::Stated(number(&birth[..2])? as i16),
            (6, Some(b'-')) => Century::Separator(false),
            (6, Some(b'+')) => Century::Separator(true),
            _ => return None,
        };
        let six_digits = number(&birth[birth.len() - 6..])?;
        Some(Self { century, ten_digits: six_digits * 10_000 + number(serial)? })
    }
}

/// Returns whether a text is a valid number in any form, the ten digits without a separator included, for some century.
pub(crate) fn is_personal_id(text: &str) -> bool {
    let dated = |form: &str| PersonalId::parse(form, 2000, |_| true).is_ok();
    match text.len() {
        10 if text.bytes().all(|byte| byte.is_ascii_digit()) => dated(&format!("{}-{}", &text[..6], &text[6..])),
        _ => dated(text),
    }
}

/// Returns whether six or eight digits could be the date part of a number, co-ordination numbers included.
pub(crate) fn could_be_date(digits: &str) -> bool {
    let two = |from: usize| digits.get(from..from + 2).and_then(|d| d.parse::<u8>().ok());
    let (Some(month), Some(day)) = (two(digits.len() - 4), two(digits.len() - 2)) else { return false };
    (1..=12).contains(&month) && matches!(day, 1..=31 | 61..=91)
}

/// Returns whether Luhn's sum over ten digits, doubling the first, is a multiple of ten.
fn luhn_holds(mut ten_digits: u64) -> bool {
    let mut sum = 0;
    for position in 0..10 {
        let digit = ten_digits % 10 * (1 + position % 2);
        sum += digit / 10 + digit % 10;
        ten_digits /= 10;
    }
    sum % 10 == 0
}

/// Reads ASCII digits.
fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value, b| b.is_ascii_digit().then(|| value * 10 + u64::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn parse(text: &str) -> Result<PersonalId, PersonalIdError> {
        PersonalId::parse(text, 2027, |year| (2009..=2011).contains(&year))
    }

    /// Numbers that are published as examples or for tests: 19811218-9876 and 19670919-9530 are in Skatteverket's and
    /// Wikipedia's explanations of the check digit, 701063-2391 in Skatteverket's of co-ordination numbers.
    #[test]
    fn published_examples() {
        let read = parse("19811218-9876").unwrap();
        assert_eq!((read.birth_date, read.gender, read.number), (date(1981, 12, 18), Gender::Male, 1981_1218_9876));
        assert_eq!(parse("196709199530").unwrap().birth_date, date(1967, 9, 19));
        assert_eq!(parse("19701063-2391").unwrap().birth_date, date(1970, 10, 3));
        assert_eq!(PersonalId::parse("811218-9876", 2027, |y| y == 1981).unwrap().number, 1981_1218_9876);
        assert_eq!(PersonalId::parse("121212-1212", 2027, |y| y == 2012).unwrap().gender, Gender::Male);
        assert_eq!(PersonalId::parse("121212+1212", 2027, |y| y == 1912).unwrap().birth_date, date(1912, 12, 12));
    }

    #[test]
    fn digits_are_those_written_and_are_not_shown() {
        let number = PersonalNumber::new(parse("19811218-9876").unwrap().number);
        assert_eq!(&number.digits(), b"198112189876");
        assert!(!format!("{number:?}").contains(char::is_numeric));
    }

    #[test]
    fn the_sign_and_the_expected_years_decide_the_century() {
        assert_eq!(parse("811218-9876"), Err(PersonalIdError::Century));
        assert_eq!(PersonalId::parse("121212-1212", 2027, |y| y == 1912), Err(PersonalIdError::Century));
        assert_eq!(PersonalId::parse("121212+1212", 2027, |y| y == 2012), Err(PersonalIdError::Century));
    }

    #[test]
    fn every_kind_of_error() {
        for text in ["", "8112189876", "19811218+9876", "19811218 9876", "1981-12-18-9876", "19811218-987", "19811218-98é"] {
            assert_eq!(parse(text), Err(PersonalIdError::Form), "{text}");
        }
        assert_eq!(parse("19811218-9875"), Err(PersonalIdError::CheckDigit));
        assert_eq!(parse("20110230-1239"), Err(PersonalIdError::Date));
        assert!(is_personal_id("8112189876") && !is_personal_id("8112189875") && !is_personal_id("A-0001"));
    }

    /// Luhn's digit finds every single wrong digit.
    #[test]
    fn one_wrong_digit_is_found() {
        for position in (0..12).filter(|&p| p > 1) {
            for wrong in b'0'..=b'9' {
                let mut digits = *b"198112189876";
                if digits[position] != wrong {
                    digits[position] = wrong;
                    let text = String::from_utf8(digits.to_vec()).unwrap();
                    assert_eq!(parse(&text), Err(PersonalIdError::CheckDigit), "{text}");
                }
            }
        }
    }
}
