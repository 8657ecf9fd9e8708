//! A need and the service that answers it: asked for, taken, begun, ended, confirmed. The served person's word makes it count;
//! silence never does.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::kinds::{ServiceKind, service_kind, service_kinds};
use super::matching::{DayPart, FreeDay, Skill};
use crate::domain::area::{Community, Street, street, streets};
use crate::domain::calendar::{Calendar, Deadline};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::marriage::minutes_of_day;
use crate::domain::name::PersonName;
use crate::domain::normalise;
use crate::domain::phone::{ContactPhone, PhoneError};
use crate::domain::time::Instant;
use crate::domain::written;
use crate::{masked_debug, slugs};

/// A service that took longer is looked at by a coordinator first. Our own rule, no published one.
pub const REVIEW_ABOVE: i64 = 12 * 60;

/// A record is entered within so many working days after the service (志愿服务记录与证明出具办法 11).
pub const ENTER_WITHIN: u32 = 10;

/// How long a service may be asked for, in minutes.
pub const LENGTHS: &[i64] = &[30, 60, 90, 120, 180, 240];

/// How a need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedState {
    /// Nobody has said yes yet.
    Posted,
    /// A volunteer comes.
    Taken,
    /// The service goes on.
    Started,
    /// It is over and waits for the served person's word.
    Ended,
    /// It counts.
    Confirmed,
    /// The two say different things; a coordinator hears both.
    Disputed,
    /// It is not wanted any more.
    Cancelled,
}

slugs!(NeedState {
    Posted = "posted",
    Taken = "taken",
    Started = "started",
    Ended = "ended",
    Confirmed = "confirmed",
    Disputed = "disputed",
    Cancelled = "cancelled",
});

/// Which language somebody is at home in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 普通话
    Mandarin,
    /// 无锡话
    Wuxi,
    /// Both, or either.
    Both,
}

slugs!(Language { Mandarin = "mandarin", Wuxi = "wuxi", Both = "both" });

impl Language {
    /// Whether the two can talk.
    pub fn fits(self, other: Self) -> bool {
        self == other || self == Self::Both || other == Self::Both
    }
}

/// A need, as typed by staff on the telephone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeedForm {
    /// Who needs help.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Street code.
    pub street: String,
    /// Community code.
    pub community: String,
    /// House and door.
    pub detail: String,
    /// Slug of a [`ServiceKind`].
    pub kind: String,
    /// 2026-12-01
    pub day: String,
    /// 9:00
    pub starts: String,
    /// One of [`LENGTHS`].
    pub minutes: String,
    /// Slug of a [`Language`].
    pub language: String,
    /// Slug of a [`Skill`]; empty for none in particular.
    pub skill: String,
    /// What the volunteer should know.
    pub note: String,
}

/// What only the two and the staff who serve the area know.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Who needs help.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// House and door.
    pub detail: String,
    /// What the volunteer should know.
    pub note: String,
}

/// A need, checked.
#[derive(Clone)]
pub struct NewNeed {
    /// Who needs help, and where exactly.
    pub served: Served,
    /// Their telephone.
    pub phone: ContactPhone,
    /// The community, whose code begins with its street's.
    pub community: &'static Community,
    /// What for.
    pub kind: &'static ServiceKind,
    /// The day.
    pub day: Date,
    /// Minutes since midnight.
    pub starts: u16,
    /// How long.
    pub minutes: i64,
    /// Which language.
    pub language: Language,
    /// What the volunteer should be good at.
    pub skill: Option<Skill>,
}

masked_debug!(NeedForm, Served, NewNeed);

