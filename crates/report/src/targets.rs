//! What soft balance targets cost, and what they give: the run with them beside the same run without.

use feriematch_core::{Preparation, Workplaces};
use feriematch_model::{Balance, Gender, Outcome, Precedence, Season, Verdict};
use serde::Serialize;

use crate::table::grouped;

/// The price of soft targets. It is printed with every run that has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetsPrice {
    /// The run with the targets.
    pub with: Standing,
    /// The run without.
    pub without: Standing,
    /// How many have a place only because of the targets.
    pub gained: u32,
    /// How many have none because of them.
    pub lost: u32,
    /// How many have a place either way, but another one.
    pub moved: u32,
}

/// What a run gives, as far as targets are about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// How many are placed.
    pub placed: u32,
    /// Girls among them.
    pub girls: u32,
    /// Boys among them.
    pub boys: u32,
    /// The ranks of the wishes met, added up.
    pub ranks: u64,
    /// How many work where the other sex dominates; nothing where the targets are not about workplaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among_the_other: Option<u32>,
}

impl TargetsPrice {
    /// Sets an outcome with targets beside one of the same season and ranking without.
    pub fn new(preparation: &Preparation<'_>, with: &Outcome, without: &Outcome) -> Self {
        let season = preparation.season();
        let workplaces = with.balance.workplaces.map(|rule| Workplaces::new(preparation, rule));
        let standing = |outcome| Standing::of(season, outcome, workplaces.as_ref());
        let mut price =
            Self { with: standing(with), without: standing(without), gained: 0, lost: 0, moved: 0 };
        for (with, without) in with.decisions.iter().zip(&without.decisions) {
            match (&with.verdict, &without.verdict) {
                (Verdict::Placed(with), Verdict::Placed(without)) => price.moved += u32::from(with.job != without.job),
                (Verdict::Placed(_), _) => price.gained += 1,
                (_, Verdict::Placed(_)) => price.lost += 1,
                _ => {}
            }
        }
        price
    }

    /// Says it in plain words, the legal position with it.
    pub fn to_text(&self, balance: &Balance) -> String {
        let n = |count: u32| grouped(i64::from(count));
        let (with, without) = (&self.with, &self.without);
        let signed = |with: u64, without: u64| {
            let difference = i128::from(with) - i128::from(without);
            format!("{difference:+}")
        };
        let mut text = format!("Soft balance targets, on because season.toml has [balance]: {}.\n", in_words(balance));
        text.push_str(&format!(
            "  places     {} with them, {} without ({})\n",
            n(with.placed),
            n(without.placed),
            signed(with.placed.into(), without.placed.into())
        ));
        text.push_str(&format!(
            "  ranks      {} in all with them, {} without ({})\n",
            with.ranks,
            without.ranks,
            signed(with.ranks, without.ranks)
        ));
        text.push_str(&format!(
            "  people     {} have a place only because of them, {} lose theirs to them, {} have another\n  placed     {} girls and {} boys, {} and {} \
             without\n",
            n(self.gained),
            n(self.lost),
            n(self.moved),
            n(with.girls),
            n(with.boys),
            n(without.girls),
            n(without.boys)
        ));
        if let (Some(with), Some(without)) = (with.among_the_other, without.among_the_other) {
            text.push_str(&format!("  workplaces {} work where the other sex dominates, {} without\n", n(with), n(without)));
        }
        text.push_str(LEGAL_POSITION);
        text
    }
}

const LEGAL_POSITION: &str = "  In Sweden a lottery with an automatic quota by sex is legally doubtful (Discrimination Act 2008:567). Have the rule examined and \
                              decided before it is used; --no-balance runs without. docs/mechanisms.md section 9 says more.\n";

impl Standing {
    fn of(season: &Season, outcome: &Outcome, workplaces: Option<&Workplaces>) -> Self {
        let mut standing = Self { among_the_other: workplaces.map(|_| 0), ..Self::default() };
        for (applicant, decision) in season.applicants().iter().zip(&outcome.decisions) {
            let Verdict::Placed(placed) = &decision.verdict else { continue };
            standing.placed += 1;
            standing.girls += u32::from(applicant.gender == Gender::Female);
            standing.boys += u32::from(applicant.gender == Gender::Male);
            standing.ranks += placed.rank.map_or(0, u64::from);
            if let (Some(workplaces), Some(count), Some(job)) =
                (workplaces, &mut standing.among_the_other, season.find_job(&placed.job))
            {
                *count += u32::from(workplaces.is_among_the_other(applicant.gender, job));
            }
        }
        standing
    }
}

/// Says what the targets are.
fn in_words(balance: &Balance) -> String {
    let sex = |gender| if gender == Gender::Female { "girls" } else { "boys" };
    let mut words: Vec<String> = balance
        .reserves
        .iter()
        .map(|reserve| format!("{} % of the places of each stage kept for {}", reserve.percent, sex(reserve.gender)))
        .collect();
    if !words.is_empty() {
        words.push(
            match balance.precedence {
                Precedence::ReserveFirst => "filled before the open places",
                Precedence::OpenFirst => "filled after the open places",
            }
            .to_owned(),
        );
    }
    if let Some(workplaces) = balance.workplaces {
        words.push(format!(
            "{} ranks for each who works where the other sex makes up {} % or more of those who wish for the job",
            workplaces.ranks, workplaces.majority_percent
        ));
    }
    words.join(", ")
}
