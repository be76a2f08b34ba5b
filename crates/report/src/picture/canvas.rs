//! What all pictures have in common: title, legend, description, colours, texts.

use std::io;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordu64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::PictureError;
use crate::xml::Escaped;

/// Whatever is drawn upon, and what may go wrong with that.
pub(super) type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

/// A chart in which both axes have whole numbers.
pub(super) type Chart<'a, 's> = ChartContext<'a, SVGBackend<'s>, Cartesian2d<RangedCoordu64, RangedCoordu64>>;

/// How wide every picture is; how high it is depends on what it shows.
pub(super) const WIDTH: u32 = 900;
/// The room around everything.
pub(super) const MARGIN: i32 = 20;
/// How high a line of text is.
pub(super) const LINE: i32 = 20;

/// The colours of series, parts and lines: those of Okabe and Ito, the most different first.
const PALETTE: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xf0, 0xe4, 0x42),
    RGBColor(0x44, 0x44, 0x44),
];

pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub(super) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);

/// Returns the colour of a series; from the ninth on they come back, each time halfway to white.
pub(super) fn colour(number: usize) -> RGBColor {
    let RGBColor(red, green, blue) = PALETTE[number % PALETTE.len()];
    let lighter = |tone: u8| (0..number / PALETTE.len()).fold(tone, |tone, _| tone + (u8::MAX - tone) / 2);
    RGBColor(lighter(red), lighter(green), lighter(blue))
}

/// Returns black or white: what can be read on a colour.
pub(super) fn readable_on(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    // The weights of luminance, in thousandths.
    let luminance = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    if luminance > 140_000 { INK } else { WHITE }
}

/// Returns the style of a text of so many pixels.
pub(super) fn text(pixels: u32, colour: RGBColor, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    // The backend divides by this.
    ("sans-serif", f64::from(pixels) * 1.24).into_font().color(&colour).pos(Pos::new(horizontal, vertical))
}

/// Writes a text so many pixels from a point of a chart.
pub(super) fn write(chart: &Chart<'_, '_>, at: (u64, u64), beside: (i32, i32), text: String, style: TextStyle<'_>) -> Drawn {
    chart.plotting_area().draw(&(EmptyElement::at(at) + Text::new(text, beside, style)))
}

/// Draws the marker of a line: a circle, a square, a triangle in turn, so that lines can be told apart without colour.
pub(super) fn mark(area: &Area<'_>, (x, y): (i32, i32), number: usize) -> Drawn {
    let fill = colour(number).filled();
    match number % 3 {
        0 => area.draw(&Circle::new((x, y), 4, fill)),
        1 => area.draw(&Rectangle::new([(x - 4, y - 4), (x + 4, y + 4)], fill)),
        _ => area.draw(&TriangleMarker::new((x, y), 6, fill)),
    }
}

/// Returns about how wide a text of 13 pixels is: a little more than most are.
pub(super) fn width(text: &str) -> i32 {
    text.chars().count() as i32 * 15 / 2
}

/// Returns a text, cut if it has more characters than there is room for.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// What stands beside a name in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A square of the colour.
    Square,
    /// The marker of the line.
    Marker,
}

/// The frame of a picture: what stands above it, and what is said of it.
pub(super) struct Frame<'p> {
    pub(super) title: &'p str,
    pub(super) description: String,
    /// The names of series, parts or lines, in the order of the colours.
    pub(super) legend: Vec<&'p str>,
    pub(super) swatch: Swatch,
    /// How high what is framed is.
    pub(super) height: u32,
}

impl Frame<'_> {
    /// Draws the frame, and within it whatever `paint` draws on the area it is given.
    pub(super) fn draw(&self, paint: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, PictureError> {
        let entries = self.legend_entries();
        let legend_lines = entries.last().map_or(0, |&(_, line, _)| line + 1);
        let top = MARGIN + LINE + 10 + legend_lines * LINE + 10;
        let size = (WIDTH, top.unsigned_abs() + self.height);
        let mut svg = String::new();
        let draw = || -> Drawn {
            let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            root.fill(&WHITE)?;
            let heading = text(18, INK, HPos::Left, VPos::Top);
            root.draw(&Text::new(cut(self.title, 90), (MARGIN, MARGIN), heading))?;
            for (number, (left, line, name)) in entries.iter().enumerate() {
                let middle = MARGIN + LINE + 10 + line * LINE + LINE / 2;
                match self.swatch {
                    Swatch::Square => {
                        let corners = [(*left, middle - 6), (left + 12, middle + 6)];
                        root.draw(&Rectangle::new(corners, colour(number).filled()))?;
                    }
                    Swatch::Marker => mark(&root, (left + 6, middle), number)?,
                }
                root.draw(&Text::new(name.clone(), (left + 18, middle), text(13, INK, HPos::Left, VPos::Center)))?;
            }
            let (_, body) = root.split_vertically(top);
            paint(&body)?;
            root.present()
        };
        draw().map_err(|error| PictureError::Drawing(Box::new(error)))?;
        Ok(self.described(&svg))
    }

    /// Returns where each entry of the legend stands: from the left, and in which line.
    fn legend_entries(&self) -> Vec<(i32, i32, String)> {
        let mut entries = Vec::new();
        let (mut left, mut line) = (MARGIN, 0);
        for name in &self.legend {
            let name = cut(name, 60);
            let wide = 18 + width(&name) + 16;
            if left > MARGIN && left + wide > WIDTH as i32 - MARGIN {
                (left, line) = (MARGIN, line + 1);
            }
            entries.push((left, line, name));
            left += wide;
        }
        entries
    }

    /// Puts title and description where screen readers look for them.
    fn described(&self, svg: &str) -> String {
        let (start, body) = svg.split_once(">\n").unwrap_or((svg, ""));
        let start = start.replacen("<svg", "<svg role=\"img\"", 1);
        format!("{start}>\n<title>{}</title>\n<desc>{}</desc>\n{body}", Escaped(self.title), Escaped(&self.description))
    }
}
