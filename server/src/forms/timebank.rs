//! `/timebank…`: what it is, one's own hours, giving and getting service.

use std::collections::BTreeMap;

use app::domain::area::{community, district, street};
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::name::PersonName;
use app::domain::person::Identity;
use app::domain::timebank::{
    Account, AccountKind, BankRules, EntryKind, Fit, MinorRule, NeedState, OF_AGE, ServedCode, Volunteer,
    VolunteerForm, age_on, preset,
};
use app::domain::written;
use app::pages::Sent;
use app::pages::timebank::{self as pages, EntryLine, NeedView, NotYet, OwnBank, Role};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::timebank_sign::signed;
use crate::forms::{Fields, new_key, sent_back};
use crate::session::{Ended, Session};
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{Doing, Need, NeedRefusal};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The rules that hold.
pub(crate) fn rules(site: &Site) -> Result<&'static BankRules, AppError> {
    // The start refuses a name that is none.
    preset(&site.settings().timebank_rules)
        .ok_or_else(|| AppError::Internal(anyhow::anyhow!("timebank_rules names no set of rules")))
}

/// The resident, in their own affairs: hours are nobody else's to give.
pub(super) fn own(visitor: &Visitor) -> Result<&Session, AppError> {
    if visitor.acting().is_some() {
        return Err(AppError::NotTaken(Ended::OwnAffair));
    }
    visitor.resident()
}

pub(crate) fn refusal(refused: NeedRefusal) -> AppError {
    match refused {
        NeedRefusal::Store(cause) => cause.into(),
        _ => AppError::Conflict,
    }
}

/// What to tell a person whose act was not done.
pub(crate) fn words(refused: &NeedRefusal) -> &'static str {
    match refused {
        NeedRefusal::Gone => "刚刚有变化，请看现在的情况",
        NeedRefusal::Overlap => "这个时间已经有一次服务了，同一个时间不能有两次",
        NeedRefusal::NotEnough => "存的时间不够",
        NeedRefusal::Frozen => "这些时间先冻结了，请打服务电话问",
        NeedRefusal::NoSuchSaver => "没有找到这个号码和姓名的实名账号",
        NeedRefusal::NotInsured => "做这一样要先有意外险，还没有登记。请打电话给社区，登记好了再开始",
        NeedRefusal::TooShort => "时间不对：要满一分钟，也不能在以后",
        NeedRefusal::GuardianFirst => {
            "没满 18 周岁，要监护人先同意做这一样。请监护人在「时间银行」的「孩子做志愿者」里同意"
        }
        NeedRefusal::GroupAlone => "没满 18 周岁的，只参加集体活动，请到「集体活动」里报名",
        NeedRefusal::Forged => "不是您这部手机签的，没有收",
        NeedRefusal::Implausible => "这部手机的时间对不上，没有收。请打电话给社区，请他们替您记",
        NeedRefusal::TooOld => "存得太久了，没有收。请打电话给社区，请他们替您记",
        NeedRefusal::Code | NeedRefusal::Store(_) => "没有办成，请再试一次",
    }
}

pub(crate) fn place(area: &str) -> String {
    let street_name = area.get(..9).and_then(street).map_or("", |street| street.name);
    let community = community(area).map_or("", |community| community.short_name());
    format!("{street_name}{community}")
}

fn view_of(need: Need, role: Role) -> NeedView {
    let known = role != Role::Candidate;
    let own_order = role == Role::Served && need.payer.is_some();
    NeedView {
        id: need.id,
        role,
        kind: need.kind,
        place: place(&need.area),
        starts_at: need.starts_at,
        ends_at: need.ends_at,
        language: need.language,
        state: need.state,
        served: known.then_some(need.served),
        code: need.code.filter(|_| role == Role::Served),
        spent: (need.began_at, need.over_at),
        dispute: need.dispute.filter(|_| known),
        own_order,
        skill: need.skill,
        fit: None,
    }
}

/// A need that this volunteer has not taken, with why it fits.
fn candidate_view(need: Need, fit: Fit) -> NeedView {
    NeedView { fit: Some(fit), ..view_of(need, Role::Candidate) }
}

pub(super) fn role_in(need: &Need, resident: &str) -> Option<Role> {
    if need.helper.as_deref() == Some(resident) {
        Some(Role::Helper)
    } else if need.elder.as_deref() == Some(resident) || need.payer.as_deref() == Some(resident) {
        Some(Role::Served)
    } else {
        None
    }
}

