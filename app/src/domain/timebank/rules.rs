//! What a time bank may decide, as dated data: no rule of 新吴区 has been published, so each value is a setting.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::{MinorRule, Minutes};

/// To whom hours may be given (转赠).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GiftCircle {
    /// Lineal kin.
    Lineal,
    /// Anybody with an account.
    Anyone,
    /// Nobody.
    Nobody,
}

/// The rules of one bank.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankRules {
    /// What the setting calls them.
    pub slug: String,
    /// As people read it.
    pub name: String,
    /// Where they were read.
    pub source: String,
    /// From which day they hold there.
    pub effective_from: Date,
    /// Minutes of one time credit.
    pub minutes_each: i64,
    /// The youngest who earn for themselves.
    pub earn_age: i16,
    /// Whether minors give service under a guardian's agreement.
    #[serde(default)]
    pub minors: MinorRule,
    /// The most minutes that one person earns on a day.
    pub daily_cap: Option<i64>,
    /// The most minutes that one person holds.
    pub total_cap: Option<i64>,
    /// The youngest who spend for themselves.
    pub spend_age: i16,
    /// Others for whom a saver may order.
    pub spend_for: Vec<String>,
    /// To whom hours may be given.
    pub gift: GiftCircle,
    /// Whether hours may be exchanged for goods.
    pub goods: bool,
    /// Percent of the true minutes that are credited.
    pub coefficient: i64,
    /// Service is ordered in steps of so many minutes.
    pub step: i64,
}

/// What a confirmed service brings, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Really spent; the certificate names these.
    pub true_minutes: Minutes,
    /// For the volunteer.
    pub own: Option<Minutes>,
    /// Above the cap on what one person holds: theirs to give to the pool, or to leave.
    pub surplus: Option<Minutes>,
}

impl BankRules {
    /// What a service of so many true minutes brings to one who holds `balance` and has earned `today` on its day. Minutes
    /// that a daily cap cuts off are in the record and earn nothing. A coefficient that makes no whole minutes loses the
    /// part of a minute.
    pub fn credit(&self, true_minutes: Minutes, balance: i64, today: i64) -> Credit {
        let made = true_minutes.get() * self.coefficient / 100;
        let made = self.daily_cap.map_or(made, |cap| made.min((cap - today).max(0)));
        let own = self.total_cap.map_or(made, |cap| made.min((cap - balance).max(0)));
        Credit { true_minutes, own: Minutes::new(own), surplus: Minutes::new(made - own) }
    }

    /// Whether these minutes can be ordered: whole steps.
    pub fn is_step(&self, minutes: i64) -> bool {
        minutes > 0 && minutes % self.step == 0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rules: Vec<BankRules>,
}

static RULES: LazyLock<Result<Vec<BankRules>, String>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../data/timebank/rules.toml"))
        .map_err(|cause| cause.to_string())?;
    Ok(file.rules)
});

/// All sets of rules. Empty if the file can't be read, which a test excludes.
pub fn presets() -> &'static [BankRules] {
    RULES.as_deref().unwrap_or_default()
}

/// The set of that name.
pub fn preset(slug: &str) -> Option<&'static BankRules> {
    presets().iter().find(|rules| rules.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(count: i64) -> Minutes {
        Minutes::new(count).unwrap()
    }

    #[test]
    fn a_bank_that_decided_nothing_has_the_defaults() {
        let rules = preset("default").unwrap();
        assert_eq!((rules.minutes_each, rules.spend_age, rules.step, rules.coefficient), (60, 60, 30, 100));
        assert_eq!((rules.daily_cap, rules.total_cap, rules.goods), (None, None, false));
        assert!(presets().iter().all(|rules| !rules.source.is_empty() && !rules.goods));
        assert!(rules.is_step(90) && !rules.is_step(45) && !rules.is_step(0));
    }

    #[test]
    fn coefficient_never_changes_the_true_hours_in_the_record() {
        let rules = BankRules { coefficient: 150, ..preset("default").unwrap().clone() };
        let credit = rules.credit(minutes(90), 0, 0);
        assert_eq!(
            (credit.true_minutes, credit.own, credit.surplus),
            (minutes(90), Some(minutes(135)), None)
        );
    }

    #[test]
    fn what_is_above_the_caps_is_offered_or_recorded_alone() {
        let capped = preset("nanjing-2019").unwrap();
        let credit = capped.credit(minutes(90), 89_960, 0);
        assert_eq!((credit.own, credit.surplus), (Some(minutes(40)), Some(minutes(50))));
        assert_eq!(capped.credit(minutes(90), 95_000, 0).own, None);
        let daily = preset("changning-pilot").unwrap();
        let credit = daily.credit(minutes(90), 0, 60);
        assert_eq!((credit.own, credit.surplus, credit.true_minutes), (Some(minutes(60)), None, minutes(90)));
    }
}
