//! What the written files hold: seasons from recipes, the example season, and what is refused.

mod margins;
mod read;
mod recipe;
mod stockholm_2015;
