//! Whether a volunteer and a need fit: by what is to be done, place, time, skill and language. It gives reasons on one request;
//! it never weighs one person against another.

use jiff::civil::Weekday;

use super::kinds::ServiceKind;
use super::service::{Language, Volunteer};
use crate::domain::time::Instant;
use crate::slugs;

/// A day of the week on which somebody has time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeDay {
    /// 周一
    Monday,
    /// 周二
    Tuesday,
    /// 周三
    Wednesday,
    /// 周四
    Thursday,
    /// 周五
    Friday,
    /// 周六
    Saturday,
    /// 周日
    Sunday,
}

slugs!(FreeDay {
    Monday = "mon",
    Tuesday = "tue",
    Wednesday = "wed",
    Thursday = "thu",
    Friday = "fri",
    Saturday = "sat",
    Sunday = "sun",
});

impl FreeDay {
    /// The day of the week at an instant, in Shanghai.
    pub fn at(instant: Instant) -> Self {
        match instant.shanghai_date().weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A part of the day in which somebody has time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// Until 12:00.
    Morning,
    /// From 12:00 to 18:00.
    Afternoon,
    /// From 18:00.
    Evening,
}

slugs!(DayPart { Morning = "morning", Afternoon = "afternoon", Evening = "evening" });

impl DayPart {
    /// The part in which a minute of the day lies.
    pub fn of(minute: u16) -> Self {
        match minute {
            0..720 => Self::Morning,
            720..1080 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// What somebody is good at beside the kinds. None of them needs a licence: what does is a kind's own matter (志愿服务条例 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skill {
    /// Sign language.
    Signs,
    /// Pushing a wheelchair.
    Wheelchair,
    /// Cutting hair.
    Hair,
    /// Small repairs at home.
    Repairs,
}

slugs!(Skill { Signs = "signs", Wheelchair = "wheelchair", Hair = "hair", Repairs = "repairs" });

/// What is asked for, as far as matching needs it: nothing of whom it is for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What for.
    pub kind: &'a ServiceKind,
    /// The community's code, which begins with its street's.
    pub area: &'a str,
    /// When it is to begin.
    pub starts_at: Instant,
    /// When it is to end.
    pub ends_at: Instant,
    /// Which language.
    pub language: Language,
    /// What the volunteer should be good at.
    pub skill: Option<Skill>,
}

/// How far somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// It is in their own street.
    Own,
    /// It is in another to which they come.
    Comes,
    /// It is elsewhere.
    Far,
}

/// Why a volunteer fits a need, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// They do that.
    pub kind: bool,
    /// How far it is.
    pub near: Near,
    /// Whether it falls in the time that they named; `None` where they named none.
    pub time: Option<bool>,
    /// The two can talk.
    pub language: bool,
    /// They have the skill; `None` where none is asked for.
    pub skill: Option<bool>,
}

impl Fit {
    /// Holds one volunteer against one need.
    pub fn of(volunteer: &Volunteer, asked: &Asked<'_>) -> Self {
        let near = if asked.area.starts_with(volunteer.street.code) {
            Near::Own
        } else if volunteer.also.iter().any(|street| asked.area.starts_with(street.code)) {
            Near::Comes
        } else {
            Near::Far
        };
        Self {
            kind: volunteer.kinds.iter().any(|kind| kind.slug == asked.kind.slug),
            near,
            time: free(volunteer, asked.starts_at, asked.ends_at),
            language: volunteer.language.fits(asked.language),
            skill: asked.skill.map(|skill| volunteer.skills.contains(&skill)),
        }
    }

    /// Nothing speaks against it. Who named no time is not held to have none.
    pub fn fits(&self) -> bool {
        self.kind
            && self.near != Near::Far
            && self.time != Some(false)
            && self.language
            && self.skill != Some(false)
    }
}

