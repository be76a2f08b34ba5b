//! Reading the applicants.

use feriematch_model::{Applicant, ClassIx, DistrictIx, Gender, Wish};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::definitions::Vocabulary;
use crate::diagnostic::Position;
use crate::personal_id::{PersonalId, PersonalIdError, is_personal_id};
use crate::quote::{quote, quote_personal};
use crate::read::Numbers;
use crate::rows::Rows;
use crate::table::{Column, ColumnMap, Content, Part, Row, Table, TableKind};
use crate::values::{self, Unreadable};
use crate::wishes::{UnknownWords, WishPlace, WishReader, Wishable};
use crate::{Code, Diagnostic, Span};

/// Every column of the table.
pub(crate) const COLUMNS: &[&str] = &[
    "applicant_id",
    "personal_id",
    "birth_date",
    "gender",
    "name",
    "home_district",
    "class",
    "periods",
    "qualifications",
    "extract_shown",
    "protected",
    "wishes",
    "wish_1",
    "wish_2",
    "wish_3",
    "wish_4",
    "wish_5",
    "wish_6",
    "wish_7",
    "wish_8",
    "wish_9",
    "wish_10",
    "wish_11",
    "wish_12",
    "wish_13",
    "wish_14",
    "wish_15",
    "wish_16",
    "wish_17",
    "wish_18",
    "wish_19",
    "wish_20",
];

struct Columns {
    applicant_id: Column,
    personal_id: Column,
    birth_date: Column,
    gender: Column,
    name: Column,
    home_district: Column,
    class: Column,
    periods: Column,
    qualifications: Column,
    extract_shown: Column,
    protected: Column,
    wishes: WishColumns,
}

/// How the table gives the preference lists.
enum WishColumns {
    /// The whole list in one column; absent if no column has wishes, which has been reported.
    List(Column),
    /// A rank a column.
    Ranks(Vec<Column>),
}

/// Reads the table; `None` if it has no header. Who asks for the personal numbers gets those that are right.
pub(crate) fn read(
    content: &Content,
    map: &ColumnMap,
    vocabulary: &Vocabulary,
    wishable: &Wishable<'_>,
    numbers: Option<&mut Numbers>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Rows<Applicant>> {
    let mut required = vec!["applicant_id", "home_district"];
    if vocabulary.classes.must_be_chosen() {
        required.push("class");
    }
    let table = Table::open(content, TableKind::Applicants, map, &required, problems)?;
    let columns = Columns::find(&table, problems);
    let parts: Vec<PartReader<'_, '_>> = table
        .parts()
        .into_par_iter()
        .map(|part| {
            let mut reader = PartReader::new(vocabulary, &columns, wishable, Rows::new(&table));
            reader.read_rows(part);
            reader
        })
        .collect();

    let mut rows = Rows::new(&table);
    let mut persons = Vec::new();
    let mut unknown = UnknownWords::default();
    for mut part in parts {
        let before = rows.len() as u32;
        persons.extend(part.persons.iter().map(|&(number, row)| (number, before + row)));
        unknown.append(part.grammar.into_unknown(), problems.len());
        problems.append(&mut part.problems);
        rows.append(part.rows);
    }
    wishable.suggest(unknown, problems);
    persons.par_sort_unstable();
    for pair in persons.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let [first, second] = [pair[0], pair[1]].map(|(_, row)| row as usize);
        let message = format!("the same person as applicant {}", quote(&rows.get(first).id));
        problems.push(Diagnostic::new(Code::PersonTwice, rows.span(second), message));
    }
    if let Some(numbers) = numbers {
        numbers.extend(persons.into_iter().map(|(number, row)| (rows.get(row as usize).id.clone(), number)));
    }
    rows.finish(&table, |applicant| &applicant.id, Code::DuplicateApplicant, "applicant", problems);
    Some(rows)
}

impl Columns {
    fn find(table: &Table<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let column = |name| table.column(name);
        let columns = Self {
            applicant_id: column("applicant_id"),
            personal_id: column("personal_id"),
            birth_date: column("birth_date"),
            gender: column("gender"),
            name: column("name"),
            home_district: column("home_district"),
            class: column("class"),
            periods: column("periods"),
            qualifications: column("qualifications"),
            extract_shown: column("extract_shown"),
            protected: column("protected"),
            wishes: WishColumns::find(table, problems),
        };
        if !columns.personal_id.is_present() && !columns.birth_date.is_present() {
            table.report_missing("birth_date", TableKind::Applicants, problems);
        }
        columns
    }
}

impl WishColumns {
    fn find(table: &Table<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let list = table.column("wishes");
        let ranks: Vec<Column> = COLUMNS.iter().filter(|name| name.starts_with("wish_")).map(|name| table.column(name)).collect();
        let Some(lowest) = ranks.iter().rposition(|column| column.is_present()) else {
            if !list.is_present() {
                table.report_missing("wishes", TableKind::Applicants, problems);
            }
            return Self::List(list);
        };
        if list.is_present() {
            let message = "there is a column `wishes`, and columns with numbers too";
            let help = "use the one or the other; put what is not used in `ignore` under `[columns.applicants]`".to_owned();
            problems.push(Diagnostic::new(Code::WishColumns, table.header_span(), message).with_help(help));
        }
        for gap in ranks[..lowest].iter().filter(|column| !column.is_present()) {
            table.report_missing(gap.name, TableKind::Applicants, problems);
        }
        Self::Ranks(ranks[..=lowest].to_vec())
    }
}

