//! The instances: seeded, of the sizes that docs and benches speak of.

use crate::instance::Instance;

/// The seed of every instance.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// The city's districts.
const DISTRICTS: u8 = 14;

/// A size of the instances.
pub struct Size {
    /// What it is called.
    pub name: &'static str,
    rows: usize,
    columns: usize,
    places: u32,
    largest: u32,
    choices: usize,
    /// Costs are ranks, or random up to this.
    costs: Option<usize>,
}

/// All sizes.
pub const SIZES: [Size; 7] = [
    Size { name: "S", rows: 1_511, columns: 110, places: 553, largest: 20, choices: 10, costs: None },
    Size { name: "M", rows: 20_000, columns: 2_000, places: 10_000, largest: 20, choices: 10, costs: None },
    Size { name: "L", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 10, costs: None },
    Size { name: "L-tight", rows: 200_000, columns: 20_000, places: 200_000, largest: 40, choices: 10, costs: None },
    Size { name: "L-cost", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 10, costs: Some(1_000) },
    Size { name: "L-3", rows: 200_000, columns: 20_000, places: 100_000, largest: 20, choices: 3, costs: None },
    Size { name: "XL", rows: 1_000_000, columns: 100_000, places: 500_000, largest: 20, choices: 10, costs: None },
];

/// Marsaglia's xorshift64* generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Draws an index with a probability proportional to its weight, given the running sums of the weights.
    fn weighted(&mut self, sums: &[f64]) -> usize {
        #[expect(clippy::cast_precision_loss, reason = "53 random bits are a fraction exactly")]
        let fraction = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let total = sums.last().copied().unwrap_or_default();
        sums.partition_point(|&sum| sum <= fraction * total).min(sums.len() - 1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

fn running_sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
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

/// Draws an instance: 14 districts of weight 1/(d+4), job popularity Zipf 0.8, most choices in the home district.
pub fn generate(size: &Size) -> Instance {
    let mut random = Random(SEED);
    let district_sums = running_sums((0..DISTRICTS).map(|d| 1.0 / f64::from(d + 4)));
    let mut popularity: Vec<f64> = (1..=size.columns as u32).map(|rank| f64::from(rank).powf(-0.8)).collect();
    random.shuffle(&mut popularity);
    let column_district: Vec<u32> = (0..size.columns).map(|_| random.weighted(&district_sums) as u32).collect();
    let all_sums = running_sums(popularity.iter().copied());
    let mut jobs_of = vec![Vec::new(); usize::from(DISTRICTS)];
    for (job, &district) in column_district.iter().enumerate() {
        jobs_of[district as usize].push(job);
    }
    let sums_of: Vec<_> = jobs_of.iter().map(|jobs| running_sums(jobs.iter().map(|&job| popularity[job]))).collect();

    let mut instance = Instance::new(capacities(size, &mut random), column_district);
    // The classes and the lottery are drawn independently of the choices, so rows in drawing order are in ranking order.
    let mut choices: Vec<(u32, u32)> = Vec::new();
    for _ in 0..size.rows {
        let home = random.weighted(&district_sums);
        choices.clear();
        let mut tries = 0;
        while choices.len() < size.choices {
            tries += 1;
            let at_home = random.below(10) < 7 && jobs_of[home].len() > size.choices && tries < 1_000;
            let job = if at_home { jobs_of[home][random.weighted(&sums_of[home])] } else { random.weighted(&all_sums) };
            if !choices.iter().any(|&(chosen, _)| chosen == job as u32) {
                let cost = size.costs.map_or(choices.len() + 1, |most| random.below(most) + 1);
                choices.push((job as u32, cost as u32));
            }
        }
        choices.sort_unstable();
        instance.add_row(home as u32, &choices);
    }
    instance
}
