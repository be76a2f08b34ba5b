//! Histograms of whole numbers, as a picture in SVG.

use std::fmt::{self, Display, Formatter};

use crate::xml::Escaped;

/// A histogram of whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// What is shown.
    pub title: String,
    /// Each number that came out and how often, ascending.
    pub counts: Vec<(u32, u32)>,
    /// A number to set beside, such as a published one.
    pub mark: Option<u32>,
}

/// Histograms side by side, under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistogramRow {
    /// What they have in common.
    pub heading: String,
    /// The histograms.
    pub panels: Vec<Histogram>,
}

/// The size of a panel, the room around it, and that of a heading.
const WIDTH: u32 = 280;
const HEIGHT: u32 = 110;
const GAP: u32 = 40;
const HEADING: u32 = 26;
const MARGIN: u32 = 24;

/// The most bars in a panel, and the fewest numbers that one shows.
const BARS: u32 = 40;
const NUMBERS: u32 = 9;

/// Draws histograms row by row. Each panel has its own scale; a mark is a red line with its number.
pub fn histograms(title: &str, description: &str, rows: &[HistogramRow]) -> String {
    let columns = rows.iter().map(|row| row.panels.len()).max().unwrap_or(0) as u32;
    let width = 2 * MARGIN + columns.max(1) * (WIDTH + GAP) - GAP;
    let row_height = HEADING + HEIGHT + 2 * GAP;
    let height = 2 * MARGIN + HEADING + rows.len() as u32 * row_height;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <title>{title}</title>\n<desc>{description}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{MARGIN}\" y=\"{baseline}\" font-size=\"18\" font-weight=\"bold\">{title}</text>\n",
        title = Escaped(title),
        description = Escaped(description),
        baseline = MARGIN + 8,
    );
    let tops = (0..).map(|row| MARGIN + HEADING + row * row_height);
    for (row, top) in rows.iter().zip(tops) {
        let baseline = top + 16;
        svg.push_str(&format!(
            "<text x=\"{MARGIN}\" y=\"{baseline}\" font-size=\"14\" font-weight=\"bold\">{}</text>\n",
            Escaped(&row.heading)
        ));
        let lefts = (0..).map(|column| MARGIN + column * (WIDTH + GAP));
        for (panel, left) in row.panels.iter().zip(lefts) {
            svg.push_str(&format!("<g transform=\"translate({left} {})\">\n{}</g>\n", top + HEADING + GAP / 2, Drawn(panel)));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A panel, drawn.
struct Drawn<'p>(&'p Histogram);

impl Display for Drawn<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Histogram { title, counts, mark } = self.0;
        writeln!(f, "<text x=\"0\" y=\"-6\">{}</text>", Escaped(title))?;
        let numbers = || counts.iter().map(|&(number, _)| number).chain(*mark);
        let (Some(least), Some(most)) = (numbers().min(), numbers().max()) else { return Ok(()) };
        let least = least.saturating_sub((NUMBERS - 1).saturating_sub(most - least) / 2);
        let most = most.max(least + NUMBERS - 1);
        // Numbers from `least` on, `bin` to a bar, so many bars.
        let bin = (most - least + 1).div_ceil(BARS);
        let bars = (most - least) / bin + 1;
        let mut heights = vec![0_u32; bars as usize];
        for &(number, count) in counts {
            heights[((number - least) / bin) as usize] += count;
        }
        let tallest = heights.iter().copied().max().unwrap_or(0).max(1);
        // In thousandths of a pixel, so that no floating-point number decides a byte.
        let x = |bar: u32| Thousandths(u64::from(bar) * u64::from(WIDTH) * 1_000 / u64::from(bars));
        let bar_width = Thousandths((u64::from(WIDTH) * 1_000 / u64::from(bars)).saturating_sub(1_000).max(500));
        for (bar, &count) in (0..).zip(&heights).filter(|(_, count)| **count > 0) {
            let height = u64::from(count) * u64::from(HEIGHT) * 1_000 / u64::from(tallest);
            let top = Thousandths(u64::from(HEIGHT) * 1_000 - height);
            let (from, to) = (least + bar * bin, least + (bar + 1) * bin - 1);
            let range = if from == to { from.to_string() } else { format!("{from} to {to}") };
            writeln!(
                f,
                "<rect x=\"{}\" y=\"{top}\" width=\"{bar_width}\" height=\"{}\" fill=\"#4878a8\"><title>{range}: {count}</title></rect>",
                x(bar),
                Thousandths(height),
            )?;
        }
        writeln!(f, "<path d=\"M0 {HEIGHT}H{WIDTH}\" stroke=\"#888\"/>")?;
        let label = HEIGHT + 15;
        writeln!(f, "<text x=\"0\" y=\"{label}\">{least}</text>")?;
        writeln!(f, "<text x=\"{WIDTH}\" y=\"{label}\" text-anchor=\"end\">{most}</text>")?;
        if let Some(mark) = mark {
            let middle = (u64::from(mark - least) * 2 + 1) * u64::from(WIDTH) * 500 / (u64::from(bars) * u64::from(bin));
            let at = Thousandths(middle);
            writeln!(f, "<path d=\"M{at} 0V{HEIGHT}\" stroke=\"#b22\" stroke-width=\"2\"/>")?;
            let label = HEIGHT + 30;
            writeln!(f, "<text x=\"{at}\" y=\"{label}\" text-anchor=\"middle\" fill=\"#b22\">{mark}</text>")?;
        }
        Ok(())
    }
}

/// A number of thousandths, written with three decimals.
struct Thousandths(u64);

impl Display for Thousandths {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(counts: Vec<(u32, u32)>, mark: Option<u32>) -> String {
        let panel = Histogram { title: "offers < 10 & more".to_owned(), counts, mark };
        histograms("A & B", "", &[HistogramRow { heading: "both".to_owned(), panels: vec![panel] }])
    }

    #[test]
    fn bars_are_as_tall_as_counts_and_the_mark_stands_where_it_is() {
        let svg = draw(vec![(10, 1), (11, 4), (19, 2)], Some(12));
        // Ten numbers of 28 pixels; 12 has no bar, and its middle is at 70.
        for part in [
            "<rect x=\"0.000\" y=\"82.500\" width=\"27.000\" height=\"27.500\"",
            "<rect x=\"28.000\" y=\"0.000\" width=\"27.000\" height=\"110.000\"",
            "<rect x=\"252.000\" y=\"55.000\"",
            "<path d=\"M70.000 0V110\"",
            "<title>11: 4</title>",
            "offers &lt; 10 &amp; more",
            "<title>A &amp; B</title>",
        ] {
            assert!(svg.contains(part), "{part} is not in\n{svg}");
        }
        assert_eq!(svg.matches("fill=\"#4878a8\"").count(), 3);
    }

    #[test]
    fn wide_ranges_are_put_together_and_nothing_is_lost() {
        let svg = draw((0..1_000).map(|number| (number, 1)).collect(), None);
        assert_eq!(svg.matches("fill=\"#4878a8\"").count(), 40);
        assert!(svg.contains("<title>0 to 24: 25</title>") && svg.contains("<title>975 to 999: 25</title>"), "{svg}");
    }

    #[test]
    fn nothing_and_one_number_can_be_drawn() {
        assert!(!draw(Vec::new(), None).contains("<path"));
        assert!(draw(vec![(7, 1_000)], Some(7)).contains("<path d=\"M140.000 0V110\""));
    }
}
