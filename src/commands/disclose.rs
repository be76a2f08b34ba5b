//! `feriematch disclose`: a masked copy for whoever asks to see public records.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_ledger::Location;
use feriematch_model::{ApplicantIx, Gender, Outcome, Season, Verdict};
use feriematch_privacy::{LEAST, SecretKey, agreeing, suppress};
use feriematch_report::export::MASKED;
use feriematch_report::neutralised;
use feriematch_rounds::{Move, Offer, State, Step};

use crate::cli::privacy::DiscloseArgs;
use crate::cli::rounds::LedgerArgs;
use crate::cli::{OutcomeArgs, SeasonArgs};
use crate::commands::counted;
use crate::disclosed_readme::{Facts, readme};
use crate::exit_code::{Failure, print};
use crate::record::{self, Record};
use crate::{diagnostics, key_file, new_folder, season, subject};

pub(crate) fn run(args: &DiscloseArgs) -> Result<(), Failure> {
    new_folder::refuse_filled(&args.out)?;
    let loaded = season::load(&args.season)?;
    let mut record = open_record(args)?;
    let outcome = newest_outcome(args, record.as_ref())?;
    let key = match &args.key {
        None => key_file::drawn()?,
        Some(path) => {
            key_file::refuse_inside(path, &args.season.dir)?;
            key_file::refuse_inside(path, &args.out)?;
            if args.new_key { key_file::create(path)? } else { key_file::read(path)? }
        }
    };
    let steps = record.as_mut().map(steps).transpose()?;
    let state = record.as_ref().map(Record::state);
    let copy = Copy { season: &loaded.season, state, people: people(&loaded.season, state, &outcome)?, key: &key };
    copy.refuse_equal_pseudonyms()?;

    let mut files = vec![("offers.csv", copy.offers()), ("waiting-list.csv", copy.waiting_list()), ("jobs.csv", copy.jobs())];
    if let (Some(state), Some(steps)) = (state, &steps) {
        files.extend([("rounds.csv", rounds(state)), ("record.csv", copy.record(steps))]);
    }
    files.push(("tables.csv", copy.tables()));
    let facts = Facts {
        season: &loaded.season.settings().name,
        day: record::today(),
        seed: &outcome.seed,
        head: record.as_ref().map(|record| record.head().to_string()),
        key_is_kept: args.key.is_some(),
    };
    files.push(("README.txt", readme(&facts)));
    new_folder::write(&args.out, &files)?;
    diagnostics::print_to_stderr(&loaded.warnings);
    let count = |standing: fn(&Standing) -> bool| copy.people.iter().filter(|(_, is)| standing(is)).count();
    print(&format!(
        "Wrote {}: {}.\n{} with a place and {} who wait, under pseudonyms {}.\nLook through the copy before it leaves: it is a proposal, and the \
         decision is the authority's.\n",
        args.out.display(),
        files.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        counted(count(|is| matches!(is, Standing::Placed(_))), "person"),
        count(|is| matches!(is, Standing::Waiting)),
        if args.key.is_some() { "made with the key given" } else { "whose key nobody has" },
    ))
}

/// Opens the season's record, if it has one.
fn open_record(args: &DiscloseArgs) -> Result<Option<Record>, Failure> {
    let at = record::location(&args.season.dir, &args.at)?;
    match &at {
        Location::Sqlite(path) if args.at.ledger.is_none() && !path.exists() => Ok(None),
        _ => Record::open_whole(&LedgerArgs { dir: args.season.dir.clone(), at: args.at.clone() }).map(Some),
    }
}

/// Reads the outcome of the last round, or of the one run where there are no rounds.
fn newest_outcome(args: &DiscloseArgs, record: Option<&Record>) -> Result<Outcome, Failure> {
    let SeasonArgs { dir, encoding } = &args.season;
    let season = SeasonArgs { dir: dir.clone(), encoding: *encoding };
    let round = record.map_or(0, |record| record.state().rounds().len() as u32);
    let of = OutcomeArgs { season, outcome: None, round: (round > 0).then_some(round), ledger: args.at.ledger.clone() };
    if round == 0 {
        return Ok(subject::read(&of)?.outcome);
    }
    // The files may have grown since the round, but its outcome must be the one that was published.
    let subject = subject::read_unchecked(&of)?;
    match subject.against_record.first() {
        None => Ok(subject.outcome),
        Some((_, problem)) => Err(Failure::File {
            message: format!("the outcome of round {round}: {problem}"),
            help: "bring back the folder of the round as it was published".to_owned(),
        }),
    }
}

/// A step of the record that stands, and the day it counts for.
type Dated = (jiff::civil::Date, Step);

