//! Aid that is paid month by month: what is paid for which month, its reviews, and how it is reduced or ended. Before that the
//! person is heard, and the notice is in writing with reasons (社会救助法 48).

use jiff::civil::Date;

use super::catalogue::StartMonth;
use super::decision::Reasons;
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::{Fen, MoneyError};
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// The most characters of what a person said.
pub const HEARD_MAX: usize = 1_000;

/// What is to become of the aid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenefitStep {
    /// 减发: less is paid.
    Reduced,
    /// 停发: nothing is paid any more.
    Terminated,
}

slugs!(BenefitStep { Reduced = "reduced", Terminated = "terminated" });

/// How the person was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardHow {
    /// On their own phone or computer.
    Online,
    /// Face to face.
    InPerson,
    /// On the telephone.
    Phone,
    /// On paper.
    Written,
}

slugs!(HeardHow { Online = "online", InPerson = "in-person", Phone = "phone", Written = "written" });

/// A first day of a month.
///
/// Months are compared and counted by their first day.
pub fn month_of(day: Date) -> Date {
    day.first_of_month()
}

/// Whole months from one first day to another, both counted; 0 where the second is earlier.
fn months(first: Date, last: Date) -> u32 {
    let count = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
    u32::try_from(count(last) - count(first) + 1).unwrap_or(0)
}

/// A reduction or an end that was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecidedStep {
    /// From the first day of this month on.
    pub from: Date,
    /// What is paid then; nothing for an end.
    pub amount: Fen,
}

/// What is paid in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// For how many months: more than one where aid counts from a month before its decision.
    pub months: u32,
    /// All of it.
    pub amount: Fen,
}

/// What the payment list of a month has for one grant. `starts`: the item's rule, none for aid that is given once. `steps`: what
/// was decided since, in any order. `days`: of the application, of the decision, of the first month where the decision names it.
pub fn payment(
    starts: Option<StartMonth>,
    (submitted, decided, named): (Date, Date, Option<Date>),
    amount: Fen,
    steps: &[DecidedStep],
    month: Date,
) -> Option<Payment> {
    let (month, decided_in) = (month_of(month), month_of(decided));
    let Some(starts) = starts else {
        return (month == decided_in).then_some(Payment { months: 1, amount });
    };
    let first = starts.first(submitted, decided, named);
    // Nothing is paid before it is decided; then all at once from the first month on.
    let begins = first.max(decided_in);
    if month < begins {
        return None;
    }
    let step = steps.iter().filter(|step| step.from <= month).max_by_key(|step| step.from);
    let now = step.map_or(amount, |step| step.amount);
    if now.0 == 0 {
        return None;
    }
    let count = if month == begins { months(first, month) } else { 1 };
    // The months before were those of the grant itself: no step is older than the decision.
    let before = i64::from(count.saturating_sub(1));
    Some(Payment { months: count, amount: Fen(now.0 + before * amount.0) })
}

/// Refusals in a row of suitable work, without a reason, after which a person's share may go (民发〔2021〕57号 art. 34).
pub const WORK_REFUSALS: u8 = 3;

/// What a household is paid once the share of one of its people goes who refused suitable work so often in a row: everybody else's
/// shares stay whole, what doesn't divide is theirs. `None` before the third refusal.
pub fn after_work_refusals(amount: Fen, people: u32, refusals: u8) -> Option<Fen> {
    (refusals >= WORK_REFUSALS).then(|| Fen(amount.0 - amount.0 / i64::from(people.max(1))))
}

/// The day from which a benefit is to be reviewed again: so many months after the last time, or after the decision.
pub fn review_due(since: Date, months: u16) -> Date {
    // Saturating: the calendar of the type ends with the year 9999.
    since.saturating_add(jiff::Span::new().months(i64::from(months)))
}

/// A proposal to reduce or end, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StepForm {
    /// Slug of a [`BenefitStep`].
    pub step: String,
    /// What is to be paid a month, in yuan; for a reduction.
    pub amount: String,
    /// Why.
    pub reasons: String,
}

/// A proposal to reduce or end.
#[derive(Clone, PartialEq, Eq)]
pub struct StepProposal {
    /// Which of the two.
    pub step: BenefitStep,
    /// What is to be paid a month; nothing for an end.
    pub amount: Fen,
    /// Why, as the person reads it.
    pub reasons: String,
}

