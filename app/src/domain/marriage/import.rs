//! The table of offices as an administrator hands it in: comma-separated, one office a line, every fault of every line told.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Matter, Office, OfficeMode, Province};
use crate::domain::normalise;
use crate::domain::staff::{Post, Role};

/// The columns, in this order, as the first line names them.
pub const COLUMNS: [&str; 18] = [
    "code",
    "name",
    "province",
    "city",
    "district",
    "address",
    "floor",
    "hours",
    "summer_hours",
    "matters",
    "foreign_related",
    "transit",
    "accessible",
    "phone",
    "booking_url",
    "mode",
    "effective_from",
    "source",
];

/// The most lines of one table: as much as one request carries.
pub const LINES_MAX: usize = 40;

/// The longest text of a column, in characters.
const TEXT_MAX: usize = 200;

/// The table, as pasted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportForm {
    /// All lines with the header.
    pub lines: String,
}

/// An office of the table with the line that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOffice {
    /// Counted from 1, the header among them.
    pub line: usize,
    /// The office.
    pub office: Office,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// The table has no line below the header.
    Empty,
    /// The first line does not name the columns in their order.
    Header,
    /// A quotation mark that nothing closes.
    Quotes,
    /// More lines than are read at once.
    TooMany,
    /// Another number of columns.
    Columns,
    /// Nothing where something is needed.
    Missing(&'static str),
    /// Too long.
    TooLong(&'static str),
    /// Not a code of small letters, digits and hyphens, at most 20.
    Code,
    /// Not one of the 31.
    Province,
    /// Not slugs of matters with a space between.
    Matters,
    /// Not 0 or 1.
    NotZeroOrOne,
    /// Not a telephone number.
    Phone,
    /// Not an address that begins with https:// or http://.
    Url,
    /// Neither `here` nor `elsewhere`.
    Mode,
    /// Not a date such as 2026-07-01.
    Day,
    /// The same office from the same day on stands above.
    Twice,
    /// `here`, and no clerk has an account that is posted at this office.
    NoClerk,
    /// What holds from that day on was taken in before.
    DayTaken,
}

/// A line and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// Counted from 1, the header among them.
    pub line: usize,
    /// What is wrong.
    pub fault: LineFault,
}

/// Records of comma-separated text (RFC 4180), each with the line on which it begins.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, LineProblem> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                field.push('"');
                signs.next();
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' => {
                line += 1;
                if quoted {
                    field.push(' ');
                    continue;
                }
                record.push(std::mem::take(&mut field));
                let whole = std::mem::take(&mut record);
                if whole.iter().any(|field| !field.trim().is_empty()) {
                    records.push((begun, whole));
                }
                begun = line;
            }
            _ => field.push(sign),
        }
    }
    if quoted {
        return Err(LineProblem { line: begun, fault: LineFault::Quotes });
    }
    record.push(field);
    if record.iter().any(|field| !field.trim().is_empty()) {
        records.push((begun, record));
    }
    Ok(records)
}

/// Records of comma-separated text for other tables than this one; `None` where a quotation mark stays open.
pub fn table_records(text: &str) -> Option<Vec<(usize, Vec<String>)>> {
    records(text).ok()
}

/// Reads the table.
///
/// # Errors
/// Every fault of every line, in the order of the lines.
pub fn read_offices(text: &str, sample: bool) -> Result<Vec<NewOffice>, Vec<LineProblem>> {
    let text = normalise::multi_line(text.trim_start_matches('\u{feff}'));
    let records = records(&text).map_err(|problem| vec![problem])?;
    let mut rows = records.into_iter();
    let header = rows.next().map(|(_, header)| header).unwrap_or_default();
    if header.iter().map(|name| name.trim()).ne(COLUMNS) {
        return Err(vec![LineProblem { line: 1, fault: LineFault::Header }]);
    }
    let (mut offices, mut problems) = (Vec::<NewOffice>::new(), Vec::new());
    for (at, (line, fields)) in rows.enumerate() {
        if at >= LINES_MAX {
            problems.push(LineProblem { line, fault: LineFault::TooMany });
            break;
        }
        match office(&fields, sample) {
            Ok(office) => {
                let same = |other: &NewOffice| {
                    other.office.code == office.code && other.office.effective_from == office.effective_from
                };
                if offices.iter().any(same) {
                    problems.push(LineProblem { line, fault: LineFault::Twice });
                }
                offices.push(NewOffice { line, office });
            }
            Err(faults) => problems.extend(faults.into_iter().map(|fault| LineProblem { line, fault })),
        }
    }
    if offices.is_empty() && problems.is_empty() {
        problems.push(LineProblem { line: 1, fault: LineFault::Empty });
    }
    if problems.is_empty() { Ok(offices) } else { Err(problems) }
}

