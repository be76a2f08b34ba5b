//! Makes seasons from a seed: examples, benches, planning.