impl NewNeed {
    /// Checks the form at the instant `now`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &NeedForm, now: Instant) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", PersonName::parse(&form.name));
        let phone = match ContactPhone::parse(&form.phone) {
            Err(PhoneError::Missing) => Err(FieldError::from(Prompt::SignInPhone)),
            parsed => parsed.map_err(Into::into),
        };
        let phone = errors.keep("phone", phone);
        let street = errors.keep("street", Street::parse(&form.street));
        let community = street
            .and_then(|street| errors.keep("community", Community::parse(&form.community, street.code)));
        let detail = errors.keep("detail", written::line(&form.detail, Prompt::AddressDetail, 2, 100));
        let kind = errors.keep("kind", chosen(&form.kind, Prompt::TimeKind, service_kind));
        let today = now.shanghai_date();
        let day = match normalise::single_line(&form.day).as_str() {
            "" => Err(FieldError::from(Prompt::TimeDay)),
            day => match parse_date(day) {
                Ok(day) if day < today => Err(Rule::DayOver.into()),
                parsed => parsed.map_err(Into::into),
            },
        };
        let day = errors.keep("day", day);
        let starts = match minutes_of_day(&form.starts) {
            Ok(starts) if day.is_some_and(|day| begins_at(day, starts) <= now) => Err(Rule::DayOver),
            parsed => parsed,
        };
        let starts = errors.keep("starts", starts);
        let minutes = chosen(&form.minutes, Prompt::TimeLength, |text| {
            text.parse().ok().filter(|minutes| LENGTHS.contains(minutes))
        });
        let minutes = errors.keep("minutes", minutes);
        let language = errors.keep("language", chosen(&form.language, Prompt::TimeLanguage, Language::parse));
        let skill = match form.skill.as_str() {
            "" => Ok(None),
            skill => Skill::parse(skill).map(Some).ok_or(FieldError::NotOffered),
        };
        let skill = errors.keep("skill", skill);
        let note = match normalise::multi_line(&form.note).as_str() {
            "" => Ok(String::new()),
            note => written::paragraph(note, Prompt::CaseNote, 1, 300),
        };
        let note = errors.keep("note", note);
        match (name, phone, community, detail, kind, day, starts, minutes, language, skill, note) {
            (
                Some(name),
                Some(phone),
                Some(community),
                Some(detail),
                Some(kind),
                Some(day),
                Some(starts),
                Some(minutes),
                Some(language),
                Some(skill),
                Some(note),
            ) => Ok(Self {
                served: Served {
                    name: name.as_str().to_owned(),
                    phone: phone.as_str().to_owned(),
                    detail,
                    note,
                },
                phone,
                community,
                kind,
                day,
                starts,
                minutes,
                language,
                skill,
            }),
            _ => Err(errors),
        }
    }
}

fn chosen<T>(text: &str, prompt: Prompt, parse: impl Fn(&str) -> Option<T>) -> Result<T, FieldError> {
    match text {
        "" => Err(prompt.into()),
        text => parse(text).ok_or(FieldError::NotOffered),
    }
}

/// When a minute of a day is.
pub fn begins_at(day: Date, minute: u16) -> Instant {
    Instant(Instant::shanghai_midnight(day).0 + i64::from(minute) * 60_000)
}

/// What a volunteer tells, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VolunteerForm {
    /// Street code: where one likes to help.
    pub street: String,
    /// Slug of a [`Language`].
    pub language: String,
    /// Slugs of kinds.
    pub kinds: Vec<String>,
    /// Codes of other streets to which one comes.
    pub also: Vec<String>,
    /// Slugs of [`FreeDay`].
    pub days: Vec<String>,
    /// Slugs of [`DayPart`].
    pub parts: Vec<String>,
    /// Slugs of [`Skill`].
    pub skills: Vec<String>,
    /// `yes`: the terms were read.
    pub agreed: String,
}

impl VolunteerForm {
    /// The boxes `kind-…`, `also-…`, `free-…`, `part-…` and `skill-…` that were ticked, with the other fields.
    pub fn of(fields: &BTreeMap<String, String>) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let ticked = |prefix: &str, offered: Vec<&str>| -> Vec<String> {
            let kept = offered.into_iter().filter(|slug| field(&format!("{prefix}-{slug}")) == "yes");
            kept.map(str::to_owned).collect()
        };
        Self {
            street: field("street"),
            language: field("language"),
            kinds: ticked("kind", service_kinds().iter().map(|kind| kind.slug.as_str()).collect()),
            also: ticked("also", streets().iter().map(|street| street.code).collect()),
            days: ticked("free", FreeDay::ALL.iter().map(|day| day.as_str()).collect()),
            parts: ticked("part", DayPart::ALL.iter().map(|part| part.as_str()).collect()),
            skills: ticked("skill", Skill::ALL.iter().map(|skill| skill.as_str()).collect()),
            agreed: field("agreed"),
        }
    }
}

/// A volunteer, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    /// Where one likes to help.
    pub street: &'static Street,
    /// Which language.
    pub language: Language,
    /// What one gives.
    pub kinds: Vec<&'static ServiceKind>,
    /// Other streets to which one comes.
    pub also: Vec<&'static Street>,
    /// Days on which one has time; none where nothing was said.
    pub days: Vec<FreeDay>,
    /// Parts of the day in which one has time; none where nothing was said.
    pub parts: Vec<DayPart>,
    /// What one is good at.
    pub skills: Vec<Skill>,
}

