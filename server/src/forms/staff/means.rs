//! `/staff/cases/{number}/means`: what is asked of other systems about a household; `/staff/means`: what waits for an answer, handed
//! on and taken in as a file.

use std::collections::BTreeMap;

use app::domain::aid::means_check::{
    AnswerFault, AnswerProblem, MeansAnswer, MeansAnswerForm, MeansQuery, MeansQueryForm, read_answers,
};
use app::domain::calendar::{Calendar, Deadline};
use app::domain::confirm::CaseNumber;
use app::domain::document::DocumentKind;
use app::domain::form::{FormErrors, Prompt};
use app::domain::name::PersonName;
use app::domain::staff::Post;
use app::pages::staff::means::{
    self as pages, ANSWERERS, ASKERS, MeansPage, TypedMeans, WaitingLine, WaitingMeans,
};
use app::text::inquiry::means_source;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{case_for, doing};
use super::table_file::{self, cell};
use super::{number_in, own_post};
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::seal::{random_secret, random_u64};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::means_checks::{AgreementLink, WaitingCheck};
use crate::store::staff_cases::{FoundCase, Scope};

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

/// The longest file of queries.
const LONGEST: i64 = 500;

/// Working days within which a check begins (民发〔2021〕57号 art. 17).
const BEGIN_DAYS: u32 = 3;

/// The page, with a form that came back or a fresh one. What was found about a household is personal: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    typed: &TypedMeans,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let shown = MeansPage {
        head: case.head.clone(),
        signatories: site.store().means_signatories(area, id).await?,
        checks: site.store().means_of(area, id).await?,
        may_ask: case.head.state.is_open() && staff.post_for(ASKERS, case.place()).is_some(),
        may_answer: staff.post_for(ANSWERERS, case.place()).is_some(),
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::means(&me, &shown, typed)))
}

fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/means", case.head.number), None)
}

/// What is asked about one household.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    page(&site, &staff, (&case, reader), &TypedMeans::default()).await
}

