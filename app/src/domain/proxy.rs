//! Acting for someone (亲友代办, 国办发〔2020〕45号): who acts for whom, in what, until when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::document::parse_date;
use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::name::PersonName;
use super::phone::{ContactPhone, PhoneError};
use crate::{masked_debug, slugs};

/// The longest time that somebody may act on one agreement, in days.
pub const LONGEST_DAYS: i64 = 366;

/// A service that somebody may act in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 救助
    Aid,
    /// 婚登
    Marriage,
    /// 助餐
    Meals,
    /// 时间银行
    Timebank,
}

slugs!(Scope { Aid = "aid", Marriage = "marriage", Meals = "meals", Timebank = "timebank" });

impl Scope {
    /// The services that are there: nobody is asked to agree to what nobody can do yet.
    pub const OPEN: &'static [Self] = &[Self::Aid, Self::Meals];
}

/// What kind of acting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// A relative or friend, with the person's own agreement.
    Relative,
    /// A guardian of a minor, with documents seen at the counter.
    Guardian,
    /// Staff who help at the counter, for this one visit.
    Staff,
}

slugs!(ProxyKind { Relative = "relative", Guardian = "guardian", Staff = "staff" });

/// What was seen or heard when an agreement was recorded at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperSeen {
    /// The represented person's consent, signed before the clerk's eyes.
    ConsentForm,
    /// 户口簿
    HouseholdRegister,
    /// 出生医学证明
    BirthCertificate,
    /// A ruling or agreement on who is guardian (民法典 27, 30, 31).
    GuardianshipRuling,
    /// The person who stood there said yes to being helped.
    Spoken,
}

slugs!(PaperSeen {
    ConsentForm = "consent_form",
    HouseholdRegister = "household_register",
    BirthCertificate = "birth_certificate",
    GuardianshipRuling = "guardianship_ruling",
    Spoken = "spoken",
});

impl PaperSeen {
    /// Whether it proves this kind of acting.
    pub fn proves(self, kind: ProxyKind) -> bool {
        match kind {
            ProxyKind::Relative => self == Self::ConsentForm,
            ProxyKind::Guardian => !matches!(self, Self::ConsentForm | Self::Spoken),
            ProxyKind::Staff => matches!(self, Self::ConsentForm | Self::Spoken),
        }
    }
}

/// Why somebody had an agreement ended at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The person doesn't want it any more.
    OwnWish,
    /// What it was for is done.
    NotNeeded,
    /// The one who acted did what was not agreed to.
    Misused,
    /// Another person is guardian now.
    GuardianChanged,
}

slugs!(EndReason {
    OwnWish = "own_wish",
    NotNeeded = "not_needed",
    Misused = "misused",
    GuardianChanged = "guardian_changed",
});

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyState {
    /// Asked for; the represented person has not answered.
    Requested,
    /// Agreed to.
    Active,
    /// Refused.
    Refused,
    /// Ended by one of the two, or by its end date.
    Ended,
}

slugs!(ProxyState { Requested = "requested", Active = "active", Refused = "refused", Ended = "ended" });

/// The request, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProxyForm {
    /// Name of the person to act for.
    pub name: String,
    /// That person's telephone, where the code goes.
    pub phone: String,
    /// What that person is to the one who asks: a slug of [`super::aid::Relation`].
    pub relation: String,
    /// `yes` for each service.
    pub scope_aid: String,
    /// See `scope_aid`.
    pub scope_marriage: String,
    /// See `scope_aid`.
    pub scope_meals: String,
    /// See `scope_aid`.
    pub scope_timebank: String,
    /// The last day, `YYYY-MM-DD`.
    pub ends_on: String,
}

/// The request, checked.
#[derive(Clone, Debug)]
pub struct ProxyRequest {
    /// Name of the person to act for.
    pub name: PersonName,
    /// Where the code goes.
    pub phone: ContactPhone,
    /// What that person is to the one who asks.
    pub relation: super::aid::Relation,
    /// In what, in the order of [`Scope::ALL`], never empty.
    pub scope: Vec<Scope>,
    /// The last day.
    pub ends_on: Date,
}

masked_debug!(ProxyForm);

impl ProxyForm {
    fn ticked(&self, scope: Scope) -> bool {
        let field = match scope {
            Scope::Aid => &self.scope_aid,
            Scope::Marriage => &self.scope_marriage,
            Scope::Meals => &self.scope_meals,
            Scope::Timebank => &self.scope_timebank,
        };
        field == "yes"
    }
}

