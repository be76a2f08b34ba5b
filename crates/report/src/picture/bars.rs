//! Bars in groups, lying, so that names of any length stand beside them.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{self, Area, Chart, Drawn, Frame, GRID, INK, LINE, MARGIN, Swatch, WIDTH};
use super::{Axis, PictureError, Unit};

/// Bars in groups: of each group a bar for each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupedBars {
    /// What stands above.
    pub title: String,
    /// What is said to those who cannot see it; the numbers are added.
    pub description: String,
    /// What the bars measure.
    pub axis: Axis,
    /// The names of the series.
    pub series: Vec<String>,
    /// The groups, from above.
    pub groups: Vec<BarGroup>,
    /// A line across all groups, such as the whole's number, and what it is.
    pub mark: Option<(u32, String)>,
}

/// A group of bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarGroup {
    /// What stands beside it.
    pub name: String,
    /// A bar for each series, in their order; nothing where there is none to show.
    pub bars: Vec<Option<Bar>>,
}

/// A bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// How long it is.
    pub value: u32,
    /// The ends of its interval, drawn as whiskers.
    pub interval: Option<(u32, u32)>,
}

/// How high a bar is, and the room between groups.
pub(super) const THICK: u32 = 16;
pub(super) const GAP: u32 = 12;
/// The room below for the axis.
pub(super) const BELOW: u32 = 50;
/// The most characters of a name that are shown.
const MOST: usize = 38;

impl GroupedBars {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PictureError> {
        let plot = self.plot_height();
        let frame = Frame {
            title: &self.title,
            description: self.in_words(),
            legend: if self.series.len() > 1 { self.series.iter().map(String::as_str).collect() } else { Vec::new() },
            swatch: Swatch::Square,
            height: LINE as u32 + plot + BELOW,
        };
        frame.draw(|area| self.paint(area, plot))
    }

    fn group_height(&self) -> u32 {
        self.series.len() as u32 * THICK + GAP
    }

    fn plot_height(&self) -> u32 {
        (self.groups.len() as u32 * self.group_height()).max(GAP)
    }

    fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.groups.iter().flat_map(|group| group.bars.iter().take(self.series.len()).flatten())
    }

    fn paint(&self, area: &Area<'_>, plot: u32) -> Drawn {
        let most = self.bars().map(|bar| bar.interval.map_or(bar.value, |(_, high)| high.max(bar.value))).max().unwrap_or(0);
        let end = self.axis.unit.end(most.max(self.mark.as_ref().map_or(0, |(value, _)| *value)));
        let names = self.groups.iter().map(|group| canvas::cut(&group.name, MOST));
        let beside = names.map(|name| canvas::width(&name)).max().unwrap_or(0) + MARGIN;
        let rows = RowChart { end, unit: self.axis.unit, label: &self.axis.label, beside, plot };
        let chart = rows.draw(area)?;
        let chart_area = chart.plotting_area();
        // Under the bars, so that it crosses no number.
        if let Some((value, name)) = &self.mark {
            let value = u64::from(*value);
            let line = [(value, 0), (value, u64::from(plot))];
            chart_area.draw(&PathElement::new(line.to_vec(), INK))?;
            let style = canvas::text(12, INK, HPos::Center, VPos::Bottom);
            canvas::write(&chart, (value, u64::from(plot)), (0, -4), canvas::cut(name, 60), style)?;
        }
        for (group, top) in self.groups.iter().zip((0..).map(|row| row * self.group_height())) {
            let middle = top + self.group_height() / 2;
            rows.name(&chart, middle, &group.name)?;
            for (number, bar) in group.bars.iter().take(self.series.len()).enumerate() {
                let top = top + GAP / 2 + number as u32 * THICK;
                let middle = rows.height_of(top + THICK / 2 - 1);
                let style = canvas::text(11, INK, HPos::Left, VPos::Center);
                let Some(bar) = bar else {
                    canvas::write(&chart, (0, middle), (5, 0), "–".to_owned(), style)?;
                    continue;
                };
                let (above, below) = (rows.height_of(top), rows.height_of(top + THICK - 2));
                let value = u64::from(bar.value);
                chart_area.draw(&Rectangle::new([(0, above), (value, below)], canvas::colour(number).filled()))?;
                let mut label_at = value;
                if let Some((low, high)) = bar.interval {
                    let (low, high) = (u64::from(low), u64::from(high));
                    label_at = label_at.max(high);
                    let line = |from, to| PathElement::new(vec![from, to], INK);
                    chart_area.draw(&line((low, middle), (high, middle)))?;
                    for end in [low, high] {
                        chart_area.draw(&line((end, middle + 3), (end, middle.saturating_sub(3))))?;
                    }
                }
                canvas::write(&chart, (label_at, middle), (5, 0), self.axis.unit.show(bar.value), style)?;
            }
        }
        Ok(())
    }

    /// Says everything in words.
    fn in_words(&self) -> String {
        let unit = self.axis.unit;
        let mut words = format!("{} {}.", self.description, self.axis.label);
        for group in &self.groups {
            for (series, bar) in self.series.iter().zip(&group.bars) {
                let told = bar.map_or("not shown".to_owned(), |bar| {
                    let (value, plain) = (unit.show(bar.value), |value| unit.show(value).replace(" %", ""));
                    let interval = bar.interval.map(|(low, high)| format!(" ({} to {})", plain(low), unit.show(high)));
                    value + &interval.unwrap_or_default()
                });
                words.push_str(&format!(" {}, {series}: {told}.", group.name));
            }
        }
        if let Some((value, name)) = &self.mark {
            words.push_str(&format!(" {name}: {}.", unit.show(*value)));
        }
        words
    }
}

