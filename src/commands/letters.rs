//! `feriematch letters`: what is sent to applicants.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use feriematch_letters::{
    Facts, Kind, Language, LetterError, Offered, SENDER_FILE, Sender, Writer, shipped_sender, shipped_templates,
};
use feriematch_model::Season;
use feriematch_report::neutralised;
use feriematch_rounds::{Holding, Place, State};
use jiff::civil::Date;

use crate::cli::Lang;
use crate::cli::pay::{LetterKind, LettersArgs};
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::record::{self, Record};
use crate::whole_folder::{self, cannot_write};
use crate::{diagnostics, season};

/// The files that are written beside those of single letters.
const ALL_LETTERS: &str = "letters.html";
const LIST: &str = "letters.csv";
/// Where the letters are that must not go with the others.
const BY_HAND: &str = "by-hand";

pub(crate) fn run(args: &LettersArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.write_templates {
        return write_templates(&args.season.dir, folder);
    }
    let kind = match args.kind {
        Some(LetterKind::Reminder) => Kind::Reminder,
        Some(LetterKind::Contract) => Kind::Contract,
        _ => Kind::Offer,
    };
    let language = match args.lang {
        Lang::Sv => Language::Swedish,
        Lang::En => Language::English,
    };
    let day = args.date.unwrap_or_else(record::today);
    let spinner = Spinner::start("reading");
    let sender = read_sender(&args.season.dir)?;
    let templates = read_templates(args.templates.as_deref())?;
    let writer = Writer::new(templates, language, &sender, day).map_err(refuse_letters)?;
    let record = Record::open_in(&args.season.dir, &args.at)?;
    let loaded = season::load(&args.season)?;
    let addressees = addressees(&loaded.season, record.state(), kind, args)?;
    refuse_late(&addressees, &loaded.season, kind, day)?;
    spinner.say("writing");
    let folder = args.out.clone().unwrap_or_else(|| default_folder(args, kind, language));
    let letters = Letters::write(&loaded.season, &writer, kind, &addressees)?;
    letters.leave(&folder)?;
    drop(spinner);
    diagnostics::print_to_stderr(&loaded.warnings);
    print(&letters.told(kind, &folder))
}

fn default_folder(args: &LettersArgs, kind: Kind, language: Language) -> PathBuf {
    let mut name = format!("{}-{}", kind.name(), language.code());
    if let Some(round) = args.round {
        name.push_str(&format!("-round-{round}"));
    }
    if !args.applicants.is_empty() {
        name.push_str("-chosen");
    }
    args.season.dir.join("letters").join(name)
}

/// Returns in what standing the place is of those who get a letter of a kind.
const fn standing(kind: Kind) -> Holding {
    match kind {
        Kind::Offer | Kind::Reminder => Holding::Offered,
        Kind::Contract => Holding::Accepted,
    }
}

/// Returns who gets a letter, and about which place, by id; says of those who were asked for and get none why.
fn addressees(season: &Season, state: &State, kind: Kind, args: &LettersArgs) -> Result<Vec<Offered>, Failure> {
    let standing = standing(kind);
    let fits = |place: &Place| place.holding == standing && args.round.is_none_or(|round| place.round == round);
    let chosen: Vec<(&str, &Place)> = if args.applicants.is_empty() {
        let places = state.lives().filter_map(|(id, life)| Some((id, life.place.as_ref()?)));
        places.filter(|(_, place)| fits(place)).collect()
    } else {
        let ids: BTreeSet<&str> = args.applicants.iter().map(String::as_str).collect();
        let mut problems = Vec::new();
        let mut chosen = Vec::new();
        for id in ids {
            match state.place_of(id) {
                Some(place) if fits(place) => chosen.push((id, place)),
                Some(place) => {
                    problems.push(format!("{id}: {} the place of {} in round {}", place.holding, place.job, place.round));
                }
                None => problems.push(no_place(season, state, id)),
            }
        }
        if !problems.is_empty() {
            return Err(Failure::Conflict {
                message: format!("there is no {} to write:\n  {}", kind.name(), problems.join("\n  ")),
                help: "leave them out; nothing was written".to_owned(),
            });
        }
        chosen
    };
    if chosen.is_empty() {
        let whom = match kind {
            Kind::Offer | Kind::Reminder => "has an open offer",
            Kind::Contract => "has accepted a place without signing for it",
        };
        let of_round = args.round.map_or_else(String::new, |round| format!(" of round {round}"));
        return Err(Failure::Conflict {
            message: format!("nobody {whom}{of_round}"),
            help: "`feriematch status` shows where the season stands; nothing was written".to_owned(),
        });
    }
    let mut missing = Vec::new();
    let mut addressees = Vec::with_capacity(chosen.len());
    for (id, place) in chosen {
        match season.find_applicant(id).zip(season.find_job(&place.job)) {
            Some((applicant, job)) => {
                addressees.push(Offered { applicant, job, round: place.round, deadline: place.deadline, rank: place.rank });
            }
            None => missing.push(format!("{id} with a place of {}", place.job)),
        }
    }
    if missing.is_empty() {
        return Ok(addressees);
    }
    Err(Failure::File {
        message: format!("the files no longer have what the ledger knows:\n  {}", missing.join("\n  ")),
        help: "put it back; nothing was written".to_owned(),
    })
}

