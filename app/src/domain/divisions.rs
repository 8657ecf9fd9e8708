//! The streets and communities of another district, read from two files at start. Errors are for the operator, who gets
//! the file and the line.

use super::area::{Community, Street, has_committee, install};

/// The two files.
const STREETS: &str = "streets.csv";
const COMMUNITIES: &str = "communities.csv";

/// Why the files were not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}: {wrong}")]
pub struct DivisionsError {
    /// Which of the two.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub wrong: &'static str,
}

/// A district's area tree, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divisions {
    streets: Vec<Street>,
    communities: Vec<Community>,
}

impl Divisions {
    /// Reads `code,name` and `code,name,street_code`, each in the order of its codes. The texts are kept for as long as
    /// the program runs.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn read(streets: &str, communities: &str) -> Result<Self, DivisionsError> {
        let streets = read_streets(streets)?;
        let communities = read_communities(communities, &streets)?;
        for (street, line) in streets.iter().zip(2..) {
            if !communities.iter().any(|community| community.street_code == street.code) {
                return Err(DivisionsError {
                    file: STREETS,
                    line,
                    wrong: "no community lies in this street",
                });
            }
        }
        Ok(Self { streets, communities })
    }

    /// Puts them in the place of the embedded ones. `false` when that was done before.
    pub fn install(self) -> bool {
        install(self.streets, self.communities)
    }
}

fn read_streets(text: &str) -> Result<Vec<Street>, DivisionsError> {
    let wrong = |line, wrong| DivisionsError { file: STREETS, line, wrong };
    let mut streets: Vec<Street> = Vec::new();
    for (line, fields) in rows(STREETS, text, "code,name")? {
        let [code, name] = fields[..] else { return Err(wrong(line, "a row has two fields, code and name")) };
        if !is_code(code, 9) {
            return Err(wrong(line, "a street's code has nine digits"));
        }
        if name.is_empty() {
            return Err(wrong(line, "the name is missing"));
        }
        if streets.last().is_some_and(|before| before.code >= code) {
            return Err(wrong(line, "codes must ascend, each once"));
        }
        if streets.first().is_some_and(|first| first.code.get(..6) != code.get(..6)) {
            return Err(wrong(line, "the first six digits, the district's, must be the same in all lines"));
        }
        streets.push(Street { code, name });
    }
    if streets.is_empty() { Err(wrong(1, "no street is listed")) } else { Ok(streets) }
}

fn read_communities(text: &str, streets: &[Street]) -> Result<Vec<Community>, DivisionsError> {
    let wrong = |line, wrong| DivisionsError { file: COMMUNITIES, line, wrong };
    let mut communities: Vec<Community> = Vec::new();
    for (line, fields) in rows(COMMUNITIES, text, "code,name,street_code")? {
        let [code, name, street_code] = fields[..] else {
            return Err(wrong(line, "a row has three fields, code, name and street_code"));
        };
        if !is_code(code, 12) {
            return Err(wrong(line, "a community's code has twelve digits"));
        }
        if name.is_empty() {
            return Err(wrong(line, "the name is missing"));
        }
        if !streets.iter().any(|street| street.code == street_code) {
            return Err(wrong(line, "street_code stands in no line of streets.csv"));
        }
        if !code.starts_with(street_code) {
            return Err(wrong(line, "the code must begin with its street's"));
        }
        if communities.last().is_some_and(|before| before.code >= code) {
            return Err(wrong(line, "codes must ascend, each once"));
        }
        communities.push(Community { code, name, street_code });
    }
    communities.retain(|community| has_committee(community.code));
    Ok(communities)
}

/// The rows below the header with their line numbers.
fn rows(
    file: &'static str,
    text: &str,
    header: &'static str,
) -> Result<Vec<(usize, Vec<&'static str>)>, DivisionsError> {
    // Read once at start and used until the end.
    let text: &'static str = Box::leak(text.trim_start_matches('\u{feff}').to_owned().into_boxed_str());
    let mut lines = text.lines().zip(1_usize..);
    if lines.next().map(|(line, _)| line.trim_end()) != Some(header) {
        let wrong = if header == "code,name" {
            "the header must be code,name"
        } else {
            "the header must be code,name,street_code"
        };
        return Err(DivisionsError { file, line: 1, wrong });
    }
    let mut rows = Vec::new();
    for (row, line) in lines.filter(|(row, _)| !row.trim().is_empty()) {
        if row.contains('"') {
            return Err(DivisionsError { file, line, wrong: "write the fields without quotes" });
        }
        rows.push((line, row.trim().split(',').map(str::trim).collect()));
    }
    Ok(rows)
}

fn is_code(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "code,name\n320205001,东亭街道\n320205002,安镇街道\n";
    const THREE: &str = "code,name,street_code\n320205001001,一社区居民委员会,320205001\n\
                         320205001401,某园区,320205001\n320205002001,二社区居民委员会,320205002\n";

    #[test]
    fn the_embedded_files_are_accepted_as_they_are() {
        let read = Divisions::read(
            include_str!("../../data/xinwu_streets.csv"),
            include_str!("../../data/xinwu_communities.csv"),
        );
        let read = read.expect("the embedded files are right");
        assert_eq!(read.streets, super::super::area::streets());
        assert_eq!(read.communities, super::super::area::communities());
    }

    #[test]
    fn another_district_is_read_without_its_parks() {
        let read = Divisions::read(&format!("\u{feff}{TWO}"), &THREE.replace('\n', "\r\n"));
        let read = read.expect("both files are right");
        assert_eq!((read.streets.len(), read.communities.len()), (2, 2));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_file_and_line() {
        let streets = |text: &str| Divisions::read(text, THREE).expect_err("wrong").to_string();
        let communities = |text: &str| Divisions::read(TWO, text).expect_err("wrong").to_string();
        assert_eq!(streets("name,code\n"), "streets.csv line 1: the header must be code,name");
        assert_eq!(streets("code,name\n"), "streets.csv line 1: no street is listed");
        assert_eq!(streets("code,name\n32,x\n"), "streets.csv line 2: a street's code has nine digits");
        assert_eq!(streets("code,name\n320205001,\n"), "streets.csv line 2: the name is missing");
        assert!(streets(&TWO.replace("320205002", "320206002")).contains("line 3: the first six digits"));
        assert!(streets(&TWO.replace("320205002", "320205001")).contains("line 3: codes must ascend"));
        assert!(streets(&format!("{TWO}320205003,空街道\n")).contains("line 4: no community"));
        assert!(streets(&TWO.replace("安镇街道", "\"安镇街道\"")).contains("line 3: write the fields"));
        assert!(
            communities(&THREE.replace("320205001401", "320205002401"))
                .contains("line 3: the code must begin")
        );
        assert!(communities(&THREE.replace(",320205002", ",320205009")).contains("line 4: street_code"));
        assert!(communities("code,name,street_code\n1,2\n").contains("line 2: a row has three fields"));
    }
}
