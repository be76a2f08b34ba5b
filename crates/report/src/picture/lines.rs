//! Lines over numbers, with bands around them.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{self, Area, Chart, Drawn, Frame, GRID, INK, LINE, MARGIN, Swatch};
use super::{Axis, PictureError};

/// Lines over numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChart {
    /// What stands above.
    pub title: String,
    /// What is said to those who cannot see it; the numbers are added.
    pub description: String,
    /// What is varied.
    pub x: Axis,
    /// What comes of it.
    pub y: Axis,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<LinePoint>,
}

/// A point of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinePoint {
    /// What was varied.
    pub x: u32,
    /// What came of it.
    pub y: u32,
    /// Where the band around the line begins and ends here.
    pub band: Option<(u32, u32)>,
}

/// How high the chart is, with its axes.
const HEIGHT: u32 = 480;
/// The room for the labels of the axes.
const BELOW: u32 = 56;
const BESIDE: u32 = 84;

impl LineChart {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PictureError> {
        let frame = Frame {
            title: &self.title,
            description: self.in_words(),
            legend: if self.lines.len() > 1 { self.lines.iter().map(|line| &*line.name).collect() } else { Vec::new() },
            swatch: Swatch::Marker,
            height: HEIGHT,
        };
        frame.draw(|area| self.paint(area))
    }

    fn points(&self) -> impl Iterator<Item = &LinePoint> {
        self.lines.iter().flat_map(|line| &line.points)
    }

    fn paint(&self, area: &Area<'_>) -> Drawn {
        let (first, last) = (self.points().map(|p| p.x).min().unwrap_or(0), self.points().map(|p| p.x).max().unwrap_or(0));
        let most = self.points().map(|p| p.band.map_or(p.y, |(_, high)| high.max(p.y))).max().unwrap_or(0);
        // A single number is in the middle of an axis.
        let (from, to) = if first == last { (first.saturating_sub(1), last.saturating_add(1)) } else { (first, last) };
        let mut chart = ChartBuilder::on(area)
            .margin_left(MARGIN)
            .margin_right(MARGIN + 20)
            .margin_top(LINE / 2)
            .x_label_area_size(BELOW)
            .y_label_area_size(BESIDE)
            .build_cartesian_2d(u64::from(from)..u64::from(to), 0..self.y.unit.end(most))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(INK)
            .set_all_tick_mark_size(5)
            .x_labels(11)
            .y_labels(11)
            .x_label_style(canvas::text(12, INK, HPos::Center, VPos::Top))
            .y_label_style(canvas::text(12, INK, HPos::Right, VPos::Center))
            .x_label_formatter(&|value| self.x.unit.tick(*value))
            .y_label_formatter(&|value| self.y.unit.tick(*value))
            .axis_desc_style(canvas::text(13, INK, HPos::Center, VPos::Bottom))
            .x_desc(canvas::cut(&self.x.label, 90))
            .y_desc(canvas::cut(&self.y.label, 60))
            .draw()?;
        // The bands first, so that no line is under one.
        self.lines.iter().enumerate().try_for_each(|(number, line)| draw_band(&chart, line, canvas::colour(number)))?;
        self.lines.iter().enumerate().try_for_each(|(number, line)| draw_line(area, &chart, line, number))
    }

    /// Says everything in words.
    fn in_words(&self) -> String {
        let mut words = format!("{} {} by {}.", self.description, self.y.label, self.x.label);
        for line in &self.lines {
            let told = line.points.iter().map(|point| {
                let show = |value| self.y.unit.show(value);
                let band = point.band.map(|(low, high)| format!(" ({} to {})", show(low), show(high))).unwrap_or_default();
                format!("{}: {}{band}", self.x.unit.show(point.x), show(point.y))
            });
            words.push_str(&format!(" {}: {}.", line.name, told.collect::<Vec<_>>().join("; ")));
        }
        words
    }
}

fn at(x: u32, y: u32) -> (u64, u64) {
    (u64::from(x), u64::from(y))
}

/// Draws the band around a line, in pieces where some points have none.
fn draw_band(chart: &Chart<'_, '_>, line: &Line, colour: RGBColor) -> Drawn {
    for piece in line.points.split(|point| point.band.is_none()) {
        let ends = || piece.iter().filter_map(|point| Some((point.x, point.band?)));
        let above = ends().map(|(x, (_, high))| at(x, high));
        let below = ends().rev().map(|(x, (low, _))| at(x, low));
        let outline: Vec<_> = above.chain(below).collect();
        if piece.len() > 1 {
            chart.plotting_area().draw(&Polygon::new(outline, colour.mix(0.2)))?;
        } else if !outline.is_empty() {
            chart.plotting_area().draw(&PathElement::new(outline, colour))?;
        }
    }
    Ok(())
}

/// Draws a line with its markers.
fn draw_line(area: &Area<'_>, chart: &Chart<'_, '_>, line: &Line, number: usize) -> Drawn {
    let points: Vec<_> = line.points.iter().map(|point| at(point.x, point.y)).collect();
    if points.len() > 1 {
        chart.plotting_area().draw(&PathElement::new(points.clone(), canvas::colour(number).stroke_width(2)))?;
    }
    let (left, top) = area.get_base_pixel();
    points.iter().try_for_each(|point| {
        let (x, y) = chart.plotting_area().map_coordinate(point);
        canvas::mark(area, (x - left, y - top), number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Unit;

    fn picture(lines: Vec<Line>) -> String {
        LineChart {
            title: "Hur många erbjudanden".into(),
            description: "Risken för fler ja än platser.".into(),
            x: Axis { label: "Erbjudanden".into(), unit: Unit::Count },
            y: Axis { label: "Risk, %".into(), unit: Unit::Thousandths },
            lines,
        }
        .to_svg()
        .unwrap()
    }

    fn line(name: &str, points: &[LinePoint]) -> Line {
        Line { name: name.into(), points: points.to_vec() }
    }

    fn point(x: u32, y: u32, band: Option<(u32, u32)>) -> LinePoint {
        LinePoint { x, y, band }
    }

    #[test]
    fn each_line_has_its_band_and_its_own_marker() {
        let svg = picture(vec![
            line("Åtta", &[point(600, 10, Some((5, 15))), point(620, 50, Some((40, 60))), point(640, 200, None)]),
            line("två", &[point(600, 20, None), point(640, 400, None)]),
        ]);
        let count = |tag: &str| svg.lines().filter(|line| line.starts_with(tag)).count();
        assert_eq!((count("<circle"), count("<polygon")), (3 + 1, 1), "the legend has one circle too: {svg}");
        assert!(svg.contains("Åtta: 600: 1.0 % (0.5 % to 1.5 %); 620: 5.0 % (4.0 % to 6.0 %); 640: 20.0 %."), "{svg}");
    }

    #[test]
    fn nothing_and_one_point_can_be_drawn() {
        assert!(picture(Vec::new()).ends_with("</svg>\n"));
        assert!(picture(vec![line("one", &[point(7, 0, Some((0, 0)))])]).contains("<circle"));
    }
}