/// The bank, and one's own hours in it.
pub(crate) async fn home(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let rules = rules(&site)?;
    // Who acts for another sees what everybody sees.
    let own = match &visitor.session {
        Some(session) if visitor.acting().is_none() => Some(bank_of(&site, session.resident()).await?),
        _ => None,
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::home(own.as_ref(), rules)))
}

async fn bank_of(site: &Site, resident: &str) -> Result<OwnBank, AppError> {
    let (store, person) = (site.store(), Account::of(AccountKind::Person, resident));
    let links = store.time_entries_of(district(), &person, 30).await?;
    let entries = links
        .into_iter()
        .filter_map(|link| {
            let came = link.entry.payee == person.id();
            Some(EntryLine {
                at: app::domain::time::Instant(link.entry.at),
                kind: EntryKind::parse(&link.entry.kind)?,
                minutes: if came { link.entry.minutes } else { -link.entry.minutes },
                after: if came { link.entry.payee_after } else { link.entry.payer_after },
            })
        })
        .collect();
    let mine = store.own_needs(resident).await?;
    Ok(OwnBank {
        balance: store.time_balance(district(), &person).await?,
        entries,
        mine: mine
            .into_iter()
            .filter_map(|need| role_in(&need, resident).map(|role| view_of(need, role).line()))
            .collect(),
        volunteer: store.volunteer(resident).await?.is_some(),
        surplus: store.surplus(resident).await?,
        frozen: store.is_frozen(resident).await?,
        guardian: !store.wards_of(resident, site.clock().now()).await?.is_empty(),
    })
}

/// What became of all hours.
pub(crate) async fn totals(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let totals = site.store().time_totals(district()).await?;
    let now = site.clock().now();
    Ok(site.page(&visitor, StatusCode::OK, || pages::totals(&totals, now)))
}

/// The age of who is signed in, and why they cannot register yet.
async fn standing(site: &Site, session: &Session) -> Result<(i16, Option<NotYet>), AppError> {
    let today = site.clock().today();
    let profile = site.store().account(session.resident()).await?.profile;
    let identity = profile.identity.and_then(|form| Identity::parse(&form, today).ok());
    let Some(identity) = identity.filter(|_| session.is_verified()) else {
        return Ok((0, Some(NotYet::NotVerified)));
    };
    let (age, rules) = (age_on(identity.birth_date, today), rules(site)?);
    let too_young = age < rules.earn_age && !rules.minors.lets(age);
    Ok((age, too_young.then_some(NotYet::TooYoung(rules.earn_age))))
}

/// The volunteer's form.
pub(crate) async fn volunteer_form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let (age, not_yet) = standing(&site, session).await?;
    let known = site.store().volunteer(session.resident()).await?;
    let form = known.map_or_else(VolunteerForm::default, |volunteer| VolunteerForm {
        street: volunteer.street.code.to_owned(),
        language: volunteer.language.as_str().to_owned(),
        kinds: volunteer.kinds.iter().map(|kind| kind.slug.clone()).collect(),
        also: volunteer.also.iter().map(|street| street.code.to_owned()).collect(),
        days: volunteer.days.iter().map(|day| day.as_str().to_owned()).collect(),
        parts: volunteer.parts.iter().map(|part| part.as_str().to_owned()).collect(),
        skills: volunteer.skills.iter().map(|skill| skill.as_str().to_owned()).collect(),
        agreed: String::new(),
    });
    let (sent, key) = (Sent::fresh(form), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::volunteer(&sent, &key, not_yet, age < OF_AGE)))
}

/// Registers.
pub(crate) async fn volunteer(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let typed: BTreeMap<_, _> =
        fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let form = VolunteerForm::of(&typed);
    let (age, not_yet) = standing(&site, session).await?;
    let errors = match Volunteer::parse(&form, age) {
        Ok(volunteer) if not_yet.is_none() => {
            let (owner, actor) = (session.owner(), visitor.actor());
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            site.store().register_volunteer(session.resident(), &volunteer, &doing).await?;
            return Ok(see_other("/timebank", None));
        }
        Ok(_) => FormErrors::default(),
        Err(errors) => errors,
    };
    let (sent, key) = (sent_back(form, errors), new_key()?);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::volunteer(&sent, &key, not_yet, age < OF_AGE)))
}

/// Needs that this volunteer may take.
pub(crate) async fn needs(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let Some(volunteer) = site.store().volunteer(session.resident()).await? else {
        return Ok(see_other("/timebank/volunteer", None));
    };
    let needs = site.store().needs_near(&volunteer, session.resident(), site.clock().now()).await?;
    let list: Vec<_> = needs.into_iter().map(|(need, fit)| candidate_view(need, fit)).collect();
    Ok(site.page(&visitor, StatusCode::OK, || pages::needs(&list)))
}

