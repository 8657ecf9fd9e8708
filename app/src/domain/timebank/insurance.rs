//! A volunteer's accident insurance: bought before a service that may be dangerous (志愿服务条例 17).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::masked_debug;

/// An insurance, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InsuranceForm {
    /// Which company.
    pub insurer: String,
    /// The policy's number.
    pub policy: String,
    /// The last day.
    pub until: String,
}

/// An insurance, checked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurance {
    /// Which company.
    pub insurer: String,
    /// The policy's number.
    pub policy: String,
    /// The last day, which still counts.
    pub until: Date,
}

masked_debug!(InsuranceForm, Insurance);

impl Insurance {
    /// Checks the form on a day.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &InsuranceForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let insurer = errors.keep("insurer", written::line(&form.insurer, Prompt::Insurer, 2, 60));
        let policy = errors.keep("policy", written::line(&form.policy, Prompt::PolicyNumber, 4, 60));
        let until = match normalise::single_line(&form.until).as_str() {
            "" => Err(FieldError::from(Prompt::InsuredUntil)),
            day => match parse_date(day) {
                Ok(day) if day < today => Err(Rule::DayOver.into()),
                parsed => parsed.map_err(Into::into),
            },
        };
        let until = errors.keep("until", until);
        match (insurer, policy, until) {
            (Some(insurer), Some(policy), Some(until)) => Ok(Self { insurer, policy, until }),
            _ => Err(errors),
        }
    }

    /// Whether it still holds on a day.
    pub fn covers(&self, day: Date) -> bool {
        day <= self.until
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_insurance_names_its_company_its_number_and_its_last_day() {
        let today = date(2026, 11, 23);
        let form = InsuranceForm {
            insurer: "示例保险".into(),
            policy: "SL-0001".into(),
            until: "2026-11-23".into(),
        };
        let insurance = Insurance::parse(&form, today).unwrap();
        assert!(insurance.covers(today) && !insurance.covers(date(2026, 11, 24)));
        let errors = Insurance::parse(&InsuranceForm::default(), today).unwrap_err();
        assert_eq!(errors.iter().count(), 3);
        let over =
            Insurance::parse(&InsuranceForm { until: "2026-11-22".into(), ..form }, today).unwrap_err();
        assert_eq!(over.of("until"), Some(&Rule::DayOver.into()));
    }
}
