//! Working days in Sweden.
//!
//! A working day is no Saturday, no Sunday, no public holiday (Act 1989:253), and none of the eves that count as one when a
//! period of law ends (Act 1930:173, section 2): those of midsummer, Christmas and the new year.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Returns whether offices are open on a day.
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && holiday(day).is_none()
}

/// Returns the day that is so many working days after a day; the day itself does not count.
///
/// With 0 it is the day itself, working day or not. Returns nothing beyond the year 9999.
pub fn working_days_after(day: Date, count: u32) -> Option<Date> {
    let mut day = day;
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while !is_working_day(day) {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

/// Returns how many working days there are after a day, up to and including another; 0 if it is not later.
pub fn working_days_between(after: Date, to: Date) -> u32 {
    let days = after.series(1.day()).skip(1).take_while(|&day| day <= to);
    days.filter(|&day| is_working_day(day)).count() as u32
}

/// Returns the Swedish name of the public holiday, or of the eve that counts as one, that a day is.
pub fn holiday(day: Date) -> Option<&'static str> {
    let is_saturday_from = |first: Date| day.weekday() == Weekday::Saturday && day >= first && day < first + 7.days();
    let of_this_year = |month, dom| Date::new(day.year(), month, dom).unwrap_or(day);
    let after_easter = easter(day.year()).map(|easter| (day - easter).get_days());
    match (day.month(), day.day()) {
        (1, 1) => Some("nyårsdagen"),
        (1, 6) => Some("trettondedag jul"),
        (5, 1) => Some("första maj"),
        (6, 6) if day.year() >= 2005 => Some("Sveriges nationaldag"),
        (12, 24) => Some("julafton"),
        (12, 25) => Some("juldagen"),
        (12, 26) => Some("annandag jul"),
        (12, 31) => Some("nyårsafton"),
        (6, 19..=25) if day.weekday() == Weekday::Friday => Some("midsommarafton"),
        (6, _) if is_saturday_from(of_this_year(6, 20)) => Some("midsommardagen"),
        (10 | 11, _) if is_saturday_from(of_this_year(10, 31)) => Some("alla helgons dag"),
        _ => match after_easter {
            Some(-2) => Some("långfredagen"),
            Some(0) => Some("påskdagen"),
            Some(1) => Some("annandag påsk"),
            Some(39) => Some("Kristi himmelsfärdsdag"),
            Some(49) => Some("pingstdagen"),
            _ => None,
        },
    }
}

/// Returns Easter Sunday of a Gregorian year.
///
/// # References
///
/// J. Meeus: Astronomical Algorithms, 2nd ed. 1998, chapter 8 (first published anonymously in Nature, 20 April 1876).
#[allow(clippy::many_single_char_names, reason = "as in the source")]
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let a = year_number % 19;
    let (b, c) = (year_number / 100, year_number % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, month as i8, day as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Easter Sundays as published in almanacs, among them the earliest and the latest possible.
    #[test]
    fn knows_easter() {
        let known = [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2015, 4, 5),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), Date::new(year, month, day).ok());
        }
    }

    #[test]
    fn knows_the_holidays_of_2015() {
        let all = date(2015, 1, 1).series(1.day()).take_while(|day| day.year() == 2015);
        let found: Vec<String> = all.filter(|&day| holiday(day).is_some()).map(|day| day.strftime("%m-%d").to_string()).collect();
        let expected = [
            "01-01", "01-06", "04-03", "04-05", "04-06", "05-01", "05-14", "05-24", "06-06", "06-19", "06-20", "10-31", "12-24",
            "12-25", "12-26", "12-31",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_national_day_is_a_holiday_since_2005() {
        assert_eq!(holiday(date(2004, 6, 6)), None);
        assert_eq!(holiday(date(2005, 6, 6)), Some("Sveriges nationaldag"));
    }

    #[test]
    fn counts_over_easter_2015() {
        // Thursday before Good Friday; Friday to Monday are free.
        assert_eq!(working_days_after(date(2015, 4, 2), 1), Some(date(2015, 4, 7)));
        assert_eq!(working_days_after(date(2015, 4, 2), 5), Some(date(2015, 4, 13)));
        assert_eq!(working_days_between(date(2015, 4, 2), date(2015, 4, 13)), 5);
        assert_eq!(working_days_after(date(2015, 4, 4), 0), Some(date(2015, 4, 4)));
        assert_eq!(working_days_between(date(2015, 4, 13), date(2015, 4, 2)), 0);
    }
}
