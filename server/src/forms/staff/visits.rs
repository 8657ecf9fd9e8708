//! `/staff/counter/visit…`: a resident's visit at the counter. A visit is addressed by a secret of its own, never by a resident.

use std::collections::BTreeMap;

use app::domain::counter::{CounterRefusal, Seen};
use app::domain::counter_visit::{Found, VisitForm};
use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::form::{FormErrors, Rule};
use app::domain::minor::CHILD_READERS;
use app::domain::name::PersonName;
use app::domain::person::Profile;
use app::domain::phone::ContactPhone;
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::staff::counter::AT_THE_COUNTER;
use app::pages::staff::visits::{self as pages, VisitPage, serves};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::Response;

use super::counter::note_mismatch;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::helping::is_child;
use crate::seal::random_secret;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::{chain, idle_since};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::counter::CounterError;
use crate::store::guardians::needs_guardian;
use crate::store::residents::KeptResident;
use crate::store::visits::{AtCounter, KeptVisit, VisitFound};

pub(super) const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Where a visit that is over leads.
pub(super) const OVER: &str = "/staff/counter/visit?ended=1";

fn visit_form(fields: &Fields) -> Result<VisitForm, AppError> {
    Ok(VisitForm {
        phone: fields.get("phone").to_owned(),
        identity: fields.form()?,
        seen: fields.get("seen").to_owned(),
    })
}

/// The street that a resident belongs to by the address in the profile.
fn street_of(profile: &Profile) -> Option<&'static str> {
    let home = profile.home.as_ref()?;
    app::domain::area::street(&home.street).map(|street| street.code)
}

/// A child under 14 is served by fewer (个人信息保护法 28, 31; 未成年人网络保护条例 36).
fn may_read(post: &Post, child: bool) -> bool {
    !child || CHILD_READERS.contains(&post.role())
}

/// The form that begins a visit.
pub(crate) async fn form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    staff.require_role(AT_THE_COUNTER).await?;
    let (me, sent) = (staff.me(), Sent::fresh(VisitForm::default()));
    let ended = query.contains_key("ended");
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::begin(&me, &sent, ended)))
}

/// Finds or makes the resident and begins the visit.
pub(crate) async fn begin(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let posts: Vec<&Post> = staff.require_role(AT_THE_COUNTER).await?;
    let Some(first) = posts.first() else { return Err(AppError::Forbidden) };
    let form = visit_form(&fields)?;
    let me = staff.me();
    let refuse = |form: VisitForm, errors: FormErrors| {
        let sent = sent_back(form, errors);
        Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::begin(&me, &sent, false)))
    };
    let now = site.clock().now();
    let resident = match form.parse(now.shanghai_date()) {
        Err(errors) => return refuse(form, errors),
        Ok(Found::Phone(phone)) => site.store().resident_at_counter(&phone, now).await?,
        Ok(Found::Document(identity)) => match site.store().holder_of_document(&identity).await? {
            Some(holder) if holder.same_name => holder.resident,
            // Neither whose it is nor that there is such an account is told to whoever has the number alone.
            Some(_) => {
                note_mismatch(&site, &staff, first.place()).await?;
                let mut errors = FormErrors::default();
                errors.add("document_number", Rule::DocumentOfAnother);
                return refuse(form, errors);
            }
            None if needs_guardian(&identity, now.shanghai_date()) => {
                let mut errors = FormErrors::default();
                errors.add("document_number", Rule::GuardianFirst);
                return refuse(form, errors);
            }
            None => {
                let actor = staff.actor(first);
                let area = chain(first.place());
                let made = site
                    .store()
                    .make_resident_without_phone(&identity, &actor, staff.staff_id(), area, now)
                    .await;
                match (made, site.store().holder_of_document(&identity).await?) {
                    (Ok(resident), _) => resident,
                    // The same form was sent twice at once.
                    (Err(StoreError::Conflict), Some(holder)) if holder.same_name => holder.resident,
                    (Err(other), _) => return Err(other.into()),
                }
            }
        },
    };
    let kept = site.store().account(&resident).await?;
    let area = street_of(&kept.profile).unwrap_or_else(|| chain(first.place()));
    let child = is_child(&site, &resident).await?;
    let Some(post) = posts.iter().find(|post| serves(post, area) && may_read(post, child)) else {
        return Err(staff.refused("residents", &resident, area).await?);
    };
    let actor = staff.actor(post);
    let at = AtCounter { actor: &actor, staff: staff.staff_id(), area, resident: &resident };
    let secret = random_secret()?;
    site.store().begin_visit(&secret, &at, now).await?;
    Ok(see_other(&format!("/staff/counter/visit/{secret}"), None))
}

/// A visit that goes on, with who serves in it.
pub(super) struct Open {
    secret: String,
    pub(super) kept: KeptVisit,
    actor: Actor,
    staff: String,
}

