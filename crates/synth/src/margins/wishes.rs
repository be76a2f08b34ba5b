//! Drawing preference lists.

use std::fmt;

use super::Margins;
use super::postings::Postings;
use crate::draw::Draw;
use crate::popularity::Popularity;

/// How often a wish that does not suit, or repeats another, is drawn again before the list stays as short as it is.
const ATTEMPTS: u32 = 40;

/// The form of a wish. Every wish is drawn as a job; the form says how much of the job it names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Job,
    Area,
    AreaHome,
    AreaDistrict,
    District,
    Home,
}

impl Form {
    /// Every form, in the order of the weights.
    pub(super) const ALL: [Self; 6] = [Self::Job, Self::Area, Self::AreaHome, Self::AreaDistrict, Self::District, Self::Home];
}

/// One wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// A row of [`Postings::list`].
    Job(usize),
    /// The jobs of an area, in a place if there is one.
    Area(usize, Option<Place>),
    /// The jobs in a place.
    Place(Place),
    Any,
}

/// Where jobs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    District(usize),
}

/// One rank of a preference list: a wish, and a second one that ties with it.
pub(super) type Rank = (Wish, Option<Wish>);

/// Draws preference lists from the margins and the popularity of jobs.
pub(super) struct Preferences<'a> {
    margins: &'a Margins,
    postings: &'a Postings<'a>,
    popularity: Popularity,
}

impl<'a> Preferences<'a> {
    pub(super) fn new(margins: &'a Margins, postings: &'a Postings) -> Self {
        let weigh = |posting| {
            let area = postings.kind(posting).area;
            (postings.host(posting), margins.wishes.areas[area] * u64::from(posting.capacity))
        };
        let weighed: Vec<(Option<usize>, u64)> = postings.list.iter().map(weigh).collect();
        Self { margins, postings, popularity: Popularity::new(margins.settings.districts.len(), &weighed) }
    }

    /// Draws a list without repetitions for somebody whom the jobs that `suits` admits suit.
    pub(super) fn draw(&self, home: usize, suits: impl Fn(usize) -> bool, draw: &mut Draw) -> Vec<Rank> {
        let wishes = &self.margins.wishes;
        let [least, most] = wishes.ranks;
        let ranks = draw.between(least, most) as usize;
        let mut list: Vec<Rank> = Vec::with_capacity(ranks);
        while list.len() < ranks {
            let Some(first) = self.next(&list, None, home, &suits, draw) else { break };
            let second = draw.percent(wishes.tie_percent).then(|| self.next(&list, Some(first), home, &suits, draw)).flatten();
            list.push((first, second));
        }
        if draw.percent(wishes.any_percent) || list.is_empty() {
            list.truncate(most as usize - 1);
            list.push((Wish::Any, None));
        }
        list
    }

    /// Draws a wish that the list does not hold yet.
    fn next(
        &self,
        list: &[Rank],
        tied: Option<Wish>,
        home: usize,
        suits: &impl Fn(usize) -> bool,
        draw: &mut Draw,
    ) -> Option<Wish> {
        let careless = draw.percent(self.margins.wishes.unsuited_percent);
        (0..ATTEMPTS).find_map(|_| {
            let form = Form::ALL[self.margins.wishes.forms.pick(draw)];
            let (job, wish) = self.wish(form, home, draw)?;
            let repeated = tied == Some(wish) || list.iter().any(|&(first, second)| first == wish || second == Some(wish));
            (!repeated && (careless || suits(job))).then_some(wish)
        })
    }

    /// Draws a job and names it in a form; `None` where the form has nothing to name.
    fn wish(&self, form: Form, home: usize, draw: &mut Draw) -> Option<(usize, Wish)> {
        let job = match form {
            Form::AreaHome | Form::Home => self.popularity.pick_hosted(home, draw)?,
            Form::Job | Form::Area | Form::AreaDistrict | Form::District => {
                self.popularity.pick(home, self.margins.wishes.home_percent, draw)
            }
        };
        let posting = &self.postings.list[job];
        let area = self.postings.kind(posting).area;
        // Where a job is at home, the list says so: the district's name would be the same wish in other words.
        let host = self.postings.host(posting).map(|host| if host == home { Place::Home } else { Place::District(host) });
        let wish = match form {
            Form::Job => Wish::Job(job),
            Form::Area => Wish::Area(area, None),
            Form::AreaHome => Wish::Area(area, Some(Place::Home)),
            Form::AreaDistrict => Wish::Area(area, Some(host?)),
            Form::District => Wish::Place(host?),
            Form::Home => Wish::Place(Place::Home),
        };
        Some((job, wish))
    }

    /// Returns whether a wish is for work that needs a register extract.
    pub(super) fn needs_extract(&self, wish: Wish) -> bool {
        match wish {
            Wish::Job(job) => self.postings.needs_extract(&self.postings.list[job]),
            Wish::Area(area, _) => self.margins.settings.areas[area].extract,
            Wish::Place(_) | Wish::Any => false,
        }
    }

    /// Writes a list in the form of the column `wishes`.
    pub(super) fn text<'b>(&'b self, list: &'b [Rank]) -> impl Iterator<Item = impl fmt::Display + 'b> {
        list.iter().map(move |&rank| {
            fmt::from_fn(move |f| {
                self.write(rank.0, f)?;
                match rank.1 {
                    Some(second) => {
                        f.write_str(" = ")?;
                        self.write(second, f)
                    }
                    None => Ok(()),
                }
            })
        })
    }

    fn write(&self, wish: Wish, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.margins.settings;
        let place = |place| match place {
            Place::Home => "home",
            Place::District(row) => &settings.districts[row].id,
        };
        match wish {
            Wish::Job(job) => f.write_str(&self.postings.list[job].id),
            Wish::Area(area, None) => f.write_str(&settings.areas[area].id),
            Wish::Area(area, Some(at)) => write!(f, "{} & {}", settings.areas[area].id, place(at)),
            Wish::Place(at) => f.write_str(place(at)),
            Wish::Any => f.write_str("any"),
        }
    }
}
