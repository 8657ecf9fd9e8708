//! `/marriage…`: what to bring and where to go. The answers to the questions are looked at once; no row, no cookie and no line
//! of the log holds them.

pub(crate) mod booking;
pub(crate) mod coming;
pub(crate) mod couple;
pub(crate) mod draws;
pub(crate) mod waiting;

use app::domain::calendar::Calendar;
use app::domain::marriage::{
    AcceptedForm, FreeSearch, Matter, OfficeMode, OfficeSearch, PapersForm, Questions, VisitState,
};
use app::pages::Sent;
use app::pages::marriage as pages;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::site::{Site, Visitor};

/// What one can come for.
pub(crate) async fn home(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, pages::home)
}

/// Offices by province, city and matter.
pub(crate) async fn offices(
    State(site): State<Site>,
    visitor: Visitor,
    Query(search): Query<OfficeSearch>,
) -> Result<Response, AppError> {
    let today = site.clock().today();
    let mut found = site.store().marriage_offices(today).await?;
    found.retain(|office| search.finds(office));
    Ok(site.page(&visitor, StatusCode::OK, || pages::offices(&search, &found)))
}

/// One office.
pub(crate) async fn office(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let office = site.store().marriage_office(&code, site.clock().today()).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::office(&office)))
}

/// How often the screen in the hall asks anew, in seconds.
const HALL_SECONDS: HeaderValue = HeaderValue::from_static("10");

/// Whether the screen stands still: `1`.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Pace {
    still: String,
}

/// The screen in the hall of an office: numbers, and nobody's name.
pub(crate) async fn hall(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(pace): Query<Pace>,
) -> Result<Response, AppError> {
    let (today, still) = (site.clock().today(), pace.still == "1");
    let office = site.store().marriage_office(&code, today).await?;
    if office.mode != OfficeMode::Here {
        return Err(AppError::NotFound);
    }
    let called = site.store().called_marriage_numbers(&code, today).await?;
    let visits = site.store().marriage_visits(&code, today).await?;
    let waiting = visits.iter().filter(|visit| visit.state == VisitState::Waiting).count();
    let mut answer = site.page(&visitor, StatusCode::OK, || pages::hall(&office, &called, waiting, still));
    // No script runs on a screen that nobody touches.
    if !still {
        answer.headers_mut().insert(HeaderName::from_static("refresh"), HALL_SECONDS);
    }
    Ok(answer)
}

/// The office that a list is made for, where the page names one that there is.
async fn office_of(site: &Site, code: &str) -> Result<Option<app::domain::marriage::Office>, AppError> {
    match site.store().marriage_office(code, site.clock().today()).await {
        Ok(office) => Ok(Some(office)),
        Err(crate::store::StoreError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The three questions.
pub(crate) async fn questions(
    State(site): State<Site>,
    visitor: Visitor,
    Path(matter): Path<String>,
    Query(form): Query<PapersForm>,
) -> Result<Response, AppError> {
    let matter = Matter::parse_choice(&matter).ok_or(AppError::NotFound)?;
    let office = office_of(&site, &form.office).await?;
    // An address answers no question: only the office is taken from it.
    let sent = Sent::fresh(PapersForm { office: form.office, ..PapersForm::default() });
    Ok(site.page(&visitor, StatusCode::OK, || pages::questions(matter, &sent, office.as_ref())))
}

/// The papers; with an office, the sheet to take along.
pub(crate) async fn papers(
    State(site): State<Site>,
    visitor: Visitor,
    Path(matter): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let matter = Matter::parse_choice(&matter).ok_or(AppError::NotFound)?;
    let form: PapersForm = fields.form()?;
    let office = office_of(&site, &form.office).await?;
    Ok(match Questions::parse(matter, &form) {
        Ok(questions) => {
            let today = site.clock().today();
            site.page(&visitor, StatusCode::OK, || pages::papers(&questions, today, office.as_ref()))
        }
        Err(errors) => {
            let sent = sent_back(form, errors);
            site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::questions(matter, &sent, office.as_ref())
            })
        }
    })
}

/// When both come again for a divorce.
pub(crate) async fn second_visit_form(State(site): State<Site>, visitor: Visitor) -> Response {
    let sent = Sent::fresh(AcceptedForm::default());
    site.page(&visitor, StatusCode::OK, || pages::second_visit_page(&sent, None))
}

/// Counts the days. What was typed is kept nowhere.
pub(crate) async fn second_visit(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let form: AcceptedForm = fields.form()?;
    Ok(match form.parse(site.clock().today()) {
        Ok(day) => {
            let sent = Sent::fresh(form);
            site.page(&visitor, StatusCode::OK, || pages::second_visit_page(&sent, Some(day)))
        }
        Err(errors) => {
            let sent = sent_back(form, errors);
            site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::second_visit_page(&sent, None))
        }
    })
}

/// The first free time anywhere, or the offices where a day is free.
pub(crate) async fn free(
    State(site): State<Site>,
    visitor: Visitor,
    Query(search): Query<FreeSearch>,
) -> Result<Response, AppError> {
    let (now, today) = (site.clock().now(), site.clock().today());
    if search == FreeSearch::default() {
        return Ok(site.page(&visitor, StatusCode::OK, || pages::free(&Sent::fresh(search), None)));
    }
    let (matter, wanted) = match search.parse(today) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let sent = sent_back(search, errors);
            return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::free(&sent, None)));
        }
    };
    let mut found = Vec::new();
    for office in site.store().marriage_offices(today).await? {
        let within = search.province.is_empty() || search.province == office.province.code;
        if office.mode != OfficeMode::Here || !within || !office.takes(matter) {
            continue;
        }
        let book = site.store().marriage_book(&office.code, matter, now).await?;
        found.extend(book.first_free(wanted, today, Calendar::embedded()).map(|day| (office, day)));
    }
    // The earliest first; offices of one day stay in the order of their provinces.
    found.sort_by_key(|(_, day)| *day);
    let sent = Sent::fresh(search);
    Ok(site.page(&visitor, StatusCode::OK, || pages::free(&sent, Some((matter, &found)))))
}
