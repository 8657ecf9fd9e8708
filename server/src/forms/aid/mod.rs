//! `/aid/temporary-aid…`: the item's page, the beginning, the application's pages.

mod household;
mod screener;
mod submit;

pub(crate) use household::{keep_member, member, remove_member};
pub(crate) use screener::{begin_from_check, screened, screener};
pub(crate) use submit::{check, submit};

use std::sync::Arc;

use app::domain::aid::catalogue::{AidItem, AppliedFor};
use app::domain::aid::{
    Address, AddressForm, ApplicantForm, AuthorisationForm, BankAccountForm, CheckConsent, Finances,
    FinancesForm, NoticeForm, PayoutAccount, PledgeForm, Situation, SituationForm, Step,
};
use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::form::FormErrors;
use app::domain::minor::{AgeGroup, age_group};
use app::domain::name::PersonName;
use app::domain::person::{PersonAct, Profile};
use app::domain::proxy::{ProxyKind, Scope};
use app::pages::Sent;
use app::pages::aid::{self as pages, Around, WithDraft};
use app::ports::KeptDraft;
use app::visit::Owner;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;

pub(crate) use self::household::new_member_id;
use super::{Fields, sent_back};
use crate::error::AppError;
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;

/// 临时救助, which the screener and the home page lead to.
pub(crate) const ITEM: &str = "temporary-aid";

/// The item of that address, where it is applied for here.
///
/// # Errors
/// There is none, or it is applied for elsewhere.
pub(super) fn online<'a>(site: &'a Site, slug: &str) -> Result<&'a AidItem, AppError> {
    let item = site.catalogue().item(slug).filter(|item| item.applied_for == AppliedFor::Online);
    item.ok_or(AppError::NotFound)
}

/// Where an item's application begins.
pub(super) fn apply_path(item: &str) -> String {
    format!("/aid/{item}/apply")
}

/// The only thing that the address of a page may say beside which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct From {
    from: String,
}

impl From {
    fn check(&self) -> bool {
        self.from == "check"
    }
}

/// All items.
pub(crate) async fn catalogue(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, || pages::catalogue(site.catalogue(), site.hotline()))
}

/// An item's page.
pub(crate) async fn guide(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
) -> Result<Response, AppError> {
    let found = site.catalogue().item(&item).ok_or(AppError::NotFound)?;
    let (standards, today) = (site.store().standards().await?, site.clock().today());
    let usual = if item == ITEM { site.usual_times().await? } else { Arc::default() };
    Ok(site.page(&visitor, StatusCode::OK, || {
        pages::guide((&item, found), (&standards, today), &usual, site.hotline())
    }))
}

/// Begin, or go on.
pub(crate) async fn start(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
) -> Result<Response, AppError> {
    let found = online(&site, &item)?;
    let about = (found.name.as_str(), found.asks());
    allowed(&site, &visitor).await?;
    let today = site.clock().today();
    let draft = any_kept(&site, &visitor).await?.map(|kept| {
        let errors = kept.draft.parse(today).err().unwrap_or_default();
        WithDraft {
            name: site.catalogue().item(&kept.item).map(|item| item.name.clone()).unwrap_or_default(),
            item: kept.item,
            service: kept.draft.asks.service,
            saved: kept.saved_at.shanghai_text(),
            next: Step::asked(kept.draft.asks).iter().copied().find(|step| errors.concerns(*step)),
        }
    });
    let mut cases = match &visitor.visit.owner {
        Some(owner) => site.store().cases_of(owner).await?,
        None => Vec::new(),
    };
    cases.retain(|case| case.state.is_open());
    Ok(site.page(&visitor, StatusCode::OK, || pages::start(about, draft.as_ref(), &cases, site.hotline())))
}

/// Opens a draft.
pub(crate) async fn begin(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
) -> Result<Response, AppError> {
    online(&site, &item)?;
    let (_, cookie) = open_draft(&site, &visitor, &item).await?;
    Ok(see_other(&first_page(&item), cookie))
}

/// Opens a draft or finds the open one; tells whose it is, with a cookie to set where the device had none.
async fn open_draft(
    site: &Site,
    visitor: &Visitor,
    item: &str,
) -> Result<(Owner, Option<HeaderValue>), AppError> {
    allowed(site, visitor).await?;
    let (owner, cookie) = match &visitor.visit.draft_owner {
        Some(owner) => (owner.clone(), None),
        None => site.owner_or_new(visitor)?,
    };
    let opened = site.store().open_draft_of(&owner, item, site.clock().now()).await?;
    if let Some(concerned) = visitor.concerned().filter(|_| opened) {
        prefill(site, concerned, &owner).await?;
    }
    Ok((owner, cookie))
}

