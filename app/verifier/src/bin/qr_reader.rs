//! Finds QR codes in a picture, for browsers without a `BarcodeDetector` that knows them.

/// The module is called from outside.
fn main() {}

/// The texts of the QR codes in a picture of `width` × `height`, given as red, green, blue, opacity for each point.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn read(width: u32, height: u32, points: &[u8]) -> Vec<String> {
    let (width, height) = (width as usize, height as usize);
    if points.len() != width * height * 4 {
        return Vec::new();
    }
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let at = (y * width + x) * 4;
        let [red, green, blue] = [points[at], points[at + 1], points[at + 2]].map(u32::from);
        // The eye's own weights, in 256ths.
        ((red * 77 + green * 150 + blue * 29) >> 8) as u8
    });
    picture.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
