//! The balance to publish: nothing in it tells of fewer than five people.
//!
//! Everybody is counted once in each table, by what came of the application and by recorded sex, and small counts are left out with those from which
//! they could be computed ([`suppress`]). The sums of the columns are the same in every table and are always shown, so the columns are chosen so that
//! these are large: if few people gave a place up, they stand with those without one; if few are recorded as neither girls nor boys, they stand with the
//! boys, in a column that says so. So every table keeps its totals. Tables by job are not published, since most jobs have few places.

use feriematch_core::balance::{GenderCount, wilson_interval};
use feriematch_privacy::{LEAST, suppress};

use super::{AreaBalance, Balance, BalanceGroup, Segregation, Source, Stage, Whom, measures, picture, sentences, tables};
use crate::dimension::Dimension;
use crate::measures::Measure;
use crate::picture::PictureError;
use crate::table::{Table, Value, grouped};

/// What came of applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// With a place.
    Placed,
    /// Without a place that they had: declined, not answered in time, given back, or lost to the employer.
    GaveUp,
    /// Without a place, and never offered one.
    Without,
    /// Without a place, whether or not they were offered one.
    NotPlaced,
}

/// Which recorded sexes have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sex {
    Girls,
    Boys,
    /// Neither, or not recorded.
    Others,
    /// Whoever is not recorded as a girl.
    BoysAndOthers,
}

impl Fate {
    fn of(self, group: &BalanceGroup, source: Source) -> GenderCount {
        let sum = |stages: &[Stage]| stages.iter().map(|&stage| group.count(stage)).sum();
        let gave_up = || sum(&[Stage::Declined, Stage::Lapsed, Stage::Withdrew, Stage::Displaced]);
        let without = || sum(&[Stage::NotEligible, Stage::Waiting, Stage::LeftBefore]);
        match self {
            Self::Placed if source.knows_answers() => sum(&[Stage::Open, Stage::Accepted, Stage::Signed]),
            Self::Placed => group.count(Stage::Offered),
            Self::GaveUp => gave_up(),
            Self::Without => without(),
            Self::NotPlaced => gave_up() + without(),
        }
    }
}

impl Sex {
    const fn of(self, count: GenderCount) -> u32 {
        match self {
            Self::Girls => count.female,
            Self::Boys => count.male,
            Self::Others => count.other + count.unknown,
            Self::BoysAndOthers => count.male + count.other + count.unknown,
        }
    }
}

/// The name that programs use for a column, and its heading.
const fn heading(sex: Sex, fate: Fate) -> (&'static str, &'static str) {
    match (sex, fate) {
        (Sex::Girls, Fate::Placed) => ("girls_with_a_place", "Girls with a place"),
        (Sex::Girls, Fate::GaveUp) => ("girls_gave_up_or_lost", "gave up or lost one"),
        (Sex::Girls, Fate::Without) => ("girls_never_offered", "never offered one"),
        (Sex::Girls, Fate::NotPlaced) => ("girls_without_a_place", "without"),
        (Sex::Boys, Fate::Placed) => ("boys_with_a_place", "Boys with a place"),
        (Sex::Boys, Fate::GaveUp) => ("boys_gave_up_or_lost", "gave up or lost one"),
        (Sex::Boys, Fate::Without) => ("boys_never_offered", "never offered one"),
        (Sex::Boys, Fate::NotPlaced) => ("boys_without_a_place", "without"),
        (Sex::Others, Fate::Placed) => ("other_or_unknown_with_a_place", "Others with a place"),
        (Sex::Others, Fate::GaveUp) => ("other_or_unknown_gave_up_or_lost", "gave up or lost one"),
        (Sex::Others, Fate::Without) => ("other_or_unknown_never_offered", "never offered one"),
        (Sex::Others, Fate::NotPlaced) => ("other_or_unknown_without_a_place", "without"),
        (Sex::BoysAndOthers, Fate::Placed) => ("boys_other_or_unknown_with_a_place", "Boys and others with a place"),
        (Sex::BoysAndOthers, Fate::GaveUp) => ("boys_other_or_unknown_gave_up_or_lost", "gave up or lost one"),
        (Sex::BoysAndOthers, Fate::Without) => ("boys_other_or_unknown_never_offered", "never offered one"),
        (Sex::BoysAndOthers, Fate::NotPlaced) => ("boys_other_or_unknown_without_a_place", "without"),
    }
}

