//! `/aid/temporary-aid…`: the item's page, the application's pages, submission.

use app::domain::aid::{
    Address, AddressForm, Applicant, ApplicantForm, AuthorisationForm, BankAccountForm, CheckConsent,
    ConsentWay, Finances, FinancesForm, MemberForm, NoticeForm, PayoutAccount, PledgeForm, Situation,
    SituationForm, Step, is_member_id,
};
use app::domain::confirm::CaseNumber;
use app::domain::form::FormErrors;
use app::domain::name::PersonName;
use app::pages::Sent;
use app::pages::aid::{self as pages, APPLY, Around, WithDraft};
use app::ports::KeptDraft;
use app::visit::Owner;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{Fields, new_key, sent_back};
use crate::confirm::issue_receipt;
use crate::error::AppError;
use crate::seal::{new_id, random_secret, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::store::submit::ACT;
use crate::store::{NewLink, StoreError, SubmitApplication, SubmitRefusal};

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

/// The item's page.
pub(crate) async fn guide(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, || pages::guide(site.temporary_aid(), site.hotline()))
}

/// Begin, or go on.
pub(crate) async fn start(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let today = site.clock().today();
    let draft = kept(&site, &visitor).await?.map(|kept| {
        let errors = kept.draft.parse(today).err().unwrap_or_default();
        WithDraft {
            saved: kept.saved_at.shanghai_text(),
            next: Step::ALL.iter().copied().find(|step| errors.concerns(*step)),
        }
    });
    Ok(site.page(&visitor, StatusCode::OK, || pages::start(draft.as_ref(), site.hotline())))
}

/// Opens a draft.
pub(crate) async fn begin(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (owner, cookie) = site.owner_or_new(&visitor)?;
    site.store().open_draft(&owner, site.clock().now()).await?;
    Ok(see_other(&format!("{APPLY}/{}", Step::Applicant.as_str()), cookie))
}

/// Discards the draft.
pub(crate) async fn discard(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    if let Some(owner) = &visitor.visit.owner {
        site.store().discard_draft(owner).await?;
    }
    Ok(see_other(APPLY, None))
}

async fn kept(site: &Site, visitor: &Visitor) -> Result<Option<KeptDraft>, AppError> {
    match &visitor.visit.owner {
        Some(owner) => Ok(site.store().draft_of(owner).await?),
        None => Ok(None),
    }
}

