//! `/staff/timebank/records…`: services that count, put right by two people.

use app::domain::form::FormErrors;
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::domain::timebank::{Correction, CorrectionForm, NeedState};
use app::pages::Sent;
use app::pages::staff::timebank_records::{self as pages, CORRECTORS, Record, RecordLine, ShownCorrection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::owner_of;
use super::timebank_insurance::helper_name;
use crate::error::AppError;
use crate::forms::timebank::{refusal, rules, words};
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, Need, NeedRefusal};

/// How far back the list goes.
const YEAR_MS: i64 = 365 * 24 * 3_600_000;

pub(super) fn line_of(need: &Need, waits: bool) -> RecordLine {
    RecordLine {
        id: need.id.clone(),
        kind: need.kind.name.clone(),
        area: need.area.clone(),
        at: need.began_at.unwrap_or(need.starts_at),
        minutes: need.true_minutes().unwrap_or(0),
        corrected: need.right_minutes.is_some(),
        waits,
    }
}

/// What was confirmed at one's posts; corrections that wait come first.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(CORRECTORS).await?.into_iter().cloned().collect();
    let (store, since) = (site.store(), Instant(site.clock().now().0 - YEAR_MS));
    let mut lines: Vec<RecordLine> = Vec::new();
    for post in &posts {
        let mut of_post = Vec::new();
        for correction in store.corrections_waiting(post.place()).await? {
            of_post.push(line_of(&store.need(&correction.need).await?, true));
        }
        of_post
            .extend(store.confirmed_at(post.place(), since).await?.iter().map(|need| line_of(need, false)));
        for line in of_post {
            // Two posts may cover one place, and what waits stands in both lists.
            if lines.iter().all(|there| there.id != line.id) {
                lines.push(line);
            }
        }
    }
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &lines)))
}

/// The service, and who may put it right.
async fn found(site: &Site, staff: &StaffVisitor, id: &str) -> Result<(Need, Actor), AppError> {
    staff.require_role(CORRECTORS).await?;
    let need = site.store().need(id).await?;
    let post = staff.require(CORRECTORS, &need.area).await?;
    let actor = staff.actor(post);
    if need.state == NeedState::Confirmed { Ok((need, actor)) } else { Err(AppError::NotFound) }
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    need: &Need,
    sent: &Sent<CorrectionForm>,
    words: &str,
) -> Result<Response, AppError> {
    let helper = match &need.helper {
        Some(helper) => helper_name(site, helper).await,
        None => String::new(),
    };
    let correction = site.store().correction_of(&need.id).await?;
    let waits = correction.as_ref().is_some_and(|kept| kept.approved.is_none());
    let record = Record {
        line: line_of(need, waits),
        helper,
        late: need.late,
        correction: correction.map(|kept| ShownCorrection {
            own: kept.proposed.by == staff.staff_id(),
            id: kept.id,
            recorded: kept.recorded,
            right: kept.right,
            why: kept.why,
            proposed: kept.proposed,
            approved: kept.approved,
        }),
    };
    let fine = sent.errors.is_empty() && words.is_empty();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::show(&me, &record, sent, words, &key)))
}

/// One service.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (need, _) = found(&site, &staff, &id).await?;
    page(&site, &staff, &need, &Sent::fresh(CorrectionForm::default()), "").await
}

/// Proposes, agrees, or does not.
pub(crate) async fn act(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (need, actor) = found(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let (store, who) = (site.store(), staff.staff_id());
    let form: CorrectionForm = fields.form()?;
    let recorded = need.true_minutes().unwrap_or(0);
    let mut errors = FormErrors::default();
    let done = match fields.get("act") {
        "propose" => match Correction::parse(&form, recorded) {
            Ok(correction) => store.propose_correction((&need.id, recorded), &correction, who, &doing).await,
            Err(wrong) => {
                errors = wrong;
                Ok(())
            }
        },
        // The correction is one of this service, whatever the form names.
        other @ ("approve" | "drop") => match store.correction_of(&need.id).await? {
            Some(kept) if kept.id == fields.get("correction") && other == "approve" => {
                store.approve_correction(&kept.id, who, rules(&site)?, &doing).await
            }
            Some(kept) if kept.id == fields.get("correction") => {
                store.drop_correction(&kept.id, who, &doing).await
            }
            _ => Err(NeedRefusal::Gone),
        },
        _ => return Err(AppError::BadRequest),
    };
    let refused = match done {
        Ok(()) if errors.is_empty() => {
            return Ok(see_other(&format!("/staff/timebank/records/{}", need.id), None));
        }
        Ok(()) => "",
        Err(NeedRefusal::NotEnough) => "志愿者已经用掉了一部分，收不回这么多；请先和他商量",
        Err(refused @ NeedRefusal::Gone) => words(&refused),
        Err(other) => return Err(refusal(other)),
    };
    let (need, _) = found(&site, &staff, &id).await?;
    page(&site, &staff, &need, &sent_back(form, errors), refused).await
}