/// What the person said, as typed by staff.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HeardForm {
    /// Slug of a [`HeardHow`].
    pub how: String,
    /// On which day.
    pub on: String,
    /// What they said.
    pub words: String,
}

/// What the person said.
#[derive(Clone, PartialEq, Eq)]
pub struct Heard {
    /// How.
    pub how: HeardHow,
    /// On which day.
    pub on: Date,
    /// What they said.
    pub words: String,
}

masked_debug!(StepForm, StepProposal, HeardForm, Heard);

impl StepProposal {
    /// Checks the form; `paid` is what is paid a month now, `None` of a recognition, which can only end.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &StepForm, paid: Option<Fen>) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let offered = |step: &BenefitStep| paid.is_some() || *step == BenefitStep::Terminated;
        let step = match form.step.as_str() {
            "" => Err(FieldError::Missing(Prompt::BenefitStep)),
            slug => BenefitStep::parse(slug).filter(offered).ok_or(FieldError::NotOffered),
        };
        let step = errors.keep("step", step);
        let amount = match step {
            Some(BenefitStep::Reduced) => {
                let amount = match Fen::parse_yuan(&form.amount) {
                    Err(MoneyError::Missing) => Err(FieldError::Missing(Prompt::BenefitAmount)),
                    Err(error) => Err(error.into()),
                    Ok(amount) if amount.0 == 0 || Some(amount) >= paid => Err(Rule::NotLess.into()),
                    Ok(amount) => Ok(amount),
                };
                errors.keep("amount", amount)
            }
            _ => Some(Fen(0)),
        };
        let reasons = errors.keep("reasons", Reasons::parse(&form.reasons));
        match (step, amount, reasons) {
            (Some(step), Some(amount), Some(reasons)) => {
                Ok(Self { step, amount, reasons: reasons.as_str().to_owned() })
            }
            _ => Err(errors),
        }
    }
}

impl Heard {
    /// What the person writes online on the day `today`.
    ///
    /// # Errors
    /// None, too short, too long.
    pub fn online(words: &str, today: Date) -> Result<Self, FieldError> {
        let words = written::paragraph(words, Prompt::HeardWords, 2, HEARD_MAX)?;
        Ok(Self { how: HeardHow::Online, on: today, words })
    }

