//! Meal points: where they are, when they serve, until when one may order.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::area::{self, Community};
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::marriage::minutes_of_day;
use crate::domain::time::Instant;
use crate::domain::{normalise, written};
use crate::slugs;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// 区域性助餐中心
    Centre,
    /// 助餐点
    Point,
}

slugs!(PointKind { Centre = "centre", Point = "point" });

/// Which meal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MealKind {
    /// 早饭
    Breakfast,
    /// 午饭
    Lunch,
    /// 晚饭
    Dinner,
}

slugs!(MealKind { Breakfast = "breakfast", Lunch = "lunch", Dinner = "dinner" });

/// How the meal comes to the elder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MealMode {
    /// 堂食
    DineIn,
    /// 送餐
    Delivery,
}

slugs!(MealMode { DineIn = "dine_in", Delivery = "delivery" });

/// A meal point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MealPoint {
    /// Its code, where staff are posted.
    pub code: String,
    /// What kind of place.
    pub kind: PointKind,
    /// Its name.
    pub name: String,
    /// The community where it is.
    pub community: &'static Community,
    /// Road and number.
    pub address: String,
    /// Its telephone.
    pub phone: String,
    /// One gets in without a step.
    pub step_free: bool,
    /// The communities to whose doors it delivers.
    pub delivers: Vec<&'static Community>,
    /// It is made up, and says so.
    pub sample: bool,
}

impl MealPoint {
    /// Whether meals are brought to doors of that community.
    pub fn delivers_to(&self, community: &str) -> bool {
        self.delivers.iter().any(|of| of.code == community)
    }
}

/// The columns of a file of points, in this order.
const COLUMNS: &str = "code,kind,name,community,address,phone,step_free,delivers";

/// Reads a file of points: comma-separated, a header first; no field holds a comma.
///
/// # Errors
/// The line that is wrong, in words for whoever wrote it.
pub fn read_points(text: &str, sample: bool) -> Result<Vec<MealPoint>, String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    if lines.next().map(str::trim) != Some(COLUMNS) {
        return Err(format!("line 1 must be {COLUMNS}"));
    }
    let mut points: Vec<MealPoint> = Vec::new();
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| format!("line {}: {what}", at + 2);
        // Not normalised: names keep their full-width signs.
        let fields: Vec<_> = line.split(',').map(|field| field.trim().to_owned()).collect();
        let [code, kind, name, community, address, phone, step_free, delivers] = fields.as_slice() else {
            return Err(wrong("eight columns are needed"));
        };
        let formed = (1..=20).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        // One's own meals are at these addresses.
        if !formed || ["mine", "standing", "waiting"].contains(&code.as_str()) {
            return Err(wrong("the code is 1 to 20 small letters, digits and hyphens"));
        }
        if points.iter().any(|point| point.code == *code) {
            return Err(wrong("this code stands above already"));
        }
        if name.is_empty() || address.is_empty() || phone.is_empty() {
            return Err(wrong("name, address and phone are needed"));
        }
        let communities: Option<Vec<_>> = delivers.split_whitespace().map(area::community).collect();
        points.push(MealPoint {
            kind: PointKind::parse(kind).ok_or_else(|| wrong("kind is centre or point"))?,
            community: area::community(community).ok_or_else(|| wrong("there is no such community"))?,
            delivers: communities.ok_or_else(|| wrong("delivers names a community that there is not"))?,
            step_free: match step_free.as_str() {
                "0" => false,
                "1" => true,
                _ => return Err(wrong("step_free is 0 or 1")),
            },
            code: code.clone(),
            name: name.clone(),
            address: address.clone(),
            phone: phone.clone(),
            sample,
        });
    }
    Ok(points)
}

/// Made-up points for where sample data belongs: as many as the district's plan counts, 10 centres and 54 points.
///
/// # Errors
/// Never: a test reads them.
pub fn sample_points() -> Result<Vec<MealPoint>, String> {
    read_points(include_str!("../../../data/meals/sample_points.csv"), true)
}

