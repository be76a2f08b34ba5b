//! Scenarios: read, made, and played beside the season as it is.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use feriematch_core::RunOptions;
use feriematch_ingest::{Diagnostic, ReadError, ReadOptions, read_season};
use feriematch_model::*;
use feriematch_plan::scenario::{Base, ScenarioFile, ScenarioStudy};
use feriematch_plan::study::{Assumptions, Cell, CellTotals, Figure, FigureKey, Shard, Study, StudyPart};
use feriematch_plan::{OfferRates, Rate};
use proptest::prelude::*;

use toy::{draft_of, season};

/// Reads scenarios of a season.
fn read(base: &Base<'_>, toml: &str) -> Result<(ScenarioFile, Vec<Diagnostic>), ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenarios.toml");
    fs::write(&file, format!("format = 1\n{toml}")).unwrap();
    ScenarioFile::read(&file, base)
}

#[track_caller]
fn scenarios(base: &Base<'_>, toml: &str) -> ScenarioFile {
    let (file, warnings) = read(base, toml).unwrap_or_else(|error| match error {
        ReadError::Invalid(problems) => panic!("{}", problems.iter().map(|p| format!("{p}\n")).collect::<String>()),
        other => panic!("{other}"),
    });
    assert!(warnings.is_empty(), "{warnings:?}");
    file
}

/// Returns the problems of scenarios, errors or warnings.
fn problems(base: &Base<'_>, toml: &str) -> Vec<String> {
    let problems = match read(base, toml) {
        Ok((_, warnings)) => warnings,
        Err(ReadError::Invalid(problems)) => problems,
        Err(other) => panic!("{other}"),
    };
    problems.iter().map(ToString::to_string).collect()
}

/// Every season's offers are declined so often, of a hundred.
fn base(season: &Season, declined: u32) -> Base<'_> {
    let rate = Rate::new(declined, 100).unwrap();
    let assumptions = Assumptions::declines(season.settings().districts.iter().map(|_| rate));
    Base { season, options: RunOptions::of(season), assumptions }
}

fn play(base: &Base<'_>, file: &ScenarioFile, shard: Shard) -> StudyPart {
    let study = ScenarioStudy { base: base.clone(), file, seed: "what if".to_owned(), seasons: 20 };
    let part = study.play(shard, &|| ControlFlow::Continue(())).unwrap();
    assert_eq!(part.study, study.identity().unwrap());
    part
}

fn stockholm() -> Season {
    let dir: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/stockholm-2015");
    read_season(&dir, ReadOptions::default()).unwrap().season
}

/// Sixty who wish for three of six jobs, of two districts and paid in two ways.
fn small() -> Season {
    let applicants: Vec<(usize, Vec<usize>)> =
        (0..60).map(|row| (row % 2, vec![row % 6, (row + 1) % 6, (row + 3) % 6])).collect();
    season(&[5, 3, 7, 2, 4, 6], &applicants, [Some(12), None])
}

fn counts(cell: &CellTotals, key: &FigureKey) -> Vec<(i64, u32)> {
    cell.figure(key).unwrap().counts().collect()
}

#[test]
fn what_changes_nothing_differs_by_nothing_in_every_season() {
    let season = small();
    let base = base(&season, 20);
    let part = play(&base, &scenarios(&base, "[[scenarios]]\nname = \"same\"\nplaces = [{ percent = 100 }]\n"), Shard::WHOLE);
    let [first, same] = &part.cells[..] else { panic!("{:?}", part.cells.len()) };
    assert_eq!((first.name.as_str(), same.name.as_str()), ("as it is", "same"));
    assert!(same.figures().eq(first.figures()) && same.figures().count() > 20);
    for (key, difference) in same.differences() {
        assert_eq!(difference.counts().collect::<Vec<_>>(), [(0, 20)], "{key}");
    }
}

