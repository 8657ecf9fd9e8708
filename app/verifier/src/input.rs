//! What is typed and scanned.

use app::domain::confirm::ShortCode;
use app::domain::form::FieldError;

/// What a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A short code whose check sign fits.
    Short(ShortCode),
    /// Everything else: a token, an address, or nothing of ours.
    Text(String),
}

/// Reads what a camera, a photo or a hand scanner gives.
pub fn scanned(text: &str) -> Input {
    match ShortCode::parse(text) {
        Ok(code) => Input::Short(code),
        Err(_) => Input::Text(text.trim().to_owned()),
    }
}

/// Reads the field for short codes, into which a hand scanner may have typed a whole address.
///
/// # Errors
/// It is empty, or as short as a short code and mistyped.
pub fn typed(text: &str) -> Result<Input, FieldError> {
    match ShortCode::parse(text) {
        Ok(code) => Ok(Input::Short(code)),
        Err(error) if text.trim().chars().count() <= 12 => Err(error),
        Err(_) => Ok(Input::Text(text.trim().to_owned())),
    }
}

/// More milliseconds between two signs than any scanner takes: a person is typing, or a new code begins.
const PAUSE_MS: f64 = 500.0;

/// The longest text that is kept; no code of ours is longer.
const LONGEST: usize = 1_024;

/// A hand scanner: it types a code like a keyboard, and ends with Enter.
#[derive(Debug, Default)]
pub struct HandScanner {
    text: String,
    last: f64,
}

impl HandScanner {
    /// Takes a key as the browser names it, pressed at `at` milliseconds. Gives the text when it is whole.
    pub fn key(&mut self, key: &str, code: &str, shift: bool, at: f64) -> Option<String> {
        if at - self.last > PAUSE_MS {
            self.text.clear();
        }
        self.last = at;
        if key == "Enter" || code == "Enter" || code == "NumpadEnter" {
            let text = std::mem::take(&mut self.text);
            return (text.chars().count() >= 4).then_some(text);
        }
        let mut signs = key.chars();
        let sign = match (signs.next(), signs.next()) {
            (Some(sign), None) if sign.is_ascii() => Some(sign),
            // A Chinese input method swallows the sign and leaves the place of the key.
            _ => sign_of(code, shift),
        };
        if let Some(sign) = sign.filter(|_| self.text.len() < LONGEST) {
            self.text.push(sign);
        }
        None
    }
}

/// The sign on a key of the keyboard that scanners imitate.
fn sign_of(code: &str, shift: bool) -> Option<char> {
    if let Some(letter) = code.strip_prefix("Key") {
        return letter.chars().next();
    }
    if let Some(digit) = code.strip_prefix("Digit").or_else(|| code.strip_prefix("Numpad")) {
        return digit.chars().next().filter(|sign| sign.is_ascii_digit() && !shift);
    }
    match (code, shift) {
        ("Slash", false) => Some('/'),
        ("Period", false) => Some('.'),
        ("Minus", false) => Some('-'),
        ("Semicolon", true) => Some(':'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use app::domain::form::{Prompt, Rule};

    use super::*;

    fn scan(scanner: &mut HandScanner, text: &str, at: f64, method: bool) -> Option<String> {
        for (nth, sign) in text.chars().enumerate() {
            let code = match sign {
                '/' => "Slash".to_owned(),
                ':' => "Semicolon".to_owned(),
                '.' => "Period".to_owned(),
                sign if sign.is_ascii_digit() => format!("Digit{sign}"),
                sign => format!("Key{}", sign.to_ascii_uppercase()),
            };
            let key = if method { "Process".to_owned() } else { sign.to_string() };
            assert_eq!(scanner.key(&key, &code, sign == ':', at + nth as f64 * 8.0), None);
        }
        scanner.key("Enter", "Enter", false, at + text.len() as f64 * 8.0)
    }

    #[test]
    fn a_hand_scanner_is_read_with_and_without_an_input_method() {
        let text = "HTTPS://XW.EXAMPLE.CN/V/2KCFKQ";
        let mut scanner = HandScanner::default();
        assert_eq!(scan(&mut scanner, text, 0.0, false).as_deref(), Some(text));
        assert_eq!(scan(&mut scanner, text, 5_000.0, true).as_deref(), Some(text));
    }

    #[test]
    fn what_a_person_types_in_between_is_forgotten() {
        let mut scanner = HandScanner::default();
        scanner.key("x", "KeyX", false, 0.0);
        scanner.key("Shift", "ShiftLeft", true, 10.0);
        assert_eq!(scan(&mut scanner, "ABCD", 1_000.0, false).as_deref(), Some("ABCD"));
        assert_eq!(scanner.key("Enter", "Enter", false, 9_000.0), None);
        assert_eq!(scan(&mut scanner, "AB", 10_000.0, false), None, "no code is that short");
    }

    #[test]
    fn a_short_code_is_told_from_an_address() {
        let code = ShortCode::from_random(77);
        assert_eq!(scanned(&code.shown().to_lowercase()), Input::Short(code.clone()));
        assert_eq!(typed(&code.shown()), Ok(Input::Short(code)));
        assert_eq!(typed(""), Err(Prompt::ShortCode.into()));
        assert_eq!(typed("0000-0001"), Err(Rule::ShortCodeMistyped.into()));
        // The page's own words are those of every other form.
        for text in ["", "0000-0001"] {
            let error = typed(text).unwrap_err();
            assert_eq!(app::text::verify::short_code_error(&error), app::text::errors::sentence(&error));
        }
        let address = "HTTPS://XW.EXAMPLE.CN/V/AAAA";
        assert_eq!(typed(address), Ok(Input::Text(address.to_owned())));
        assert_eq!(scanned(" {\"a\":1} "), Input::Text("{\"a\":1}".to_owned()));
    }
}
