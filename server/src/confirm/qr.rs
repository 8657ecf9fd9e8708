//! The QR code of a confirmation: drawn once, kept a while, sharp on a screen and on paper.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use anyhow::Context as _;
use qrcode::{Color, EcLevel, QrCode};
use quick_cache::sync::Cache;

/// How many modules of white lie around the code, which readers need to find it.
const QUIET: usize = 4;

/// What cheap receipt and label printers have: 8 dots a millimetre, called 203 dpi.
const DOTS_PER_MM: f64 = 8.0;

/// How wide the code itself is to be on paper, in dots: 3 cm.
const WANTED_DOTS: f64 = 30.0 * DOTS_PER_MM;

/// The fewest dots of a module on paper. Below that, a worn print head makes codes that nobody reads.
const LEAST_DOTS: usize = 4;

/// How many drawings are kept; about 10 KB each.
const KEPT: usize = 256;

/// Drawings of confirmations by their texts. A confirmation is asked for several times within minutes: page, slip, card.
static DRAWN: LazyLock<Cache<String, Arc<QrDrawing>>> = LazyLock::new(|| Cache::new(KEPT));

/// A drawn QR code.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct QrDrawing {
    modules: usize,
    path: String,
}

impl std::fmt::Debug for QrDrawing {
    // The drawing is as secret as its text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrDrawing({} modules, …)", self.modules)
    }
}

impl QrDrawing {
    /// Draws a text at level M. A text in upper case takes less room, since QR has a mode of its own for it.
    ///
    /// # Errors
    /// The text is too long for any QR code.
    pub(crate) fn of(text: &str) -> anyhow::Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).context("drawing a QR code")?;
        let modules = code.width();
        let colours = code.to_colors();
        let mut path = String::with_capacity(modules * modules * 4);
        for (y, row) in colours.chunks(modules).enumerate() {
            let mut x = 0;
            while x < modules {
                let dark = row[x..].iter().take_while(|colour| **colour == Color::Dark).count();
                if dark > 0 {
                    // One bar for neighbours: no seam between them, whatever the scale.
                    let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
                }
                x += dark.max(1);
            }
        }
        Ok(Self { modules, path })
    }

    /// How wide it is with its white border, in modules.
    pub(crate) fn side(&self) -> usize {
        self.modules + 2 * QUIET
    }

    /// The dark modules as the path of an SVG, one unit a module, the white border counted in.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// How many printer dots a module has on paper: a whole number, so that the code is as near to 3 cm as that allows.
    fn dots(&self) -> usize {
        // At most a few hundred: the cast loses nothing.
        ((WANTED_DOTS / self.modules as f64).round() as usize).max(LEAST_DOTS)
    }

    /// The code as an `<svg>` for a page: black on white in every mode. Its own width is that on paper; on a screen
    /// the stylesheet gives another.
    pub(crate) fn svg(&self) -> String {
        let (side, path) = (self.side(), &self.path);
        let millimetres = (side * self.dots()) as f64 / DOTS_PER_MM;
        format!(
            "<svg width=\"{millimetres}mm\" height=\"{millimetres}mm\" \
             viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
        )
    }
}

/// The drawing of a confirmation's text, perhaps one that was made before.
///
/// # Errors
/// The text is too long for any QR code.
pub(crate) fn qr_drawing(text: &str) -> anyhow::Result<Arc<QrDrawing>> {
    DRAWN.get_or_insert_with(text, || QrDrawing::of(text).map(Arc::new))
}

/// The drawing of a confirmation's text as an `<svg>`.
///
/// # Errors
/// The text is too long for any QR code.
pub(crate) fn qr_svg(text: &str) -> anyhow::Result<String> {
    Ok(qr_drawing(text)?.svg())
}

#[cfg(test)]
/// The QR version that a text needs at level M.
///
/// # Errors
/// The text is too long for any QR code.
pub(super) fn qr_version(text: &str) -> anyhow::Result<i16> {
    match QrCode::with_error_correction_level(text, EcLevel::M).context("drawing a QR code")?.version() {
        qrcode::Version::Normal(version) | qrcode::Version::Micro(version) => Ok(version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that needs `signs` signs of alphanumeric mode.
    fn text(signs: usize) -> String {
        format!("HTTPS://XW.EXAMPLE.CN/V/{}", "A".repeat(signs - 24))
    }

    #[test]
    fn a_module_is_whole_printer_dots_and_the_code_near_3_cm() {
        // The longest texts of versions 5 to 10 at level M.
        for (signs, modules, dots) in
            [(122, 37, 6), (154, 41, 6), (178, 45, 5), (221, 49, 5), (262, 53, 5), (311, 57, 4)]
        {
            let drawing = QrDrawing::of(&text(signs)).unwrap();
            assert_eq!((drawing.modules, drawing.dots()), (modules, dots), "{signs} signs");
            let code_mm = (modules * dots) as f64 / DOTS_PER_MM;
            assert!((code_mm - 30.0).abs() < 3.2, "{code_mm} mm");
            // With its border it fits the 384 dots of a 58 mm printer.
            assert!(drawing.side() * dots <= 384);
        }
        assert!(QrDrawing::of(&text(311)).unwrap().svg().contains("width=\"32.5mm\""));
    }

    #[test]
    fn the_path_draws_each_dark_module_once_and_keeps_the_border_white() {
        let text = text(300);
        let drawing = QrDrawing::of(&text).unwrap();
        let code = QrCode::with_error_correction_level(&text, EcLevel::M).unwrap();
        let mut painted = vec![Color::Light; drawing.modules * drawing.modules];
        for bar in drawing.path().split('M').skip(1) {
            let numbers: Vec<usize> = bar
                .split(|sign: char| !sign.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, width, 1, back] = numbers[..] else { panic!("{bar}") };
            assert_eq!(width, back);
            for at in x..x + width {
                let place = &mut painted[(y - QUIET) * drawing.modules + at - QUIET];
                assert_eq!(std::mem::replace(place, Color::Dark), Color::Light);
            }
        }
        assert!(painted == code.to_colors());
    }

    #[test]
    fn a_drawing_is_kept_and_tells_nothing_in_a_log() {
        let text = text(290);
        let first = qr_drawing(&text).unwrap();
        assert!(Arc::ptr_eq(&first, &qr_drawing(&text).unwrap()));
        assert_eq!(format!("{first:?}"), "QrDrawing(57 modules, …)");
        assert!(qr_drawing(&"A".repeat(5_000)).is_err());
    }
}
