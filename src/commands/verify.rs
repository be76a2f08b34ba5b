//! `feriematch verify`: the audit, by code that shares nothing with the engine but the data model.

use feriematch_audit::{Certificate, Refutation, audit, maxima};
use feriematch_core::Preparation;
use feriematch_model::MoveRule;
use feriematch_report::{grouped, maxima_sentences};
use serde_json::json;

use crate::cli::{Format, VerifyArgs};
use crate::exit_code::{Failure, print};
use crate::outcome_folder;
use crate::progress::Spinner;
use crate::style::ERROR;
use crate::subject::{self, Subject};

pub(crate) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let spinner = Spinner::start("reading");
    let Subject { season, outcome, against_record } = subject::read_unchecked(&args.outcome)?;
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
    let differing = outcome_folder::differing_lists(&args.outcome, &Preparation::new(&season), &outcome)?;
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
    drop(spinner);
    print(&match args.format {
        Format::Text => format!("{}{}", sentences(&certificate), maxima_sentences(&maxima, &outcome)),
        Format::Json => {
            let stages = maxima.stages.iter().map(
                |s| json!({ "stream": s.stream, "placed": s.placed, "most_with_caps": s.with_caps, "most_without_caps": s.without_caps }),
            );
            let report = json!({
                "verified": true,
                "applicants": certificate.applicants,
                "placed": certificate.placed,
                "locked": certificate.locked,
                "held": certificate.held,
                "moved": certificate.moved,
                "waiting": certificate.waiting,
                "ineligible": certificate.ineligible,
                "seed_is_of_season": certificate.seed_is_of_season,
                "mechanism_is_of_season": certificate.mechanism_is_of_season,
                "most_without_caps": maxima.all_streams_without_caps,
                "stages": stages.collect::<Vec<_>>(),
            });
            format!("{report:#}\n")
        }
    })
}

/// Says what was found right.
fn sentences(c: &Certificate) -> String {
    let n = |count: u32| grouped(i64::from(count));
    let mut text = format!("Verified: {} by {}, seed \"{}\".\n", c.season, c.mechanism, c.seed);
    if c.seed_is_of_season != Some(true) {
        text.push_str("  note: season.toml does not name this seed; compare it with the one that was published.\n");
    }
    if !c.mechanism_is_of_season {
        text.push_str("  note: season.toml names another mechanism or other rank costs.\n");
    }
    text.push_str(&format!(
        "  lottery     {} numbers and positions recomputed\n  places      {} by ranking and {} by hand{}: each eligible, wished for, within capacity, caps and funding\n  \
         waiting     {}: for each it was shown that no place could be freed in their turn\n  not eligible {}: every wish is refused by a rule\n",
        n(c.applicants),
        n(c.placed),
        n(c.locked),
        if c.held > 0 { format!(", {} held since an earlier round", n(c.held)) } else { String::new() },
        n(c.waiting),
        n(c.ineligible),
    ));
    for stage in &c.stages {
        let without_cost = if matches!(c.rematch, Some(MoveRule::Upgrade { .. })) { "stable" } else { "replayed" };
        let cost = stage.least_cost.map_or(without_cost.to_owned(), |cost| format!("least total cost {cost} proved by prices"));
        text.push_str(&format!(
            "  stream {}: {} placed, {cost}; refused: {} full, {} home cap\n",
            stage.stream,
            n(stage.placed),
            n(stage.full),
            n(stage.home_cap)
        ));
        if stage.move_limit > 0 {
            text.push_str(&format!(
                "    {} more refused for the limit on moves: the outcome's word, not proved\n",
                n(stage.move_limit)
            ));
        }
    }
    match c.rematch {
        Some(MoveRule::FewestMoves { .. }) => {
            text.push_str(&format!("  moved       {}: no fewer would do for those who are placed, proved by prices\n", n(c.moved)));
        }
        Some(MoveRule::Upgrade { lottery }) => text.push_str(&format!(
            "  moved up    {} by the {lottery} lottery: nobody lost by it, and nobody would rather have a place that is free or held by somebody after them\n",
            n(c.moved)
        )),
        None => {}
    }
    text
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
