//! `feriematch plan workload`: staff hours by step and week.

use feriematch_plan::{Counted, Volumes, Week, Workload, WorkloadFigures};
use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::json;

use crate::cli::plan::workload::{WorkloadArgs, WorkloadTable};
use crate::cli::{SeasonArgs, TableFormat};
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::{diagnostics, picture_file, season};

pub(crate) fn run(args: &WorkloadArgs) -> Result<(), Failure> {
    let file = match (&args.figures, &args.dir) {
        (Some(file), _) => file.clone(),
        (None, dir) => dir.clone().unwrap_or_default().join("workload.toml"),
    };
    if args.figures.is_none() && !file.exists() {
        return Err(Failure::Usage {
            message: format!("there is no {}", file.display()),
            help: "name the file of the figures with --figures; docs/planning/workload.md shows one".to_owned(),
        });
    }
    let (figures, warnings) = WorkloadFigures::read(&file).map_err(season::unreadable)?;
    diagnostics::print_to_stderr(&warnings);
    let volumes = match &args.dir {
        None => figures.volumes,
        Some(dir) => {
            let loaded = season::load(&SeasonArgs { dir: dir.clone(), encoding: args.encoding })?;
            let places: u64 = loaded.season.jobs().iter().map(|job| u64::from(job.capacity)).sum();
            let applications = loaded.season.applicants().len() as u32;
            figures.volumes.scaled(applications, u32::try_from(places).unwrap_or(u32::MAX).min(applications))
        }
    };
    let account = Account { args, figures: &figures, volumes, workload: Workload::new(&figures, &volumes) };
    if let Some(file) = &args.picture {
        picture_file::write(file, account.picture().to_svg())?;
    }
    match (args.format, args.table) {
        (TableFormat::Text, None) => print(&account.to_text()),
        (TableFormat::Json, None) => print(&account.to_json()),
        (format, Some(WorkloadTable::Steps)) => print_table(&account.steps(), format),
        (format, _) => print_table(&account.weeks(), format),
    }
}

/// What is said of the work.
struct Account<'a> {
    args: &'a WorkloadArgs,
    figures: &'a WorkloadFigures,
    volumes: Volumes,
    workload: Workload,
}

