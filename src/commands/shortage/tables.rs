//! A shortage in tables, and what of it is shown.

use feriematch_model::{ApplicantIx, Season};
use feriematch_plan::{Bottleneck, Gain, HomeShortage, Idle, IdleBecause, Scarce, Shortage};
use feriematch_privacy::{LEAST, suppress};
use feriematch_report::{Table, Value};

use super::words;

/// What is shown of the youths of a bottleneck or of a home district; `None` where it would tell of few.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// Those who compete; of a home district, those who are refused.
    pub(super) youths: Option<u32>,
    /// Those who go without a place in the end.
    pub(super) without: Option<u32>,
    /// Those who are refused, and get a place from a later stream.
    pub(super) later: Option<u32>,
}

/// What is shown of all youths who compete.
pub(super) struct Counts {
    pub(super) are_masked: bool,
    bottlenecks: Vec<Shown>,
    homes: Vec<Shown>,
}

impl Counts {
    /// Decides what is shown: everything, unless it is for the public, or a protected identity is among few.
    pub(super) fn new(season: &Season, found: &Shortage, public: bool) -> Self {
        let bottlenecks: Vec<[u32; 3]> = found.bottlenecks.iter().map(of_bottleneck).collect();
        let homes: Vec<[u32; 3]> = found.homes.iter().map(of_home).collect();
        let is_protected = |&applicant: &ApplicantIx| season.applicant(applicant).protected;
        let is_delicate =
            |refused: &[ApplicantIx], all: &[ApplicantIx]| refused.len() < LEAST as usize && all.iter().any(is_protected);
        let mut parts = found.bottlenecks.iter().flat_map(|scarce| &scarce.parts);
        let are_masked = public
            || parts.any(|part| is_delicate(&part.refused, &part.confined))
            || found.homes.iter().any(|home| is_delicate(&home.refused, &home.refused));
        Self { are_masked, bottlenecks: shown(&bottlenecks, are_masked), homes: shown(&homes, are_masked) }
    }

    pub(super) fn of_bottleneck(&self, at: usize) -> Shown {
        self.bottlenecks[at]
    }

    pub(super) fn of_home(&self, at: usize) -> Shown {
        self.homes[at]
    }
}

/// Returns those who compete, who go without, and who are served later.
fn of_bottleneck(scarce: &Scarce) -> [u32; 3] {
    [scarce.sum(|part| part.confined.len() as u32), scarce.sum(Bottleneck::without), scarce.sum(|part| part.served_later)]
}

fn of_home(home: &HomeShortage) -> [u32; 3] {
    [home.refused.len() as u32, home.without(), home.served_later]
}

/// Masks numbers of few, and those from which they could be computed: the places are known, and so is how many are refused where it is known how
/// many compete.
fn shown(counts: &[[u32; 3]], are_masked: bool) -> Vec<Shown> {
    if !are_masked {
        let show =
            |&[youths, without, later]: &[u32; 3]| Shown { youths: Some(youths), without: Some(without), later: Some(later) };
        return counts.iter().map(show).collect();
    }
    let table: Vec<Vec<u32>> = counts.iter().map(|&[_, without, later]| vec![without, later]).collect();
    let suppressed = if table.is_empty() { Vec::new() } else { suppress(&table).rows };
    let show = |(&[youths, ..], row): (&[u32; 3], Vec<Option<u32>>)| {
        let youths = row[2].map(|_| youths).filter(|&youths| youths >= LEAST);
        Shown { youths, without: row[0], later: row[1] }
    };
    counts.iter().zip(suppressed).map(show).collect()
}

fn or_masked(count: Option<u32>) -> Value {
    count.map_or(Value::Masked, Value::from)
}

