//! What an audit found right, for programs.

use feriematch_audit::{Certificate, Maxima};
use serde_json::{Value, json};

/// Returns what was found right: counts of everybody and of each stage. Where the season's files were at hand, `maxima` adds how many
/// could have been placed at all, and whether the seed and the mechanism are those of the season.
pub fn verified(certificate: &Certificate, maxima: Option<&Maxima>) -> Value {
    let stages = certificate.stages.iter().map(|s| {
        json!({
            "stream": s.stream,
            "placed": s.placed,
            "full": s.full,
            "home_cap": s.home_cap,
            "no_eligible_job": s.no_eligible_job,
            "move_limit": s.move_limit,
        })
    });
    let mut report = json!({
        "verified": true,
        "applicants": certificate.applicants,
        "placed": certificate.placed,
        "locked": certificate.locked,
        "held": certificate.held,
        "moved": certificate.moved,
        "waiting": certificate.waiting,
        "ineligible": certificate.ineligible,
        "stages": stages.collect::<Vec<_>>(),
    });
    if let Some(maxima) = maxima {
        report["most_without_caps"] = json!(maxima.all_streams_without_caps);
        for (row, stage) in maxima.stages.iter().enumerate() {
            report["stages"][row]["most_with_caps"] = json!(stage.with_caps);
            report["stages"][row]["most_without_caps"] = json!(stage.without_caps);
        }
        report["seed_is_of_season"] = json!(certificate.seed_is_of_season);
        report["mechanism_is_of_season"] = json!(certificate.mechanism_is_of_season);
    }
    report
}
