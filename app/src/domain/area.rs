//! The streets (街道) of the district, and the communities (社区, 村) in them.

use std::sync::OnceLock;

use super::normalise::digits;

/// A street: the office that receives applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Street {
    /// Nine digits.
    pub code: &'static str,
    /// The official name, such as 旺庄街道.
    pub name: &'static str,
}

/// A community or village with a committee of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Community {
    /// Twelve digits.
    pub code: &'static str,
    /// The official name with its committee, such as 新光社区居民委员会.
    pub name: &'static str,
    /// The street in which it lies.
    pub street_code: &'static str,
}

/// Why a street or a community was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// Nothing was chosen.
    #[error("area missing")]
    Missing,
    /// A code that is not offered.
    #[error("area unknown")]
    Unknown,
    /// The community lies in another street than the one that was chosen.
    #[error("community is not in the street")]
    CommunityNotInStreet,
}

impl Street {
    /// The street with the code that a form sends.
    ///
    /// # Errors
    /// [`AreaError::Missing`] or [`AreaError::Unknown`].
    pub fn parse(code: &str) -> Result<&'static Self, AreaError> {
        let code = digits(code);
        if code.is_empty() {
            return Err(AreaError::Missing);
        }
        street(&code).ok_or(AreaError::Unknown)
    }
}

impl Community {
    /// The community with the code that a form sends, within the street that was chosen beside it.
    ///
    /// # Errors
    /// [`AreaError::Missing`], [`AreaError::Unknown`] or [`AreaError::CommunityNotInStreet`].
    pub fn parse(code: &str, street_code: &str) -> Result<&'static Self, AreaError> {
        let code = digits(code);
        if code.is_empty() {
            return Err(AreaError::Missing);
        }
        let community = community(&code).ok_or(AreaError::Unknown)?;
        if community.street_code == street_code {
            Ok(community)
        } else {
            Err(AreaError::CommunityNotInStreet)
        }
    }

    /// The name without its committee, as people say it: 新光社区, 七房桥村.
    pub fn short_name(&self) -> &'static str {
        if let Some(community) = self.name.strip_suffix("居民委员会") {
            return community;
        }
        // 「某某村村民委员会」 and 「某某村民委员会」 are both written; the village keeps one 村.
        match self.name.strip_suffix("村民委员会") {
            Some(village) if village.ends_with('村') => village,
            Some(_) => self.name.strip_suffix("民委员会").unwrap_or(self.name),
            None => self.name,
        }
    }
}

/// The area tree of another district, where one was put here before first use.
static OTHER: OnceLock<(Vec<Street>, Vec<Community>)> = OnceLock::new();

/// Puts another district's area tree in the place of 新吴区's, once, at start. Read and checked by
/// [`super::divisions`]. `false` when one was put here before.
#[cfg(feature = "ssr")]
pub(super) fn install(streets: Vec<Street>, communities: Vec<Community>) -> bool {
    OTHER.set((streets, communities)).is_ok()
}

/// The streets by code: the six of 新吴区 (320214), unless another district's were put here.
pub fn streets() -> &'static [Street] {
    if let Some((streets, _)) = OTHER.get() {
        return streets;
    }
    static STREETS: OnceLock<Vec<Street>> = OnceLock::new();
    STREETS.get_or_init(|| {
        rows(include_str!("../../data/xinwu_streets.csv"))
            .filter_map(|row| row.split_once(','))
            .map(|(code, name)| Street { code, name })
            .collect()
    })
}

/// The code of the district in which the streets lie: six digits.
pub fn district() -> &'static str {
    streets().first().and_then(|street| street.code.get(..6)).unwrap_or_default()
}

/// Every community and village with a committee, by code.
pub fn communities() -> &'static [Community] {
    if let Some((_, communities)) = OTHER.get() {
        return communities;
    }
    static COMMUNITIES: OnceLock<Vec<Community>> = OnceLock::new();
    COMMUNITIES.get_or_init(|| {
        rows(include_str!("../../data/xinwu_communities.csv"))
            .filter_map(|row| {
                let mut fields = row.split(',');
                Some(Community { code: fields.next()?, name: fields.next()?, street_code: fields.next()? })
            })
            .filter(|community| has_committee(community.code))
            .collect()
    })
}