/// Lays out bottlenecks, and home districts whose cap is used up.
pub(super) fn bottlenecks(season: &Season, found: &Shortage, counts: &Counts) -> Table {
    let settings = season.settings();
    let stream = |row: usize| Value::from(&*settings.streams[row].id);
    let bottleneck = |(at, scarce): (usize, &Scarce)| {
        let of = scarce.traits;
        let shown = counts.of_bottleneck(at);
        let jobs: Vec<&str> = scarce.jobs().into_iter().map(|job| &*season.job(job).id).collect();
        let caps = scarce.parts.iter().flat_map(|part| part.departments.iter().map(|d| &*settings.departments[d.get()].id));
        let mut caps: Vec<&str> = caps.collect();
        if scarce.parts.iter().any(|part| part.stream_cap) {
            caps.push(&settings.streams[scarce.stream().get()].id);
        }
        vec![
            Value::Count(at as i64 + 1),
            stream(scarce.stream().get()),
            Value::from(of.area.map_or("", |area| &*settings.areas[area.get()].id)),
            Value::from(of.period.map_or("", |period| &*settings.periods[period.get()].id)),
            Value::from(words::employer_id(season, of.employer)),
            Value::from(of.open_to.map_or("", |home| &*settings.districts[home.get()].id)),
            Value::count_or_blank(of.min_age.map(u32::from)),
            Value::Text(jobs.join("|")),
            Value::Text(caps.join("|")),
            or_masked(shown.youths),
            Value::from(scarce.sum(|part| part.places)),
            or_masked(shown.later),
            or_masked(shown.without),
        ]
    };
    let home = |(at, home): (usize, &HomeShortage)| {
        let shown = counts.of_home(at);
        let mut row = vec![Value::Blank, stream(home.stream.get())];
        row.extend(vec![Value::from(""); 4]);
        row.extend([Value::Blank, Value::from(""), Value::from(&*settings.districts[home.district.get()].id)]);
        row.extend([or_masked(shown.youths), Value::Blank, or_masked(shown.later), or_masked(shown.without)]);
        row
    };
    let rows = found.bottlenecks.iter().enumerate().map(bottleneck);
    Table {
        name: "bottlenecks",
        title: "Where places or caps are too few".to_owned(),
        columns: vec![
            ("number", "No."),
            ("stream", "Paid by"),
            ("area", "Area"),
            ("period", "Period"),
            ("employer", "Employer"),
            ("open_to", "For"),
            ("min_age", "From age"),
            ("jobs", "Jobs"),
            ("caps", "Caps too small"),
            ("youths", "Youths"),
            ("places", "Places"),
            ("served_later", "Later stream"),
            ("without", "Go without"),
        ],
        rows: rows.chain(found.homes.iter().enumerate().map(home)).collect(),
    }
}

/// Lays out what one more would give.
pub(super) fn one_more(season: &Season, gains: &[Gain], is_for_people: bool) -> Table {
    let row = |gain: &Gain| {
        let change = |number| Value::Change(Box::new(Value::Count(number)));
        let of = if is_for_people { words::one_more(season, &gain.of) } else { words::one_more_code(season, &gain.of) };
        vec![
            Value::Text(of),
            gain.bottleneck.map_or(Value::Blank, |at| Value::Count(at as i64 + 1)),
            change(gain.gives.places),
            change(gain.gives.first_wishes),
            change(gain.gives.rank_sum),
        ]
    };
    Table {
        name: "one_more",
        title: "What one more would give".to_owned(),
        columns: vec![
            ("one_more", "One more"),
            ("bottleneck", "No."),
            ("places", "Places"),
            ("first_wishes", "First wishes"),
            ("rank_sum", "Ranks"),
        ],
        rows: gains.iter().map(row).collect(),
    }
}

/// Lays out the places that nobody has.
pub(super) fn idle(season: &Season, idle: &[Idle], public: bool, is_for_people: bool) -> Table {
    let row = |idle: &Idle| {
        let because = match (idle.because(), is_for_people) {
            (IdleBecause::NobodyWishes, true) => "nobody wishes for it",
            (IdleBecause::NobodyWishes, false) => "nobody-wishes",
            (IdleBecause::NobodyMay, true) => "nobody who wishes for it may take it",
            (IdleBecause::NobodyMay, false) => "nobody-may",
            (IdleBecause::NobodyWaits, true) => "all who could take it have a place",
            (IdleBecause::NobodyWaits, false) => "nobody-waits",
            (IdleBecause::Cap, true) => "a cap is used up",
            (IdleBecause::Cap, false) => "cap",
        };
        let is_masked = public || (idle.protected > 0 && idle.wish < LEAST);
        let count = |count: u32| if is_masked { Value::Masked } else { Value::from(count) };
        let job = season.job(idle.job);
        let mut row = vec![if is_for_people { Value::Text(words::job(season, idle.job)) } else { Value::from(&*job.id) }];
        row.extend([Value::from(idle.left), count(idle.wish), count(idle.may), count(idle.wait), Value::from(because)]);
        row
    };
    Table {
        name: "idle",
        title: "Places that nobody has".to_owned(),
        columns: vec![
            ("job", "Job"),
            ("left", "Left"),
            ("wish", "Wish for it"),
            ("may", "May take it"),
            ("wait", "Wait"),
            ("because", "Why"),
        ],
        rows: idle.iter().map(row).collect(),
    }
}
