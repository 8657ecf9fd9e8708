//! A service as the national record has it (志愿服务记录与证明出具办法 7): name, date, place, content, the time really spent,
//! organiser, leader. It leaves this software as a table or as JSON, and comes in from elsewhere with the same fields.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::document::parse_date;
use crate::domain::marriage::table_records;
use crate::domain::normalise;
use crate::masked_debug;

/// The columns of the table, in this order.
pub const RECORD_COLUMNS: [&str; 8] = [
    "志愿者姓名",
    "服务日期",
    "服务地点",
    "服务内容",
    "服务时长（小时）",
    "服务时长（分钟）",
    "组织者",
    "负责人",
];

/// The most lines that are taken in at once.
pub const RECORDS_MAX: usize = 200;

/// No single line tells of more: two days and nights.
const LONGEST: i64 = 48 * 60;

/// The longest text of a field, in characters.
const TEXT_MAX: usize = 100;

/// One line as it came, not yet looked at. In JSON the minutes may be a number or text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawRecord {
    /// The volunteer's name.
    pub volunteer: String,
    /// 2026-12-01
    pub date: String,
    /// Where.
    pub place: String,
    /// What was done.
    pub content: String,
    /// To the hundredth, for readers that know no minutes.
    pub hours: String,
    /// Whole minutes: the record.
    pub minutes: String,
    /// Who organised it.
    pub organiser: String,
    /// Who was responsible.
    pub leader: String,
}

/// A line that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceRecord {
    /// The volunteer's name.
    pub volunteer: String,
    /// When.
    pub day: Date,
    /// Where.
    pub place: String,
    /// What was done.
    pub content: String,
    /// The minutes really spent.
    pub minutes: i64,
    /// Who organised it.
    pub organiser: String,
    /// Who was responsible; often not written down.
    pub leader: String,
}

masked_debug!(RawRecord, ServiceRecord);

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// Another number of columns.
    Columns,
    /// The name is missing or is not the volunteer's.
    Name,
    /// Not a date such as 2026-12-01.
    Day,
    /// After today.
    Future,
    /// Nothing where something is needed, or too long.
    Text,
    /// Neither whole minutes nor hours that make some, or more than 48 hours.
    Minutes,
    /// Hours and minutes say different things.
    Differs,
}

crate::slugs!(RecordFault {
    Columns = "columns",
    Name = "name",
    Day = "day",
    Future = "future",
    Text = "text",
    Minutes = "minutes",
    Differs = "differs",
});

/// Why the whole was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordsFault {
    /// The first line does not name the columns in their order.
    Header,
    /// A quotation mark that nothing closes.
    Quotes,
    /// Nothing below the header.
    Empty,
    /// More lines than are read at once.
    TooMany,
}

/// Hours to the hundredth, cut and not rounded.
pub fn hours_text(minutes: i64) -> String {
    let hundredths = minutes * 100 / 60;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Minutes of hours such as `1.5`; the hundredths are cut as [`hours_text`] cuts them, so the next whole minute is meant.
fn minutes_of_hours(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 3 {
        return None;
    }
    let hundredths = part.parse::<i64>().ok()? * if part.len() == 1 { 10 } else { 1 };
    let sixtieths = whole.parse::<i64>().ok()? * 100 + hundredths;
    Some((sixtieths * 60 + 99) / 100)
}

impl RawRecord {
    /// A record as it leaves.
    pub fn of(record: &ServiceRecord) -> Self {
        Self {
            volunteer: record.volunteer.clone(),
            date: record.day.to_string(),
            place: record.place.clone(),
            content: record.content.clone(),
            hours: hours_text(record.minutes),
            minutes: record.minutes.to_string(),
            organiser: record.organiser.clone(),
            leader: record.leader.clone(),
        }
    }

    fn cells(&self) -> [&str; 8] {
        [
            &self.volunteer,
            &self.date,
            &self.place,
            &self.content,
            &self.hours,
            &self.minutes,
            &self.organiser,
            &self.leader,
        ]
    }

    /// Looks at a line that came in for the volunteer of that name.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self, name: &str, today: Date) -> Result<ServiceRecord, Vec<RecordFault>> {
        let mut faults = Vec::new();
        let read = |text: &str| normalise::single_line(text);
        let mut text = |value: &str, needed: bool| {
            let value = read(value);
            let wrong = value.chars().count() > TEXT_MAX
                || value.chars().any(char::is_control)
                || (needed && value.is_empty());
            if wrong && !faults.contains(&RecordFault::Text) {
                faults.push(RecordFault::Text);
            }
            value
        };
        let (place, content) = (text(&self.place, true), text(&self.content, true));
        let (organiser, leader) = (text(&self.organiser, true), text(&self.leader, false));
        if read(&self.volunteer) != name {
            faults.push(RecordFault::Name);
        }
        let day = match parse_date(&self.date) {
            Ok(day) if day > today => {
                faults.push(RecordFault::Future);
                None
            }
            Ok(day) => Some(day),
            Err(_) => {
                faults.push(RecordFault::Day);
                None
            }
        };
        let (hours, typed) = (read(&self.hours), read(&self.minutes));
        let minutes = match (typed.parse::<i64>().ok(), minutes_of_hours(&hours)) {
            (Some(minutes), Some(_))
                if hours_text(minutes) != hours && minutes_of_hours(&hours) != Some(minutes) =>
            {
                faults.push(RecordFault::Differs);
                None
            }
            (Some(minutes), _) if hours.is_empty() || minutes_of_hours(&hours).is_some() => Some(minutes),
            (None, Some(minutes)) if typed.is_empty() => Some(minutes),
            _ => {
                faults.push(RecordFault::Minutes);
                None
            }
        };
        let minutes = minutes.filter(|minutes| {
            let within = (1..=LONGEST).contains(minutes);
            if !within {
                faults.push(RecordFault::Minutes);
            }
            within
        });
        match (day, minutes) {
            (Some(day), Some(minutes)) if faults.is_empty() => Ok(ServiceRecord {
                volunteer: name.to_owned(),
                day,
                place,
                content,
                minutes,
                organiser,
                leader,
            }),
            _ => Err(faults),
        }
    }
}

