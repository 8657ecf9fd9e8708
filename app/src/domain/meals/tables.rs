//! The tables of subsidies as a file: an administrator's, or the sample.

use serde::Deserialize;

use super::subsidy::SubsidyTable;

/// What a tier may give for a meal, in fen.
pub(super) const AMOUNTS: std::ops::RangeInclusive<i64> = 0..=100_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    table: Vec<SubsidyTable>,
}

/// Reads a file of tables.
///
/// # Errors
/// What is wrong with it, in words for whoever wrote it.
pub fn read_tables(text: &str) -> Result<Vec<SubsidyTable>, String> {
    let file: File = toml::from_str(text).map_err(|cause| cause.to_string())?;
    for table in &file.table {
        let known = matches!(table.place.len(), 6 | 9) && table.place.bytes().all(|b| b.is_ascii_digit());
        if !known {
            return Err(format!("place {:?} is no code of a district or street", table.place));
        }
        if table.source.trim().is_empty() {
            return Err(format!(
                "the table of {} from {} names no source",
                table.place, table.effective_from
            ));
        }
        if table.effective_until.is_some_and(|until| until < table.effective_from) {
            return Err(format!("the table of {} ends before it begins", table.place));
        }
        if table.tiers.iter().any(|tier| tier.fen.is_some_and(|fen| !AMOUNTS.contains(&fen))) {
            return Err(format!("the table of {} has an amount outside 0 to 100000 fen", table.place));
        }
    }
    let twice = file.table.iter().enumerate().find(|(at, table)| {
        file.table.iter().skip(at + 1).any(|other| {
            (other.level, &other.place, other.effective_from)
                == (table.level, &table.place, table.effective_from)
        })
    });
    match twice {
        Some((_, table)) => {
            Err(format!("two tables of {} hold from {} on", table.place, table.effective_from))
        }
        None => Ok(file.table),
    }
}

/// Made-up tables for where sample data belongs. Nobody has published the real ones.
///
/// # Errors
/// Never: a test reads them.
pub fn sample_tables() -> Result<Vec<SubsidyTable>, String> {
    read_tables(include_str!("../../../data/meals/sample_tables.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::area::streets;
    use crate::domain::meals::Level;

    #[test]
    fn the_samples_say_that_they_are_and_every_street_has_one() {
        let tables = sample_tables().unwrap();
        assert!(tables.iter().all(|table| table.sample && table.source.contains("示例")));
        for street in streets() {
            let of = |level| {
                tables.iter().any(|table| table.level == level && street.code.starts_with(&table.place))
            };
            assert!(of(Level::District) && of(Level::Street), "{}", street.name);
        }
    }

    #[test]
    fn a_file_without_tables_is_empty_and_a_wrong_one_says_why() {
        assert!(read_tables("").unwrap().is_empty());
        let head = "[[table]]\nlevel = \"district\"\nhuji = \"any\"\nsample = false\n";
        let wrong = |rest: &str| read_tables(&format!("{head}{rest}")).unwrap_err();
        let fine = "place = \"320214\"\neffective_from = \"2026-01-01\"\nsource = \"文件\"\n";
        assert_eq!(read_tables(&format!("{head}{fine}")).unwrap().len(), 1);
        assert!(
            wrong("place = \"x\"\neffective_from = \"2026-01-01\"\nsource = \"文件\"\n").contains("place")
        );
        assert!(
            wrong("place = \"320214\"\neffective_from = \"2026-01-01\"\nsource = \" \"\n").contains("source")
        );
        assert!(wrong(&format!("{fine}effective_until = \"2025-01-01\"\n")).contains("ends"));
        assert!(
            wrong(&format!("{fine}[[table.tiers]]\nname = \"x\"\nfrom_age = 60\nfen = -1\n"))
                .contains("amount")
        );
        assert!(wrong(&format!("{fine}{head}{fine}")).contains("two tables"));
    }
}
