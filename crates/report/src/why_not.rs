//! Why one applicant does not have one job, in words or for programs, naming nobody else.

mod english;
mod swedish;

use feriematch_core::{Answer, Cutoff, LockProblem, OwnPlace, PairExplanation, Preparation, Price};
use feriematch_model::{Mechanism, RankCosts, Season, StageReason, StreamIx};
use serde_json::{Value, json};

use crate::why::{Language, Phrases as WhyPhrases, number, phrases as why_phrases};

/// The sentences of a language. Numbers come grouped already.
trait Phrases {
    fn heading(&self, id: &str, job: &str, title: &str) -> String;
    fn has_it(&self) -> String;
    fn has_no_place(&self) -> String;
    fn has_another(&self) -> String;
    fn number_in_order(&self, position: &str, lottery: &str) -> String;
    fn not_eligible(&self, rule: &str) -> String;
    fn not_wished(&self, is_first: bool) -> String;
    fn has(&self, title: &str, job: &str) -> String;
    fn enough_as_wish(&self, is_enough: bool) -> String;
    fn held_elsewhere(&self) -> String;
    fn has_as_good(&self, own: u16, rank: u16) -> String;
    fn has_less(&self, own: u16, rank: u16) -> String;
    /// How it is decided which place somebody gets.
    fn how_places_are_given(&self, mechanism: Mechanism, moves_up: bool) -> String;
    fn waits(&self, rank: u16) -> String;
    fn places(&self, places: u32, taken: u32) -> String;
    fn last(&self, cutoff: &str, position: &str) -> String;
    fn price_heading(&self) -> String;
    fn lose(&self, lose: u32, lose_ahead: u32) -> String;
    fn gain(&self, gain: u32) -> String;
    fn nobody_loses(&self) -> String;
    /// By how many steps the wishes of all others together would be met worse, and by how many one's own would be met better.
    fn steps(&self, worse: i64, better: Option<i64>) -> String;
    fn costs(&self, more: i64) -> String;
    fn as_good_for_others(&self) -> String;
    fn cannot_be_given(&self, problem: LockProblem) -> String;
    fn how_it_was_found(&self) -> String;
}

/// Explains in words why an applicant does not have a job.
///
/// Of a protected identity it says whether there is a place, and the number in the order.
pub fn explain(preparation: &Preparation<'_>, pair: &PairExplanation, rank_costs: &RankCosts, language: Language) -> String {
    let phrases: &dyn Phrases = match language {
        Language::Swedish => &swedish::Swedish,
        Language::English => &english::English,
    };
    let season = preparation.season();
    let text = Text { season, pair, phrases, why: why_phrases(language), lines: Vec::new() };
    text.written(rank_costs).join("\n") + "\n"
}

/// Returns the same for programs. What is masked of a protected identity is left out.
pub fn to_json(preparation: &Preparation<'_>, pair: &PairExplanation) -> Value {
    let season = preparation.season();
    let (applicant, job) = (season.applicant(pair.applicant), season.job(pair.job));
    let known = json!({
        "applicant": applicant.id,
        "job": job.id,
        "protected": applicant.protected,
        "position": pair.position,
        "lottery_number": pair.lottery,
        "mechanism": pair.mechanism,
        "has_place": pair.has.is_some(),
        "places": job.capacity,
        "taken": pair.taken,
        "last": pair.cutoff.map(|last| json!({
            "position": last.position,
            "lottery_number": last.lottery,
            "class": last.class.map(|class| &season.settings().classes[class.get()].code),
        })),
    });
    if applicant.protected {
        return known;
    }
    let has = |place: &OwnPlace| json!({ "job": season.job(place.job).id, "rank": place.rank, "by": place.by });
    let reason = |(stream, reason): &(StreamIx, StageReason)| json!({ "stream": season.settings().streams[stream.get()].id, "reason": reason });
    let mut all = known;
    let told = json!({
        "answer": pair.answer().code(),
        "rank": pair.rank,
        "rule": pair.refused,
        "has": pair.has.as_ref().map(has),
        "reasons": pair.reasons.iter().map(reason).collect::<Vec<_>>(),
        "enough_as_wish": pair.enough_as_wish,
        "price": pair.price.map(|price| match price {
            Ok(Price { lose, lose_ahead, gain, costs }) => json!({ "lose": lose, "lose_ahead": lose_ahead, "gain": gain, "costs": costs }),
            Err(problem) => json!({ "impossible": problem.to_string() }),
        }),
    });
    if let (Some(all), Value::Object(told)) = (all.as_object_mut(), told) {
        all.extend(told);
    }
    all
}

/// The text as it grows.
struct Text<'a> {
    season: &'a Season,
    pair: &'a PairExplanation,
    phrases: &'a dyn Phrases,
    why: &'static dyn WhyPhrases,
    lines: Vec<String>,
}