/// Reads a part of the table.
struct PartReader<'r, 'v> {
    vocabulary: &'r Vocabulary,
    columns: &'r Columns,
    grammar: WishReader<'r, 'v>,
    rows: Rows<Applicant>,
    problems: Vec<Diagnostic>,
    /// Personal identity numbers, with the rows they stand in.
    persons: Vec<(u64, u32)>,
    /// The wishes of the row that is being read.
    wishes: Vec<Wish>,
}

impl<'r, 'v> PartReader<'r, 'v> {
    fn new(vocabulary: &'r Vocabulary, columns: &'r Columns, wishable: &'r Wishable<'v>, rows: Rows<Applicant>) -> Self {
        let grammar = WishReader::new(wishable);
        Self { vocabulary, columns, grammar, rows, problems: Vec::new(), persons: Vec::new(), wishes: Vec::new() }
    }

    fn read_rows(&mut self, mut part: Part<'_, '_>) {
        while let Some(row) = part.next_row(&mut self.rows.is_incomplete, &mut self.problems) {
            match self.read(row) {
                Some((applicant, position)) => self.rows.push(applicant, position),
                None => self.rows.is_incomplete = true,
            }
        }
    }

    /// Reads a row; `None` if it has no id.
    ///
    /// Where the identity is protected, or may be, what is wrong is said without the values.
    fn read(&mut self, row: &Row<'_>) -> Option<(Applicant, Position)> {
        let before = self.problems.len();
        let applicant = self.read_applicant(row);
        let is_open = row.parse(self.columns.protected, &mut Vec::new(), values::yes_or_no) == Some(false);
        if row.value(self.columns.protected).is_some() && !is_open {
            self.problems[before..].iter_mut().for_each(Diagnostic::conceal);
            self.grammar.forget_unknown_from(before);
        }
        applicant
    }

    fn read_applicant(&mut self, row: &Row<'_>) -> Option<(Applicant, Position)> {
        let v = self.vocabulary;
        let id = self.id(row);
        let personal = self.personal_id(row);
        let birth_date = self.birth_date(row, personal);
        let gender = self.gender(row, personal);
        let home_district = v.districts.required(row, self.columns.home_district, &mut self.problems);
        let class = v.classes.chosen(row, self.columns.class, &mut self.problems);
        self.read_wishes(row, home_district);
        let periods = v.periods.set(row, self.columns.periods, &mut self.problems);
        let qualifications = v.qualifications.set(row, self.columns.qualifications, &mut self.problems);
        let extract_shown = row.parse(self.columns.extract_shown, &mut self.problems, values::date);
        let protected = row.parse(self.columns.protected, &mut self.problems, values::yes_or_no);
        let (id, position) = id?;
        if let Some(personal) = personal {
            self.persons.push((personal.number, self.rows.len() as u32));
        }
        self.rows.placeholders += usize::from(birth_date.is_none() || home_district.is_none() || class.is_none());
        let applicant = Applicant {
            id,
            name: row.value(self.columns.name).map(|cell| cell.text.as_ref().into()),
            birth_date: birth_date.unwrap_or(Date::ZERO),
            gender,
            home_district: home_district.unwrap_or(DistrictIx::new(0)),
            class: class.unwrap_or(ClassIx::new(0)),
            wishes: self.wishes.as_slice().into(),
            periods,
            qualifications,
            extract_shown,
            protected: protected.unwrap_or(false),
            displaced: false,
        };
        Some((applicant, position))
    }

    fn id(&mut self, row: &Row<'_>) -> Option<(Box<str>, Position)> {
        let cell = row.required(self.columns.applicant_id, &mut self.problems)?;
        row.parse(self.columns.applicant_id, &mut self.problems, values::lone_id)?;
        if is_personal_id(&cell.text) {
            let message = format!("{} is a personal identity number", quote_personal(&cell.text));
            let help = "the id enters the lottery and every output: number the applications instead".to_owned();
            self.problems.push(Diagnostic::new(Code::ApplicantIdIsPersonal, row.span(cell), message).with_help(help));
        }
        Some((cell.text.as_ref().into(), row.position(cell)))
    }

