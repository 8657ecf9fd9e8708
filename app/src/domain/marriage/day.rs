//! What an office does with its day: moves everybody of a time that it cannot keep, writes notes, and counts.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::slots::{coming_day, minutes_of_day};
use super::{Booking, Matter, VisitState};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::written;

/// Where everybody of a time goes, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveAllForm {
    /// Matter and minute of the time that cannot be kept: `marriage-540`.
    pub from: String,
    /// The new day.
    pub to_day: String,
    /// When the new time begins.
    pub to_starts: String,
}

/// Where everybody of a time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveAll {
    /// For what they come.
    pub matter: Matter,
    /// When the old time begins.
    pub starts: u16,
    /// The new day.
    pub to_day: Date,
    /// When the new time begins.
    pub to_starts: u16,
}

/// A time of a day as a form's value.
pub fn time_value(matter: Matter, starts: u16) -> String {
    format!("{}-{starts}", matter.as_str())
}

impl MoveAllForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<MoveAll, FormErrors> {
        let mut errors = FormErrors::default();
        let from = self
            .from
            .rsplit_once('-')
            .and_then(|(matter, starts)| Some((Matter::parse(matter)?, starts.parse().ok()?)));
        let from = errors.keep("from", from.ok_or(Prompt::MarriageAnswer));
        let to_day = errors.keep("to_day", coming_day(&self.to_day, today));
        let to_starts = errors.keep("to_starts", minutes_of_day(&self.to_starts));
        match (from, to_day, to_starts) {
            (Some((matter, starts)), Some(to_day), Some(to_starts)) => {
                Ok(MoveAll { matter, starts, to_day, to_starts })
            }
            _ => Err(errors),
        }
    }
}

/// A note on a booking, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    /// What it says.
    pub words: String,
    /// `yes` where the couple may read it.
    pub shown: String,
}

/// A note on a booking.
#[derive(Clone, PartialEq, Eq)]
pub struct BookingNote {
    /// What it says.
    pub words: String,
    /// The couple may read it.
    pub shown: bool,
    /// When it was written.
    pub at: crate::domain::time::Instant,
}

crate::masked_debug!(NoteForm, BookingNote);

impl NoteForm {
    /// Checks it: what it says, and whether the couple may read it.
    ///
    /// # Errors
    /// The field `words`.
    pub fn parse(&self) -> Result<(String, bool), FormErrors> {
        let mut errors = FormErrors::default();
        let words: Result<String, FieldError> = written::paragraph(&self.words, Prompt::CaseNote, 2, 200);
        let words = errors.keep("words", words).ok_or(errors)?;
        Ok((words, self.shown == "yes"))
    }
}

/// Whether a couple said that it still comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// It was asked and has not answered.
    Asked,
    /// It comes.
    Yes,
}

/// An office's month of one matter, as counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthCounts {
    /// Bookings that were firm to the end.
    pub booked: i64,
    /// Of them, couples that came.
    pub came: i64,
    /// Of them, couples of whom a clerk entered that they did not come, and it was not taken back.
    pub missed: i64,
    /// Bookings that were given up or cancelled.
    pub cancelled: i64,
    /// Times that went back because nobody answered.
    pub released: i64,
    /// Couples without a booking.
    pub walk_ins: i64,
    /// How many were called.
    pub called: i64,
    /// How many minutes those waited in all.
    pub waited: i64,
}

impl MonthCounts {
    /// How many minutes one waited on average.
    pub fn wait(&self) -> Option<i64> {
        (self.called > 0).then(|| self.waited / self.called)
    }
}

/// What a print of the day has of one couple.
#[derive(Clone, Debug)]
pub struct DayEntry {
    /// The booking.
    pub booking: Booking,
    /// 8 signs, 4-4.
    pub code: String,
    /// The number at the door, and how it stands.
    pub visit: Option<(i64, VisitState)>,
    /// What it said when it was asked.
    pub coming: Option<Coming>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::form::Rule;

    #[test]
    fn where_everybody_goes_is_checked_at_once() {
        let today = date(2026, 11, 23);
        let form = MoveAllForm {
            from: time_value(Matter::DivorceSecondVisit, 540),
            to_day: "2026-12-02".into(),
            to_starts: "13:00".into(),
        };
        let all = form.parse(today).unwrap();
        assert_eq!((all.matter, all.starts, all.to_starts), (Matter::DivorceSecondVisit, 540, 780));
        let wrong = MoveAllForm { from: "wedding-540".into(), to_day: "2026-11-22".into(), ..form };
        let errors = wrong.parse(today).unwrap_err();
        assert_eq!(errors.of("from"), Some(&Prompt::MarriageAnswer.into()));
        assert_eq!(errors.of("to_day"), Some(&Rule::DayOver.into()));
        assert_eq!(MoveAllForm::default().parse(today).unwrap_err().iter().count(), 3);
    }

    #[test]
    fn a_note_is_the_offices_own_unless_it_says_otherwise() {
        let note = |shown: &str| NoteForm { words: "请带军人证".into(), shown: shown.into() }.parse();
        assert_eq!(note("yes").ok(), Some(("请带军人证".to_owned(), true)));
        assert_eq!(note("").ok().map(|note| note.1), Some(false));
        assert!(NoteForm::default().parse().is_err());
    }

    #[test]
    fn nobody_called_has_no_average() {
        assert_eq!(MonthCounts::default().wait(), None);
        assert_eq!(MonthCounts { called: 2, waited: 25, ..MonthCounts::default() }.wait(), Some(12));
    }
}