/// When a point serves a meal, and until when one may order it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Which meal.
    pub kind: MealKind,
    /// Minutes since midnight.
    pub starts: u16,
    /// Minutes since midnight.
    pub ends: u16,
    /// So many days before the meal,
    pub cutoff_days: i64,
    /// at so many minutes since midnight, ordering ends.
    pub cutoff: u16,
}

/// 24 hours.
const DAY_MS: i64 = 24 * 60 * 60_000;

impl Service {
    /// The moment at which ordering for that day ends.
    pub fn cutoff_at(&self, day: Date) -> Instant {
        // No summer time is left in the zone, so days are of one length.
        let midnight = Instant::shanghai_midnight(day).0 - self.cutoff_days * DAY_MS;
        Instant(midnight + i64::from(self.cutoff) * 60_000)
    }

    /// The moment at which that day's meal is served.
    pub fn starts_at(&self, day: Date) -> Instant {
        Instant(Instant::shanghai_midnight(day).0 + i64::from(self.starts) * 60_000)
    }

    /// Whether it is being served at that minute of a day.
    pub fn is_on(&self, minute: u16) -> bool {
        (self.starts..self.ends).contains(&minute)
    }
}

/// How long until then, as one says it: 「还有 25 分钟」. `None` where it is over.
pub fn left_words(now: Instant, until: Instant) -> Option<String> {
    let minutes = (until.0 - now.0) / 60_000;
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    Some(match (days, hours, rest) {
        _ if until <= now => return None,
        (0, 0, 0) => "还有不到 1 分钟".to_owned(),
        (0, 0, minutes) => format!("还有 {minutes} 分钟"),
        (0, hours, 0) => format!("还有 {hours} 小时"),
        (0, hours, minutes) => format!("还有 {hours} 小时 {minutes} 分钟"),
        (days, 0, _) => format!("还有 {days} 天"),
        (days, hours, _) => format!("还有 {days} 天 {hours} 小时"),
    })
}

/// A day on which a point is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MealClosure {
    /// The row's id; empty until it is kept.
    pub id: String,
    /// The day.
    pub day: Date,
    /// Why, as elders read it.
    pub reason: String,
}

/// What a search for points asks, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PointSearch {
    /// Street code; empty for all.
    pub street: String,
    /// Community code; empty for all. It is the one where somebody lives, so delivery to it counts too.
    pub community: String,
    /// `yes`: open at this moment.
    pub open: String,
    /// `yes`: without a step.
    pub step_free: String,
    /// `yes`: delivers.
    pub delivers: String,
}

impl PointSearch {
    /// Whether a point that is open, or not, is looked for.
    pub fn finds(&self, point: &MealPoint, open: bool) -> bool {
        let street = self.street.is_empty() || point.community.street_code == self.street;
        let wants_delivery = self.delivers == "yes";
        let community = self.community.is_empty()
            || point.delivers_to(&self.community)
            || (!wants_delivery && point.community.code == self.community);
        street
            && community
            && (self.open != "yes" || open)
            && (self.step_free != "yes" || point.step_free)
            && (!wants_delivery || !point.delivers.is_empty())
    }
}

/// When a meal is served, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    /// Slug of a [`MealKind`].
    pub service_kind: String,
    /// 11:00
    pub starts: String,
    /// 13:00
    pub ends: String,
    /// Days before, 0 to 7.
    pub cutoff_days: String,
    /// 9:30
    pub cutoff: String,
}

pub(super) fn meal_kind(slug: &str) -> Result<MealKind, FieldError> {
    match MealKind::parse(slug) {
        Some(kind) => Ok(kind),
        None if slug.is_empty() => Err(Prompt::MealKind.into()),
        None => Err(FieldError::NotOffered),
    }
}

