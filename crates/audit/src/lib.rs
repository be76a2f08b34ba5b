//! Checks an outcome against the season's files without any code of the engine.
