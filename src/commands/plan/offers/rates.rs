//! What is known of the shares of offers that are accepted, and where from.

use feriematch_model::Season;
use feriematch_plan::offers::{AnswerCounts, Answered, Hierarchy, Pool, Yields};
use feriematch_plan::{OfferRates, Rate};
use feriematch_report::{Table, Value};

use super::Assumed;
use crate::cli::plan::offers::OffersArgs;
use crate::commands::plan::learned::Learned;
use crate::exit_code::Failure;

/// What is known of the shares of offers that are accepted.
pub(super) struct Rates {
    /// Of each home district of the season.
    pub(super) yields: Yields,
    /// Where it comes from, in words.
    pub(super) source: String,
    pub(super) learned: Option<LearnedRates>,
    /// How many of those who accept give the place up again, by home district, where that is assumed.
    withdrawn: Vec<Rate>,
}

/// What rates are learned from.
pub(super) struct LearnedRates {
    learned: Learned,
    hierarchy: Hierarchy,
    of_season: Vec<AnswerCounts>,
}

impl Rates {
    /// Finds what is asked for, or what the season folder has.
    pub(super) fn find(args: &OffersArgs, season: &Season, assumed: Option<&Assumed>) -> Result<Self, Failure> {
        let published = args.season.dir.join("published.csv");
        let districts = season.settings().districts.len();
        if let Some(rate) = args.accepted {
            let (accepted, offered) = rate.parts();
            let yields = Yields::known(&vec![f64::from(accepted) / f64::from(offered); districts]);
            let source = format!("taken for known, {accepted} of {offered} everywhere");
            return Ok(Self { yields, source, learned: None, withdrawn: Vec::new() });
        }
        if !args.learn.learn.is_empty() {
            return Self::learn(Learned::read(&args.learn.learn)?, season);
        }
        if let Some(Assumed { file, assumptions }) = assumed {
            let yields = Yields::known(&assumptions.answers.iter().map(accepted).collect::<Vec<_>>());
            let withdrawn = assumptions.answers.iter().map(|rates| rates.withdrawn).collect();
            return Ok(Self { yields, source: format!("taken for known, from {}", file.display()), learned: None, withdrawn });
        }
        if published.exists() {
            return Self::learn(Learned::read(&[published])?, season);
        }
        Err(Failure::Usage {
            message: "nothing says which share of the offers is accepted".to_owned(),
            help: "say it with --yield, learn it from an earlier season with --learn, or write it into planning.toml in the season folder"
                .to_owned(),
        })
    }

    fn learn(learned: Learned, season: &Season) -> Result<Self, Failure> {
        let groups: Vec<Answered> = learned.districts.values().map(AnswerCounts::answered).collect();
        if groups.iter().all(|group| group.offers == 0) {
            return Err(Failure::Usage {
                message: format!("no offer in {} was answered or left to lapse", learned.sources.join(" and ")),
                help: "learn from a season in which some were, or say the share with --yield".to_owned(),
            });
        }
        let hierarchy = Hierarchy::learn(&groups);
        let of_season = learned.of_season(season);
        let yields = hierarchy.yields(&of_season.iter().map(AnswerCounts::answered).collect::<Vec<_>>());
        let source = format!("learned from {}", learned.sources.join(" and "));
        Ok(Self { yields, source, learned: Some(LearnedRates { learned, hierarchy, of_season }), withdrawn: Vec::new() })
    }

    /// Returns the mean rate of those who may be asked.
    pub(super) fn mean(&self, pool: &Pool) -> f64 {
        let youths = |home: &feriematch_plan::offers::HomePool| f64::from(home.waiting + home.unanswered);
        let all: f64 = pool.homes.iter().map(youths).sum();
        let weighed: f64 = pool.homes.iter().enumerate().map(|(at, home)| youths(home) * self.yields.mean(at)).sum();
        if all > 0.0 { weighed / all } else { self.yields.mean(0) }
    }