/// Says why somebody has no place to write about.
fn no_place(season: &Season, state: &State, id: &str) -> String {
    if state.life(id).is_some_and(|life| life.left.is_some()) {
        return format!("{id}: has left the season");
    }
    if season.find_applicant(id).is_some() {
        return format!("{id}: has no place");
    }
    match season::meant_applicant(season, id) {
        Some(meant) => format!("{id}: is no applicant; did you mean {meant}?"),
        None => format!("{id}: is no applicant"),
    }
}

/// Refuses letters that ask for an answer which would come too late.
fn refuse_late(addressees: &[Offered], season: &Season, kind: Kind, day: Date) -> Result<(), Failure> {
    let late: Vec<&Offered> = match kind {
        Kind::Offer | Kind::Reminder => addressees.iter().filter(|offered| offered.deadline < day).collect(),
        Kind::Contract => Vec::new(),
    };
    let Some(first) = late.first() else { return Ok(()) };
    Err(Failure::Conflict {
        message: format!(
            "{} had to answer before {day}: {} by {}{}",
            counted(late.len(), "applicant"),
            season.applicant(first.applicant).id,
            first.deadline,
            if late.len() > 1 { ", …" } else { "" }
        ),
        help: "let the overdue offers lapse with `feriematch expire`, or name others with --round or --applicant".to_owned(),
    })
}

/// A letter, and where it goes.
struct Written {
    id: Box<str>,
    job: Box<str>,
    file: String,
    is_by_hand: bool,
    html: String,
    text: String,
}

/// The letters of a run.
struct Letters {
    all: Vec<Written>,
    page: String,
}

impl Letters {
    /// Writes all letters, or says everything that keeps one from being written.
    fn write(season: &Season, writer: &Writer<'_>, kind: Kind, addressees: &[Offered]) -> Result<Self, Failure> {
        let title = |id: &str| format!("{} – {id}", season.settings().name);
        let mut errors = BTreeSet::new();
        let mut taken = BTreeMap::new();
        let mut all = Vec::with_capacity(addressees.len());
        let mut bodies = Vec::new();
        for offered in addressees {
            let applicant = season.applicant(offered.applicant);
            let facts = Facts::new(season, kind, offered).map_err(|error| vec![error]);
            let page = facts.and_then(|facts| writer.letter(kind, &facts)).and_then(|letter| {
                let page = writer.page(kind, &title(&applicant.id), [letter.html.as_str()]);
                Ok((page.map_err(|error| vec![error])?, letter))
            });
            let (html, letter) = match page {
                Ok(page) => page,
                Err(problems) => {
                    errors.extend(problems);
                    continue;
                }
            };
            if !applicant.protected {
                bodies.push(letter.html);
            }
            all.push(Written {
                id: applicant.id.clone(),
                job: season.job(offered.job).id.clone(),
                file: file_name(&applicant.id, &mut taken),
                is_by_hand: applicant.protected,
                html,
                text: letter.text,
            });
        }
        if !errors.is_empty() {
            return Err(refuse_letters(errors));
        }
        let page = writer.page(kind, &season.settings().name, bodies.iter().map(String::as_str));
        Ok(Self { all, page: page.map_err(|error| refuse_letters([error]))? })
    }

    /// Leaves the letters in a folder.
    fn leave(&self, folder: &Path) -> Result<(), Failure> {
        whole_folder::replace(folder, "letters", is_of_letters, |partial| {
            let put = |name: String, content: &[u8]| {
                let path = partial.join(name);
                fs::write(&path, content).map_err(|e| cannot_write(&path, e))
            };
            if self.by_hand() > 0 {
                let path = partial.join(BY_HAND);
                fs::create_dir(&path).map_err(|e| cannot_write(&path, e))?;
            }
            if self.by_hand() < self.all.len() {
                put(ALL_LETTERS.to_owned(), self.page.as_bytes())?;
            }
            for letter in &self.all {
                put(letter.path("html"), letter.html.as_bytes())?;
                put(letter.path("txt"), letter.text.as_bytes())?;
            }
            put(LIST.to_owned(), &self.list().map_err(anyhow::Error::from)?)
        })
    }

