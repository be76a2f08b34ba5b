//! Checks a public lottery from what was published: the list, the rules, the commitment to both, the seed, and a ranking.
//!
//! Whoever checks has no season, and knows the applicants by their pseudonyms only.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use feriematch_model::LotteryNumber;
use serde::Deserialize;

use crate::lottery::{CONTEXT, number};

/// What was published of a lottery.
#[derive(Debug, Clone, Copy)]
pub struct PublicLottery<'a> {
    /// The rules, in JSON.
    pub rules: &'a [u8],
    /// The list: who takes part, in which class.
    pub list: &'a [u8],
    /// The commitment that was published before the seed was known.
    pub commitment: &'a str,
    /// The seed.
    pub seed: &'a str,
    /// A ranking: the numbers of the lottery, or a list of offers or of those who wait.
    pub ranking: Option<&'a [u8]>,
}

/// What a check of a lottery found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotteryCheck {
    /// How many are on the list.
    pub listed: u32,
    /// How many are in the ranking, if there is one.
    pub ranked: Option<u32>,
    /// Who comes first by list and seed, with the number.
    pub first: Option<(String, LotteryNumber)>,
    /// What does not hold.
    pub refutations: Vec<LotteryRefutation>,
}

/// Which of the files something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotteryFile {
    /// The rules.
    Rules,
    /// The list.
    List,
    /// The ranking.
    Ranking,
}

impl fmt::Display for LotteryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Rules => "the rules",
            Self::List => "the list",
            Self::Ranking => "the ranking",
        })
    }
}

/// Why files are not those of a lottery, so that nothing can be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LotteryFormError {
    /// The rules are not of the form.
    #[error("the rules cannot be read: {0}")]
    Rules(#[from] serde_json::Error),
    /// The rules make numbers in a way that is not known here.
    #[error("the rules make lottery numbers in another way than this version knows")]
    Method,
    /// A file is no table.
    #[error("{file} cannot be read: {source}")]
    Table {
        /// Which.
        file: LotteryFile,
        /// Why.
        source: csv::Error,
    },
    /// A table lacks a column.
    #[error("{file} has no column `{column}`")]
    Column {
        /// Which table.
        file: LotteryFile,
        /// The column.
        column: &'static str,
    },
    /// The first line of the list is not as it must be, so that list and rules could be cut apart elsewhere.
    #[error("the list does not begin with the line `applicant_id;class`")]
    Header,
    /// A value is not of its column.
    #[error("line {line} of {file}: `{value}` is not {what}")]
    Value {
        /// Which table.
        file: LotteryFile,
        /// The line.
        line: u64,
        /// The value.
        value: String,
        /// What it should be.
        what: &'static str,
    },
    /// Somebody is there twice.
    #[error("line {line} of {file}: {applicant} is there twice")]
    Twice {
        /// Which table.
        file: LotteryFile,
        /// The second line.
        line: u64,
        /// Who.
        applicant: String,
    },
}

/// What does not hold of a lottery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LotteryRefutation {
    /// Rules and list are not those that were committed to.
    #[error("the rules and the list are not those that were committed to: together they give {found}, not {stated}")]
    Commitment {
        /// The commitment that was stated.
        stated: String,
        /// The hash of rules and list.
        found: String,
    },
    /// Somebody is in the ranking who is not on the list.
    #[error("line {line}: {applicant} is in the ranking and not on the list that was committed to")]
    NotListed {
        /// The line of the ranking.
        line: u64,
        /// Who.
        applicant: String,
    },
    /// Somebody is on the list and not in the numbers.
    #[error("{applicant} is on the list and has no number")]
    Missing {
        /// Who.
        applicant: String,
    },
    /// The class is not that of the list.
    #[error("line {line}: {applicant} is in class {found}, and in class {expected} on the list")]
    Class {
        /// The line of the ranking.
        line: u64,
        /// Who.
        applicant: String,
        /// The class on the list.
        expected: String,
        /// The class in the ranking.
        found: String,
    },
    /// The number is not what the seed gives.
    #[error("line {line}: {applicant} has the number {found}, and the seed gives {expected}")]
    Number {
        /// The line of the ranking.
        line: u64,
        /// Who.
        applicant: String,
        /// What the seed gives.
        expected: LotteryNumber,
        /// What is stated.
        found: LotteryNumber,
    },
    /// The position is not what class, number and id give.
    #[error("line {line}: {applicant} has position {found}, and class, number and id give {expected}")]
    Position {
        /// The line of the ranking.
        line: u64,
        /// Who.
        applicant: String,
        /// What the list and the seed give.
        expected: u32,
        /// What is stated.
        found: u32,
    },
    /// Somebody comes before another who should come first.
    #[error("line {line}: {applicant} comes after {before}, who has a later class or number")]
    Order {
        /// The line of the ranking.
        line: u64,
        /// Who.
        applicant: String,
        /// Who stands before.
        before: String,
    },
}