/// Asks.
pub(crate) async fn ask(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, ASKERS).await?;
    let form = MeansQueryForm {
        person: fields.get("person").to_owned(),
        source: fields.get("source").to_owned(),
        purpose: fields.get("purpose").to_owned(),
    };
    let signatories = site.store().means_signatories(&case.head.area, &case.id).await?;
    let agreed = signatories.iter().filter(|one| one.given_at.is_some());
    let agreed: Vec<_> = agreed.map(|one| one.id.as_str()).collect();
    let query = match MeansQuery::parse(&form, &agreed) {
        Ok(query) => query,
        Err(errors) => {
            let typed = TypedMeans { query: form, errors, ..TypedMeans::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let reference = CaseNumber::new("HD", site.clock().today(), random_u64()?);
    site.store().ask_means(&case.to_act_on(), &query, reference.as_str(), &doing).await?;
    Ok(back_to(&case))
}

/// Enters somebody who owes support and lives elsewhere.
pub(crate) async fn obligor(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, ASKERS).await?;
    let name = match PersonName::parse(fields.get("obligor")) {
        Ok(name) => name,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("obligor", error);
            let obligor = fields.get("obligor").to_owned();
            let typed = TypedMeans { obligor, errors, ..TypedMeans::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let (secret, code) = (random_secret()?, format!("{:06}", random_u64()? % 1_000_000));
    let link = AgreementLink { secret: &secret, code: &code };
    site.store().enter_obligor(&case.to_act_on(), &name, &link, &doing).await?;
    Ok(back_to(&case))
}

/// Writes down an agreement that was signed on paper.
pub(crate) async fn agreement(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, ASKERS).await?;
    let signatory = fields.get("signatory");
    let field = format!("signed-{signatory}");
    if fields.get(&field) != "yes" {
        let mut errors = FormErrors::default();
        errors.add(field, Prompt::PaperSigned);
        let typed = TypedMeans { paper: Some(signatory.to_owned()), errors, ..TypedMeans::default() };
        return page(&site, &staff, (&case, post), &typed).await;
    }
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().enter_paper_agreement(&case.to_act_on(), signatory, &doing).await?;
    Ok(back_to(&case))
}

/// Writes down what came back of one query.
pub(crate) async fn answer(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, ANSWERERS).await?;
    let reference = fields.get("reference");
    let checks = site.store().means_of(&case.head.area, &case.id).await?;
    if !checks.iter().any(|check| check.reference == reference) {
        return Err(AppError::NotFound);
    }
    let form = MeansAnswerForm {
        outcome: fields.get(&format!("outcome-{reference}")).to_owned(),
        detail: fields.get(&format!("detail-{reference}")).to_owned(),
    };
    let answer = match MeansAnswer::parse(&form) {
        Ok(answer) => answer,
        Err(found) => {
            let mut errors = FormErrors::default();
            for wrong in found.iter() {
                errors.add(format!("{}-{reference}", wrong.field), wrong.error.clone());
            }
            let typed =
                TypedMeans { answer: Some((reference.to_owned(), form)), errors, ..TypedMeans::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let answers = [(reference.to_owned(), answer)];
    match site.store().answer_means(&answers, &Scope::of(post), &doing).await? {
        Ok(_) => {}
        Err(_) => return Err(AppError::Conflict),
    }
    site.messages_waiting().notify_one();
    Ok(back_to(&case))
}

async fn list_page(
    site: &Site,
    staff: &StaffVisitor,
    (asked_post, page): (&str, u32),
    taken: usize,
    (lines, problems): (&str, &[AnswerProblem]),
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(ANSWERERS).await?.into_iter().cloned().collect();
    let at = posts.iter().position(|post| post.text() == asked_post).unwrap_or_default();
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut waiting = site.store().waiting_means(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = waiting.len() > on_a_page;
    waiting.truncate(on_a_page);
    let begin_by = |check: &WaitingCheck| match Calendar::embedded()
        .add_working_days(check.asked_at.shanghai_date(), BEGIN_DAYS)
    {
        Deadline::On(day) => Some(day),
        Deadline::BeyondCalendar { .. } => None,
    };
    let shown = waiting
        .iter()
        .map(|check| WaitingLine {
            number: check.case.head.number.clone(),
            area: check.case.head.area.clone(),
            reference: check.reference.clone(),
            source: check.source,
            asked_at: check.asked_at,
            begin_by: begin_by(check),
        })
        .collect();
    let today = site.clock().today();
    let shown = WaitingMeans { posts, at, lines: shown, page, more, today, taken, key: new_key()? };
    let me = staff.me();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::waiting(&me, &shown, lines, problems)))
}

/// What waits for an answer.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts = staff.require_role(ANSWERERS).await?;
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let post = posts.get(at).map(|post| post.text()).unwrap_or_default();
    let page = number_in(&query, "page").clamp(1, 10_000);
    let taken = usize::try_from(number_in(&query, "taken")).unwrap_or_default();
    list_page(&site, &staff, (&post, page), taken, ("", &[])).await
}

/// The file of queries for the other systems. That it was made stands in the trail before it is given.
pub(crate) async fn file(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = own_post(&staff, ANSWERERS, fields.get("post")).await?;
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().note_means_file(chain(post.place()), &doing).await?;
    let waiting = site.store().waiting_means(&Scope::of(post), 0, LONGEST).await?;
    let text = table(&site, &waiting).await?;
    Ok(table_file::as_file(&format!("means-{}", site.clock().today()), text))
}

async fn table(site: &Site, waiting: &[WaitingCheck]) -> Result<Vec<u8>, AppError> {
    let mut rows = Vec::with_capacity(waiting.len());
    for check in waiting {
        let document = site.store().document_of_signatory(&check.case, &check.signatory).await?;
        let (kind, number) = document.unwrap_or_default();
        let kind = DocumentKind::parse(&kind).map(DocumentKind::label).unwrap_or_default();
        rows.push([
            cell(&check.reference),
            cell(means_source(check.source)),
            cell(&check.name),
            cell(kind),
            cell(&number),
            cell(&check.purpose),
            cell(&check.asked_at.shanghai_full()),
            String::new(),
            String::new(),
        ]);
    }
    let written = || -> anyhow::Result<Vec<u8>> {
        let mut out = table_file::table();
        out.write_record([
            "查询编号",
            "核对什么",
            "姓名",
            "证件种类",
            "证件号码",
            "为什么核对",
            "提出时间",
            "结果",
            "说明",
        ])?;
        for row in &rows {
            out.write_record(row)?;
        }
        Ok(out.into_inner()?)
    };
    written().map_err(AppError::Internal)
}

/// Takes a file of answers in: all of them or none.
pub(crate) async fn answers(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = own_post(&staff, ANSWERERS, fields.get("post")).await?;
    let lines = fields.get("lines");
    let refused = async |problems: &[AnswerProblem]| {
        list_page(&site, &staff, (&post.text(), 1), 0, (lines, problems)).await
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(lines.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, record) in reader.records().enumerate() {
        match record {
            Ok(record) => rows.push(record.iter().map(str::to_owned).collect()),
            Err(_) => return refused(&[AnswerProblem { line: at + 1, fault: AnswerFault::Columns }]).await,
        }
    }
    let answers = match read_answers(&rows) {
        Ok(answers) => answers,
        Err(problems) => return refused(&problems).await,
    };
    let doing = doing(&site, &staff, post, &fields)?;
    match site.store().answer_means(&answers, &Scope::of(post), &doing).await? {
        Ok(once) => {
            site.messages_waiting().notify_one();
            let at = staff.require_role(ANSWERERS).await?.iter().position(|held| *held == post);
            let at = at.unwrap_or_default();
            Ok(see_other(&format!("/staff/means?post={at}&taken={}", once.answer()), None))
        }
        Err(unknown) => {
            let problems: Vec<_> = (2..)
                .zip(&answers)
                .filter(|(_, (reference, _))| unknown.contains(reference))
                .map(|(line, _)| AnswerProblem { line, fault: AnswerFault::NotWaiting })
                .collect();
            refused(&problems).await
        }
    }
}
