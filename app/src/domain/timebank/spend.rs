//! Hours that are used: service ordered for oneself or for those whom the rules name, and hours given to the pool.

use serde::{Deserialize, Serialize};

use super::Minutes;
use super::rules::BankRules;
use super::service::{NeedForm, NewNeed};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::masked_debug;

/// For whom a saver orders, when it is for themselves.
pub const SELF: &str = "self";

/// An order, as typed. Who orders for themselves types neither name nor telephone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// `self`, or one whom the rules name.
    pub whom: String,
    /// Who needs help, if another.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Street code.
    pub street: String,
    /// Community code.
    pub community: String,
    /// House and door.
    pub detail: String,
    /// Slug of a kind.
    pub kind: String,
    /// 2026-12-01
    pub day: String,
    /// 9:00
    pub starts: String,
    /// How long.
    pub minutes: String,
    /// Slug of a language.
    pub language: String,
    /// Slug of a skill; empty for none in particular.
    pub skill: String,
    /// What the volunteer should know.
    pub note: String,
}

masked_debug!(OrderForm);

/// An order, checked.
#[derive(Clone, Debug)]
pub struct Order {
    /// What is ordered.
    pub need: NewNeed,
    /// It is for the saver.
    pub own: bool,
    /// What is kept aside for it.
    pub minutes: Minutes,
}

impl Order {
    /// Checks the order of somebody with that name and telephone, by these rules.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(
        form: &OrderForm,
        (name, phone): (&str, &str),
        rules: &BankRules,
        now: Instant,
    ) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let own = form.whom == SELF || rules.spend_for.is_empty();
        if !own && !rules.spend_for.contains(&form.whom) {
            let missing = form.whom.is_empty();
            errors.add("whom", if missing { Prompt::TimeWhom.into() } else { FieldError::NotOffered });
        }
        let (name, phone) = if own { (name, phone) } else { (form.name.as_str(), form.phone.as_str()) };
        let need = NeedForm {
            name: name.to_owned(),
            phone: phone.to_owned(),
            street: form.street.clone(),
            community: form.community.clone(),
            detail: form.detail.clone(),
            kind: form.kind.clone(),
            day: form.day.clone(),
            starts: form.starts.clone(),
            minutes: form.minutes.clone(),
            language: form.language.clone(),
            skill: form.skill.clone(),
            note: form.note.clone(),
        };
        let need = match NewNeed::parse(&need, now) {
            Ok(need) => Some(need),
            Err(wrong) => {
                for error in wrong.iter() {
                    errors.add(error.field.clone(), error.error.clone());
                }
                None
            }
        };
        let minutes = need.as_ref().and_then(|need| {
            let minutes = Minutes::new(need.minutes).filter(|minutes| rules.is_step(minutes.get()));
            errors.keep("minutes", minutes.ok_or(Rule::NotAStep))
        });
        match (need, minutes) {
            (Some(need), Some(minutes)) if errors.is_empty() => Ok(Self { need, own, minutes }),
            _ => Err(errors),
        }
    }
}

/// Reads how many minutes are given to the pool: whole steps.
///
/// # Errors
/// The field `minutes`.
pub fn donation(text: &str, rules: &BankRules) -> Result<Minutes, FormErrors> {
    let mut errors = FormErrors::default();
    // Not `normalise::digits`: that drops hyphens, and a minus is one.
    let typed = normalise::single_line(text);
    let minutes = if typed.is_empty() {
        Err(FieldError::from(Prompt::TimeGift))
    } else {
        let minutes = typed.parse().ok().and_then(Minutes::new);
        minutes.filter(|minutes| rules.is_step(minutes.get())).ok_or_else(|| Rule::NotAStep.into())
    };
    errors.keep("minutes", minutes).ok_or(errors)
}

#[cfg(test)]
mod tests {
    use super::super::preset;
    use super::*;

    /// 2026-11-23 14:05 in Shanghai.
    const NOW: Instant = Instant(1_795_413_900_000);

    fn form() -> OrderForm {
        OrderForm {
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "新光路 1 号".into(),
            kind: "companionship".into(),
            day: "2026-11-24".into(),
            starts: "9:00".into(),
            minutes: "90".into(),
            language: "wuxi".into(),
            ..OrderForm::default()
        }
    }

    #[test]
    fn an_order_is_for_oneself_or_for_whom_the_rules_name_in_whole_steps() {
        let me = ("李大妈", "13900005678");
        let default = preset("default").unwrap();
        let order = Order::parse(&form(), me, default, NOW).unwrap();
        assert!(order.own && order.minutes.get() == 90 && order.need.served.name == "李大妈");
        let beijing = preset("beijing-2022").unwrap();
        let errors = Order::parse(&form(), me, beijing, NOW).unwrap_err();
        assert_eq!(errors.of("whom"), Some(&Prompt::TimeWhom.into()));
        assert!(errors.of("name").is_some(), "another one's name is not known");
        let spouse = OrderForm {
            whom: "spouse".into(),
            name: "王小明".into(),
            phone: "13900001234".into(),
            minutes: "60".into(),
            ..form()
        };
        assert!(!Order::parse(&spouse, me, beijing, NOW).unwrap().own);
        let half = OrderForm { whom: SELF.into(), ..form() };
        let errors = Order::parse(&half, me, beijing, NOW).unwrap_err();
        assert_eq!(errors.of("minutes"), Some(&Rule::NotAStep.into()), "90 minutes are no whole hours");
    }

    #[test]
    fn a_donation_is_in_whole_steps() {
        let rules = preset("default").unwrap();
        assert_eq!(donation("６０", rules).unwrap().get(), 60);
        for text in ["", "45", "-30", "0", "x"] {
            assert!(donation(text, rules).is_err(), "{text}");
        }
    }
}