pub(super) fn count(text: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Rule> {
    normalise::digits(text).parse().ok().filter(|count| range.contains(count)).ok_or(Rule::NotACount)
}

pub(super) fn coming_day(text: &str, today: Date) -> Result<Date, FieldError> {
    let day = parse_date(text)?;
    if day < today { Err(Rule::DayOver.into()) } else { Ok(day) }
}

impl ServiceForm {
    /// Checks the page. Ordering ends before the meal begins.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<Service, FormErrors> {
        let mut errors = FormErrors::default();
        let kind = errors.keep("service_kind", meal_kind(&self.service_kind));
        let starts = errors.keep("starts", minutes_of_day(&self.starts));
        let ends = match (starts, minutes_of_day(&self.ends)) {
            (Some(starts), Ok(ends)) if ends <= starts => Err(Rule::TimeNotLater),
            (_, ends) => ends,
        };
        let ends = errors.keep("ends", ends);
        let cutoff_days = errors.keep("cutoff_days", count(&self.cutoff_days, 0..=7));
        let cutoff = match (starts, cutoff_days, minutes_of_day(&self.cutoff)) {
            (Some(starts), Some(0), Ok(cutoff)) if cutoff > starts => Err(Rule::CutoffAfterMeal),
            (_, _, cutoff) => cutoff,
        };
        match (kind, starts, ends, cutoff_days, errors.keep("cutoff", cutoff)) {
            (Some(kind), Some(starts), Some(ends), Some(cutoff_days), Some(cutoff)) => {
                Ok(Service { kind, starts, ends, cutoff_days, cutoff })
            }
            _ => Err(errors),
        }
    }
}

/// A closed day, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MealClosureForm {
    /// The day.
    pub closed_day: String,
    /// Why.
    pub reason: String,
}

