//! Mechanisms set side by side on one season.

use feriematch_core::balance::GenderCount;
use feriematch_core::{Preparation, Quality};
use feriematch_model::{Gender, Outcome, Verdict};

use crate::picture::{PictureError, StackedShares};
use crate::profile::RankProfile;
use crate::table::{Table, Value, grouped};

/// What one mechanism gives on the season.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The mechanism, and the rule of placement where it has one.
    pub name: String,
    /// Who got their first wish, their second, and so on.
    pub profile: RankProfile,
    /// Stability, envy, waste, and what could be improved.
    pub quality: Quality,
    /// By priority class, in the order of the season.
    pub classes: Vec<Part>,
    /// By recorded sex, in the order of [`Gender::ALL`].
    pub genders: Vec<Part>,
    /// What it took to decide.
    pub seconds: f64,
}

/// What some of the applicants got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// How many of them may take a job that they wish for.
    pub eligible: u32,
    /// How many of them are placed.
    pub placed: u32,
    /// The ranks of their wishes that were met, added up.
    pub ranks: u64,
    /// How many of them were placed on a wish.
    pub on_wish: u32,
}

impl Part {
    fn add(&mut self, verdict: &Verdict) {
        self.eligible += u32::from(!matches!(verdict, Verdict::Ineligible { .. }));
        if let Verdict::Placed(placed) = verdict {
            self.placed += 1;
            self.ranks += placed.rank.map_or(0, u64::from);
            self.on_wish += u32::from(placed.rank.is_some());
        }
    }

    fn values(&self) -> [Value; 4] {
        let share = if self.eligible == 0 { Value::Blank } else { share(self.placed, self.eligible) };
        [self.eligible.into(), self.placed.into(), share, average(self.ranks, self.on_wish)]
    }
}

impl Alternative {
    /// Counts an outcome.
    pub fn new(name: String, preparation: &Preparation<'_>, outcome: &Outcome, quality: Quality, seconds: f64) -> Self {
        let season = preparation.season();
        let mut classes = vec![Part::default(); season.settings().classes.len()];
        let mut genders = vec![Part::default(); Gender::ALL.len()];
        for (applicant, decision) in season.applicants().iter().zip(&outcome.decisions) {
            classes[applicant.class.get()].add(&decision.verdict);
            genders[applicant.gender as usize].add(&decision.verdict);
        }
        Self { name, profile: RankProfile::of(outcome), quality, classes, genders, seconds }
    }

    fn girls_share(&self) -> Value {
        let [female, male, ..] = self.genders[..] else { return Value::Blank };
        let count = GenderCount { female: female.placed, male: male.placed, ..GenderCount::default() };
        count.female_share().map_or(Value::Blank, Value::Share)
    }
}

/// Lays out the comparison: wishes, fairness, classes, recorded sex.
pub fn comparison_tables(alternatives: &[Alternative], classes: &[String], places: u32) -> Vec<Table> {
    vec![
        wishes(alternatives, places),
        fairness(alternatives),
        parts(alternatives, "classes", "What each priority class got", ("class", "Class"), classes, |a| &a.classes),
        parts(
            alternatives,
            "genders",
            "What girls and boys got (recorded sex; no mechanism looks at it unless season.toml has soft targets)",
            ("gender", "Recorded"),
            &["girls", "boys", "other", "unknown"].map(str::to_owned),
            |a| &a.genders,
        ),
    ]
}

fn wishes(alternatives: &[Alternative], places: u32) -> Table {
    let row = |a: &Alternative| {
        let profile = &a.profile;
        let on_wish: u32 = profile.ranks.iter().sum();
        let within =
            |rank: usize| if on_wish == 0 { Value::Blank } else { share(profile.ranks.iter().take(rank).sum(), on_wish) };
        let ranks = (1..).zip(&profile.ranks).map(|(rank, &count)| rank * u64::from(count)).sum();
        vec![
            Value::Text(a.name.clone()),
            profile.placed().into(),
            places.saturating_sub(profile.placed()).into(),
            profile.waiting.into(),
            within(1),
            within(3),
            average(ranks, on_wish),
            Value::from(profile.ranks.len() as u32),
            a.girls_share(),
            Value::Seconds(a.seconds),
        ]
    };
    Table {
        name: "wishes",
        title: "Places filled and wishes met".to_owned(),
        columns: vec![
            ("mechanism", "Mechanism"),
            ("filled", "Filled"),
            ("unfilled", "Unfilled"),
            ("waiting", "Waiting"),
            ("first_wish_share", "1st wish"),
            ("first_three_share", "1st to 3rd"),
            ("average_wish", "Average"),
            ("worst_wish", "Worst"),
            ("girls_share", "Girls"),
            ("seconds", "Time"),
        ],
        rows: alternatives.iter().map(row).collect(),
    }
}

