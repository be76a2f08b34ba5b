//! Section 1: every rule, on both sides of its boundary.

use feriematch_core::Eligibility;
use feriematch_model::*;
use jiff::civil::{Time, date, time};

use crate::builder::{Builder, hours, period, set, stream};

/// Builds a season of one pair that no rule refuses, changes it, and returns the rule that refuses the pair then.
///
/// The period is from 14 June to 2 July 2027; the applicant is 17 and lives in the district north; there is no second stream.
fn refusal(change: impl FnOnce(&mut Applicant, &mut Job, &mut Settings)) -> Option<Rule> {
    let mut draft = Builder::new().job("a", 1).applicant("x", "a").0;
    change(&mut draft.applicants[0], &mut draft.jobs[0], &mut draft.settings);
    first_refusal(&Season::new(draft).unwrap())
}

/// Returns the rule that refuses the pair of a season's first applicant and first job.
fn first_refusal(season: &Season) -> Option<Rule> {
    Eligibility::new(season).check(ApplicantIx::new(0), JobIx::new(0)).err()
}

/// Returns the rule that refuses an applicant born on a day.
fn refusal_of_born(year: i16, month: i8, day: i8, change: impl FnOnce(&mut Job, &mut Settings)) -> Option<Rule> {
    refusal(|applicant, job, settings| {
        applicant.birth_date = date(year, month, day);
        settings.cohorts = (2000..2020).collect();
        change(job, settings);
    })
}

fn from_to(start: Time, end: Time) -> DailyTime {
    DailyTime { start, end }
}

#[test]
fn nothing_refuses_a_pair_without_conditions() {
    assert_eq!(refusal(|_, _, _| ()), None);
}

#[test]
fn cohort_is_the_calendar_year_of_birth() {
    let born = |year, month, day| refusal(|applicant, _, _| applicant.birth_date = date(year, month, day));
    assert_eq!(born(2008, 12, 31), Some(Rule::Cohort));
    assert_eq!(born(2009, 1, 1), None);
    assert_eq!(born(2011, 12, 31), None);
    assert_eq!(born(2012, 1, 1), Some(Rule::Cohort));
}

#[test]
fn minimum_age_is_reached_on_the_first_day() {
    let sixteen = |job: &mut Job, _: &mut Settings| job.min_age = Some(16);
    assert_eq!(refusal_of_born(2011, 6, 14, sixteen), None);
    assert_eq!(refusal_of_born(2011, 6, 15, sixteen), Some(Rule::MinimumAge));
    // Nobody works below the youngest age of the rule pack, whatever the job says.
    assert_eq!(refusal_of_born(2014, 6, 14, |_, _| ()), None);
    assert_eq!(refusal_of_born(2014, 6, 15, |_, _| ()), Some(Rule::MinimumAge));
    assert_eq!(refusal_of_born(2014, 6, 15, |job, _| job.min_age = Some(10)), Some(Rule::MinimumAge));
}

#[test]
fn maximum_age_is_that_of_the_first_day() {
    let sixteen = |job: &mut Job, _: &mut Settings| job.max_age = Some(16);
    assert_eq!(refusal_of_born(2010, 6, 15, sixteen), None);
    assert_eq!(refusal_of_born(2010, 6, 14, sixteen), Some(Rule::MaximumAge));
}

#[test]
fn hours_are_limited_by_age() {
    let a_day = |minutes| move |job: &mut Job, _: &mut Settings| job.minutes_per_day = Some(minutes);
    let a_week = |minutes| move |job: &mut Job, _: &mut Settings| job.minutes_per_week = Some(minutes);
    for (born, day, week) in [(2012, 7 * 60, 35 * 60), (2010, 8 * 60, 40 * 60)] {
        assert_eq!(refusal_of_born(born, 3, 1, a_day(day)), None);
        assert_eq!(refusal_of_born(born, 3, 1, a_day(day + 1)), Some(Rule::HoursPerDay));
        assert_eq!(refusal_of_born(born, 3, 1, a_week(week)), None);
        assert_eq!(refusal_of_born(born, 3, 1, a_week(week + 1)), Some(Rule::HoursPerWeek));
    }
    assert_eq!(refusal_of_born(2009, 3, 1, a_day(24 * 60)), None);
    assert_eq!(refusal_of_born(2009, 3, 1, a_week(168 * 60)), None);
}