fn first_page(item: &str) -> String {
    format!("{}/{}", apply_path(item), Step::Applicant.as_str())
}

/// Discards the draft.
pub(crate) async fn discard(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
) -> Result<Response, AppError> {
    online(&site, &item)?;
    if let Some(owner) = &visitor.visit.draft_owner {
        site.store().discard_draft(owner).await?;
    }
    Ok(see_other(&apply_path(&item), None))
}

/// Somebody who acts for another does so within the agreement; a try outside of it is noted.
///
/// # Errors
/// [`AppError::NotTaken`] outside of it.
async fn allowed(site: &Site, visitor: &Visitor) -> Result<(), AppError> {
    if let Some(session) = &visitor.session {
        session.require(PersonAct::Apply)?;
    }
    let Some(acting) = visitor.acting().filter(|acting| !acting.scope.contains(&Scope::Aid)) else {
        return Ok(());
    };
    let (store, now) = (site.store(), site.clock().now());
    store.note_misuse(&acting.proxy, &visitor.actor(), Some(&acting.represented), now).await?;
    Err(AppError::NotTaken(Ended::OutOfScope))
}

/// A page that was left open from another agreement, or from one's own affairs, is not kept for the next person.
pub(crate) fn same_person(visitor: &Visitor, fields: &Fields) -> Result<(), AppError> {
    match fields.iter().find(|(name, _)| *name == "whose") {
        Some((_, mark)) if mark != visitor.visit.mark() => Err(AppError::NotTaken(Ended::OtherPerson)),
        _ => Ok(()),
    }
}

/// Whether the applicant is a child under 14. Who applies for one does so as its guardian, or at the counter for a child
/// whose guardian has agreed (个人信息保护法 31); nobody else's child is applied for, and no child applies alone.
///
/// # Errors
/// [`AppError::NotTaken`] for such a child.
async fn about_child(site: &Site, visitor: &Visitor, document: &IdentityDocument) -> Result<bool, AppError> {
    let today = site.clock().today();
    let profile = match visitor.concerned() {
        Some(resident) => site.store().account(resident).await?.profile,
        None => Profile::default(),
    };
    let own = profile.identity.as_ref().and_then(|form| {
        let kind = DocumentKind::parse(&form.document_kind)?;
        IdentityDocument::parse(kind, &form.document_number, today).ok()
    });
    let is_own = own.as_ref() == Some(document);
    let birth = document.birth_date().or_else(|| profile.birth_date(today).filter(|_| is_own));
    if birth.is_none_or(|birth| age_group(birth, today) != AgeGroup::Child) {
        return Ok(false);
    }
    let agreed = match visitor.acting() {
        Some(acting) if is_own => {
            matches!(acting.kind, ProxyKind::Guardian | ProxyKind::Staff)
                && site.store().has_guardian(&acting.represented, site.clock().now()).await?
        }
        _ => false,
    };
    if agreed { Ok(true) } else { Err(AppError::NotTaken(Ended::GuardianFirst)) }
}

/// Fills a new draft with what the account of the one it is for knows: each value is typed once.
async fn prefill(site: &Site, concerned: &str, owner: &Owner) -> Result<(), AppError> {
    let kept = site.store().account(concerned).await?;
    let now = site.clock().now();
    if let Some(identity) = kept.profile.identity {
        let mobile = kept.phone.and_then(|phone| phone.mobile()).map(|mobile| mobile.as_str().to_owned());
        let form = ApplicantForm {
            name: identity.name,
            document_kind: identity.document_kind,
            document_number: identity.document_number,
            mobile: mobile.unwrap_or_default(),
        };
        keep(site, owner, Step::Applicant, &form).await?;
    }
    if let Some(home) = kept.profile.home {
        let form = AddressForm {
            street: home.street,
            community: home.community,
            detail: home.detail,
            ..AddressForm::default()
        };
        keep(site, owner, Step::Address, &form).await?;
    }
    for (id, member) in &kept.profile.members {
        site.store().keep_member(owner, id, member, now).await?;
    }
    Ok(())
}