/// Returns the steps that stand: what was undone, most likely a mistake about somebody, is nobody's business.
fn steps(record: &mut Record) -> Result<Vec<Dated>, Failure> {
    let mut standing: BTreeMap<u64, Dated> = BTreeMap::new();
    for event in record.ledger().events(1) {
        let event = event?;
        match record::read(&event)? {
            (_, Step::Undo { step }) => drop(standing.remove(&step)),
            dated => drop(standing.insert(event.sequence, dated)),
        }
    }
    Ok(standing.into_values().collect())
}

/// What has become of an applicant.
enum Standing {
    Placed(Place),
    Waiting,
    Ineligible,
    Left,
}

/// A place that somebody has.
struct Place {
    job: String,
    round: Option<u32>,
    /// In what standing, as the record calls it.
    standing: String,
}

/// Returns what has become of everybody: by the record, and where it does not know them by the outcome.
fn people(season: &Season, state: Option<&State>, outcome: &Outcome) -> Result<Vec<(ApplicantIx, Standing)>, Failure> {
    let mut people = Vec::with_capacity(season.applicants().len());
    let known: BTreeMap<&str, &Verdict> =
        outcome.decisions.iter().map(|decision| (decision.applicant.as_str(), &decision.verdict)).collect();
    if let Some(stranger) = known.keys().find(|id| season.find_applicant(id).is_none()) {
        return Err(Failure::File {
            message: format!("the outcome knows {stranger}, whom the files do not have"),
            help: "put the applicants back as they were when it was made".to_owned(),
        });
    }
    for (index, applicant) in season.applicants().iter().enumerate() {
        let life = state.and_then(|state| state.life(&applicant.id));
        let standing = match (life, known.get(&*applicant.id)) {
            (Some(life), _) if life.place.is_some() => {
                let place = life.place.as_ref().map(|place| Place {
                    job: place.job.to_string(),
                    round: Some(place.round),
                    standing: place.holding.to_string(),
                });
                place.map_or(Standing::Left, Standing::Placed)
            }
            (Some(life), _) if life.left.is_some() => Standing::Left,
            (_, Some(Verdict::Placed(placed))) if state.is_none() => {
                Standing::Placed(Place { job: placed.job.clone(), round: None, standing: "placed".to_owned() })
            }
            (_, Some(Verdict::Ineligible { .. })) => Standing::Ineligible,
            _ => Standing::Waiting,
        };
        people.push((ApplicantIx::new(index), standing));
    }
    Ok(people)
}

/// A masked copy that is being made.
struct Copy<'a> {
    season: &'a Season,
    state: Option<&'a State>,
    people: Vec<(ApplicantIx, Standing)>,
    key: &'a SecretKey,
}

