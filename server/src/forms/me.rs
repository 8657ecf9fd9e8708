//! `/me…`: a resident's own things, profile, devices and data.

use app::domain::aid::{HouseholdMember, MAX_MEMBERS, MemberForm, is_member_id};
use app::domain::consents::{ConsentKind, ConsentText, current};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::person::{Assurance, HomeForm, Identity, IdentityForm, NeedsForm, Reach};
use app::domain::phone::ContactPhone;
use app::domain::proxy::Scope;
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::me as pages;
use app::pages::me::{Kept, Mine, Number};
use app::ports::{LoginLine, ProviderName};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use super::{Fields, own_or_noted, sent_back};
use crate::error::AppError;
use crate::session::{self, Ended, Session};
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::guardians::needs_guardian;
use crate::store::residents::{KeptResident, owner_of};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The things of the one who asks; those of the person acted for within the agreement's scope.
pub(crate) async fn mine_of(site: &Site, visitor: &Visitor) -> Result<Mine, AppError> {
    let outside = visitor.acting().is_some_and(|acting| !acting.scope.contains(&Scope::Aid));
    let (Some(owner), Some(drafts), false) = (&visitor.visit.owner, &visitor.visit.draft_owner, outside)
    else {
        return Ok(Mine::default());
    };
    let draft = site.store().draft_of(drafts).await?;
    let unread = match &visitor.session {
        Some(session) if session.acting().is_none() => site.store().inbox(session.resident()).await?,
        _ => Vec::new(),
    };
    Ok(Mine {
        draft_saved: draft.map(|kept| (kept.item, kept.saved_at.shanghai_text())),
        cases: site.store().cases_of(owner).await?,
        bookings: match visitor.acting() {
            None => site.store().marriage_bookings_of(owner).await?,
            Some(_) => Vec::new(),
        },
        unread: unread.into_iter().filter(|notice| notice.read_at.is_none()).collect(),
    })
}

/// The session of a resident on their own account. Somebody who acts for another stops that first: neither their own
/// things are shown as the other's, nor the other's to them. The try is noted.
pub(super) async fn own<'a>(site: &Site, visitor: &'a Visitor) -> Result<&'a Session, AppError> {
    let session = visitor.resident()?;
    let Some(acting) = session.acting() else { return Ok(session) };
    let (store, now) = (site.store(), site.clock().now());
    store.note_misuse(&acting.proxy, &session.actor(), Some(&acting.represented), now).await?;
    Err(AppError::NotTaken(Ended::OwnAffair))
}

/// Everything of one's own.
pub(crate) async fn mine(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let mine = mine_of(&site, &visitor).await?;
    let signed_in = visitor.visit.signed_in.clone();
    Ok(site.page(&visitor, StatusCode::OK, || pages::mine(&mine, signed_in.as_ref())))
}

/// The inbox.
pub(crate) async fn inbox(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let notices = site.store().inbox(own(&site, &visitor).await?.resident()).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::inbox(&notices)))
}

/// All of the inbox was read.
pub(crate) async fn inbox_read(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let now = site.clock().now();
    for notice in site.store().inbox(session.resident()).await?.iter().filter(|n| n.read_at.is_none()) {
        site.store().mark_notice_read(session.resident(), &notice.id, now).await?;
    }
    Ok(see_other("/me/inbox", None))
}

async fn resident(site: &Site, visitor: &Visitor) -> Result<KeptResident, AppError> {
    Ok(site.store().account(own(site, visitor).await?.resident()).await?)
}

/// Consent to keeping the profile, given with the form that keeps something.
const AGREED: &[(ConsentKind, bool)] = &[(ConsentKind::Profile, true)];

/// The profile.
pub(crate) async fn profile(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let kept = resident(&site, &visitor).await?;
    let page = Kept {
        phone: kept.phone.as_ref().map(ContactPhone::masked).unwrap_or_default(),
        phone_opens: kept.phone_opens,
        verified: kept.assurance == Assurance::Verified,
        profile: kept.profile,
        new_member: super::aid::new_member_id()?,
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::profile(&page)))
}

/// Name and document.
pub(crate) async fn identity(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let kept = resident(&site, &visitor).await?;
    let sent = Sent::fresh(kept.profile.identity.unwrap_or_default());
    let verified = kept.assurance == Assurance::Verified;
    let asked = asks(&site, own(&site, &visitor).await?).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::identity(&sent, verified, asked)))
}

/// Keeps name and document.
pub(crate) async fn keep_identity(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let form: IdentityForm = fields.form()?;
    let asked = asks(&site, session).await?;
    let (kept, errors) = match Identity::parse(&form, site.clock().today()) {
        // 个人信息保护法 31: nothing about a child is kept before a guardian agreed.
        Ok(identity) if needs_guardian(&identity, site.clock().today()) => {
            return Err(AppError::NotTaken(Ended::GuardianFirst));
        }
        Ok(identity) => (identity.form(), None),
        Err(errors) => (IdentityForm::default(), Some(errors)),
    };
    if let Some(errors) = not_agreed(asked, &fields, errors) {
        let sent = sent_back(form, errors);
        let verified = session.is_verified();
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::identity(&sent, verified, asked)));
    }
    change(&site, session, AGREED, |profile| {
        profile.identity = Some(kept);
        Ok(())
    })
    .await
}

