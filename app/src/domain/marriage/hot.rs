//! Hot days, such as 520 and 七夕: an office gives one its own times and places, says whether it takes couples without a booking,
//! and both must have said yes before they come. The ministry leaves all of it to the offices.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::slots::{coming_day, count, minutes_of_day, time_words};
use super::{DrawOf, Matter};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};

/// So many times at most has one day.
pub const HOT_TIMES_MAX: usize = 12;

/// A time of a hot day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HotTime {
    /// Minutes since midnight in Shanghai.
    pub starts: u16,
    /// Minutes since midnight in Shanghai.
    pub ends: u16,
    /// How many couples.
    pub quota: i64,
}

impl HotTime {
    /// As a row keeps it: `540-660-20`.
    pub fn kept(&self) -> String {
        format!("{}-{}-{}", self.starts, self.ends, self.quota)
    }

    /// Reads what [`Self::kept`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let time = Self {
            starts: parts.next()?.parse().ok()?,
            ends: parts.next()?.parse().ok()?,
            quota: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(time)
    }

    /// 9:00–11:00，20 对
    pub fn words(&self) -> String {
        format!("{}，{} 对", time_words(self.starts, self.ends), self.quota)
    }
}

/// A day that an office marked, for one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotDay {
    /// The row's id; empty until it is kept.
    pub id: String,
    /// For what.
    pub matter: Matter,
    /// The day; it may be one that is off otherwise.
    pub day: Date,
    /// What people call it, such as 520.
    pub name: String,
    /// Its times, the earliest first. No other time holds on that day.
    pub times: Vec<HotTime>,
    /// Couples without a booking are taken.
    pub walk_in: bool,
    /// Its places are drawn.
    pub draw: Option<DrawOf>,
}

/// Which matters an office takes without a booking on a day: its rule of the door, and on a hot day the day's own.
pub fn walk_in_matters(matters: &[Matter], ordinary: bool, hot: &[HotDay], day: Date) -> Vec<Matter> {
    let takes = |matter: Matter| {
        let marked = hot.iter().find(|hot| (hot.day, hot.matter) == (day, matter));
        marked.map_or(ordinary, |hot| hot.walk_in)
    };
    matters.iter().copied().filter(|matter| takes(*matter)).collect()
}

/// A hot day, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HotDayForm {
    /// Slug of a [`Matter`].
    pub matter: String,
    /// The day.
    pub day: String,
    /// What people call it.
    pub name: String,
    /// One time a line: `9:00-11:00 20`.
    pub times: String,
    /// `yes` or `no`.
    pub walk_in: String,
}

/// Reads one line: `9:00-11:00 20`. A dash of any width is one.
fn time_of(line: &str) -> Result<HotTime, Rule> {
    let line = normalise::single_line(line);
    let line = line.trim_end_matches('对').trim_end();
    let (span, quota) = line.rsplit_once([' ', ',', '、']).ok_or(Rule::NotHotTimes)?;
    let (starts, ends) = span.split_once(['-', '–', '—', '~', '至']).ok_or(Rule::NotHotTimes)?;
    let minute = |text: &str| minutes_of_day(text.trim()).map_err(|_| Rule::NotHotTimes);
    let quota = count(quota, 1..=999).map_err(|_| Rule::NotHotTimes)?;
    let time = HotTime { starts: minute(starts)?, ends: minute(ends)?, quota: i64::from(quota) };
    if time.ends <= time.starts { Err(Rule::TimeNotLater) } else { Ok(time) }
}

fn times_of(text: &str) -> Result<Vec<HotTime>, FieldError> {
    let text = written::paragraph(text, Prompt::HotTimes, 1, 600)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut times = lines.map(time_of).collect::<Result<Vec<_>, _>>()?;
    times.sort_by_key(|time| time.starts);
    let overlap = times.windows(2).any(|pair| matches!(pair, [first, second] if second.starts < first.ends));
    if overlap || times.len() > HOT_TIMES_MAX { Err(Rule::TimesOverlap.into()) } else { Ok(times) }
}

impl HotDayForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<HotDay, FormErrors> {
        let mut errors = FormErrors::default();
        let day = errors.keep("day", coming_day(&self.day, today));
        let matter = match Matter::parse(&self.matter) {
            Some(matter) => Ok(matter),
            None if self.matter.is_empty() => Err(FieldError::from(Prompt::MarriageAnswer)),
            None => Err(FieldError::NotOffered),
        };
        let matter = errors.keep("matter", matter);
        let name = errors.keep("name", written::line(&self.name, Prompt::HotName, 1, 12));
        let times = errors.keep("times", times_of(&self.times));
        let walk_in = match self.walk_in.as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(Prompt::MarriageAnswer),
        };
        let walk_in = errors.keep("walk_in", walk_in);
        match (day, matter, name, times, walk_in) {
            (Some(day), Some(matter), Some(name), Some(times), Some(walk_in)) => {
                Ok(HotDay { id: String::new(), matter, day, name, times, walk_in, draw: None })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn form(times: &str) -> HotDayForm {
        HotDayForm {
            matter: "marriage".into(),
            day: "2027-05-20".into(),
            name: "520".into(),
            times: times.into(),
            walk_in: "no".into(),
        }
    }

    #[test]
    fn times_are_read_one_a_line_however_the_dash_is_typed() {
        let today = date(2026, 11, 23);
        let hot = form("13:00–16:30 20\n\n９:００-11:00，15对\n").parse(today).unwrap();
        let kept: Vec<_> = hot.times.iter().map(HotTime::kept).collect();
        assert_eq!(kept, ["540-660-15", "780-990-20"], "the earliest first");
        assert_eq!(HotTime::read("540-660-15"), hot.times.first().copied());
        assert_eq!(hot.times.first().map(HotTime::words).unwrap(), "9:00–11:00，15 对");
        assert_eq!(
            (HotTime::read("540-660"), HotTime::read("1-2-3-4"), HotTime::read("")),
            (None, None, None)
        );
        let wrong = |times: &str| form(times).parse(today).unwrap_err().of("times").cloned();
        for times in ["9:00 20", "9:00-11:00", "9:00-11:00 0", "9-11 20", "9:00-11:00 20 对子"] {
            assert_eq!(wrong(times), Some(Rule::NotHotTimes.into()), "{times}");
        }
        assert_eq!(wrong("11:00-9:00 20"), Some(Rule::TimeNotLater.into()));
        assert_eq!(wrong("9:00-11:00 20\n10:59-12:00 5"), Some(Rule::TimesOverlap.into()));
        assert_eq!(wrong(" \n"), Some(Prompt::HotTimes.into()));
    }

    #[test]
    fn a_hot_day_has_its_own_rule_of_the_door_for_its_matter_alone() {
        let hot = vec![form("9:00-11:00 20").parse(date(2026, 11, 23)).unwrap()];
        let (matters, day) = ([Matter::MarriageRegistration, Matter::CertificateReissue], date(2027, 5, 20));
        assert_eq!(walk_in_matters(&matters, true, &hot, day), [Matter::CertificateReissue]);
        assert_eq!(walk_in_matters(&matters, true, &hot, date(2027, 5, 21)), matters);
        assert!(walk_in_matters(&matters, false, &hot, day).is_empty());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let errors = HotDayForm::default().parse(date(2026, 11, 23)).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["day", "matter", "name", "times", "walk_in"]);
    }
}
