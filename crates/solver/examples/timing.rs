//! Times each stage on synthetic seasons of growing size:
//! `cargo run --release --example timing -- [--groups] [--any] [SIZE ...]`.
//!
//! With `--groups`, caps on 20 departments and one above them all hold many of the jobs. With `--any`, a fifth of the
//! rows would take any job after their first three choices.

use std::time::Instant;

use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, place, select, serial_dictatorship};

/// A size of the instances that docs and benches speak of.
struct Size {
    name: &'static str,
    rows: usize,
    columns: usize,
    places: u32,
    largest: u32,
    choices: usize,
    /// Costs are ranks, or random up to this.
    costs: Option<usize>,
}

const SIZES: [Size; 7] = [
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
fn instance(size: &Size, department_share: usize, any: bool, random: &mut Random) -> Problem {
    const DISTRICTS: usize = 14;
    let district_sums = running_sums((0_u8..14).map(|d| 1.0 / f64::from(d + 4)));
    let mut popularity: Vec<f64> = (1..=size.columns as u32).map(|rank| f64::from(rank).powf(-0.8)).collect();
    random.shuffle(&mut popularity);
    let district_of: Vec<usize> = (0..size.columns).map(|_| random.weighted(&district_sums)).collect();
    let all_sums = running_sums(popularity.iter().copied());
    let mut jobs_of = vec![Vec::new(); DISTRICTS];
    for (job, &district) in district_of.iter().enumerate() {
        jobs_of[district].push(job);
    }
    let sums_of: Vec<_> = jobs_of.iter().map(|jobs| running_sums(jobs.iter().map(|&job| popularity[job]))).collect();

    let mut builder = ProblemBuilder::with_capacity(size.rows, size.rows * size.choices);
    let capacities = capacities(size, random);
    let departments = (department_share > 0).then(|| {
        // Caps on 20 departments, each a tenth below what its jobs hold, and a slightly tight cap above them all.
        let mut held = [0_u32; 20];
        for (job, &capacity) in capacities.iter().enumerate().filter(|(job, _)| job % 100 < department_share) {
            held[job % 20] += capacity;
        }
        let stream = builder.add_group(size.places / 20 * 19, None).expect("few groups");
        let caps = held.map(|held| held / 10 * 9);
        (stream, caps.map(|cap| builder.add_group(cap, Some(stream)).expect("few groups")))
    });
    for (job, &capacity) in capacities.iter().enumerate() {
        let group = departments.map(|(stream, groups)| if job % 100 < department_share { groups[job % 20] } else { stream });
        builder.add_column(capacity, group).expect("few columns");
    }
    // The classes and the lottery are drawn independently of the choices, so rows in drawing order are in ranking order.
    let mut choices: Vec<(u32, i64)> = Vec::new();
    let all_jobs: Vec<u32> = (0..size.columns as u32).collect();
    let any_job = any.then(|| builder.add_class(&all_jobs).expect("one class"));
    for row in 0..size.rows {
        let home = random.weighted(&district_sums);
        choices.clear();
        let mut tries = 0;
        while choices.len() < size.choices {
            tries += 1;
            let at_home = random.below(10) < 7 && jobs_of[home].len() > size.choices && tries < 1_000;
            let job = if at_home { jobs_of[home][random.weighted(&sums_of[home])] } else { random.weighted(&all_sums) };
            if !choices.iter().any(|&(chosen, _)| chosen == job as u32) {
                let cost = size.costs.map_or(choices.len() as i64 + 1, |most| random.below(most) as i64 + 1);
                choices.push((job as u32, cost));
            }
        }
        let takes_any = any_job.filter(|_| row % 5 == 0);
        choices.truncate(if takes_any.is_some() { 3 } else { size.choices });
        choices.sort_unstable();
        let class_arcs = takes_any.map(|class| (class, size.costs.map_or(4, |most| most as i64)));
        builder.add_row_with_classes(None, choices.iter().copied(), class_arcs).expect("arcs are distinct and in range");
    }
    builder.build()
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let departments = wanted.iter().any(|word| word == "--groups");
    let any = wanted.iter().any(|word| word == "--any");
    let names: Vec<&String> = wanted.iter().filter(|word| !word.starts_with("--")).collect();
    println!("size          kept      cost    select ms     place ms    serial ms  serial kept");
    for size in SIZES.iter().filter(|size| names.is_empty() || names.iter().any(|name| *name == size.name)) {
        let problem = instance(size, if departments { 40 } else { 0 }, any, &mut Random(0x9E37_79B9_7F4A_7C15));
        let clock = Instant::now();
        let selection = select(&problem);
        let select_ms = clock.elapsed().as_secs_f64() * 1e3;
        let clock = Instant::now();
        let serial = serial_dictatorship(&problem);
        let serial_ms = clock.elapsed().as_secs_f64() * 1e3;
        let serial_kept = serial.iter().filter(|outcome| matches!(outcome, RowOutcome::Kept(_))).count();
        let clock = Instant::now();
        let placement = place(&problem, &selection).expect("the selection is of this problem");
        let place_ms = clock.elapsed().as_secs_f64() * 1e3;
        placement.check(&problem, &selection).expect("the placement is of least cost");
        let kept = selection.kept().count();
        let cost = placement.cost;
        println!("{:8} {kept:9} {cost:9} {select_ms:12.1} {place_ms:12.1} {serial_ms:12.1} {serial_kept:12}", size.name);
    }
}
