//! `/staff/timebank/import`: records of service from elsewhere, each line with its answer.

use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::person::Identity;
use app::domain::phone::ContactPhone;
use app::domain::staff::Role;
use app::domain::timebank::{NumberedRecord, RawRecord, RecordFault, RecordsFault, read_table, within};
use app::pages::Sent;
use app::pages::staff::timebank_import::{self as pages, Became, ImportForm};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::timebank::owner_of;
use crate::error::AppError;
use crate::forms::timebank::refusal;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::store::timebank::Doing;

const COORDINATOR: &[Role] = &[Role::TimeBankCoordinator];

/// Minutes and hours may be numbers in JSON that another program wrote.
#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonRecord {
    volunteer: String,
    date: String,
    place: String,
    content: String,
    hours: serde_json::Value,
    minutes: serde_json::Value,
    organiser: String,
    leader: String,
}

#[derive(Deserialize)]
struct JsonFile {
    records: Vec<serde_json::Value>,
}

fn spelled(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Reads a table or JSON; a line of JSON is counted from 1.
fn read(text: &str) -> Result<Vec<NumberedRecord>, RecordsFault> {
    if !text.trim_start().starts_with('{') {
        return read_table(text);
    }
    let file: JsonFile = serde_json::from_str(text).map_err(|_| RecordsFault::Header)?;
    let line = |value: serde_json::Value| {
        let JsonRecord { volunteer, date, place, content, hours, minutes, organiser, leader } =
            serde_json::from_value(value).map_err(|_| RecordFault::Columns)?;
        let (hours, minutes) = (spelled(&hours), spelled(&minutes));
        Ok(RawRecord { volunteer, date, place, content, hours, minutes, organiser, leader })
    };
    within(file.records.into_iter().enumerate().map(|(at, value)| (at + 1, line(value))).collect())
}

/// The report as it is kept with the form's key: `2:taken 3:day,minutes`.
fn written(report: &[(usize, Became)]) -> String {
    let words = report.iter().map(|(line, became)| {
        let word = match became {
            Became::Taken => "taken".to_owned(),
            Became::Known => "known".to_owned(),
            Became::Wrong(faults) => faults.iter().map(|fault| fault.as_str()).collect::<Vec<_>>().join(","),
        };
        format!("{line}:{word}")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Reads what [`written`] wrote.
fn read_report(text: &str) -> Vec<(usize, Became)> {
    let line = |word: &str| {
        let (line, became) = word.split_once(':')?;
        let became = match became {
            "taken" => Became::Taken,
            "known" => Became::Known,
            faults => Became::Wrong(faults.split(',').filter_map(RecordFault::parse).collect()),
        };
        Some((line.parse().ok()?, became))
    };
    text.split(' ').filter_map(line).collect()
}

fn page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    (sent, whole): (&Sent<ImportForm>, Option<RecordsFault>),
    report: &[(usize, Became)],
) -> Result<Response, AppError> {
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::import(&me, sent, whole, report, &key)))
}

/// The form.
pub(crate) async fn form(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(COORDINATOR).await?;
    page(&site, &staff, StatusCode::OK, (&Sent::fresh(ImportForm::default()), None), &[])
}

/// The volunteer of that telephone: account, street, name.
async fn volunteer(site: &Site, phone: &ContactPhone) -> Result<Option<(String, String, String)>, AppError> {
    let Some((resident, street)) = site.store().volunteer_of_phone(phone).await? else { return Ok(None) };
    let profile = site.store().account(&resident).await?.profile;
    let identity = profile.identity.and_then(|form| Identity::parse(&form, site.clock().today()).ok());
    Ok(identity.map(|identity| (resident, street, identity.name.as_str().to_owned())))
}

/// Takes in what holds. The answer is the page itself: whose the lines are stands in no address.
pub(crate) async fn import(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(COORDINATOR).await?;
    let key = fields.key(site.store())?;
    let form: ImportForm = fields.form()?;
    let mut errors = FormErrors::default();
    let phone = errors.keep("phone", ContactPhone::parse(&form.phone));
    if form.lines.trim().is_empty() {
        errors.add("lines", Prompt::RecordsText);
    }
    let found = match &phone {
        Some(phone) => volunteer(&site, phone).await?,
        None => None,
    };
    if phone.is_some() && found.is_none() {
        errors.add("phone", Rule::NoSuchVolunteer);
    }
    let (Some((resident, street, name)), true) = (found, errors.is_empty()) else {
        let sent = sent_back(form, errors);
        return page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, (&sent, None), &[]);
    };
    let post = staff.require(COORDINATOR, &street).await?;
    let lines = match read(&form.lines) {
        Ok(lines) => lines,
        Err(fault) => {
            let sent = sent_back(form, errors);
            return page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, (&sent, Some(fault)), &[]);
        }
    };
    let today = site.clock().today();
    let (mut good, mut read) = (Vec::new(), Vec::new());
    for (line, raw) in lines {
        let checked = raw.map_err(|fault| vec![fault]).and_then(|raw| raw.check(&name, today));
        read.push((line, checked.as_ref().err().cloned()));
        good.extend(checked.ok());
    }
    let report = |new: &[bool]| {
        let mut new = new.iter();
        let became = |faults: Option<Vec<RecordFault>>| match faults {
            Some(faults) => Became::Wrong(faults),
            None if new.next().copied().unwrap_or(false) => Became::Taken,
            None => Became::Known,
        };
        let mut became = became;
        let lines: Vec<_> = read.into_iter().map(|(line, faults)| (line, became(faults))).collect();
        written(&lines)
    };
    let (owner, actor) = (owner_of(&staff), staff.actor(post));
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let report = site.store().import_records((&resident, &street), &good, report, &doing).await;
    let report = read_report(&report.map_err(refusal)?);
    let wrong = report.iter().any(|(_, became)| matches!(became, Became::Wrong(_)));
    // What was not taken in stays in the form, so that it can be put right.
    let form = if wrong { form } else { ImportForm::default() };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(&site, &staff, status, (&Sent::fresh(form), None), &report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let report = vec![
            (2, Became::Taken),
            (3, Became::Known),
            (4, Became::Wrong(vec![RecordFault::Day, RecordFault::Minutes])),
        ];
        assert_eq!(written(&report), "2:taken 3:known 4:day,minutes");
        assert_eq!(read_report(&written(&report)), report);
    }

    #[test]
    fn json_is_read_with_numbers_or_text() {
        let lines = read(
            "{\"records\":[{\"volunteer\":\"王小明\",\"date\":\"2026-11-20\",\"place\":\"一\",\"content\":\"二\",\
             \"minutes\":90,\"organiser\":\"三\"},7]}",
        )
        .unwrap();
        let first = lines[0].1.clone().unwrap();
        assert_eq!((lines[0].0, first.minutes.as_str(), first.hours.as_str()), (1, "90", ""));
        assert_eq!(lines[1], (2, Err(RecordFault::Columns)));
        assert_eq!(read("{"), Err(RecordsFault::Header));
        assert_eq!(read("{\"records\":[]}"), Err(RecordsFault::Empty));
    }
}
