//! De svenska meningarna. (The Swedish sentences.)

use feriematch_model::{ExtractAge, Rule};

use super::{ObstacleInWords, Phrases, number};

pub(super) struct Swedish;

impl Phrases for Swedish {
    fn heading(&self, id: &str) -> String {
        format!("Ansökan {id}")
    }

    fn placed(&self, title: &str, employer: &str, first_day: &str, last_day: &str) -> String {
        format!("Du erbjuds en plats: {title} hos {employer}, från {first_day} till {last_day}.")
    }

    fn placed_on(&self, rank: u16) -> String {
        format!("Den är nummer {rank} på din önskelista.")
    }

    fn placed_by_hand(&self) -> String {
        "En handläggare har beslutat om platsen; den fanns inte på din önskelista.".to_owned()
    }

    fn waiting(&self, place: &str) -> String {
        format!(
            "Det finns ingen plats till dig ännu. Du är nummer {place} på reservlistan: om någon tackar nej går man igenom listan i ordning."
        )
    }

    fn ineligible(&self) -> String {
        "Du kan inte få något av de jobb du har önskat. Skälen står vid dina önskemål här nedanför.".to_owned()
    }

    fn no_place(&self) -> String {
        "Du kan inte få något av de jobb du har önskat.".to_owned()
    }

