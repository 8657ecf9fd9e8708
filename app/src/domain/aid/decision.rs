//! The street's opinion and the decision, and what a person may do against it.

use jiff::civil::Date;

use super::catalogue::Gives;
use super::service::{Arranged, ArrangedForm};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::{Fen, MoneyError};
use crate::domain::time::parse_month;
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// The most characters of the reasons.
pub const REASONS_MAX: usize = 1_000;

/// To give or not to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 给予救助.
    Grant,
    /// 不予救助.
    Refuse,
}

slugs!(Outcome { Grant = "grant", Refuse = "refuse" });

/// On which rule a refusal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalGround {
    /// No sudden hardship and no spending beyond the household's means (社会救助法 13).
    NotInHardship,
    /// It did not happen in this district (社会救助法 37).
    HappenedElsewhere,
    /// Income per head is not below the line, or property is above it (民发〔2021〕57号 art. 13, 14).
    AboveLine,
    /// One of the three conditions is not met: no ability to work, no means, nobody able who owes support (特困人员认定办法 art. 4).
    NotTekun,
    /// Not among those whom the published conditions entitle.
    NotEntitled,
    /// It is applied for where the huji is (社会救助法 37).
    HujiElsewhere,
    /// An adult of the household did not agree to the check (社会救助法 40).
    NoConsent,
    /// What was told does not agree with what was found (社会救助法 40).
    NotAsTold,
    /// Not among those for whom the street has published the service.
    ServiceConditions,
    /// There is no such service here, or nothing of it is free.
    ServiceUnavailable,
}

slugs!(RefusalGround {
    NotInHardship = "not-in-hardship",
    HappenedElsewhere = "happened-elsewhere",
    AboveLine = "above-line",
    NotTekun = "not-tekun",
    NotEntitled = "not-entitled",
    HujiElsewhere = "huji-elsewhere",
    NoConsent = "no-consent",
    NotAsTold = "not-as-told",
    ServiceConditions = "service-conditions",
    ServiceUnavailable = "service-unavailable",
});

impl RefusalGround {
    /// The rules that an item is refused by; `item` is its address in the catalogue. The law on social aid says nothing of services.
    pub fn offered(item: &str, gives: Gives) -> Vec<Self> {
        if gives == Gives::Service {
            return vec![Self::ServiceConditions, Self::ServiceUnavailable];
        }
        let (temporary, tekun) = (item == "temporary-aid", item == "special-hardship");
        let line = matches!(item, "minimum-living-security" | "low-income-margin" | "rigid-expenditure");
        let fits = |ground: &Self| match ground {
            Self::NotInHardship | Self::HappenedElsewhere => temporary,
            Self::AboveLine => line,
            Self::NotEntitled => !temporary && !tekun && !line,
            Self::NotTekun => tekun,
            Self::HujiElsewhere => !temporary,
            Self::NoConsent | Self::NotAsTold => true,
            Self::ServiceConditions | Self::ServiceUnavailable => false,
        };
        Self::ALL.iter().copied().filter(fits).collect()
    }
}

/// The street's form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OpinionForm {
    /// Slug of an [`Outcome`].
    pub outcome: String,
    /// How much, in yuan.
    pub amount: String,
    /// Slug of a [`RefusalGround`].
    pub ground: String,
    /// What was found, and why this follows.
    pub reasons: String,
    /// The first month that is paid, where no rule says which.
    pub month: String,
    /// How a service is arranged.
    pub arranged: ArrangedForm,
}

/// What an item's opinion says beside its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpinionAsks {
    /// What the item gives.
    pub gives: Gives,
    /// The first month that is paid: no rule says which.
    pub month: bool,
}

impl From<Gives> for OpinionAsks {
    fn from(gives: Gives) -> Self {
        Self { gives, month: false }
    }
}

/// The street's opinion. A refusal without a rule and reasons can't be written down (社会救助法 45).
#[derive(Clone, PartialEq, Eq)]
pub enum Opinion {
    /// To give.
    Grant {
        /// How much, more than nothing; `None` where no money is given.
        amount: Option<Fen>,
        /// The first day of the first month that is paid, where no rule says which.
        month: Option<Date>,
        /// How the service is arranged, where one is.
        arranged: Option<Arranged>,
        /// Why.
        reasons: Reasons,
    },
    /// Not to give.
    Refuse {
        /// On which rule.
        ground: RefusalGround,
        /// Why.
        reasons: Reasons,
    },
}

/// Reasons in somebody's words: at least ten characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Reasons(String);

