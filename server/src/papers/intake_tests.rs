//! Files as they are and files as attackers make them.

use super::*;

const DAY: Date = jiff::civil::date(2026, 11, 26);

/// A picture with a red left half and a blue right half, as JPEG.
pub(crate) fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| {
        image::Rgb(if x < width / 2 { [200, 30, 30] } else { [30, 30, 200] })
    });
    jpeg(picture.as_raw(), (width, height), 90).unwrap()
}

/// The same with an EXIF block: how it was held, and where on earth (GPS latitude 31°30′).
pub(crate) fn with_exif(photo: &[u8], orientation: u16) -> Vec<u8> {
    let mut tiff: Vec<u8> = b"MM\0*\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let mut bytes = Vec::new();
        bytes.extend(tag.to_be_bytes());
        bytes.extend(kind.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(value);
        bytes
    };
    let [high, low] = orientation.to_be_bytes();
    // First directory at 8: orientation, and where the one on the place begins.
    tiff.extend(2_u16.to_be_bytes());
    tiff.extend(entry(0x0112, 3, 1, [high, low, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 38_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    // At 38: the latitude's letter and its value at 68.
    tiff.extend(2_u16.to_be_bytes());
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, 68_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    for part in [31_u32, 1, 30, 1, 0, 1] {
        tiff.extend(part.to_be_bytes());
    }
    tiff.extend(b"GPSCANARY");
    let mut segment = b"\xFF\xE1".to_vec();
    segment.extend(u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes());
    segment.extend(b"Exif\0\0");
    segment.extend(tiff);
    [&photo[..2], &segment, &photo[2..]].concat()
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The checksum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
        }
        sum
    })
}

/// A PNG that claims this size; its content is that of a picture of one pixel.
pub(crate) fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(&DynamicImage::new_luma8(1, 1));
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&file[12..29]);
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    file
}

fn read(file: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().into_rgb8()
}

/// Red, blue or neither, on the average of a region: the mark lies over single pixels.
fn colour(picture: &RgbImage, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> &'static str {
    let mut sum = [0_u64; 3];
    for (x, y) in x.flat_map(|x| y.clone().map(move |y| (x, y))) {
        for (sum, colour) in sum.iter_mut().zip(picture.get_pixel(x, y).0) {
            *sum += u64::from(colour);
        }
    }
    match sum {
        [red, _, blue] if red > 2 * blue => "red",
        [red, _, blue] if blue > 2 * red => "blue",
        _ => "neither",
    }
}

#[test]
fn a_photo_keeps_neither_place_nor_camera_nor_anything_else_of_its_file() {
    let file = with_exif(&photo(400, 300), 1);
    assert!(file.windows(9).any(|part| part == b"GPSCANARY"));
    let taken = take_in(&file, DAY).unwrap();
    for kept in [&taken.picture, &taken.small] {
        for trace in [&b"Exif"[..], b"GPSCANARY", b"\xFF\xE1", b"ICC_PROFILE", b"http://ns.adobe.com"] {
            assert!(!kept.windows(trace.len()).any(|part| part == trace), "{trace:?}");
        }
    }
}

#[test]
fn what_hides_behind_a_picture_is_not_kept() {
    let file = [photo(64, 64), b"PK\x03\x04<script>alert(1)</script>".to_vec()].concat();
    let taken = take_in(&file, DAY).unwrap();
    assert!(!taken.picture.windows(8).any(|part| part == b"<script>"));
}

#[test]
fn a_photo_is_turned_as_the_camera_was_held() {
    let file = photo(400, 300);
    let plain = read(&take_in(&file, DAY).unwrap().picture);
    assert_eq!((plain.dimensions(), colour(&plain, 0..150, 0..300)), ((400, 300), "red"));
    // 6: turned to the right to be looked at, so that what was left is on top.
    let turned = read(&take_in(&with_exif(&file, 6), DAY).unwrap().picture);
    assert_eq!(turned.dimensions(), (300, 400));
    assert_eq!(colour(&turned, 0..300, 0..150), "red");
    assert_eq!(colour(&turned, 0..300, 250..400), "blue");
    // 3: upside down.
    let over = read(&take_in(&with_exif(&file, 3), DAY).unwrap().picture);
    assert_eq!(colour(&over, 250..400, 0..300), "red");
}