impl Text<'_> {
    fn written(mut self, rank_costs: &RankCosts) -> Vec<String> {
        let (phrases, pair) = (self.phrases, self.pair);
        let (applicant, job) = (self.season.applicant(pair.applicant), self.season.job(pair.job));
        self.lines.extend([phrases.heading(&applicant.id, &job.id, &job.title), String::new()]);
        if applicant.protected {
            self.lines.push(match pair.answer() {
                Answer::HasIt => phrases.has_it(),
                _ if pair.has.is_some() => phrases.has_another(),
                _ => phrases.has_no_place(),
            });
            self.lines.push(phrases.number_in_order(&number(pair.position), &pair.lottery.to_string()));
            self.write_places();
            self.lines.extend([String::new(), self.why.protected()]);
            return self.lines;
        }
        self.write_answer();
        if pair.answer() != Answer::HasIt {
            self.write_places();
            self.write_price(rank_costs);
        }
        self.lines.extend([String::new(), self.why.how_to_check()]);
        self.lines
    }

    fn write_answer(&mut self) {
        let (phrases, pair) = (self.phrases, self.pair);
        let own = |place: OwnPlace| {
            let job = self.season.job(place.job);
            phrases.has(&job.title, &job.id)
        };
        let mut said = Vec::new();
        let ranks = pair.has.and_then(|place| place.rank).zip(pair.rank);
        match (pair.answer(), ranks) {
            (Answer::HasIt, _) => said.push(phrases.has_it()),
            (Answer::NotEligible, _) => {
                let extract_age = self.season.settings().rule_pack.extract_age;
                said.extend(pair.refused.map(|rule| phrases.not_eligible(&self.why.rule(rule, extract_age))));
                said.extend(pair.rank.is_none().then(|| phrases.not_wished(false)));
                said.extend(pair.has.map(own));
            }
            (Answer::NotWished, _) => {
                said.push(phrases.not_wished(true));
                said.extend(pair.has.map(own));
                said.extend(pair.enough_as_wish.map(|is_enough| phrases.enough_as_wish(is_enough)));
            }
            (Answer::HeldElsewhere, _) => {
                said.extend(pair.has.map(own));
                said.push(phrases.held_elsewhere());
            }
            (Answer::HasAsGood, ranks) => {
                said.extend(pair.has.map(own));
                said.extend(ranks.map(|(own, rank)| phrases.has_as_good(own, rank)));
            }
            (Answer::HasLess, ranks) => {
                said.extend(pair.has.map(own));
                said.extend(ranks.map(|(own, rank)| phrases.has_less(own, rank)));
                said.push(phrases.how_places_are_given(pair.mechanism, pair.moves_up));
            }
            (Answer::Waits, _) => {
                said.extend(pair.rank.map(|rank| phrases.waits(rank)));
                self.lines.append(&mut said);
                self.write_reasons();
            }
        }
        self.lines.append(&mut said);
    }

    /// Says of each stream that could pay for the job why it did not.
    fn write_reasons(&mut self) {
        let settings = self.season.settings();
        for (stream, reason) in &self.pair.reasons {
            let why = match reason {
                StageReason::NoEligibleJob => self.why.no_eligible_job(),
                StageReason::HomeCap => {
                    let home = self.season.applicant(self.pair.applicant).home_district;
                    let cap = self.season.home_cap(home).map_or(String::new(), number);
                    self.why.home_cap(&settings.districts[home.get()].name, &cap)
                }
                StageReason::MoveLimit => self.why.move_limit(),
                StageReason::Full => self.why.full(),
            };
            self.lines.push(format!("  {} {why}", self.why.stage(&settings.streams[stream.get()].name)));
        }
    }

    fn write_places(&mut self) {
        let (phrases, pair) = (self.phrases, self.pair);
        self.lines.push(phrases.places(self.season.job(pair.job).capacity, pair.taken));
        if let Some(Cutoff { position, lottery, class }) = pair.cutoff {
            let class = class.map(|class| &*self.season.settings().classes[class.get()].name);
            let cutoff = self.why.cutoff(&number(position), class, &lottery.to_string());
            self.lines.push(phrases.last(&cutoff, &number(pair.position)));
        }
    }

    fn write_price(&mut self, rank_costs: &RankCosts) {
        let (phrases, pair) = (self.phrases, self.pair);
        let Some(price) = pair.price else { return };
        self.lines.extend([String::new(), phrases.price_heading()]);
        let mut said = Vec::new();
        match price {
            Err(problem) => said.push(phrases.cannot_be_given(problem)),
            Ok(Price { lose, lose_ahead, gain, costs }) => {
                said.push(if lose == 0 { phrases.nobody_loses() } else { phrases.lose(lose, lose_ahead) });
                if gain > 0 {
                    said.push(phrases.gain(gain));
                }
                let better = pair.has.and_then(|place| place.rank).zip(pair.rank);
                let better = better.map(|(own, rank)| i64::from(own) - i64::from(rank));
                said.extend(costs.map(|costs| match (costs, rank_costs) {
                    (0, _) => phrases.as_good_for_others(),
                    (worse, RankCosts::Linear) => phrases.steps(worse, better),
                    (more, _) => phrases.costs(more),
                }));
            }
        }
        said.push(phrases.how_it_was_found());
        self.lines.extend(said.into_iter().map(|sentence| format!("  {sentence}")));
    }
}
