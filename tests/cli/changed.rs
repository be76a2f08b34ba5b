//! What comes out if one thing about a season is otherwise: its files are edited, and it is matched anew beside the outcome that is there.

use feriematch_model::{Decision, Outcome, Verdict};

use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// A season whose files are edited for one run at a time.
pub(crate) struct Changed<'s> {
    season: &'s SeasonFolder,
    applicants: Rows,
}

impl<'s> Changed<'s> {
    pub(crate) fn new(season: &'s SeasonFolder) -> Self {
        Self { season, applicants: season.table("applicants.csv") }
    }

    /// Matches with one cell of an applicant's otherwise, and returns what is decided on them.
    #[track_caller]
    pub(crate) fn cell(&self, id: &str, column: &str, value: impl FnOnce(&str) -> String) -> Decision {
        let mut table = self.applicants.clone();
        let number = |name: &str| table.header.iter().position(|header| header == name).expect("a column of this name");
        let (id_at, at) = (number("applicant_id"), number(column));
        let row = table.rows.iter_mut().find(|row| row[id_at] == id).expect("an applicant of this id");
        row[at] = value(&row[at]);
        let id = row[id_at].clone();
        self.season.write("applicants.csv", table.to_csv(b';', csv::Terminator::CRLF));
        let outcome = self.matched();
        self.season.write("applicants.csv", self.applicants.to_csv(b';', csv::Terminator::CRLF));
        outcome.decisions.into_iter().find(|decision| decision.applicant == id).expect("a decision")
    }

    /// Matches with a pair locked. The season has no overrides of its own.
    #[track_caller]
    pub(crate) fn locked(&self, applicant: &str, job: &str) -> Outcome {
        assert!(!self.season.path("overrides.csv").exists());
        self.season
            .write("overrides.csv", format!("kind;applicant_id;job_id;reason;by\nlock;{applicant};{job};what if;a test\n"));
        let outcome = self.matched();
        std::fs::remove_file(self.season.path("overrides.csv")).expect("it was written");
        outcome
    }

    #[track_caller]
    fn matched(&self) -> Outcome {
        self.season.run("match", ["--out", "changed"]).succeeds();
        let text = std::fs::read_to_string(self.season.root().join("changed/outcome.json")).expect("an outcome");
        serde_json::from_str(&text).expect("the outcome can be read")
    }
}

/// Returns whether a decision gives a place.
pub(crate) fn has_place(decision: &Decision) -> bool {
    matches!(decision.verdict, Verdict::Placed(_))
}
