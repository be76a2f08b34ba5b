//! What a round changes, in words and as a table.

use std::cmp::Reverse;

use feriematch_report::{Table, Value};
use feriematch_rounds::{Chain, Leaving, Link, Source};

/// Says what chains change, a line each, the longest first; after so many how many more there are.
pub(crate) fn told(chains: &[Chain], most: usize, for_more: &str) -> String {
    let mut longest_first: Vec<&Chain> = chains.iter().collect();
    longest_first.sort_by_key(|chain| Reverse(chain.links.len()));
    let mut text: String = longest_first.into_iter().take(most).map(|chain| format!("  {}\n", sentence(chain))).collect();
    if chains.len() > most {
        text.push_str(&format!("  and {} more: {for_more}\n", chains.len() - most));
    }
    text
}

fn sentence(chain: &Chain) -> String {
    let Some(first) = chain.links.first() else { return String::new() };
    let mut said = match &chain.source {
        Source::GivenUp { applicant, day, leaving } => format!("{}: {applicant} {} on {day}.", first.to, how(leaving)),
        Source::Free => format!("{}: a place was free.", first.to),
        Source::Circle => format!("{}: {} people change places.", first.to, chain.links.len()),
    };
    for Link { applicant, rank, from, to } in &chain.links {
        let wish = |rank: &Option<u16>| rank.map_or("by hand".to_owned(), |rank| format!("wish {rank}"));
        said.push_str(&match from {
            None => format!(" {applicant}, who waited, gets {to} ({}).", wish(rank)),
            Some((from, before)) => {
                format!(" {applicant} moves from {from} ({}) to {to} ({}).", wish(before), wish(rank))
            }
        });
    }
    said
}

fn how(leaving: &Leaving) -> String {
    let because = |why: &str| if why.is_empty() { String::new() } else { format!(" ({why})") };
    match leaving {
        Leaving::Declined(why) => format!("declined{}", because(why)),
        Leaving::Lapsed => "did not answer".to_owned(),
        Leaving::Withdrawn(why) => format!("withdrew{}", because(why)),
    }
}

/// Returns the chains as a table with a row for everybody who gets a place.
pub(crate) fn table(chains: &[Chain]) -> Table {
    let text = |text: &str| Value::Text(text.to_owned());
    let rank = |rank: Option<u16>| rank.map_or(Value::Blank, |rank| Value::from(u32::from(rank)));
    let rows = (1_u32..).zip(chains).flat_map(|(number, chain)| {
        (1_u32..).zip(&chain.links).map(move |(step, Link { applicant, rank: now, from, to })| {
            let (source, by) = match &chain.source {
                _ if step > 1 => ("moved-on", None),
                Source::GivenUp { applicant, leaving, .. } => (
                    match leaving {
                        Leaving::Declined(_) => "declined",
                        Leaving::Lapsed => "lapsed",
                        Leaving::Withdrawn(_) => "withdrawn",
                    },
                    Some(applicant),
                ),
                Source::Free => ("free", None),
                Source::Circle => ("circle", None),
            };
            let (from, before) = from.as_ref().map_or((Value::Blank, None), |(from, before)| (text(from), *before));
            let by = by.map_or(Value::Blank, |by| text(by));
            vec![
                Value::from(number),
                Value::from(step),
                text(to),
                text(source),
                by,
                text(applicant),
                rank(*now),
                from,
                rank(before),
            ]
        })
    });
    Table {
        name: "changes",
        title: "What changed".to_owned(),
        columns: vec![
            ("chain", "Chain"),
            ("step", "Step"),
            ("job", "Job"),
            ("source", "The place"),
            ("given_up_by", "Given up by"),
            ("applicant", "Applicant"),
            ("wish", "Wish"),
            ("from_job", "From"),
            ("from_wish", "Wish before"),
        ],
        rows: rows.collect(),
    }
}
