//! `/staff/timebank…`: needs by telephone, and what becomes of them.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::marriage::minutes_of_day;
use app::domain::name::PersonName;

use app::domain::staff::{Post, Role};
use app::domain::timebank::{Guarded, NeedForm, NeedState, NewNeed, begins_at};
use app::domain::written;
use app::pages::Sent;
use app::pages::staff::timebank::{self as pages, ActForm, CARERS, Line, Shown};
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::timebank::{refusal, rules, words};
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::timebank::{Doing, Need, NeedRefusal};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The needs of one's posts.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(CARERS).await?.into_iter().cloned().collect();
    let now = site.clock().now();
    let mut lines: Vec<Line> = Vec::new();
    for post in &posts {
        for need in site.store().needs_at(post.place()).await? {
            // Two posts may cover one place.
            if lines.iter().any(|line| line.id == need.id) {
                continue;
            }
            lines.push(Line {
                missed: need.ends_at < now && matches!(need.state, NeedState::Posted | NeedState::Taken),
                id: need.id,
                kind: need.kind.name.clone(),
                area: need.area,
                starts_at: need.starts_at,
                state: need.state,
            });
        }
    }
    let (me, corrects) = (staff.me(), posts.iter().any(|post| post.role() == Role::TimeBankCoordinator));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &posts, &lines, corrects)))
}

/// The form for a new need.
pub(crate) async fn form(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(CARERS).await?;
    let (me, sent, key) = (staff.me(), Sent::fresh(NeedForm::default()), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::new(&me, &sent, &key)))
}

/// Posts a need that somebody told on the telephone.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(CARERS).await?;
    let key = fields.key(site.store())?;
    let form: NeedForm = fields.form()?;
    let now = site.clock().now();
    let errors = match NewNeed::parse(&form, now) {
        Ok(need) => match staff.post_for(CARERS, need.community.code) {
            Some(post) => {
                let (owner, actor) = (owner_of(&staff), staff.actor(post));
                let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                let id = site.store().post_need(&need, &doing).await?;
                return Ok(see_other(&format!("/staff/timebank/{id}"), None));
            }
            None => {
                let mut errors = FormErrors::default();
                errors.add("community", Rule::PlaceDoesNotFit);
                errors
            }
        },
        Err(errors) => errors,
    };
    let (me, sent, key) = (staff.me(), sent_back(form, errors), new_key()?);
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::new(&me, &sent, &key)))
}

pub(super) fn owner_of(staff: &StaffVisitor) -> Owner {
    Owner(format!("staff:{}", staff.staff_id()))
}

/// The need, and who may do something to it.
async fn found(site: &Site, staff: &StaffVisitor, id: &str) -> Result<(Need, Actor), AppError> {
    staff.require_role(CARERS).await?;
    let need = site.store().need(id).await?;
    let post = staff.require(CARERS, &need.area).await?;
    let actor = staff.actor(post);
    Ok((need, actor))
}

/// The page. It names the served person: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (need, actor): (Need, &Actor),
    sent: &Sent<ActForm>,
    words: &str,
) -> Result<Response, AppError> {
    let entry = AuditEntry {
        area: chain(&need.area),
        actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "time_needs",
        object: &need.id,
        subject: need.elder.as_deref(),
        purpose: Purpose::Handling,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    let helper = match &need.helper {
        Some(helper) => {
            let minor = site.store().minor_at(helper, need.kind, site.clock().now()).await?;
            let profile = site.store().account(helper).await.map(|kept| kept.profile).unwrap_or_default();
            let name = profile.identity.and_then(|form| PersonName::parse(&form.name).ok());
            let name = name.map_or_else(|| "（账号已经注销）".to_owned(), |name| name.masked());
            Some(format!("{name}{}", minor_words(minor)))
        }
        None => None,
    };
    let (review, offline) = (need.to_review(), need.offline);
    let shown = Shown {
        review,
        offline,
        clocks_differ: need.clocks_differ,
        coordinator: staff.post_for(&[Role::TimeBankCoordinator], &need.area).is_some(),
        id: need.id,
        kind: need.kind.name.clone(),
        area: need.area,
        starts_at: need.starts_at,
        ends_at: need.ends_at,
        language: need.language,
        state: need.state,
        skill: need.skill,
        served: need.served,
        helper,
        code: need.code,
        spent: (need.began_at, need.over_at),
        late: need.late,
        dispute: need.dispute,
    };
    let status = if sent.errors.is_empty() && words.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::show(&me, &shown, sent, words, &key)))
}

