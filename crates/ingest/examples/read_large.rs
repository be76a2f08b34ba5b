//! Measures reading a large season: `cargo run --release -p feriematch-ingest --example read_large -- 200000`.
//!
//! Writes a season of so many applicants with ten wishes each, a job for every ten applicants, reads it, and prints the time and
//! the peak memory.

use std::fmt::Write;
use std::time::Instant;
use std::{env, fs};

use feriematch_ingest::{ReadOptions, read_season, starter_files};

fn main() {
    let applicants: usize = env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(200_000);
    let broken = env::args().nth(2).is_some_and(|word| word == "broken");
    let jobs = applicants / 10;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (season, text) = starter_files()[0];
    fs::write(dir.path().join(season), text).expect("season.toml is written");

    let mut table = String::from("job_id;title;employer;area;capacity;period;funding\n");
    for job in 0..jobs {
        let district = ["norrmalm", "ostermalm"][job % 2];
        let _ = writeln!(table, "J-{job:06};Sommarjobb nr {job};{district};park;{};1;district", job % 20);
    }
    fs::write(dir.path().join("jobs.csv"), &table).expect("jobs.csv is written");

    let mut table = String::from("applicant_id;birth_date;name;gender;home_district;class;wishes\n");
    let mut state = 1_u64;
    for applicant in 0..applicants {
        let _ = write!(table, "A-{applicant:07};2010-0{}-15;Förnamn Efternamn {applicant};F;norrmalm;P;", 1 + applicant % 9);
        for wish in 0..10 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let job = (state >> 33) as usize % jobs;
            let prefix = if broken { "K" } else { "J" };
            let _ = write!(table, "{}{prefix}-{job:06}", if wish == 0 { "" } else { " > " });
        }
        table.push('\n');
    }
    let megabytes = table.len() / 1_000_000;
    fs::write(dir.path().join("applicants.csv"), &table).expect("applicants.csv is written");
    drop(table);

    let before = peak_megabytes();
    let start = Instant::now();
    let result = read_season(dir.path(), ReadOptions::default());
    let seconds = start.elapsed().as_secs_f64();
    let what = match &result {
        Ok(loaded) => format!("{} applicants, {} warnings", loaded.season.applicants().len(), loaded.warnings.len()),
        Err(error) => error.to_string(),
    };
    println!("{what}; applicants.csv {megabytes} MB; {seconds:.2} s; peak {} MB (before: {before} MB)", peak_megabytes());
}

/// Returns the largest resident size so far, where the system tells it.
fn peak_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