    fn personal_id(&mut self, row: &Row<'_>) -> Option<PersonalId> {
        let cell = row.value(self.columns.personal_id)?;
        let cohorts = &self.vocabulary.cohorts;
        let season_year = self.vocabulary.year.or(cohorts.iter().max().copied()).unwrap_or(2000);
        let error = match PersonalId::parse(&cell.text, season_year, |year| cohorts.is_empty() || cohorts.contains(&year)) {
            Ok(personal) => return Some(personal),
            Err(error) => error,
        };
        let (code, what, help) = match error {
            PersonalIdError::Form => (Code::PersonalIdForm, "is not a personal identity number", "write it as `YYYYMMDD-NNNC`"),
            PersonalIdError::Date => (Code::PersonalIdDate, "has a day of birth that does not exist", "check it for typos"),
            PersonalIdError::CheckDigit => (Code::PersonalIdCheckDigit, "has a wrong check digit", "check it for typos"),
            PersonalIdError::Century => (
                Code::PersonalIdCentury,
                "leads to none of the season's cohorts in either century",
                "write the year with four digits",
            ),
        };
        let message = format!("{} {what}", quote_personal(&cell.text));
        self.problems.push(Diagnostic::new(code, row.span(cell), message).with_help(help.to_owned()));
        None
    }

    fn birth_date(&mut self, row: &Row<'_>, personal: Option<PersonalId>) -> Option<Date> {
        let columns = self.columns;
        let given = row.parse(columns.birth_date, &mut self.problems, values::date);
        if let (Some(given), Some(personal)) = (given, personal)
            && given != personal.birth_date
        {
            let message = format!("the birth date {given} is not the {} of the personal id", personal.birth_date);
            let span = row.span_of(columns.birth_date);
            self.problems.push(Diagnostic::new(Code::BirthDateContradiction, span, message));
        }
        let column = if personal.is_some() { columns.personal_id } else { columns.birth_date };
        let birth_date = personal.map(|personal| personal.birth_date).or(given);
        match birth_date {
            None => {
                let is_empty = row.value(columns.personal_id).is_none() && row.value(columns.birth_date).is_none();
                if is_empty && (columns.personal_id.is_present() || columns.birth_date.is_present()) {
                    let column = if columns.birth_date.is_present() { columns.birth_date } else { columns.personal_id };
                    let message = "there is neither a personal id nor a birth date";
                    self.problems.push(Diagnostic::new(Code::NoBirthDate, row.span_of(column), message));
                }
            }
            Some(date) => {
                if let Some(year) = self.vocabulary.year
                    && !(year - 99..=year).contains(&date.year())
                {
                    let message = format!("nobody born on {date} can apply in {year}");
                    let span: Span = row.span_of(column);
                    self.problems.push(Diagnostic::new(Code::ImplausibleBirthDate, span, message));
                }
            }
        }
        birth_date
    }

    fn gender(&mut self, row: &Row<'_>, personal: Option<PersonalId>) -> Gender {
        let genders: [(&[&str], Gender); 3] = [
            (&["f", "k", "girl", "flicka", "female", "kvinna"], Gender::Female),
            (&["m", "p", "boy", "pojke", "male", "man"], Gender::Male),
            (&["other", "annat"], Gender::Other),
        ];
        let stated = row.parse(self.columns.gender, &mut self.problems, |text| {
            values::meaning(text, &genders).ok_or_else(|| Unreadable {
                code: Code::UnknownGender,
                what: "is not a gender".to_owned(),
                help: Some("write `F`, `M`, `other` or nothing".to_owned()),
            })
        });
        match (stated, personal) {
            (Some(stated @ (Gender::Female | Gender::Male)), Some(personal)) if stated != personal.gender => {
                let span = row.span_of(self.columns.gender);
                let message = "the gender is not that of the personal id";
                self.problems.push(Diagnostic::new(Code::GenderContradiction, span, message));
                stated
            }
            (Some(stated), _) => stated,
            (None, Some(personal)) => personal.gender,
            (None, None) => Gender::Unknown,
        }
    }

    /// Reads the preference list into `self.wishes`.
    fn read_wishes(&mut self, row: &Row<'_>, home: Option<DistrictIx>) {
        self.wishes.clear();
        let first = match &self.columns.wishes {
            WishColumns::List(column) => {
                let cell = row.value(*column);
                if let Some(cell) = cell {
                    self.grammar.read_list(WishPlace { row, cell, home }, &mut self.wishes, &mut self.problems);
                }
                (*column, cell)
            }
            WishColumns::Ranks(columns) => {
                let mut gap: Option<Column> = None;
                for (rank, &column) in (1..).zip(columns) {
                    let Some(cell) = row.value(column) else {
                        gap = gap.or(Some(column));
                        continue;
                    };
                    if let Some(gap) = gap.take() {
                        let message = format!("{} is empty, and {} is not", quote(gap.name), quote(column.name));
                        self.problems.push(Diagnostic::new(Code::WishGap, row.span_of(gap), message));
                    }
                    let place = WishPlace { row, cell, home };
                    self.grammar.read_rank(place, &cell.text, rank, &mut self.wishes, &mut self.problems);
                }
                (columns[0], columns.iter().find_map(|&column| row.value(column)))
            }
        };
        match first {
            (column, None) if column.is_present() => {
                let message = "the applicant has no wishes, and can get no place";
                self.problems.push(Diagnostic::new(Code::NoWishes, row.span_of(column), message));
            }
            (_, Some(cell)) => self.grammar.warn_of_repetition(WishPlace { row, cell, home }, &self.wishes, &mut self.problems),
            _ => {}
        }
    }
}
