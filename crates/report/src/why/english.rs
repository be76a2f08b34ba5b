//! The English sentences.

use feriematch_model::{ExtractAge, Rule};

use super::{ObstacleInWords, Phrases, number};

pub(super) struct English;

impl Phrases for English {
    fn heading(&self, id: &str) -> String {
        format!("Application {id}")
    }

    fn placed(&self, title: &str, employer: &str, first_day: &str, last_day: &str) -> String {
        format!("You are offered a place: {title} at {employer}, from {first_day} to {last_day}.")
    }

    fn placed_on(&self, rank: u16) -> String {
        format!("It is number {rank} on your list of wishes.")
    }

    fn placed_by_hand(&self) -> String {
        "An administrator decided on this place; it was not on your list of wishes.".to_owned()
    }

    fn waiting(&self, place: &str) -> String {
        format!(
            "There is no place for you yet. You are number {place} on the waiting list: if somebody declines, the list is gone through in order."
        )
    }

    fn ineligible(&self) -> String {
        "You may not take any of the jobs you wished for. The reasons stand with your wishes below.".to_owned()
    }

    fn no_place(&self) -> String {
        "You may not take any of the jobs you wished for.".to_owned()
    }

    fn order_heading(&self) -> String {
        "Your number in the order".to_owned()
    }

    fn order(
        &self,
        applicants: &str,
        class: &str,
        class_size: &str,
        ahead_in_class: &str,
        position: &str,
        lottery: &str,
    ) -> String {
        format!(
            "  {applicants} applied. They are put in order by group first, and within a group by lottery. Your group is \"{class}\" with {class_size} applicants; \
             {ahead_in_class} of them drew a better number than you. In the whole order you are number {position}. Your lottery number is {lottery}."
        )
    }

    fn order_across_classes(&self, applicants: &str, position: &str, lottery: &str) -> String {
        format!(
            "  {applicants} applied. They are put in order by group first, and within a group by lottery. In the whole order you are number \
             {position}. Your lottery number is {lottery}."
        )
    }

    fn protected(&self) -> String {
        "Your identity is protected. Therefore your group, your wishes and the reasons are not written down here; the administrator who \
         handles your application can tell you about them in person."
            .to_owned()
    }

    fn wishes_heading(&self) -> String {
        "Your wishes".to_owned()
    }

    fn job(&self, id: &str, title: &str) -> String {
        format!("{title} ({id})")
    }

    fn jobs(&self, area: Option<&str>, district: Option<&str>, count: &str) -> String {
        let what = area.map_or("any job".to_owned(), |area| format!("any job in {area}"));
        let place = district.map_or(String::new(), |district| format!(" in {district}"));
        let jobs = if count == "1" { "job" } else { "jobs" };
        format!("{what}{place} ({count} {jobs})")
    }

    fn wish_places(&self, places: u32, taken: u32, last: Option<&str>) -> String {
        let (n, t) = (number(places), number(taken));
        let all = match (places, taken) {
            (1, 1) => "the one place that you may take is taken".to_owned(),
            (1, 0) => "the one place that you may take is free".to_owned(),
            _ if places == taken => format!("all {n} places that you may take are taken"),
            _ => format!("{t} of the {n} places that you may take are taken"),
        };
        let what = if places == 1 { "it" } else { "the last of them" };
        let last = last.map_or(String::new(), |last| format!("; {what} went to {last}"));
        format!("{all}{last}.")
    }

    fn wish_names_nothing(&self) -> String {
        "there is no such job this year.".to_owned()
    }

    fn wish_refused(&self, rule: &str, jobs: Option<&str>) -> String {
        jobs.map_or(format!("You may not take it: {rule}."), |jobs| format!("You may not take {jobs} of the jobs: {rule}."))
    }

    fn rule(&self, rule: Rule, extract_age: ExtractAge) -> String {
        let said = match rule {
            Rule::Cohort => "people born in your year cannot apply this season",
            Rule::MinimumAge => "you are too young on the first working day",
            Rule::MaximumAge => "you are too old on the first working day",
            Rule::HoursPerDay => "the working days are longer than the law allows at your age",
            Rule::HoursPerWeek => "the working weeks are longer than the law allows at your age",
            Rule::WorkingTime => "the work is at hours that the law does not allow at your age",
            Rule::DailyRest => "the rest between two days is shorter than the law demands at your age",
            Rule::HazardousWork => "the law does not allow this kind of work at your age",
            Rule::Period => "you did not say that you can work in that period",
            Rule::Qualification => "it asks for a qualification that you have not stated",
            Rule::ExtractMissing => "it needs an extract from the police register, and none has been shown in time",
            Rule::ExtractTooOld => {
                let most = if extract_age == ExtractAge::Months(12) { "a year".to_owned() } else { extract_age.to_string() };
                return format!("your extract from the police register is more than {most} old on the first working day");
            }
            Rule::HomeDistrict => "it is not open to people who live in your district",
            Rule::FundingClass => "the money for it is meant for other groups",
            Rule::FundingCohort => "the money for it is meant for other birth years",
            Rule::FundingDistrict => "the money for it is meant for other districts",
            Rule::Forbidden => "an administrator has decided that you cannot have it; ask for the reason",
            _ => "a rule of this season",
        };
        said.to_owned()
    }