/// What staff read behind the name of a volunteer who is a minor.
pub(super) fn minor_words(minor: Guarded) -> &'static str {
    match minor {
        Guarded::No => "",
        Guarded::Waiting => "（没满 18 周岁，监护人没有同意）",
        Guarded::Agreed { accompanied: true } => "（没满 18 周岁，监护人同意了，有大人陪着）",
        Guarded::Agreed { accompanied: false } => "（没满 18 周岁，监护人同意了）",
    }
}

/// One need.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (need, actor) = found(&site, &staff, &id).await?;
    page(&site, &staff, (need, &actor), &Sent::fresh(ActForm::default()), "").await
}

/// One of the acts on a need.
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
    let form = ActForm {
        began: fields.get("began").to_owned(),
        over: fields.get("over").to_owned(),
        words: fields.get("words").to_owned(),
    };
    let coordinator = staff.post_for(&[Role::TimeBankCoordinator], &need.area).is_some();
    let mut errors = FormErrors::default();
    let store = site.store();
    let done = match fields.get("act") {
        // A dispute is heard by the coordinator, and so is what took more than 12 hours, or what clocks tell differently.
        "record" if need.state == NeedState::Disputed && !coordinator => return Err(AppError::Forbidden),
        "confirm" if need.to_review() && !coordinator => return Err(AppError::Forbidden),
        "record" => {
            let began = errors.keep("began", minutes_of_day(&form.began));
            let over = errors.keep("over", minutes_of_day(&form.over));
            match (began, over) {
                (Some(began), Some(over)) if over <= began => {
                    errors.add("over", Rule::TimeNotLater);
                    Ok(())
                }
                (Some(began), Some(over)) => {
                    let day = need.starts_at.shanghai_date();
                    let span = (begins_at(day, began), begins_at(day, over));
                    store.record_service(&id, span, &doing).await
                }
                _ => Ok(()),
            }
        }
        "confirm" if fields.get("spoke") != "yes" => {
            errors.add("spoke", Prompt::TimeSpoke);
            Ok(())
        }
        "confirm" => store.confirm_service(&id, rules(&site)?, &doing).await,
        "dispute" => match written::paragraph(&form.words, Prompt::TimeWords, 2, 300) {
            Ok(said) => store.dispute_service(&id, &said, &doing).await,
            Err(error) => {
                errors.add("words", error);
                Ok(())
            }
        },
        "cancel" => store.cancel_need(&id, &doing).await,
        _ => return Err(AppError::BadRequest),
    };
    let refused = match done {
        Ok(()) if errors.is_empty() => return Ok(see_other(&format!("/staff/timebank/{id}"), None)),
        Ok(()) => "",
        Err(refused @ (NeedRefusal::Gone | NeedRefusal::Overlap | NeedRefusal::TooShort)) => words(&refused),
        Err(other) => return Err(refusal(other)),
    };
    let (need, actor) = found(&site, &staff, &id).await?;
    page(&site, &staff, (need, &actor), &sent_back(form, errors), refused).await
}

/// How many needs wait for a post's holder: without a helper, and to be confirmed or heard.
pub(crate) async fn waiting(site: &Site, post: &Post) -> Result<(usize, usize), AppError> {
    let needs = site.store().needs_at(post.place()).await?;
    let count = |states: &[NeedState]| needs.iter().filter(|need| states.contains(&need.state)).count();
    Ok((count(&[NeedState::Posted]), count(&[NeedState::Ended, NeedState::Disputed])))
}