/// The columns of all tables: sexes times fates.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Columns {
    sexes: Vec<Sex>,
    fates: Vec<Fate>,
}

impl Columns {
    /// Chooses the finest columns whose sums tell of nobody; `None` if there are none.
    fn choose(all: &BalanceGroup, source: Source) -> Option<Self> {
        let others = Sex::Others.of(all.count(Stage::Applications));
        let mut apart = vec![Sex::Girls, Sex::Boys];
        apart.extend((others > 0).then_some(Sex::Others));
        let together = vec![Sex::Girls, Sex::BoysAndOthers];
        let fine = vec![Fate::Placed, Fate::GaveUp, Fate::Without];
        let coarse = vec![Fate::Placed, Fate::NotPlaced];
        let mut candidates = Vec::new();
        for sexes in [apart, together] {
            if source.knows_answers() {
                candidates.push(Self { sexes: sexes.clone(), fates: fine.clone() });
            }
            candidates.push(Self { sexes, fates: coarse.clone() });
        }
        candidates.into_iter().find(|columns| columns.cells(all, source).iter().all(|count| !(1..LEAST).contains(count)))
    }

    /// Returns the counts of a group, sex by sex.
    fn cells(&self, group: &BalanceGroup, source: Source) -> Vec<u32> {
        self.pairs().map(|(sex, fate)| sex.of(fate.of(group, source))).collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (Sex, Fate)> {
        self.sexes.iter().flat_map(|&sex| self.fates.iter().map(move |&fate| (sex, fate)))
    }

    /// Returns whether boys have a column of their own.
    fn tells_boys(&self) -> bool {
        self.sexes.contains(&Sex::Boys)
    }
}

/// The balance of a season without anything from which few people could be told.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicBalance {
    season: String,
    source: Source,
    tables: Vec<(Dimension, Suppressed)>,
    columns: Option<Columns>,
    all: Vec<u32>,
    segregation: Vec<Segregation>,
    areas: Vec<AreaBalance>,
}

/// A table with what is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suppressed {
    columns: Columns,
    /// The ids and names of the rows, the last being the sums of the columns.
    names: Vec<(String, String)>,
    /// The counts of the rows, each with its sum at the end.
    rows: Vec<Vec<Option<u32>>>,
}

impl PublicBalance {
    /// Returns what of a balance may be published.
    pub fn new(balance: &Balance) -> Self {
        let source = balance.source;
        let columns = Columns::choose(&balance.all, source);
        let dimensions = balance.dimensions.iter().filter(|(dimension, _)| *dimension != Dimension::Job);
        let tables = columns.iter().flat_map(|columns| {
            let table = |(dimension, groups): &(Dimension, Vec<BalanceGroup>)| {
                (*dimension, Suppressed::new(columns, *dimension, groups, &balance.all, source))
            };
            dimensions.clone().map(table)
        });
        let tables = tables.collect();
        let by_area =
            columns.as_ref().map(|columns| Suppressed::new(columns, Dimension::Area, &balance.area_groups, &balance.all, source));
        let is_whole = by_area.as_ref().is_some_and(|table| table.columns.tells_boys() && table.is_whole());
        let is_shown = |row: &&Segregation| match row.whom {
            Whom::Applicants | Whom::Placed => row.counts.iter().all(|&count| count >= LEAST),
            // Where counts are left out, the measure would be an equation from which to compute them.
            Whom::Places => row.units == Dimension::Area && is_whole,
            Whom::Hired => false,
        };
        Self {
            season: balance.season.clone(),
            source,
            tables,
            all: columns.as_ref().map_or(Vec::new(), |columns| columns.cells(&balance.all, source)),
            segregation: balance.segregation.iter().filter(is_shown).copied().collect(),
            areas: areas(balance, by_area.as_ref()),
            columns,
        }
    }