masked_debug!(OpinionForm, Opinion, Reasons);

impl Reasons {
    /// Checks them.
    ///
    /// # Errors
    /// None, too short, too long.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        written::paragraph(text, Prompt::OpinionReasons, 10, REASONS_MAX).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Opinion {
    /// Checks the form on an item that asks for this, on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &OpinionForm, asks: impl Into<OpinionAsks>, today: Date) -> Result<Self, FormErrors> {
        let OpinionAsks { gives, month: asks_month } = asks.into();
        let mut errors = FormErrors::default();
        let outcome = match form.outcome.as_str() {
            "" => Err(FieldError::Missing(Prompt::OpinionOutcome)),
            slug => Outcome::parse(slug).ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let amount = match (outcome, gives) {
            (Some(Outcome::Grant), Gives::Money) => errors.keep("amount", amount(&form.amount).map(Some)),
            _ => Some(None),
        };
        let month = if outcome == Some(Outcome::Grant) && asks_month {
            errors.keep("month", month(&form.month, today)).map(Some)
        } else {
            Some(None)
        };
        let arranged = match (outcome, gives) {
            (Some(Outcome::Grant), Gives::Service) => {
                Arranged::parse(&form.arranged, today, &mut errors).map(Some)
            }
            _ => Some(None),
        };
        let ground = match outcome {
            Some(Outcome::Refuse) => errors.keep("ground", ground(&form.ground)),
            _ => None,
        };
        let reasons = errors.keep("reasons", Reasons::parse(&form.reasons));
        match (outcome, amount.zip(month).zip(arranged), ground, reasons) {
            (Some(Outcome::Grant), Some(((amount, month), arranged)), _, Some(reasons)) => {
                Ok(Self::Grant { amount, month, arranged, reasons })
            }
            (Some(Outcome::Refuse), _, Some(ground), Some(reasons)) => Ok(Self::Refuse { ground, reasons }),
            _ => Err(errors),
        }
    }

    /// To give or not to give.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Grant { .. } => Outcome::Grant,
            Self::Refuse { .. } => Outcome::Refuse,
        }
    }

    /// Why.
    pub fn reasons(&self) -> &Reasons {
        match self {
            Self::Grant { reasons, .. } | Self::Refuse { reasons, .. } => reasons,
        }
    }
}

fn amount(text: &str) -> Result<Fen, MoneyError> {
    match Fen::parse_yuan(text) {
        Ok(Fen(0)) => Err(MoneyError::Missing),
        parsed => parsed,
    }
}

/// A month as 2026-12; within a year of today, so that no slip of the finger pays for ten.
fn month(text: &str, today: Date) -> Result<Date, FieldError> {
    if normalise::single_line(text).is_empty() {
        return Err(Prompt::FirstMonth.into());
    }
    let found = parse_month(text).ok_or(Rule::MonthForm)?;
    let year = jiff::Span::new().years(1);
    if found < today.saturating_sub(year).first_of_month() || found > today.saturating_add(year) {
        return Err(Rule::MonthForm.into());
    }
    Ok(found)
}

fn ground(slug: &str) -> Result<RefusalGround, FieldError> {
    match slug {
        "" => Err(Prompt::RefusalGround.into()),
        slug => RefusalGround::parse(slug).ok_or(FieldError::NotOffered),
    }
}

/// Until when one may turn against a decision that one knows of since `known_on`. Both days are the earliest that the law
/// can mean: a last day that is off would only move them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// 行政复议, to the district's government: 60 days (行政复议法 20, 24; days by the calendar: 88).
    pub reconsideration: Date,
    /// 行政诉讼: six months (行政诉讼法 46).
    pub litigation: Date,
}

