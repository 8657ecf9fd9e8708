//! Text that a person writes in their own words.

use super::form::{FieldError, Prompt};
use super::normalise;

/// Reads several lines of free text. Line ends become LF, so that browser and server count the same.
///
/// # Errors
/// Missing (with the given prompt), shorter than `min` or longer than `max` characters.
pub fn paragraph(text: &str, prompt: Prompt, min: usize, max: usize) -> Result<String, FieldError> {
    within(normalise::multi_line(text), prompt, min, max)
}

/// Reads one line of free text, such as an address.
///
/// # Errors
/// As [`paragraph`].
pub fn line(text: &str, prompt: Prompt, min: usize, max: usize) -> Result<String, FieldError> {
    within(normalise::single_line(text), prompt, min, max)
}

/// Reads one line that is cited as it stands, such as a document's number: full-width brackets stay what they are.
///
/// # Errors
/// As [`paragraph`].
pub fn cited(text: &str, prompt: Prompt, min: usize, max: usize) -> Result<String, FieldError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    within(words.join(" "), prompt, min, max)
}

fn within(text: String, prompt: Prompt, min: usize, max: usize) -> Result<String, FieldError> {
    if text.is_empty() {
        return Err(prompt.into());
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(FieldError::Unreadable);
    }
    if text.chars().filter(|c| !c.is_whitespace()).count() < min {
        return Err(FieldError::TooShort { min });
    }
    if text.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_and_server_count_the_same_line_ends() {
        let with_crlf = paragraph("一\r\n二", Prompt::WhatHappened, 2, 3);
        assert_eq!(with_crlf, Ok("一\n二".into()));
    }

    #[test]
    fn white_space_alone_is_missing_and_too_little_says_how_much() {
        assert_eq!(
            paragraph(" \r\n\u{3000}", Prompt::WhatHappened, 2, 9),
            Err(FieldError::Missing(Prompt::WhatHappened))
        );
        assert_eq!(line("一", Prompt::AddressDetail, 2, 9), Err(FieldError::TooShort { min: 2 }));
        assert_eq!(line("一二三", Prompt::AddressDetail, 1, 2), Err(FieldError::TooLong { max: 2 }));
    }

    #[test]
    fn what_is_cited_keeps_its_brackets() {
        let number = " 锡民发〔2026〕1号（试行）\u{3000}第二条\r\n";
        let cited = cited(number, Prompt::StandardDocument, 3, 60);
        assert_eq!(cited, Ok("锡民发〔2026〕1号（试行） 第二条".into()));
    }

    #[test]
    fn a_character_beyond_the_bmp_counts_once() {
        assert_eq!(line("𠮷𠮷", Prompt::AddressDetail, 2, 2), Ok("𠮷𠮷".into()));
    }
}
