//! The rule packs that there are: those that come with the program, and those in a season's folder `rules`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use feriematch_model::Period;
use jiff::civil::Date;

use crate::diagnostic::Origin;
use crate::document::Reading;
use crate::encoding::decode_utf8;
use crate::read::{decode_problem, read_file, unreadable};
use crate::rule_edition::{self, RuleEdition};
use crate::{Code, Diagnostic, Span};

/// The editions that come with the program: file, text.
const SHIPPED: &[(&str, &str)] = &[
    ("sweden-minors/2013-02-01.toml", include_str!("../rule-packs/sweden-minors/2013-02-01.toml")),
    ("sweden-minors/2025-01-01.toml", include_str!("../rule-packs/sweden-minors/2025-01-01.toml")),
];

/// The folder of a season that holds editions of its own.
const FOLDER: &str = "rules";

/// The rule packs that a season can go by: families, each with editions that follow each other in time.
///
/// An edition holds from a day to the last day that it states or, where it states none, to the day before the next one of the family
/// begins. Where several hold on a day, the one that began last is in force.
#[derive(Debug, Clone)]
pub struct RuleCatalog {
    /// By family, then by the day from which they hold; one a day.
    editions: Vec<RuleEdition>,
    /// Editions that come with the program, and in whose place the season has its own.
    replaced: Vec<RuleEdition>,
    /// Whether every file could be read.
    is_complete: bool,
}

/// Why no edition of a family is right for a season.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfit<'c> {
    /// None is in force on the first working day.
    NotInForce { first_working_day: Date },
    /// The one in force then has ended by a later working day.
    Ends { edition: &'c RuleEdition, last: Date, working_day: Date },
}

impl RuleCatalog {
    /// Returns the editions that come with the program.
    pub fn shipped() -> Self {
        let mut editions = Vec::with_capacity(SHIPPED.len());
        for (file, text) in SHIPPED {
            let mut reading = Reading::new(Origin::file(file), text);
            editions.extend(rule_edition::read(file, true, &mut reading));
            debug_assert_eq!(reading.problems, [], "{file}");
        }
        Self::of(editions)
    }

    /// Reads those of a season folder, which come ahead of the program's of the same family and day.
    pub(crate) fn read(dir: &Path, problems: &mut Vec<Diagnostic>) -> Self {
        let mut catalog = Self::shipped();
        let mut own: BTreeMap<(Box<str>, Date), RuleEdition> = BTreeMap::new();
        for file in files(&dir.join(FOLDER), &mut catalog.is_complete, problems) {
            let Some(edition) = read_edition(dir, &file, problems) else {
                catalog.is_complete = false;
                continue;
            };
            let key = (edition.pack.id.clone(), edition.pack.valid_from);
            if let Some(other) = own.get(&key) {
                let message = format!("another edition of `{}` holds from {} too", key.0, key.1);
                let help = format!("the other one is at {}: give one of them another day, or remove it", other.span);
                problems.push(Diagnostic::new(Code::EditionTwice, edition.span.clone(), message).with_help(help));
                catalog.is_complete = false;
                continue;
            }
            own.insert(key, edition);
        }
        let is_replaced = |edition: &RuleEdition| own.contains_key(&(edition.pack.id.clone(), edition.pack.valid_from));
        let (replaced, kept): (Vec<_>, Vec<_>) = catalog.editions.into_iter().partition(is_replaced);
        Self { replaced, is_complete: catalog.is_complete, ..Self::of(kept.into_iter().chain(own.into_values()).collect()) }
    }

    fn of(mut editions: Vec<RuleEdition>) -> Self {
        editions.sort_by(|a, b| (&a.pack.id, a.pack.valid_from).cmp(&(&b.pack.id, b.pack.valid_from)));
        Self { editions, replaced: Vec::new(), is_complete: true }
    }

    /// Returns the editions, by family and by the day from which they hold.
    pub fn editions(&self) -> &[RuleEdition] {
        &self.editions
    }

    /// Returns the editions of the program in whose place the season has its own of the same family and day.
    pub fn replaced(&self) -> &[RuleEdition] {
        &self.replaced
    }

    /// Returns the families' names, each once.
    pub fn families(&self) -> impl Iterator<Item = &str> + Clone {
        self.editions.chunk_by(|a, b| a.pack.id == b.pack.id).map(|of_family| &*of_family[0].pack.id)
    }

