//! 公示 of the initial opinion before a decision, and 公布 after aid was given: what others may see of a case, and for how long.

use jiff::civil::Date;

use super::catalogue::{AidGroup, AidItem, NoticeField, NoticePolicy};
use crate::domain::calendar::{Calendar, Deadline};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::minor::{AgeGroup, age_group};
use crate::domain::phone::ContactPhone;
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The most characters of an objection and of what is answered to it.
pub const OBJECTION_MAX: usize = 1_000;

/// Before the decision, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// 公示: the street's opinion. Anybody may object.
    Opinion,
    /// 公布: aid was given.
    Grant,
}

slugs!(NoticeKind { Opinion = "opinion", Grant = "grant" });

/// What others may see of the cases of an item. There is none of an item for children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publicity {
    /// For how many days by the calendar the opinion is put up; `None` where none is.
    pub notice_days: Option<u16>,
    /// What may be shown, of nobody who is under age.
    pub fields: Vec<NoticeField>,
}

impl Publicity {
    /// What the catalogue says. Where it says nothing of a notice, no opinion is put up, and what is given is made public with
    /// the name, the household's size and the amount (社会救助法 45; 民发〔2021〕57号 art. 24).
    pub fn of(item: &AidItem) -> Option<Self> {
        if item.group == AidGroup::Child {
            return None;
        }
        match &item.notice {
            Some(notice) if notice.policy == NoticePolicy::NotHeld => None,
            Some(notice) => Some(Self { notice_days: notice.days, fields: notice.fields.clone() }),
            None => Some(Self {
                notice_days: None,
                fields: vec![NoticeField::Name, NoticeField::HouseholdSize, NoticeField::Amount],
            }),
        }
    }
}

/// The last day of a notice that begins on `begun`, which is not counted itself (民法典 201). Where it `rolls`, a last day that
/// is off moves to the end of the next working day (民法典 203); past the loaded calendar the plain day counts, and pages say so.
pub fn last_day(begun: Date, days: u16, rolls: bool, calendar: &Calendar) -> Date {
    let plain = begun.saturating_add(jiff::Span::new().days(i64::from(days)));
    if !rolls {
        return plain;
    }
    match calendar.add_calendar_days_rolled(begun, u32::from(days)) {
        Deadline::On(day) => day,
        Deadline::BeyondCalendar { .. } => plain,
    }
}

/// Under age on that day, as far as the date of birth is known.
pub fn under_age(birth: Option<Date>, today: Date) -> bool {
    birth.is_some_and(|birth| age_group(birth, today) != AgeGroup::Adult)
}

/// An objection as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ObjectionForm {
    /// What does not fit, and how one knows.
    pub text: String,
    /// A telephone, for whoever wants to hear what came of it.
    pub contact: String,
}

/// An objection during a notice. Whoever sends it needs no name.
#[derive(Clone, PartialEq, Eq)]
pub struct Objection {
    /// What does not fit: 10 to 1,000 characters.
    pub text: String,
    /// A telephone, if it was given.
    pub contact: Option<String>,
}

masked_debug!(ObjectionForm, Objection);

impl Objection {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ObjectionForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let text =
            errors.keep("text", written::paragraph(&form.text, Prompt::ObjectionText, 10, OBJECTION_MAX));
        let contact = match form.contact.trim() {
            "" => Some(None),
            typed => errors
                .keep("contact", ContactPhone::parse(typed))
                .map(|phone| Some(phone.as_str().to_owned())),
        };
        match (text, contact) {
            (Some(text), Some(contact)) => Ok(Self { text, contact }),
            _ => Err(errors),
        }
    }
}

/// What the street makes of an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectionOutcome {
    /// It is looked into again from the beginning: the notice ends, a new opinion is needed (民发〔2021〕57号 art. 19).
    Reinvestigate,
    /// It was looked into and does not hold.
    Unfounded,
}

slugs!(ObjectionOutcome { Reinvestigate = "reinvestigate", Unfounded = "unfounded" });

/// The street's answer as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ObjectionAnswerForm {
    /// Slug of an [`ObjectionOutcome`].
    pub outcome: String,
    /// What was found.
    pub answer: String,
}

masked_debug!(ObjectionAnswerForm);

impl ObjectionAnswerForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<(ObjectionOutcome, String), FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match self.outcome.as_str() {
            "" => Err(FieldError::Missing(Prompt::ObjectionOutcome)),
            slug => ObjectionOutcome::parse(slug).ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let answer = errors
            .keep("answer", written::paragraph(&self.answer, Prompt::ObjectionAnswer, 10, OBJECTION_MAX));
        match (outcome, answer) {
            (Some(outcome), Some(answer)) => Ok((outcome, answer)),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_notice_of_seven_days_rolls_over_a_holiday_only_where_it_is_set_to() {
        let calendar = Calendar::embedded();
        assert_eq!(last_day(date(2026, 9, 24), 7, true, calendar), date(2026, 10, 8));
        assert_eq!(last_day(date(2026, 9, 24), 7, false, calendar), date(2026, 10, 1));
        assert_eq!(last_day(date(2026, 11, 23), 7, true, calendar), date(2026, 11, 30));
        // The next year's holidays are not known yet: the plain day, never a guess.
        assert_eq!(last_day(date(2026, 12, 28), 7, true, calendar), date(2027, 1, 4));
    }

    #[test]
    fn an_objection_says_what_does_not_fit_and_needs_no_name() {
        let form = |text: &str, contact: &str| ObjectionForm { text: text.into(), contact: contact.into() };
        let errors = Objection::parse(&form("", "12")).expect_err("nothing said");
        assert_eq!(errors.iter().map(|e| e.field.clone()).collect::<Vec<_>>(), ["text", "contact"]);
        let good = Objection::parse(&form("这家人在外面还有一套房子出租。", "")).expect("enough");
        assert!(good.contact.is_none() && !format!("{good:?}").contains("房子"));
        let answer = ObjectionAnswerForm { outcome: "unfounded".into(), answer: String::new() };
        assert!(answer.parse().is_err_and(|errors| errors.of("answer").is_some()));
    }

    #[test]
    fn a_child_is_under_age_until_the_birthday() {
        assert!(under_age(Some(date(2008, 11, 27)), date(2026, 11, 26)));
        assert!(!under_age(Some(date(2008, 11, 26)), date(2026, 11, 26)));
        assert!(!under_age(None, date(2026, 11, 26)));
    }
}