fn office(fields: &[String], sample: bool) -> Result<Office, Vec<LineFault>> {
    let fields: Vec<String> = fields.iter().map(|field| normalise::single_line(field)).collect();
    let Ok(
        [
            code,
            name,
            province,
            city,
            district,
            address,
            floor,
            hours,
            summer_hours,
            matters,
            foreign_related,
            transit,
            accessible,
            phone,
            booking_url,
            mode,
            effective_from,
            source,
        ],
    ) = <[String; COLUMNS.len()]>::try_from(fields)
    else {
        return Err(vec![LineFault::Columns]);
    };
    let mut faults = Vec::new();
    for (column, text, needed) in [
        ("name", &name, true),
        ("city", &city, true),
        ("district", &district, false),
        ("address", &address, true),
        ("floor", &floor, false),
        ("hours", &hours, true),
        ("summer_hours", &summer_hours, false),
        ("transit", &transit, false),
        ("accessible", &accessible, false),
        ("source", &source, true),
    ] {
        if needed && text.is_empty() {
            faults.push(LineFault::Missing(column));
        }
        if text.chars().count() > TEXT_MAX {
            faults.push(LineFault::TooLong(column));
        }
    }
    if Post::new(Role::MarriageClerk, &code).is_err() {
        faults.push(LineFault::Code);
    }
    let found = Province::find(&province);
    if found.is_none() {
        faults.push(LineFault::Province);
    }
    let taken: Option<Vec<Matter>> = matters.split(' ').map(Matter::parse_choice).collect();
    if taken.is_none() {
        faults.push(LineFault::Matters);
    }
    if !matches!(foreign_related.as_str(), "0" | "1") {
        faults.push(LineFault::NotZeroOrOne);
    }
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    if !(3..=15).contains(&digits)
        || !phone.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b' '))
    {
        faults.push(LineFault::Phone);
    }
    let is_url = ["https://", "http://"].iter().any(|scheme| booking_url.starts_with(scheme));
    if !booking_url.is_empty() && (!is_url || booking_url.contains(' ') || booking_url.len() > 200) {
        faults.push(LineFault::Url);
    }
    let known_mode = OfficeMode::parse(&mode);
    if known_mode.is_none() {
        faults.push(LineFault::Mode);
    }
    let day: Option<Date> =
        effective_from.parse().ok().filter(|day: &Date| day.to_string() == effective_from);
    if day.is_none() {
        faults.push(LineFault::Day);
    }
    match (found, taken, known_mode, day) {
        (Some(province), Some(matters), Some(mode), Some(effective_from)) if faults.is_empty() => {
            Ok(Office {
                code,
                name,
                province,
                city,
                district,
                address,
                floor,
                hours,
                summer_hours,
                matters,
                foreign_related: foreign_related == "1",
                transit,
                accessible,
                phone,
                booking_url,
                mode,
                effective_from,
                source,
                sample,
            })
        }
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "xinwu,新吴区婚姻登记处,32,无锡市,新吴区,\"汉江路 3 号, 公共卫生大楼\",5 楼,周一至周五,,marriage divorce,0,\
        地铁,有电梯,0510-81000000,https://example.org/book,elsewhere,2026-01-01,测试";

    fn table(rows: &[&str]) -> String {
        format!("\u{feff}{}\r\n{}\r\n", COLUMNS.join(","), rows.join("\r\n"))
    }

    #[test]
    fn a_good_line_is_an_office() {
        let read = read_offices(&table(&[GOOD]), false).unwrap();
        let office = &read[0].office;
        assert_eq!(read[0].line, 2);
        assert_eq!(office.address, "汉江路 3 号, 公共卫生大楼");
        assert_eq!(office.matters, [Matter::MarriageRegistration, Matter::DivorceRegistration]);
        assert_eq!((office.mode, office.province.name), (OfficeMode::Elsewhere, "江苏省"));
    }

    #[test]
    fn every_fault_of_every_line_is_told() {
        let bad = "XIN WU,,99,,,,,,,wedding,2,,,call,ftp://x,maybe,2026-02-30,";
        let problems = read_offices(&table(&[GOOD, bad, GOOD, "a,b"]), false).unwrap_err();
        let of = |line: usize| -> Vec<LineFault> {
            problems.iter().filter(|problem| problem.line == line).map(|problem| problem.fault).collect()
        };
        assert!(of(2).is_empty());
        for fault in [
            LineFault::Missing("name"),
            LineFault::Missing("city"),
            LineFault::Missing("address"),
            LineFault::Missing("hours"),
            LineFault::Missing("source"),
            LineFault::Code,
            LineFault::Province,
            LineFault::Matters,
            LineFault::NotZeroOrOne,
            LineFault::Phone,
            LineFault::Url,
            LineFault::Mode,
            LineFault::Day,
        ] {
            assert!(of(3).contains(&fault), "{fault:?}");
        }
        assert_eq!(of(4), [LineFault::Twice]);
        assert_eq!(of(5), [LineFault::Columns]);
    }

    #[test]
    fn what_is_no_table_says_so() {
        let fault = |text: &str| read_offices(text, false).unwrap_err()[0].fault;
        assert_eq!(fault(""), LineFault::Header);
        assert_eq!(fault(&table(&[])), LineFault::Empty);
        assert_eq!(fault(&table(&["\"x"])), LineFault::Quotes);
    }
}
