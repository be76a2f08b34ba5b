//! Seasons drawn with a fixed seed, in the sizes that docs and benches speak of.
//!
//! There are 14 districts of weight 1/(d + 4), and the popularity of jobs is Zipf 0.8. Each choice is drawn with
//! probability 0.7 from the jobs of the home district, and otherwise from all. Capacities are geometric and add up to
//! an exact total. Nothing here knows of the solver: the comparison with other solvers draws the same.

/// The seed of every season.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// The city's districts.
pub(crate) const DISTRICTS: u32 = 14;

/// A size of the seasons.
pub(crate) struct Size {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The number of applicants.
    pub(crate) rows: usize,
    /// The number of jobs.
    pub(crate) columns: usize,
    /// What the capacities add up to.
    places: u32,
    /// The largest capacity.
    largest: u32,
    /// How many jobs an applicant chooses.
    pub(crate) choices: usize,
    /// Costs are ranks, or random up to this.
    pub(crate) costs: Option<u32>,
}

/// All sizes.
pub(crate) static SIZES: [Size; 7] = [
    Size { name: "S", rows: 1_511, columns: 110, places: 553, largest: 20, choices: 10, costs: None },
    Size { name: "M", rows: 20_000, columns: 2_000, places: 10_000, largest: 20, choices: 10, costs: None },
    Size { name: "L", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 10, costs: None },
    Size { name: "L-tight", rows: 200_000, columns: 20_000, places: 200_000, largest: 40, choices: 10, costs: None },
    Size { name: "L-cost", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 10, costs: Some(1_000) },
    Size { name: "L-3", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 3, costs: None },
    Size { name: "XL", rows: 1_000_000, columns: 100_000, places: 500_000, largest: 20, choices: 10, costs: None },
];

/// Marsaglia's xorshift64* generator.
pub(crate) struct Random(u64);

impl Random {
    /// Returns the generator as every season begins with it.
    pub(crate) fn new() -> Self {
        Self(SEED)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Draws a number below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Puts the items in random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// What is drawn with replacement, each item with a probability proportional to its weight.
struct Urn {
    items: Vec<u32>,
    /// The running sums of the weights.
    sums: Vec<f64>,
}

impl Urn {
    fn new(items: Vec<u32>, weight: impl Fn(u32) -> f64) -> Self {
        let running = |sum: &mut f64, &item: &u32| {
            *sum += weight(item);
            Some(*sum)
        };
        let sums = items.iter().scan(0.0, running).collect();
        Self { items, sums }
    }

    fn draw(&self, random: &mut Random) -> u32 {
        #[expect(clippy::cast_precision_loss, reason = "53 random bits are a fraction exactly")]
        let fraction = (random.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let total = self.sums.last().copied().unwrap_or_default();
        self.items[self.sums.partition_point(|&sum| sum <= fraction * total).min(self.sums.len() - 1)]
    }
}

/// A season whose jobs are drawn, and whose applicants are drawn one by one.
pub(crate) struct Season<'a> {
    size: &'a Size,
    random: Random,
    districts: Urn,
    jobs: Urn,
    /// The jobs of each district.
    jobs_of: Vec<Urn>,
    /// The places of each job.
    pub(crate) capacities: Vec<u32>,
    /// The district of each job.
    pub(crate) column_district: Vec<u32>,
}

impl<'a> Season<'a> {
    /// Draws the jobs.
    pub(crate) fn new(size: &'a Size) -> Self {
        let mut random = Random::new();
        let columns = size.columns as u32;
        let mut popularity: Vec<f64> = (1..=columns).map(|rank| f64::from(rank).powf(-0.8)).collect();
        random.shuffle(&mut popularity);
        let urn = |jobs: Vec<u32>| Urn::new(jobs, |job| popularity[job as usize]);
        let districts = Urn::new((0..DISTRICTS).collect(), |district| 1.0 / f64::from(district + 4));
        let column_district: Vec<u32> = (0..columns).map(|_| districts.draw(&mut random)).collect();
        let mut jobs_of = vec![Vec::new(); DISTRICTS as usize];
        for (job, &district) in (0..).zip(&column_district) {
            jobs_of[district as usize].push(job);
        }
        let jobs_of = jobs_of.into_iter().map(urn).collect();
        let jobs = urn((0..columns).collect());
        let capacities = capacities(size, &mut random);
        Self { size, random, districts, jobs, jobs_of, capacities, column_district }
    }

    /// Draws the next applicant in ranking order: the choices (job, cost), the first choice first, and the district.
    ///
    /// What ranks applicants is independent of what they choose, so the order of drawing serves as the ranking.
    pub(crate) fn draw_row(&mut self, choices: &mut Vec<(u32, u32)>) -> u32 {
        let Self { size, random, .. } = self;
        let district = self.districts.draw(random);
        let near = &self.jobs_of[district as usize];
        choices.clear();
        let mut tries = 0;
        while choices.len() < size.choices {
            tries += 1;
            // Beyond so many tries, chance keeps missing the district's unpopular jobs.
            let at_home = random.below(10) < 7 && near.items.len() > size.choices && tries < 1_000;
            let job = if at_home { near.draw(random) } else { self.jobs.draw(random) };
            if !choices.iter().any(|&(chosen, _)| chosen == job) {
                let cost = size.costs.map_or(choices.len(), |most| random.below(most as usize)) as u32 + 1;
                choices.push((job, cost));
            }
        }
        district
    }
}

/// Draws capacities that are geometric, within 1 to `largest`, and add up to the exact total.
fn capacities(size: &Size, random: &mut Random) -> Vec<u32> {
    let columns = size.columns as u32;
    let mean = size.places.div_ceil(columns) as usize;
    let mut capacities = vec![1; size.columns];
    for capacity in &mut capacities {
        while *capacity < size.largest && random.below(mean) != 0 {
            *capacity += 1;
        }
    }
    let mut total: u32 = capacities.iter().sum();
    while total != size.places {
        let capacity = &mut capacities[random.below(size.columns)];
        if total < size.places && *capacity < size.largest {
            (*capacity, total) = (*capacity + 1, total + 1);
        } else if total > size.places && *capacity > 1 {
            (*capacity, total) = (*capacity - 1, total - 1);
        }
    }
    capacities
}
