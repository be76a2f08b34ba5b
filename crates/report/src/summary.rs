//! The sentences that a run and a report print.

use feriematch_audit::Maxima;
use feriematch_model::{Mechanism, Outcome};

use crate::figures::{Figures, Group, Overview};
use crate::profile::RankProfile;
use crate::table::grouped;

/// Returns what a run prints: how many were placed, on which wishes, and how balanced.
pub fn summary(outcome: &Outcome, overview: &Overview) -> String {
    let mut text = String::new();
    let all = &overview.all;
    let offered = all.places.unwrap_or(0);
    let placed = overview.profile.placed();
    let applications = all.applications.total();
    let eligible = all.eligible.total();
    text.push_str(&format!("{}: {}, seed \"{}\"\n\n", outcome.season, outcome.method(), outcome.seed));
    let mut line = |label: &str, count: u32, note: String| {
        let line = format!("  {label:<14}{:>9}  {note}", grouped(i64::from(count)));
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line("applicants", applications, format!("{} may take a job they wish for", grouped(i64::from(eligible))));
    line("places", offered, String::new());
    line(
        "placed",
        placed,
        format!("{} of the places, {} of the eligible", per_cent(placed, offered), per_cent(placed, eligible)),
    );
    if overview.origins.hand > 0 {
        line("", overview.origins.hand, "of them by hand (locked)".to_owned());
    }
    if overview.origins.earlier > 0 {
        line("", overview.origins.earlier, "of them in an earlier round".to_owned());
    }
    line("waiting list", overview.profile.waiting, String::new());
    line("not eligible", applications - eligible, String::new());
    text.push('\n');
    text.push_str(&profile_sentence(&overview.profile, &overview.paper));
    text.push_str(&balance_sentence(all));
    text
}

/// Compares the wishes met with the paper lottery's.
fn profile_sentence(ours: &RankProfile, paper: &RankProfile) -> String {
    let describe = |profile: &RankProfile| {
        let share = profile.first_share().map_or("none".to_owned(), |s| format!("{:.1} %", s * 100.0));
        let average = profile.average().map_or(String::new(), |a| format!(", average wish {a:.2}"));
        format!("{} placed, {share} of them on their first wish{average}", grouped(i64::from(profile.placed())))
    };
    format!("This run: {}.\nA paper lottery with the same ranking: {}.\n", describe(ours), describe(paper))
}

/// Says whether girls' share among the selected differs from that among the eligible.
fn balance_sentence(group: &Group) -> String {
    let (Some(selected), Some(eligible), Some((low, high)), Some(comparison), Some(p)) = (
        group.selected.female_share(),
        group.eligible.female_share(),
        group.selected.female_interval(),
        group.comparison,
        group.adjusted_p,
    ) else {
        return "Gender balance: too few girls or boys are recorded to compare.\n".to_owned();
    };
    let verdict =
        if group.is_larger_than_chance() { "a difference larger than chance" } else { "no larger difference than chance makes" };
    format!(
        "Girls: {:.1} % of those placed (95 % interval {:.1} to {:.1} %), {:.1} % of the eligible, {:+.1} points: {verdict} (p {}).\n",
        selected * 100.0,
        low * 100.0,
        high * 100.0,
        eligible * 100.0,
        comparison.difference * 100.0,
        probability(p),
    )
}

/// Says in plain words where girls' share differs by more than chance, for the whole and for every group.
pub fn balance_sentences(figures: &Figures) -> String {
    let mut text = balance_sentence(&figures.overview.all);
    let comparisons = figures.comparisons();
    let mut found = 0;
    for (dimension, groups) in &figures.dimensions {
        for group in groups.iter().filter(|g| g.is_larger_than_chance() && !g.is_masked) {
            found += 1;
            text.push_str(&format!("{} {}: {}", dimension.key(), group.name, balance_sentence(group)));
        }
    }
    let rest = if found == 0 { "In none" } else { "In no other" };
    text.push_str(&format!(
        "{rest} of the {comparisons} groups compared is the difference larger than chance (p values adjusted for their number by \
         Holm's method).\n"
    ));
    text.push_str("A difference is not a reason: classes, ages, wishes and eligibility differ between girls and boys, and the mechanism looks at none of their sexes.\n");
    text
}

/// Sets the filled places beside the most that could be filled, and says what made the difference.
pub fn maxima_sentences(maxima: &Maxima, outcome: &Outcome) -> String {
    let mut text = String::new();
    let n = |count: u32| grouped(i64::from(count));
    for stage in &maxima.stages {
        text.push_str(&format!("Stream {}: {} placed; ", stage.stream, n(stage.placed)));
        text.push_str(&format!(
            "an independent maximum flow finds {} with the caps and {} without.\n",
            n(stage.with_caps),
            n(stage.without_caps)
        ));
        if stage.placed < stage.with_caps {
            let gap = stage.with_caps - stage.placed;
            let why = match outcome.mechanism {
                Mechanism::Priority => "under home districts' caps the first in the ranking are taken, not the largest group",
                Mechanism::RankMaximal => "this mechanism gives up a place where that lets more have a better wish",
                Mechanism::DeferredAcceptance
                | Mechanism::SerialDictatorship
                | Mechanism::TopTradingCycles
                | Mechanism::PaperLottery => "this mechanism moves nobody to a worse wish to make room",
            };
            text.push_str(&format!(
                "  {} more would fit under the caps if other applicants or places were chosen: {why}.\n",
                n(gap)
            ));
        }
        if stage.with_caps < stage.without_caps {
            text.push_str(&format!("  The caps cost {} places.\n", n(stage.without_caps - stage.with_caps)));
        }
    }
    text.push_str(&format!("All streams at once, without caps: {}.\n", n(maxima.all_streams_without_caps)));
    text
}

fn per_cent(part: u32, whole: u32) -> String {
    let text = format!("{:.1} %", f64::from(part) / f64::from(whole) * 100.0);
    match (part, whole) {
        (_, 0) => "none".to_owned(),
        // All means all.
        (part, whole) if part < whole && text == "100.0 %" => "over 99.9 %".to_owned(),
        _ => text,
    }
}

fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("= {p:.3}") }
}
