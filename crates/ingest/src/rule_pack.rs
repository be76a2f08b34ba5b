//! The rules for minors that come with the program: data files that season.toml selects by name.

use feriematch_model::{AgeBand, DailyTime, RulePack};

use crate::document::{Reading, Section, Value};
use crate::quote::quote;
use crate::{Code, values};

/// The packs: name, file, text.
const PACKS: &[(&str, &str, &str)] = &[("sweden-minors", "sweden-minors.toml", include_str!("../rule-packs/sweden-minors.toml"))];

/// Returns the names of the rule packs that there are.
pub fn rule_pack_names() -> impl Iterator<Item = &'static str> + Clone {
    PACKS.iter().map(|(name, ..)| *name)
}

/// Reads the rule pack of a name; `None` if there is none.
pub(crate) fn rule_pack(name: &str) -> Option<RulePack> {
    let (_, file, text) = PACKS.iter().find(|(known, ..)| *known == name)?;
    let mut reading = Reading::new(crate::diagnostic::Origin::file(file), text);
    let document = reading.parse()?;
    read(Section::root(&document), &mut reading)
}

fn read(mut root: Section<'_>, reading: &mut Reading<'_>) -> Option<RulePack> {
    let id = root.require("id", reading).and_then(|v| v.text(reading));
    let source = root.require("source", reading).and_then(|v| v.text(reading));
    let valid_from = root.require("valid_from", reading).and_then(|v| v.date(reading));
    let bands: Vec<Option<AgeBand>> =
        root.sections("bands", reading).into_iter().map(|section| read_band(section, reading)).collect();
    root.finish(reading);
    Some(RulePack {
        id: id?.into(),
        source: source?.into(),
        valid_from: valid_from?,
        bands: bands.into_iter().collect::<Option<_>>()?,
    })
}

fn read_band(mut band: Section<'_>, reading: &mut Reading<'_>) -> Option<AgeBand> {
    let from_age = band.require("from_age", reading).and_then(|v| v.integer(0..=120, reading));
    let to_age = band.require("to_age", reading).and_then(|v| v.integer(0..=120, reading));
    let hours_per_day = band.require("hours_per_day", reading).and_then(|v| v.integer(0..=24, reading));
    let hours_per_week = band.require("hours_per_week", reading).and_then(|v| v.integer(0..=168, reading));
    let daily_rest_hours = band.require("daily_rest_hours", reading).and_then(|v| v.integer(0..=24, reading));
    let minutes_before_break = band.require("minutes_before_break", reading).and_then(|v| v.integer(0..=1_440, reading));
    let break_minutes = band.require("break_minutes", reading).and_then(|v| v.integer(0..=1_440, reading));
    let days_per_week = band.require("days_per_week", reading).and_then(|v| v.integer(0..=7_u8, reading));
    let weekly_rest_hours = band.require("weekly_rest_hours", reading).and_then(|v| v.integer(0..=168, reading));
    let windows = band.require("windows", reading).and_then(|v| v.texts(reading)).unwrap_or_default();
    let windows: Vec<Option<DailyTime>> = windows.iter().map(|(text, value)| window(text, value, reading)).collect();
    let hazardous = band.require("hazardous", reading).and_then(|v| v.flag(reading));
    band.finish(reading);
    Some(AgeBand {
        from_age: from_age?,
        to_age: to_age?,
        minutes_per_day: 60_u32 * hours_per_day?,
        minutes_per_week: 60_u32 * hours_per_week?,
        windows: windows.into_iter().collect::<Option<_>>()?,
        daily_rest_minutes: 60_u32 * daily_rest_hours?,
        minutes_before_break: minutes_before_break?,
        break_minutes: break_minutes?,
        days_per_week: days_per_week?,
        weekly_rest_minutes: 60_u32 * weekly_rest_hours?,
        hazardous: hazardous?,
    })
}

/// Reads a window, `06:00-22:00`.
fn window(text: &str, value: &Value<'_>, reading: &mut Reading<'_>) -> Option<DailyTime> {
    let times = text.split_once('-').and_then(|(start, end)| Some((values::time(start).ok()?, values::time(end).ok()?)));
    let window = times.filter(|(start, end)| start < end).map(|(start, end)| DailyTime { start, end });
    if window.is_none() {
        value.report(Code::NotATime, format!("{} is not a window such as `06:00-22:00`", quote(text)), None, reading);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn every_pack_reads_without_a_problem() {
        for (name, file, text) in PACKS {
            let mut reading = Reading::new(crate::diagnostic::Origin::file(file), text);
            let document = reading.parse().expect(name);
            let pack = read(Section::root(&document), &mut reading).expect(name);
            assert_eq!(reading.problems, [], "{name}");
            assert_eq!(&*pack.id, *name);
        }
        assert_eq!(rule_pack("atlantis"), None);
    }

    #[test]
    fn sweden_minors_says_what_the_provisions_say() {
        let pack = rule_pack("sweden-minors").unwrap();
        let [children, youths] = &pack.bands[..] else { panic!("two bands") };
        assert_eq!((children.from_age, children.to_age, youths.from_age, youths.to_age), (13, 15, 16, 17));
        assert_eq!((children.minutes_per_day, children.minutes_per_week, children.daily_rest_minutes), (420, 2100, 840));
        assert_eq!((youths.minutes_per_day, youths.minutes_per_week, youths.daily_rest_minutes), (480, 2400, 720));
        let window = |from, to| DailyTime { start: time(from, 0, 0, 0), end: time(to, 0, 0, 0) };
        assert_eq!(children.windows, [window(6, 20)]);
        assert_eq!(youths.windows, [window(6, 22), window(7, 23)]);
        assert!(!children.hazardous && !youths.hazardous);
        for band in [children, youths] {
            assert_eq!((band.minutes_before_break, band.break_minutes), (270, 30));
            assert_eq!((band.days_per_week, band.weekly_rest_minutes), (5, 2_160));
        }
    }
}