impl MealClosureForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<MealClosure, FormErrors> {
        let mut errors = FormErrors::default();
        let day = errors.keep("closed_day", coming_day(&self.closed_day, today));
        let reason = errors.keep("reason", written::line(&self.reason, Prompt::ClosureReason, 2, 60));
        match (day, reason) {
            (Some(day), Some(reason)) => Ok(MealClosure { id: String::new(), day, reason }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_samples_are_ten_centres_and_54_points_in_all_six_streets() {
        let points = sample_points().unwrap();
        let of = |kind| points.iter().filter(|point| point.kind == kind).count();
        assert_eq!((of(PointKind::Centre), of(PointKind::Point)), (10, 54));
        assert!(points.iter().all(|point| point.sample && point.name.starts_with("示例")));
        for street in area::streets() {
            let here = points.iter().filter(|point| point.community.street_code == street.code);
            assert!(here.clone().any(|point| point.kind == PointKind::Centre), "{}", street.name);
            assert!(here.count() >= 5);
        }
        assert!(points.iter().any(|point| point.code == "xg-01"), "where the sample operator is posted");
        assert!(
            points.iter().any(|point| !point.step_free)
                && points.iter().any(|point| point.delivers.is_empty())
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        let read = |line: &str| read_points(&format!("{COLUMNS}\n{line}"), false);
        let fine = "a-1,point,点,320214050001,路 1 号,0510-80000000,1,320214050001 320214050002";
        assert_eq!(read(fine).unwrap()[0].delivers.len(), 2);
        for (line, what) in [
            ("a-1,point", "eight columns"),
            (&fine.replace("a-1", "A 1"), "small letters"),
            (&fine.replace("point", "shop"), "centre or point"),
            (&fine.replace(",320214050001,", ",999,"), "no such community"),
            (&fine.replace("320214050002", "999"), "delivers"),
            (&fine.replace(",1,320", ",ja,320"), "step_free"),
            (&fine.replace("点", " "), "are needed"),
            (&format!("{fine}\n{fine}"), "line 3"),
        ] {
            let told = read(line).unwrap_err();
            assert!(told.contains(what) && told.starts_with("line "), "{told}");
        }
        assert!(read_points("", false).is_err());
    }

    #[test]
    fn the_search_counts_where_one_lives_and_who_delivers_there() {
        let read = |line: &str| read_points(&format!("{COLUMNS}\n{line}"), false).unwrap().remove(0);
        let point = read("a-1,point,点,320214050001,路 1 号,0510-80000000,0,320214050002");
        let search = |community: &str, delivers: &str| PointSearch {
            community: community.into(),
            delivers: delivers.into(),
            ..PointSearch::default()
        };
        assert!(search("320214050001", "").finds(&point, false));
        assert!(search("320214050002", "").finds(&point, false), "it delivers there");
        assert!(
            !search("320214050001", "yes").finds(&point, false),
            "it does not deliver to its own community"
        );
        assert!(search("320214050002", "yes").finds(&point, false));
        assert!(!PointSearch { step_free: "yes".into(), ..PointSearch::default() }.finds(&point, true));
        assert!(!PointSearch { open: "yes".into(), ..PointSearch::default() }.finds(&point, false));
        assert!(!PointSearch { street: "320214051".into(), ..PointSearch::default() }.finds(&point, true));
    }

    #[test]
    fn the_time_that_is_left_is_told_in_words() {
        let now = Instant(1_000_000_000);
        let words = |minutes: i64| left_words(now, Instant(now.0 + minutes * 60_000));
        for (minutes, told) in [
            (25, "还有 25 分钟"),
            (60, "还有 1 小时"),
            (185, "还有 3 小时 5 分钟"),
            (1_440, "还有 1 天"),
            (1_445, "还有 1 天"),
            (3_060, "还有 2 天 3 小时"),
        ] {
            assert_eq!(words(minutes).as_deref(), Some(told));
        }
        assert_eq!(left_words(now, Instant(now.0 + 59_999)).as_deref(), Some("还有不到 1 分钟"));
        assert_eq!((words(0), words(-5)), (None, None));
    }

    #[test]
    fn ordering_ends_at_its_time_on_the_day_or_days_before() {
        let service =
            Service { kind: MealKind::Lunch, starts: 660, ends: 780, cutoff_days: 1, cutoff: 1_200 };
        let cutoff = service.cutoff_at(date(2026, 11, 28));
        assert_eq!(cutoff.shanghai_full(), "2026 年 11 月 27 日 20:00");
        assert_eq!(service.starts_at(date(2026, 11, 28)).shanghai_full(), "2026 年 11 月 28 日 11:00");
        assert!(service.is_on(660) && !service.is_on(780));
    }

    #[test]
    fn a_service_is_checked_whole() {
        let form = ServiceForm {
            service_kind: "lunch".into(),
            starts: "11:00".into(),
            ends: "13:00".into(),
            cutoff_days: "0".into(),
            cutoff: "9:30".into(),
        };
        assert_eq!(form.parse().unwrap().cutoff, 570);
        let late = ServiceForm { cutoff: "11:01".into(), ..form.clone() };
        assert_eq!(late.parse().unwrap_err().of("cutoff"), Some(&Rule::CutoffAfterMeal.into()));
        assert!(ServiceForm { cutoff_days: "1".into(), cutoff: "20:00".into(), ..form }.parse().is_ok());
        assert_eq!(ServiceForm::default().parse().unwrap_err().iter().count(), 5);
        let closure = MealClosureForm { closed_day: "2026-11-01".into(), reason: "修灶".into() };
        assert!(closure.parse(date(2026, 11, 2)).is_err() && closure.parse(date(2026, 11, 1)).is_ok());
    }

    proptest! {
        #[test]
        fn a_moment_is_before_the_cutoff_exactly_while_time_is_left(offset in -100_000_i64..100_000) {
            let service = Service { kind: MealKind::Lunch, starts: 660, ends: 780, cutoff_days: 0, cutoff: 570 };
            let cutoff = service.cutoff_at(date(2026, 12, 1));
            let now = Instant(cutoff.0 + offset);
            prop_assert_eq!(left_words(now, cutoff).is_some(), now < cutoff);
        }
    }
}