    /// Lays out all tables.
    pub fn tables(&self) -> Vec<Table> {
        let mut all: Vec<Table> = self.tables.iter().map(|(dimension, table)| table.lay_out(*dimension, self.source)).collect();
        if !self.segregation.is_empty() {
            all.push(tables::segregation(&self.segregation));
        }
        all
    }

    /// Returns every figure in long form.
    pub fn measures(&self) -> Vec<Measure> {
        let mut all = Vec::new();
        if let Some(columns) = &self.columns {
            for ((sex, fate), &count) in columns.pairs().zip(&self.all) {
                let measure = heading(sex, fate).0.to_owned();
                all.push(Measure { group: "total", key: "all".to_owned(), measure, value: count.into() });
            }
        }
        for (dimension, table) in &self.tables {
            for ((id, _), row) in table.names.iter().zip(&table.rows) {
                let names = table.columns.pairs().map(|(sex, fate)| heading(sex, fate).0).chain([sum_heading(*dimension).0]);
                for (name, cell) in names.zip(row) {
                    let (key, measure) = (id.clone(), name.to_owned());
                    all.push(Measure { group: dimension.key(), key, measure, value: shown(*cell) });
                }
            }
        }
        measures::put_segregation(&mut all, &self.segregation);
        all
    }

    /// Says in plain words what may be said, and what is left out.
    pub fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        match &self.columns {
            None => all.push(format!(
                "There are too few people to publish counts: fewer than {LEAST} of some kind in every way to count."
            )),
            Some(columns) => {
                all.push(self.whole(columns));
                all.push(format!(
                    "Counts of 1 to {} are left out (***), and with them others from which they could be computed; every sum of a column is there.",
                    LEAST - 1
                ));
                if !columns.tells_boys() {
                    all.push(format!(
                        "Fewer than {LEAST} people of some kind are recorded as neither girls nor boys: they are counted with the boys, and shares are of all."
                    ));
                }
            }
        }
        all.extend(sentences::segregation(&self.segregation));
        all.push(sentences::NO_REASON.to_owned());
        all
    }

    /// Says how many girls there are among those with a place, and among all who applied.
    fn whole(&self, columns: &Columns) -> String {
        let sum = |is_of: &dyn Fn(Sex, Fate) -> bool| -> u32 {
            columns.pairs().zip(&self.all).filter(|((sex, fate), _)| is_of(*sex, *fate)).map(|(_, count)| count).sum()
        };
        let base = |sex: Sex| sex != Sex::Others;
        let placed = sum(&|sex, fate| base(sex) && fate == Fate::Placed);
        let girls = sum(&|sex, fate| sex == Sex::Girls && fate == Fate::Placed);
        let (applied, of_applied) = (sum(&|sex, _| base(sex)), sum(&|sex, _| sex == Sex::Girls));
        let share = |part: u32, whole: u32| if whole > 0 { f64::from(part) / f64::from(whole) * 100.0 } else { 0.0 };
        let count = |people: u32| grouped(i64::from(people));
        let interval = wilson_interval(girls, placed)
            .map_or(String::new(), |(low, high)| format!(" (95 % interval {:.1} to {:.1} %)", low * 100.0, high * 100.0));
        format!(
            "{} of {} with a place are girls, {:.1} %{interval}; of all who applied {} of {}, {:.1} %.",
            count(girls),
            count(placed),
            share(girls, placed),
            count(of_applied),
            count(applied),
            share(of_applied, applied)
        )
    }

    /// Draws the share of girls by work area, where it may be shown.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be drawn.
    pub fn picture(&self) -> Result<String, PictureError> {
        picture::draw(&self.season, &self.areas, None)
    }
}

