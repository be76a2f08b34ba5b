//! The closed list of problems, each with a number that never changes its meaning.

use std::fmt;

use crate::Severity;

/// Declares the codes with their numbers and titles; the title is the doc comment too.
macro_rules! codes {
    ($($name:ident $number:literal $title:literal;)*) => {
        /// What kind of problem a diagnostic reports. docs/errors.md has a section for each.
        ///
        /// `F` codes are errors, `W` codes warnings. The first digit tells the file: 1 any table, 2 `season.toml` and rule packs,
        /// 3 applicants, 4 jobs, 5 overrides, 6 answers, 7 time reports, 8 what is planned.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!($number, ": ", $title, ".")] $name,)*
        }

        impl Code {
            /// Every code, in the order of docs/errors.md.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the number that messages show, such as `F1608`.
            pub const fn number(self) -> &'static str {
                match self {
                    $(Self::$name => $number,)*
                }
            }

            /// Returns a short description: the heading in docs/errors.md.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }
        }
    };
}

// W2112 is not given again: it warned of a rule pack that was not in force yet, which F2113 refuses.
codes! {
    FolderMissing "F1001" "the season's folder cannot be opened";
    FileMissing "F1002" "a file is missing";
    TwoFiles "F1003" "a table is there twice";
    FileUnreadable "F1004" "a file cannot be read";
    Utf16 "F1101" "the text is UTF-16";
    UndecodableBytes "F1102" "bytes that are no text";
    MacRoman "F1103" "the text looks like Mac Roman";
    UnterminatedQuote "F1201" "a quotation mark is never closed";
    TextAfterQuote "F1202" "text after a closing quotation mark";
    RaggedRow "F1203" "a row has more or fewer cells than the header";
    NoHeader "F1301" "no header line";
    ColumnMissing "F1302" "a column is missing";
    MisspelledColumn "F1303" "a column's name looks misspelt";
    DuplicateColumn "F1304" "a column is there twice";
    NoRows "F1305" "a table has no rows";
    UnknownColumn "W1306" "a column that is not used";
    RowTwice "F1307" "a row is there twice";
    BrokenWorkbook "F1401" "the workbook is broken";
    ErrorCell "F1402" "a cell holds an error";
    InexactNumber "F1403" "a number cell has lost digits";
    ValueMissing "F1501" "a required value is missing";
    NotADate "F1502" "not a date";
    NotATime "F1503" "not a time of day";
    NotANumber "F1504" "not a number";
    OutOfRange "F1505" "a number is out of range";
    NotYesOrNo "F1506" "neither yes nor no";
    MalformedId "F1507" "an id that cannot be used";
    UnknownDistrict "F1601" "unknown district";
    UnknownClass "F1602" "unknown priority class";
    UnknownPeriod "F1603" "unknown period";
    UnknownQualification "F1604" "unknown qualification";
    UnknownArea "F1605" "unknown work area";
    UnknownEmployer "F1606" "unknown employer";
    UnknownStream "F1607" "unknown funding stream";
    UnknownJob "F1608" "unknown job";
    UnknownApplicant "F1609" "unknown applicant";
    TomlSyntax "F2001" "a file of settings is not TOML";
    UnknownKey "F2002" "unknown key";
    MissingKey "F2003" "a key is missing";
    WrongType "F2004" "a value of the wrong type";
    FloatingPoint "F2005" "a floating-point number";
    NotAnAmount "F2006" "not an amount or percentage";
    SettingOutOfRange "F2007" "a setting is out of range";
    UnsupportedFormat "F2008" "a format this version does not read";
    UnknownChoice "F2009" "not one of the choices";
    DuplicateId "F2101" "an id is defined twice";
    SharedName "F2102" "a name that means two things";
    TableSize "F2103" "too few or too many entries";
    PeriodReversed "F2104" "a period ends before it begins";
    PeriodOutsideYear "F2105" "a period is outside the season's year";
    AgeBandOrder "F2106" "age bands overlap or are out of order";
    RankCostOrder "F2107" "rank costs fall";
    UnknownRulePack "F2108" "unknown rule pack";
    CohortList "F2109" "a cohort is repeated or not the season's";
    ColumnMapping "F2110" "a header is mapped to two columns";
    BudgetWithoutCost "W2111" "a budget caps nothing";
    NoEditionInForce "F2113" "no edition of the rule pack is in force";
    RulesChange "F2114" "the rules change within the season";
    EditionTwice "F2115" "two editions of a rule pack begin on the same day";
    EditionReversed "F2116" "an edition of a rule pack ends before it begins";
    RulesFileNotRead "W2117" "a file among the rules that is not read";
    CohortOutsideRules "W2118" "a cohort that the rules do not name";
    MethodConflict "F2120" "settings of the mechanism that do not go together";
    DuplicateApplicant "F3001" "an applicant id is there twice";
    ApplicantIdIsPersonal "F3002" "an applicant id is a personal identity number";
    PersonalIdForm "F3101" "not a personal identity number";
    PersonalIdDate "F3102" "a personal identity number's date does not exist";
    PersonalIdCheckDigit "F3103" "a personal identity number's check digit is wrong";
    PersonalIdCentury "F3104" "a personal identity number's century is not clear";
    PersonTwice "F3105" "the same person is there twice";
    NoBirthDate "F3106" "neither personal id nor birth date";
    BirthDateContradiction "F3107" "the birth date contradicts the personal id";
    GenderContradiction "F3108" "the gender contradicts the personal id";
    ImplausibleBirthDate "F3109" "a birth date that cannot be right";
    UnknownGender "F3110" "not a gender";
    UnknownWish "F3301" "a wish names nothing known";
    AmbiguousWish "F3302" "a wish could mean several things";
    WishGrammar "F3303" "a wish that cannot be read";
    WishGap "F3304" "an empty wish column before a filled one";
    TooManyRanks "F3305" "too many ranks";
    WishColumns "F3306" "wishes are given in two ways";
    RepeatedWish "W3307" "the same wish twice";
    NoWishes "W3308" "an applicant without wishes";
    NoEligibleWish "W3401" "an applicant may take none of the jobs wished for";
    LikelyDuplicate "W3402" "two applicants look like one person";
    DuplicateJob "F4001" "a job id is there twice";
    HalfWorkingDay "F4002" "a working day with a start or an end only";
    WorkingDayReversed "F4003" "a working day ends before it begins";
    AgeLimitsReversed "F4004" "the greatest age is below the least";
    HoursContradict "F4005" "hours that contradict each other";
    JobNobodyCanTake "W4101" "a job nobody can take";
    JobNobodyWishes "W4102" "a job nobody wishes for";
    UnknownOverrideKind "F5001" "not a kind of override";
    PairTwice "F5002" "a pair is decided twice";
    LockAndForbid "F5003" "a pair is locked and forbidden";
    LockedTwice "F5004" "an applicant is locked to two jobs";
    LocksOverCapacity "F5005" "more locks than places";
    StreamOfForbidden "F5006" "a stream is to pay for what is forbidden";
    LockIneligible "F5101" "a locked pair is not eligible";
    LockOverCap "F5102" "locks exceed a cap";
    LockStream "F5103" "a lock's stream does not pay";
    UnknownAnswer "F6001" "not an answer";
    ReasonNotRecorded "W6002" "a reason that is not recorded";
    ShiftReversed "F7001" "a shift ends before it begins";
    BreakFillsShift "F7002" "a break fills the shift";
    BreakOutsideShift "F7003" "a break is not within the shift";
    ContradictingChanges "F8201" "two changes of the same thing";
    ImpossibleChange "F8202" "a change that cannot be made";
    ChangeOfNothing "W8203" "a change that changes nothing";
}

impl Code {
    /// The codes that reading a season never reports: they need the rules of eligibility, or the whole season, so the caller reports them.
    pub const BEYOND_READING: &[Self] = &[
        Self::NoEligibleWish,
        Self::LikelyDuplicate,
        Self::JobNobodyCanTake,
        Self::JobNobodyWishes,
        Self::LockIneligible,
        Self::LockOverCap,
        Self::LockStream,
        Self::ContradictingChanges,
        Self::ImpossibleChange,
        Self::ChangeOfNothing,
    ];

    /// Returns the severity, told by the number's letter.
    pub const fn severity(self) -> Severity {
        match self.number().as_bytes()[0] {
            b'W' => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_within_their_form() {
        let digits: Vec<&str> = Code::ALL.iter().map(|code| &code.number()[1..]).collect();
        assert!(digits.is_sorted_by(|a, b| a < b), "two codes share digits, or they are out of order");
        for code in Code::ALL {
            assert!(code.number().starts_with(['F', 'W']) && code.number().len() == 5, "{code}");
        }
    }
}
