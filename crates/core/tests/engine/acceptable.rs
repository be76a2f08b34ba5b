//! Section 2: what wishes name, and at which rank.

use feriematch_core::{Acceptable, Preparation};
use feriematch_model::*;
use rayon::ThreadPoolBuilder;

use crate::builder::{Builder, outcome_of, set, stream};

/// Four jobs: `a` in a park in the north, `b` in an office in the north, `c` in a park in the south, and `d`, a department's office that is in no district.
fn four_jobs() -> Builder {
    let office = |job: &mut Job| job.area = AreaIx::new(1);
    let builder = Builder::new().job("a", 1).job("b", 1).with_job(office);
    let builder = builder.job("c", 1).with_job(|job| job.host_district = Some(DistrictIx::new(1)));
    builder.job("d", 1).with_job(office).with_job(crate::builder::of_department(0))
}

/// Says which jobs an applicant with these wishes may take, and at which rank: `a1 c2`.
fn acceptable(builder: Builder, wishes: &str) -> String {
    let season = builder.applicant("x", wishes).build();
    words(&season, &Preparation::new(&season).acceptable(ApplicantIx::new(0)))
}

fn words(season: &Season, jobs: &[Acceptable]) -> String {
    jobs.iter().map(|a| format!("{}{}", season.job(a.job).id, a.rank)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_wish_names_a_job_or_a_class_of_jobs() {
    for (wishes, expected) in [
        ("c", "c1"),
        ("any", "a1 b1 c1 d1"),
        ("park", "a1 c1"),
        ("office", "b1 d1"),
        ("north", "a1 b1"),
        ("south", "c1"),
        ("park & north", "a1"),
        ("office & north", "b1"),
        ("park & south", "c1"),
        ("office & south", ""),
        ("", ""),
    ] {
        assert_eq!(acceptable(four_jobs(), wishes), expected, "{wishes}");
    }
}

#[test]
fn a_job_counts_at_the_best_rank_of_the_wishes_that_name_it() {
    assert_eq!(acceptable(four_jobs(), "b > park > any"), "a2 b1 c2 d3");
    assert_eq!(acceptable(four_jobs(), "any > park > b"), "a1 b1 c1 d1");
    assert_eq!(acceptable(four_jobs(), "north > park > office"), "a1 b1 c2 d3");
    assert_eq!(acceptable(four_jobs(), "c > c > c"), "c1");
}

#[test]
fn wishes_of_one_rank_tie() {
    assert_eq!(acceptable(four_jobs(), "a = b > c"), "a1 b1 c2");
    assert_eq!(acceptable(four_jobs(), "d = park > any"), "a1 b2 c1 d1");
}

#[test]
fn wishes_that_name_nothing_leave_a_gap() {
    assert_eq!(acceptable(four_jobs(), "office & south > a"), "a2");
    assert_eq!(acceptable(four_jobs().with_job(|job| job.min_age = Some(18)), "d > a"), "a2");
}

#[test]
fn ineligible_jobs_are_wished_for_but_not_acceptable() {
    let season = four_jobs().with_job(|job| job.hazardous = true).applicant("x", "office > a > any");
    let season = season.decide(OverrideKind::Forbid, "x", "a").build();
    let preparation = Preparation::new(&season);
    let x = ApplicantIx::new(0);
    assert_eq!(words(&season, &preparation.acceptable(x)), "b1 c3");
    assert_eq!(words(&season, &preparation.wished(x)), "a2 b1 c3 d1");
    assert_eq!(preparation.rules_against(x), [Rule::HazardousWork, Rule::Forbidden]);
    let rank = |job| preparation.rank(x, JobIx::new(job));
    assert_eq!([0, 1, 2, 3].map(rank), [Some(2), Some(1), Some(3), Some(1)]);
}

#[test]
fn a_stage_is_for_those_with_a_job_that_its_stream_may_pay_for() {
    let streams = |row: usize| move |job: &mut Job| job.streams = if row == 2 { set(&[0, 1]) } else { set(&[row]) };
    let builder = Builder::new().with(|settings| {
        let grant = Stream { cohorts: vec![2010], ..stream("grant", Payer::External) };
        settings.streams.push(grant);
    });
    let builder = builder.job("a", 1).with_job(streams(0)).job("b", 1).with_job(streams(1)).job("c", 1).with_job(streams(2));
    let builder = builder.applicant("x", "any").applicant("y", "any");
    let builder = builder.with_applicant(|a| a.birth_date = jiff::civil::date(2009, 3, 1));
    let season = builder.applicant("z", "b").applicant("za", "a").applicant("zb", "c").build();
    let preparation = Preparation::new(&season);
    let in_stages = |applicant| [0, 1].map(|stream| preparation.takes_part(ApplicantIx::new(applicant), StreamIx::new(stream)));
    assert_eq!(in_stages(0), [true, true]);
    assert_eq!(in_stages(1), [true, false], "the grant is for the cohort of 2010");
    assert_eq!([2, 3, 4].map(in_stages), [[false, true], [true, false], [true, true]]);
    let streams_of_any: Vec<_> = preparation.job_sets().iter().map(|set| set.streams).collect();
    assert_eq!(streams_of_any, [set(&[0, 1]), set(&[0, 1])], "with job b for the one, without it for the other");
}

/// Whom the rules treat alike share what a wish for a class opens; whom an override forbids a job has it written out.
#[test]
fn wishes_for_classes_are_shared() {
    let minors = |job: &mut Job| job.hazardous = true;
    let mut builder = four_jobs().with_job(minors).applicant("x", "any > a").applicant("y", "b > any > any");
    builder = builder.applicant("z", "any").with_applicant(|a| a.birth_date = jiff::civil::date(2009, 3, 1));
    let season = builder.applicant("za", "c > any").decide(OverrideKind::Forbid, "za", "a").build();
    let preparation = Preparation::new(&season);
    let [x, y, z, forbidden] = [0, 1, 2, 3].map(ApplicantIx::new);
    let shared = |applicant| preparation.shared(applicant).iter().map(|wish| (wish.set, wish.rank)).collect::<Vec<_>>();
    assert_eq!([x, y, z, forbidden].map(shared), [vec![(0, 1)], vec![(0, 2)], vec![(1, 1)], vec![]]);
    assert_eq!([0, 1].map(|set| preparation.job_sets()[set].jobs.len()), [3, 4]);
    assert_eq!(words(&season, preparation.single(x)), "a2");
    assert_eq!(words(&season, preparation.single(y)), "b1");
    assert_eq!(words(&season, preparation.single(forbidden)), "b2 c1");
    assert_eq!([x, y, z].map(|a| words(&season, &preparation.acceptable(a))), ["a1 b1 c1", "a2 b1 c2", "a1 b1 c1 d1"]);
    assert_eq!(preparation.entry_count(), 4 + 3 + (3 + 4));
}

/// Twenty thousand applicants and two thousand jobs, where every fifth takes any job: written out, that would be eight million
/// pairs, and sixteen million where every seventh also takes any job in an area. A run by each mechanism, with its audit, has to
/// do without.
#[test]
fn wishes_for_classes_take_room_for_themselves_alone() {
    const APPLICANTS: usize = 20_000;
    const JOBS: usize = 2_000;
    let mut builder = Builder::new();
    for row in 0..JOBS {
        builder = builder.job(&format!("{row:04}"), 1 + row as u32 % 9).with_job(|job| {
            job.area = AreaIx::new(row % 2);
            job.host_district = Some(DistrictIx::new(row % 3 % 2));
            job.hazardous = row % 10 == 0;
            job.open_to = if row % 11 == 0 { set(&[row % 2]) } else { SmallSet::new() };
        });
    }
    builder.0.settings.districts[0].cap = Some(2_000);
    for row in 0..APPLICANTS {
        let single = [row * 7, row * 31, row * row].map(|job| format!("{:04}", job % JOBS)).join(" > ");
        let any = if row % 5 == 0 { " > any" } else { "" };
        let area = if row % 7 == 0 { " > park & south" } else { "" };
        builder = builder.applicant(&format!("{row:05}"), &format!("{single}{area}{any}")).with_applicant(|applicant| {
            applicant.class = ClassIx::new(row % 20);
            applicant.home_district = DistrictIx::new(row % 2);
            applicant.birth_date = jiff::civil::date(2009 + (row % 3) as i16, 1 + (row % 12) as i8, 1);
        });
    }
    let season = builder.build();
    let preparation = Preparation::new(&season);
    // Told apart by the home district and by whether all of the period is after the eighteenth birthday.
    assert!(preparation.job_sets().len() <= 8, "{}", preparation.job_sets().len());
    let wishes: usize = season.applicants().iter().map(|applicant| applicant.wishes.len()).sum();
    assert!(preparation.entry_count() <= wishes + 8 * JOBS, "{} of {wishes}", preparation.entry_count());
    for applicant in (0..APPLICANTS).step_by(997).map(ApplicantIx::new) {
        assert_eq!(preparation.acceptable(applicant), by_definition(&preparation, applicant));
    }
    for mechanism in [Mechanism::Priority, Mechanism::PaperLottery] {
        outcome_of(&season, mechanism);
    }
}

/// Goes through all jobs of the season for what an applicant may take, and at which rank.
fn by_definition(preparation: &Preparation<'_>, applicant: ApplicantIx) -> Vec<Acceptable> {
    let jobs = (0..preparation.season().jobs().len()).map(JobIx::new);
    let eligible = jobs.filter(|&job| preparation.eligibility().check(applicant, job).is_ok());
    eligible.filter_map(|job| Some(Acceptable { job, rank: preparation.rank(applicant, job)? })).collect()
}

/// Thousands of applicants, more than one thread works out at a time: everybody still has what the wishes say, and the outcome does not
/// depend on the number of threads.
#[test]
fn threads_change_nothing() {
    let wishes = ["a", "b > a", "park", "office > any", "south = d", "park & north > c", "c > north > any", "office & south"];
    let mut builder = four_jobs();
    builder.0.jobs.iter_mut().for_each(|job| job.capacity = 40);
    builder.0.settings.districts[0].cap = Some(60);
    for row in 0..9_000 {
        builder = builder.applicant(&format!("{row:05}"), wishes[row % wishes.len()]).with_applicant(|applicant| {
            // Repeated every 3, 5 and 7 rows, so that no block of applicants is like another.
            applicant.class = ClassIx::new(row % 5);
            applicant.home_district = DistrictIx::new(row % 7 % 2);
            applicant.birth_date = jiff::civil::date(2008 + (row % 3) as i16, 3, 1);
        });
    }
    let season = builder.build();
    let preparation = Preparation::new(&season);
    for applicant in (0..season.applicants().len()).map(ApplicantIx::new) {
        assert_eq!(preparation.acceptable(applicant), by_definition(&preparation, applicant));
    }
    for mechanism in Mechanism::ALL {
        let [one, three] = [1, 3].map(|threads| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| outcome_of(&season, mechanism))
        });
        assert_eq!(one, three);
    }
}
