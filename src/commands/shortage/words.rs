//! A shortage in sentences.

use std::collections::BTreeSet;

use feriematch_model::{Employer, JobIx, Season};
use feriematch_plan::{Bottleneck, Gain, HomeShortage, JobTraits, OneMore, Scarce, Tight};
use feriematch_report::grouped;

use super::tables::Shown;
use crate::commands::counted;

/// Says what jobs have in common; nothing if nothing.
pub(super) fn traits(season: &Season, of: &JobTraits) -> String {
    let settings = season.settings();
    let mut words: Vec<String> = Vec::new();
    words.extend(of.job.map(|job| season.job(job).id.to_string()));
    words.extend(of.area.map(|area| settings.areas[area.get()].name.to_string()));
    words.extend(of.period.map(|period| settings.periods[period.get()].name.to_string()));
    words.extend(of.employer.map(|employer| season.employer_name(employer).to_owned()));
    words.extend(of.open_to.map(|home| format!("for youths of {}", settings.districts[home.get()].name)));
    words.extend(of.min_age.map(|age| format!("from {age} years")));
    words.extend(of.extract.then(|| "with an extract".to_owned()));
    words.join(", ")
}

/// Says which job it is, and what, when and where the work is.
pub(crate) fn job(season: &Season, of: JobIx) -> String {
    let named = JobTraits::of(season, [of]).map(|of| JobTraits { open_to: None, min_age: None, extract: false, ..of });
    named.map(|of| traits(season, &of)).unwrap_or_default()
}

/// The most areas, periods or employers that are named.
const NAMED: usize = 3;

/// Says what some jobs are: in which areas, periods and at which employers, where these are few and not all that there are.
fn jobs(season: &Season, jobs: &[JobIx], common: &JobTraits) -> String {
    if let [_] = jobs {
        return traits(season, common);
    }
    let settings = season.settings();
    let named = |name_of: &dyn Fn(JobIx) -> String, of: usize| {
        let names: BTreeSet<String> = jobs.iter().map(|&job| name_of(job)).collect();
        (names.len() < of && names.len() <= NAMED).then(|| names.into_iter().collect::<Vec<_>>().join(" or "))
    };
    let mut words: Vec<String> = Vec::new();
    words.extend(named(&|job| settings.areas[season.job(job).area.get()].name.to_string(), settings.areas.len()));
    words.extend(named(&|job| settings.periods[season.job(job).period.get()].name.to_string(), settings.periods.len()));
    let employers = settings.districts.len() + settings.departments.len();
    words.extend(named(&|job| season.employer_name(season.job(job).employer).to_owned(), employers));
    let rest = traits(season, &JobTraits { job: None, area: None, period: None, employer: None, ..*common });
    words.extend(Some(rest).filter(|rest| !rest.is_empty()));
    let count = grouped(jobs.len() as i64);
    if words.is_empty() { format!("{count} jobs of many kinds") } else { format!("{} ({count} jobs)", words.join(", ")) }
}

pub(super) fn bottleneck(season: &Season, scarce: &Scarce, shown: Shown) -> String {
    let which = jobs(season, &scarce.jobs(), &scarce.traits);
    let mut text = format!(
        "{} compete for {} of {which}, paid by {}: {}.",
        shown.youths.map_or("*** youths".to_owned(), |count| counted(count as usize, "youth")),
        counted(scarce.sum(|part| part.places) as usize, "place"),
        season.settings().streams[scarce.stream().get()].name,
        fate(shown)
    );
    if scarce.is_capped() {
        text.push_str(&format!(
            " What is too small is {}: {} would be free.",
            caps(season, scarce).join(" and "),
            counted(scarce.sum(|part| part.free) as usize, "place")
        ));
    }
    text
}

/// Names the caps that bind.
fn caps(season: &Season, scarce: &Scarce) -> Vec<String> {
    let settings = season.settings();
    let departments = scarce.parts.iter().flat_map(|part| &part.departments);
    let mut caps: Vec<String> =
        departments.map(|department| format!("the cap of {}", settings.departments[department.get()].name)).collect();
    if scarce.parts.iter().any(|part: &Bottleneck| part.stream_cap) {
        caps.push(format!("the cap of {}", settings.streams[scarce.stream().get()].name));
    }
    caps.sort_unstable();
    caps.dedup();
    caps
}

