//! `/staff/sharing`: lists to other departments of who was recognised (社会救助法 42).

use app::domain::aid::sharing::{Share, ShareForm};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::document::DocumentKind;
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::staff::sharing::{self as pages, SHARERS};
use app::ports::{SharedCase, SharedList};
use app::text::sharing::news_label;
use app::text::staff::place_name;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::handling::doing;
use super::table_file::{self, cell};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::StoreError;
use crate::store::audit::AuditEntry;
use crate::store::staff_cases::Scope;

/// How many lists a page shows.
const SHOWN: i64 = 100;

async fn post(staff: &StaffVisitor) -> Result<&Post, AppError> {
    staff.require_role(SHARERS).await?.into_iter().next().ok_or(AppError::NotFound)
}

fn item_name(site: &Site, slug: &str) -> String {
    site.catalogue().item(slug).map(|item| item.name.clone()).unwrap_or_default()
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    sent: &Sent<ShareForm>,
    nothing: bool,
) -> Result<Response, AppError> {
    let (me, lists, key) = (staff.me(), site.store().shared_lists(SHOWN).await?, new_key()?);
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::list(&me, sent, nothing, &lists, &key)))
}

/// The form and what was made.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    post(&staff).await?;
    page(&site, &staff, &Sent::fresh(ShareForm::default()), false).await
}

/// Makes a list.
pub(crate) async fn make(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = post(&staff).await?;
    let form =
        ShareForm { receiver: fields.get("receiver").to_owned(), purpose: fields.get("purpose").to_owned() };
    let share = match Share::parse(&form) {
        Ok(share) => share,
        Err(errors) => return page(&site, &staff, &sent_back(form, errors), false).await,
    };
    let items: Vec<&str> = site
        .catalogue()
        .all()
        .iter()
        .filter(|(_, item)| item.shared.is_some())
        .map(|(slug, _)| slug.as_str())
        .collect();
    let doing = doing(&site, &staff, post, &fields)?;
    match site.store().share_results(&share, &items, &Scope::of(post), &doing).await {
        Ok(once) => Ok(see_other(&format!("/staff/sharing/{}", once.answer()), None)),
        Err(StoreError::NotFound) => page(&site, &staff, &Sent::fresh(form), true).await,
        Err(error) => Err(error.into()),
    }
}

async fn found(
    site: &Site,
    staff: &StaffVisitor,
    id: &str,
) -> Result<(SharedList, Vec<SharedCase>), AppError> {
    let post = post(staff).await?;
    let list = site.store().shared_lists(SHOWN).await?.into_iter().find(|list| list.id == id);
    let list = list.ok_or(AppError::NotFound)?;
    let cases = site.store().shared_cases(id, &Scope::of(post)).await?;
    Ok((list, cases))
}

/// One list.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (list, cases) = found(&site, &staff, &id).await?;
    let lines: Vec<_> = cases.into_iter().map(|case| (item_name(&site, &case.item), case)).collect();
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::show(&me, &list, &lines)))
}

/// The file for the department: every person of each household. That it was made stands in the trail before it is given.
pub(crate) async fn file(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (list, cases) = found(&site, &staff, &id).await?;
    let post = post(&staff).await?;
    let entry = AuditEntry {
        area: chain(post.place()),
        actor: &staff.actor(post),
        on_behalf_of: None,
        act: AuditAct::RowsExported,
        object_kind: "shared_lists",
        object: &list.id,
        subject: None,
        purpose: Purpose::Handling,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    let text = table(&site, &cases).await?;
    Ok(table_file::as_file(&format!("shared-{}", list.made_at.shanghai_date()), text))
}

async fn table(site: &Site, cases: &[SharedCase]) -> Result<Vec<u8>, AppError> {
    let mut rows = vec![["编号", "结果", "告知什么", "街道", "姓名", "证件", "证件号码"].map(str::to_owned)];
    for case in cases {
        let Some(found) = site.store().find_case(&case.number).await? else { continue };
        let file = site.store().case_file(&found).await?;
        let applicant = (file.name, file.record.document_kind, file.document_number);
        let members = file.members.into_iter().map(|m| (m.name, m.document_kind, m.document_number));
        for (name, kind, number) in std::iter::once(applicant).chain(members) {
            rows.push([
                cell(&case.number),
                cell(&item_name(site, &case.item)),
                news_label(case.news).to_owned(),
                cell(&place_name(&case.area)),
                cell(&name),
                DocumentKind::parse(&kind).map(DocumentKind::label).unwrap_or_default().to_owned(),
                // A tab keeps spreadsheets from rounding it.
                format!("\t{number}"),
            ]);
        }
    }
    let mut out = table_file::table();
    let written = rows.iter().try_for_each(|row| out.write_record(row));
    written.map_err(anyhow::Error::from).map_err(AppError::Internal)?;
    out.into_inner().map_err(|error| AppError::Internal(error.into_error().into()))
}
