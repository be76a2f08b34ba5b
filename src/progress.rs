//! What is shown while a command works: on a terminal only, and gone when it is done.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line on the terminal that says what is being done.
pub(crate) struct Spinner(ProgressBar);

impl Spinner {
    pub(crate) fn start(what: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    pub(crate) fn say(&self, what: impl Into<Cow<'static, str>>) {
        self.0.set_message(what);
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Returns a bar over a known number of things.
pub(crate) fn bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Says that another of them is done, and that the next is wanted.
pub(crate) fn next(bar: &ProgressBar) -> ControlFlow<()> {
    bar.inc(1);
    ControlFlow::Continue(())
}