/// The open draft of that item.
async fn kept(site: &Site, visitor: &Visitor, item: &str) -> Result<Option<KeptDraft>, AppError> {
    online(site, item)?;
    Ok(any_kept(site, visitor).await?.filter(|kept| kept.item == item))
}

/// The open draft, of whichever item.
async fn any_kept(site: &Site, visitor: &Visitor) -> Result<Option<KeptDraft>, AppError> {
    let Some(owner) = &visitor.visit.draft_owner else { return Ok(None) };
    let mut kept = site.store().draft_of(owner).await?;
    if let Some(kept) = &mut kept {
        kept.draft.asks = site.catalogue().item(&kept.item).map(AidItem::asks).unwrap_or_default();
    }
    Ok(kept)
}

/// The page of that name and all pages of the item, where the item has that page.
fn page_of(site: &Site, item: &str, slug: &str) -> Result<(Step, &'static [Step]), AppError> {
    let asked = Step::asked(online(site, item)?.asks());
    let step = Step::parse(slug).filter(|step| asked.contains(step)).ok_or(AppError::NotFound)?;
    Ok((step, asked))
}

/// One page of the application, with what was kept of it.
pub(crate) async fn step(
    State(site): State<Site>,
    visitor: Visitor,
    Path((item, slug)): Path<(String, String)>,
    Query(from): Query<From>,
) -> Result<Response, AppError> {
    let (step, pages) = page_of(&site, &item, &slug)?;
    allowed(&site, &visitor).await?;
    let Some(kept) = kept(&site, &visitor, &item).await? else {
        return Ok(see_other(&apply_path(&item), None));
    };
    let found = online(&site, &item)?;
    let (ask, asks) = (found.ask.as_deref(), found.asks());
    let around = Around { step, pages, service: asks.service, from_check: from.check() };
    let draft = kept.draft;
    let today = site.clock().today();
    let ok = StatusCode::OK;
    // What was left with errors is shown with them again.
    Ok(match step {
        Step::Applicant => {
            let sent = again(draft.applicant, |form| draft.asks.applicant(form, today));
            site.page(&visitor, ok, || pages::applicant(&sent, draft.asks.child, around))
        }
        Step::Address => {
            let sent = again(draft.address, Address::parse);
            site.page(&visitor, ok, || pages::address(&sent, around))
        }
        Step::Household => {
            let id = new_member_id()?;
            site.page(&visitor, ok, || pages::household(&draft.members, &id, around))
        }
        Step::Finances => {
            let sent = again(draft.finances, Finances::parse);
            site.page(&visitor, ok, || pages::finances(&sent, around))
        }
        Step::Situation => {
            let sent = again(draft.situation, Situation::parse);
            site.page(&visitor, ok, || pages::situation(&sent, ask, around))
        }
        Step::BankAccount => {
            let name = applicant_name(draft.applicant.as_ref());
            let sent = again(draft.bank_account, |form| PayoutAccount::parse(form, name.as_ref()));
            site.page(&visitor, ok, || pages::bank_account(&sent, around))
        }
        Step::Notice => {
            let sent = Sent::fresh(draft.notice.unwrap_or_default());
            site.page(&visitor, ok, || pages::notice(&sent, around))
        }
        Step::Authorisation => {
            let signatories = draft.signatories(today);
            let sent = Sent::fresh(draft.authorisation.unwrap_or_default());
            site.page(&visitor, ok, || pages::authorisation(&sent, &signatories, around))
        }
        Step::Pledge => {
            let sent = again(draft.pledge, PledgeForm::parse);
            site.page(&visitor, ok, || pages::pledge(&sent, around))
        }
    })
}

/// A kept page with its errors, or an empty one.
fn again<F: Default, T>(kept: Option<F>, parse: impl FnOnce(&F) -> Result<T, FormErrors>) -> Sent<F> {
    match kept {
        Some(form) => {
            let errors = parse(&form).err().unwrap_or_default();
            Sent { form, errors }
        }
        None => Sent::fresh(F::default()),
    }
}

fn applicant_name(form: Option<&ApplicantForm>) -> Option<PersonName> {
    form.and_then(|form| PersonName::parse(&form.name).ok())
}

