//! What `verify` says to people.

use std::path::Path;

use feriematch_audit::{Certificate, PublicCertificate, StageCertificate};
use feriematch_model::{Mechanism, MoveRule, PlacementRule};
use feriematch_report::grouped;

/// Says what an audit from the season's files found right.
pub(crate) fn of_audit(c: &Certificate) -> String {
    let mut text = verified(c);
    if c.seed_is_of_season != Some(true) {
        text.push_str("  note: season.toml does not name this seed; compare it with the one that was published.\n");
    }
    if !c.mechanism_is_of_season {
        text.push_str("  note: season.toml names another mechanism, rule of placement, other soft targets or rank costs.\n");
    }
    text.push_str(&found(c, "eligible, wished for, within capacity, caps and funding", "every wish is refused by a rule"));
    text
}

/// Says what a certificate proves by itself, and what it does not.
pub(crate) fn of_certificate(c: &Certificate, stated: &PublicCertificate) -> String {
    let mut text = verified(c);
    text.push_str(&found(c, "listed as acceptable, within capacity, caps and funding", "no job is listed as acceptable"));
    text.push_str(&format!(
        "By itself a certificate does not show that what it lists is right: who may take which job, classes, capacities and caps, and that the seed \
         is the one that was published. Whoever has the season's files compares their fingerprint: applicants {}.\n",
        stated.fingerprint.applicants.get(..16).unwrap_or(&stated.fingerprint.applicants)
    ));
    text
}

/// Says where a certificate is.
pub(crate) fn written(file: &Path) -> String {
    format!("Certificate: {0}. Anybody can check it: `feriematch verify {0}`, or check_certificate.py.\n", file.display())
}

fn verified(c: &Certificate) -> String {
    let mut method = c.mechanism.to_string();
    if !c.placement.is_default() {
        method.push_str(&format!(", {}", c.placement));
    }
    if !c.balance.is_none() {
        method.push_str(", with soft balance targets");
    }
    format!("Verified: {} by {method}, seed \"{}\".\n", c.season, c.seed)
}

/// Says what was found right of whom.
fn found(c: &Certificate, of_places: &str, of_the_ineligible: &str) -> String {
    let n = |count: u32| grouped(i64::from(count));
    let mut text = format!(
        "  lottery     {} numbers and positions recomputed\n  places      {} by ranking and {} by hand{}: each {of_places}\n  \
         waiting     {}: {}\n  not eligible {}: {of_the_ineligible}\n",
        n(c.applicants),
        n(c.placed),
        n(c.locked),
        if c.held > 0 { format!(", {} held since an earlier round", n(c.held)) } else { String::new() },
        n(c.waiting),
        of_waiting(c),
        n(c.ineligible),
    );
    for stage in &c.stages {
        text.push_str(&format!(
            "  stream {}: {} placed, {}; refused: {} full, {} home cap\n",
            stage.stream,
            n(stage.placed),
            of_stage(c, stage),
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

/// Says what was shown of those who wait.
fn of_waiting(c: &Certificate) -> &'static str {
    match c.mechanism {
        _ if is_upgrade(c) => "nobody after them holds what they would rather have",
        Mechanism::Priority => "for each it was shown that no place could be freed in their turn",
        Mechanism::DeferredAcceptance => "nobody holds what they wish for who comes after them there",
        Mechanism::SerialDictatorship | Mechanism::TopTradingCycles | Mechanism::PaperLottery => "a replay gives each no place",
        Mechanism::RankMaximal => "no placement with them has a better profile, or as good a one that comes first in the ranking",
    }
}

/// Says what was shown of a stage's placement.
fn of_stage(c: &Certificate, stage: &StageCertificate) -> String {
    let by_levels = |what: &str, levels: u32| {
        let sets = if levels == 1 { "set" } else { "sets" };
        format!("{what}, proved by {levels} {sets} of prices")
    };
    match (stage.least_cost, stage.levels, c.placement, c.mechanism) {
        (Some(cost), _, _, _) if c.balance.workplaces.is_some() => {
            format!("least total cost {cost}, balance at workplaces included, proved by prices")
        }
        (Some(cost), _, _, _) => format!("least total cost {cost} proved by prices"),
        (_, Some(levels), PlacementRule::Generous, _) => by_levels("fewest at the worst rank, then at the next", levels),
        (_, Some(levels), _, _) => by_levels("most first wishes, then second, and so on", levels),
        _ if is_upgrade(c) => "stable".to_owned(),
        (_, _, PlacementRule::RankingOrder, _) => "each in turn at the best rank that leaves the others a place".to_owned(),
        (_, _, _, Mechanism::DeferredAcceptance) => "stable, and replayed".to_owned(),
        _ => "replayed".to_owned(),
    }
}

fn is_upgrade(c: &Certificate) -> bool {
    matches!(c.rematch, Some(MoveRule::Upgrade { .. }))
}
