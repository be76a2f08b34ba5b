//! The command line of feriematch.

fn main() {}
