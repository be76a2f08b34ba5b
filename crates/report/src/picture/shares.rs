//! Bars of shares: what a whole is made of.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::bars::{BELOW, GAP, RowChart};
use super::canvas::{self, Area, Drawn, Frame, LINE, MARGIN, Swatch};
use super::{PictureError, Unit};
use crate::table::grouped;

/// Bars that are all as long, each divided into parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackedShares {
    /// What stands above.
    pub title: String,
    /// What is said to those who cannot see it; the numbers are added.
    pub description: String,
    /// What the shares are of.
    pub label: String,
    /// The names of the parts.
    pub parts: Vec<String>,
    /// The bars, from above: their names, and how many each part has.
    pub bars: Vec<(String, Vec<u32>)>,
}

/// How high a bar is.
const THICK: u32 = 28;
/// The end of the axis: a whole, in thousandths.
const WHOLE: u64 = 1_000;
/// The most characters of a name that are shown.
const MOST: usize = 38;

impl StackedShares {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PictureError> {
        let plot = (self.bars.len() as u32 * (THICK + GAP)).max(GAP);
        let frame = Frame {
            title: &self.title,
            description: self.in_words(),
            legend: self.parts.iter().map(String::as_str).collect(),
            swatch: Swatch::Square,
            height: LINE as u32 + plot + BELOW,
        };
        frame.draw(|area| self.paint(area, plot))
    }

    fn paint(&self, area: &Area<'_>, plot: u32) -> Drawn {
        let label =
            |name: &str, counts: &[u32]| format!("{} ({})", canvas::cut(name, MOST - 10), grouped(self.sum(counts) as i64));
        let beside = self.bars.iter().map(|(name, counts)| canvas::width(&label(name, counts))).max().unwrap_or(0) + MARGIN;
        let rows = RowChart { end: WHOLE, unit: Unit::Thousandths, label: &self.label, beside, plot };
        let chart = rows.draw(area)?;
        let chart_area = chart.plotting_area();
        for ((name, counts), top) in self.bars.iter().zip((0..).map(|row| row * (THICK + GAP) + GAP / 2)) {
            let (above, below) = (rows.height_of(top), rows.height_of(top + THICK));
            let middle = rows.height_of(top + THICK / 2);
            rows.name(&chart, top + THICK / 2, &label(name, counts))?;
            let (whole, mut sum) = (self.sum(counts), 0);
            if whole == 0 {
                continue;
            }
            for (number, &count) in counts.iter().take(self.parts.len()).enumerate().filter(|(_, count)| **count > 0) {
                let from = sum * WHOLE / whole;
                sum += u64::from(count);
                let to = sum * WHOLE / whole;
                let fill = canvas::colour(number);
                let corners = [(from, above), (to, below)];
                chart_area.draw(&Rectangle::new(corners, fill.filled()))?;
                chart_area.draw(&Rectangle::new(corners, WHITE))?;
                // Narrower ones have no room for it; the description has it.
                if to - from >= 60 {
                    let style = canvas::text(12, canvas::readable_on(fill), HPos::Center, VPos::Center);
                    canvas::write(&chart, (u64::midpoint(from, to), middle), (0, 0), share(count, whole), style)?;
                }
            }
        }
        Ok(())
    }

    /// Returns how many the parts of a bar have together.
    fn sum(&self, counts: &[u32]) -> u64 {
        counts.iter().take(self.parts.len()).map(|&count| u64::from(count)).sum()
    }

    /// Says everything in words.
    fn in_words(&self) -> String {
        let mut words = format!("{} {}.", self.description, self.label);
        for (name, counts) in &self.bars {
            let whole = self.sum(counts);
            let parts = self.parts.iter().zip(counts).filter(|_| whole > 0);
            let parts: Vec<String> =
                parts.map(|(part, &count)| format!("{part} {} ({})", grouped(i64::from(count)), share(count, whole))).collect();
            words.push_str(&format!(" {name}: {}.", if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }));
        }
        words
    }
}

/// Returns a share in per cent, rounded half up.
fn share(count: u32, whole: u64) -> String {
    Unit::Thousandths.show(((2_000 * u64::from(count) + whole) / (2 * whole)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(bars: Vec<(String, Vec<u32>)>) -> String {
        StackedShares {
            title: "Wishes met".into(),
            description: "By mechanism.".into(),
            label: "Share of the placed, %".into(),
            parts: vec!["first".into(), "second".into(), "later".into()],
            bars,
        }
        .to_svg()
        .unwrap()
    }

    #[test]
    fn parts_make_a_whole_and_are_told_with_their_numbers() {
        let svg = picture(vec![("priority".into(), vec![50, 25, 25]), ("Önskan".into(), vec![1, 0, 2])]);
        let fills: Vec<(i32, i32)> = svg
            .lines()
            .filter(|line| line.starts_with("<rect") && line.contains("height=\"28\"") && line.contains("stroke=\"none\""))
            .filter_map(|line| {
                let number = |name: &str| line.split(name).nth(1)?.split('"').next()?.parse().ok();
                Some((number(" x=\"")?, number(" width=\"")?))
            })
            .collect();
        let [first, second, third, fourth, fifth] = fills[..] else { panic!("{fills:?}") };
        assert_eq!([first.0 + first.1, second.0 + second.1, fourth.0 + fourth.1], [second.0, third.0, fifth.0]);
        assert_eq!(third.0 + third.1, fifth.0 + fifth.1, "all bars are as long: {fills:?}");
        assert!(svg.contains("priority: first 50 (50.0 %), second 25 (25.0 %), later 25 (25.0 %). Önskan: first 1 (33.3 %), second 0 (0.0 %), later 2 (66.7 %)."));
    }

    #[test]
    fn nothing_can_be_drawn() {
        assert!(picture(Vec::new()).ends_with("</svg>\n"));
        assert!(picture(vec![("none".into(), vec![0, 0, 0])]).contains("none: nothing."));
    }
}
