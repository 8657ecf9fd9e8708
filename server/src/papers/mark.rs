//! The mark across a picture: 「仅用于社会救助申请」 and the day, so that a copy is of no use elsewhere.

use anyhow::Context as _;
use jiff::civil::Date;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::confirm::{FAMILY, card_fonts};

/// What every picture says.
pub(super) const MARK: &str = "仅用于社会救助申请";

/// One piece of the pattern, in units of a picture of 2,400 pixels.
const TILE: (f32, f32) = (820.0, 560.0);

/// Draws the mark over the pixels of a picture (three bytes each), slanted and light: what lies beneath stays readable,
/// on dark ground and on light.
///
/// # Errors
/// The pattern can't be drawn.
pub(super) fn draw(pixels: &mut [u8], (width, height): (u32, u32), day: Date) -> anyhow::Result<()> {
    // On a small picture at least as large as can be read.
    let scale = (width.max(height) as f32 / 2_400.0).max(0.25);
    let tile = tile(scale, day)?;
    let (across, down) = (tile.width() as usize, tile.height() as usize);
    let row_bytes = width as usize * 3;
    for (y, row) in pixels.chunks_exact_mut(row_bytes.max(1)).enumerate() {
        // Every second row of pieces is shifted by half of one.
        let shift = if (y / down) % 2 == 0 { 0 } else { across / 2 };
        let marks = &tile.data()[(y % down) * across * 4..][..across * 4];
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let at = (x + shift) % across * 4;
            let left = 255 - u32::from(marks[at + 3]);
            if left == 255 {
                continue;
            }
            for (colour, mark) in pixel.iter_mut().zip(&marks[at..at + 3]) {
                // The pattern's colours are multiplied with their opacity already.
                *colour = (u32::from(*mark) + u32::from(*colour) * left / 255).min(255) as u8;
            }
        }
    }
    Ok(())
}

fn tile(scale: f32, day: Date) -> anyhow::Result<Pixmap> {
    let (width, height) = TILE;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"{FAMILY}\">\
         <g transform=\"rotate(-26 410 280)\" text-anchor=\"middle\" fill=\"#000\" fill-opacity=\"0.26\" stroke=\"#fff\" \
         stroke-opacity=\"0.3\" stroke-width=\"3\" paint-order=\"stroke\">\
         <text x=\"410\" y=\"272\" font-size=\"64\">{MARK}</text>\
         <text x=\"410\" y=\"340\" font-size=\"46\">{day}</text></g></svg>"
    );
    let options = Options { font_family: FAMILY.to_owned(), fontdb: card_fonts(), ..Options::default() };
    let tree = Tree::from_str(&svg, &options).context("drawing the mark of a picture")?;
    let side = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut pixels = Pixmap::new(side(width), side(height)).context("drawing the mark of a picture")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_every_sign_of_the_mark() {
        assert!(crate::confirm::can_write(MARK) && crate::confirm::can_write("0123456789-"));
    }

    #[test]
    fn the_mark_is_seen_on_dark_and_on_light_and_leaves_most_as_it_was() {
        for ground in [0_u8, 128, 255] {
            let mut pixels = vec![ground; 600 * 400 * 3];
            draw(&mut pixels, (600, 400), jiff::civil::date(2026, 11, 26)).unwrap();
            let changed = pixels.iter().filter(|colour| colour.abs_diff(ground) > 12).count();
            let share = changed as f64 / pixels.len() as f64;
            assert!((0.01..0.35).contains(&share), "{share} on {ground}");
            assert!(
                pixels.iter().all(|colour| colour.abs_diff(ground) < 110),
                "what lies beneath stays readable"
            );
        }
    }
}