    /// Checks what staff typed on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &HeardForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let how = match form.how.as_str() {
            "" => Err(FieldError::Missing(Prompt::HeardHow)),
            // What a person writes online they write themselves.
            slug => {
                HeardHow::parse(slug).filter(|how| *how != HeardHow::Online).ok_or(FieldError::NotOffered)
            }
        };
        let how = errors.keep("how", how);
        let on = if normalise::single_line(&form.on).is_empty() {
            Err(FieldError::Missing(Prompt::HeardDay))
        } else {
            parse_date(&form.on)
                .and_then(|on| if on > today { Err(Rule::DayNotYet) } else { Ok(on) })
                .map_err(Into::into)
        };
        let on = errors.keep("on", on);
        let words = errors.keep("words", written::paragraph(&form.words, Prompt::HeardWords, 2, HEARD_MAX));
        match (how, on, words) {
            (Some(how), Some(on), Some(words)) => Ok(Self { how, on, words }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn three_work_refusals_reduce_only_that_persons_share() {
        let paid = Fen(153_000);
        for refusals in 0..3 {
            assert_eq!(after_work_refusals(paid, 3, refusals), None, "{refusals}");
        }
        assert_eq!(after_work_refusals(paid, 3, 3), Some(Fen(102_000)));
        assert_eq!(after_work_refusals(Fen(100), 3, 4), Some(Fen(67)), "the others lose nothing by rounding");
        assert_eq!(after_work_refusals(paid, 1, 3), Some(Fen(0)), "there is nobody else");
    }

    #[test]
    fn each_month_has_what_is_due_in_it_and_arrears_come_once() {
        let days = (date(2026, 10, 30), date(2026, 12, 5), Some(date(2026, 11, 1)));
        let of = |starts, steps: &[DecidedStep], month: Date| {
            payment(starts, days, Fen(1_000), steps, month).map(|paid| (paid.months, paid.amount.0))
        };
        let (after, of_submission) = (Some(StartMonth::AfterDecision), Some(StartMonth::OfSubmission));
        assert_eq!(of(after, &[], date(2026, 12, 31)), None);
        assert_eq!(of(after, &[], date(2027, 1, 1)), Some((1, 1_000)));
        assert_eq!(of(after, &[], date(2027, 2, 1)), Some((1, 1_000)));
        assert_eq!(of(of_submission, &[], date(2026, 11, 1)), None, "not decided yet");
        assert_eq!(of(of_submission, &[], date(2026, 12, 1)), Some((3, 3_000)), "October to December");
        assert_eq!(of(of_submission, &[], date(2027, 1, 1)), Some((1, 1_000)));
        let named = Some(StartMonth::ByDecision);
        assert_eq!(of(named, &[], date(2026, 12, 1)), Some((2, 2_000)), "November and December");
        assert_eq!(of(named, &[], date(2027, 1, 1)), Some((1, 1_000)));
        assert_eq!(of(None, &[], date(2026, 12, 20)), Some((1, 1_000)), "once");
        assert_eq!(of(None, &[], date(2027, 1, 20)), None);
        let less = DecidedStep { from: date(2027, 3, 1), amount: Fen(400) };
        let end = DecidedStep { from: date(2027, 5, 1), amount: Fen(0) };
        for (month, paid) in [(2, Some(1_000)), (3, Some(400)), (4, Some(400)), (5, None), (6, None)] {
            let found = of(after, &[end, less], date(2027, month, 1)).map(|(_, amount)| amount);
            assert_eq!(found, paid, "2027-{month}");
        }
    }

    #[test]
    fn a_reduction_is_less_than_before_and_more_than_nothing_and_has_reasons() {
        let form = |step: &str, amount: &str, reasons: &str| StepForm {
            step: step.into(),
            amount: amount.into(),
            reasons: reasons.into(),
        };
        let why = "儿子有了工作，家里收入增加了。";
        let paid = Some(Fen(100_000));
        assert!(
            StepProposal::parse(&form("reduced", "600", why), paid).is_ok_and(|p| p.amount == Fen(60_000))
        );
        for amount in ["", "0", "1000", "1200"] {
            let errors = StepProposal::parse(&form("reduced", amount, why), paid).err();
            assert!(errors.is_some_and(|errors| errors.of("amount").is_some()), "{amount}");
        }
        assert!(StepProposal::parse(&form("terminated", "", why), paid).is_ok_and(|p| p.amount == Fen(0)));
        let errors = StepProposal::parse(&form("", "", ""), paid).err();
        assert!(errors.is_some_and(|errors| errors.of("step").is_some() && errors.of("reasons").is_some()));
    }

    #[test]
    fn staff_do_not_write_down_what_was_said_online_nor_tomorrow() {
        let today = date(2026, 11, 26);
        let form =
            |how: &str, on: &str| HeardForm { how: how.into(), on: on.into(), words: "我同意".into() };
        assert!(Heard::parse(&form("phone", "2026-11-26"), today).is_ok());
        assert!(Heard::parse(&form("online", "2026-11-26"), today).is_err());
        assert!(Heard::parse(&form("phone", "2026-11-27"), today).is_err());
        assert!(Heard::parse(&HeardForm::default(), today).err().is_some_and(|e| e.iter().count() == 3));
    }

    #[test]
    fn a_recognition_can_end_and_is_never_reduced() {
        let form = |step: &str| StepForm {
            step: step.into(),
            amount: "1".into(),
            reasons: "儿子有了工作，家里收入增加了。".into(),
        };
        assert!(StepProposal::parse(&form("terminated"), None).is_ok_and(|p| p.amount == Fen(0)));
        let errors = StepProposal::parse(&form("reduced"), None).expect_err("there is no money");
        assert_eq!(errors.of("step"), Some(&FieldError::NotOffered));
    }

    #[test]
    fn a_review_comes_after_its_months() {
        assert_eq!(review_due(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(review_due(date(2026, 11, 26), 12), date(2027, 11, 26));
    }
}