    fn reason_heading(&self) -> String {
        "Why there is no place".to_owned()
    }

    fn better_wishes(&self) -> String {
        "Why not a wish higher on your list? The order decides who gets a place. Which place is then decided so that the wishes of all who \
         get one are met as well as possible together, without anybody losing the place."
            .to_owned()
    }

    fn stage(&self, stream: &str) -> String {
        format!("Places paid by \"{stream}\":")
    }

    fn no_eligible_job(&self) -> String {
        "none of them is a job that you wished for and may take.".to_owned()
    }

    fn home_cap(&self, district: &str, cap: &str) -> String {
        format!("{district} pays for {cap} young people who live there, and that many came before you in the order.")
    }

    fn move_limit(&self) -> String {
        "there would be room for you only if somebody who has a place already were moved to another, and no more people were to be moved."
            .to_owned()
    }

    fn full(&self) -> String {
        "when it was your turn, all the places that you could take were taken.".to_owned()
    }

    fn bottleneck(&self, jobs: u32, held_ahead: u32, held_before: u32) -> String {
        let of = if jobs == 1 { "one job".to_owned() } else { format!("{} jobs", number(jobs)) };
        let ahead = match held_ahead {
            1 => "One of these places is held by a person ahead of you in the order who has nowhere else to go.".to_owned(),
            n => format!(
                "{0} of these places are held by {0} people ahead of you in the order, none of whom has anywhere else to go.",
                number(n)
            ),
        };
        let before = match held_before {
            0 => String::new(),
            1 => " One more had been given before.".to_owned(),
            n => format!(" {} more had been given before.", number(n)),
        };
        format!(
            "the places that you could take, or that could be freed for you if others moved, are those of {of}. {ahead}{before}"
        )
    }

    fn department_cap(&self, department: &str, cap: &str) -> String {
        format!("{department} takes at most {cap} young people this season.")
    }

    fn stream_cap(&self) -> String {
        "All the places that this money pays for are given.".to_owned()
    }

    fn cutoff(&self, position: &str, class: Option<&str>, lottery: &str) -> String {
        let class = class.map_or(String::new(), |class| format!("group \"{class}\", "));
        format!("number {position} in the order ({class}lottery number {lottery})")
    }

    fn enough_heading(&self) -> String {
        "What would have been enough".to_owned()
    }

    fn enough_position(&self, position: &str, drawn: Option<(&str, &str)>) -> String {
        let how = drawn.map_or(
            "That far ahead are only people of a group before yours: no lottery number would have been enough.".to_owned(),
            |(place, below)| {
                format!("That is place {place} in your group: your lottery number would have had to be below {below}.")
            },
        );
        format!("As number {position} in the order, or earlier, you would have got a place, and not later. {how}")
    }

    fn no_position_is_enough(&self) -> String {
        "Not even as number 1 in the order would you have got a place.".to_owned()
    }

    fn enough_wishes(&self, areas: &[&str], are_all: bool) -> String {
        let any = "A further wish for any job, at the end of your list, would have given you a place";
        match areas {
            [] if are_all => format!("{any}; a wish for any job in a single work area would not."),
            [] => format!("{any}."),
            areas => format!("{any}; so would a wish for any job in one of these work areas: {}.", areas.join(", ")),
        }
    }

    fn no_wish_is_enough(&self) -> String {
        "Further wishes would not have helped: not even a wish for any job, at the end of your list, would have given you a place."
            .to_owned()
    }

    fn every_job_is_wished(&self) -> String {
        "You have wished for every job that you may take: further wishes would not have helped.".to_owned()
    }

    fn without_obstacle(&self, obstacle: &ObstacleInWords<'_>, is_enough: bool) -> String {
        let otherwise = match obstacle {
            ObstacleInWords::ExtractShown(day) => format!("a new extract from the police register, shown on {day},"),
            ObstacleInWords::Period(period) => format!("being able to work in {period}"),
            ObstacleInWords::Qualifications(names) => format!("having {names}"),
            ObstacleInWords::Born(day) => format!("being older, born on {day},"),
        };
        let end = if is_enough { "would have been enough for a place." } else { "would not have been enough by itself." };
        format!("{} {end}", capitalised(&otherwise))
    }

    fn how_it_was_found(&self) -> String {
        "This is hindsight, and depends on what everybody else wished for and drew. Each answer was found by deciding the whole season again with just \
         that changed; next year everything may be different."
            .to_owned()
    }

    fn how_to_check(&self) -> String {
        "All of this can be checked: the numbers follow from the published seed and the rules, and the program `feriematch verify` recomputes them.".to_owned()
    }
}

/// Returns a sentence's beginning with a capital letter.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