#[test]
fn a_grid_is_its_single_scenarios() {
    let season = small();
    let base = base(&season, 20);
    let grid = "[[grids]]\nname = \"g\"\n[[grids.axes]]\nname = \"a\"\nlevels = [{ name = \"0\" }, { name = \"1\", caps = [{ home_district = \"north\", set = 6 }] }]\n\
                [[grids.axes]]\nname = \"b\"\nlevels = [{ name = \"x\", places = [{ percent = 50 }] }, { name = \"y\" }, { name = \"z\", places = [{ add = 9 }] }]\n";
    let mut singles = String::new();
    for a in ["", "caps = [{ home_district = \"north\", set = 6 }]\n"] {
        for b in ["places = [{ percent = 50 }]\n", "", "places = [{ add = 9 }]\n"] {
            singles.push_str(&format!("[[scenarios]]\nname = \"{}\"\n{a}{b}", singles.len()));
        }
    }
    let [grid, singles] = [grid, &singles].map(|toml| play(&base, &scenarios(&base, toml), Shard::WHOLE));
    let names: Vec<&str> = grid.cells.iter().map(|cell| &*cell.name).collect();
    assert_eq!(names, ["as it is", "g: a 0, b x", "g: a 0, b y", "g: a 0, b z", "g: a 1, b x", "g: a 1, b y", "g: a 1, b z"]);
    for (one, other) in grid.cells.iter().zip(&singles.cells) {
        assert!(one.figures().eq(other.figures()) && one.differences().eq(other.differences()), "{}", one.name);
    }
    let hired = |cell: &CellTotals| counts(cell, &Figure::Hired.into());
    let different: std::collections::BTreeSet<Vec<(i64, u32)>> = grid.cells.iter().map(hired).collect();
    assert!(different.len() >= 4, "{different:?}");
}

#[test]
fn shards_in_any_order_are_the_bytes_of_the_whole() {
    let season = small();
    let base = base(&season, 30);
    let file = scenarios(&base, "[[scenarios]]\nname = \"fewer\"\nplaces = [{ percent = 60 }]\n");
    let bytes = |part: &StudyPart| serde_json::to_string(part).unwrap();
    let whole = play(&base, &file, Shard::WHOLE);
    let parts = ["3/3", "1/3", "2/3"].map(|shard| play(&base, &file, shard.parse().unwrap()));
    assert_eq!(bytes(&StudyPart::merge(parts.into()).unwrap()), bytes(&whole));
    let other = scenarios(&base, "[[scenarios]]\nname = \"fewer\"\nplaces = [{ percent = 70 }]\n");
    let [one, two] = [(&file, "1/2"), (&other, "2/2")].map(|(file, shard)| play(&base, file, shard.parse().unwrap()));
    assert!(StudyPart::merge(vec![one, two]).is_err());
}

/// Serial dictatorship looks at the order of wishes alone, so that it does not matter that ranks have gaps.
#[test]
fn an_employer_who_leaves_is_the_season_without_the_jobs() {
    let mut draft = draft_of(&small());
    draft.settings.mechanism = Mechanism::SerialDictatorship;
    for row in [1, 4] {
        draft.jobs[row].employer = Employer::District(DistrictIx::new(1));
    }
    let season = Season::new(draft.clone()).unwrap();
    let base = base(&season, 25);
    let part = play(&base, &scenarios(&base, "[[scenarios]]\nname = \"s\"\nclose = [{ employer = \"south\" }]\n"), Shard::WHOLE);

    let now_at = [Some(0), None, Some(1), Some(2), None, Some(3)];
    draft.jobs = [0, 2, 3, 5].map(|row| draft.jobs[row].clone()).into();
    for applicant in &mut draft.applicants {
        let kept = applicant.wishes.iter().filter_map(|wish| match wish.target {
            Target::Job(job) => now_at[job.get()].map(|row| Wish { rank: wish.rank, target: Target::Job(JobIx::new(row)) }),
            Target::Jobs(_) => None,
        });
        applicant.wishes = kept.collect();
    }
    let without = Season::new(draft).unwrap();
    let cell =
        Cell { name: "s".to_owned(), season: &without, options: base.options.clone(), assumptions: base.assumptions.clone() };
    let deleted = Study { cells: vec![cell], seed: "what if".to_owned(), seasons: 20 }
        .play(Shard::WHOLE, &|| ControlFlow::Continue(()))
        .unwrap();
    let [deleted] = &deleted.cells[..] else { panic!() };
    assert_eq!(deleted.facts.places, part.cells[1].facts.places);
    let mut compared = 0;
    for (key, figure) in deleted.figures() {
        assert_eq!(part.cells[1].figure(key), Some(figure), "{key}");
        compared += 1;
    }
    assert!(compared > 20 && counts(&part.cells[0], &Figure::Hired.into()) != counts(deleted, &Figure::Hired.into()));
}

