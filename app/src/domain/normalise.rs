//! Puts what a hand or an input method typed into one form, before any rule looks at it.

/// One line: full-width ASCII (！–～, U+3000) becomes half-width, white space runs become one space, control
/// characters and invisible marks go, the ends are trimmed.
pub fn single_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible(c)) {
        if c.is_whitespace() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !c.is_control() {
            line.push(half_width(c));
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Several lines: every line end becomes LF, since browsers send CRLF, and the ends are trimmed. Nothing else
/// changes; a rule that refuses control characters still sees them.
pub fn multi_line(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\r', "\n")
}

/// A number as it is compared and stored: [`single_line`] without inner spaces and hyphens of any kind, because
/// people copy numbers in groups of four. Letters stay as they are.
pub fn digits(text: &str) -> String {
    let mut number = single_line(text);
    number.retain(|c| c != ' ' && !is_hyphen(c));
    number
}

/// Marks that a copied text brings along and nobody sees: zero-width and direction marks, soft hyphen, BOM.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The hyphens, dashes and minus signs that keyboards give between the parts of a number.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}')
}

/// The half-width twin of a full-width ASCII character.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn single_line_trims_full_width_spaces_and_joins_lines() {
        assert_eq!(single_line("\u{3000} 旺庄路\r\n  １２号 \t３０１室\u{3000}"), "旺庄路 12号 301室");
    }

    #[test]
    fn single_line_drops_control_characters_and_invisible_marks() {
        assert_eq!(single_line("\u{feff}新\u{0}光\u{200b}社\u{202e}区\u{7f}"), "新光社区");
    }

    #[test]
    fn full_width_ascii_becomes_half_width() {
        assert_eq!(single_line("！～Ｘｘ０９"), "!~Xx09");
    }

    #[test]
    fn multi_line_keeps_newlines() {
        assert_eq!(multi_line("  第一行\r\n第二行\r第三行\n"), "第一行\n第二行\n第三行");
    }

    #[test]
    fn digits_drops_spaces_and_hyphens_of_all_kinds() {
        assert_eq!(digits(" 6222－0232 0000–000—0011 "), "6222023200000000011");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let line = single_line(&text);
            prop_assert_eq!(single_line(&line), line);
            let number = digits(&text);
            prop_assert_eq!(digits(&number), number);
            let lines = multi_line(&text);
            prop_assert!(!lines.contains('\r'));
            prop_assert_eq!(multi_line(&lines), lines);
        }
    }
}