/// A need and what this resident is in it, with why it fits where they may still take it; nobody else finds it.
async fn found(site: &Site, session: &Session, id: &str) -> Result<(Need, Role, Option<Fit>), AppError> {
    let need = site.store().need(id).await?;
    if let Some(role) = role_in(&need, session.resident()) {
        return Ok((need, role, None));
    }
    let open = need.state == NeedState::Posted && need.starts_at > site.clock().now();
    match site.store().volunteer(session.resident()).await? {
        Some(volunteer) if open => {
            let fit = Fit::of(&volunteer, &need.asked());
            Ok((need, Role::Candidate, Some(fit)))
        }
        _ => Err(AppError::NotFound),
    }
}

fn page(
    site: &Site,
    visitor: &Visitor,
    view: &NeedView,
    sent: &Sent<()>,
    words: &str,
) -> Result<Response, AppError> {
    let status = if sent.errors.is_empty() && words.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let key = new_key()?;
    Ok(site.page(visitor, status, || pages::need(view, sent, words, &key)))
}

/// One need.
pub(crate) async fn need(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let (need, role, fit) = found(&site, session, &id).await?;
    page(&site, &visitor, &NeedView { fit, ..view_of(need, role) }, &Sent::fresh(()), "")
}

/// One of the acts on a need, by one of the two people in it or by who would come.
pub(crate) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let (need, role, _) = found(&site, session, &id).await?;
    let key = fields.key(site.store())?;
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let (store, resident) = (site.store(), session.resident());
    let mut errors = FormErrors::default();
    let group_alone = rules(&site)?.minors == MinorRule::Group && standing(&site, session).await?.0 < OF_AGE;
    let done = match (fields.get("act"), role) {
        ("take", _) if group_alone => Err(NeedRefusal::GroupAlone),
        // A second press finds them the helper already, and the key gives the same answer.
        ("take", Role::Candidate | Role::Helper) => {
            let profile = store.account(resident).await?.profile;
            let name = profile.identity.and_then(|form| PersonName::parse(&form.name).ok());
            let name = name.map(|name| name.masked()).unwrap_or_default();
            let taken = store.take_need(&id, (resident, &name), &doing).await;
            site.messages_waiting().notify_one();
            taken
        }
        ("give-up", Role::Helper | Role::Candidate) => store.give_need_up(&id, resident, &doing).await,
        ("sign", Role::Helper) => match ServedCode::parse(fields.get("code")) {
            Ok(code) => signed(&site, &visitor, (&id, resident), (code, None), &doing).await?,
            Err(error) => {
                errors.add("code", error);
                Ok(())
            }
        },
        ("confirm", Role::Served) => {
            // A coordinator looks at it first.
            if need.to_review() {
                let words = "超过 12 小时的，或者手机时间对不上的，协调员会打电话问您";
                return page(&site, &visitor, &view_of(need, role), &Sent::fresh(()), words);
            }
            store.confirm_service(&id, rules(&site)?, &doing).await
        }
        ("dispute", Role::Served) => match written::paragraph(fields.get("words"), Prompt::TimeWords, 2, 300)
        {
            Ok(words) => store.dispute_service(&id, &words, &doing).await,
            Err(error) => {
                errors.add("words", error);
                Ok(())
            }
        },
        ("cancel", Role::Served) if need.payer.as_deref() == Some(resident) => {
            store.cancel_need(&id, &doing).await
        }
        _ => return Err(AppError::Conflict),
    };
    let refused = match done {
        Ok(()) if errors.is_empty() => return Ok(see_other(&format!("/timebank/needs/{id}"), None)),
        Ok(()) => "",
        Err(NeedRefusal::Code) => {
            errors.add("code", Rule::CodeDoesNotFit);
            ""
        }
        Err(NeedRefusal::Store(cause)) => return Err(cause.into()),
        Err(other) => words(&other),
    };
    match found(&site, session, &id).await {
        Ok((need, role, fit)) => {
            let view = NeedView { fit, ..view_of(need, role) };
            page(&site, &visitor, &view, &sent_back((), errors), refused)
        }
        // Somebody else was faster: the list says what is left.
        Err(AppError::NotFound) => Ok(see_other("/timebank/needs", None)),
        Err(other) => Err(other),
    }
}