/// Who turns 16, or 18, after the first day, is a child, or a minor, on some day.
#[test]
fn the_age_band_is_that_of_every_day() {
    let a_day = |minutes| move |job: &mut Job, _: &mut Settings| job.minutes_per_day = Some(minutes);
    for (year, minutes) in [(2011, 8 * 60), (2009, 9 * 60)] {
        assert_eq!(refusal_of_born(year, 6, 13, a_day(minutes)), None);
        assert_eq!(refusal_of_born(year, 6, 14, a_day(minutes)), None, "older on the first day");
        assert_eq!(refusal_of_born(year, 6, 15, a_day(minutes)), Some(Rule::HoursPerDay), "older from the second day");
        assert_eq!(refusal_of_born(year, 7, 2, a_day(minutes)), Some(Rule::HoursPerDay), "older on the last day");
        assert_eq!(refusal_of_born(year, 7, 3, a_day(minutes)), Some(Rule::HoursPerDay), "older after the last day");
    }
    // A pack may also take away with age: then the last day counts.
    let stricter_at_16 = |job: &mut Job, settings: &mut Settings| {
        job.minutes_per_day = Some(7 * 60);
        settings.rule_pack.bands[1].minutes_per_day = 6 * 60;
    };
    assert_eq!(refusal_of_born(2011, 7, 2, stricter_at_16), Some(Rule::HoursPerDay), "16 on the last day");
    assert_eq!(refusal_of_born(2011, 7, 3, stricter_at_16), None, "16 after the last day");
}

/// Of two bands within one period, the rule that comes first in the table is given, whichever day breaks it.
#[test]
fn the_first_rule_of_all_days_is_given() {
    let born_16_on_the_last_day = |job: &mut Job, settings: &mut Settings| {
        job.minutes_per_day = Some(7 * 60);
        job.hazardous = true;
        settings.rule_pack.bands[1].minutes_per_day = 6 * 60;
    };
    assert_eq!(refusal_of_born(2011, 7, 3, born_16_on_the_last_day), Some(Rule::HazardousWork));
    assert_eq!(refusal_of_born(2011, 7, 2, born_16_on_the_last_day), Some(Rule::HoursPerDay));
}

#[test]
fn one_window_must_hold_the_whole_working_day() {
    let works = |time| {
        refusal_of_born(2010, 3, 1, |job, settings| {
            job.daily_time = Some(time);
            // The windows of 16 hours are wider than the rest between two days allows.
            settings.rule_pack.bands[1].daily_rest_minutes = 0;
        })
    };
    assert_eq!(works(hours(6, 22)), None);
    assert_eq!(works(hours(7, 23)), None);
    assert_eq!(works(from_to(time(5, 59, 0, 0), time(14, 0, 0, 0))), Some(Rule::WorkingTime));
    assert_eq!(works(from_to(time(15, 0, 0, 0), time(23, 1, 0, 0))), Some(Rule::WorkingTime));
    // Each end lies in some window, but no window holds both.
    assert_eq!(works(hours(6, 23)), Some(Rule::WorkingTime));
    assert_eq!(works(from_to(time(6, 0, 0, 0), time(22, 1, 0, 0))), Some(Rule::WorkingTime));
    assert_eq!(works(from_to(time(6, 59, 0, 0), time(23, 0, 0, 0))), Some(Rule::WorkingTime));
}

