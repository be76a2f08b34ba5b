//! The rules for minors, day by day and week by week.
//!
//! The age on each day decides which rules hold on it. The rest after a working day goes by the age on that day. In a week in which
//! somebody comes of age, only the days before count; in one in which they pass from one band of ages to the next, the larger limit
//! holds for the week.

use feriematch_model::{AgeBand, DailyTime, RulePack, age_on};
use jiff::civil::{Date, Time};

use crate::exception::{ExceptionKind, When};
use crate::working_time::{DAY, Day, Week, weeks_of};

/// Checks the days that somebody worked, in order. Whatever is against the rules goes to `found`, with the row of the shift.
pub(crate) fn check(pack: &RulePack, birth: Date, days: &[Day<'_>], found: &mut impl FnMut(When, Option<usize>, ExceptionKind)) {
    let least = pack.bands.first().map_or(0, |band| band.from_age);
    for day in days {
        let age = age_on(birth, day.date);
        if age < i16::from(least) {
            found(When::Day(day.date), Some(day.row), ExceptionKind::TooYoung { least, age });
        } else if let Some(band) = band_on(pack, birth, day.date) {
            check_day(band, day, found);
        }
    }
    for pair in days.windows(2) {
        let [day, next] = pair else { continue };
        let Some(band) = band_on(pack, birth, day.date) else { continue };
        if day.date.tomorrow().is_ok_and(|tomorrow| tomorrow == next.date) {
            let rest = DAY - u32::from(day.end) + u32::from(next.start);
            if rest < band.daily_rest_minutes {
                let kind = ExceptionKind::DailyRest { least: band.daily_rest_minutes, reported: rest };
                found(When::Day(next.date), Some(next.row), kind);
            }
        }
    }
    for week in weeks_of(days) {
        check_week(pack, birth, &week, found);
    }
}

fn band_on(pack: &RulePack, birth: Date, day: Date) -> Option<&AgeBand> {
    let age = age_on(birth, day);
    pack.bands.iter().find(|band| (i16::from(band.from_age)..=i16::from(band.to_age)).contains(&age))
}

fn check_day(band: &AgeBand, day: &Day<'_>, found: &mut impl FnMut(When, Option<usize>, ExceptionKind)) {
    let mut found = |kind| found(When::Day(day.date), Some(day.row), kind);
    if day.minutes > band.minutes_per_day {
        found(ExceptionKind::HoursPerDay { allowed: band.minutes_per_day, reported: day.minutes });
    }
    if !band.windows.iter().any(|window| holds(*window, day)) {
        found(ExceptionKind::WorkingTime { allowed: band.windows.clone(), reported: (day.start, day.end) });
    }
    let stretch = day.longest_stretch(band.break_minutes);
    if stretch > band.minutes_before_break {
        found(ExceptionKind::Break { allowed: band.minutes_before_break, reported: stretch });
    }
}

fn holds(window: DailyTime, day: &Day<'_>) -> bool {
    let minute = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    minute(window.start) <= i32::from(day.start) && i32::from(day.end) <= minute(window.end)
}

fn check_week(pack: &RulePack, birth: Date, week: &Week<'_, '_>, found: &mut impl FnMut(When, Option<usize>, ExceptionKind)) {
    let as_minor: Vec<(&Day<'_>, &AgeBand)> =
        week.days.iter().filter_map(|day| Some((day, band_on(pack, birth, day.date)?))).collect();
    let bands = || as_minor.iter().map(|(_, band)| *band);
    let mut found = |kind| found(When::Week(week.monday), Some(week.first_row()), kind);
    let minutes = as_minor.iter().map(|(day, _)| day.minutes).sum();
    if let Some(allowed) = bands().map(|band| band.minutes_per_week).max().filter(|&allowed| minutes > allowed) {
        found(ExceptionKind::HoursPerWeek { allowed, reported: minutes });
    }
    let days = as_minor.len() as u8;
    if let Some(allowed) = bands().map(|band| band.days_per_week).max().filter(|&allowed| days > allowed) {
        found(ExceptionKind::DaysPerWeek { allowed, reported: days });
    }
    let rest = week.longest_rest();
    if let Some(least) = bands().map(|band| band.weekly_rest_minutes).min().filter(|&least| rest < least) {
        found(ExceptionKind::WeeklyRest { least, reported: rest });
    }
}