impl Copy<'_> {
    /// Pseudonyms are 64 bits of a hash.
    fn refuse_equal_pseudonyms(&self) -> Result<(), Failure> {
        let applicants = self.season.applicants();
        let different: BTreeSet<String> = applicants.iter().map(|applicant| self.key.pseudonym(&applicant.id)).collect();
        if different.len() == applicants.len() {
            return Ok(());
        }
        Err(Failure::Usage {
            message: "two people would have the same pseudonym".to_owned(),
            help: "run it again, with another key if one was given".to_owned(),
        })
    }

    fn pseudonym(&self, index: ApplicantIx) -> String {
        self.key.pseudonym(&self.season.applicant(index).id)
    }

    /// Returns the traits of an applicant that may be shown where others share them: home district and birth year. A protected identity has none, and is among
    /// the rows that show nothing, which are enough to hide in.
    fn traits(&self, index: ApplicantIx) -> [Option<String>; 2] {
        let applicant = self.season.applicant(index);
        if applicant.protected {
            return [None, None];
        }
        let district = self.season.settings().districts[applicant.home_district.get()].name.to_string();
        [Some(district), Some(applicant.birth_date.year().to_string())]
    }

    /// A line a place that somebody has, by job. Who the people of one job are may be known, so that they are alike among themselves.
    fn offers(&self) -> String {
        let mut holders: BTreeMap<&str, Vec<(String, ApplicantIx, &Place)>> = BTreeMap::new();
        for (index, standing) in &self.people {
            if let Standing::Placed(place) = standing {
                holders.entry(&place.job).or_default().push((self.pseudonym(*index), *index, place));
            }
        }
        let mut lines: Vec<Vec<String>> = Vec::new();
        for (job, mut holders) in holders {
            holders.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            let rows: Vec<Vec<Option<String>>> =
                holders.iter().map(|(_, index, _)| self.traits(*index).into_iter().rev().collect()).collect();
            for (((pseudonym, _, place), row), shown) in holders.iter().zip(&rows).zip(agreeing(&rows, LEAST)) {
                let mut line = self.job_cells(job);
                line.push(pseudonym.clone());
                line.push(place.round.map_or(String::new(), |round| round.to_string()));
                line.push(place.standing.clone());
                line.extend((0..row.len()).map(|at| shown_as_far(row, at, shown)));
                lines.push(line);
            }
        }
        let header =
            ["job_id", "title", "employer", "area", "period", "person", "round", "standing", "birth_year", "home_district"];
        sheet(&header, lines)
    }

    /// A line for everybody who waits, in the order of the pseudonyms, which is none.
    fn waiting_list(&self) -> String {
        let is_waiting = |(index, standing): &(ApplicantIx, Standing)| {
            matches!(standing, Standing::Waiting).then(|| (self.pseudonym(*index), *index))
        };
        let mut waiting: Vec<(String, ApplicantIx)> = self.people.iter().filter_map(is_waiting).collect();
        waiting.sort_unstable();
        let rows: Vec<Vec<Option<String>>> = waiting.iter().map(|(_, index)| self.traits(*index).to_vec()).collect();
        let mut lines = Vec::with_capacity(rows.len());
        for (((pseudonym, _), row), shown) in waiting.iter().zip(&rows).zip(agreeing(&rows, LEAST)) {
            lines.push(vec![pseudonym.clone(), shown_as_far(row, 0, shown), shown_as_far(row, 1, shown)]);
        }
        sheet(&["person", "home_district", "birth_year"], lines)
    }

    /// A line a job: how many places it has, and how many of them somebody has.
    fn jobs(&self) -> String {
        let mut given: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, standing) in &self.people {
            if let Standing::Placed(place) = standing {
                *given.entry(&place.job).or_default() += 1;
            }
        }
        let line = |job: &feriematch_model::Job| {
            let places = self.state.and_then(|state| state.places(&job.id)).unwrap_or(job.capacity);
            let given = given.get(&*job.id).copied().unwrap_or(0);
            let mut line = self.job_cells(&job.id);
            line.extend([places.to_string(), given.to_string(), places.saturating_sub(given).to_string()]);
            line
        };
        let header = ["job_id", "title", "employer", "area", "period", "places", "given", "free"];
        sheet(&header, self.season.jobs().iter().map(line).collect())
    }

    fn job_cells(&self, id: &str) -> Vec<String> {
        let Some(job) = self.season.find_job(id).map(|index| self.season.job(index)) else {
            return [id, "", "", "", ""].map(neutralised).to_vec();
        };
        let area = &self.season.settings().areas[job.area.get()].name;
        [id, &*job.title, self.season.employer_name(job.employer), area, &*self.season.period_of(job).name]
            .map(neutralised)
            .to_vec()
    }

    /// A line for each thing that happened to somebody or to a job, without who recorded it, the time of day and the reasons.
    ///
    /// Neither the number of an event is there nor the order of what happened on one day, which may be that of the ids: whoever knows the one or the other
    /// would know the people.
    fn record(&self, steps: &[Dated]) -> String {
        let mut lines = Vec::new();
        for alike in steps.chunk_by(|(a_day, a), (b_day, b)| (a_day, a.kind()) == (b_day, b.kind())) {
            for (kind, mut of_kind) in self.happened(alike) {
                of_kind.sort_unstable();
                let day = alike[0].0.to_string();
                lines.extend(
                    of_kind.into_iter().map(|[person, job, detail]| [day.clone(), kind.to_owned(), person, job, detail].to_vec()),
                );
            }
        }
        sheet(&["day", "kind", "person", "job_id", "detail"], lines)
    }

    /// Returns what steps of one kind on one day did: to whom, with which job, and in words.
    fn happened<'s>(&self, steps: &'s [Dated]) -> Vec<(&'s str, Vec<[String; 3]>)> {
        let person = |id: &String| self.key.pseudonym(id);
        let mut happened: Vec<(&str, Vec<[String; 3]>)> = Vec::new();
        for (_, step) in steps {
            let mut put = |kind: &'s str, person: String, job: &str, detail: String| {
                let line = [person, neutralised(job), neutralised(&detail)];
                match happened.iter_mut().find(|(other, _)| *other == kind) {
                    Some((_, lines)) => lines.push(line),
                    None => happened.push((kind, vec![line])),
                }
            };
            let kind = step.kind();
            match step {
                Step::Open { season, jobs } => put(kind, String::new(), "", format!("{season}, {} jobs", jobs.len())),
                Step::Commit { commitment } => put(kind, String::new(), "", commitment.clone()),
                Step::Draw { seed } => put(kind, String::new(), "", seed.clone()),
                Step::Publish { round, deadline, offers, moves, .. } => {
                    put(kind, String::new(), "", format!("round {round}, answers until {deadline}"));
                    for Offer { applicant, job, .. } in offers {
                        put("offered", person(applicant), job, format!("round {round}"));
                    }
                    for Move { applicant, job, .. } in moves {
                        put("moved", person(applicant), job, format!("round {round}"));
                    }
                }
                Step::Accept { applicant, .. }
                | Step::Sign { applicant }
                | Step::Work { applicant, .. }
                | Step::Decline { applicant, .. }
                | Step::Withdraw { applicant, .. } => put(kind, person(applicant), "", String::new()),
                Step::Lapse { applicants } => {
                    for applicant in applicants {
                        put(kind, person(applicant), "", String::new());
                    }
                }
                Step::Cut { job, places, displaced } => {
                    put(kind, String::new(), job, format!("{places} places"));
                    for applicant in displaced {
                        put("displaced", person(applicant), job, String::new());
                    }
                }
                Step::Grow { job, places } => put(kind, String::new(), job, format!("{places} places")),
                Step::Cede { to, places } => {
                    for (job, places) in places {
                        put(kind, String::new(), job, format!("{places} places to {to}"));
                    }
                }
                // Decisions by hand are on one person and one job, for reasons that are nobody else's; what steps of newer kinds hold is not known
                // to be harmless.
                _ => put(kind, String::new(), "", String::new()),
            }
        }
        happened
    }

    /// Counts by class and by recorded sex, traits that no list has.
    fn tables(&self) -> String {
        let settings = self.season.settings();
        let classes: Vec<String> = settings.classes.iter().map(|class| class.code.to_string()).collect();
        let mut lines = self.table("class", &classes, |index| self.season.applicant(index).class.get());
        let genders = ["female", "male", "other", "unknown"].map(str::to_owned);
        let gender_of = |index| Gender::ALL.iter().position(|gender| *gender == self.season.applicant(index).gender).unwrap_or(3);
        lines.extend(self.table("gender", &genders, gender_of));
        sheet(&["group", "key", "with_a_place", "waiting", "not_eligible", "left", "applied"], lines)
    }

    fn table(&self, group: &str, keys: &[String], key_of: impl Fn(ApplicantIx) -> usize) -> Vec<Vec<String>> {
        let mut counts = vec![vec![0; 4]; keys.len()];
        for (index, standing) in &self.people {
            let column = match standing {
                Standing::Placed(_) => 0,
                Standing::Waiting => 1,
                Standing::Ineligible => 2,
                Standing::Left => 3,
            };
            counts[key_of(*index)][column] += 1;
        }
        let cell = |count: &Option<u32>| count.map_or(MASKED.to_owned(), |count| count.to_string());
        let all = "all".to_owned();
        let rows = suppress(&counts).rows;
        let line = |(key, row): (&String, &Vec<Option<u32>>)| {
            [group.to_owned(), neutralised(key)].into_iter().chain(row.iter().map(cell)).collect()
        };
        keys.iter().chain([&all]).zip(&rows).map(line).collect()
    }
}