fn fairness(alternatives: &[Alternative]) -> Table {
    let pairs = |count: u64| Value::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let row = |a: &Alternative| {
        let q = &a.quality;
        vec![
            Value::Text(a.name.clone()),
            pairs(q.blocking_pairs),
            pairs(q.envy_pairs),
            q.envious.into(),
            q.wasted.into(),
            q.placeable.into(),
            q.improvable.into(),
            pairs(q.improvable_ranks),
        ]
    };
    Table {
        name: "fairness",
        title: "Fairness (jobs rank by class, home district, lottery) and what could be better at nobody's expense".to_owned(),
        columns: vec![
            ("mechanism", "Mechanism"),
            ("blocking_pairs", "Blocking pairs"),
            ("envy_pairs", "Of these envy"),
            ("envious", "Envious"),
            ("wasted", "Miss a free place"),
            ("placeable", "More could be placed"),
            ("improvable", "Could move up"),
            ("improvable_ranks", "By ranks"),
        ],
        rows: alternatives.iter().map(row).collect(),
    }
}

fn parts(
    alternatives: &[Alternative],
    name: &'static str,
    title: &str,
    column: (&'static str, &'static str),
    names: &[String],
    of: impl Fn(&Alternative) -> &Vec<Part>,
) -> Table {
    let mut rows = Vec::new();
    for (at, part_name) in names.iter().enumerate() {
        for alternative in alternatives.iter().filter(|a| of(a)[at] != Part::default()) {
            let mut row = vec![Value::Text(part_name.clone()), Value::Text(alternative.name.clone())];
            row.extend(of(alternative)[at].values());
            rows.push(row);
        }
    }
    let columns = vec![
        column,
        ("mechanism", "Mechanism"),
        ("eligible", "Eligible"),
        ("placed", "Placed"),
        ("placed_share", "Share"),
        ("average_wish", "Average wish"),
    ];
    Table { name, title: title.to_owned(), columns, rows }
}

/// Draws which wishes each mechanism meets, and how many it leaves waiting.
///
/// # Errors
///
/// Returns an error if the picture cannot be drawn.
pub fn comparison_picture(alternatives: &[Alternative], season: &str) -> Result<String, PictureError> {
    let bar = |a: &Alternative| {
        let at = |rank: usize| a.profile.ranks.get(rank).copied().unwrap_or(0);
        let later = a.profile.ranks.iter().skip(3).sum::<u32>() + a.profile.outside;
        (a.name.clone(), vec![at(0), at(1), at(2), later, a.profile.waiting])
    };
    let picture = StackedShares {
        title: format!("Wishes met by each mechanism: {season}"),
        description: "Of those who may take a job they wish for, who gets which wish by each mechanism, with the same lottery."
            .to_owned(),
        label: "of those who may take a job they wish for, %".to_owned(),
        parts: ["first wish", "second", "third", "later", "no place"].map(str::to_owned).to_vec(),
        bars: alternatives.iter().map(bar).collect(),
    };
    picture.to_svg()
}

/// Says in plain words what the tables show.
pub fn comparison_sentences(alternatives: &[Alternative]) -> String {
    let named = |is: &dyn Fn(&Alternative) -> bool| {
        let names: Vec<&str> = alternatives.iter().filter(|a| is(a)).map(|a| a.name.as_str()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join("; ") }
    };
    let most = alternatives.iter().map(|a| a.profile.placed()).max().unwrap_or(0);
    let is_efficient = |a: &Alternative| a.quality.placeable == 0 && a.quality.improvable == 0;
    format!(
        "Most places filled ({}): {}.\nStable, so that nobody has justified envy or misses a free place: {}.\nNobody could be better off \
         without somebody else losing: {}.\ndocs/mechanisms.md says what each of them guarantees, and when to use it.\n",
        grouped(i64::from(most)),
        named(&|a| a.profile.placed() == most),
        named(&|a| a.quality.blocking_pairs == 0),
        named(&is_efficient),
    )
}

fn share(part: u32, of: u32) -> Value {
    Value::Share(f64::from(part) / f64::from(of))
}

/// Returns an average of ranks, to two decimals.
fn average(ranks: u64, count: u32) -> Value {
    let hundredths = (200 * ranks + u64::from(count)).checked_div(2 * u64::from(count));
    hundredths.and_then(|hundredths| i64::try_from(hundredths).ok()).map_or(Value::Blank, Value::Hundredths)
}
