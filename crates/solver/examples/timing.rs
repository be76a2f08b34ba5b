//! Times each stage on synthetic seasons of growing size:
//! `cargo run --release --example timing -- [--groups] [--any] [SIZE ...]`.
//!
//! With `--groups`, caps on 20 departments and one above them all hold many of the jobs. With `--any`, a fifth of the
//! rows would take any job after their first three choices.

use std::time::Instant;

use feriematch_solver::{RowOutcome, place, place_in_ranking_order, rank_maximal, select, serial_dictatorship};
use instances::season::SIZES;
use instances::{Extras, Instance};

#[path = "../benches/instances/mod.rs"]
mod instances;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let has = |option: &str| wanted.iter().any(|word| word == option);
    let extras = Extras { groups: has("--groups"), any: has("--any") };
    let names: Vec<&String> = wanted.iter().filter(|word| !word.starts_with("--")).collect();
    println!(
        "size          kept      cost    select ms     place ms  in order ms    serial ms  serial kept  rank-max ms  placed stages"
    );
    for size in SIZES.iter().filter(|size| names.is_empty() || names.iter().any(|name| *name == size.name)) {
        let Instance { problem, .. } = Instance::new(size, extras);
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
        let clock = Instant::now();
        place_in_ranking_order(&problem, &selection).expect("the selection is of this problem");
        let in_order_ms = clock.elapsed().as_secs_f64() * 1e3;
        let kept = selection.kept().count();
        let cost = placement.cost;
        let name = size.name;
        print!("{name:8} {kept:9} {cost:9} {select_ms:12.1} {place_ms:12.1} {in_order_ms:12.1}");
        let clock = Instant::now();
        let rank_maximal = rank_maximal(&problem).expect("the ranks are small");
        let rank_maximal_ms = clock.elapsed().as_secs_f64() * 1e3;
        rank_maximal.check(&problem).expect("the placement is rank-maximal");
        let placed = rank_maximal.column_of().iter().flatten().count();
        let stages = rank_maximal.stages.len();
        println!(" {serial_ms:12.1} {serial_kept:12} {rank_maximal_ms:12.1} {placed:7} {stages:6}");
    }
}