/// The text that keeping a profile needs consent to; `None` where it was given.
async fn asks(site: &Site, session: &Session) -> Result<Option<&'static ConsentText>, AppError> {
    let agreed = site.store().agreed_to(session.resident(), ConsentKind::Profile).await?;
    Ok((!agreed).then(|| current(ConsentKind::Profile)))
}

/// What is wrong with the consent of a form: it asks for the text that was shown.
fn not_agreed(
    asked: Option<&ConsentText>,
    fields: &Fields,
    errors: Option<FormErrors>,
) -> Option<FormErrors> {
    match asked {
        Some(text) if fields.get("consent") != text.version => {
            let mut errors = errors.unwrap_or_default();
            errors.add("consent", Rule::KeepConsent);
            Some(errors)
        }
        _ => errors,
    }
}

async fn change(
    site: &Site,
    session: &Session,
    settled: &[(ConsentKind, bool)],
    change: impl FnOnce(&mut app::domain::person::Profile) -> Result<(), StoreError> + Send,
) -> Result<Response, AppError> {
    site.store()
        .change_profile_agreeing(
            session.resident(),
            &session.actor(),
            None,
            settled,
            change,
            site.clock().now(),
        )
        .await?;
    Ok(see_other("/me/profile", None))
}

/// The address.
pub(crate) async fn address(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let sent = Sent::fresh(resident(&site, &visitor).await?.profile.home.unwrap_or_default());
    let asked = asks(&site, own(&site, &visitor).await?).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::address(&sent, asked)))
}

/// Keeps the address.
pub(crate) async fn keep_address(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let form: HomeForm = fields.form()?;
    let asked = asks(&site, session).await?;
    if let Some(errors) = not_agreed(asked, &fields, form.check().err()) {
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::address(&sent, asked)));
    }
    change(&site, session, AGREED, |profile| {
        profile.home = Some(form);
        Ok(())
    })
    .await
}

/// What kind of number the account has, if any.
fn number(kept: &KeptResident) -> Number {
    match &kept.phone {
        None => Number::None,
        Some(phone) if phone.mobile().is_some() => Number::Mobile,
        Some(_) => Number::Landline,
    }
}

/// What makes the service easier.
pub(crate) async fn needs(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let kept = resident(&site, &visitor).await?;
    let number = number(&kept);
    let sent = Sent::fresh(kept.profile.needs.unwrap_or_default());
    let asked = asks(&site, own(&site, &visitor).await?).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::needs(&sent, number, asked)))
}

/// Keeps what makes the service easier. Large text takes effect at once.
pub(crate) async fn keep_needs(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let form: NeedsForm = fields.form()?;
    let asked = asks(&site, session).await?;
    if let Some(errors) = not_agreed(asked, &fields, form.check().err()) {
        let number = number(&resident(&site, &visitor).await?);
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::needs(&sent, number, asked)));
    }
    // Choosing a way beyond the inbox is the consent to it, and choosing the inbox its withdrawal.
    let messages = form.reach != Reach::Inbox.as_str();
    let settled = [(ConsentKind::Profile, true), (ConsentKind::Messages, messages)];
    let large = form.large_text == "yes";
    let done = change(&site, session, &settled, |profile| {
        profile.needs = Some(form);
        Ok(())
    })
    .await?;
    // The page that follows is rendered in elder mode, which also sets its cookie.
    Ok(if large { see_other("/me/profile?care=1", None) } else { done })
}

/// One household member, new or known.
pub(crate) async fn member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let kept = resident(&site, &visitor).await?;
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let known = kept.profile.members.into_iter().find(|(known, _)| *known == id).map(|(_, form)| form);
    let sent = Sent::fresh(known.unwrap_or_default());
    let asked = asks(&site, own(&site, &visitor).await?).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::member(&id, &sent, asked)))
}

/// Keeps one household member. The id stands in the address, so a button pressed twice keeps one.
pub(crate) async fn keep_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let form: MemberForm = fields.form()?;
    let asked = asks(&site, session).await?;
    let errors = HouseholdMember::parse(&id, &form, site.clock().today()).err();
    if let Some(errors) = not_agreed(asked, &fields, errors) {
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::member(&id, &sent, asked)));
    }
    change(&site, session, AGREED, |profile| {
        let members = &mut profile.members;
        match members.iter().position(|(known, _)| *known == id) {
            Some(at) => members[at].1 = form,
            None if members.len() >= MAX_MEMBERS => return Err(StoreError::Conflict),
            None => members.push((id, form)),
        }
        Ok(())
    })
    .await
}