/// Whether the whole service lies in the days and parts that were named. Where only days or only parts were named, the other
/// does not matter.
fn free(volunteer: &Volunteer, starts: Instant, ends: Instant) -> Option<bool> {
    if volunteer.days.is_empty() && volunteer.parts.is_empty() {
        return None;
    }
    // The last minute belongs to the service, the end itself does not: 10:00–12:00 is a morning.
    let last = Instant(ends.0 - 60_000);
    let day = |at| volunteer.days.is_empty() || volunteer.days.contains(&FreeDay::at(at));
    // No service is longer than a part (`LENGTHS`), so its two ends tell all of it.
    let part = |at: Instant| {
        volunteer.parts.is_empty() || volunteer.parts.contains(&DayPart::of(at.shanghai_minute()))
    };
    Some([starts, last].into_iter().all(|at| day(at) && part(at)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::area::{Street, street};
    use crate::domain::timebank::{begins_at, service_kind};

    fn volunteer() -> Volunteer {
        Volunteer {
            street: street("320214050").unwrap(),
            language: Language::Wuxi,
            kinds: vec![service_kind("companionship").unwrap()],
            also: Vec::new(),
            days: vec![FreeDay::Tuesday],
            parts: vec![DayPart::Morning],
            skills: vec![Skill::Signs],
        }
    }

    /// Tuesday 2026-11-24 at 9:00, 90 minutes.
    fn asked(area: &str) -> Asked<'_> {
        let starts_at = begins_at(date(2026, 11, 24), 540);
        Asked {
            kind: service_kind("companionship").unwrap(),
            area,
            starts_at,
            ends_at: Instant(starts_at.0 + 90 * 60_000),
            language: Language::Wuxi,
            skill: None,
        }
    }

    #[test]
    fn each_of_place_time_skill_and_language_can_speak_against_a_need() {
        let (mine, base) = (volunteer(), asked("320214050001"));
        assert!(Fit::of(&mine, &base).fits());
        assert!(!Fit::of(&mine, &Asked { language: Language::Mandarin, ..base }).fits());
        assert!(!Fit::of(&mine, &Asked { skill: Some(Skill::Hair), ..base }).fits());
        assert!(Fit::of(&mine, &Asked { skill: Some(Skill::Signs), ..base }).fits());
        assert!(!Fit::of(&mine, &Asked { kind: service_kind("errands").unwrap(), ..base }).fits());
        let day_later = Asked {
            starts_at: Instant(base.starts_at.0 + 24 * 3_600_000),
            ends_at: Instant(base.ends_at.0 + 24 * 3_600_000),
            ..base
        };
        assert_eq!(Fit::of(&mine, &day_later).time, Some(false), "a Wednesday");
        let other: &Street = crate::domain::area::streets().iter().find(|of| of.code != "320214050").unwrap();
        let there = format!("{}001", other.code);
        assert_eq!(Fit::of(&mine, &asked(&there)).near, Near::Far);
        let comes = Volunteer { also: vec![other], ..volunteer() };
        assert!(
            Fit::of(&comes, &asked(&there)).near == Near::Comes && Fit::of(&comes, &asked(&there)).fits()
        );
    }

    #[test]
    fn a_service_over_two_parts_of_the_day_needs_both_and_noon_ends_the_morning() {
        let at = |minute| begins_at(date(2026, 11, 24), minute);
        let mine = volunteer();
        assert_eq!(free(&mine, at(600), at(720)), Some(true), "10:00 to 12:00");
        assert_eq!(free(&mine, at(690), at(780)), Some(false), "11:30 to 13:00");
        let whole = Volunteer { parts: vec![DayPart::Morning, DayPart::Afternoon], ..volunteer() };
        assert_eq!(free(&whole, at(690), at(780)), Some(true));
        let silent = Volunteer { days: Vec::new(), parts: Vec::new(), ..volunteer() };
        assert_eq!(free(&silent, at(1200), at(1260)), None, "who named no time is not held to have none");
    }
}
