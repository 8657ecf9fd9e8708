//! `/confirm/{number}/…`: a confirmation on paper, as a picture, and its latest day for a calendar.

use app::domain::aid::Limit;
use app::domain::area;
use app::domain::confirm::CaseNumber;
use app::pages::confirm::{Paper, Place, picture_words, slip as slip_page};
use app::ports::Receipt;
use app::text::aid::item_words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;

use super::confirm::{case, qr_text, receipt_of};
use crate::calendar_file::CalendarDay;
use crate::confirm::{picture as draw, qr_drawing};
use crate::error::AppError;
use crate::settings::Profile;
use crate::site::{Site, Visitor, see_other};

fn place(site: &Site) -> Place<'_> {
    let settings = site.settings();
    Place {
        address: &settings.base_url,
        hotline: &settings.hotline,
        demo: settings.profile == Profile::Demo || settings.sample_data,
    }
}

async fn on(paper: Paper, (site, visitor, number): (Site, Visitor, String)) -> Result<Response, AppError> {
    let number = CaseNumber::parse(&number).map_err(|_| AppError::NotFound)?;
    let Some(case) = case(&site, &visitor, number.as_str()).await? else {
        return Ok(see_other(&format!("/confirm/{}", number.as_str()), None));
    };
    let receipt = receipt_of(&site, case)?;
    // What was cancelled is printed no more; the page says so.
    if receipt.cancelled_at.is_some() {
        return Ok(see_other(&format!("/confirm/{}", number.as_str()), None));
    }
    Ok(site.page(&visitor, StatusCode::OK, || slip_page(&receipt, place(&site), paper)))
}

/// The slip on A5.
pub(crate) async fn slip(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    on(Paper::A5, (site, visitor, number)).await
}

/// The slip on a strip of 58 mm.
pub(crate) async fn roll(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    on(Paper::Roll, (site, visitor, number)).await
}

/// The picture to keep, for those who may open the confirmation. To everybody else it is not there.
pub(crate) async fn picture(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let number = CaseNumber::parse(&number).map_err(|_| AppError::NotFound)?;
    let case = case(&site, &visitor, number.as_str()).await?.ok_or(AppError::NotFound)?;
    if case.cancelled_at.is_some() {
        return Err(AppError::NotFound);
    }
    let drawing = qr_drawing(&qr_text(&site, &case.token))?;
    let words = picture_words(&receipt_of(&site, case)?, place(&site));
    let png = tokio::task::spawn_blocking(move || draw(&words, &drawing))
        .await
        .map_err(|cause| AppError::Internal(cause.into()))??;
    Ok(owned("image/png", None, png))
}

/// The latest day of an answer, for a calendar. It is there where such a day is set.
pub(crate) async fn latest_day(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let number = CaseNumber::parse(&number).map_err(|_| AppError::NotFound)?;
    let case = case(&site, &visitor, number.as_str()).await?.ok_or(AppError::NotFound)?;
    let receipt = receipt_of(&site, case)?;
    let Limit::On(day) = receipt.limit else { return Err(AppError::NotFound) };
    let sample = if receipt.limit_is_sample { "（示例）" } else { "" };
    let summary = format!("{}：最晚今天答复{sample}", item_words(&receipt.item));
    Ok(calendar(&site, &receipt, "latest-day", (day, &summary, "还没有答复")))
}

/// The day for which the service is arranged, for a calendar. It is there while such a day waits.
pub(crate) async fn service_day(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let number = CaseNumber::parse(&number).map_err(|_| AppError::NotFound)?;
    let case = case(&site, &visitor, number.as_str()).await?.ok_or(AppError::NotFound)?;
    let found = site.store().find_case(number.as_str()).await?.filter(|_| case.own);
    let found = found.ok_or(AppError::NotFound)?;
    let last = site.store().services_of(&found.head.area, &found.id).await?.pop();
    let line = last.filter(|line| line.report.is_none()).ok_or(AppError::NotFound)?;
    let receipt = receipt_of(&site, case)?;
    let summary = item_words(&receipt.item).to_owned();
    Ok(calendar(&site, &receipt, "service", (line.arranged.day, &summary, "那天不方便")))
}

/// A day of a case as a file for a calendar: the day, what is on it, and when to ring the street.
fn calendar(
    site: &Site,
    receipt: &Receipt,
    kind: &str,
    (day, summary, ring_when): (Date, &str, &str),
) -> Response {
    let address = &site.settings().base_url;
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let number = &receipt.number;
    let street = area::street(&receipt.street).map_or("街道", |street| street.name);
    let phone = receipt.street_phone.as_deref().unwrap_or(site.hotline());
    let file = CalendarDay {
        uid: &format!("{number}-{kind}@{host}"),
        day,
        summary,
        description: &format!("编号 {number}。{ring_when}，可以打电话问{street}：{phone}"),
        url: &format!("{address}/confirm/{number}"),
    }
    .file(site.clock().now());
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{number}-{kind}.ics\"")).ok();
    owned("text/calendar; charset=utf-8", name, file.into_bytes())
}

/// A file for its owner alone: no browser and nobody in between keeps it.
fn owned(kind: &'static str, name: Option<HeaderValue>, bytes: Vec<u8>) -> Response {
    let mut response = (StatusCode::OK, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(name) = name {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}
