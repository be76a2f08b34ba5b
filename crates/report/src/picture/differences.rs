//! Differences from a whole, with their intervals: points and whiskers on both sides of zero.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{self, Area, Drawn, Frame, GRID, INK, LINE, MARGIN, Swatch, WIDTH};
use super::{Axis, PictureError};

/// Differences, each with its interval; those whose interval has zero in it are hollow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differences {
    /// What stands above.
    pub title: String,
    /// What is said to those who cannot see it; the numbers are added.
    pub description: String,
    /// What the differences measure.
    pub axis: Axis,
    /// The differences, from above.
    pub rows: Vec<DifferenceRow>,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceRow {
    /// Of what.
    pub name: String,
    /// How much more, or less where it is negative.
    pub value: i64,
    /// The ends of its interval.
    pub interval: (i64, i64),
}

impl DifferenceRow {
    /// Returns whether the interval has zero in it: whether there is a difference is not known.
    pub const fn is_open(&self) -> bool {
        self.interval.0 <= 0 && self.interval.1 >= 0
    }
}

/// How high a row is.
const ROW: u32 = 26;
/// The room for the axis.
const BELOW: u32 = 50;
/// The most characters of a name that are shown.
const MOST: usize = 48;

impl Differences {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PictureError> {
        let plot = (self.rows.len() as u32).max(1) * ROW;
        let frame = Frame {
            title: &self.title,
            description: self.in_words(),
            legend: Vec::new(),
            swatch: Swatch::Square,
            height: LINE as u32 + plot + BELOW,
        };
        frame.draw(|area| self.paint(area, plot))
    }

    fn paint(&self, area: &Area<'_>, plot: u32) -> Drawn {
        let unit = self.axis.unit;
        let ends = || self.rows.iter().flat_map(|row| [row.interval.0, row.interval.1, row.value, 0]);
        let (low, high) = (ends().min().unwrap_or(0), ends().max().unwrap_or(0));
        // Numbers stand outside of the whiskers, on both sides.
        let room = ((high - low) / 8).max(1);
        let names = self.rows.iter().map(|row| canvas::cut(&row.name, MOST));
        let beside = names.map(|name| canvas::width(&name)).max().unwrap_or(0) + MARGIN;
        let mut chart = ChartBuilder::on(area)
            .margin_left(beside + 8)
            .margin_right(MARGIN + 20)
            .margin_top(LINE)
            .x_label_area_size(BELOW)
            .build_cartesian_2d(low - room..high + room, 0..i64::from(plot))?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(INK)
            .set_tick_mark_size(LabelAreaPosition::Bottom, 5)
            .x_labels(if WIDTH as i32 - beside > 500 { 9 } else { 5 })
            .x_label_style(canvas::text(12, INK, HPos::Center, VPos::Top))
            .x_label_formatter(&|value| unit.signed_tick(*value))
            .axis_desc_style(canvas::text(13, INK, HPos::Center, VPos::Bottom))
            .x_desc(canvas::cut(&self.axis.label, 90))
            .draw()?;
        let plotting = chart.plotting_area();
        plotting.draw(&PathElement::new(vec![(0, 0), (0, i64::from(plot))], INK))?;
        let write = |at: (i64, i64), beside: (i32, i32), text: String, style: TextStyle<'_>| {
            plotting.draw(&(EmptyElement::at(at) + Text::new(text, beside, style)))
        };
        for (row, number) in self.rows.iter().zip(0_i64..) {
            let middle = i64::from(plot) - number * i64::from(ROW) - i64::from(ROW / 2);
            let name = canvas::text(13, INK, HPos::Right, VPos::Center);
            write((low - room, middle), (-8, 0), canvas::cut(&row.name, MOST), name)?;
            let colour = canvas::colour(if row.is_open() { 7 } else { 0 });
            let (from, to) = row.interval;
            plotting.draw(&PathElement::new(vec![(from, middle), (to, middle)], colour.stroke_width(2)))?;
            for end in [from, to] {
                plotting.draw(&PathElement::new(vec![(end, middle - 4), (end, middle + 4)], colour.stroke_width(2)))?;
            }
            plotting.draw(&Circle::new((row.value, middle), 5, if row.is_open() { WHITE.filled() } else { colour.filled() }))?;
            plotting.draw(&Circle::new((row.value, middle), 5, colour.stroke_width(2)))?;
            let (at, beside, side) = if row.value < 0 { (from, -9, HPos::Right) } else { (to, 9, HPos::Left) };
            let label = canvas::text(11, INK, side, VPos::Center);
            write((at, middle), (beside, 0), unit.signed(row.value), label)?;
        }
        Ok(())
    }

    /// Says everything in words.
    fn in_words(&self) -> String {
        let unit = self.axis.unit;
        let mut words = format!("{} {}.", self.description, self.axis.label);
        for row in &self.rows {
            let (low, high) = row.interval;
            words.push_str(&format!(
                " {}: {} ({} to {}).",
                row.name,
                unit.signed(row.value),
                unit.signed(low),
                unit.signed(high)
            ));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Unit;

    fn picture(rows: Vec<DifferenceRow>) -> String {
        Differences {
            title: "Anställda".into(),
            description: "Fler eller färre.".into(),
            axis: Axis { label: "Anställda".into(), unit: Unit::Hundredths },
            rows,
        }
        .to_svg()
        .unwrap()
    }

    fn row(name: &str, value: i64, interval: (i64, i64)) -> DifferenceRow {
        DifferenceRow { name: name.into(), value, interval }
    }

    #[test]
    fn points_lie_on_their_side_of_zero_and_all_of_them_are_told() {
        let svg =
            picture(vec![row("fler", 1_234, (1_000, 1_500)), row("färre", -1_234, (-1_500, -1_000)), row("ingen", 0, (-10, 10))]);
        let centres: Vec<i32> = svg
            .lines()
            .filter(|line| line.starts_with("<circle"))
            .filter_map(|line| line.split("cx=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        let [more, _, less, _, none, _] = centres[..] else { panic!("{centres:?}") };
        assert!(less < none && none < more && ((more - none) - (none - less)).abs() <= 1, "{centres:?}");
        assert!(
            svg.contains("fler: +12.34 (+10.00 to +15.00). färre: -12.34 (-15.00 to -10.00). ingen: 0.00 (-0.10 to +0.10)."),
            "{svg}"
        );
    }

    #[test]
    fn nothing_and_no_difference_can_be_drawn() {
        assert!(picture(Vec::new()).ends_with("</svg>\n"));
        assert!(picture(vec![row("as it is", 0, (0, 0))]).contains("<circle"));
    }
}
