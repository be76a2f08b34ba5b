//! Numbers over two things that are varied: a field of squares, the darker the more.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{self, Area, Drawn, Frame, INK, LINE, MARGIN, Swatch, WIDTH};
use super::{PictureError, Unit};

/// Numbers over two things that are varied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatMap {
    /// What stands above.
    pub title: String,
    /// What is said to those who cannot see it; the numbers are added.
    pub description: String,
    /// What is varied from left to right, and its levels.
    pub columns: (String, Vec<String>),
    /// What is varied from above, and its levels.
    pub rows: (String, Vec<String>),
    /// What the numbers stand for.
    pub unit: Unit,
    /// The numbers, row by row.
    pub values: Vec<u32>,
}

/// How high a square is.
const HIGH: i32 = 34;
/// How wide a square is at most.
const WIDE: i32 = 110;
/// How narrow a square may be that has its number in it.
const READABLE: i32 = 44;
/// The most characters of a level that are shown.
const MOST: usize = 30;

impl HeatMap {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PictureError> {
        let frame = Frame {
            title: &self.title,
            description: self.in_words(),
            legend: Vec::new(),
            swatch: Swatch::Square,
            height: (self.rows.1.len() as i32 * HIGH + 3 * LINE + MARGIN).unsigned_abs(),
        };
        frame.draw(|area| self.paint(area))
    }

    fn paint(&self, area: &Area<'_>) -> Drawn {
        let names = self.rows.1.iter().map(String::as_str).chain([&*self.rows.0]);
        let beside = MARGIN + names.map(|name| canvas::width(&canvas::cut(name, MOST))).max().unwrap_or(0) + 8;
        let columns = self.columns.1.len().max(1) as i32;
        let wide = ((WIDTH as i32 - beside - MARGIN) / columns).clamp(1, WIDE);
        let top = 2 * LINE;
        let write = |at: (i32, i32), text: &str, most: i32, style: TextStyle<'_>| {
            area.draw(&Text::new(canvas::cut(text, (most * 2 / 15).unsigned_abs().max(2) as usize), at, style))
        };
        let heading = canvas::text(13, INK, HPos::Left, VPos::Center);
        write((beside, LINE / 2), &self.columns.0, WIDTH as i32 - beside, heading)?;
        write((beside - 8, LINE / 2), &self.rows.0, beside, canvas::text(13, INK, HPos::Right, VPos::Center))?;
        if wide >= READABLE / 2 {
            for (name, column) in self.columns.1.iter().zip(0..) {
                let middle = (beside + column * wide + wide / 2, LINE + LINE / 2);
                write(middle, name, wide, canvas::text(12, INK, HPos::Center, VPos::Center))?;
            }
        }
        let (least, most) = (self.values.iter().min().copied().unwrap_or(0), self.values.iter().max().copied().unwrap_or(0));
        let lines = self.values.chunks(self.columns.1.len().max(1));
        for ((name, values), row) in self.rows.1.iter().zip(lines).zip(0..) {
            let above = top + row * HIGH;
            write((beside - 8, above + HIGH / 2), name, beside, canvas::text(13, INK, HPos::Right, VPos::Center))?;
            for (&value, column) in values.iter().zip(0..) {
                let left = beside + column * wide;
                let fill = shade(value, least, most);
                area.draw(&Rectangle::new([(left, above), (left + wide - 1, above + HIGH - 1)], fill.filled()))?;
                if wide >= READABLE {
                    let style = canvas::text(12, canvas::readable_on(fill), HPos::Center, VPos::Center);
                    write((left + wide / 2, above + HIGH / 2), &self.unit.show(value), wide, style)?;
                }
            }
        }
        Ok(())
    }

    /// Says everything in words.
    fn in_words(&self) -> String {
        let mut words = format!("{} {} by {} and {}.", self.description, self.title, self.rows.0, self.columns.0);
        for (row, values) in self.rows.1.iter().zip(self.values.chunks(self.columns.1.len().max(1))) {
            let told = self.columns.1.iter().zip(values).map(|(column, &value)| format!("{column}: {}", self.unit.show(value)));
            words.push_str(&format!(" {row}: {}.", told.collect::<Vec<_>>().join("; ")));
        }
        words
    }
}

/// Returns a colour from nearly white, for the least, to blue, for the most.
fn shade(value: u32, least: u32, most: u32) -> RGBColor {
    const LIGHT: [u8; 3] = [0xe8, 0xf1, 0xf8];
    const DARK: [u8; 3] = [0x00, 0x58, 0x8a];
    let span = u64::from(most - least).max(1);
    let part = u64::from(value.clamp(least, most) - least);
    let tone = |at: usize| ((u64::from(LIGHT[at]) * (span - part) + u64::from(DARK[at]) * part) / span) as u8;
    RGBColor(tone(0), tone(1), tone(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(columns: usize, rows: usize, values: Vec<u32>) -> String {
        let levels = |count: usize| (1..=count).map(|level| level.to_string()).collect();
        HeatMap {
            title: "Hired".into(),
            description: "Means.".into(),
            columns: ("Platser".into(), levels(columns)),
            rows: ("Årskullar".into(), levels(rows)),
            unit: Unit::Count,
            values,
        }
        .to_svg()
        .unwrap()
    }

    #[test]
    fn more_is_darker_and_all_numbers_are_told() {
        let svg = picture(2, 2, vec![100, 200, 300, 400]);
        assert!(svg.contains("#E8F1F8") && svg.contains("#00588A"), "{svg}");
        assert!(svg.contains("1: 1: 100; 2: 200. 2: 1: 300; 2: 400."), "{svg}");
    }

    #[test]
    fn nothing_equal_and_very_much_can_be_drawn() {
        assert!(picture(0, 0, Vec::new()).ends_with("</svg>\n"));
        assert!(picture(1, 1, vec![7]).contains("1: 7."));
        assert!(picture(100, 10, vec![u32::MAX; 1_000]).ends_with("</svg>\n"));
    }
}
