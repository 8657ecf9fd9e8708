//! `/timebank/records.csv`, `/timebank/records.json`: one's own confirmed services with the fields of the national record
//! (志愿服务记录与证明出具办法 7), with what was brought from elsewhere.

use app::domain::timebank::{RawRecord, ServiceRecord, records_table};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::timebank::{own, place};
use crate::error::AppError;
use crate::session::Session;
use crate::site::{Site, Visitor};

/// What stands in the JSON besides the records, so that a reader knows what it has.
#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    rule: &'static str,
    made_by: &'a str,
    records: Vec<RawRecord>,
}

async fn own_records(site: &Site, session: &Session) -> Result<Vec<ServiceRecord>, AppError> {
    let (store, resident) = (site.store(), session.resident());
    let name = store.account(resident).await?.profile.identity.map(|form| form.name).unwrap_or_default();
    let mut records: Vec<_> = store
        .given_services(resident)
        .await?
        .into_iter()
        .map(|need| ServiceRecord {
            volunteer: name.clone(),
            day: need.began_at.unwrap_or(need.starts_at).shanghai_date(),
            place: place(&need.area),
            content: need.kind.name.clone(),
            minutes: need.true_minutes().unwrap_or(0),
            organiser: site.settings().site_name.clone(),
            leader: String::new(),
        })
        .collect();
    let today = site.clock().today();
    // They were looked at when they came in; the name is the one of today.
    let brought = store.imported_records(resident).await?.into_iter();
    records.extend(brought.filter_map(|raw| {
        let name = raw.volunteer.clone();
        raw.check(&name, today).ok()
    }));
    Ok(records)
}

fn file(content: String, kind: &'static str, name: &'static str) -> Response {
    let mut answer = (StatusCode::OK, content).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// As a table.
pub(crate) async fn table(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let records = own_records(&site, own(&visitor)?).await?;
    let name = "attachment; filename=\"time-bank-records.csv\"";
    Ok(file(records_table(&records), "text/csv; charset=utf-8", name))
}

/// As JSON.
pub(crate) async fn json(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let records = own_records(&site, own(&visitor)?).await?;
    let made = File {
        format: "volunteer-service-records/1",
        rule: "志愿服务记录与证明出具办法（试行）第七条",
        made_by: &site.settings().site_name,
        records: records.iter().map(RawRecord::of).collect(),
    };
    let content = serde_json::to_string_pretty(&made).map_err(anyhow::Error::from)?;
    Ok(file(content, "application/json; charset=utf-8", "attachment; filename=\"time-bank-records.json\""))
}