impl Open {
    /// What an act of the visit is done by and for.
    pub(super) fn at(&self) -> AtCounter<'_> {
        AtCounter {
            actor: &self.actor,
            staff: &self.staff,
            area: &self.kept.area,
            resident: &self.kept.resident,
        }
    }

    /// The visit's page.
    pub(super) fn path(&self) -> String {
        format!("/staff/counter/visit/{}", self.secret)
    }
}

/// The visit of that secret; `None` once it is over.
pub(super) async fn open(site: &Site, staff: &StaffVisitor, secret: &str) -> Result<Option<Open>, AppError> {
    let posts = staff.require_role(AT_THE_COUNTER).await?;
    let now = site.clock().now();
    let kept = match site.store().visit(secret, staff.staff_id(), idle_since(site, now), now).await? {
        VisitFound::Open(kept) => kept,
        VisitFound::Over => return Ok(None),
        VisitFound::OfAnother => {
            return Err(staff.refused("counter_visits", "", app::domain::area::district()).await?);
        }
    };
    let child = is_child(site, &kept.resident).await?;
    let Some(post) = posts.iter().find(|post| serves(post, &kept.area) && may_read(post, child)) else {
        return Err(staff.refused("residents", &kept.resident, &kept.area).await?);
    };
    let (secret, staff_id) = (secret.to_owned(), staff.staff_id().to_owned());
    Ok(Some(Open { secret, kept, actor: staff.actor(post), staff: staff_id }))
}

fn masked_document(kept: &KeptResident, site: &Site) -> Option<String> {
    let form = kept.profile.identity.as_ref()?;
    let kind = DocumentKind::parse(&form.document_kind)?;
    let today = site.clock().now().shanghai_date();
    IdentityDocument::parse(kind, &form.document_number, today).ok().map(|document| document.masked())
}

/// The page of a visit.
pub(super) async fn page(
    site: &Site,
    staff: &StaffVisitor,
    open: &Open,
    (status, sent, other): (StatusCode, Sent<VisitForm>, Option<String>),
) -> Result<Response, AppError> {
    let kept = site.store().account(&open.kept.resident).await?;
    let name = kept.profile.identity.as_ref().and_then(|form| PersonName::parse(&form.name).ok());
    let shown = VisitPage {
        visit: open.secret.clone(),
        name: name.map(|name| name.masked()),
        document: masked_document(&kept, site),
        phone: kept.phone.as_ref().map(ContactPhone::masked),
        area: open.kept.area.clone(),
        assurance: kept.assurance,
        cards: super::cards::lines(site, &open.kept.resident).await?,
        key: new_key()?,
        agreements: site.store().proxies_of(&open.kept.resident, site.clock().now()).await?,
        helping: open.kept.helping,
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::visit(&me, &shown, &sent, other)))
}

fn fresh() -> (StatusCode, Sent<VisitForm>, Option<String>) {
    (StatusCode::OK, Sent::fresh(VisitForm::default()), None)
}

/// The page of a visit.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    page(&site, &staff, &open, fresh()).await
}

/// Verifies who it is from the document that was seen.
pub(crate) async fn verify(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let form = visit_form(&fields)?;
    let now = site.clock().now();
    let identity = match form.parse_seen(now.shanghai_date()) {
        Ok(identity) => identity,
        Err(errors) => {
            let back = (UNPROCESSABLE, sent_back(form, errors), None);
            return page(&site, &staff, &open, back).await;
        }
    };
    let Some(phone) = site.store().account(&open.kept.resident).await?.phone else {
        // Who has no telephone was verified when the account was made.
        return Err(AppError::Conflict);
    };
    let seen = Seen { phone, identity };
    let refusal = match site.store().record_identity(&seen, &open.actor, &open.kept.area, now).await {
        Ok(()) => return Ok(see_other(&open.path(), None)),
        Err(CounterError::Refused(refusal)) => {
            note_mismatch(&site, &staff, &open.kept.area).await?;
            refusal
        }
        Err(CounterError::Store(cause)) => return Err(cause.into()),
    };
    let other = match refusal {
        CounterRefusal::DocumentOfAnother => {
            site.store().holder_of_document(&seen.identity).await?.map(|holder| holder.masked)
        }
        _ => None,
    };
    let mut errors = FormErrors::default();
    errors.add("document_number", refusal.explained().1);
    page(&site, &staff, &open, (UNPROCESSABLE, sent_back(form, errors), other)).await
}

/// Ends a visit and has the browser forget what it kept of it.
pub(crate) async fn end(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(AT_THE_COUNTER).await?;
    site.store().end_visit(fields.get("visit"), staff.staff_id(), site.clock().now()).await?;
    let mut response = see_other(OVER, None);
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}