/// Returns of the areas what may be shown.
fn areas(balance: &Balance, table: Option<&Suppressed>) -> Vec<AreaBalance> {
    let is_large = |people: f64| people == 0.0 || people >= f64::from(LEAST);
    let shown = |(number, area): (usize, &AreaBalance)| AreaBalance {
        wish: area.wish.filter(|sexes| sexes.iter().all(|&people| is_large(people))),
        placed: table.filter(|table| table.columns.tells_boys()).and_then(|table| {
            let cell = |sex| table.rows[number][table.columns.sexes.iter().position(|&of| of == sex)?];
            Some(GenderCount { female: cell(Sex::Girls)?, male: cell(Sex::Boys)?, ..GenderCount::default() })
        }),
        ..area.clone()
    };
    balance.areas.iter().enumerate().map(shown).collect()
}

fn shown(cell: Option<u32>) -> Value {
    cell.map_or(Value::Masked, Value::from)
}

impl Suppressed {
    /// Counts the groups of a dimension, everybody once. Where people belong to groups by their places, those without one are left out; a last group has those whose
    /// place is in none.
    fn new(columns: &Columns, dimension: Dimension, groups: &[BalanceGroup], all: &BalanceGroup, source: Source) -> Self {
        let is_of_people = dimension.of_applicant().is_some();
        let mut columns = columns.clone();
        if !is_of_people {
            columns.fates = vec![Fate::Placed];
        }
        let mut names: Vec<(String, String)> = groups.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
        let mut counts: Vec<Vec<u32>> = groups.iter().map(|group| columns.cells(group, source)).collect();
        let whole = columns.cells(all, source);
        let rest: Vec<u32> =
            (0..whole.len()).map(|column| whole[column] - counts.iter().map(|row| row[column]).sum::<u32>()).collect();
        if rest.iter().any(|&count| count > 0) {
            names.push(("other".to_owned(), "elsewhere".to_owned()));
            counts.push(rest);
        }
        names.push(("all".to_owned(), "All".to_owned()));
        let rows = if groups.is_empty() { vec![vec![None; whole.len() + 1]; names.len()] } else { suppress(&counts).rows };
        Self { columns, names, rows }
    }

    /// Returns whether nothing is left out.
    fn is_whole(&self) -> bool {
        self.rows.iter().flatten().all(Option::is_some)
    }

    fn lay_out(&self, dimension: Dimension, source: Source) -> Table {
        let mut columns = vec![("id", "Id"), ("name", "Name")];
        columns.extend(self.columns.pairs().map(|(sex, fate)| heading(sex, fate)));
        columns.push(sum_heading(dimension));
        columns.extend([
            ("girls_share_with_a_place", "Girls with a place, share"),
            ("interval_low", "95 % from"),
            ("interval_high", "to"),
        ]);
        let placed = |row: &[Option<u32>], sex: Sex| {
            let at = self.columns.pairs().position(|pair| pair == (sex, Fate::Placed))?;
            row[at]
        };
        let row = |((id, name), cells): (&(String, String), &Vec<Option<u32>>)| {
            let mut row = vec![Value::Text(id.clone()), Value::Text(name.clone())];
            row.extend(cells.iter().map(|&cell| shown(cell)));
            let others = if self.columns.tells_boys() { Sex::Boys } else { Sex::BoysAndOthers };
            match placed(cells, Sex::Girls).zip(placed(cells, others)) {
                None => row.extend([Value::Masked, Value::Masked, Value::Masked]),
                Some((girls, others)) => {
                    let whole = girls + others;
                    let share = (whole > 0).then(|| f64::from(girls) / f64::from(whole));
                    let interval = wilson_interval(girls, whole);
                    let ends = [share, interval.map(|(low, _)| low), interval.map(|(_, high)| high)];
                    row.extend(ends.map(|end| end.map_or(Value::Blank, Value::Share)));
                }
            }
            row
        };
        Table {
            name: dimension.key(),
            title: format!("{}, {}", dimension.public_title(), source.in_words()),
            columns,
            rows: self.names.iter().zip(&self.rows).map(row).collect(),
        }
    }
}