#[test]
fn windows_are_those_of_every_day() {
    let evening = |job: &mut Job, _: &mut Settings| job.daily_time = Some(hours(14, 21));
    assert_eq!(refusal_of_born(2011, 6, 14, evening), None);
    assert_eq!(refusal_of_born(2011, 6, 15, evening), Some(Rule::WorkingTime));
    assert_eq!(refusal_of_born(2009, 6, 14, |job, _| job.daily_time = Some(hours(0, 23))), None, "no limits at 18");
}

#[test]
fn daily_rest_counts_by_the_minute() {
    let works_to = |born, hour, minute| {
        refusal_of_born(born, 3, 1, |job, _| job.daily_time = Some(from_to(time(8, 0, 0, 0), time(hour, minute, 0, 0))))
    };
    assert_eq!(works_to(2012, 18, 0), None, "14 hours of rest at 15");
    assert_eq!(works_to(2012, 18, 1), Some(Rule::DailyRest));
    assert_eq!(works_to(2010, 20, 0), None, "12 hours of rest at 17");
    assert_eq!(works_to(2010, 20, 1), Some(Rule::DailyRest));
}

#[test]
fn hazardous_work_is_for_adults_of_every_day() {
    let hazardous = |job: &mut Job, _: &mut Settings| job.hazardous = true;
    assert_eq!(refusal_of_born(2009, 6, 14, hazardous), None, "18 on the first day");
    assert_eq!(refusal_of_born(2009, 6, 15, hazardous), Some(Rule::HazardousWork), "17 on the first day");
    let allowed_at_16 = |job: &mut Job, settings: &mut Settings| {
        job.hazardous = true;
        settings.rule_pack.bands[1].hazardous = true;
    };
    assert_eq!(refusal_of_born(2011, 6, 14, allowed_at_16), None);
    assert_eq!(refusal_of_born(2011, 6, 15, allowed_at_16), Some(Rule::HazardousWork));
}

#[test]
fn a_period_is_refused_if_others_are_named() {
    let with = |periods: &[usize]| {
        refusal(|applicant, job, settings| {
            settings.periods.push(period("2", date(2027, 7, 5), date(2027, 7, 23)));
            job.period = PeriodIx::new(1);
            applicant.periods = set(periods);
        })
    };
    assert_eq!(with(&[]), None);
    assert_eq!(with(&[0]), Some(Rule::Period));
    assert_eq!(with(&[1]), None);
    assert_eq!(with(&[0, 1]), None);
}

#[test]
fn every_required_qualification_is_needed() {
    let with = |has: &[usize]| {
        refusal(|applicant, job, _| {
            job.requires = set(&[0, 1]);
            applicant.qualifications = set(has);
        })
    };
    assert_eq!(with(&[]), Some(Rule::Qualification));
    assert_eq!(with(&[0]), Some(Rule::Qualification));
    assert_eq!(with(&[1]), Some(Rule::Qualification));
    assert_eq!(with(&[0, 1]), None);
}

#[test]
fn an_extract_is_shown_within_a_year_before_the_first_day() {
    let shown = |day| {
        refusal(|applicant, job, _| {
            job.extract = true;
            applicant.extract_shown = day;
        })
    };
    assert_eq!(shown(None), Some(Rule::ExtractMissing));
    assert_eq!(shown(Some(date(2027, 6, 15))), Some(Rule::ExtractMissing), "after the first day");
    assert_eq!(shown(Some(date(2027, 6, 14))), None, "on the first day");
    assert_eq!(shown(Some(date(2026, 6, 14))), None, "on the same date a year before");
    assert_eq!(shown(Some(date(2026, 6, 13))), Some(Rule::ExtractTooOld), "a day older");
    assert_eq!(refusal(|applicant, _, _| applicant.extract_shown = Some(date(2000, 1, 1))), None, "none needed");
}

