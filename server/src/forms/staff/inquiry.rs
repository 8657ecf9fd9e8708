//! `/staff/cases/{number}/inquiry`, `/visit`, `/kin`: the household is looked at at home, near relatives are entered; `/staff/kin`,
//! the register.

use std::collections::BTreeMap;

use app::domain::aid::home_visit::{HomeVisit, HomeVisitForm, SIGNATURE_FIELDS, SelfCare};
use app::domain::aid::staff_kin::{StaffKin, StaffKinForm};
use app::domain::form::FormErrors;
use app::domain::staff::Post;
use app::pages::staff::home_visit::{self as visit_page, VisitPage};
use app::pages::staff::inquiry::{
    self as pages, Inquiry, InquirySummary, KIN_READERS, KinRegister, TypedInquiry, VISITORS,
};
use app::pages::staff::work::Colleague;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{case_for, doing};
use super::number_in;
use super::work::colleagues;
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::staff_cases::{FoundCase, Scope};

/// How many stand on one page of the register.
const ON_A_PAGE: i64 = 20;

/// Everybody who handles cases of this place: the colleagues, and oneself first.
async fn everybody(site: &Site, staff: &StaffVisitor, case: &FoundCase) -> Result<Vec<Colleague>, AppError> {
    let mut all = vec![Colleague {
        id: staff.staff_id().to_owned(),
        name: format!("我自己（{}）", staff.me().name),
    }];
    all.extend(colleagues(site, staff, &[case.place()], case.under_14).await?);
    Ok(all)
}

/// The page, with a form that came back or a fresh one. What was seen at somebody's home is personal: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    typed: &TypedInquiry,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let shown = Inquiry {
        head: case.head.clone(),
        visits: site.store().visits_of(area, id).await?,
        kin: site.store().kin_of(area, id).await?,
        drawn: site.store().lot_of(area, id).await?,
        staff: everybody(site, staff, case).await?,
        may: case.head.state.is_open() && staff.post_for(VISITORS, case.place()).is_some(),
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::inquiry(&me, &shown, typed)))
}

/// What was looked into.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    page(&site, &staff, (&case, reader), &TypedInquiry::default()).await
}

/// What the page that moves the case on says of it.
pub(super) async fn summary(
    site: &Site,
    staff: &StaffVisitor,
    case: &FoundCase,
) -> Result<InquirySummary, AppError> {
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let (visits, kin) = (site.store().visits_of(area, id).await?, site.store().kin_of(area, id).await?);
    let drawn = site.store().lot_of(area, id).await?;
    let item = site.catalogue().item(&case.head.item);
    Ok(InquirySummary {
        visits: visits.len(),
        visit_needed: item.is_some_and(|item| item.visit.is_some()),
        district_must_visit: pages::district_must_visit(&kin, drawn, &visits),
        draw_first: drawn.is_none() && item.is_some_and(|item| item.random_check.is_some()),
        own_family: kin.iter().any(|entry| entry.kin.account.as_deref() == Some(staff.staff_id())),
    })
}

fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/inquiry", case.head.number), None)
}

/// Whether the item of this case asks what the person does alone.
fn asks_self_care(site: &Site, case: &FoundCase) -> bool {
    let item = site.catalogue().item(&case.head.item);
    item.and_then(|item| item.visit.as_ref()).is_some_and(|visit| visit.self_care)
}

async fn visit_form(
    site: &Site,
    staff: &StaffVisitor,
    case: &FoundCase,
    typed: (&HomeVisitForm, &FormErrors),
) -> Result<Response, AppError> {
    let shown = VisitPage {
        number: case.head.number.clone(),
        colleagues: colleagues(site, staff, &[case.place()], case.under_14).await?,
        self_care: asks_self_care(site, case),
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.1.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || visit_page::visit(&me, &shown, typed.0, typed.1)))
}

/// The page of one visit. It shows nothing of the resident.
pub(crate) async fn visit(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = case_for(&site, &staff, &number, VISITORS).await?;
    let today = site.clock().today();
    let form = HomeVisitForm { day: today.to_string(), ..HomeVisitForm::default() };
    visit_form(&site, &staff, &case, (&form, &FormErrors::default())).await
}

/// Enters a visit.
pub(crate) async fn enter_visit(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, VISITORS).await?;
    let text = |name: &str| fields.get(name).to_owned();
    let mut self_care: [String; 6] = Default::default();
    for (answer, what) in self_care.iter_mut().zip(SelfCare::ALL) {
        *answer = text(&format!("care-{}", what.as_str()));
    }
    let form = HomeVisitForm {
        day: text("visit-day"),
        companion: text("companion"),
        family: text("family"),
        family_is: text("family-is"),
        findings: text("findings"),
        self_care,
        signed: text("signed"),
        signatures: SIGNATURE_FIELDS.map(text),
    };
    let colleagues = colleagues(&site, &staff, &[case.place()], case.under_14).await?;
    let ids: Vec<_> = colleagues.iter().map(|one| one.id.as_str()).collect();
    let days = (case.head.received_at.shanghai_date(), site.clock().today());
    let visit = match HomeVisit::parse(&form, days, &ids, asks_self_care(&site, &case)) {
        Ok(visit) => visit,
        Err(errors) => return visit_form(&site, &staff, &case, (&form, &errors)).await,
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().enter_visit(&case.to_act_on(), &visit, &doing).await?;
    Ok(back_to(&case))
}

/// Enters a near relative.
pub(crate) async fn enter_kin(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, VISITORS).await?;
    let form = StaffKinForm {
        staff: fields.get("kin-staff").to_owned(),
        name: fields.get("kin-name").to_owned(),
        relation: fields.get("kin-relation").to_owned(),
    };
    let mut accounts = vec![Colleague { id: staff.staff_id().to_owned(), name: staff.me().name }];
    accounts.extend(colleagues(&site, &staff, &[case.place()], case.under_14).await?);
    let accounts: Vec<_> = accounts.iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
    let kin = match StaffKin::parse(&form, &accounts) {
        Ok(kin) => kin,
        Err(errors) => {
            return page(&site, &staff, (&case, post), &TypedInquiry { kin: form, errors }).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().enter_kin(&case.to_act_on(), &kin, &doing).await?;
    Ok(back_to(&case))
}

/// The register of one post's area.
pub(crate) async fn register(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(KIN_READERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let page = number_in(&query, "page").clamp(1, 10_000);
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut found = site.store().kin_register(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > on_a_page;
    found.truncate(on_a_page);
    let lines = found.into_iter().map(|(case, visited)| (case.head, visited)).collect();
    let (me, shown) = (staff.me(), KinRegister { posts, at, lines, page, more });
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::register(&me, &shown)))
}