/// A cell of a table: quoted, and no formula to a program that opens it.
fn cell(text: &str) -> String {
    let safe =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

/// The table.
pub fn records_table(records: &[ServiceRecord]) -> String {
    let mut file = format!("\u{feff}{}\r\n", RECORD_COLUMNS.join(","));
    for record in records {
        file.push_str(&RawRecord::of(record).cells().map(cell).join(","));
        file.push_str("\r\n");
    }
    file
}

/// A line of a file with its number.
pub type NumberedRecord = (usize, Result<RawRecord, RecordFault>);

/// Reads a table: every line with its number, the header's being 1.
///
/// # Errors
/// Why nothing of it was read.
pub fn read_table(text: &str) -> Result<Vec<NumberedRecord>, RecordsFault> {
    let text = normalise::multi_line(text.trim_start_matches('\u{feff}'));
    let mut rows = table_records(&text).ok_or(RecordsFault::Quotes)?.into_iter();
    let header = rows.next().map(|(_, header)| header).unwrap_or_default();
    let named = |name: &String| name.trim().replace('(', "（").replace(')', "）");
    if header.iter().map(named).ne(RECORD_COLUMNS.map(str::to_owned)) {
        return Err(RecordsFault::Header);
    }
    let lines: Vec<_> = rows
        .map(|(line, fields)| {
            let Ok(fields) = <[String; 8]>::try_from(fields) else {
                return (line, Err(RecordFault::Columns));
            };
            // What the table put before a cell, so that no program reads it as a formula, goes again.
            let [volunteer, date, place, content, hours, minutes, organiser, leader] =
                fields.map(|field| match field.strip_prefix('\'') {
                    Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
                    _ => field,
                });
            let raw = RawRecord { volunteer, date, place, content, hours, minutes, organiser, leader };
            (line, Ok(raw))
        })
        .collect();
    within(lines)
}

/// Refuses nothing and too much.
///
/// # Errors
/// Nothing below the header, or more lines than are read at once.
pub fn within(lines: Vec<NumberedRecord>) -> Result<Vec<NumberedRecord>, RecordsFault> {
    match lines.len() {
        0 => Err(RecordsFault::Empty),
        count if count > RECORDS_MAX => Err(RecordsFault::TooMany),
        _ => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn record(minutes: i64) -> ServiceRecord {
        ServiceRecord {
            volunteer: "王小明".into(),
            day: date(2026, 11, 24),
            place: "新安街道，\"老\"社区".into(),
            content: "=陪聊天".into(),
            minutes,
            organiser: "示例".into(),
            leader: String::new(),
        }
    }

    #[test]
    fn what_leaves_as_a_table_comes_in_the_same() {
        let out: Vec<_> = [1, 59, 60, 90, 125].map(record).into();
        let table = records_table(&out);
        assert!(table.contains("\"'=陪聊天\""), "no formula: {table}");
        let back: Vec<_> = read_table(&table)
            .unwrap()
            .into_iter()
            .map(|(_, raw)| raw.unwrap().check("王小明", date(2026, 11, 25)).unwrap())
            .collect();
        assert_eq!(back.len(), 5);
        for (one, other) in out.iter().zip(&back) {
            assert_eq!((one.minutes, &one.content), (other.minutes, &other.content));
        }
        assert_eq!(hours_text(125), "2.08");
    }

    #[test]
    fn hours_alone_are_read_and_what_disagrees_is_told() {
        let raw = |hours: &str, minutes: &str| RawRecord {
            hours: hours.into(),
            minutes: minutes.into(),
            ..RawRecord::of(&record(90))
        };
        let check = |raw: RawRecord| raw.check("王小明", date(2026, 11, 25)).map(|record| record.minutes);
        assert_eq!(check(raw("1.5", "")), Ok(90));
        assert_eq!(check(raw("2.08", "")), Ok(125));
        assert_eq!(check(raw("", "90")), Ok(90));
        assert_eq!(check(raw("2", "90")), Err(vec![RecordFault::Differs]));
        for (hours, minutes) in [("", ""), ("x", ""), ("1.5", "x"), ("", "0"), ("", "-5"), ("", "9000")] {
            assert_eq!(check(raw(hours, minutes)), Err(vec![RecordFault::Minutes]), "{hours} {minutes}");
        }
    }

    #[test]
    fn every_fault_of_a_line_is_told_and_a_wrong_header_reads_nothing() {
        let raw =
            RawRecord { volunteer: "李大妈".into(), date: "2026-11-26".into(), ..RawRecord::default() };
        let faults = raw.check("王小明", date(2026, 11, 25)).unwrap_err();
        assert_eq!(faults, [RecordFault::Text, RecordFault::Name, RecordFault::Future, RecordFault::Minutes]);
        assert_eq!(read_table("一,二\n三,四"), Err(RecordsFault::Header));
        let header = RECORD_COLUMNS.join(",");
        assert_eq!(read_table(&header), Err(RecordsFault::Empty));
        assert_eq!(read_table(&format!("{header}\n\"一")), Err(RecordsFault::Quotes));
        assert_eq!(read_table(&format!("{header}\n一,二")).unwrap(), [(2, Err(RecordFault::Columns))]);
    }
}
