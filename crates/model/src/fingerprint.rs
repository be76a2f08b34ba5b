//! Hashes of a season's content: the same for any row order, file format or encoding.

use blake3::Hasher;
use jiff::civil::{Date, Time};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    Applicant, DailyTime, Employer, ExtractAge, Gender, Job, JobIx, Money, Override, OverrideKind, Payer, Season, Settings,
    SmallSet, Target,
};

/// BLAKE3 hashes of the four parts of a season, in hexadecimal.
///
/// Equal content gives equal hashes, however the files were written; a changed letter anywhere changes the hash of its
/// part. The seed and the mechanism are left out of `settings`: an outcome names them itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Of `season.toml`.
    pub settings: String,
    /// Of the applicants.
    pub applicants: String,
    /// Of the jobs.
    pub jobs: String,
    /// Of the overrides.
    pub overrides: String,
}

impl Fingerprint {
    /// Computes the fingerprint of a season, in time linear in its size, shared by the threads of the current pool.
    pub fn of(season: &Season) -> Self {
        let targets = JobTargets::of(season);
        Self {
            settings: digest("settings", &[season.settings()], |w, settings| w.settings(settings)),
            applicants: digest("applicants", season.applicants(), |w, applicant| w.applicant(season, &targets, applicant)),
            jobs: digest("jobs", season.jobs(), |w, job| w.job(season, job)),
            overrides: digest("overrides", season.overrides(), |w, o| w.decision(season, o)),
        }
    }
}

