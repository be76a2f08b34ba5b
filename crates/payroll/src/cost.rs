//! What each payer pays, and for whom.

use feriematch_model::{ApplicantIx, DepartmentIx, DistrictIx, Employer, JobIx, Money, Payer, Season, StreamIx};

use crate::Pay;

/// How far somebody has come with a place. Everybody is counted once: in the furthest they have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Offered, and not answered.
    Offered,
    /// Accepted, and not signed.
    Accepted,
    /// Signed, and no hours known.
    Signed,
    /// Signed, and hours reported that nobody has approved.
    Reported,
    /// Worked, and the hours approved.
    Worked,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: [Self; 5] = [Self::Offered, Self::Accepted, Self::Signed, Self::Reported, Self::Worked];
}

/// Somebody's place, and the time that is paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Who.
    pub applicant: ApplicantIx,
    /// In which job.
    pub job: JobIx,
    /// Which stream pays.
    pub stream: StreamIx,
    /// How far they have come.
    pub standing: Standing,
    /// The minutes paid: as agreed, or as worked; `None` where the job does not state them.
    pub minutes: Option<u32>,
}

/// Youths, hours and money together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many youths.
    pub youths: u32,
    /// The minutes paid, of those of whom they are known.
    pub minutes: u64,
    /// Wages and fees, of those of whom they are known.
    pub pay: Pay,
    /// Of how many the hours or the wage are not known.
    pub unknown: u32,
}

impl Sum {
    /// Returns what all of them cost; `None` where the cost of one is not known.
    pub fn cost(&self) -> Option<Money> {
        (self.unknown == 0).then(|| self.pay.cost())
    }

    fn add(&mut self, minutes: Option<u32>, pay: Option<Pay>) {
        self.youths += 1;
        match minutes.zip(pay) {
            Some((minutes, pay)) => {
                self.minutes += u64::from(minutes);
                self.pay = self.pay + pay;
            }
            None => self.unknown += 1,
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        self.youths += other.youths;
        self.minutes += other.minutes;
        self.pay = self.pay + other.pay;
        self.unknown += other.unknown;
        self
    }
}

/// What one payer or stream pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id of the district, department or stream.
    pub id: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The money, where it is stated.
    pub budget: Option<Money>,
    /// The most youths that may be placed on it, where it has a cap.
    pub cap: Option<u32>,
    sums: [Sum; Standing::ALL.len()],
}

impl Account {
    fn new(id: &str, name: &str, budget: Option<Money>, cap: Option<u32>) -> Self {
        Self { id: id.into(), name: name.into(), budget, cap, sums: [Sum::default(); Standing::ALL.len()] }
    }

    /// Returns what those in one standing come to.
    pub const fn sum(&self, standing: Standing) -> &Sum {
        &self.sums[standing as usize]
    }

    /// Returns what all come to.
    pub fn total(&self) -> Sum {
        self.sums.iter().fold(Sum::default(), Sum::plus)
    }
}

/// What everybody pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    /// By payer: every district; departments and outside payers that have a budget or pay for somebody.
    pub payers: Vec<Account>,
    /// By funding stream.
    pub streams: Vec<Account>,
    /// All together.
    pub all: Account,
}

/// Sums up what each payer and stream pays. Every post is in one account of each, so that both add up to the same.
pub fn costs(season: &Season, posts: impl IntoIterator<Item = Post>) -> Costs {
    let s = season.settings();
    let cap = |row| season.home_cap(DistrictIx::new(row));
    let districts = s.districts.len();
    let departments = s.departments.len();
    let mut payers: Vec<Account> =
        s.districts.iter().enumerate().map(|(row, d)| Account::new(&d.id, &d.name, d.budget, cap(row))).collect();
    payers.extend(s.departments.iter().map(|d| Account::new(&d.id, &d.name, d.budget, None)));
    payers.extend(s.streams.iter().map(|stream| Account::new(&stream.id, &stream.name, None, stream.cap)));
    let mut streams: Vec<Account> =
        s.streams.iter().map(|stream| Account::new(&stream.id, &stream.name, None, stream.cap)).collect();
    let mut all = Account::new("all", "All", None, None);
    for post in posts {
        let (applicant, job) = (season.applicant(post.applicant), season.job(post.job));
        let row = match (s.streams[post.stream.get()].payer, job.employer) {
            (Payer::HomeDistrict, _) => applicant.home_district.get(),
            (Payer::Employer, Employer::District(d)) => d.get(),
            (Payer::Employer, Employer::Department(d)) => districts + DepartmentIx::get(d),
            (Payer::External, _) => districts + departments + post.stream.get(),
        };
        let pay = post.minutes.and_then(|minutes| Pay::of(season, applicant, job, u64::from(minutes)));
        for account in [&mut payers[row], &mut streams[post.stream.get()], &mut all] {
            account.sums[post.standing as usize].add(post.minutes, pay);
        }
    }
    let keep = |(row, payer): &(usize, Account)| *row < districts || payer.total().youths > 0 || payer.budget.is_some();
    let payers: Vec<Account> = payers.into_iter().enumerate().filter(keep).map(|(_, payer)| payer).collect();
    // Where somebody who pays has no budget, there is none for all.
    all.budget = payers.iter().filter(|payer| payer.budget.is_some() || payer.total().youths > 0).map(|payer| payer.budget).sum();
    Costs { payers, streams, all }
}