/// What was shown on 28 February is a year old on 28 February: on 29 February it is older.
#[test]
fn an_extract_ages_over_leap_days() {
    let shown = |first_day, shown| {
        refusal(|applicant, job, settings| {
            job.extract = true;
            settings.periods[0] = period("1", first_day, first_day);
            applicant.extract_shown = Some(shown);
        })
    };
    assert_eq!(shown(date(2028, 2, 29), date(2027, 3, 1)), None);
    assert_eq!(shown(date(2028, 2, 29), date(2027, 2, 28)), Some(Rule::ExtractTooOld));
    assert_eq!(shown(date(2029, 2, 28), date(2028, 2, 29)), None);
    assert_eq!(shown(date(2029, 3, 1), date(2028, 2, 29)), Some(Rule::ExtractTooOld));
}

#[test]
fn the_rule_pack_says_how_old_an_extract_may_be() {
    let shown = |most, first_day, shown| {
        refusal(|applicant, job, settings| {
            job.extract = true;
            settings.rule_pack.extract_age = most;
            settings.periods[0] = period("1", first_day, first_day);
            applicant.extract_shown = Some(shown);
        })
    };
    for (most, first_day, last_good) in [
        (ExtractAge::Months(3), date(2027, 6, 14), date(2027, 3, 14)),
        (ExtractAge::Months(6), date(2027, 3, 14), date(2026, 9, 14)),
        // There is no 31 April: the first day after it is the first that is good.
        (ExtractAge::Months(2), date(2027, 6, 30), date(2027, 4, 30)),
        (ExtractAge::Months(1), date(2027, 5, 31), date(2027, 5, 1)),
        (ExtractAge::Months(25), date(2027, 1, 2), date(2024, 12, 2)),
        (ExtractAge::Days(90), date(2027, 6, 14), date(2027, 3, 16)),
        (ExtractAge::Days(1), date(2027, 1, 1), date(2026, 12, 31)),
    ] {
        assert_eq!(shown(most, first_day, last_good), None, "{most} before {first_day}");
        let older = last_good.yesterday().unwrap();
        assert_eq!(shown(most, first_day, older), Some(Rule::ExtractTooOld), "{most} before {first_day}");
    }
}

#[test]
fn a_job_may_be_open_to_some_districts() {
    let open_to = |districts: &[usize]| refusal(|_, job, _| job.open_to = set(districts));
    assert_eq!(open_to(&[]), None);
    assert_eq!(open_to(&[0]), None);
    assert_eq!(open_to(&[1]), Some(Rule::HomeDistrict));
    assert_eq!(open_to(&[0, 1]), None);
}

/// Conditions that admit nobody but a class, cohort or district that the applicant is not of.
fn with_conditions(id: &str, class: bool, cohort: bool, district: bool) -> Stream {
    Stream {
        classes: if class { set(&[7]) } else { SmallSet::new() },
        cohorts: if cohort { vec![2009] } else { Vec::new() },
        home_districts: if district { set(&[1]) } else { SmallSet::new() },
        ..stream(id, Payer::External)
    }
}

#[test]
fn funding_is_refused_by_the_condition_that_the_first_stream_fails() {
    let paid_by = |streams: Vec<Stream>| {
        refusal(|_, job, settings| {
            job.streams = set(&(0..streams.len()).collect::<Vec<_>>());
            settings.streams = streams;
        })
    };
    let by_class = || with_conditions("class", true, false, false);
    let by_cohort = || with_conditions("cohort", false, true, false);
    let by_district = || with_conditions("district", false, false, true);
    assert_eq!(paid_by(vec![by_class()]), Some(Rule::FundingClass));
    assert_eq!(paid_by(vec![by_cohort()]), Some(Rule::FundingCohort));
    assert_eq!(paid_by(vec![by_district()]), Some(Rule::FundingDistrict));
    assert_eq!(paid_by(vec![with_conditions("all", true, true, true)]), Some(Rule::FundingClass));
    assert_eq!(paid_by(vec![with_conditions("two", false, true, true)]), Some(Rule::FundingCohort));
    assert_eq!(paid_by(vec![by_district(), by_class()]), Some(Rule::FundingDistrict), "the first stream's");
    assert_eq!(paid_by(vec![by_class(), by_cohort(), stream("open", Payer::Employer)]), None, "the last one pays");
}

