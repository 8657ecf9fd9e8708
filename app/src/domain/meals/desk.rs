//! Meals that were handed out where there was no network: how a device and a sheet of paper tell of them, and what each line was
//! worth when it arrived.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::eater::Paid;
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::slugs;

/// For so many days behind its own day a meal may still be told of. What is older is settled.
pub const DESK_DAYS: i64 = 7;

/// The most lines that are sent at a time.
pub const DESK_LINES: usize = 200;

/// What a line was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskOutcome {
    /// The meal is handed out by it.
    Done,
    /// The same device had told of it already.
    Again,
    /// It was handed out before, by another device or at the counter.
    Already,
    /// It was ordered at another point.
    Elsewhere,
    /// It had been given up.
    Cancelled,
    /// It is of a day to come, or of one long over.
    OtherDay,
    /// Nobody knows what it is.
    Unknown,
}

slugs!(DeskOutcome {
    Done = "done",
    Again = "again",
    Already = "already",
    Elsewhere = "elsewhere",
    Cancelled = "cancelled",
    OtherDay = "other_day",
    Unknown = "unknown",
});

impl DeskOutcome {
    /// Two sides tell different things of one meal: somebody has to look.
    pub fn is_conflict(self) -> bool {
        matches!(self, Self::Already | Self::Elsewhere | Self::Cancelled)
    }
}

/// When a meal was handed out, by what a device's clock says: on the meal's own day, and not later than now. `None` where its day
/// is still to come, or over for too long.
pub fn desk_moment(said: Instant, day: Date, now: Instant) -> Option<Instant> {
    let today = now.shanghai_date();
    if day > today || day.saturating_add(DESK_DAYS.days()) < today {
        return None;
    }
    let (first, next) =
        (Instant::shanghai_midnight(day), Instant::shanghai_midnight(day.saturating_add(1.day())));
    Some(Instant(said.0.clamp(first.0, now.0.min(next.0 - 1))))
}

/// A line that was written on paper: what names the meal, and what became of the elder's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperLine {
    /// A number or a short code.
    pub code: String,
    /// What was written behind it.
    pub paid: Paid,
}

/// Reads the lines of a sheet of paper: 「编号 收了」. A line without a word behind the number counts as not paid: that is what is
/// asked for again, and what takes nothing from anybody.
///
/// # Errors
/// The numbers of the lines that are none, from 1 on; also where there are too many or none.
pub fn read_paper(text: &str) -> Result<Vec<PaperLine>, Vec<usize>> {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = normalise::single_line(line);
        if line.is_empty() {
            continue;
        }
        let (code, word) = match line.rsplit_once([' ', '，', ',']) {
            Some((code, word)) if paid_of(word.trim()).is_some() => (code.trim(), paid_of(word.trim())),
            _ => (line.as_str(), Some(Paid::Unpaid)),
        };
        match word {
            Some(paid) if code.chars().filter(char::is_ascii_alphanumeric).count() >= 8 => {
                lines.push(PaperLine { code: code.to_owned(), paid });
            }
            _ => wrong.push(at + 1),
        }
    }
    if lines.len() > DESK_LINES {
        wrong.push(DESK_LINES + 1);
    }
    if wrong.is_empty() && !lines.is_empty() { Ok(lines) } else { Err(wrong) }
}

fn paid_of(word: &str) -> Option<Paid> {
    match word {
        "收了" | "已收" => Some(Paid::Paid),
        "没收" | "未收" => Some(Paid::Unpaid),
        "免了" | "免" => Some(Paid::Waived),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_devices_clock_is_believed_on_the_meals_day_and_not_ahead_of_ours() {
        let day = date(2026, 11, 24);
        let at = |day: Date, hour: i64| Instant(Instant::shanghai_midnight(day).0 + hour * 3_600_000);
        let now = at(day, 14);
        assert_eq!(desk_moment(at(day, 11), day, now), Some(at(day, 11)));
        assert_eq!(desk_moment(at(day, 20), day, now), Some(now), "a clock that is ahead");
        assert_eq!(desk_moment(Instant(0), day, now), Some(at(day, 0)), "a clock that was never set");
        let next = at(date(2026, 11, 25), 9);
        assert_eq!(desk_moment(next, day, next), Some(Instant(at(date(2026, 11, 25), 0).0 - 1)));
        assert_eq!(desk_moment(now, date(2026, 11, 25), now), None);
        assert!(desk_moment(now, date(2026, 11, 17), now).is_some());
        assert_eq!(desk_moment(now, date(2026, 11, 16), now), None);
    }

    #[test]
    fn a_sheet_of_paper_is_read_line_by_line_and_every_wrong_line_is_told() {
        let paid =
            |text: &str| read_paper(text).map(|lines| lines.into_iter().map(|line| line.paid).collect());
        assert_eq!(
            paid("ZC261124000001 收了\n\nABCD-EFGH，免了\nABCD-EFGH"),
            Ok(vec![Paid::Paid, Paid::Waived, Paid::Unpaid])
        );
        assert_eq!(paid("李大妈 收了\nZC261124000001\n12"), Err(vec![1, 3]));
        assert_eq!(paid(""), Err(Vec::new()));
        assert_eq!(read_paper("ABCD EFGH 收了").unwrap()[0].code, "ABCD EFGH");
        assert_eq!(paid(&"ABCDEFGH\n".repeat(201)), Err(vec![201]));
    }
}
