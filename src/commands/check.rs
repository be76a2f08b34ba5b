//! `feriematch check`: every problem of a season's files.

use feriematch_core::Preparation;
use feriematch_ingest::{Diagnostic, Severity};
use feriematch_report::grouped;
use serde_json::json;

use crate::cli::{CheckArgs, Format};
use crate::diagnostics;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::season;

pub(crate) fn run(args: &CheckArgs) -> Result<(), Failure> {
    let spinner = Spinner::start("reading");
    let (diagnostics, sizes) = match season::load(&args.season) {
        Ok(loaded) => {
            spinner.say("checking");
            let preparation = Preparation::new(&loaded.season);
            let season = &loaded.season;
            let places: u32 = season.jobs().iter().map(|job| job.capacity).sum();
            let sizes = [season.applicants().len() as u32, season.jobs().len() as u32, places];
            (season::examine(&preparation, &loaded.sources, loaded.warnings), Some(sizes))
        }
        Err(Failure::Input(diagnostics)) => (diagnostics, None),
        Err(failure) => return Err(failure),
    };
    drop(spinner);
    let failed = diagnostics.iter().any(|d| d.severity() == Severity::Error);
    print(&match args.format {
        Format::Text => text(&diagnostics, sizes),
        Format::Json => json(&diagnostics, sizes),
    })?;
    // The problems are what was asked for, and printed; the exit code says that there are errors among them.
    if failed { Err(Failure::InputShown) } else { Ok(()) }
}

fn text(diagnostics: &[Diagnostic], sizes: Option<[u32; 3]>) -> String {
    let mut text: String = diagnostics.iter().map(diagnostics::rendered).collect();
    if let Some(sizes) = sizes {
        let [applicants, jobs, places] = sizes.map(|size| grouped(i64::from(size)));
        text.push_str(&format!("{applicants} applicants, {jobs} jobs, {places} places: "));
    }
    text + &diagnostics::counted(diagnostics) + "\n"
}

fn json(diagnostics: &[Diagnostic], sizes: Option<[u32; 3]>) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity() == severity).count();
    let report = json!({
        "applicants": sizes.map(|s| s[0]),
        "jobs": sizes.map(|s| s[1]),
        "places": sizes.map(|s| s[2]),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "diagnostics": diagnostics,
    });
    format!("{report:#}\n")
}
