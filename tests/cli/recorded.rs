//! A season with a record.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::Run;
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// The season of 2015 with the lottery drawn, in which every step is taken by the same person.
pub(crate) struct Season(pub(crate) SeasonFolder);

impl Season {
    pub(crate) fn drawn() -> Self {
        let season = Self(SeasonFolder::stockholm());
        season.on("2015-03-01", "ledger", &["init"]).succeeds().says("218 jobs, 625 places\n");
        season.on("2015-03-02", "lottery", &["draw", "--seed", "stockholm-2015"]).succeeds();
        season
    }

    pub(crate) fn published() -> Self {
        let season = Self::drawn();
        season
            .on("2015-03-30", "publish", &["--days", "7"])
            .succeeds()
            .says("Answers until 2015-04-10 (Friday), 7 working days.\n");
        season
    }

    /// Runs a command on a day. The words before the first option or the season's name stand before the folder.
    #[track_caller]
    pub(crate) fn on(&self, day: &str, verb: &str, args: &[&str]) -> Run {
        let who = ["--by", "anna", "--date", day];
        match verb {
            "ledger" | "lottery" => self.0.run_words(&[verb, args[0]], args[1..].iter().copied().chain(who)),
            _ => self.0.run(verb, args.iter().copied().chain(who)),
        }
    }

    #[track_caller]
    pub(crate) fn status(&self, day: &str) -> Value {
        self.0.run("status", ["--date", day, "--format", "json"]).succeeds().json()
    }

    pub(crate) fn offers(&self, round: u32) -> Rows {
        self.0.table(&format!("rounds/{round}/offers.csv"))
    }

    /// Returns the applicants and jobs that a round's list names.
    pub(crate) fn pairs(&self, round: u32) -> BTreeMap<String, String> {
        let offers = self.offers(round);
        offers.iter().map(|row| (row.get("applicant_id").to_owned(), row.get("job_id").to_owned())).collect()
    }

    pub(crate) fn ledger(&self) -> String {
        self.0.run_words(&["ledger", "export"], []).succeeds().stdout
    }

    /// Asserts that a command is refused and nothing is recorded.
    #[track_caller]
    pub(crate) fn refuses(&self, day: &str, verb: &str, args: &[&str], code: i32, why: &str) {
        let before = self.ledger();
        self.on(day, verb, args).ends_with(code).complains(why);
        assert_eq!(self.ledger(), before, "something was recorded");
    }
}