#[test]
fn those_who_are_made_up_are_like_others_and_said_to_be() {
    let season = stockholm();
    let base = base(&season, 10);
    let add =
        |many: &str| format!("[[scenarios]]\nname = \"six\"\ncohorts = {{ add = [{{ year = 2000, like = 1999{many} }}] }}\n");
    let born = |season: &Season, year: i16| season.applicants().iter().filter(|a| a.birth_date.year() == year).count();
    let file = scenarios(&base, &add(""));
    let cell = file.cells().next().unwrap();
    let varied = base.vary(cell.changes.iter().copied()).unwrap().season;
    assert_eq!((born(&varied, 2000), born(&varied, 1999)), (born(&season, 1999), born(&season, 1999)));
    assert_eq!(varied.settings().cohorts, [1995, 1996, 1997, 1998, 1999, 2000]);
    for original in season.applicants().iter().filter(|a| a.birth_date.year() == 1999) {
        let copy = varied.applicant(varied.find_applicant(&format!("{}~2000", original.id)).unwrap());
        assert_eq!(
            (copy.wishes.len(), copy.class, copy.home_district),
            (original.wishes.len(), original.class, original.home_district)
        );
        assert_eq!((copy.birth_date.month(), copy.birth_date.year()), (original.birth_date.month(), 2000));
    }
    let told = cell.changes[0].in_words(&season);
    assert_eq!(told, "those born in 2000 may apply: as many made-up applicants as those born in 1999");
    assert!(cell.changes[0].makes_up());
    // Twice as many and seven: everybody twice, and seven three times.
    let models = born(&season, 1999);
    let file = scenarios(&base, &add(&format!(", applicants = {}", 2 * models + 7)));
    let varied = base.vary(file.cells().next().unwrap().changes).unwrap().season;
    let with = |ending: &str| varied.applicants().iter().filter(|a| a.id.ends_with(ending)).count();
    assert_eq!((with("~2000"), with("~2000.2"), with("~2000.3"), born(&varied, 2000)), (models, models, 7, 2 * models + 7));
}

#[test]
fn places_are_divided_exactly() {
    let season = stockholm();
    let base = base(&season, 10);
    let places = |season: &Season| season.jobs().iter().map(|job| job.capacity).sum::<u32>();
    let total = places(&season);
    for percent in [0, 1, 33, 80, 90, 101, 120, 250] {
        let file = scenarios(&base, &format!("[[scenarios]]\nname = \"s\"\nplaces = [{{ percent = {percent} }}]\n"));
        let varied = base.vary(file.cells().next().unwrap().changes).unwrap().season;
        assert_eq!(places(&varied), (total * percent + 50) / 100);
        for (job, now) in season.jobs().iter().zip(varied.jobs()) {
            let quota = f64::from(job.capacity) * f64::from(places(&varied)) / f64::from(total);
            assert!((f64::from(now.capacity) - quota).abs() < 1.0, "{}: {} of {quota}", job.id, now.capacity);
        }
    }
}

