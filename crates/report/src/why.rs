//! One applicant's outcome in words, in Swedish or English, naming nobody else.

mod english;
mod swedish;

use feriematch_core::{
    Change, Counterfactuals, Cutoff, EnoughPosition, Explanation, FurtherWishes, Obstacle, Preparation, StageExplanation,
    WishExplanation,
};
use feriematch_model::{ExtractAge, JobFilter, Placed, Rule, Season, StageReason, Target, Verdict};

use crate::table::grouped;

/// A language that explanations are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Swedish,
    /// English.
    English,
}

/// The sentences of a language. Numbers come grouped already.
pub(crate) trait Phrases {
    fn heading(&self, id: &str) -> String;
    fn placed(&self, title: &str, employer: &str, first_day: &str, last_day: &str) -> String;
    fn placed_on(&self, rank: u16) -> String;
    fn placed_by_hand(&self) -> String;
    fn waiting(&self, place: &str) -> String;
    fn ineligible(&self) -> String;
    /// What somebody who may take nothing is told where the reasons are masked.
    fn no_place(&self) -> String;
    fn order_heading(&self) -> String;
    fn order(
        &self,
        applicants: &str,
        class: &str,
        class_size: &str,
        ahead_in_class: &str,
        position: &str,
        lottery: &str,
    ) -> String;
    /// The order without the class, which is masked.
    fn order_across_classes(&self, applicants: &str, position: &str, lottery: &str) -> String;
    /// Says that no more is shown of a protected identity.
    fn protected(&self) -> String;
    fn wishes_heading(&self) -> String;
    fn job(&self, id: &str, title: &str) -> String;
    fn jobs(&self, area: Option<&str>, district: Option<&str>, count: &str) -> String;
    fn wish_places(&self, places: u32, taken: u32, last: Option<&str>) -> String;
    /// The last in the order who got a place; the class unless it is masked.
    fn cutoff(&self, position: &str, class: Option<&str>, lottery: &str) -> String;
    fn wish_names_nothing(&self) -> String;
    fn wish_refused(&self, rule: &str, jobs: Option<&str>) -> String;
    fn rule(&self, rule: Rule, extract_age: ExtractAge) -> String;
    fn reason_heading(&self) -> String;
    fn better_wishes(&self) -> String;
    fn stage(&self, stream: &str) -> String;
    fn no_eligible_job(&self) -> String;
    fn home_cap(&self, district: &str, cap: &str) -> String;
    fn move_limit(&self) -> String;
    fn full(&self) -> String;
    fn bottleneck(&self, jobs: u32, held_ahead: u32, held_before: u32) -> String;
    fn department_cap(&self, department: &str, cap: &str) -> String;
    fn stream_cap(&self) -> String;
    fn enough_heading(&self) -> String;
    /// `drawn`: the place within the class and the lottery number to stay below; nothing where no number of the class is enough.
    fn enough_position(&self, position: &str, drawn: Option<(&str, &str)>) -> String;
    fn no_position_is_enough(&self) -> String;
    /// Work areas of which each is enough too, and whether these are all.
    fn enough_wishes(&self, areas: &[&str], are_all: bool) -> String;
    fn no_wish_is_enough(&self) -> String;
    fn every_job_is_wished(&self) -> String;
    fn without_obstacle(&self, obstacle: &ObstacleInWords<'_>, is_enough: bool) -> String;
    fn how_it_was_found(&self) -> String;
    fn how_to_check(&self) -> String;
}

/// What would be otherwise without an obstacle.
pub(crate) enum ObstacleInWords<'a> {
    ExtractShown(String),
    Period(&'a str),
    Qualifications(String),
    Born(String),
}

/// Explains an outcome in words.
///
/// `enough` is what would have given a place to somebody who has none, if that was asked for.
///
/// Of a protected identity it says what was decided and the number in the order, and nothing that tells about the person: no class, no
/// wish, no rule and no reason.
pub fn explain(
    preparation: &Preparation<'_>,
    explanation: &Explanation<'_>,
    enough: Option<&Counterfactuals>,
    language: Language,
) -> String {
    let phrases = phrases(language);
    let season = preparation.season();
    let applicant = season.applicant(explanation.applicant);
    let mut text = Paragraphs { season, phrases, lines: vec![phrases.heading(&applicant.id), String::new()] };
    if applicant.protected {
        text.write_protected(explanation);
    } else {
        text.write(explanation, enough);
    }
    text.lines.join("\n") + "\n"
}

/// Returns the sentences of a language.
pub(crate) fn phrases(language: Language) -> &'static dyn Phrases {
    match language {
        Language::Swedish => &swedish::Swedish,
        Language::English => &english::English,
    }
}