    /// Lays out what is known of each home district, and of priority classes as far as a ledger tells.
    pub(super) fn table(&self, season: &Season, homes: &[usize]) -> Table {
        let settings = season.settings();
        let share = |part: u32, all: u32| if all > 0 { Value::Share(f64::from(part) / f64::from(all)) } else { Value::Blank };
        let mut rows = Vec::new();
        for &at in homes {
            let district = &settings.districts[at];
            let mut row = vec!["district".into(), Value::from(&*district.id), Value::from(&*district.name)];
            let rate = Value::Share(self.yields.mean(at));
            match &self.learned {
                None => row.extend([Value::Blank, Value::Blank, Value::Blank, rate, Value::Blank, Value::Blank, Value::Blank]),
                Some(learned) => {
                    let seen = learned.of_season[at].answered();
                    let [low, high] = [0.05, 0.95].map(|probability| Value::Share(self.yields.quantile(at, probability)));
                    let own = share(seen.accepted, seen.offers);
                    let from_others = Value::Share(learned.hierarchy.shrinkage(seen));
                    row.extend([seen.offers.into(), seen.accepted.into(), own, rate, low, high, from_others]);
                }
            }
            rows.push(row);
        }
        if let Some(learned) = &self.learned {
            let answered: Vec<Answered> = learned.learned.classes.values().map(AnswerCounts::answered).collect();
            let hierarchy = Hierarchy::learn(&answered);
            let yields = hierarchy.yields(&answered);
            for (at, (code, seen)) in learned.learned.classes.keys().zip(&answered).enumerate() {
                let name = settings.classes.iter().find(|class| *class.code == **code).map_or(&**code, |class| &class.name);
                let [low, high] = [0.05, 0.95].map(|probability| Value::Share(yields.quantile(at, probability)));
                let own = share(seen.accepted, seen.offers);
                let rate = Value::Share(yields.mean(at));
                let from_others = Value::Share(hierarchy.shrinkage(*seen));
                rows.push(vec![
                    "class".into(),
                    Value::from(&**code),
                    Value::from(name),
                    seen.offers.into(),
                    seen.accepted.into(),
                    own,
                    rate,
                    low,
                    high,
                    from_others,
                ]);
            }
        }
        Table {
            name: "rates",
            title: "Shares of offers that are accepted".to_owned(),
            columns: vec![
                ("group", "By"),
                ("key", "Id"),
                ("name", "Group"),
                ("answered", "Answered"),
                ("accepted", "Accepted"),
                ("own_share", "Own share"),
                ("rate", "Rate"),
                ("low", "From"),
                ("high", "To"),
                ("from_others", "From others"),
            ],
            rows,
        }
    }

    /// Says what the rates are, how sure they are, and what they leave out.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some(LearnedRates { learned, hierarchy, .. }) = &self.learned {
            let total = learned.total();
            let seen = total.answered();
            remarks.push(format!(
                "Of {} offers that were answered, or not until the deadline, {} were accepted, {} declined and {} lapsed. Rates differ from \
                 district to district by about {:.1} percentage points (standard deviation, learned too). From and To hold the rate with 90 %. \
                 \"From others\" is the part of a rate that comes from all groups rather than from its own offers.",
                seen.offers,
                seen.accepted,
                total.declined,
                total.lapsed,
                100.0 * hierarchy.spread()
            ));
            if total.open > 0 {
                remarks.push(format!("{} offers without an answer tell nothing and are left out.", total.open));
            }
            if total.withdrawn > 0 {
                remarks.push(format!(
                    "{} of {} who accepted withdrew later: their places come free again, and are not counted here.",
                    total.withdrawn, seen.accepted
                ));
            }
            if !learned.classes.is_empty() {
                remarks.push("Rates of priority classes are shown; the numbers of offers go by the districts'.".to_owned());
            }
        }
        if self.withdrawn.iter().any(|rate| !rate.is_nobody()) {
            remarks.push(
                "Some are assumed to withdraw after accepting: their places come free again, and are not counted here."
                    .to_owned(),
            );
        }
        remarks
    }
}

/// Returns the share of offers that are accepted.
fn accepted(rates: &OfferRates) -> f64 {
    let [(declined, of_declined), (lapsed, of_lapsed)] = [rates.declined.parts(), rates.lapsed.parts()];
    let [declined, of_declined, lapsed, of_lapsed] = [declined, of_declined, lapsed, of_lapsed].map(u64::from);
    let not = declined * of_lapsed + lapsed * of_declined;
    let all = of_declined * of_lapsed;
    #[allow(clippy::cast_precision_loss, reason = "to the 53 bits of the result")]
    let share = (all - not) as f64 / all as f64;
    share
}