impl Appeal {
    /// The days for a decision that became known on that day, which is not counted itself (民法典 201).
    pub fn since(known_on: Date) -> Self {
        // Saturating: the calendar of the type ends with the year 9999.
        Self {
            reconsideration: known_on.saturating_add(jiff::Span::new().days(60)),
            litigation: known_on.saturating_add(jiff::Span::new().months(6)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 27);

    fn form(outcome: &str, amount: &str, ground: &str, reasons: &str) -> OpinionForm {
        OpinionForm {
            outcome: outcome.into(),
            amount: amount.into(),
            ground: ground.into(),
            reasons: reasons.into(),
            month: String::new(),
            arranged: ArrangedForm::default(),
        }
    }

    const WHY: &str = "入户看了，家里失火，没有存款，需要过渡。";

    #[test]
    fn law_45_refusal_without_reasons_is_impossible() {
        for reasons in ["", "  ", "不行", "\u{3000}\n\u{3000}"] {
            let errors = Opinion::parse(&form("refuse", "", "not-in-hardship", reasons), Gives::Money, TODAY)
                .expect_err(reasons);
            assert!(errors.of("reasons").is_some(), "{reasons}");
        }
        let errors = Opinion::parse(&form("refuse", "", "", WHY), Gives::Money, TODAY).expect_err("no rule");
        assert_eq!(errors.of("ground"), Some(&Prompt::RefusalGround.into()));
        let refused = Opinion::parse(&form("refuse", "ignored", "not-as-told", WHY), Gives::Money, TODAY)
            .expect("both are there");
        assert_eq!(refused.outcome(), Outcome::Refuse);
    }

    #[test]
    fn aid_of_nothing_is_no_aid() {
        for amount in ["", "0", "0.00", "-5", "很多"] {
            let errors =
                Opinion::parse(&form("grant", amount, "", WHY), Gives::Money, TODAY).expect_err(amount);
            assert!(errors.of("amount").is_some(), "{amount}");
        }
        let granted =
            Opinion::parse(&form("grant", "3,000", "", WHY), Gives::Money, TODAY).expect("an amount");
        assert!(matches!(granted, Opinion::Grant { amount: Some(Fen(300_000)), .. }));
        assert!(!format!("{granted:?}").contains("失火"));
    }

    #[test]
    fn a_service_is_arranged_for_a_day_and_refused_by_no_rule_of_social_aid() {
        let granted = form("grant", "", "", WHY);
        let errors = Opinion::parse(&granted, Gives::Service, TODAY).expect_err("no day");
        assert!(errors.of("service-day").is_some() && errors.of("service-words").is_some());
        let arranged =
            ArrangedForm { day: "2026-12-03".into(), words: "下午两点，评估员上门".into() };
        let granted = Opinion::parse(&OpinionForm { arranged, ..granted }, Gives::Service, TODAY);
        let Ok(Opinion::Grant { amount: None, arranged: Some(arranged), .. }) = granted else {
            panic!("{granted:?}")
        };
        assert_eq!(arranged.day, date(2026, 12, 3));
        for ground in RefusalGround::offered("home-adaptation", Gives::Service) {
            assert!(!RefusalGround::offered("temporary-aid", Gives::Money).contains(&ground), "{ground:?}");
        }
    }

    #[test]
    fn where_no_rule_is_published_the_decision_names_the_first_month() {
        let asks = OpinionAsks { gives: Gives::Money, month: true };
        let of = |month: &str| {
            let form = OpinionForm { month: month.into(), ..form("grant", "100", "", WHY) };
            match Opinion::parse(&form, asks, TODAY) {
                Ok(Opinion::Grant { month, .. }) => Ok(month),
                Ok(Opinion::Refuse { .. }) => panic!("it was to be given"),
                Err(errors) => Err(errors.of("month").cloned()),
            }
        };
        for typed in ["2026-12", "2026年12月", "２０２６－１２", "2026/12"] {
            assert_eq!(of(typed), Ok(Some(date(2026, 12, 1))), "{typed}");
        }
        assert_eq!(of(""), Err(Some(Prompt::FirstMonth.into())));
        for typed in ["12", "2026-13", "2016-12", "2029-01", "明年"] {
            assert_eq!(of(typed), Err(Some(Rule::MonthForm.into())), "{typed}");
        }
        let refused = OpinionForm { month: "x".into(), ..form("refuse", "", "not-entitled", WHY) };
        assert!(Opinion::parse(&refused, asks, TODAY).is_ok(), "nothing is paid then");
    }

    #[test]
    fn every_error_is_told_at_once() {
        let errors = Opinion::parse(&OpinionForm::default(), Gives::Money, TODAY).expect_err("empty");
        assert_eq!(errors.iter().map(|e| e.field.clone()).collect::<Vec<_>>(), ["outcome", "reasons"]);
    }

    #[test]
    fn review_law_88_short_days_are_working_days_60_is_not() {
        let appeal = Appeal::since(date(2026, 9, 1));
        assert_eq!(appeal.reconsideration, date(2026, 10, 31), "60 days by the calendar, holidays and all");
        assert_eq!(appeal.litigation, date(2027, 3, 1));
        // 民法典 202: where the month has no such day, its last.
        assert_eq!(Appeal::since(date(2026, 8, 31)).litigation, date(2027, 2, 28));
    }
}
