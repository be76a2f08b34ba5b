//! Reads a season folder: CSV, XLSX and TOML into a season, or every problem at once.