    /// Returns whether nothing of the season's own is left out for being wrong.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns the last day on which an edition holds: the one it states, or the day before the next one begins; `None` for the last
    /// one of a family, if it states none.
    pub fn last_day(&self, edition: &RuleEdition) -> Option<Date> {
        let begins_later = |other: &&RuleEdition| other.pack.valid_from > edition.pack.valid_from;
        let next = self.of_family(&edition.pack.id).find(begins_later);
        edition.valid_to.or_else(|| next.and_then(|next| next.pack.valid_from.yesterday().ok()))
    }

    /// Returns the edition of a family that is in force on a day.
    pub fn in_force(&self, family: &str, day: Date) -> Option<&RuleEdition> {
        let holds =
            |edition: &&RuleEdition| edition.pack.valid_from <= day && self.last_day(edition).is_none_or(|last| day <= last);
        self.of_family(family).filter(holds).last()
    }

    /// Returns the edition that a season with these periods goes by: the one in force on its first working day, if that is in force on
    /// all others too.
    pub(crate) fn fit(&self, family: &str, periods: &[Period]) -> Result<&RuleEdition, Unfit<'_>> {
        let first_working_day = periods.iter().map(|period| period.first_day).min().unwrap_or(Date::MAX);
        let edition = self.in_force(family, first_working_day).ok_or(Unfit::NotInForce { first_working_day })?;
        let Some(last) = self.last_day(edition) else { return Ok(edition) };
        let after = periods.iter().filter(|period| period.last_day > last);
        let working_day = after.map(|period| period.first_day.max(last.tomorrow().unwrap_or(Date::MAX))).min();
        working_day.map_or(Ok(edition), |working_day| Err(Unfit::Ends { edition, last, working_day }))
    }

    /// Returns the edition of a family that had begun last by a day, and has ended since, with its last day.
    pub(crate) fn last_to_begin(&self, family: &str, day: Date) -> Option<(&RuleEdition, Date)> {
        let edition = self.of_family(family).filter(|edition| edition.pack.valid_from <= day).last()?;
        Some((edition, self.last_day(edition)?))
    }

    /// Returns the editions of a family, by the day from which they hold.
    pub(crate) fn of_family(&self, family: &str) -> impl Iterator<Item = &RuleEdition> {
        self.editions.iter().filter(move |edition| *edition.pack.id == *family)
    }
}

/// Returns the files of a season's own editions, sorted; warns of others.
fn files(folder: &Path, is_complete: &mut bool, problems: &mut Vec<Diagnostic>) -> Vec<String> {
    if !folder.exists() {
        return Vec::new();
    }
    let names: Result<Vec<String>, std::io::Error> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect());
    let mut names = names.unwrap_or_else(|error| {
        problems.push(unreadable(FOLDER, &error));
        *is_complete = false;
        Vec::new()
    });
    // What systems leave behind unseen.
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    let (editions, others): (Vec<String>, Vec<String>) = names
        .into_iter()
        .map(|name| format!("{FOLDER}/{name}"))
        .partition(|file| Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")));
    problems.extend(others.iter().map(|file| {
        let help = "an edition of a rule pack is a file that ends in .toml; keep other files elsewhere".to_owned();
        Diagnostic::new(Code::RulesFileNotRead, Span::whole(&Origin::file(file)), "the file is not read").with_help(help)
    }));
    editions
}

fn read_edition(dir: &Path, file: &str, problems: &mut Vec<Diagnostic>) -> Option<RuleEdition> {
    let bytes = read_file(&dir.join(file)).map_err(|error| problems.push(unreadable(file, &error))).ok()?;
    let text = decode_utf8(bytes).map_err(|fault| problems.push(decode_problem(file, fault))).ok()?;
    let origin = Origin::file(file);
    let mut reading = Reading::new(Arc::clone(&origin), &text);
    let edition = rule_edition::read(file, false, &mut reading);
    problems.append(&mut reading.problems);
    edition
}

#[cfg(test)]
mod tests {
    use super::*;
    use feriematch_model::{DailyTime, ExtractAge};
    use jiff::civil::{date, time};

    fn catalog(editions: &[(&str, Date, Option<Date>)]) -> RuleCatalog {
        let model = &RuleCatalog::shipped().editions[0];
        let edition = |&(family, valid_from, valid_to): &(&str, Date, Option<Date>)| {
            let mut edition = RuleEdition { valid_to, ..model.clone() };
            (edition.pack.id, edition.pack.valid_from) = (family.into(), valid_from);
            edition
        };
        RuleCatalog::of(editions.iter().map(edition).collect())
    }

