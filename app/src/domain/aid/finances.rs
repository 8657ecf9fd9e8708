//! Income and spending of the household, as the applicant states them; the check (核对) tells the rest
//! (社会救助法 41, 62: what the check can verify is not asked for as a paper).

use serde::{Deserialize, Serialize};

use crate::domain::form::FormErrors;
use crate::domain::money::{Fen, MoneyError};
use crate::masked_debug;

/// The page as typed, all in yuan.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FinancesForm {
    /// All income of the household in a month.
    pub monthly_income: String,
    /// Paid by the household for treatment in the last 12 months, after insurance.
    pub medical: String,
    /// Paid for school in the last 12 months.
    pub education: String,
    /// Paid for rehabilitation of a disability in the last 12 months.
    pub rehabilitation: String,
    /// Other spending that could not be avoided in the last 12 months.
    pub other: String,
}

/// Income and spending, checked; all in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finances {
    /// Income in a month.
    pub monthly_income: Fen,
    /// Treatment in the last 12 months.
    pub medical: Fen,
    /// School in the last 12 months.
    pub education: Fen,
    /// Rehabilitation in the last 12 months.
    pub rehabilitation: Fen,
    /// Other spending in the last 12 months.
    pub other: Fen,
}

masked_debug!(FinancesForm);

impl Finances {
    /// Checks the page. An empty spending is none; the income must be told, if only as 0.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &FinancesForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let monthly_income = errors.keep("monthly_income", Fen::parse_yuan(&form.monthly_income));
        let medical = errors.keep("medical", or_none(&form.medical));
        let education = errors.keep("education", or_none(&form.education));
        let rehabilitation = errors.keep("rehabilitation", or_none(&form.rehabilitation));
        let other = errors.keep("other", or_none(&form.other));
        match (monthly_income, medical, education, rehabilitation, other) {
            (Some(monthly_income), Some(medical), Some(education), Some(rehabilitation), Some(other)) => {
                Ok(Self { monthly_income, medical, education, rehabilitation, other })
            }
            _ => Err(errors),
        }
    }
}

fn or_none(text: &str) -> Result<Fen, MoneyError> {
    match Fen::parse_yuan(text) {
        Err(MoneyError::Missing) => Ok(Fen(0)),
        parsed => parsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_income_is_an_answer_and_no_answer_is_not() {
        let form =
            FinancesForm { monthly_income: "0".into(), medical: "1200.5".into(), ..Default::default() };
        assert_eq!(
            Finances::parse(&form).map(|f| (f.monthly_income, f.medical, f.other)),
            Ok((Fen(0), Fen(120_050), Fen(0)))
        );
        let errors = Finances::parse(&FinancesForm::default()).err();
        assert_eq!(errors.and_then(|e| e.of("monthly_income").cloned()), Some(MoneyError::Missing.into()));
    }
}