/// A chart of lying bars: numbers to the right, rows from above.
pub(super) struct RowChart<'l> {
    /// Where the axis ends.
    pub(super) end: u64,
    pub(super) unit: Unit,
    pub(super) label: &'l str,
    /// How wide the names beside the bars are.
    pub(super) beside: i32,
    /// How high it is, in pixels.
    pub(super) plot: u32,
}

impl RowChart<'_> {
    /// Draws axis and grid; the second co-ordinate of what is drawn into it counts pixels from below.
    pub(super) fn draw<'a, 's>(&self, area: &'a Area<'s>) -> Result<Chart<'a, 's>, DrawingAreaErrorKind<std::io::Error>> {
        let mut chart = ChartBuilder::on(area)
            .margin_left(self.beside + 8)
            .margin_right(MARGIN + 40)
            .margin_top(LINE)
            .x_label_area_size(BELOW)
            .build_cartesian_2d(0..self.end, 0..u64::from(self.plot))?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(INK)
            .set_tick_mark_size(LabelAreaPosition::Bottom, 5)
            .x_labels(if WIDTH as i32 - self.beside > 500 { 11 } else { 6 })
            .x_label_style(canvas::text(12, INK, HPos::Center, VPos::Top))
            .x_label_formatter(&|value| self.unit.tick(*value))
            .axis_desc_style(canvas::text(13, INK, HPos::Center, VPos::Bottom))
            .x_desc(canvas::cut(self.label, 90))
            .draw()?;
        Ok(chart)
    }

    /// Returns how high a pixel is that is counted from above.
    pub(super) fn height_of(&self, from_above: u32) -> u64 {
        u64::from(self.plot - from_above.min(self.plot))
    }

    /// Writes the name of the row with this middle, to the left of where it begins.
    pub(super) fn name(&self, chart: &Chart<'_, '_>, middle: u32, name: &str) -> Drawn {
        let style = canvas::text(13, INK, HPos::Right, VPos::Center);
        canvas::write(chart, (0, self.height_of(middle)), (-8, 0), canvas::cut(name, MOST), style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(groups: Vec<BarGroup>) -> GroupedBars {
        GroupedBars {
            title: "Flickor & pojkar".into(),
            description: "Hur många.".into(),
            axis: Axis { label: "Antal".into(), unit: Unit::Count },
            series: vec!["före".into(), "efter <urval>".into()],
            groups,
            mark: None,
        }
    }

    fn bar(value: u32) -> Bar {
        Bar { value, interval: None }
    }

    /// Returns the widths of the bars of a series.
    fn widths(svg: &str, colour: &str) -> Vec<i32> {
        let rects = svg.lines().filter(|line| line.starts_with("<rect") && line.contains(colour));
        let width = |line: &str| line.split("width=\"").nth(1)?.split('"').next()?.parse().ok();
        rects.filter_map(width).collect()
    }

    #[test]
    fn bars_are_as_long_as_their_numbers_and_all_of_them_are_told() {
        let group = |name: &str, bars| BarGroup { name: name.into(), bars };
        let svg = picture(vec![group("Åsö", vec![Some(bar(100)), Some(bar(25))]), group("Ängby", vec![Some(bar(50)), None])])
            .to_svg()
            .unwrap();
        let [blue, orange] = ["#0072B2", "#E69F00"].map(|colour| widths(&svg, colour));
        // The first of each is the square of the legend.
        assert_eq!((blue[0], blue[1] / 2, orange.len()), (12, blue[2], 2), "{blue:?} {orange:?}");
        assert_eq!(blue[1] / 4, orange[1]);
        for part in [
            "<title>Flickor &amp; pojkar</title>",
            "Åsö, före: 100. Åsö, efter &lt;urval&gt;: 25.",
            "Ängby, efter &lt;urval&gt;: not shown.",
        ] {
            assert!(svg.contains(part), "{part} is not in\n{svg}");
        }
    }

    #[test]
    fn whiskers_are_where_the_interval_ends() {
        let interval = Some((40, 60));
        let svg = picture(vec![BarGroup { name: "A".into(), bars: vec![Some(Bar { value: 50, interval })] }]).to_svg().unwrap();
        let lines = svg.lines().filter_map(|line| line.split("points=\"").nth(1)?.split(" \"").next());
        let numbers = |line: &str| line.split([',', ' ']).map(|number| number.parse().unwrap()).collect::<Vec<i32>>();
        let lines: Vec<Vec<i32>> = lines.map(numbers).collect();
        let bar = widths(&svg, "#0072B2")[1];
        // The axis is drawn first; the whisker goes from four to six fifths of the bar.
        let start = lines[0][0];
        let (low, high) = (start + bar * 4 / 5, start + bar * 6 / 5);
        let is_whisker = |line: &&Vec<i32>| (line[0] - low).abs() < 2 && (line[2] - high).abs() < 2 && line[1] == line[3];
        let is_end_at =
            |at: i32| lines.iter().any(|line| (line[0] - at).abs() < 2 && line[0] == line[2] && line[3] - line[1] == 6);
        assert_eq!(lines.iter().filter(is_whisker).count(), 1, "{lines:?}");
        assert!(is_end_at(low) && is_end_at(high), "{lines:?}");
        assert!(svg.contains("A, före: 50 (40 to 60)."), "{svg}");
    }

    #[test]
    fn nothing_and_very_much_can_be_drawn() {
        assert!(picture(Vec::new()).to_svg().unwrap().ends_with("</svg>\n"));
        let name = "x".repeat(500);
        let svg = picture(vec![BarGroup { name, bars: vec![Some(bar(u32::MAX)), Some(bar(0))] }]).to_svg().unwrap();
        assert!(svg.contains("4 294 967 295"));
    }
}