    fn order_heading(&self) -> String {
        "Ditt nummer i turordningen".to_owned()
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
            "  {applicants} har sökt. De ordnas först efter grupp och inom gruppen genom lottning. Din grupp är ”{class}” med {class_size} sökande; \
             {ahead_in_class} av dem fick en bättre lott än du. I hela turordningen är du nummer {position}. Ditt lottnummer är {lottery}."
        )
    }

    fn order_across_classes(&self, applicants: &str, position: &str, lottery: &str) -> String {
        format!(
            "  {applicants} har sökt. De ordnas först efter grupp och inom gruppen genom lottning. I hela turordningen är du nummer {position}. \
             Ditt lottnummer är {lottery}."
        )
    }

    fn protected(&self) -> String {
        "Dina personuppgifter är skyddade. Därför står varken din grupp, dina önskemål eller skälen här; den handläggare som har hand om din \
         ansökan kan berätta om dem för dig personligen."
            .to_owned()
    }

    fn wishes_heading(&self) -> String {
        "Dina önskemål".to_owned()
    }

    fn job(&self, id: &str, title: &str) -> String {
        format!("{title} ({id})")
    }

    fn jobs(&self, area: Option<&str>, district: Option<&str>, count: &str) -> String {
        let what = area.map_or("vilket jobb som helst".to_owned(), |area| format!("vilket jobb som helst inom {area}"));
        let place = district.map_or(String::new(), |district| format!(" i {district}"));
        format!("{what}{place} ({count} jobb)")
    }

    fn wish_places(&self, places: u32, taken: u32, last: Option<&str>) -> String {
        let (n, t) = (number(places), number(taken));
        let all = match (places, taken) {
            (1, 1) => "den enda plats som du kan få är tagen".to_owned(),
            (1, 0) => "den enda plats som du kan få är ledig".to_owned(),
            _ if places == taken => format!("alla {n} platser som du kan få är tagna"),
            _ => format!("{t} av de {n} platser som du kan få är tagna"),
        };
        let what = if places == 1 { "den" } else { "den sista" };
        let last = last.map_or(String::new(), |last| format!("; {what} gick till {last}"));
        format!("{all}{last}.")
    }

    fn wish_names_nothing(&self) -> String {
        "det finns inget sådant jobb i år.".to_owned()
    }

    fn wish_refused(&self, rule: &str, jobs: Option<&str>) -> String {
        jobs.map_or(format!("Du kan inte få det: {rule}."), |jobs| format!("Du kan inte få {jobs} av jobben: {rule}."))
    }

    fn rule(&self, rule: Rule, extract_age: ExtractAge) -> String {
        let said = match rule {
            Rule::Cohort => "de som är födda samma år som du kan inte söka den här säsongen",
            Rule::MinimumAge => "du är för ung den första arbetsdagen",
            Rule::MaximumAge => "du är för gammal den första arbetsdagen",
            Rule::HoursPerDay => "arbetsdagarna är längre än lagen tillåter i din ålder",
            Rule::HoursPerWeek => "arbetsveckorna är längre än lagen tillåter i din ålder",
            Rule::WorkingTime => "arbetet är på tider som lagen inte tillåter i din ålder",
            Rule::DailyRest => "vilan mellan två dagar är kortare än lagen kräver i din ålder",
            Rule::HazardousWork => "lagen tillåter inte sådant arbete i din ålder",
            Rule::Period => "du har inte sagt att du kan arbeta under den perioden",
            Rule::Qualification => "det kräver en behörighet som du inte har uppgett",
            Rule::ExtractMissing => "det kräver ett utdrag ur belastningsregistret, och inget har visats i tid",
            Rule::ExtractTooOld => {
                let most = match extract_age {
                    ExtractAge::Months(12) => "ett år".to_owned(),
                    ExtractAge::Months(1) => "en månad".to_owned(),
                    ExtractAge::Months(months) => format!("{months} månader"),
                    ExtractAge::Days(1) => "en dag".to_owned(),
                    ExtractAge::Days(days) => format!("{days} dagar"),
                };
                return format!("ditt utdrag ur belastningsregistret är mer än {most} gammalt den första arbetsdagen");
            }
            Rule::HomeDistrict => "det är inte öppet för dem som bor i din stadsdel",
            Rule::FundingClass => "pengarna till det är avsedda för andra grupper",
            Rule::FundingCohort => "pengarna till det är avsedda för andra årskullar",
            Rule::FundingDistrict => "pengarna till det är avsedda för andra stadsdelar",
            Rule::Forbidden => "en handläggare har beslutat att du inte kan få det; fråga efter skälet",
            _ => "en regel för den här säsongen",
        };
        said.to_owned()
    }

    fn reason_heading(&self) -> String {
        "Därför finns det ingen plats".to_owned()
    }

    fn better_wishes(&self) -> String {
        "Varför inte ett önskemål högre upp på listan? Turordningen avgör vem som får en plats. Vilken plats det blir avgörs sedan så att allas \
         önskemål tillsammans uppfylls så bra som möjligt, utan att någon förlorar sin plats."
            .to_owned()
    }

    fn stage(&self, stream: &str) -> String {
        format!("Platser som betalas av ”{stream}”:")
    }

    fn no_eligible_job(&self) -> String {
        "inget av dem är ett jobb som du har önskat och kan få.".to_owned()
    }

    fn home_cap(&self, district: &str, cap: &str) -> String {
        format!("{district} betalar för {cap} ungdomar som bor där, och så många kom före dig i turordningen.")
    }

    fn move_limit(&self) -> String {
        "det skulle finnas plats för dig bara om någon som redan har en plats flyttades till en annan, och fler skulle inte flyttas."
            .to_owned()
    }

    fn full(&self) -> String {
        "när det var din tur var alla platser som du kan få tagna.".to_owned()
    }

    fn bottleneck(&self, jobs: u32, held_ahead: u32, held_before: u32) -> String {
        let of = if jobs == 1 { "ett enda jobb".to_owned() } else { format!("{} jobb", number(jobs)) };
        let ahead = match held_ahead {
            1 => {
                "En av de platserna har en person före dig i turordningen som inte har någon annanstans att ta vägen.".to_owned()
            }
            n => format!(
                "{0} av de platserna har {0} personer före dig i turordningen, och ingen av dem har någon annanstans att ta vägen.",
                number(n)
            ),
        };
        let before = match held_before {
            0 => String::new(),
            1 => " Ytterligare en var redan given.".to_owned(),
            n => format!(" Ytterligare {} var redan givna.", number(n)),
        };
        format!("platserna som du kan få, eller som kunde bli lediga för dig om andra flyttade, hör till {of}. {ahead}{before}")
    }

    fn department_cap(&self, department: &str, cap: &str) -> String {
        format!("{department} tar emot högst {cap} ungdomar den här säsongen.")
    }

    fn stream_cap(&self) -> String {
        "Alla platser som de pengarna räcker till är givna.".to_owned()
    }

    fn cutoff(&self, position: &str, class: Option<&str>, lottery: &str) -> String {
        let class = class.map_or(String::new(), |class| format!("grupp ”{class}”, "));
        format!("nummer {position} i turordningen ({class}lottnummer {lottery})")
    }

    fn enough_heading(&self) -> String {
        "Vad som hade räckt".to_owned()
    }

    fn enough_position(&self, position: &str, drawn: Option<(&str, &str)>) -> String {
        let how = drawn.map_or(
            "Så långt fram finns bara de som är i en grupp före din: inget lottnummer hade räckt.".to_owned(),
            |(place, below)| format!("Det är plats {place} i din grupp: ditt lottnummer hade behövt vara lägre än {below}."),
        );
        format!("Som nummer {position} i turordningen, eller tidigare, hade du fått en plats, men inte senare. {how}")
    }

    fn no_position_is_enough(&self) -> String {
        "Inte ens som nummer 1 i turordningen hade du fått en plats.".to_owned()
    }

    fn enough_wishes(&self, areas: &[&str], are_all: bool) -> String {
        let any = "Önskemålet ”vilket jobb som helst”, sist på din lista, hade gett dig en plats";
        match areas {
            [] if are_all => format!("{any}; det hade inte vilket jobb som helst inom ett enda arbetsområde."),
            [] => format!("{any}."),
            areas => {
                format!("{any}; det hade också vilket jobb som helst inom något av dessa arbetsområden: {}.", areas.join(", "))
            }
        }
    }

    fn no_wish_is_enough(&self) -> String {
        "Fler önskemål hade inte hjälpt: inte ens ”vilket jobb som helst” sist på din lista hade gett dig en plats.".to_owned()
    }

    fn every_job_is_wished(&self) -> String {
        "Du har önskat alla jobb som du kan få: fler önskemål hade inte hjälpt.".to_owned()
    }

    fn without_obstacle(&self, obstacle: &ObstacleInWords<'_>, is_enough: bool) -> String {
        let otherwise = match obstacle {
            ObstacleInWords::ExtractShown(day) => format!("Ett nytt utdrag ur belastningsregistret, visat {day},"),
            ObstacleInWords::Period(period) => format!("Att kunna arbeta under {period}"),
            ObstacleInWords::Qualifications(names) => format!("Att ha {names}"),
            ObstacleInWords::Born(day) => format!("Att vara äldre, född {day},"),
        };
        let end = if is_enough { "hade räckt för en plats." } else { "hade inte räckt ensamt." };
        format!("{otherwise} {end}")
    }

    fn how_it_was_found(&self) -> String {
        "Det är efterklokhet och beror på vad alla andra önskade och lottade. Varje svar är framräknat genom att hela säsongen avgjordes på nytt med \
         bara det ändrat; nästa år kan allt vara annorlunda."
            .to_owned()
    }

    fn how_to_check(&self) -> String {
        "Allt detta går att kontrollera: numren följer av det publicerade lottningsfröet och reglerna, och programmet `feriematch verify` räknar om dem.".to_owned()
    }
}