#[test]
fn funding_conditions_admit_those_they_name() {
    let admitted = Stream {
        classes: set(&[0, 7]),
        cohorts: vec![2009, 2010],
        home_districts: set(&[0]),
        ..stream("named", Payer::HomeDistrict)
    };
    assert_eq!(refusal(|_, _, settings| settings.streams = vec![admitted]), None);
}

/// A stream that could pay, but not for this job, is of no use.
#[test]
fn only_the_streams_of_the_job_pay() {
    let open_stream_of_others = |_: &mut Applicant, job: &mut Job, settings: &mut Settings| {
        settings.streams = vec![stream("open", Payer::External), with_conditions("cohort", false, true, false)];
        job.streams = set(&[1]);
    };
    assert_eq!(refusal(open_stream_of_others), Some(Rule::FundingCohort));
}

#[test]
fn an_override_forbids_one_pair() {
    let season = Builder::new().job("a", 1).job("b", 1).applicant("x", "a").applicant("y", "a");
    let season = season.decide(OverrideKind::Forbid, "x", "a").decide(OverrideKind::Lock, "x", "b").build();
    let eligibility = Eligibility::new(&season);
    let check = |applicant, job| eligibility.check(ApplicantIx::new(applicant), JobIx::new(job));
    assert_eq!(check(0, 0), Err(Rule::Forbidden));
    assert_eq!(check(0, 1), Ok(()));
    assert_eq!(check(1, 0), Ok(()));
}

/// A pair that every rule refuses, mended rule by rule: each time, the next one is given.
#[test]
fn the_rules_are_given_in_order() {
    let mut draft = Builder::new().job("a", 1).applicant("x", "a").decide(OverrideKind::Forbid, "x", "a").with(|_| ()).0;
    draft.settings.cohorts = vec![2011];
    draft.settings.periods.push(period("2", date(2027, 7, 5), date(2027, 7, 23)));
    draft.settings.streams = vec![with_conditions("all", true, true, true)];
    draft.applicants[0].periods = set(&[1]);
    let job = &mut draft.jobs[0];
    (job.min_age, job.max_age) = (Some(18), Some(16));
    (job.minutes_per_day, job.minutes_per_week) = (Some(481), Some(2_401));
    job.daily_time = Some(hours(5, 23));
    (job.hazardous, job.extract) = (true, true);
    job.requires = set(&[0]);
    job.open_to = set(&[1]);

    for rule in Rule::ALL {
        assert_eq!(first_refusal(&Season::new(draft.clone()).unwrap()), Some(rule));
        let (applicant, job, settings) = (&mut draft.applicants[0], &mut draft.jobs[0], &mut draft.settings);
        match rule {
            Rule::Cohort => settings.cohorts.push(2010),
            Rule::MinimumAge => job.min_age = None,
            Rule::MaximumAge => job.max_age = None,
            Rule::HoursPerDay => job.minutes_per_day = None,
            Rule::HoursPerWeek => job.minutes_per_week = None,
            Rule::WorkingTime => job.daily_time = Some(hours(6, 22)),
            Rule::DailyRest => job.daily_time = None,
            Rule::HazardousWork => job.hazardous = false,
            Rule::Period => applicant.periods = SmallSet::new(),
            Rule::Qualification => applicant.qualifications = set(&[0]),
            Rule::ExtractMissing => applicant.extract_shown = Some(date(2020, 1, 1)),
            Rule::ExtractTooOld => job.extract = false,
            Rule::HomeDistrict => job.open_to = SmallSet::new(),
            Rule::FundingClass => settings.streams[0].classes = SmallSet::new(),
            Rule::FundingCohort => settings.streams[0].cohorts = Vec::new(),
            Rule::FundingDistrict => settings.streams[0].home_districts = SmallSet::new(),
            Rule::Forbidden => draft.overrides.clear(),
            _ => unreachable!("a rule that this test does not know"),
        }
    }
    assert_eq!(first_refusal(&Season::new(draft).unwrap()), None);
}
