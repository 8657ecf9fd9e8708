//! Photos of papers: which papers may be asked for, and which pictures are taken.

use super::aid::catalogue::{AidItem, Paper};
use super::form::{FieldError, FormErrors, Prompt};

/// The largest file, in bytes: what a telephone's camera makes, and some more.
pub const MAX_BYTES: usize = 15 * 1024 * 1024;

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 12_000;

/// The most pixels of a picture: those of a telephone's finest setting. A file of a few kilobytes can claim billions.
pub const MAX_PIXELS: u64 = 50_000_000;

/// So many photos belong to one application.
pub const MAX_OF_CASE: u16 = 20;

/// A paper that the catalogue does not name.
pub const OTHER: &str = "other";

/// What a file is, by its first bytes. Its name and what the browser calls it decide nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// A photo.
    Jpeg,
    /// A picture of a screen, mostly.
    Png,
    /// A photo of newer telephones.
    WebP,
}

impl PictureFormat {
    /// The format; `None` for what is no picture of ours.
    pub fn of(file: &[u8]) -> Option<Self> {
        if file.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if file.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }
}

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// None was chosen.
    #[error("no file")]
    Missing,
    /// It has no content.
    #[error("an empty file")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("too large")]
    TooLarge,
    /// Another kind of file.
    #[error("not a photo")]
    NotAPhoto,
    /// More than [`MAX_SIDE`] or [`MAX_PIXELS`].
    #[error("too many pixels")]
    TooManyPixels,
    /// Damaged, or cut off on its way.
    #[error("unreadable")]
    Unreadable,
    /// The application has [`MAX_OF_CASE`].
    #[error("too many photos")]
    TooMany,
}

/// The papers of an item that may be asked for: never one that the offices can look up themselves (社会救助法 62).
pub fn askable(item: &AidItem) -> impl Iterator<Item = &Paper> {
    item.papers.iter().filter(|paper| !paper.obtainable_by_check)
}

/// What a photo is sent with, as it came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperForm {
    /// The name of a paper in the catalogue, or [`OTHER`].
    pub kind: String,
}

/// Judges a photo and what it is said to be, all at once. `photo` is the judgement of the file.
///
/// # Errors
/// Everything that is wrong, in page order.
pub fn parse<T>(
    form: &PaperForm,
    photo: Result<T, PhotoError>,
    item: &AidItem,
) -> Result<(String, T), FormErrors> {
    let mut errors = FormErrors::default();
    let kind = errors.keep("kind", kind(&form.kind, item));
    let photo = errors.keep("photo", photo);
    match (kind, photo) {
        (Some(kind), Some(photo)) => Ok((kind, photo)),
        _ => Err(errors),
    }
}

fn kind(typed: &str, item: &AidItem) -> Result<String, FieldError> {
    match typed {
        "" => Err(Prompt::PaperKind.into()),
        kind if kind == OTHER || askable(item).any(|paper| paper.name == kind) => Ok(kind.to_owned()),
        _ => Err(FieldError::NotOffered),
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::domain::aid::catalogue::Catalogue;

    fn item() -> AidItem {
        let paper = |name: &str, obtainable: bool| {
            format!(
                "[[papers]]\nname = \"{name}\"\nhint = \"\"\nobtainable_by_check = {obtainable}\nrequired = false\nsource = \"x\"\n"
            )
        };
        let text = format!(
            "name = \"示例\"\nsummary = \"示例。\"\ngroup = \"living\"\norder = 1\napplied_for = \"counter\"\n\
             apply_at = \"街道\"\n{}{}",
            paper("诊断书", false),
            paper("存款证明", true)
        );
        Catalogue::read([("example.toml", &*text)]).unwrap().item("example").unwrap().clone()
    }

    fn judged(kind: &str, photo: Result<(), PhotoError>) -> Result<String, Vec<(String, FieldError)>> {
        let form = PaperForm { kind: kind.into() };
        parse(&form, photo, &item()).map(|(kind, ())| kind).map_err(|errors| {
            errors.iter().map(|e| (e.field.clone().into_owned(), e.error.clone())).collect()
        })
    }

    #[test]
    fn social_assistance_law_62_what_a_check_can_obtain_is_neither_offered_nor_taken() {
        assert_eq!(askable(&item()).map(|paper| paper.name.clone()).collect::<Vec<_>>(), ["诊断书"]);
        assert_eq!(judged("诊断书", Ok(())).as_deref(), Ok("诊断书"));
        assert_eq!(judged(OTHER, Ok(())).as_deref(), Ok(OTHER));
        for other in ["存款证明", "房产证"] {
            assert_eq!(judged(other, Ok(())), Err(vec![("kind".into(), FieldError::NotOffered)]));
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = judged("", Err(PhotoError::Missing)).unwrap_err();
        assert_eq!(
            wrong,
            [
                ("kind".to_owned(), Prompt::PaperKind.into()),
                ("photo".to_owned(), FieldError::Photo(PhotoError::Missing))
            ]
        );
    }

    #[test]
    fn the_first_bytes_decide() {
        assert_eq!(PictureFormat::of(&[0xFF, 0xD8, 0xFF, 0xE0]), Some(PictureFormat::Jpeg));
        assert_eq!(PictureFormat::of(b"\x89PNG\r\n\x1a\n...."), Some(PictureFormat::Png));
        assert_eq!(PictureFormat::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(PictureFormat::WebP));
        for other in [
            &b"MZ\x90\0"[..],
            b"\x7fELF",
            b"<!doctype html>",
            b"GIF89a",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"RIFF",
            b"",
        ] {
            assert_eq!(PictureFormat::of(other), None);
        }
    }
}