/// The text as it grows.
struct Paragraphs<'a> {
    season: &'a Season,
    phrases: &'a dyn Phrases,
    lines: Vec<String>,
}

impl Paragraphs<'_> {
    fn write(&mut self, explanation: &Explanation<'_>, enough: Option<&Counterfactuals>) {
        let phrases = self.phrases;
        match &explanation.decision.verdict {
            Verdict::Placed(placed) => {
                self.write_place(placed);
                self.lines.push(placed.rank.map_or_else(|| phrases.placed_by_hand(), |rank| phrases.placed_on(rank)));
            }
            Verdict::Waiting { .. } => self.write_waiting(explanation),
            Verdict::Ineligible { .. } => self.lines.push(phrases.ineligible()),
        }
        self.write_order(explanation);
        self.write_wishes(&explanation.wishes);
        let better_wish = match &explanation.decision.verdict {
            Verdict::Placed(placed) => placed.rank.is_some_and(|rank| rank > 1),
            _ => false,
        };
        if better_wish {
            self.lines.push(String::new());
            self.lines.push(phrases.better_wishes());
        }
        if !explanation.stages.is_empty() {
            self.lines.push(String::new());
            self.lines.push(phrases.reason_heading());
            for stage in &explanation.stages {
                self.write_stage(explanation, stage, explanation.stages.len() > 1);
            }
        }
        if let Some(enough) = enough {
            self.write_enough(enough);
        }
        self.lines.push(String::new());
        self.lines.push(phrases.how_to_check());
    }

    fn write_enough(&mut self, enough: &Counterfactuals) {
        let phrases = self.phrases;
        let settings = self.season.settings();
        self.lines.extend([String::new(), phrases.enough_heading()]);
        let mut said = Vec::new();
        match enough.position {
            Some(EnoughPosition::UpTo { position, drawn }) => {
                let drawn = drawn.map(|drawn| (number(drawn.place_in_class), drawn.below.to_string()));
                let drawn = drawn.as_ref().map(|(place, below)| (place.as_str(), below.as_str()));
                said.push(phrases.enough_position(&number(position), drawn));
            }
            Some(EnoughPosition::None) => said.push(phrases.no_position_is_enough()),
            None => {}
        }
        let areas: Vec<&str> = enough.wishes.areas.iter().map(|area| &*settings.areas[area.get()].name).collect();
        said.push(match &enough.wishes {
            FurtherWishes { some_left: false, .. } => phrases.every_job_is_wished(),
            FurtherWishes { any: false, .. } => phrases.no_wish_is_enough(),
            _ => phrases.enough_wishes(&areas, enough.wishes.areas_are_all),
        });
        for Obstacle { change, is_enough } in &enough.obstacles {
            let words = match change {
                Change::ExtractShown(day) => ObstacleInWords::ExtractShown(day.to_string()),
                Change::Period(period) => ObstacleInWords::Period(&settings.periods[period.get()].name),
                Change::Qualifications(missing) => {
                    let names: Vec<&str> = missing.rows().map(|row| &*settings.qualifications[row].name).collect();
                    ObstacleInWords::Qualifications(names.join(", "))
                }
                Change::Born(day) => ObstacleInWords::Born(day.to_string()),
                Change::Wish(_) => continue,
            };
            said.push(phrases.without_obstacle(&words, *is_enough));
        }
        said.push(phrases.how_it_was_found());
        self.lines.extend(said.into_iter().map(|sentence| format!("  {sentence}")));
    }

    fn write_protected(&mut self, explanation: &Explanation<'_>) {
        let phrases = self.phrases;
        match &explanation.decision.verdict {
            Verdict::Placed(placed) => self.write_place(placed),
            Verdict::Waiting { .. } => self.write_waiting(explanation),
            Verdict::Ineligible { .. } => self.lines.push(phrases.no_place()),
        }
        let (position, lottery) = (number(explanation.decision.position), explanation.decision.lottery.to_string());
        self.lines.extend([
            String::new(),
            phrases.order_heading(),
            phrases.order_across_classes(&number(explanation.applicants), &position, &lottery),
            String::new(),
            phrases.protected(),
            String::new(),
            phrases.how_to_check(),
        ]);
    }

    fn write_waiting(&mut self, explanation: &Explanation<'_>) {
        let place = explanation.waiting_place.map_or(String::new(), number);
        self.lines.push(self.phrases.waiting(&place));
    }

    fn write_place(&mut self, placed: &Placed) {
        let Some(job) = self.season.find_job(&placed.job) else { return };
        let job = self.season.job(job);
        let period = self.season.period_of(job);
        let (first_day, last_day) = (period.first_day.to_string(), period.last_day.to_string());
        self.lines.push(self.phrases.placed(&job.title, self.season.employer_name(job.employer), &first_day, &last_day));
    }

    fn write_order(&mut self, explanation: &Explanation<'_>) {
        let class = &self.season.settings().classes[self.season.applicant(explanation.applicant).class.get()].name;
        self.lines.push(String::new());
        self.lines.push(self.phrases.order_heading());
        self.lines.push(self.phrases.order(
            &number(explanation.applicants),
            class,
            &number(explanation.class_size),
            &number(explanation.ahead_in_class),
            &number(explanation.decision.position),
            &explanation.decision.lottery.to_string(),
        ));
    }

    fn write_wishes(&mut self, wishes: &[WishExplanation]) {
        self.lines.push(String::new());
        self.lines.push(self.phrases.wishes_heading());
        for wish in wishes {
            let mut said: Vec<String> = Vec::new();
            if wish.jobs == 0 {
                said.push(self.phrases.wish_names_nothing());
            }
            let refused: u32 = wish.refused.iter().map(|(_, jobs)| jobs).sum();
            if refused < wish.jobs {
                let last = wish.cutoff.map(|cutoff| self.describe_cutoff(&cutoff));
                said.push(self.phrases.wish_places(wish.places, wish.taken, last.as_deref()));
            }
            for &(rule, jobs) in &wish.refused {
                let count = (wish.jobs > 1).then(|| number(jobs));
                let rule = self.phrases.rule(rule, self.season.settings().rule_pack.extract_age);
                said.push(self.phrases.wish_refused(&rule, count.as_deref()));
            }
            self.lines.push(format!("  {}. {}: {}", wish.rank, self.describe(wish), said.join(" ")));
        }
    }

    fn describe_cutoff(&self, cutoff: &Cutoff) -> String {
        let class = cutoff.class.map(|class| &*self.season.settings().classes[class.get()].name);
        self.phrases.cutoff(&number(cutoff.position), class, &cutoff.lottery.to_string())
    }

    /// Describes what a wish names.
    fn describe(&self, wish: &WishExplanation) -> String {
        let settings = self.season.settings();
        match wish.target {
            Target::Job(job) => {
                let job = self.season.job(job);
                self.phrases.job(&job.id, &job.title)
            }
            Target::Jobs(JobFilter { area, district }) => {
                let area = area.map(|a| &*settings.areas[a.get()].name);
                let district = district.map(|d| &*settings.districts[d.get()].name);
                self.phrases.jobs(area, district, &number(wish.jobs))
            }
        }
    }

    fn write_stage(&mut self, explanation: &Explanation<'_>, stage: &StageExplanation, name_it: bool) {
        let settings = self.season.settings();
        let mut said: Vec<String> = Vec::new();
        if name_it {
            said.push(self.phrases.stage(&settings.streams[stage.stream.get()].name));
        }
        match (stage.reason, &stage.bottleneck) {
            (StageReason::NoEligibleJob, _) => said.push(self.phrases.no_eligible_job()),
            (StageReason::HomeCap, _) => {
                let home = self.season.applicant(explanation.applicant).home_district;
                let cap = self.season.home_cap(home).map_or(String::new(), number);
                said.push(self.phrases.home_cap(&settings.districts[home.get()].name, &cap));
            }
            (StageReason::MoveLimit, _) => said.push(self.phrases.move_limit()),
            (StageReason::Full, None) => said.push(self.phrases.full()),
            (StageReason::Full, Some(b)) => {
                said.push(self.phrases.bottleneck(b.jobs, b.held_ahead, b.held_before));
                for &department in &b.departments {
                    let department = &settings.departments[department.get()];
                    said.push(self.phrases.department_cap(&department.name, &department.cap.map_or(String::new(), number)));
                }
                if b.stream_cap {
                    said.push(self.phrases.stream_cap());
                }
            }
        }
        self.lines.push(format!("  {}", said.join(" ")));
    }
}

pub(crate) fn number(count: u32) -> String {
    grouped(i64::from(count))
}