/// What is closed stays closed, whatever other axes say of places; and classes and streams mean the same in any order.
#[test]
fn changes_are_made_in_their_own_order() {
    let season = stockholm();
    let base = base(&season, 10);
    let toml = "[[scenarios]]\nname = \"s\"\nplaces = [{ area = \"preschool\", percent = 150 }]\nclose = [{ area = \"preschool\" }]\n\
                funding = { order = [\"department\", \"district\"], streams = [{ id = \"department\", classes = [\"P\"] }] }\n\
                classes = { order = [\"3\", \"2\", \"1\", \"P\"] }\n";
    let file = scenarios(&base, toml);
    let varied = base.vary(file.cells().next().unwrap().changes).unwrap().season;
    let preschool = season.settings().areas.iter().position(|area| &*area.id == "preschool").unwrap();
    assert!(varied.jobs().iter().all(|job| (job.area.get() == preschool) <= (job.capacity == 0)));
    let settings = varied.settings();
    assert_eq!([0, 1].map(|row| &*settings.streams[row].id), ["department", "district"]);
    let admitted: Vec<&str> = settings.streams[0].classes.rows().map(|row| &*settings.classes[row].code).collect();
    assert_eq!(admitted, ["P"]);
    for (before, after) in season.applicants().iter().zip(varied.applicants()) {
        assert_eq!(season.settings().classes[before.class.get()], settings.classes[after.class.get()]);
    }
    for (before, after) in season.jobs().iter().zip(varied.jobs()) {
        let ids = |season: &Season, job: &Job| {
            let mut ids: Vec<String> = job.streams.rows().map(|row| season.settings().streams[row].id.to_string()).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(&season, before), ids(&varied, after));
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_where_and_what_is_meant() {
    let season = stockholm();
    let base = base(&season, 10);
    let toml = "[[scenarios]]\nname = \"a\"\nclose = [{ area = \"preeschool\" }, { employer = \"trafikkontor\" }, { job = \"KH-PARK-1\" }]\n\
                caps = [{ stream = \"departement\", set = 5 }, { set = 5 }, { department = \"trafikkontoret\", set = 5, percent = 5 }]\n\
                cohorts = { drop = [1980], add = [{ year = 1999, like = 1998 }] }\nclasses = { merge = [[\"P\", \"X\"]], order = [\"P\"] }\n\
                answers = [{ of = \"decline\", set = 5 }]\nperiods = [{ id = \"1\", first_day = 2016-06-13, last_day = 2015-06-01 }]\n\
                lift = [\"extracts\"]\nmechanism = { name = \"priorty\" }\nplces = [{ percent = 80 }]\n";
    let found = problems(&base, toml).join("\n");
    for part in [
        "unknown work area `preeschool`\n  --> scenarios.toml:4:19\n  help: did you mean `preschool`?",
        "unknown employer `trafikkontor`\n  --> scenarios.toml:4:48\n  help: did you mean `trafikkontoret`?",
        "unknown job `KH-PARK-1`",
        "unknown funding stream `departement`\n  --> scenarios.toml:5:20\n  help: did you mean `department`?",
        "whose cap: `department`, `stream` or `home_district` is missing",
        "only one of `set`, `add` and `percent`, or `lift = true` can be",
        "1980 is not a cohort of the season",
        "1999 is a cohort of the season already",
        "unknown priority class `X`",
        "the order names 1 of 4: it takes every class once",
        "`decline` is not a choice of",
        "2016-06-13 is not in the season's year 2015",
        "the period ends on 2015-06-01, before it begins on 2016-06-13",
        "`extracts` is not a choice of",
        "`priorty` is not a choice of",
        "unknown key `plces`",
        "help: did you mean `places`?",
    ] {
        assert!(found.contains(part), "`{part}` is not among\n{found}");
    }
}

#[test]
fn what_contradicts_itself_cannot_be_or_changes_nothing_is_said() {
    let season = stockholm();
    let base = base(&season, 10);
    let one = |toml: &str| {
        let found = problems(&base, toml);
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].clone()
    };
    let scenario = |changes: &str| one(&format!("[[scenarios]]\nname = \"a\"\n{changes}\n"));
    let clash = scenario("places = [{ area = \"park\", percent = 80 }, { employer = \"kungsholmen\", add = 5 }]");
    assert!(clash.contains("error[F8201]: the places of `KH-PARK-01` is changed twice"), "{clash}");
    assert!(clash.contains("help: the other change is at scenarios.toml:4:11"), "{clash}");
    let axes = one(
        "[[grids]]\nname = \"g\"\n[[grids.axes]]\nname = \"Wages\"\nlevels = [{ name = \"1\" }, { name = \"2\", wages = [{ percent = 90 }] }]\n\
                    [[grids.axes]]\nname = \"b\"\nlevels = [{ name = \"1\", wages = [{ age = 17, set = 100 }] }]\n",
    );
    assert!(
        axes.contains("error[F8201]: the wage at 17 is changed by the axis `Wages` too\n  --> scenarios.toml:9:11"),
        "{axes}"
    );
    let nobody = scenario("cohorts = { add = [{ year = 2001, like = 2002 }] }");
    assert!(nobody.contains("error[F8202]: the change cannot be made: nobody in the files was born in 2002"), "{nobody}");
    for (changes, says) in [
        ("caps = [{ stream = \"district\", add = 3 }]", "there is no cap to add to"),
        ("caps = [{ stream = \"department\", add = -68 }]", "the cap would be below zero or too large: it is 67 now"),
        ("answers = [{ of = \"declined\", percent = 1000 }, { of = \"lapsed\", set = 1 }]", "more than all offers together"),
        ("calendar = { days_to_answer = 3 }", "there is no calendar yet"),
        (
            "mechanism = { name = \"paper-lottery\", placement = \"generous\" }",
            "the mechanism paper-lottery has no rule of placement",
        ),
    ] {
        let found = problems(&base, &format!("[[scenarios]]\nname = \"a\"\n{changes}\n"));
        assert!(found.iter().any(|problem| problem.contains("error[F8202]") && problem.contains(says)), "{says}: {found:#?}");
    }
    let nothing = scenario("close = [{ area = \"preschool\", employer = \"trafikkontoret\" }]");
    assert!(nothing.contains("warning[W8203]: nothing changes: no places in Förskola, Trafikkontoret already"), "{nothing}");
    let twice = one("[[scenarios]]\nname = \"as it is\"\nwages = [{ percent = 90 }]\n");
    assert!(twice.contains("there are two scenarios called `as it is`"), "{twice}");
    assert!(problems(&base, "")[0].contains("there is no scenario"));
}

/// The example is what the docs say, and a thousand scenarios are made one after the other.
#[test]
fn the_example_and_a_thousand_cells_can_be_read() {
    let season = stockholm();
    let base = base(&season, 10);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/stockholm-2015");
    let (file, warnings) = ScenarioFile::read(&dir.join("scenarios.toml"), &base).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((file.scenarios.len(), file.grids[0].len()), (9, 15));
    assert_eq!(file.grids[0].axes[1].numbers(), Some(vec![80, 90, 100, 110, 120]));

    let small = small();
    let base = self::base(&small, 10);
    let level = |at: u32, changes: &str| format!("{{ name = \"{at}\", {} }}", changes.replace("AT", &at.to_string()));
    let axis = |name: &str, changes: &str| {
        let levels: Vec<String> = (1..=10).map(|at| level(at, changes)).collect();
        format!("[[grids.axes]]\nname = \"{name}\"\nlevels = [{}]\n", levels.join(", "))
    };
    let three = [
        axis("p", "places = [{ add = AT }]"),
        axis("a", "applicants = { percent = AT }"),
        axis("d", "answers = [{ of = \"declined\", set = AT }]"),
    ];
    let file = scenarios(&base, &format!("[[grids]]\nname = \"g\"\n{}", three.concat()));
    assert_eq!((file.len(), file.cells().count()), (1_000, 1_000));
    assert_eq!(file.cells().last().unwrap().name, "g: p 10, a 10, d 10");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// With no declines and one funding stream the greedy choice of a larger gammoid has no fewer. (With declines it may: those who hold a place are not moved.)
    #[test]
    fn more_places_never_hire_fewer(
        capacities in prop::collection::vec(0_u32..4, 1..6),
        wishes in prop::collection::vec(prop::collection::vec(0_usize..6, 1..4), 1..25),
        more in prop::collection::vec(0_u32..3, 6),
    ) {
        let jobs = capacities.len();
        let applicants: Vec<(usize, Vec<usize>)> = wishes
            .into_iter()
            .map(|list| {
                let mut list: Vec<usize> = list.into_iter().map(|job| job % jobs).collect();
                list.sort_unstable();
                list.dedup();
                (0, list)
            })
            .collect();
        let mut draft = draft_of(&season(&capacities, &applicants, [None, None]));
        draft.jobs.iter_mut().for_each(|job| job.streams = [StreamIx::new(0)].into_iter().collect());
        let season = Season::new(draft).unwrap();
        let base = Base { options: RunOptions::of(&season), season: &season, assumptions: Assumptions { answers: vec![OfferRates::ALL_ACCEPT; 2], ..base(&season, 0).assumptions } };
        let rows: Vec<String> = (0..jobs).map(|job| format!("{{ job = \"j{job:02}\", add = {} }}", more[job])).collect();
        let file = scenarios(&base, &format!("[[scenarios]]\nname = \"more\"\nplaces = [{}]\n", rows.join(", ")));
        let part = play(&base, &file, Shard::WHOLE);
        let difference = part.cells[1].difference(&Figure::Hired.into()).unwrap();
        prop_assert!(difference.min() >= Some(0), "{difference:?}");
        prop_assert!(difference.max() <= Some(more[..jobs].iter().sum::<u32>().into()));
    }
}