pub(super) fn tight(season: &Season, tight: &Tight) -> String {
    format!(
        "Of them {} could take nothing but {} ({}): at least {} of these are refused, whatever the lottery.",
        grouped(i64::from(tight.confined)),
        traits(season, &tight.class),
        counted(tight.places as usize, "place"),
        grouped(i64::from(tight.without())),
    )
}

pub(super) fn home(season: &Season, home: &HomeShortage, shown: Shown) -> String {
    let settings = season.settings();
    format!(
        "{} who live in {} are refused by {}, since the district's cap of {} is used up: {}.",
        shown.youths.map_or("***".to_owned(), |count| grouped(i64::from(count))),
        settings.districts[home.district.get()].name,
        settings.streams[home.stream.get()].name,
        grouped(i64::from(home.cap)),
        fate(shown)
    )
}

/// Says what becomes of those who are refused.
fn fate(shown: Shown) -> String {
    let count = |count: Option<u32>| count.map_or("***".to_owned(), |count| grouped(i64::from(count)));
    let go = if shown.without == Some(1) { "goes" } else { "go" };
    match shown.later {
        Some(0) => format!("{} {go} without", count(shown.without)),
        later => format!(
            "{} of those refused get a place from a later stream, and {} {go} without",
            count(later),
            count(shown.without)
        ),
    }
}

/// Says what there is one more of.
pub(crate) fn one_more(season: &Season, of: &OneMore) -> String {
    let settings = season.settings();
    let cap = |name: &str| format!("one more within the cap of {name}");
    let mut words: Vec<String> = Vec::new();
    words.extend(of.job.map(|of| format!("a place of {}", job(season, of))));
    words.extend(of.department.map(|department| cap(&settings.departments[department.get()].name)));
    words.extend(of.stream.map(|stream| cap(&settings.streams[stream.get()].name)));
    words.extend(of.home.map(|home| format!("one more of those who live in {}", settings.districts[home.get()].name)));
    words.join(", and ")
}

/// Says where a place alone gives no place, as far as was tried, and what does; and which home districts' caps do not help.
pub(super) fn caps_and_places(season: &Season, gains: &[Gain]) -> Vec<String> {
    let numbers: BTreeSet<usize> = gains.iter().filter_map(|gain| gain.bottleneck).collect();
    let helps = |gain: &&Gain| gain.gives.places > 0;
    let is_place = |gain: &Gain| gain.of == OneMore { job: gain.of.job, ..OneMore::default() };
    let of_bottleneck = |at: usize| {
        let tried = || gains.iter().filter(move |gain| gain.bottleneck == Some(at));
        let mut places = tried().filter(|gain| is_place(gain)).peekable();
        if places.peek().is_none() || places.any(|gain| helps(&gain)) {
            return None;
        }
        Some(match tried().find(helps) {
            Some(gain) => format!("In no. {} a place alone gives nothing, but {} does.", at + 1, one_more(season, &gain.of)),
            None => format!("In no. {} nothing that was tried gives a place.", at + 1),
        })
    };
    let home = |gain: &Gain| {
        let district = &season.settings().districts[gain.of.home?.get()].name;
        (!helps(&gain)).then(|| format!("One more within the cap of {district} gives nothing alone: places are too few as well."))
    };
    numbers.into_iter().filter_map(of_bottleneck).chain(gains.iter().filter_map(home)).collect()
}

/// Returns the code of what there is one more of.
pub(crate) fn one_more_code(season: &Season, of: &OneMore) -> String {
    let settings = season.settings();
    let mut codes: Vec<String> = Vec::new();
    codes.extend(of.job.map(|job| format!("job:{}", season.job(job).id)));
    codes.extend(of.department.map(|department| format!("department-cap:{}", settings.departments[department.get()].id)));
    codes.extend(of.stream.map(|stream| format!("stream-cap:{}", settings.streams[stream.get()].id)));
    codes.extend(of.home.map(|home| format!("home-cap:{}", settings.districts[home.get()].id)));
    codes.join("+")
}

/// Returns the id of the employer that jobs have in common.
pub(super) fn employer_id(season: &Season, employer: Option<Employer>) -> &str {
    employer.map_or("", |employer| season.employer_id(employer))
}
