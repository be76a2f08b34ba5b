//! How a language writes days, amounts and times.

use feriematch_model::Money;
use jiff::civil::{Date, Time, Weekday};

/// A language that letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Swedish,
    /// English.
    English,
}

/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Swedish, Self::English];

    /// Returns the code, as HTML and file names write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// Writes a day: `14 juni 2027`, `14 June 2027`.
    pub fn day(self, day: Date) -> String {
        format!("{}{NO_BREAK}{} {}", day.day(), self.month(day), day.year())
    }

    /// Writes a day with its weekday: `måndag 14 juni 2027`, `Monday 14 June 2027`.
    pub fn weekday(self, day: Date) -> String {
        format!("{} {}", self.weekday_name(day.weekday()), self.day(day))
    }

    /// Writes a time of day: `8.30`, `8:30`.
    pub fn clock(self, time: Time) -> String {
        match self {
            Self::Swedish => format!("{}.{:02}", time.hour(), time.minute()),
            Self::English => format!("{}:{:02}", time.hour(), time.minute()),
        }
    }

    /// Writes an amount, without öre where there are none: `8 775 kronor`, `SEK 8,775`.
    pub fn kronor(self, amount: Money) -> String {
        let ore = amount.ore().unsigned_abs();
        let (group, point) = match self {
            Self::Swedish => (NO_BREAK, ','),
            Self::English => (',', '.'),
        };
        let mut number = grouped(ore / 100, group);
        let rest = ore % 100;
        if rest > 0 {
            number.push_str(&format!("{point}{rest:02}"));
        }
        if amount < Money::ZERO {
            number.insert(0, '\u{2212}');
        }
        match self {
            Self::Swedish => format!("{number}{NO_BREAK}kronor"),
            Self::English => format!("SEK{NO_BREAK}{number}"),
        }
    }

    /// Writes a length of time: `6,5 timmar`, `7 timmar och 20 minuter`; `6.5 hours`, `7 hours and 20 minutes`.
    pub fn hours(self, minutes: u32) -> String {
        let (whole, rest) = (minutes / 60, minutes % 60);
        let (point, and) = match self {
            Self::Swedish => (',', "och"),
            Self::English => ('.', "and"),
        };
        let hours = format!("{whole}{NO_BREAK}{}", self.hour_word(whole == 1));
        let minutes = format!("{rest}{NO_BREAK}{}", self.minute_word(rest == 1));
        match (whole, rest) {
            (_, 0) => hours,
            (0, _) => minutes,
            (_, 30) => format!("{whole}{point}5{NO_BREAK}{}", self.hour_word(false)),
            _ => format!("{hours} {and} {minutes}"),
        }
    }

    const fn hour_word(self, is_one: bool) -> &'static str {
        match (self, is_one) {
            (Self::Swedish, true) => "timme",
            (Self::Swedish, false) => "timmar",
            (Self::English, true) => "hour",
            (Self::English, false) => "hours",
        }
    }

    const fn minute_word(self, is_one: bool) -> &'static str {
        match (self, is_one) {
            (Self::Swedish, true) => "minut",
            (Self::Swedish, false) => "minuter",
            (Self::English, true) => "minute",
            (Self::English, false) => "minutes",
        }
    }

    fn month(self, day: Date) -> &'static str {
        let names = match self {
            Self::Swedish => [
                "januari",
                "februari",
                "mars",
                "april",
                "maj",
                "juni",
                "juli",
                "augusti",
                "september",
                "oktober",
                "november",
                "december",
            ],
            Self::English => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        };
        names[usize::from(day.month().unsigned_abs()) - 1]
    }

    const fn weekday_name(self, day: Weekday) -> &'static str {
        match (self, day) {
            (Self::Swedish, Weekday::Monday) => "måndag",
            (Self::Swedish, Weekday::Tuesday) => "tisdag",
            (Self::Swedish, Weekday::Wednesday) => "onsdag",
            (Self::Swedish, Weekday::Thursday) => "torsdag",
            (Self::Swedish, Weekday::Friday) => "fredag",
            (Self::Swedish, Weekday::Saturday) => "lördag",
            (Self::Swedish, Weekday::Sunday) => "söndag",
            (Self::English, Weekday::Monday) => "Monday",
            (Self::English, Weekday::Tuesday) => "Tuesday",
            (Self::English, Weekday::Wednesday) => "Wednesday",
            (Self::English, Weekday::Thursday) => "Thursday",
            (Self::English, Weekday::Friday) => "Friday",
            (Self::English, Weekday::Saturday) => "Saturday",
            (Self::English, Weekday::Sunday) => "Sunday",
        }
    }
}

/// Writes a number with a sign between groups of three digits.
fn grouped(number: u64, sign: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(sign);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    const BOTH: [Language; 2] = Language::ALL;

    #[test]
    fn days() {
        let day = date(2027, 6, 14);
        assert_eq!(BOTH.map(|l| l.weekday(day)), ["måndag 14\u{a0}juni 2027", "Monday 14\u{a0}June 2027"]);
        assert_eq!(BOTH.map(|l| l.clock(time(8, 5, 0, 0))), ["8.05", "8:05"]);
    }

    #[test]
    fn amounts() {
        let both = |ore| BOTH.map(|l| l.kronor(Money::from_ore(ore)));
        assert_eq!(both(1_234_500), ["12\u{a0}345\u{a0}kronor", "SEK\u{a0}12,345"]);
        assert_eq!(both(9_705), ["97,05\u{a0}kronor", "SEK\u{a0}97.05"]);
        assert_eq!(both(-9_700), ["\u{2212}97\u{a0}kronor", "SEK\u{a0}\u{2212}97"]);
    }

    #[test]
    fn lengths_of_time() {
        let both = |minutes| BOTH.map(|l| l.hours(minutes).replace('\u{a0}', " "));
        assert_eq!(both(5_400), ["90 timmar", "90 hours"]);
        assert_eq!(both(60), ["1 timme", "1 hour"]);
        assert_eq!(both(30), ["30 minuter", "30 minutes"]);
        assert_eq!(both(390), ["6,5 timmar", "6.5 hours"]);
        assert_eq!(both(90), ["1,5 timmar", "1.5 hours"]);
        assert_eq!(both(440), ["7 timmar och 20 minuter", "7 hours and 20 minutes"]);
        assert_eq!(both(61), ["1 timme och 1 minut", "1 hour and 1 minute"]);
    }
}