/// One page of the application, with what was kept of it.
pub(crate) async fn step(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, AppError> {
    let step = Step::parse(&slug).ok_or(AppError::NotFound)?;
    let Some(kept) = kept(&site, &visitor).await? else { return Ok(see_other(APPLY, None)) };
    let around = Around { step, from_check: from.check() };
    let draft = kept.draft;
    let today = site.clock().today();
    let ok = StatusCode::OK;
    // What was left with errors is shown with them again.
    Ok(match step {
        Step::Applicant => {
            let sent = again(draft.applicant, |form| Applicant::parse(form, today));
            site.page(&visitor, ok, || pages::applicant(&sent, around))
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
            site.page(&visitor, ok, || pages::situation(&sent, around))
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

/// 8 lower-case letters or digits.
fn new_member_id() -> Result<String, AppError> {
    Ok(random_secret()?.chars().take(8).collect())
}

/// Keeps one page, right or wrong, then goes on or shows it again with its errors.
pub(crate) async fn keep_step(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let step = Step::parse(&slug).ok_or(AppError::NotFound)?;
    let from_check = fields.get("return_to") == "check";
    let around = Around { step, from_check };
    let Some(owner) = visitor.visit.owner.clone() else { return Ok(see_other(APPLY, None)) };
    let today = site.clock().today();
    let refused = match step {
        Step::Applicant => {
            let form: ApplicantForm = fields.form()?;
            let errors = Applicant::parse(&form, today).err();
            keep(&site, &owner, step, &form).await?;
            errors.map(|errors| {
                site.page(&visitor, UNPROCESSABLE, || pages::applicant(&sent_back(form, errors), around))
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
                site.page(&visitor, UNPROCESSABLE, || pages::situation(&sent_back(form, errors), around))
            })
        }
        Step::BankAccount => {
            let form: BankAccountForm = fields.form()?;
            let draft = kept(&site, &visitor).await?.map(|kept| kept.draft).unwrap_or_default();
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
            let draft = kept(&site, &visitor).await?.map(|kept| kept.draft).unwrap_or_default();
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
    Ok(refused.unwrap_or_else(|| see_other(&after(step, from_check), None)))
}

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The page after a page that is right.
fn after(step: Step, from_check: bool) -> String {
    match step.next() {
        Some(next) if !from_check => format!("{APPLY}/{}", next.as_str()),
        _ => format!("{APPLY}/check"),
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

/// One member's page, new or known.
pub(crate) async fn member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, AppError> {
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let Some(kept) = kept(&site, &visitor).await? else { return Ok(see_other(APPLY, None)) };
    let today = site.clock().today();
    let known = kept.draft.members.iter().find(|(known, _)| *known == id).map(|(_, form)| form.clone());
    let is_known = known.is_some();
    let sent = match (kept.member_left, known) {
        // Left with errors: the same member, or a new one (a new page has a new id each time).
        (Some((left_id, form)), known)
            if left_id == id
                || (known.is_none() && !kept.draft.members.iter().any(|(m, _)| *m == left_id)) =>
        {
            let errors = kept.draft.check_member(&id, &form, today).err().unwrap_or_default();
            Sent { form, errors }
        }
        (_, Some(form)) => Sent::fresh(form),
        (_, None) => Sent::fresh(MemberForm::default()),
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::member(&id, &sent, is_known, from.check())))
}

/// Keeps one member, or shows the page again with its errors. The id stands in the address, so a button pressed
/// twice keeps one member.
pub(crate) async fn keep_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let from_check = fields.get("return_to") == "check";
    let form: MemberForm = fields.form()?;
    let Some(kept) = kept(&site, &visitor).await? else { return Err(AppError::Conflict) };
    let Some(owner) = &visitor.visit.owner else { return Err(AppError::Conflict) };
    let now = site.clock().now();
    if let Err(errors) = kept.draft.check_member(&id, &form, now.shanghai_date()) {
        site.store().keep_member_left(owner, &id, &form, now).await?;
        let known = kept.draft.members.iter().any(|(known, _)| *known == id);
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::member(&id, &sent, known, from_check)));
    }
    site.store().keep_member(owner, &id, &form, now).await?;
    Ok(see_other(&household_path(from_check), None))
}

/// Removes one member.
pub(crate) async fn remove_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(owner) = &visitor.visit.owner else { return Err(AppError::Conflict) };
    match site.store().remove_member(owner, &id, site.clock().now()).await {
        Err(StoreError::NotFound) => Err(AppError::Conflict),
        Err(other) => Err(other.into()),
        Ok(()) => Ok(see_other(&household_path(fields.get("return_to") == "check"), None)),
    }
}

fn household_path(from_check: bool) -> String {
    let query = if from_check { "?from=check" } else { "" };
    format!("{APPLY}/{}{query}", Step::Household.as_str())
}

/// The last look.
pub(crate) async fn check(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let Some(kept) = kept(&site, &visitor).await? else { return Ok(see_other(APPLY, None)) };
    let key = new_key()?;
    Ok(check_page(&site, &visitor, &kept, &key, StatusCode::OK, false))
}

fn check_page(
    site: &Site,
    visitor: &Visitor,
    kept: &KeptDraft,
    key: &str,
    status: StatusCode,
    changed: bool,
) -> Response {
    let today = site.clock().today();
    let errors = kept.draft.parse(today).err().unwrap_or_default();
    let signatories = kept.draft.signatories(today);
    site.page(visitor, status, || {
        pages::check(&kept.draft, &errors, &signatories, kept.version, key, changed)
    })
}

/// Sends the application: once for its key, and only what was shown.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let version: i64 = fields.get("version").parse().map_err(|_| AppError::BadRequest)?;
    let Some(owner) = visitor.visit.owner.clone() else { return Err(AppError::Conflict) };
    if let Some(number) = site.store().answer_of(&key, &owner, ACT).await? {
        return Ok(see_other(&format!("/confirm/{number}"), None));
    }
    let Some(kept) = kept(&site, &visitor).await? else {
        // The first press may have been received between the two questions.
        let number = site.store().answer_of(&key, &owner, ACT).await?.ok_or(AppError::Conflict)?;
        return Ok(see_other(&format!("/confirm/{number}"), None));
    };
    let now = site.clock().now();
    let application = match kept.draft.parse(now.shanghai_date()) {
        Ok(application) if kept.version == version => application,
        parsed => {
            let status = if parsed.is_ok() { StatusCode::CONFLICT } else { UNPROCESSABLE };
            // A key that was shown with another version is used up: its body has changed.
            return Ok(check_page(&site, &visitor, &kept, &new_key()?, status, kept.version != version));
        }
    };
    let signatories = kept.draft.signatories(now.shanghai_date());
    let street = application.address.receiving_street().code;
    // Six random digits a day may meet once in a while; then new ones are drawn.
    for _ in 0..5 {
        let number = CaseNumber::new("LS", now.shanghai_date(), random_u64()?).as_str().to_owned();
        let links = links(&application.consents)?;
        let new = SubmitApplication {
            id: new_id(now)?,
            confirmation: issue_receipt(site.signing_key(), &site.settings().issuer, &number, street, now)?,
            number,
            application: &application,
            signatories: &signatories,
            links: &links,
            draft_id: &kept.id,
            draft_version: version,
            received_at: now,
            limit: site.limit_policy(),
        };
        match site.store().submit_application(&new, &key, &owner).await {
            Ok(number) => return Ok(see_other(&format!("/confirm/{}", number.answer()), None)),
            Err(SubmitRefusal::NumberTaken) => {}
            Err(SubmitRefusal::OtherBody | SubmitRefusal::DraftChanged) => return Err(AppError::Conflict),
            Err(SubmitRefusal::Store(other)) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

/// A link and a code for each adult who agrees on another phone.
fn links(consents: &[CheckConsent]) -> Result<Vec<NewLink>, AppError> {
    consents
        .iter()
        .filter(|consent| consent.way == ConsentWay::Link)
        .map(|consent| {
            Ok(NewLink {
                signatory: consent.signatory.clone(),
                secret: random_secret()?,
                code: format!("{:06}", random_u64()? % 1_000_000),
            })
        })
        .collect()
}