/// From 400 on the last three digits mark parks without a committee: nobody there can examine a case.
pub(super) fn has_committee(code: &str) -> bool {
    code.get(9..).is_some_and(|tail| tail < "400")
}

/// The communities of one street; none for an unknown code.
pub fn communities_of(street_code: &str) -> &'static [Community] {
    // They are in the order of their codes, which begin with the street's.
    let all = communities();
    let from = all.partition_point(|community| community.street_code < street_code);
    let to = all.partition_point(|community| community.street_code <= street_code);
    all.get(from..to).unwrap_or_default()
}

/// The street with this code.
pub fn street(code: &str) -> Option<&'static Street> {
    streets().iter().find(|street| street.code == code)
}

/// The community with this code.
pub fn community(code: &str) -> Option<&'static Community> {
    communities().iter().find(|community| community.code == code)
}

/// The lines below the header. No field of the two lists is quoted or holds a comma; a test keeps it so.
fn rows(csv: &'static str) -> impl Iterator<Item = &'static str> {
    csv.lines().skip(1).filter(|row| !row.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_hold_no_quotes_and_the_right_number_of_fields() {
        for (csv, header, count) in [
            (include_str!("../../data/xinwu_streets.csv"), "code,name", 6),
            (include_str!("../../data/xinwu_communities.csv"), "code,name,street_code", 122),
        ] {
            assert_eq!(csv.lines().next(), Some(header));
            assert!(!csv.contains('"') && !csv.contains('\r') && !csv.starts_with('\u{feff}'));
            let fields = header.split(',').count();
            assert!(rows(csv).all(|row| row.split(',').count() == fields));
            assert_eq!(rows(csv).count(), count);
        }
    }

    #[test]
    fn the_district_has_six_streets_and_116_committees() {
        let names: Vec<_> = streets().iter().map(|street| street.name).collect();
        assert_eq!(names, ["旺庄街道", "硕放街道", "江溪街道", "新安街道", "梅村街道", "鸿山街道"]);
        assert_eq!(communities().len(), 109 + 7);
        assert!(communities().iter().all(|community| community.name.ends_with("委员会")));
        assert!(communities().is_sorted_by_key(|community| community.code));
        assert!(communities().is_sorted_by_key(|community| community.street_code));
    }

    #[test]
    fn every_community_lies_in_its_street() {
        let mut counted = 0;
        for street in streets() {
            let inside = communities_of(street.code);
            assert!(!inside.is_empty());
            assert!(inside.iter().all(|community| community.code.starts_with(street.code)));
            counted += inside.len();
        }
        assert_eq!(counted, communities().len());
        assert!(communities_of("320214450").is_empty());
        assert!(communities_of("").is_empty());
    }

    #[test]
    fn parks_without_a_committee_are_not_offered() {
        for code in ["320214050400", "320214050401", "320214054400"] {
            assert_eq!(community(code), None);
            assert_eq!(Community::parse(code, "320214050"), Err(AreaError::Unknown));
        }
    }

    #[test]
    fn short_names_drop_the_committee() {
        let of = |code| community(code).map(Community::short_name);
        assert_eq!(of("320214050001"), Some("新光社区"));
        for community in communities() {
            let short = community.short_name();
            assert!(!short.contains("委员会"), "{short}");
            let village = community.code.get(9..).is_some_and(|tail| tail >= "200");
            assert_eq!(short.ends_with('村') && !short.ends_with("村村"), village, "{short}");
            assert!(village || short.ends_with("社区"), "{short}");
        }
    }

    #[test]
    fn choosing_says_what_is_wrong() {
        assert_eq!(Street::parse(" "), Err(AreaError::Missing));
        assert_eq!(Street::parse("320214450"), Err(AreaError::Unknown));
        assert_eq!(Street::parse("320214050").map(|street| street.name), Ok("旺庄街道"));
        assert_eq!(Community::parse("", "320214050"), Err(AreaError::Missing));
        assert_eq!(Community::parse("320214050001", "320214051"), Err(AreaError::CommunityNotInStreet));
        assert_eq!(Community::parse("320214050001", "320214050").map(|c| c.code), Ok("320214050001"));
    }
}
