//! Line plots as SVG text, to stand within a page.

use plotters::prelude::*;

use crate::error::BenchError;

/// A line.
pub(super) struct Line<'a> {
    /// What it is.
    pub name: &'a str,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// Colours that are told apart without colour sight too (Okabe and Ito).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
];

/// A plot of lines over the same axis. Where `logarithmic`, both axes are.
pub(super) fn lines(
    (x_name, y_name): (&str, &str),
    all: &[Line<'_>],
    logarithmic: bool,
) -> Result<String, BenchError> {
    let mut svg = String::new();
    draw(&mut svg, (x_name, y_name), all, logarithmic)
        .map_err(|error| BenchError::Plot(error.to_string()))?;
    Ok(svg)
}

fn draw(
    svg: &mut String,
    (x_name, y_name): (&str, &str),
    all: &[Line<'_>],
    logarithmic: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let points = || all.iter().flat_map(|line| line.points.iter());
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let (right, top) = (
        most(&mut points().map(|point| point.0)).max(1e-3),
        most(&mut points().map(|point| point.1)).max(1e-3) * 1.35,
    );
    let root = SVGBackend::with_string(svg, (860, 230)).into_drawing_area();
    let mut builder = ChartBuilder::on(&root);
    builder
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(62);
    if logarithmic {
        let least = |values: &mut dyn Iterator<Item = f64>| {
            values
                .filter(|value| *value > 0.0)
                .fold(f64::INFINITY, f64::min)
        };
        let left = least(&mut points().map(|point| point.0)).min(right / 2.0);
        let bottom = least(&mut points().map(|point| point.1)).min(top / 2.0) * 0.8;
        let mut chart =
            builder.build_cartesian_2d((left..right).log_scale(), (bottom..top).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(x_name)
            .y_desc(y_name)
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        for (line, colour) in all.iter().zip(COLOURS.iter().cycle()) {
            let positive = line
                .points
                .iter()
                .filter(|point| point.0 > 0.0 && point.1 > 0.0);
            chart
                .draw_series(LineSeries::new(positive.copied(), colour.stroke_width(2)))?
                .label(line.name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 14, y)], colour.stroke_width(2))
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .draw()?;
    } else {
        let mut chart = builder.build_cartesian_2d(0.0..right, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc(x_name)
            .y_desc(y_name)
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.15))
            .draw()?;
        for (line, colour) in all.iter().zip(COLOURS.iter().cycle()) {
            chart
                .draw_series(LineSeries::new(
                    line.points.iter().copied(),
                    colour.stroke_width(2),
                ))?
                .label(line.name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 14, y)], colour.stroke_width(2))
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .draw()?;
    }
    root.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_lines_can_be_drawn() {
        let line = |points: &[(f64, f64)]| Line {
            name: "a < b",
            points: points.to_vec(),
        };
        for points in [&[][..], &[(0.0, 0.0)], &[(1.0, 5.0), (2.0, 1e9)]] {
            for logarithmic in [false, true] {
                let svg = lines(("s", "ms"), &[line(points)], logarithmic).unwrap();
                assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
                assert!(!svg.contains("a < b"), "text is escaped");
            }
        }
    }
}
