//! `feriematch verify`: the audit, by code that shares nothing with the engine but the data model.

use std::path::Path;

use feriematch_audit::{PublicCertificate, Refutation, audit, maxima};
use feriematch_core::Preparation;
use feriematch_report::{maxima_sentences, verified};
use serde_json::json;

use crate::certificate_file;
use crate::cli::{Format, VerifyArgs};
use crate::exit_code::{Failure, print};
use crate::outcome_folder;
use crate::progress::Spinner;
use crate::style::ERROR;
use crate::subject::{self, Subject};

mod sentences;

pub(crate) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    if args.outcome.season.dir.is_file() {
        return run_on_certificate(args);
    }
    if let Some(file) = &args.certificate {
        certificate_file::refuse_existing(file)?;
    }
    let spinner = Spinner::start("reading");
    let Subject { season, outcome, against_record } = subject::read_unchecked(&args.outcome)?;
    if args.certificate.is_some() && !args.show_protected {
        certificate_file::refuse_protected(&season)?;
    }
    if !against_record.is_empty() {
        drop(spinner);
        return print_refuted(args, &against_record);
    }
    spinner.say("checking every decision");
    let certificate = match audit(&season, &outcome) {
        Ok(certificate) => certificate,
        Err(refutations) => {
            drop(spinner);
            return refute(args, &refutations);
        }
    };
    spinner.say("comparing the lists with the outcome");
    // Only the lists' layout comes from the engine's side; what they should say has been audited.
    let folder = outcome_folder::path(&args.outcome).parent().map(Path::to_owned).unwrap_or_default();
    let differing = outcome_folder::differing_lists(&folder, &Preparation::new(&season), &outcome);
    if !differing.is_empty() {
        drop(spinner);
        return refute_lists(args, &differing);
    }
    spinner.say("finding how many could be placed at all");
    let maxima = match maxima(&season, &outcome) {
        Ok(maxima) => maxima,
        Err(refutations) => {
            drop(spinner);
            return refute(args, &refutations);
        }
    };
    if let Some(file) = &args.certificate {
        spinner.say("writing the certificate");
        certificate_file::write(file, &PublicCertificate::of(&season, &outcome))?;
    }
    drop(spinner);
    print(&match args.format {
        Format::Text => {
            let written = args.certificate.as_ref().map_or(String::new(), |file| sentences::written(file));
            format!("{}{}{written}", sentences::of_audit(&certificate), maxima_sentences(&maxima, &outcome))
        }
        Format::Json => {
            format!("{:#}\n", verified(&certificate, Some(&maxima)))
        }
    })
}

/// Checks a certificate by itself.
fn run_on_certificate(args: &VerifyArgs) -> Result<(), Failure> {
    let (file, of) = (&args.outcome.season.dir, &args.outcome);
    if of.outcome.is_some() || of.round.is_some() || of.season.encoding.is_some() || args.certificate.is_some() {
        return Err(Failure::Usage {
            message: format!("{} is a file: a certificate is checked by itself", file.display()),
            help: "leave the other options out, or name the season folder".to_owned(),
        });
    }
    let spinner = Spinner::start("reading");
    let stated = certificate_file::read(file)?;
    spinner.say("checking every decision");
    let checked = certificate_file::check(file, &stated);
    drop(spinner);
    match checked? {
        Err(refutations) => refute(args, &refutations),
        Ok(certificate) => print(&match args.format {
            Format::Text => sentences::of_certificate(&certificate, &stated),
            Format::Json => format!("{:#}\n", verified(&certificate, None)),
        }),
    }
}

fn refute(args: &VerifyArgs, refutations: &[Refutation]) -> Result<(), Failure> {
    let found: Vec<(&str, String)> = refutations.iter().map(|r| (r.code(), r.to_string())).collect();
    print_refuted(args, &found)
}

fn refute_lists(args: &VerifyArgs, differing: &[&str]) -> Result<(), Failure> {
    let say = |name: &&str| {
        (
            "list-differs",
            format!("{name} beside the outcome does not say what the outcome says; it was changed or is of another run"),
        )
    };
    print_refuted(args, &differing.iter().map(say).collect::<Vec<_>>())
}

fn print_refuted(args: &VerifyArgs, found: &[(&str, String)]) -> Result<(), Failure> {
    print(&match args.format {
        Format::Text => found.iter().map(|(code, message)| format!("{ERROR}refuted[{code}]{ERROR:#}: {message}\n")).collect(),
        Format::Json => {
            let list: Vec<_> = found.iter().map(|(code, message)| json!({ "code": code, "message": message })).collect();
            format!("{:#}\n", json!({ "verified": false, "refutations": list }))
        }
    })?;
    Err(Failure::Refuted)
}
