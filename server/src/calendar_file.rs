//! A day as a calendar file (RFC 5545), for the calendar of a telephone.

use app::domain::time::Instant;
use jiff::civil::Date;

/// The most bytes of a line; a longer one goes on in the next, behind a space.
const LINE: usize = 75;

/// A day to note.
#[derive(Debug)]
pub(crate) struct CalendarDay<'a> {
    /// The same each time, so that a second import changes the first.
    pub(crate) uid: &'a str,
    /// The day.
    pub(crate) day: Date,
    /// What is on that day.
    pub(crate) summary: &'a str,
    /// More about it.
    pub(crate) description: &'a str,
    /// Where it can be read.
    pub(crate) url: &'a str,
}

impl CalendarDay<'_> {
    /// The file. The day is a whole one and keeps nobody busy.
    pub(crate) fn file(&self, now: Instant) -> String {
        let stamp = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ");
        let next = self.day.tomorrow().unwrap_or(self.day);
        let lines = [
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//zhangshangban//confirmation//ZH".to_owned(),
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", escaped(self.uid)),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", self.day.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")),
            format!("SUMMARY:{}", escaped(self.summary)),
            format!("DESCRIPTION:{}", escaped(self.description)),
            format!("URL:{}", self.url),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
            "END:VCALENDAR".to_owned(),
        ];
        lines.iter().map(|line| folded(line)).collect()
    }
}

/// A text as it stands in a value.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => escaped.extend(['\\', sign]),
            '\n' => escaped.push_str("\\n"),
            // A line must not end within a value.
            sign if sign.is_control() => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// A line with its end, parted so that no part is too long and no sign is cut.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut bytes = 0;
    for sign in line.chars() {
        if bytes + sign.len_utf8() > LINE {
            folded.push_str("\r\n ");
            bytes = 1;
        }
        folded.push(sign);
        bytes += sign.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(description: &str) -> String {
        CalendarDay {
            uid: "LS261123483920-latest-day@xw.example.cn",
            day: jiff::civil::date(2026, 12, 31),
            summary: "最晚答复；A,B",
            description,
            url: "https://xw.example.cn/confirm/LS261123483920",
        }
        .file(Instant(1_795_000_000_000))
    }

    #[test]
    fn a_day_is_a_whole_one_and_ends_on_the_next() {
        let file = file("一行\n二行");
        assert!(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), "{file}");
        assert!(file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{file}");
        assert!(file.contains("\r\nDTSTAMP:20261118T110640Z\r\n"), "{file}");
        assert!(file.contains("\r\nDTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{file}");
        assert!(file.contains("\r\nSUMMARY:最晚答复；A\\,B\r\n"), "{file}");
        assert!(file.contains("\r\nDESCRIPTION:一行\\n二行\r\n"), "{file}");
    }

    #[test]
    fn a_text_ends_no_line_and_no_line_is_too_long() {
        let text = format!("a\\;,\r\nBEGIN:VALARM\r\n{}", "字".repeat(200));
        let file = file(&text);
        assert!(!file.contains("\nBEGIN:VALARM"), "{file}");
        assert!(file.lines().all(|line| line.len() <= LINE), "{file}");
        assert!(
            file.replace("\r\n ", "").contains(&format!("a\\\\\\;\\,\\nBEGIN:VALARM\\n{}", "字".repeat(200)))
        );
        assert_eq!(file.matches('\n').count(), file.matches("\r\n").count());
    }
}