/// The name and the heading of the last column, the sums of the rows.
fn sum_heading(dimension: Dimension) -> (&'static str, &'static str) {
    if dimension.of_applicant().is_some() { ("applications", "Applied") } else { ("with_a_place", "All with a place") }
}

impl Dimension {
    /// Returns the heading of a published table.
    const fn public_title(self) -> &'static str {
        match self {
            Self::District => "Everybody who applied, by home district",
            Self::Cohort => "Everybody who applied, by birth year",
            Self::Class => "Everybody who applied, by priority class",
            Self::Department => "Those with a place, by department",
            Self::Job => "Those with a place, by job",
            Self::Period => "Those with a place, by period",
            Self::Area => "Those with a place, by work area",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of people without a record: girls, boys and others with a place, and the same without.
    fn group(id: &str, placed: [u32; 3], waiting: [u32; 3]) -> BalanceGroup {
        let count = |[female, male, other]: [u32; 3]| GenderCount { female, male, other, unknown: 0 };
        let (placed, waiting) = (count(placed), count(waiting));
        BalanceGroup::with(id, &[(Stage::Applications, placed + waiting), (Stage::Offered, placed), (Stage::Waiting, waiting)])
    }

    fn columns(placed: [u32; 3], waiting: [u32; 3]) -> Option<(bool, usize)> {
        let columns = Columns::choose(&group("all", placed, waiting), Source::Outcome)?;
        Some((columns.tells_boys(), columns.sexes.len()))
    }

    #[test]
    fn columns_are_as_fine_as_their_sums_allow() {
        assert_eq!(columns([30, 20, 0], [9, 9, 0]), Some((true, 2)));
        assert_eq!(columns([30, 20, 5], [9, 9, 7]), Some((true, 3)));
        // One of the others waits: they are counted with the boys.
        assert_eq!(columns([30, 20, 5], [9, 9, 1]), Some((false, 2)));
        assert_eq!(columns([30, 3, 2], [9, 9, 0]), Some((false, 2)));
        assert_eq!(columns([30, 3, 1], [9, 9, 0]), None);
        // With a record those who gave a place up have a column if they are enough of each.
        let of = |declined: u32| {
            let count = |female, male| GenderCount { female, male, ..GenderCount::default() };
            let stages = [(Stage::Signed, count(40, 40)), (Stage::Declined, count(declined, 8)), (Stage::Waiting, count(9, 9))];
            Columns::choose(&BalanceGroup::with("all", &stages), Source::Record { rounds: 1 }).map(|columns| columns.fates.len())
        };
        assert_eq!([of(8), of(3)], [Some(3), Some(2)]);
    }

    /// Two departments, and the rest of the places elsewhere: the sums of the columns are those of everybody with a place.
    #[test]
    fn those_in_no_group_have_a_row_so_that_the_sums_are_of_everybody() {
        let all = group("all", [60, 50, 0], [40, 40, 0]);
        let groups = [group("a", [10, 12, 0], [5, 5, 0]), group("b", [3, 9, 0], [5, 5, 0])];
        let columns = Columns::choose(&all, Source::Outcome).unwrap();
        let table = Suppressed::new(&columns, Dimension::Department, &groups, &all, Source::Outcome);
        assert_eq!(table.names.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["a", "b", "other", "all"]);
        assert_eq!(table.rows[3], [Some(60), Some(50), Some(110)]);
        // 3 is small, and would follow from its row and its column: three more are left out with it.
        assert_eq!(table.rows[1][0], None);
        assert_eq!(table.rows.iter().flatten().filter(|cell| cell.is_none()).count(), 4);
        assert!(!table.is_whole());
    }
}