impl Account<'_> {
    fn weeks(&self) -> Table {
        let mut columns =
            vec![("week", "Week of"), ("working_days", "Days"), ("needed", "Needed"), ("there", "There"), ("short", "Short")];
        columns.extend([("people_needed", "People needed"), ("most", "Most of it")]);
        Table {
            name: "weeks",
            title: "Hours by week".to_owned(),
            columns,
            rows: self.workload.weeks.iter().map(|week| self.week(week)).collect(),
        }
    }

    fn week(&self, week: &Week) -> Vec<Value> {
        // The longest day that anybody works is a full one.
        let full_day = self.figures.staff.iter().map(|staff| u64::from(staff.minutes_a_day)).max().unwrap_or(1);
        let capacity = full_day * u64::from(week.working_days);
        let people = (capacity > 0).then(|| Value::Hundredths(((200 * week.total() + capacity) / (2 * capacity)) as i64));
        let most = (0..week.needed.len()).rev().max_by_key(|&step| week.needed[step]).filter(|&step| week.needed[step] > 0);
        vec![
            Value::Text(week.monday.to_string()),
            Value::from(week.working_days),
            hours(week.total()),
            hours(week.there),
            if week.short() > 0 { hours(week.short()) } else { Value::Blank },
            people.unwrap_or(Value::Blank),
            most.map_or(Value::Blank, |step| Value::from(&*self.figures.steps[step].name)),
        ]
    }

    fn steps(&self) -> Table {
        let by_step = self.workload.by_step();
        let row = |(step, minutes): (&feriematch_plan::StaffStep, u64)| {
            vec![
                Value::from(&*step.id),
                Value::from(&*step.name),
                Value::from(self.volumes.of(step.per)),
                Value::from(per(step.per)),
                Value::from(step.minutes),
                hours(minutes),
                Value::Text(step.first_day.to_string()),
                Value::Text(step.last_day.to_string()),
                Value::from(&*step.source),
            ]
        };
        Table {
            name: "steps",
            title: "Hours by step".to_owned(),
            columns: vec![
                ("id", "Id"),
                ("step", "Step"),
                ("count", "Count"),
                ("per", "Per"),
                ("minutes", "Min each"),
                ("hours", "Hours"),
                ("first_day", "From"),
                ("last_day", "To"),
                ("source", "Source"),
            ],
            rows: self.figures.steps.iter().zip(by_step).map(row).collect(),
        }
    }

    /// Returns the work with so many applications more, or fewer.
    fn with(&self, applications: u32) -> Workload {
        Workload::new(self.figures, &Volumes { applications, ..self.volumes })
    }

    fn to_json(&self) -> String {
        let changed = |applications: u32| {
            let workload = self.with(applications);
            json!({ "applications": applications, "needed": hours(workload.total()).for_json(), "short": hours(short(&workload)).for_json() })
        };
        let report = json!({
            "seed": null,
            "source": self.figures.source,
            "volumes": {
                "applications": self.volumes.applications, "offers": self.volumes.offers,
                "hires": self.volumes.hires, "reports": self.volumes.reports,
            },
            "needed": hours(self.workload.total()).for_json(),
            "there": hours(self.workload.there()).for_json(),
            "short": hours(short(&self.workload)).for_json(),
            "more": changed(self.volumes.applications.saturating_add(self.args.change)),
            "fewer": changed(self.volumes.applications.saturating_sub(self.args.change)),
            "weeks": self.weeks().to_json(),
            "steps": self.steps().to_json(),
        });
        format!("{report:#}\n")
    }

    fn to_text(&self) -> String {
        let Volumes { applications, offers, hires, reports } = self.volumes;
        let [applications_shown, offers, hires, reports] =
            [applications, offers, hires, reports].map(|count| grouped(count.into()));
        let mut text = format!(
            "{applications_shown} applications, {offers} offers, {hires} hired, {reports} time reports\nSource: {}\n\n{}\n{}\n",
            self.figures.source,
            self.steps().to_text(),
            self.weeks().to_text()
        );
        let workload = &self.workload;
        text.push_str(&format!(
            "The work needs {} hours, and {} are there. ",
            hours(workload.total()).for_people(),
            hours(workload.there()).for_people()
        ));
        let scarce: Vec<String> =
            workload.weeks.iter().filter(|week| week.short() > 0).map(|week| week.monday.to_string()).collect();
        if scarce.is_empty() {
            text.push_str("No week is short.\n");
        } else {
            text.push_str(&format!(
                "{} hours are missing in the weeks of {}, whatever is left over in others.\n",
                hours(short(workload)).for_people(),
                scarce.join(", ")
            ));
        }
        if let Some(peak) = workload.peak() {
            text.push_str(&format!(
                "The peak is the week of {}: {} hours, {} there.\n",
                peak.monday,
                hours(peak.total()).for_people(),
                hours(peak.there).for_people()
            ));
        }
        for (count, what) in
            [(applications.saturating_add(self.args.change), "more"), (applications.saturating_sub(self.args.change), "fewer")]
        {
            if count == applications {
                continue;
            }
            let other = self.with(count);
            text.push_str(&format!(
                "With {} applications {what}, all else equal, it needs {} hours, and {} are missing.\n",
                grouped(count.abs_diff(applications).into()),
                hours(other.total()).for_people(),
                hours(short(&other)).for_people()
            ));
        }
        text.push_str(
            "\nThis is what the figures come to: they are minutes for each of something, spread evenly over working days. Illness, waiting for answers and work on \
             other things are not in them unless somebody put them there.\n",
        );
        text
    }

    fn picture(&self) -> GroupedBars {
        let bar = |minutes: u64| Some(Bar { value: u32::try_from((minutes + 30) / 60).unwrap_or(u32::MAX), interval: None });
        let group = |week: &Week| BarGroup { name: week.monday.to_string(), bars: vec![bar(week.total()), bar(week.there)] };
        GroupedBars {
            title: "Staff hours by week".to_owned(),
            description: "Hours that the work needs, and hours of those who are there, in whole hours.".to_owned(),
            axis: Axis { label: "Hours".to_owned(), unit: Unit::Count },
            series: vec!["needed".to_owned(), "there".to_owned()],
            groups: self.workload.weeks.iter().map(group).collect(),
            mark: None,
        }
    }
}

/// Returns the minutes that are missing in the weeks that are short.
fn short(workload: &Workload) -> u64 {
    workload.weeks.iter().map(Week::short).sum()
}

/// Returns minutes as hours with two decimals, rounded half up.
fn hours(minutes: u64) -> Value {
    Value::Hundredths(((minutes * 10 + 3) / 6) as i64)
}

fn per(counted: Counted) -> &'static str {
    Counted::ALL.into_iter().find(|(_, other)| *other == counted).map_or("", |(name, _)| name)
}
