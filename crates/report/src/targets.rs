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
    /// Those who have a place only because of the targets, by id.
    pub gained: Vec<String>,
    /// Those who have none because of them.
    pub lost: Vec<String>,
    /// Those who have a place either way, but another one.
    pub moved: Vec<Moved>,
}

/// Somebody who is placed elsewhere because of targets; with equal wishes it may be by a tie that fell otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Who.
    pub applicant: String,
    /// Where without the targets, and which wish that is.
    pub from: (String, Option<u16>),
    /// Where with them.
    pub to: (String, Option<u16>),
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
            Self { with: standing(with), without: standing(without), gained: Vec::new(), lost: Vec::new(), moved: Vec::new() };
        for (with, without) in with.decisions.iter().zip(&without.decisions) {
            let applicant = with.applicant.clone();
            match (&with.verdict, &without.verdict) {
                (Verdict::Placed(with), Verdict::Placed(without)) if with.job != without.job => {
                    let [from, to] = [without, with].map(|place| (place.job.clone(), place.rank));
                    price.moved.push(Moved { applicant, from, to });
                }
                (Verdict::Placed(_), Verdict::Placed(_)) => {}
                (Verdict::Placed(_), _) => price.gained.push(applicant),
                (_, Verdict::Placed(_)) => price.lost.push(applicant),
                _ => {}
            }
        }
        price
    }

    /// Returns how many have a better wish because of the targets, and how many a worse one.
    fn better_and_worse(&self) -> (usize, usize) {
        let count = |is: &dyn Fn(&Moved) -> bool| self.moved.iter().filter(|moved| is(moved)).count();
        (count(&|moved| moved.to.1 < moved.from.1), count(&|moved| moved.to.1 > moved.from.1))
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
        let (better, worse) = self.better_and_worse();
        text.push_str(&format!(
            "  placed     {} girls and {} boys, {} and {} without\n  elsewhere  {} of those placed either way, {better} of them on a better wish and {worse} on a \
             worse one\n",
            n(with.girls),
            n(with.boys),
            n(without.girls),
            n(without.boys),
            self.moved.len(),
        ));
        for (what, who) in [("placed because of the targets", &self.gained), ("without a place because of them", &self.lost)] {
            if !who.is_empty() {
                text.push_str(&format!("  {} {what}: {}\n", who.len(), named(who)));
            }
        }
        if let (Some(with), Some(without)) = (with.among_the_other, without.among_the_other) {
            text.push_str(&format!("  workplaces {} work where the other sex dominates, {} without\n", n(with), n(without)));
        }
        text.push_str(LEGAL_POSITION);
        text
    }
}

const LEGAL_POSITION: &str = "  In Sweden a lottery with an automatic quota by sex is legally doubtful (Discrimination Act 2008:567). Have the rule examined and \
                              decided before it is used; `match --no-balance` shows the season without. docs/mechanisms.md section 9 says more.\n";

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

/// Names the first of some people, and how many more there are.
fn named(who: &[String]) -> String {
    /// How many are named; `--format json` has all.
    const NAMED: usize = 10;
    let rest = who.len().saturating_sub(NAMED);
    let more = if rest > 0 { format!(" and {rest} more (--format json names all)") } else { String::new() };
    format!("{}{more}", who[..who.len() - rest].join(", "))
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
            "{} for each who works where the other sex makes up {} % or more of those who wish for the job",
            if workplaces.ranks == 1 { "one rank".to_owned() } else { format!("{} ranks", workplaces.ranks) },
            workplaces.majority_percent
        ));
    }
    words.join(", ")
}
