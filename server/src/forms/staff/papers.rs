//! `/staff/cases/{number}/papers/{paper}`: photos of papers, shown by a POST that is noted, as all of an application is.

use app::domain::audit::{AuditAct, Purpose};
use app::pages::staff::cases::PURPOSES;
use app::pages::staff::papers::{self as pages, ShownPaper};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64;

use super::cases::case_of;
use crate::error::AppError;
use crate::forms::Fields;
use crate::papers::{Part, picture};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;
use crate::store::papers::KeptPaper;
use crate::store::staff_cases::FoundCase;

/// The photos of an application that is being shown; the caller has noted it. From now on they are part of the case.
pub(super) async fn shown(site: &Site, case: &FoundCase) -> Result<Vec<ShownPaper>, AppError> {
    site.store().papers_seen(&case.head.area, &case.id, site.clock().now()).await?;
    let mut shown = Vec::new();
    for paper in site.store().papers_of_case(&case.head.area, &case.id).await? {
        shown.push(with_picture(site, paper, Part::Small).await);
    }
    Ok(shown)
}

/// One that can't be opened is listed all the same: the rest of the application must not be lost with it.
async fn with_picture(site: &Site, paper: KeptPaper, part: Part) -> ShownPaper {
    let image = match picture(site, &paper, part).await {
        Ok(picture) => Some(format!("data:image/jpeg;base64,{}", BASE64.encode(&picture))),
        Err(cause) => {
            tracing::error!(%cause, paper = paper.line.id, "a picture can't be opened");
            None
        }
    };
    ShownPaper { line: paper.line, image }
}

/// Shows one photo large.
pub(crate) async fn open(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((number, paper)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_of(&site, &staff, &number).await?;
    let purpose = Purpose::parse(fields.get("purpose")).filter(|purpose| PURPOSES.contains(purpose));
    // Our own page always says why; whoever doesn't is asked there.
    let Some(purpose) = purpose else {
        return Ok(see_other(&format!("/staff/cases/{}", case.head.number), None));
    };
    let paper = site.store().paper(&case.head.area, &case.id, &paper).await?;
    let actor = staff.actor(post);
    let entry = AuditEntry {
        area: chain(&case.head.area),
        actor: &actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        // The application's: its owner finds each reading by that.
        object_kind: "applications",
        object: &case.id,
        subject: None,
        purpose,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    site.store().papers_seen(&case.head.area, &case.id, site.clock().now()).await?;
    let (me, shown) = (staff.me(), with_picture(&site, paper, Part::Whole).await);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::paper(&me, &case.head, &shown, purpose)))
}
