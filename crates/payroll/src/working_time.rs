//! Shifts as days and weeks of work.

use feriematch_model::Shift;
use jiff::ToSpan;
use jiff::civil::Date;

/// The minutes of a day.
pub(crate) const DAY: u32 = 1_440;

/// What somebody worked on a day.
#[derive(Debug, Clone)]
pub(crate) struct Day<'s> {
    pub(crate) date: Date,
    /// The first shift's row.
    pub(crate) row: usize,
    /// The shifts, by their beginning.
    pub(crate) shifts: Vec<&'s Shift>,
    /// How long altogether, breaks taken off.
    pub(crate) minutes: u32,
    /// When the first shift began and the last ended.
    pub(crate) start: u16,
    pub(crate) end: u16,
}

impl Day<'_> {
    /// Returns the longest time of work without a break of so many minutes. A break whose time is not reported is taken to be where it
    /// serves best.
    pub(crate) fn longest_stretch(&self, least_break: u32) -> u32 {
        let mut stretches: Vec<(u32, u32, u32)> = Vec::new();
        let mut halves = 0;
        for shift in &self.shifts {
            let [start, end, pause] = [shift.start, shift.end, shift.break_minutes].map(u32::from);
            match shift.break_start.map(u32::from) {
                _ if pause < least_break => stretches.push((start, end, end - start - pause)),
                Some(from) => {
                    stretches.push((start, from, from - start));
                    stretches.push((from + pause, end, end - from - pause));
                }
                None => halves = halves.max((end - start - pause).div_ceil(2)),
            }
        }
        // What follows without a sufficient break goes on.
        let (mut longest, mut until, mut length) = (0, None, 0);
        for (start, end, minutes) in stretches {
            let goes_on = until.is_some_and(|until| start < until + least_break);
            length = if goes_on { length + minutes } else { minutes };
            until = Some(end.max(until.unwrap_or(0)));
            longest = longest.max(length);
        }
        longest.max(halves)
    }
}

/// What somebody worked from Monday to Sunday.
pub(crate) struct Week<'w, 's> {
    pub(crate) monday: Date,
    pub(crate) days: &'w [Day<'s>],
    /// The next day of work after the week.
    next: Option<&'w Day<'s>>,
}

impl Week<'_, '_> {
    pub(crate) fn minutes(&self) -> u32 {
        self.days.iter().map(|day| day.minutes).sum()
    }

    pub(crate) fn first_row(&self) -> usize {
        self.days[0].row
    }

    /// Returns the longest time without work from Monday's midnight on, until work begins in a later week. A rest over the end of a
    /// week counts for the week in which it begins, and what falls into the next for that too.
    pub(crate) fn longest_rest(&self) -> u32 {
        let midnight = |day: &Day<'_>| DAY * (day.date - self.monday).get_days().unsigned_abs();
        let (mut longest, mut free_from) = (0, 0);
        for day in self.days.iter().chain(self.next) {
            longest = longest.max((midnight(day) + u32::from(day.start)).saturating_sub(free_from));
            free_from = midnight(day) + u32::from(day.end);
        }
        if self.next.is_none() { u32::MAX } else { longest }
    }
}

/// Puts shifts together into days. The rows are in order of day and beginning.
pub(crate) fn days_of<'s>(shifts: &'s [Shift], rows: &[usize]) -> Vec<Day<'s>> {
    let day = |rows: &[usize]| {
        let of_day: Vec<&Shift> = rows.iter().map(|&row| &shifts[row]).collect();
        Day {
            date: of_day[0].date,
            row: rows[0],
            minutes: of_day.iter().map(|shift| shift.minutes()).sum(),
            start: of_day[0].start,
            end: of_day.iter().map(|shift| shift.end).max().unwrap_or(0),
            shifts: of_day,
        }
    };
    rows.chunk_by(|&a, &b| shifts[a].date == shifts[b].date).map(day).collect()
}

/// Puts days together into weeks.
pub(crate) fn weeks_of<'w, 's>(days: &'w [Day<'s>]) -> impl Iterator<Item = Week<'w, 's>> {
    let mut seen = 0;
    days.chunk_by(|a, b| monday(a.date) == monday(b.date)).map(move |of_week| {
        seen += of_week.len();
        Week { monday: monday(of_week[0].date), days: of_week, next: days.get(seen) }
    })
}

/// Returns the Monday of a day's week.
fn monday(day: Date) -> Date {
    // The first days of the calendar have no Monday before them, and nobody worked on them.
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day)
}
