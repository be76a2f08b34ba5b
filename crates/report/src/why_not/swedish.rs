//! The Swedish sentences.

use feriematch_core::LockProblem;
use feriematch_model::Mechanism;

use super::{Phrases, number};

pub(super) struct Swedish;

impl Phrases for Swedish {
    fn heading(&self, id: &str, job: &str, title: &str) -> String {
        format!("Ansökan {id} och jobbet {title} ({job})")
    }

    fn has_it(&self) -> String {
        "Du har det här jobbet.".to_owned()
    }

    fn has_no_place(&self) -> String {
        "Du har ingen plats.".to_owned()
    }

    fn has_another(&self) -> String {
        "Du har en plats i ett annat jobb.".to_owned()
    }

    fn number_in_order(&self, position: &str, lottery: &str) -> String {
        format!("Du är nummer {position} i turordningen; ditt lottnummer är {lottery}.")
    }

    fn not_eligible(&self, rule: &str) -> String {
        format!("Du kan inte få det här jobbet: {rule}.")
    }

    fn not_wished(&self, is_first: bool) -> String {
        if is_first {
            "Du har inte önskat det här jobbet, och ingen får genom lottning ett jobb som de inte har önskat.".to_owned()
        } else {
            "Du har inte heller önskat det.".to_owned()
        }
    }

    fn has(&self, title: &str, job: &str) -> String {
        format!("Du har en plats i {title} ({job}).")
    }

    fn enough_as_wish(&self, is_enough: bool) -> String {
        if is_enough {
            "Hade du önskat det, sist på din lista, hade du fått en plats.".to_owned()
        } else {
            "Att önska det sist på din lista hade inte hjälpt: du hade inte fått någon plats.".to_owned()
        }
    }

    fn held_elsewhere(&self) -> String {
        "Det bestämdes av en handläggare, eller i en tidigare omgång, innan alla andra fick platser.".to_owned()
    }

    fn has_as_good(&self, own: u16, rank: u16) -> String {
        if own == rank {
            format!("Du har önskat båda som nummer {rank} på din lista.")
        } else {
            format!("Det önskade du hellre: det är nummer {own} på din lista, och det här jobbet är nummer {rank}.")
        }
    }

    fn has_less(&self, own: u16, rank: u16) -> String {
        format!("Det är nummer {own} på din lista, och det här jobbet är nummer {rank}.")
    }

    fn how_places_are_given(&self, mechanism: Mechanism, moves_up: bool) -> String {
        match mechanism {
            _ if moves_up => {
                "I den här omgången flyttade de som ville till bättre platser som blev lediga, så långt de som kom före dem där lämnade rum."
            }
            Mechanism::Priority => {
                "Turordningen avgör vem som får en plats. Vilken plats det blir avgörs sedan så att allas önskemål tillsammans uppfylls så bra som möjligt."
            }
            Mechanism::DeferredAcceptance => {
                "Varje jobb tar, av dem som önskar det, dem som kommer först där: efter grupp, stadsdel och lottning."
            }
            Mechanism::RankMaximal => {
                "Så många förstahandsönskemål som möjligt uppfylls, sedan så många andrahandsönskemål och så vidare, vem de än är från."
            }
            Mechanism::TopTradingCycles => {
                "Platserna tillhör dem som kommer först vid ett jobb, och byts där det ger var och en det som de hellre önskade."
            }
            Mechanism::SerialDictatorship | Mechanism::PaperLottery => "Platserna ges i turordning: när det var din tur fanns det ingen plats i det här jobbet som du kunde få.",
        }
        .to_owned()
    }

    fn waits(&self, rank: u16) -> String {
        format!("Du har ingen plats. Det här jobbet är nummer {rank} på din önskelista.")
    }

    fn places(&self, places: u32, taken: u32) -> String {
        match (places, taken) {
            (1, 1) => "Jobbet har en enda plats, och den är tagen.".to_owned(),
            (1, 0) => "Jobbet har en enda plats, och den är ledig.".to_owned(),
            _ if places == taken => format!("Alla {} platser i jobbet är tagna.", number(places)),
            _ => format!("{} av de {} platserna i jobbet är tagna.", number(taken), number(places)),
        }
    }

    fn last(&self, cutoff: &str, position: &str) -> String {
        format!("Den sista av dem som gavs efter turordningen gick till {cutoff}; du är nummer {position}.")
    }

    fn price_heading(&self) -> String {
        "Vad det hade kostat att ge det till dig".to_owned()
    }

    fn lose(&self, lose: u32, lose_ahead: u32) -> String {
        match (lose, lose_ahead) {
            (1, 1) => "En annan person, som kommer före dig i turordningen, hade förlorat sin plats.".to_owned(),
            (1, _) => "En annan person, som kommer efter dig i turordningen, hade förlorat sin plats.".to_owned(),
            _ => format!(
                "{} andra hade förlorat sin plats, varav {} kommer före dig i turordningen.",
                number(lose),
                number(lose_ahead)
            ),
        }
    }

    fn gain(&self, gain: u32) -> String {
        match gain {
            1 => "En annan person, som inte har någon plats, hade fått en.".to_owned(),
            _ => format!("{} andra, som inte har någon plats, hade fått en.", number(gain)),
        }
    }

    fn nobody_loses(&self) -> String {
        "Ingen annan hade förlorat sin plats.".to_owned()
    }

    fn steps(&self, worse: i64, better: Option<i64>) -> String {
        let own = better.filter(|better| *better > 0).map_or(String::new(), |better| format!(", och ditt {better} steg bättre"));
        let (count, what) = if worse > 0 { (worse, "sämre") } else { (-worse, "bättre") };
        format!("De andras önskemål hade tillsammans uppfyllts {count} steg {what}{own}.")
    }

    fn costs(&self, more: i64) -> String {
        let what = if more > 0 { "sämre" } else { "bättre" };
        format!("De andras önskemål hade tillsammans uppfyllts {what}: med {} i säsongens rangkostnader.", more.abs())
    }

    fn as_good_for_others(&self) -> String {
        "De andras önskemål hade tillsammans uppfyllts lika bra som nu.".to_owned()
    }

    fn cannot_be_given(&self, problem: LockProblem) -> String {
        match problem {
            LockProblem::JobFull => {
                "Du hade inte kunnat få det: alla dess platser är givna för hand eller i tidigare omgångar.".to_owned()
            }
            _ => {
                "Du hade inte kunnat få det: ett tak är nått med det som är givet för hand eller i tidigare omgångar.".to_owned()
            }
        }
    }

    fn how_it_was_found(&self) -> String {
        "Det är framräknat genom att hela säsongen avgjordes på nytt med bara den platsen given till dig.".to_owned()
    }
}