impl ProxyRequest {
    /// Checks the page on the day `today`. `own` is the telephone of the one who asks: nobody agrees to oneself.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ProxyForm, own: Option<&ContactPhone>, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&form.name));
        let phone = match ContactPhone::parse(&form.phone) {
            Err(PhoneError::Missing) => Err(FieldError::from(Prompt::RepresentedPhone)),
            Ok(phone) if Some(&phone) == own => Err(Rule::OwnPhone.into()),
            parsed => parsed.map_err(Into::into),
        };
        let phone = errors.keep("phone", phone);
        let relation = match form.relation.as_str() {
            "" => Err(FieldError::from(Prompt::RepresentedRelation)),
            slug => super::aid::Relation::parse(slug).ok_or(FieldError::NotOffered),
        };
        let relation = errors.keep("relation", relation);
        let scope: Vec<Scope> = Scope::ALL.iter().copied().filter(|s| form.ticked(*s)).collect();
        if scope.is_empty() {
            errors.add("scope_aid", Prompt::Scope);
        }
        let ends_on = errors.keep("ends_on", parse_end(&form.ends_on, today));
        match (name, phone, relation, ends_on) {
            (Some(name), Some(phone), Some(relation), Some(ends_on)) if !scope.is_empty() => {
                Ok(Self { name, phone, relation, scope, ends_on })
            }
            _ => Err(errors),
        }
    }
}

/// The last day of an agreement: after today, within a year.
pub(super) fn parse_end(text: &str, today: Date) -> Result<Date, FieldError> {
    if text.trim().is_empty() {
        return Err(Prompt::EndDate.into());
    }
    let date = parse_date(text)?;
    let days = today.until((jiff::Unit::Day, date)).map_or(i64::MAX, |span| i64::from(span.get_days()));
    if days < 1 {
        return Err(Rule::EndNotLater.into());
    }
    if days > LONGEST_DAYS { Err(Rule::EndTooLate.into()) } else { Ok(date) }
}

/// Scopes as stored: slugs with a comma between.
pub fn scope_text(scope: &[Scope]) -> String {
    scope.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(",")
}

/// Scopes as read back; unknown ones are left out, which only makes less possible.
pub fn parse_scope(text: &str) -> Vec<Scope> {
    text.split(',').filter_map(Scope::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn form() -> ProxyForm {
        ProxyForm {
            name: "样例老人".into(),
            phone: "13900000002".into(),
            relation: "parent".into(),
            scope_aid: "yes".into(),
            ends_on: "2027-05-01".into(),
            ..Default::default()
        }
    }

    fn own() -> ContactPhone {
        ContactPhone::parse("13900000001").expect("a number")
    }

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn nobody_agrees_to_oneself() {
        let form = ProxyForm { phone: "+86 139 0000 0001".into(), ..form() };
        let errors = ProxyRequest::parse(&form, Some(&own()), TODAY).err();
        assert_eq!(errors.as_ref().and_then(|e| e.of("phone")), Some(&Rule::OwnPhone.into()));
    }

    #[test]
    fn an_agreement_ends_after_today_and_within_a_year() {
        for (day, error) in [
            ("", Some(FieldError::from(Prompt::EndDate))),
            ("2026-11-24", Some(Rule::EndNotLater.into())),
            ("2027-11-26", Some(Rule::EndTooLate.into())),
            ("2026-13-01", Some(Rule::NotADate.into())),
            ("2026-11-25", None),
            ("2027-11-24", None),
        ] {
            let form = ProxyForm { ends_on: day.into(), ..form() };
            let errors = ProxyRequest::parse(&form, Some(&own()), TODAY).err();
            assert_eq!(errors.as_ref().and_then(|e| e.of("ends_on")), error.as_ref(), "{day}");
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let errors = ProxyRequest::parse(&ProxyForm::default(), Some(&own()), TODAY).err();
        let fields: Vec<_> =
            errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone().into_owned()).collect();
        assert_eq!(fields, ["name", "phone", "relation", "scope_aid", "ends_on"]);
    }

    #[test]
    fn scopes_are_stored_and_read_back() {
        assert_eq!(parse_scope(&scope_text(Scope::ALL)), Scope::ALL);
        assert_eq!(parse_scope("aid,unknown"), [Scope::Aid]);
        assert!(parse_scope("").is_empty());
    }
}