/// What stands in a ranking for a class that is masked.
const MASKED: &str = "***";

/// The part of the rules that a ranking follows from.
#[derive(Deserialize)]
struct Rules {
    classes: Vec<Class>,
    numbers: Method,
}

#[derive(Deserialize)]
struct Class {
    code: String,
}

/// How numbers are made.
#[derive(Deserialize)]
struct Method {
    hash: String,
    context: String,
    bytes: u32,
    order: Vec<String>,
}

/// Where somebody on the list comes: class, number, id.
type Key<'k> = (usize, LotteryNumber, &'k str);

impl PublicLottery<'_> {
    /// Returns BLAKE3 of the rules followed by the list, in hexadecimal: the commitment that these files give.
    ///
    /// Rules end with their object, and a list begins with its fixed first line, so that the two cannot be cut apart elsewhere.
    pub fn commitment_of_files(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.rules);
        hasher.update(self.list);
        hasher.finalize().to_hex().to_string()
    }

    /// Checks that rules and list are those committed to, and that the ranking is what list and seed give.
    ///
    /// # Errors
    ///
    /// Returns why the files are not those of a lottery.
    ///
    /// # Complexity
    ///
    /// O(n log n) in the lines.
    pub fn check(&self) -> Result<LotteryCheck, LotteryFormError> {
        let mut refutations = Vec::new();
        let found = self.commitment_of_files();
        if !found.eq_ignore_ascii_case(self.commitment) {
            refutations.push(LotteryRefutation::Commitment { stated: self.commitment.to_owned(), found });
        }
        let rules: Rules = serde_json::from_slice(self.rules)?;
        if rules.numbers.hash != "BLAKE3"
            || rules.numbers.context != CONTEXT
            || rules.numbers.bytes != 8
            || rules.numbers.order != ["class", "lottery_number", "applicant_id"]
        {
            return Err(LotteryFormError::Method);
        }
        let list = self.read_list(&rules)?;
        let key = blake3::derive_key(CONTEXT, self.seed.as_bytes());
        let keys: BTreeMap<&str, Key<'_>> =
            list.iter().map(|(id, &class)| (id.as_str(), (class, number(&key, id), id.as_str()))).collect();
        let mut order: Vec<Key<'_>> = keys.values().copied().collect();
        order.sort_unstable();
        let ranking = self.ranking.map(read_ranking).transpose()?;
        if let Some(ranking) = &ranking {
            compare(ranking, &rules, &keys, &order, &mut refutations);
        }
        Ok(LotteryCheck {
            listed: list.len() as u32,
            ranked: ranking.map(|ranking| ranking.rows.len() as u32),
            first: order.first().map(|&(_, number, id)| (id.to_owned(), number)),
            refutations,
        })
    }

    /// Reads the list: the class of each id, as a row of the rules' classes.
    fn read_list(&self, rules: &Rules) -> Result<BTreeMap<String, usize>, LotteryFormError> {
        let file = LotteryFile::List;
        if !self.list.starts_with(b"applicant_id;class\n") {
            return Err(LotteryFormError::Header);
        }
        let table = Table::read(self.list, file)?;
        let columns = [table.column("applicant_id")?, table.column("class")?];
        let mut list = BTreeMap::new();
        for (line, record) in &table.records {
            let [id, code] = columns.map(|column| record.get(column).unwrap_or_default());
            let class = rules.classes.iter().position(|class| class.code == code);
            let class = class.ok_or_else(|| value(file, *line, code, "a class of the rules"))?;
            if list.insert(id.to_owned(), class).is_some() {
                return Err(LotteryFormError::Twice { file, line: *line, applicant: id.to_owned() });
            }
        }
        Ok(list)
    }
}

/// A ranking as it was published.
struct Ranking {
    /// Whether it is the whole list, so that nobody may be missing and positions follow from it.
    is_whole: bool,
    /// Sorted by position.
    rows: Vec<Row>,
}

struct Row {
    line: u64,
    applicant: String,
    class: String,
    number: LotteryNumber,
    position: u32,
}

