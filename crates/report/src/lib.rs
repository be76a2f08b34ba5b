//! Tables and sentences about a season and its outcome, in Swedish and English.
