//! What residents and staff read about photos of papers.

use crate::domain::papers::{OTHER, PhotoError};

/// The sentence beside a photo that was not taken.
pub fn photo_error(error: PhotoError) -> &'static str {
    match error {
        PhotoError::Missing => "请选一张照片，也可以现在拍一张",
        PhotoError::Empty => "这个文件是空的，请重新拍一张，或者另选一张",
        PhotoError::TooLarge => "照片太大了，请选 15 MB 以内的，或者在相机里把画质调低再拍",
        PhotoError::NotAPhoto => "这个文件不是照片，请选 JPG、PNG 或 WebP 格式的照片",
        PhotoError::TooManyPixels => "照片的像素太多，打开会很慢，请用手机相机直接拍一张",
        PhotoError::Unreadable => "照片打不开，可能没有传完整，请再交一次，或者重新拍一张",
        PhotoError::TooMany => "一份申请最多 20 张照片，已经满了，还有要交的请带到街道窗口",
    }
}

/// The name of a paper.
pub fn paper_name(kind: &str) -> &str {
    if kind == OTHER { "其他材料" } else { kind }
}

/// 「350 KB」, 「1.2 MB」, on one line.
pub fn size(bytes: i64) -> String {
    let kib = (bytes.max(0) + 1023) / 1024;
    if kib < 1000 {
        return format!("{kib}\u{a0}KB");
    }
    let tenths = (kib * 10 + 512) / 1024;
    format!("{}.{}\u{a0}MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_telephones_write_them() {
        assert_eq!(size(1), "1\u{a0}KB");
        assert_eq!(size(358_400), "350\u{a0}KB");
        assert_eq!(size(1_258_291), "1.2\u{a0}MB");
        assert_eq!(size(12 * 1024 * 1024), "12.0\u{a0}MB");
    }

    #[test]
    fn the_limit_in_the_sentence_is_the_limit() {
        let max = format!("{} MB", crate::domain::papers::MAX_BYTES / 1024 / 1024);
        assert!(photo_error(PhotoError::TooLarge).contains(&max));
        let most = format!("最多 {} 张", crate::domain::papers::MAX_OF_CASE);
        assert!(photo_error(PhotoError::TooMany).contains(&most));
    }
}