/// Reads a ranking: numbers, whose positions are those of the whole list, or a list of a round, which has only some of it.
fn read_ranking(bytes: &[u8]) -> Result<Ranking, LotteryFormError> {
    let file = LotteryFile::Ranking;
    let table = Table::read(bytes, file)?;
    let of_round = table.column("ranking_position").ok();
    let position = of_round.map_or_else(|| table.column("position"), Ok)?;
    let columns = [table.column("applicant_id")?, table.column("class")?, table.column("lottery_number")?, position];
    let mut rows = Vec::with_capacity(table.records.len());
    let mut seen = BTreeMap::new();
    for (line, record) in &table.records {
        let line = *line;
        let [applicant, class, number, position] = columns.map(|column| record.get(column).unwrap_or_default().to_owned());
        let number = number.parse().map_err(|_| value(file, line, &number, "a lottery number of 16 hexadecimal digits"))?;
        let position = position.parse().map_err(|_| value(file, line, &position, "a position"))?;
        if seen.insert(applicant.clone(), line).is_some() {
            return Err(LotteryFormError::Twice { file, line, applicant });
        }
        rows.push(Row { line, applicant, class, number, position });
    }
    rows.sort_by_key(|row| row.position);
    Ok(Ranking { is_whole: of_round.is_none(), rows })
}