/// Removes one household member; one who is gone already is no error.
pub(crate) async fn remove_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let change = |profile: &mut app::domain::person::Profile| {
        profile.members.retain(|(known, _)| *known != id);
        Ok(())
    };
    let (resident, actor) = (session.resident(), session.actor());
    site.store().change_profile(resident, &actor, None, change, site.clock().now()).await?;
    Ok(see_other("/me/profile", None))
}

/// Where one is signed in.
pub(crate) async fn devices(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let (idle, now) = (session::idle_ms(&site), site.clock().now());
    let lines = site.store().devices(session.resident(), &session.kept.id, idle, now).await?;
    let logins = logins(&site, session.resident()).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::devices(&lines, &logins)))
}

/// The providers of the settings, and those of old whose accounts still open this one.
async fn logins(site: &Site, resident: &str) -> Result<Vec<LoginLine>, AppError> {
    let kept = site.store().logins_of(resident).await?;
    let names = site.providers().names();
    let by_phone = site.store().account(resident).await?.phone_opens;
    let since = |id: &str| kept.iter().find(|login| login.provider == id).map(|login| login.since);
    let can_go = |id: &str| by_phone || kept.iter().any(|login| login.provider != id);
    let gone =
        kept.iter().map(|login| login.provider.as_str()).filter(|id| site.providers().get(id).is_none());
    let gone: std::collections::BTreeSet<_> = gone.collect();
    let gone =
        gone.into_iter().map(|id| ProviderName { id: id.to_owned(), name: "已停用的账号".to_owned() });
    Ok(names
        .into_iter()
        .map(|name| (name, true))
        .chain(gone.map(|name| (name, false)))
        .map(|(provider, can_come)| LoginLine {
            since: since(&provider.id),
            can_go: can_go(&provider.id),
            can_come,
            provider,
        })
        .collect())
}

/// Signs one device out.
pub(crate) async fn end_device(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let ended = site.store().end_device(session.resident(), &id, site.clock().now()).await;
    own_or_noted(&site, &session.actor(), ("resident_sessions", &id), ended).await?;
    Ok(see_other("/me/devices", None))
}

/// Who of the staff opened somebody's file: when, in which post, why.
async fn who_opened(site: &Site, resident: &str) -> Result<Vec<pages::OpenedLine>, AppError> {
    let cases = site.store().case_ids_of(&owner_of(resident)).await?;
    let opened = site.store().who_opened(resident, &cases).await?;
    Ok(opened
        .into_iter()
        .map(|entry| {
            let post = Post::parse(&entry.post).map(|post| app::text::staff::post_name(&post));
            (
                entry.at.shanghai_full(),
                post.unwrap_or_else(|_| "工作人员".to_owned()),
                app::text::audit::opened_words(entry.act, entry.purpose),
            )
        })
        .collect())
}

/// Who opened one's file and that of one's children, and what one can do with one's data.
pub(crate) async fn data(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let opened = who_opened(&site, session.resident()).await?;
    // A guardian sees it for the child (个人信息保护法 31, 44; 未成年人网络保护条例 34).
    let mut children = Vec::new();
    for ward in site.store().wards_of(session.resident(), site.clock().now()).await? {
        children.push((ward.name, who_opened(&site, &ward.child).await?));
    }
    let retention: Vec<_> = site
        .settings()
        .retention
        .all()
        .map(|(retained, days)| app::text::retention::line(retained, days))
        .collect();
    Ok(site.page(&visitor, StatusCode::OK, || pages::data(&opened, &children, &retention)))
}

/// Everything that is kept, to read.
pub(crate) async fn readable(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let name = |id: &str| match site.providers().get(id) {
        Some(provider) => provider.name().to_owned(),
        None => id.to_owned(),
    };
    let parts = site.store().export(session.resident(), site.clock().now()).await?.readable(name);
    Ok(site.page(&visitor, StatusCode::OK, || pages::readable(&parts)))
}

/// Everything that is kept, as a file.
pub(crate) async fn export(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let export = site.store().export(session.resident(), site.clock().now()).await?;
    let json = serde_json::to_vec_pretty(&export).map_err(|cause| AppError::Internal(cause.into()))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\"")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, json).into_response())
}

/// The question before the account goes.
pub(crate) async fn delete_form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    own(&site, &visitor).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::delete(&FormErrors::default())))
}

/// The account goes.
pub(crate) async fn delete(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    if fields.get("sure") != "yes" {
        let mut errors = FormErrors::default();
        errors.add("sure", Prompt::SureToDelete);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::delete(&errors)));
    }
    let objects = site.store().papers_of(&owner_of(session.resident())).await?;
    let objects: Vec<String> = objects.into_iter().map(|paper| paper.object).collect();
    site.store().close_account(session.resident(), site.clock().now()).await?;
    if let Err(cause) = crate::papers::forget(&site, &objects).await {
        tracing::error!(%cause, "pictures of a closed account are left to the housekeeping; their key is gone");
    }
    Ok(see_other("/account-deleted", Some(session::no_cookie(&site)?)))
}

/// It is gone.
pub(crate) async fn deleted(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, pages::deleted)
}
