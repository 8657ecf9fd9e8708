//! `/staff/timebank/freezes…`: hours that wait, settled by two people.

use app::domain::form::{FormErrors, Rule};
use app::domain::staff::Post;
use app::domain::timebank::{Account, AccountKind, FreezeForm, NewFreeze, NewOutcome, Outcome, OutcomeForm};
use app::pages::Sent;
use app::pages::staff::timebank_freezes::{self as pages, FreezeLine, ShownFreeze, ShownOutcome};
use app::pages::staff::timebank_records::CORRECTORS;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::owner_of;
use super::timebank_insurance::masked_or_empty;
use crate::error::AppError;
use crate::forms::timebank::{refusal, words};
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, KeptFreeze, NeedRefusal};

async fn line_of(site: &Site, freeze: &KeptFreeze) -> Result<FreezeLine, AppError> {
    let person = Account::of(AccountKind::Person, &freeze.resident);
    Ok(FreezeLine {
        id: freeze.id.clone(),
        name: masked_or_empty(site, &freeze.resident).await,
        area: freeze.area.clone(),
        reason: freeze.reason,
        since: freeze.frozen_at,
        minutes: site.store().time_balance(app::domain::area::district(), &person).await?,
        proposed: freeze.proposed.is_some(),
    })
}

async fn list_page(
    site: &Site,
    staff: &StaffVisitor,
    sent: &Sent<FreezeForm>,
    words: &str,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(CORRECTORS).await?.into_iter().cloned().collect();
    let mut lines: Vec<FreezeLine> = Vec::new();
    for post in &posts {
        for freeze in site.store().freezes_at(post.place()).await? {
            // Two posts may cover one place.
            if lines.iter().all(|line| line.id != freeze.id) {
                lines.push(line_of(site, &freeze).await?);
            }
        }
    }
    let fine = sent.errors.is_empty() && words.is_empty();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::list(&me, &lines, sent, words, &key)))
}

/// The hours that wait at one's posts, and the form that freezes.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    list_page(&site, &staff, &Sent::fresh(FreezeForm::default()), "").await
}

/// Freezes somebody's hours.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(CORRECTORS).await?;
    let key = fields.key(site.store())?;
    let form: FreezeForm = fields.form()?;
    let now = site.clock().now();
    let (mut errors, mut refused) = (FormErrors::default(), "");
    match NewFreeze::parse(&form) {
        Err(wrong) => errors = wrong,
        Ok(freeze) => match site.store().saver_of(&freeze.phone, &freeze.name, now).await? {
            None => errors.add("phone", Rule::NoSuchSaver),
            Some((resident, area)) => {
                let post = staff.require(CORRECTORS, &area).await?;
                let (owner, actor) = (owner_of(&staff), staff.actor(post));
                let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                let who = staff.staff_id();
                match site.store().freeze_hours((&resident, &area), &freeze, who, &doing).await {
                    Ok(id) => {
                        site.messages_waiting().notify_one();
                        return Ok(see_other(&format!("/staff/timebank/freezes/{id}"), None));
                    }
                    Err(NeedRefusal::Gone) => refused = "这个人的时间已经冻结着了",
                    Err(other) => return Err(refusal(other)),
                }
            }
        },
    }
    list_page(&site, &staff, &sent_back(form, errors), refused).await
}

/// The hours, and who may settle them.
async fn found(site: &Site, staff: &StaffVisitor, id: &str) -> Result<(KeptFreeze, Actor), AppError> {
    staff.require_role(CORRECTORS).await?;
    let freeze = site.store().freeze(id).await?;
    let actor = staff.actor(staff.require(CORRECTORS, &freeze.area).await?);
    Ok((freeze, actor))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    freeze: &KeptFreeze,
    sent: &Sent<OutcomeForm>,
    words: &str,
) -> Result<Response, AppError> {
    let allowed = site.settings().timebank_outcomes();
    let outcome = match &freeze.proposed {
        Some(kept) => Some(ShownOutcome {
            outcome: kept.outcome,
            person: match &kept.beneficiary {
                Some(person) => Some(masked_or_empty(site, person).await),
                None => None,
            },
            why: kept.why.clone(),
            own: kept.proposed.by == staff.staff_id(),
            proposed: kept.proposed.clone(),
        }),
        None => None,
    };
    let shown = ShownFreeze {
        line: line_of(site, freeze).await?,
        why: freeze.why.clone(),
        outcome,
        open: Outcome::ALL
            .iter()
            .copied()
            .filter(|outcome| outcome.is_open(freeze.reason, &allowed))
            .collect(),
    };
    let fine = sent.errors.is_empty() && words.is_empty();
    let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::show(&me, &shown, sent, words, &key)))
}

/// One of them.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (freeze, _) = found(&site, &staff, &id).await?;
    page(&site, &staff, &freeze, &Sent::fresh(OutcomeForm::default()), "").await
}

/// Proposes, agrees, or does not.
pub(crate) async fn act(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (freeze, actor) = found(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let (store, who) = (site.store(), staff.staff_id());
    let form: OutcomeForm = fields.form()?;
    // What was proposed anew since the page was shown is not what it showed.
    let shown = freeze.proposed.as_ref().map(|kept| kept.proposed.at.0.to_string());
    let same = shown.as_deref() == Some(fields.get("proposed_at"));
    let mut errors = FormErrors::default();
    let done = match fields.get("act") {
        "propose" => {
            let allowed = site.settings().timebank_outcomes();
            match NewOutcome::parse(&form, freeze.reason, &allowed) {
                Err(wrong) => {
                    errors = wrong;
                    Ok(())
                }
                Ok(outcome) => {
                    let person = match &outcome.person {
                        Some((phone, name)) => store.saver_of(phone, name, doing.now).await?,
                        None => None,
                    };
                    // Nobody gets from themselves.
                    let person =
                        person.map(|(resident, _)| resident).filter(|person| *person != freeze.resident);
                    if outcome.person.is_some() && person.is_none() {
                        errors.add("phone", Rule::NoSuchSaver);
                        Ok(())
                    } else {
                        store.propose_outcome(&freeze, (&outcome, person.as_deref()), who, &doing).await
                    }
                }
            }
        }
        "settle" if same => store.settle_outcome(&freeze, who, &doing).await,
        "drop" if same => store.drop_outcome(&freeze, &doing).await,
        "settle" | "drop" => Err(NeedRefusal::Gone),
        _ => return Err(AppError::BadRequest),
    };
    let refused = match done {
        Ok(()) if errors.is_empty() && fields.get("act") == "settle" => {
            site.messages_waiting().notify_one();
            return Ok(see_other("/staff/timebank/freezes", None));
        }
        Ok(()) if errors.is_empty() => {
            return Ok(see_other(&format!("/staff/timebank/freezes/{id}"), None));
        }
        Ok(()) => "",
        Err(refused @ (NeedRefusal::Gone | NeedRefusal::NoSuchSaver)) => words(&refused),
        Err(other) => return Err(refusal(other)),
    };
    let (freeze, _) = found(&site, &staff, &id).await?;
    page(&site, &staff, &freeze, &sent_back(form, errors), refused).await
}
