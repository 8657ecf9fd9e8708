//! `/staff/cases`: received applications of one's area.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::confirm::CaseNumber;
use app::domain::form::{FormErrors, Prompt};
use app::domain::minor::CHILD_READERS;
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::staff::cases::{self as pages, PURPOSES, READERS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;
use crate::store::staff_cases::FoundCase;

/// The application, and the post that lets this person read it.
pub(super) async fn case_of<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(FoundCase, &'a Post), AppError> {
    staff.require_role(READERS).await?;
    let number = CaseNumber::parse(number).map_err(|_| AppError::NotFound)?;
    let Some(case) = site.store().find_case(number.as_str()).await? else { return Err(AppError::NotFound) };
    // A child's papers are opened by fewer (个人信息保护法 28, 31; 未成年人网络保护条例 36).
    let readers = if case.under_14 { CHILD_READERS } else { READERS };
    match staff.post_for(readers, case.place()) {
        Some(post) => Ok((case, post)),
        None => Err(staff.refused("applications", &case.id, &case.head.area).await?),
    }
}

/// Notes that what was written on a case's way is shown to whoever handles it; before it is shown.
///
/// # Errors
/// The database failed; nothing must be shown then.
pub(super) async fn note_reading(
    site: &Site,
    staff: &StaffVisitor,
    (case, post): (&FoundCase, &Post),
) -> Result<(), AppError> {
    let entry = AuditEntry {
        area: chain(&case.head.area),
        actor: &staff.actor(post),
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "applications",
        object: &case.id,
        subject: None,
        purpose: Purpose::Handling,
    };
    Ok(site.store().note_alone(&entry, site.clock().now()).await?)
}

/// The application, before anything that was answered is shown.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = case_of(&site, &staff, &number).await?;
    let (me, sent) = (staff.me(), Sent::fresh(String::new()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::ask(&me, &case.head, &sent)))
}

/// Opens the application. It answers with the page itself and not with a redirect: each showing is a reading of its own,
/// noted before anything is shown, and no address ever shows it unasked.
pub(crate) async fn open(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_of(&site, &staff, &number).await?;
    let me = staff.me();
    let purpose = Purpose::parse(fields.get("purpose")).filter(|purpose| PURPOSES.contains(purpose));
    let Some(purpose) = purpose else {
        let mut errors = FormErrors::default();
        errors.add("purpose", Prompt::ReadingPurpose);
        let sent = sent_back(String::new(), errors);
        return Ok(site
            .page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::ask(&me, &case.head, &sent)));
    };
    let actor = staff.actor(post);
    let full = fields.get("full") == "yes";
    let entry = AuditEntry {
        area: chain(&case.head.area),
        actor: &actor,
        on_behalf_of: None,
        act: if full { AuditAct::NumbersRead } else { AuditAct::DetailsRead },
        object_kind: "applications",
        object: &case.id,
        subject: None,
        purpose,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    let file = site.store().case_file(&case).await?;
    let papers = super::papers::shown(&site, &case).await?;
    Ok(site.page(&staff.visitor, StatusCode::OK, || {
        pages::opened(&me, &case.head, &file, &papers, purpose, full)
    }))
}
