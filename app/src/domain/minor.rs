//! Minors. Who is under 18 is one (民法典 17; 未成年人保护法 2), and a guardian acts for them (民法典 23, 27, 34). Who is
//! under 14 signs up for nothing alone: everything about them is sensitive, a guardian agrees to it, and it is handled by
//! stricter rules (个人信息保护法 28, 31).

use jiff::civil::{Date, date};

use super::document::is_adult_on;
use super::staff::Role;

/// Who may read what is kept about a child under 14: officers of the child's street and of the district, never the
/// neighbours' own community worker. Staff access to minors' data is the least that is needed, approved and noted
/// (未成年人网络保护条例 36, 37; 个人信息保护法 28, 31). The officer's post is the approval, the purpose is asked for with
/// each reading, and the guardian sees each entry; the yearly audit reads the same trail.
pub const CHILD_READERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// How old somebody is, as far as it decides who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeGroup {
    /// Under 14: nothing without a guardian (个人信息保护法 31).
    Child,
    /// 14 to 17: may act for themselves and for nobody else; a guardian helps (民法典 19).
    Teenager,
    /// 18 and older.
    Adult,
}

/// The group on a day; a birthday counts as the first day of the new year of life.
pub fn age_group(birth: Date, day: Date) -> AgeGroup {
    if is_adult_on(birth, day) {
        AgeGroup::Adult
    } else if (day.year(), day.month(), day.day()) >= (birth.year() + 14, birth.month(), birth.day()) {
        AgeGroup::Teenager
    } else {
        AgeGroup::Child
    }
}

/// The last day on which a guardian acts: the one before the 18th birthday (民法典 17).
pub fn last_day_as_minor(birth: Date) -> Date {
    let of_age = Date::new(birth.year() + 18, birth.month(), birth.day())
        // Born on 29 February.
        .unwrap_or_else(|_| date(birth.year() + 18, 3, 1));
    of_age.yesterday().unwrap_or(of_age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_14_is_a_child_and_under_18_a_minor_by_pipl_31_and_civil_code_17() {
        let birth = date(2012, 11, 24);
        for (day, group) in [
            (date(2026, 11, 23), AgeGroup::Child),
            (date(2026, 11, 24), AgeGroup::Teenager),
            (date(2030, 11, 23), AgeGroup::Teenager),
            (date(2030, 11, 24), AgeGroup::Adult),
        ] {
            assert_eq!(age_group(birth, day), group, "{day}");
        }
    }

    #[test]
    fn a_guardian_acts_until_the_day_before_the_18th_birthday() {
        for birth in [date(2012, 11, 24), date(2012, 1, 1), date(2012, 2, 29)] {
            let last = last_day_as_minor(birth);
            assert!(
                !is_adult_on(birth, last) && is_adult_on(birth, last.tomorrow().expect("a day")),
                "{birth}"
            );
        }
    }
}