/// The rounds with what became of their offers.
fn rounds(state: &State) -> String {
    let line = |(number, round): (u32, &feriematch_rounds::Round)| {
        let c = round.counts;
        let counts = [c.offered, c.accepted, c.declined, c.lapsed, c.withdrawn, c.displaced, c.moved, c.signed];
        let dates = [number.to_string(), round.published.to_string(), round.deadline.to_string()];
        dates.into_iter().chain(counts.map(|count| count.to_string())).collect()
    };
    let header = [
        "round",
        "published",
        "deadline",
        "offered",
        "accepted",
        "declined",
        "lapsed",
        "withdrawn",
        "displaced",
        "moved",
        "signed",
    ];
    sheet(&header, (1..).zip(state.rounds()).map(line).collect())
}

/// Returns a trait of a row, or that it is masked: only so many from the first on are shown.
fn shown_as_far(row: &[Option<String>], at: usize, shown: usize) -> String {
    row[at].as_deref().filter(|_| at < shown).map_or_else(|| MASKED.to_owned(), neutralised)
}

/// Writes CSV as Swedish Excel opens it.
fn sheet(header: &[&str], lines: Vec<Vec<String>>) -> String {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    // A Vec takes every write.
    let _ = writer.write_record(header);
    for line in lines {
        let _ = writer.write_record(line);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