/// Compares a ranking with what list and seed give.
fn compare(
    ranking: &Ranking,
    rules: &Rules,
    keys: &BTreeMap<&str, Key<'_>>,
    order: &[Key<'_>],
    refutations: &mut Vec<LotteryRefutation>,
) {
    let mut before: Option<(Key<'_>, &str)> = None;
    for Row { line, applicant, class, number, position } in &ranking.rows {
        let (line, applicant) = (*line, || applicant.clone());
        let Some(&key) = keys.get(&*applicant()) else {
            refutations.push(LotteryRefutation::NotListed { line, applicant: applicant() });
            continue;
        };
        let expected = &rules.classes[key.0].code;
        if class != expected && class != MASKED {
            let (expected, found) = (expected.clone(), class.clone());
            refutations.push(LotteryRefutation::Class { line, applicant: applicant(), expected, found });
        }
        if *number != key.1 {
            let (expected, found) = (key.1, *number);
            refutations.push(LotteryRefutation::Number { line, applicant: applicant(), expected, found });
        }
        // Where the number is wrong, the position follows from that.
        if ranking.is_whole && *number == key.1 {
            let expected = order.partition_point(|other| *other < key) as u32 + 1;
            if *position != expected {
                refutations.push(LotteryRefutation::Position { line, applicant: applicant(), expected, found: *position });
            }
        } else if let Some((_, before)) = before.filter(|&(before, _)| !ranking.is_whole && before > key) {
            refutations.push(LotteryRefutation::Order { line, applicant: applicant(), before: before.to_owned() });
        }
        before = Some((key, key.2));
    }
    if ranking.is_whole {
        let ranked: BTreeSet<&str> = ranking.rows.iter().map(|row| &*row.applicant).collect();
        let missing = keys.keys().filter(|id| !ranked.contains(*id));
        refutations.extend(missing.map(|id| LotteryRefutation::Missing { applicant: (*id).to_owned() }));
    }
}

/// A table with its first line apart.
struct Table {
    file: LotteryFile,
    header: csv::StringRecord,
    records: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    fn read(bytes: &[u8], file: LotteryFile) -> Result<Self, LotteryFormError> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let failed = |source| LotteryFormError::Table { file, source };
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
        let header = reader.headers().map_err(failed)?.clone();
        let line = |record: &csv::StringRecord| record.position().map_or(0, csv::Position::line);
        let records = reader.records().map(|record| record.map(|record| (line(&record), record)));
        Ok(Self { file, header, records: records.collect::<Result<_, _>>().map_err(failed)? })
    }

    fn column(&self, column: &'static str) -> Result<usize, LotteryFormError> {
        let missing = LotteryFormError::Column { file: self.file, column };
        self.header.iter().position(|name| name == column).ok_or(missing)
    }
}

fn value(file: LotteryFile, line: u64, value: &str, what: &'static str) -> LotteryFormError {
    LotteryFormError::Value { file, line, value: value.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"{"classes":[{"code":"P"},{"code":"1"}],
        "numbers":{"hash":"BLAKE3","context":"feriematch 1 lottery","bytes":8,"order":["class","lottery_number","applicant_id"]}}
"#;
    const LIST: &str = "applicant_id;class\nA-0001;1\nA-0002;P\nA-0003;1\n";

    fn lottery(ranking: Option<&'static str>) -> PublicLottery<'static> {
        let ranking = ranking.map(str::as_bytes);
        PublicLottery { rules: RULES.as_bytes(), list: LIST.as_bytes(), commitment: "", seed: "feriejobb 2027", ranking }
    }

    /// Numbers as computed with the Python package `blake3`, see docs/lottery.md.
    const NUMBERS: &str = "applicant_id;class;lottery_number;position\n\
        A-0002;P;34cafc0fe98b7ef3;1\nA-0001;1;2c312a0e239a6369;2\nA-0003;1;454cdfbf4f926f70;3\n";

    fn check(ranking: &str) -> Vec<LotteryRefutation> {
        let lottery = lottery(None);
        let commitment = lottery.commitment_of_files();
        let lottery = PublicLottery { commitment: &commitment, ranking: Some(ranking.as_bytes()), ..lottery };
        lottery.check().unwrap().refutations
    }

    #[test]
    fn what_was_published_holds() {
        assert_eq!(check(NUMBERS), []);
    }

    #[test]
    fn every_change_is_named() {
        let one = |ranking: &str| match check(ranking).as_slice() {
            [refutation] => refutation.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(one(&NUMBERS.replace(";P;", ";1;")), "line 2: A-0002 is in class 1, and in class P on the list");
        assert!(one(&NUMBERS.replace("2c31", "0c31")).contains("and the seed gives 2c312a0e239a6369"));
        assert!(one(&format!("{NUMBERS}A-0009;1;0000000000000000;4\n")).contains("A-0009 is in the ranking and not on the list"));
        let (whole, _) = NUMBERS.rsplit_once("A-0003").unwrap();
        assert_eq!(one(whole), "A-0003 is on the list and has no number");
        let swapped = NUMBERS.replace(";2\n", ";0\n").replace(";3\n", ";2\n").replace(";0\n", ";3\n");
        assert_eq!(check(&swapped).len(), 2);
        // A list of a round has some of them, with positions of its own; classes may be masked.
        let round = "ranking_position;applicant_id;class;lottery_number\n4;A-0001;***;2c312a0e239a6369\n";
        assert_eq!(check(round), []);
        let wrong = format!("{round}9;A-0002;P;34cafc0fe98b7ef3\n");
        assert_eq!(one(&wrong), "line 3: A-0002 comes after A-0001, who has a later class or number");
    }

    #[test]
    fn another_list_or_rule_is_not_what_was_committed_to() {
        let lottery = lottery(None);
        let commitment = lottery.commitment_of_files();
        let longer = format!("{LIST}A-0004;P\n");
        let other = PublicLottery { list: longer.as_bytes(), commitment: &commitment, ..lottery };
        assert!(matches!(other.check().unwrap().refutations[..], [LotteryRefutation::Commitment { .. }]));
        let rules = RULES.replace(r#"{"code":"P"},{"code":"1"}"#, r#"{"code":"1"},{"code":"P"}"#);
        let other = PublicLottery { rules: rules.as_bytes(), commitment: &commitment, ..lottery };
        assert!(matches!(other.check().unwrap().refutations[..], [LotteryRefutation::Commitment { .. }]));
        let upper = commitment.to_uppercase();
        assert_eq!(PublicLottery { commitment: &upper, ..lottery }.check().unwrap().refutations, []);
    }

    /// A byte cannot pass from the list to the rules: rules end with their object, and a list begins with its first line.
    #[test]
    fn list_and_rules_cannot_be_cut_apart_elsewhere() {
        let both = format!("{RULES}{LIST}");
        for cut in 0..=both.len() {
            let (rules, list) = both.split_at(cut);
            let other = PublicLottery { rules: rules.as_bytes(), list: list.as_bytes(), ..lottery(None) };
            assert_eq!(other.check().is_ok(), cut == RULES.len(), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_lottery_is_refused() {
        let with_list = |list: &str| PublicLottery { list: list.as_bytes(), ..lottery(None) }.check().unwrap_err().to_string();
        assert_eq!(with_list("applicant_id;class\nA;9\n"), "line 2 of the list: `9` is not a class of the rules");
        assert_eq!(with_list("applicant_id;class\nA;1\nA;P\n"), "line 3 of the list: A is there twice");
        assert_eq!(with_list("class;applicant_id\n"), "the list does not begin with the line `applicant_id;class`");
        let rules = RULES.replace("BLAKE3", "SHA-1");
        let other = PublicLottery { rules: rules.as_bytes(), ..lottery(None) };
        assert!(matches!(other.check(), Err(LotteryFormError::Method)));
        assert!(lottery(Some("applicant_id;class;position\n")).check().unwrap_err().to_string().contains("`lottery_number`"));
    }
}