    /// Returns a row for each letter, for Excel and for mail programs.
    fn list(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(["applicant_id", "job_id", "send", "html", "text"])?;
        for letter in &self.all {
            let send = if letter.is_by_hand { BY_HAND } else { "ordinary" };
            let (html, text) = (letter.path("html"), letter.path("txt"));
            writer.write_record([&neutralised(&letter.id), &neutralised(&letter.job), send, &html, &text])?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(io::Error::other(error.to_string())))
    }

    fn by_hand(&self) -> usize {
        self.all.iter().filter(|letter| letter.is_by_hand).count()
    }

    fn told(&self, kind: Kind, folder: &Path) -> String {
        let what = match kind {
            Kind::Offer => "offer",
            Kind::Reminder => "reminder",
            Kind::Contract => "contract",
        };
        let mut text = format!("Wrote {} to {}.\n", counted(self.all.len(), what), folder.display());
        if self.by_hand() < self.all.len() {
            text.push_str(&format!("{ALL_LETTERS} prints them all; {LIST} lists them with their files.\n"));
        }
        if self.by_hand() > 0 {
            let whose = if self.by_hand() == 1 { "1 has" } else { &format!("{} have", self.by_hand()) };
            text.push_str(&format!(
                "{whose} a protected identity: the letter is in {BY_HAND}, without a name, and must be sent by hand.\n"
            ));
        }
        text
    }
}

impl Written {
    fn path(&self, ending: &str) -> String {
        let folder = if self.is_by_hand { format!("{BY_HAND}/") } else { String::new() };
        format!("{folder}{}.{ending}", self.file)
    }
}

fn is_of_letters(name: &OsStr) -> bool {
    let name = Path::new(name);
    name == Path::new(LIST)
        || name == Path::new(BY_HAND)
        || name.extension().is_some_and(|ending| ending == "html" || ending == "txt")
}

/// Returns a name for the files of an applicant, such as any system takes; no two are the same, even where case does not matter.
fn file_name(id: &str, taken: &mut BTreeMap<String, u32>) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name: String =
        id.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    let count = taken.entry(name.to_lowercase()).or_insert(0);
    *count += 1;
    // The sign stands in no plain name, so that the number makes it one that nobody else has.
    if *count == 1 && name.to_lowercase() != "letters" { name } else { format!("{name}%{count}") }
}

fn read_sender(dir: &Path) -> Result<Sender, Failure> {
    let path = dir.join(SENDER_FILE);
    let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Failure::Usage {
            message: format!("{} is not there: it says who sends the letters and how to answer them", path.display()),
            help: format!("`feriematch letters {} --write-templates FOLDER` writes one to fill in", dir.display()),
        },
        _ => Failure::system(format!("cannot read {}", path.display()), source),
    })?;
    Sender::parse(&text).map_err(|error| refuse_letters([error]))
}

/// Reads the templates of a folder, or takes those that come with the program.
fn read_templates(folder: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    let Some(folder) = folder else {
        return Ok(shipped_templates().iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    };
    let cannot_read = |path: &Path, source| Failure::system(format!("cannot read {}", path.display()), source);
    let mut templates = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| cannot_read(folder, e))? {
        let path = entry.map_err(|e| cannot_read(folder, e))?.path();
        let is_template = path.extension().is_some_and(|ending| ending == "html" || ending == "txt");
        if let (true, Some(name)) = (is_template, path.file_name()) {
            let text = fs::read_to_string(&path).map_err(|e| cannot_read(&path, e))?;
            templates.push((name.to_string_lossy().into_owned(), text));
        }
    }
    templates.sort();
    Ok(templates)
}

fn refuse_letters(errors: impl IntoIterator<Item = LetterError>) -> Failure {
    let errors: Vec<String> = errors.into_iter().map(|error| error.to_string()).collect();
    Failure::File {
        message: errors.join("\n       "),
        help: "docs/letters.md says what templates and letters.toml hold; nothing was written".to_owned(),
    }
}

fn write_templates(dir: &Path, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|e| cannot_write(folder, e))?;
    let mut files: Vec<(PathBuf, &str)> = shipped_templates().iter().map(|(name, text)| (folder.join(name), *text)).collect();
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::Usage {
            message: format!("{} is there already", there.display()),
            help: "name a new folder; nothing is overwritten".to_owned(),
        });
    }
    let sender = dir.join(SENDER_FILE);
    let is_new = !sender.exists();
    if is_new {
        files.push((sender.clone(), shipped_sender()));
    }
    for (path, text) in files {
        let write = || OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(text.as_bytes());
        write().map_err(|e| cannot_write(&path, e))?;
    }
    let fill = if is_new { format!("Fill in {} first: who sends the letters.\n", sender.display()) } else { String::new() };
    print(&format!(
        "Wrote {} to {}.\n{fill}Edit them, then use them with --templates {}. docs/letters.md says what they may use.\n",
        counted(shipped_templates().len(), "template"),
        folder.display(),
        folder.display(),
    ))
}