#[test]
fn a_photo_is_marked_and_made_smaller() {
    let white = RgbImage::from_pixel(3_000, 1_000, image::Rgb([255, 255, 255]));
    let taken = take_in(&jpeg(white.as_raw(), (3_000, 1_000), 90).unwrap(), DAY).unwrap();
    let kept = read(&taken.picture);
    assert_eq!(kept.dimensions(), (2_400, 800));
    let dark = kept.pixels().filter(|pixel| pixel.0[0] < 230).count();
    assert!(dark > 20_000, "the mark is seen: {dark}");
    assert!(kept.pixels().all(|pixel| pixel.0[0] > 140), "and what lies beneath stays readable");
    assert_eq!(read(&taken.small).dimensions(), (320, 107));
}

#[test]
fn pictures_of_screens_and_of_newer_telephones_are_taken_too() {
    let see_through = DynamicImage::new_rgba8(300, 200);
    let kept = read(&take_in(&png(&see_through), DAY).unwrap().picture);
    let white = kept.pixels().filter(|pixel| pixel.0[0] > 240).count();
    assert!(white > 300 * 200 / 2, "a transparent ground is paper, not ink: {white}");
    let mut webp = Cursor::new(Vec::new());
    see_through.write_to(&mut webp, ImageFormat::WebP).unwrap();
    assert!(take_in(&webp.into_inner(), DAY).is_ok());
    for grey in
        [DynamicImage::new_luma8(50, 50), DynamicImage::new_luma16(50, 50), DynamicImage::new_rgba16(50, 50)]
    {
        assert!(take_in(&png(&grey), DAY).is_ok());
    }
}

#[test]
fn an_empty_file_a_renamed_executable_and_a_page_named_jpg_are_no_photos() {
    assert_eq!(take_in(b"", DAY), Err(PhotoError::Empty));
    for file in [
        &b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0"[..],
        b"\x7fELF\x02\x01\x01\0",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"GIF89a\x01\0\x01\0",
        b"%PDF-1.7",
        b"PK\x03\x04",
    ] {
        assert_eq!(take_in(file, DAY), Err(PhotoError::NotAPhoto));
    }
}

#[test]
fn a_page_that_begins_like_a_photo_does_not_open() {
    for head in [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"] {
        let file = [head, b"<!doctype html><script>alert(1)</script>"].concat();
        assert_eq!(take_in(&file, DAY), Err(PhotoError::Unreadable), "{head:?}");
    }
}

#[test]
fn a_picture_of_30_000_pixels_is_refused_by_its_head() {
    assert_eq!(take_in(&claiming(30_000, 30_000), DAY), Err(PhotoError::TooManyPixels));
    assert_eq!(take_in(&claiming(30_000, 1), DAY), Err(PhotoError::TooManyPixels));
    assert_eq!(take_in(&claiming(u32::MAX >> 1, 1), DAY), Err(PhotoError::TooManyPixels));
    // Each side within its limit, all of it not.
    assert_eq!(take_in(&claiming(11_000, 11_000), DAY), Err(PhotoError::TooManyPixels));
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_blown_up() {
    // All of it is there: a hundred million pixels in some hundred kilobytes.
    let file = png(&DynamicImage::new_luma8(10_000, 10_000));
    assert!(file.len() < 1_000_000, "{}", file.len());
    assert_eq!(take_in(&file, DAY), Err(PhotoError::TooManyPixels));
    // And one that claims less than it holds.
    let mut file = png(&DynamicImage::new_luma8(4_000, 4_000));
    file[16..24].copy_from_slice(&[0, 0, 0, 8, 0, 0, 0, 8]);
    let sum = crc(&file[12..29]);
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    let kept = take_in(&file, DAY);
    assert!(
        kept.as_ref().is_ok_and(|taken| taken.picture.len() < 10_000) || kept == Err(PhotoError::Unreadable),
        "{kept:?}"
    );
}

#[test]
fn a_photo_that_was_cut_off_is_refused_wherever_it_was() {
    let file = with_exif(&photo(320, 240), 6);
    assert!(take_in(&file, DAY).is_ok());
    for length in
        [3, 20, 60, file.len() / 4, file.len() / 2, file.len() - 100, file.len() - 2, file.len() - 1]
    {
        assert_eq!(take_in(&file[..length], DAY), Err(PhotoError::Unreadable), "{length}");
    }
    let file = png(&DynamicImage::new_rgb8(200, 200));
    assert_eq!(take_in(&file[..file.len() / 2], DAY), Err(PhotoError::Unreadable));
}

#[test]
fn damaged_photos_never_bring_the_reader_down() {
    let file = with_exif(&photo(160, 120), 6);
    for at in (2..file.len()).step_by(7) {
        let mut damaged = file.clone();
        damaged[at] ^= 0x55;
        // Whatever it says of it.
        let _ = take_in(&damaged, DAY);
    }
}
