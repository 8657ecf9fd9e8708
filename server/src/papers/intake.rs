//! A file becomes a picture of ours: judged by its first bytes and its size before anything is decoded, decoded within
//! limits, turned upright, made smaller, marked, and written anew, so that nothing of the file itself is kept: no place
//! and no camera, and nothing hidden behind the picture.

use std::io::Cursor;

use app::domain::papers::{MAX_PIXELS, MAX_SIDE, PhotoError, PictureFormat};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits,
    RgbImage,
};
use jiff::civil::Date;

use super::mark;

/// The long side of what is kept: a sheet of A4 stays readable to its small print.
const LONG_SIDE: u32 = 2_400;

/// The long side of the small picture.
const SMALL_SIDE: u32 = 320;

/// What a decoder may allocate: 50 million pixels of four bytes, and as much as it needs besides.
const MAX_ALLOC: u64 = 320 * 1024 * 1024;

/// A photo as it is kept, before it is sealed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    /// JPEG, to read.
    pub(crate) picture: Vec<u8>,
    /// JPEG, for a list.
    pub(crate) small: Vec<u8>,
}

impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Taken({} bytes, {} small)", self.picture.len(), self.small.len())
    }
}

/// Judges a file and draws it anew. It takes up to seconds: call it where no other request waits for it.
///
/// # Errors
/// See [`PhotoError`].
pub(super) fn take_in(file: &[u8], day: Date) -> Result<Taken, PhotoError> {
    if file.is_empty() {
        return Err(PhotoError::Empty);
    }
    let format = PictureFormat::of(file).ok_or(PhotoError::NotAPhoto)?;
    if format == PictureFormat::Jpeg && !ends(file) {
        return Err(PhotoError::Unreadable);
    }
    let picture = upright(file, format)?;
    let picture = on_white(&shrunk(picture));
    let (width, height) = picture.dimensions();
    let mut pixels = picture.into_raw();
    mark::draw(&mut pixels, (width, height), day).map_err(|cause| {
        tracing::error!(%cause, "the mark of a photo could not be drawn");
        PhotoError::Unreadable
    })?;
    let whole = jpeg(&pixels, (width, height), 82)?;
    // What has just been read came from its own pixels.
    let marked = RgbImage::from_raw(width, height, pixels).ok_or(PhotoError::Unreadable)?;
    let small = DynamicImage::ImageRgb8(marked).thumbnail(SMALL_SIDE, SMALL_SIDE).into_rgb8();
    let size = small.dimensions();
    Ok(Taken { picture: whole, small: jpeg(small.as_raw(), size, 72)? })
}

/// Whether a JPEG file has its end. Decoders fill what is missing with grey; half a paper is none.
fn ends(file: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let Some(rest) = file.get(at..) else { return false };
        // To the next marker: within a scan, 00 and D0 to D7 behind FF are content.
        let Some(found) =
            rest.windows(2).position(|two| two[0] == 0xFF && !matches!(two[1], 0 | 0xFF | 0xD0..=0xD7))
        else {
            return false;
        };
        if rest[found + 1] == 0xD9 {
            return true;
        }
        at += found + 2;
        // Every other marker tells its length; a thumbnail inside has an end of its own, which is passed over.
        let Some(length) = file.get(at..at + 2) else { return false };
        at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
    }
}

fn refused(cause: &ImageError) -> PhotoError {
    match cause {
        ImageError::Limits(_) => PhotoError::TooManyPixels,
        _ => PhotoError::Unreadable,
    }
}

/// The decoded picture as the camera held it.
fn upright(file: &[u8], format: PictureFormat) -> Result<DynamicImage, PhotoError> {
    let format = match format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::WebP => ImageFormat::WebP,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    // Reads the head alone.
    let mut decoder = reader.into_decoder().map_err(|cause| refused(&cause))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PhotoError::Unreadable);
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC {
        return Err(PhotoError::TooManyPixels);
    }
    // A photo with a damaged note of how it was held is a photo all the same.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|cause| refused(&cause))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Not larger than what is kept. Far larger ones are averaged first, which needs no second picture of their size.
fn shrunk(picture: DynamicImage) -> DynamicImage {
    let long = picture.width().max(picture.height());
    if long <= LONG_SIDE {
        return picture;
    }
    let near = if long > 2 * LONG_SIDE { picture.thumbnail(2 * LONG_SIDE, 2 * LONG_SIDE) } else { picture };
    near.resize(LONG_SIDE, LONG_SIDE, FilterType::Triangle)
}

/// Without what shines through: a transparent ground becomes paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let from = picture.to_rgba8();
    let (width, height) = from.dimensions();
    let mut to = RgbImage::new(width, height);
    for (from, to) in from.pixels().zip(to.pixels_mut()) {
        let alpha = u32::from(from.0[3]);
        for (colour, to) in from.0.iter().zip(to.0.iter_mut()) {
            *to = ((u32::from(*colour) * alpha + 255 * (255 - alpha)) / 255) as u8;
        }
    }
    to
}

fn jpeg(pixels: &[u8], (width, height): (u32, u32), quality: u8) -> Result<Vec<u8>, PhotoError> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode(pixels, width, height, ExtendedColorType::Rgb8)
        .map_err(|cause| refused(&cause))?;
    Ok(file)
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