/// Keeps one page, right or wrong, then goes on or shows it again with its errors.
pub(crate) async fn keep_step(
    State(site): State<Site>,
    visitor: Visitor,
    Path((item, slug)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (step, asked) = page_of(&site, &item, &slug)?;
    allowed(&site, &visitor).await?;
    same_person(&visitor, &fields)?;
    let from_check = fields.get("return_to") == "check";
    let found = online(&site, &item)?;
    let (ask, asks) = (found.ask.as_deref(), found.asks());
    let around = Around { step, pages: asked, service: asks.service, from_check };
    let begin = || see_other(&apply_path(&item), None);
    let Some(owner) = visitor.visit.draft_owner.clone() else { return Ok(begin()) };
    // A page that was left open from another item's application is not kept for this one.
    let before = match kept(&site, &visitor, &item).await? {
        Some(kept) => kept.draft,
        None if any_kept(&site, &visitor).await?.is_some() => return Ok(begin()),
        None => return Err(AppError::Conflict),
    };
    let today = site.clock().today();
    let asks = before.asks;
    let refused = match step {
        Step::Applicant => {
            let form: ApplicantForm = fields.form()?;
            let errors = match asks.applicant(&form, today) {
                // Before anything is kept.
                Ok(applicant) => about_child(&site, &visitor, &applicant.document).await.map(|_| None)?,
                Err(errors) => Some(errors),
            };
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || {
                    pages::applicant(&sent_back(form, errors), asks.child, around)
                })
            })
        }
        Step::Address => {
            let form: AddressForm = fields.form()?;
            let errors = Address::parse(&form).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || pages::address(&sent_back(form, errors), around))
            })
        }
        Step::Household => {
            keep(&site, &owner, step, &()).await?;
            None
        }
        Step::Finances => {
            let form: FinancesForm = fields.form()?;
            let errors = Finances::parse(&form).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || pages::finances(&sent_back(form, errors), around))
            })
        }
        Step::Situation => {
            let form: SituationForm = fields.form()?;
            let errors = Situation::parse(&form).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                let sent = sent_back(form, errors);
                site.page(&visitor, UNPROCESSABLE, || pages::situation(&sent, ask, around))
            })
        }
        Step::BankAccount => {
            let form: BankAccountForm = fields.form()?;
            let draft = &before;
            let errors = PayoutAccount::parse(&form, applicant_name(draft.applicant.as_ref()).as_ref()).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || pages::bank_account(&sent_back(form, errors), around))
            })
        }
        Step::Notice => {
            let form: NoticeForm = fields.form()?;
            keep(&site, &owner, step, &form).await?;
            None
        }
        Step::Authorisation => {
            let ways = fields
                .iter()
                .filter_map(|(name, way)| Some((name.strip_prefix("way-")?.to_owned(), way.to_owned())))
                .collect();
            let form = AuthorisationForm { ways };
            let draft = &before;
            let signatories = draft.signatories(today);
            let errors = CheckConsent::parse(&form, &signatories).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || {
                    pages::authorisation(&sent_back(form, errors), &signatories, around)
                })
            })
        }
        Step::Pledge => {
            let form: PledgeForm = fields.form()?;
            let errors = form.parse().err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || pages::pledge(&sent_back(form, errors), around))
            })
        }
    };
    Ok(refused.unwrap_or_else(|| see_other(&after(&item, (step, asked), from_check), None)))
}

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The page after a page that is right.
fn after(item: &str, (step, asked): (Step, &[Step]), from_check: bool) -> String {
    let apply = apply_path(item);
    match step.next(asked) {
        Some(next) if !from_check => format!("{apply}/{}", next.as_str()),
        _ => format!("{apply}/check"),
    }
}

/// Keeps a page. A draft that is gone (sent from another tab, discarded, expired) is a conflict: the page says
/// so, and nothing is written.
async fn keep(site: &Site, owner: &Owner, step: Step, form: &impl serde::Serialize) -> Result<(), AppError> {
    match site.store().keep_step(owner, step, form, site.clock().now()).await {
        Err(StoreError::NotFound) => Err(AppError::Conflict),
        kept => Ok(kept?),
    }
}

/// Help beside public aid.
pub(crate) async fn charity(State(site): State<Site>, visitor: Visitor) -> Response {
    let programmes: Vec<_> = site.charity().on(site.clock().today()).cloned().collect();
    site.page(&visitor, StatusCode::OK, || pages::charity(&programmes, site.hotline()))
}
