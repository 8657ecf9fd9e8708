//! The QR code of a confirmation, as SVG.

use anyhow::Context as _;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Draws a text as a QR code at level M: black on white in every mode, one unit a module, four units of quiet
/// zone. The text is upper case, so QR's alphanumeric mode carries it.
///
/// # Errors
/// The text is too long for any QR code.
pub(crate) fn qr_svg(text: &str) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).context("drawing a QR code")?;
    let svg = code
        .render::<svg::Color<'_>>()
        .module_dimensions(1, 1)
        .quiet_zone(true)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // The XML declaration has no place inside HTML.
    let at = svg.find("<svg").context("drawing a QR code")?;
    Ok(svg[at..].to_owned())
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