/// Hashes the rows of a part of the season, one after the other.
fn digest<T: Sync>(part: &str, rows: &[T], write: impl Fn(&mut Writer, &T) + Sync) -> String {
    /// Rows that one thread writes at a time, and that are written before their bytes are hashed.
    const BLOCK: usize = 1 << 10;
    const BATCH: usize = 1 << 15;
    let mut hasher = Hasher::new_derive_key(&format!("feriematch 1 {part}"));
    let mut blocks: Vec<Writer> = Vec::new();
    for batch in rows.chunks(BATCH) {
        blocks.resize_with(batch.len().div_ceil(BLOCK), Writer::default);
        blocks.par_iter_mut().zip(batch.par_chunks(BLOCK)).for_each(|(writer, rows)| {
            writer.0.clear();
            for row in rows {
                write(writer, row);
            }
        });
        for block in &blocks {
            hasher.update_rayon(&block.0);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// The bytes of a wish for each job, written once for the many who wish for it.
struct JobTargets {
    bytes: Vec<u8>,
    /// Where each job's begin, and where the last one's end.
    starts: Vec<usize>,
}

impl JobTargets {
    fn of(season: &Season) -> Self {
        let mut writer = Writer::default();
        let mut starts = vec![0];
        for job in season.jobs() {
            writer.number(0);
            writer.text(&job.id);
            starts.push(writer.0.len());
        }
        Self { bytes: writer.0, starts }
    }

    fn get(&self, job: JobIx) -> &[u8] {
        &self.bytes[self.starts[job.get()]..self.starts[job.get() + 1]]
    }
}

/// Writes values so that no two different sequences of values give the same bytes: numbers have a fixed width, texts, lists
/// and optional values carry their length.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, value: i64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn text(&mut self, value: &str) {
        self.number(value.len() as i64);
        self.0.extend_from_slice(value.as_bytes());
    }

    fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.number(items.len() as i64);
        items.for_each(|item| write(self, item));
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnMut(&mut Self, T)) {
        self.list(value.into_iter(), write);
    }

    fn flag(&mut self, value: bool) {
        self.number(i64::from(value));
    }

    fn date(&mut self, date: Date) {
        self.number(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()));
    }

    fn time(&mut self, time: Time) {
        self.number(i64::from(time.hour()) * 60 + i64::from(time.minute()));
    }

    fn daily_time(&mut self, time: DailyTime) {
        self.time(time.start);
        self.time(time.end);
    }

    fn money(&mut self, amount: Money) {
        self.number(amount.ore());
    }

    fn set<'a, I: Copy + Into<u32>>(&mut self, set: SmallSet<I>, id: impl Fn(usize) -> &'a str) {
        let rows: Vec<usize> = set.rows().collect();
        self.list(rows.into_iter(), |w, row| w.text(id(row)));
    }

    fn settings(&mut self, s: &Settings) {
        self.text(&s.name);
        self.number(i64::from(s.year));
        self.list(s.cohorts.iter(), |w, &year| w.number(i64::from(year)));
        self.list(s.classes.iter(), |w, c| {
            w.text(&c.code);
            w.text(&c.name);
        });
        self.list(s.periods.iter(), |w, p| {
            w.text(&p.id);
            w.text(&p.name);
            w.date(p.first_day);
            w.date(p.last_day);
        });
        self.list(s.areas.iter(), |w, a| {
            w.text(&a.id);
            w.text(&a.name);
        });
        self.list(s.qualifications.iter(), |w, q| {
            w.text(&q.id);
            w.text(&q.name);
        });
        self.list(s.districts.iter(), |w, d| {
            w.text(&d.id);
            w.text(&d.name);
            w.optional(d.budget, Self::money);
            w.optional(d.cap, |w, cap| w.number(i64::from(cap)));
        });
        self.list(s.departments.iter(), |w, d| {
            w.text(&d.id);
            w.text(&d.name);
            w.optional(d.budget, Self::money);
            w.optional(d.cap, |w, cap| w.number(i64::from(cap)));
        });
        self.list(s.streams.iter(), |w, x| {
            w.text(&x.id);
            w.text(&x.name);
            w.number(match x.payer {
                Payer::HomeDistrict => 0,
                Payer::Employer => 1,
                Payer::External => 2,
            });
            w.optional(x.cap, |w, cap| w.number(i64::from(cap)));
            w.set(x.classes, |row| &s.classes[row].code);
            w.list(x.cohorts.iter(), |w, &year| w.number(i64::from(year)));
            w.set(x.home_districts, |row| &s.districts[row].id);
        });
        self.optional(s.cost_per_place, Self::money);
        self.rules(s);
    }

    fn rules(&mut self, s: &Settings) {
        self.text(&s.rule_pack.id);
        self.text(&s.rule_pack.source);
        self.date(s.rule_pack.valid_from);
        // Breaks and weekly rest are left out: they are checked on what was worked, and decide nothing in a run.
        self.list(s.rule_pack.bands.iter(), |w, band| {
            w.number(i64::from(band.from_age));
            w.number(i64::from(band.to_age));
            w.number(i64::from(band.minutes_per_day));
            w.number(i64::from(band.minutes_per_week));
            w.list(band.windows.iter(), |w, &window| w.daily_time(window));
            w.number(i64::from(band.daily_rest_minutes));
            w.flag(band.hazardous);
        });
        // A year is what held when packs did not say it, and seasons with it are written as they were then.
        match s.rule_pack.extract_age {
            ExtractAge::Months(12) => {}
            ExtractAge::Months(months) => {
                self.text("extract in months");
                self.number(i64::from(months));
            }
            ExtractAge::Days(days) => {
                self.text("extract in days");
                self.number(i64::from(days));
            }
        }
        self.list(s.wages.iter(), |w, band| {
            w.number(i64::from(band.from_age));
            w.number(i64::from(band.to_age));
            w.money(band.per_hour);
        });
        // Like breaks, fees for some birth years are for what comes after a run.
        self.number(i64::from(s.employer_fee_basis_points));
        // Seasons without it are written as they were when there was none.
        if !s.reversion.is_empty() {
            self.list(s.reversion.iter(), |w, beneficiary| {
                w.text(&beneficiary.name);
                w.number(i64::from(beneficiary.share));
            });
        }
    }

    fn applicant(&mut self, season: &Season, targets: &JobTargets, a: &Applicant) {
        let s = season.settings();
        self.text(&a.id);
        self.optional(a.name.as_deref(), Self::text);
        self.date(a.birth_date);
        self.number(match a.gender {
            Gender::Female => 0,
            Gender::Male => 1,
            Gender::Other => 2,
            Gender::Unknown => 3,
        });
        self.text(&s.districts[a.home_district.get()].id);
        self.text(&s.classes[a.class.get()].code);
        self.list(a.wishes.iter(), |w, wish| {
            w.number(i64::from(wish.rank));
            match wish.target {
                Target::Job(job) => w.0.extend_from_slice(targets.get(job)),
                Target::Jobs(filter) => {
                    w.number(1);
                    w.optional(filter.area, |w, area| w.text(&s.areas[area.get()].id));
                    w.optional(filter.district, |w, district| w.text(&s.districts[district.get()].id));
                }
            }
        });
        self.set(a.periods, |row| &s.periods[row].id);
        self.set(a.qualifications, |row| &s.qualifications[row].id);
        self.optional(a.extract_shown, Self::date);
        self.number(i64::from(a.protected) + 2 * i64::from(a.displaced));
    }

    fn job(&mut self, season: &Season, j: &Job) {
        let s = season.settings();
        self.text(&j.id);
        self.text(&j.title);
        self.number(match j.employer {
            Employer::District(_) => 0,
            Employer::Department(_) => 1,
        });
        self.text(season.employer_id(j.employer));
        self.optional(j.host_district, |w, d| w.text(&s.districts[d.get()].id));
        self.text(&s.areas[j.area.get()].id);
        self.number(i64::from(j.capacity));
        self.text(&s.periods[j.period.get()].id);
        self.optional(j.min_age, |w, age| w.number(i64::from(age)));
        self.optional(j.max_age, |w, age| w.number(i64::from(age)));
        self.set(j.requires, |row| &s.qualifications[row].id);
        self.flag(j.extract);
        self.flag(j.hazardous);
        self.set(j.open_to, |row| &s.districts[row].id);
        self.set(j.streams, |row| &s.streams[row].id);
        self.optional(j.paid_minutes, |w, m| w.number(i64::from(m)));
        self.optional(j.minutes_per_day, |w, m| w.number(i64::from(m)));
        self.optional(j.minutes_per_week, |w, m| w.number(i64::from(m)));
        self.optional(j.daily_time, Self::daily_time);
    }

    /// Writes an override. One that states its stream counts as a kind of its own: the number tells what follows, and the
    /// others are written as they were when no override could state one.
    fn decision(&mut self, season: &Season, o: &Override) {
        self.number(match (o.kind, o.stream) {
            (OverrideKind::Lock, None) => 0,
            (OverrideKind::Forbid, _) => 1,
            (OverrideKind::Lock, Some(_)) => 2,
            (OverrideKind::Hold, None) => 3,
            (OverrideKind::Hold, Some(_)) => 4,
        });
        if let Some(stream) = o.stream {
            self.text(&season.settings().streams[stream.get()].id);
        }
        self.text(&season.applicant(o.applicant).id);
        self.text(&season.job(o.job).id);
        self.text(&o.reason);
        self.text(&o.by);
    }
}
