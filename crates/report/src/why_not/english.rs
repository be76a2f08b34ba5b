//! The English sentences.

use feriematch_core::LockProblem;
use feriematch_model::Mechanism;

use super::{Phrases, number};

pub(super) struct English;

impl Phrases for English {
    fn heading(&self, id: &str, job: &str, title: &str) -> String {
        format!("Application {id} and the job {title} ({job})")
    }

    fn has_it(&self) -> String {
        "You have this job.".to_owned()
    }

    fn has_no_place(&self) -> String {
        "You have no place.".to_owned()
    }

    fn has_another(&self) -> String {
        "You have a place of another job.".to_owned()
    }

    fn number_in_order(&self, position: &str, lottery: &str) -> String {
        format!("You are number {position} in the order; your lottery number is {lottery}.")
    }

    fn not_eligible(&self, rule: &str) -> String {
        format!("You may not take this job: {rule}.")
    }

    fn not_wished(&self, is_first: bool) -> String {
        if is_first {
            "You did not wish for this job, and nobody is given a job by lottery that they did not wish for.".to_owned()
        } else {
            "Nor did you wish for it.".to_owned()
        }
    }

    fn has(&self, title: &str, job: &str) -> String {
        format!("You have a place of {title} ({job}).")
    }

    fn enough_as_wish(&self, is_enough: bool) -> String {
        if is_enough {
            "Had you wished for it, at the end of your list, you would have got a place.".to_owned()
        } else {
            "To wish for it at the end of your list would not have helped: you would have got no place.".to_owned()
        }
    }

    fn held_elsewhere(&self) -> String {
        "That was decided by hand, or in an earlier round, before all others were given places.".to_owned()
    }

    fn has_as_good(&self, own: u16, rank: u16) -> String {
        if own == rank {
            format!("You wished for both as number {rank} on your list.")
        } else {
            format!("You wished for that more: it is number {own} on your list, and this job is number {rank}.")
        }
    }

    fn has_less(&self, own: u16, rank: u16) -> String {
        format!("That is number {own} on your list, and this job is number {rank}.")
    }

    fn how_places_are_given(&self, mechanism: Mechanism, moves_up: bool) -> String {
        match mechanism {
            _ if moves_up => {
                "In this round people moved up to places that came free, each as far as those who come before them there left room."
            }
            Mechanism::Priority => {
                "The order decides who gets a place. Which place it is is then decided so that the wishes of all together are met as well as they can be."
            }
            Mechanism::DeferredAcceptance => {
                "Each job takes, of those who wish for it, whoever comes first there: by group, home district and lottery."
            }
            Mechanism::RankMaximal => {
                "As many first wishes as can be are met, then as many second wishes, and so on, whoever they are of."
            }
            Mechanism::TopTradingCycles => {
                "Places belong to those who come first at a job, and are traded where that gives each what they wished for more."
            }
            Mechanism::SerialDictatorship | Mechanism::PaperLottery => "Places are given in order: when it was your turn, there was no place of this job that you could have.",
        }
        .to_owned()
    }

    fn waits(&self, rank: u16) -> String {
        format!("You have no place. This job is number {rank} on your list of wishes.")
    }

    fn places(&self, places: u32, taken: u32) -> String {
        match (places, taken) {
            (1, 1) => "The job has one place, and it is taken.".to_owned(),
            (1, 0) => "The job has one place, and it is free.".to_owned(),
            _ if places == taken => format!("All {} places of the job are taken.", number(places)),
            _ => format!("{} of the {} places of the job are taken.", number(taken), number(places)),
        }
    }

    fn last(&self, cutoff: &str, position: &str) -> String {
        format!("The last of them given by the order went to {cutoff}; you are number {position}.")
    }

    fn price_heading(&self) -> String {
        "What it would have cost to give it to you".to_owned()
    }

    fn lose(&self, lose: u32, lose_ahead: u32) -> String {
        match (lose, lose_ahead) {
            (1, 1) => "One other person, who comes before you in the order, would have lost their place.".to_owned(),
            (1, _) => "One other person, who comes after you in the order, would have lost their place.".to_owned(),
            _ => format!(
                "{} other people would have lost their place, {} of whom come before you in the order.",
                number(lose),
                number(lose_ahead)
            ),
        }
    }

    fn gain(&self, gain: u32) -> String {
        match gain {
            1 => "One other person would have got a place who has none.".to_owned(),
            _ => format!("{} other people would have got a place who have none.", number(gain)),
        }
    }

    fn nobody_loses(&self) -> String {
        "Nobody else would have lost their place.".to_owned()
    }

    fn steps(&self, worse: i64, better: Option<i64>) -> String {
        let steps = |count: i64| if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
        let own =
            better.filter(|better| *better > 0).map_or(String::new(), |better| format!(", and yours {} better", steps(better)));
        if worse > 0 {
            format!("The wishes of the others together would have been met {} worse{own}.", steps(worse))
        } else {
            format!("The wishes of the others together would have been met {} better{own}.", steps(-worse))
        }
    }

    fn costs(&self, more: i64) -> String {
        let what = if more > 0 { "worse" } else { "better" };
        format!("The wishes of the others together would have been met {what}: by {} in the season's rank costs.", more.abs())
    }

    fn as_good_for_others(&self) -> String {
        "The wishes of the others together would have been met as well as now.".to_owned()
    }

    fn cannot_be_given(&self, problem: LockProblem) -> String {
        match problem {
            LockProblem::JobFull => {
                "It could not have been given to you: all of its places were given by hand or in earlier rounds.".to_owned()
            }
            _ => {
                "It could not have been given to you: a cap is used up by what was given by hand or in earlier rounds.".to_owned()
            }
        }
    }

    fn how_it_was_found(&self) -> String {
        "This was found by deciding the whole season again with just that place given to you.".to_owned()
    }
}