    fn periods(days: &[(Date, Date)]) -> Vec<Period> {
        let period = |&(first_day, last_day)| Period { id: "1".into(), name: "1".into(), first_day, last_day };
        days.iter().map(period).collect()
    }

    #[test]
    fn every_shipped_edition_reads_without_a_problem() {
        let shipped = RuleCatalog::shipped();
        assert_eq!(shipped.editions.len(), SHIPPED.len());
        for edition in shipped.editions() {
            assert_eq!(*edition.file, *format!("{}/{}.toml", edition.pack.id, edition.pack.valid_from));
        }
        assert!(shipped.families().eq(["sweden-minors"]));
    }

    #[test]
    fn sweden_minors_says_what_the_provisions_say() {
        for edition in RuleCatalog::shipped().editions() {
            let pack = &edition.pack;
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
            assert_eq!((pack.extract_age, &edition.cohorts), (ExtractAge::Months(12), &None));
        }
    }

    #[test]
    fn an_edition_holds_until_the_next_begins_or_as_long_as_it_says() {
        let catalog = catalog(&[
            ("a", date(2020, 1, 1), None),
            ("a", date(2024, 7, 1), Some(date(2024, 12, 31))),
            ("a", date(2026, 1, 1), None),
            ("b", date(2021, 1, 1), None),
        ]);
        let on = |family, day| catalog.in_force(family, day).map(|edition| edition.pack.valid_from);
        assert_eq!(on("a", date(2019, 12, 31)), None);
        assert_eq!(on("a", date(2020, 1, 1)), Some(date(2020, 1, 1)));
        assert_eq!(on("a", date(2024, 6, 30)), Some(date(2020, 1, 1)));
        assert_eq!(on("a", date(2024, 12, 31)), Some(date(2024, 7, 1)));
        assert_eq!(on("a", date(2025, 1, 1)), None, "the first one does not come back");
        assert_eq!(on("a", date(2026, 1, 1)), Some(date(2026, 1, 1)));
        assert_eq!(on("b", date(2026, 1, 1)), Some(date(2021, 1, 1)));
        assert_eq!(on("c", date(2026, 1, 1)), None);
    }

    #[test]
    fn of_editions_that_overlap_the_one_that_began_last_is_in_force() {
        let catalog = catalog(&[("a", date(2020, 1, 1), Some(date(2024, 12, 31))), ("a", date(2024, 7, 1), None)]);
        let on = |day| catalog.in_force("a", day).map(|edition| edition.pack.valid_from);
        assert_eq!([on(date(2024, 6, 30)), on(date(2024, 7, 1))], [Some(date(2020, 1, 1)), Some(date(2024, 7, 1))]);
        // Whoever began under the first one may go on as long as it says.
        let season = periods(&[(date(2024, 6, 15), date(2024, 7, 15))]);
        assert_eq!(catalog.fit("a", &season).map(|edition| edition.pack.valid_from), Ok(date(2020, 1, 1)));
    }

    #[test]
    fn a_season_goes_by_one_edition() {
        let catalog = catalog(&[("a", date(2020, 1, 1), None), ("a", date(2027, 7, 1), None)]);
        let june = (date(2027, 6, 14), date(2027, 6, 30));
        let july = (date(2027, 7, 5), date(2027, 7, 23));
        let from = |days: &[(Date, Date)]| catalog.fit("a", &periods(days)).map(|edition| edition.pack.valid_from);
        assert_eq!(from(&[june]), Ok(date(2020, 1, 1)));
        assert_eq!(from(&[july]), Ok(date(2027, 7, 1)));
        let last = date(2027, 6, 30);
        let edition = &catalog.editions[0];
        assert_eq!(from(&[july, june]), Err(Unfit::Ends { edition, last, working_day: date(2027, 7, 5) }));
        let through = (date(2027, 6, 14), date(2027, 7, 2));
        assert_eq!(from(&[through]), Err(Unfit::Ends { edition, last, working_day: date(2027, 7, 1) }));
        let early = date(2019, 6, 14);
        assert_eq!(from(&[(early, june.1)]), Err(Unfit::NotInForce { first_working_day: early }));
    }
}