impl Volunteer {
    /// Checks the form of somebody of that age.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &VolunteerForm, age: i16) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let first = service_kinds().first().map(|kind| format!("kind-{}", kind.slug)).unwrap_or_default();
        let kinds: Vec<_> = form.kinds.iter().filter_map(|slug| service_kind(slug)).collect();
        if kinds.is_empty() {
            errors.add(first, Prompt::TimeKinds);
        }
        for kind in &kinds {
            if age < kind.least_age {
                errors.add(format!("kind-{}", kind.slug), Rule::TooYoungForKind);
            }
        }
        let street = errors.keep("street", Street::parse(&form.street));
        let language = errors.keep("language", chosen(&form.language, Prompt::TimeLanguage, Language::parse));
        if form.agreed != "yes" {
            errors.add("agreed", Prompt::TimeTerms);
        }
        match (street, language) {
            (Some(street), Some(language)) if errors.is_empty() => Ok(Self {
                street,
                language,
                kinds,
                also: form.also.iter().filter_map(|code| self::street(code)).collect(),
                days: form.days.iter().filter_map(|slug| FreeDay::parse(slug)).collect(),
                parts: form.parts.iter().filter_map(|slug| DayPart::parse(slug)).collect(),
                skills: form.skills.iter().filter_map(|slug| Skill::parse(slug)).collect(),
            }),
            _ => Err(errors),
        }
    }
}

/// Full years of life on a day; the birthday itself counts (民法典 1259).
pub fn age_on(birth: Date, day: Date) -> i16 {
    let before = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(before)
}

/// Whether a record that is entered on a day comes later than the 10 working days after the service; `None` where the
/// holidays of that year are not known.
pub fn entered_late(service: Date, entered: Date, calendar: &Calendar) -> Option<bool> {
    match calendar.add_working_days(service, ENTER_WITHIN) {
        Deadline::On(last) => Some(entered > last),
        _ => None,
    }
}

/// Whether two services share a minute.
pub fn overlap(one: (Instant, Instant), other: (Instant, Instant)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// 2026-11-23 14:05 in Shanghai.
    const NOW: Instant = Instant(1_795_413_900_000);

    fn form() -> NeedForm {
        NeedForm {
            name: "李大妈".into(),
            phone: "0510-80005678".into(),
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "新光路 1 号".into(),
            kind: "companionship".into(),
            day: "2026-11-24".into(),
            starts: "9:00".into(),
            minutes: "90".into(),
            language: "wuxi".into(),
            ..NeedForm::default()
        }
    }

    #[test]
    fn time_record_entered_after_10_working_days_is_flagged() {
        let calendar = Calendar::embedded();
        let service = date(2026, 11, 23);
        assert_eq!(entered_late(service, date(2026, 12, 7), calendar), Some(false));
        assert_eq!(entered_late(service, date(2026, 12, 8), calendar), Some(true));
        assert_eq!(entered_late(date(2026, 12, 28), date(2026, 12, 29), calendar), None, "2027 is not known");
    }

    #[test]
    fn two_services_of_one_person_cannot_overlap() {
        let span = |from, to| (Instant(from), Instant(to));
        assert!(overlap(span(0, 60), span(59, 100)) && overlap(span(10, 20), span(0, 60)));
        assert!(!overlap(span(0, 60), span(60, 100)), "one after the other is right");
    }

    #[test]
    fn a_need_is_read_and_all_that_is_missing_is_told_at_once() {
        let need = NewNeed::parse(&form(), NOW).unwrap();
        assert_eq!((need.minutes, need.starts, need.kind.name.as_str()), (90, 540, "陪聊天"));
        let errors = NewNeed::parse(&NeedForm::default(), NOW).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.clone().into_owned()).collect();
        assert_eq!(
            fields,
            ["name", "phone", "street", "detail", "kind", "day", "starts", "minutes", "language"]
        );
        let over = NewNeed::parse(&NeedForm { day: "2026-11-23".into(), ..form() }, NOW).unwrap_err();
        assert_eq!(over.of("starts"), Some(&Rule::DayOver.into()), "9:00 today is over");
    }

    #[test]
    fn a_volunteer_is_old_enough_for_each_kind_and_has_read_the_terms() {
        let form = VolunteerForm {
            street: "320214050".into(),
            language: "both".into(),
            kinds: vec!["companionship".into(), "clinic".into()],
            agreed: "yes".into(),
            ..VolunteerForm::default()
        };
        assert_eq!(Volunteer::parse(&form, 18).unwrap().kinds.len(), 2);
        let young = Volunteer::parse(&form, 16).unwrap_err();
        assert_eq!(young.of("kind-clinic"), Some(&Rule::TooYoungForKind.into()));
        let errors = Volunteer::parse(&VolunteerForm::default(), 30).unwrap_err();
        assert_eq!(errors.iter().count(), 4);
        assert!(Language::Both.fits(Language::Wuxi) && !Language::Mandarin.fits(Language::Wuxi));
    }
}
