//! Sample data of the demo profile: one received application whose number and digits can be tried out. All
//! persons are made up; their numbers are the synthetic ones of app/data/vectors.

use anyhow::bail;
use app::domain::aid::standards::{NewStandard, StandardKey};
use app::domain::aid::{
    APPLICANT_ID, AddressForm, ApplicantForm, Asks, AuthorisationForm, BankAccountForm, Draft, FinancesForm,
    LimitPolicy, MemberForm, NoticeForm, PledgeForm, SituationForm, Step,
};
use app::domain::confirm::{Claims, ConfirmationKind, Holder};
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::text::staff::post_name;
use app::visit::Owner;

use crate::confirm::{ConfirmationKey, issue_claims, issue_receipt};
use crate::seal::new_id;
use crate::settings::Settings;
use crate::staff::{password, totp};
use crate::store::audit::Actor;
use crate::store::confirmations::{Belongs, SAMPLE};
use crate::store::staff::NewStaffAccount;
use crate::store::standards::Doer;
use crate::store::submit::Sender;
use crate::store::{IdempotencyKey, NewLink, OnlyOnce, Store, StoreError, SubmitApplication, SubmitRefusal};

/// The sample case's number; its mobile ends in 0000.
const NUMBER: &str = "LS261123000001";

/// The sample staff accounts: login and post. All share one password and one secret.
pub(crate) const STAFF: [(&str, &str); 9] = [
    ("demo-community", "community_worker@320214050001"),
    ("demo-street", "street_officer@320214050"),
    ("demo-meicun", "street_officer@320214054"),
    ("demo-district", "district_officer@320214"),
    ("demo-marriage", "marriage_clerk@xinwu"),
    ("demo-meals", "meal_point_operator@xg-01"),
    ("demo-timebank", "time_bank_coordinator@320214"),
    ("demo-auditor", "auditor@320214"),
    ("demo-admin", "administrator@320214"),
];

/// The password of the sample staff accounts.
pub(crate) const STAFF_PASSWORD: &str = "sample-key-2026";

/// The secret of their codes, before base 32.
pub(crate) const STAFF_SECRET: &[u8] = b"sample-secret-of-xw!";

/// A sample account's post in words.
pub(crate) fn post_words(post: &str) -> String {
    Post::parse(post).map(|post| post_name(&post)).unwrap_or_default()
}

/// Makes the sample staff accounts that are missing; gives what to tell the person at the terminal.
///
/// # Errors
/// The database failed.
pub(crate) async fn load_staff(store: &Store, now: Instant) -> anyhow::Result<String> {
    let mut told = String::from("Sample staff accounts (sign in at /staff/sign-in):");
    for (login, post) in STAFF {
        let posts = vec![Post::parse(post)?];
        told.push_str(&format!("\n  {login:<15} {post}"));
        if store.credentials(login).await?.is_some() {
            continue;
        }
        let hash = password::hash(STAFF_PASSWORD).await?;
        let new = NewStaffAccount {
            login,
            name: "示例人员",
            password_hash: &hash,
            password_once: false,
            totp_secret: Some(STAFF_SECRET),
            posts: &posts,
        };
        store.add_staff(&new, &Actor::System, now).await?;
    }
    told.push_str(&format!(
        "\n  password {STAFF_PASSWORD}, secret for an app {}; the code also stands on the second page.",
        totp::shown(STAFF_SECRET)
    ));
    Ok(told)
}

/// Loads the sample data; gives what to tell the person at the terminal.
///
/// # Errors
/// The profile refuses sample data, or the database failed.
pub(crate) async fn load(
    settings: &Settings,
    store: &Store,
    key: &ConfirmationKey,
    now: Instant,
) -> anyhow::Result<String> {
    if !settings.sample_data {
        bail!("sample_data is off; the demo profile has it on");
    }
    if settings.divisions_dir.is_some() {
        bail!(
            "the sample data lies in 新吴区's streets; leave divisions_dir out, or set sample_data = false"
        );
    }
    let staff = load_staff(store, now).await?;
    let confirmations = load_confirmations(settings, store, key, now).await?;
    load_standard(store, now).await?;
    let offices = crate::demo_marriage::load_offices(store, now).await?;
    crate::demo_marriage::load_times(store, now).await?;
    crate::demo_draws::load(store, now).await?;
    crate::demo_marriage::load_today(settings, store, key, now).await?;
    let needs = crate::demo_timebank::load(store, now).await?;
    let meals = crate::demo_meals::load(store, now).await?;
    let told = format!(
        "Sample case: number {NUMBER}, mobile's last four digits 0000 (open it at /confirm).\n{confirmations}\n{offices}\n{needs}\n{meals}\n{staff}"
    );
    send(settings, store, key, (Owner("sample".into()), NUMBER, crate::forms::aid::ITEM), now).await?;
    crate::demo_notices::load(settings, store, key, now).await?;
    Ok(told)
}

/// Sends the sample application of an owner, once; tells whether it is new.
///
/// # Errors
/// The sample data is wrong, the database failed, or the key does not sign.
pub(crate) async fn send(
    settings: &Settings,
    store: &Store,
    key: &ConfirmationKey,
    (owner, number, item): (Owner, &str, &str),
    now: Instant,
) -> anyhow::Result<bool> {
    let Some(draft) = sample_draft(store, &owner, item, now).await? else { return Ok(false) };
    let application = match draft.draft.parse(now.shanghai_date()) {
        Ok(application) => application,
        Err(errors) => bail!("the sample data is wrong: {errors:?}"),
    };
    let signatories = draft.draft.signatories(now.shanghai_date());
    let street = application.address.receiving_street().code;
    let links = [NewLink {
        signatory: "sample02".into(),
        secret: crate::seal::random_secret()?,
        code: "123456".into(),
    }];
    let new = SubmitApplication {
        id: new_id(now)?,
        number: number.into(),
        item,
        application: &application,
        signatories: &signatories,
        links: &links,
        draft_id: &draft.id,
        draft_version: draft.version,
        received_at: now,
        limit: LimitPolicy { working_days: Some(20), sample: true },
        under_14: false,
        sender: Sender { actor: &Actor::System, keeper: &owner, resident: None, under: None },
        confirmation: issue_receipt(key, &settings.issuer, number, street, now).await?,
    };
    let once = IdempotencyKey::new(store, &format!("sample-{number}"), number);
    match store.submit_application(&new, &once, &owner).await {
        Ok(_) => Ok(true),
        Err(SubmitRefusal::NumberTaken) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// The sample confirmations beside the receipt of the sample case: kind, number, area, and the office that looks after it.
const CONFIRMATIONS: [(ConfirmationKind, &str, u64, Option<&str>); 6] = [
    (ConfirmationKind::Booking, "HY261123000001", 320_214, Some("xinwu")),
    (ConfirmationKind::Meal, "ZC261123000001", 320_214_050, Some("xg-01")),
    (ConfirmationKind::Hours, "ZY261123000001", 320_214, None),
    (ConfirmationKind::Statement, "DZ261123000001", 320_214, None),
    (ConfirmationKind::Certificate, "ZM261123000001", 320_214, None),
    (ConfirmationKind::Card, "KP261123000001", 320_214_050, None),
];

/// Issues one sample confirmation of each kind that has none yet; gives what to tell the person at the terminal.
///
/// # Errors
/// The database failed, or the key does not sign.
async fn load_confirmations(
    settings: &Settings,
    store: &Store,
    key: &ConfirmationKey,
    now: Instant,
) -> anyhow::Result<String> {
    const DAY: i64 = 24 * 3_600_000;
    let mut told = String::from("Sample confirmations (check the short codes at /check):");
    for (kind, number, office, place) in CONFIRMATIONS {
        let mut code =
            store.confirmations_of_number(number).await?.into_iter().next().map(|kept| kept.short_code);
        if code.is_none() {
            let claims = Claims {
                issuer: settings.issuer.clone(),
                issued_at: now.seconds(),
                not_before: None,
                expires_at: Instant(now.0 + if kind.use_once() { 30 * DAY } else { 1_095 * DAY }).seconds(),
                id: [0; 10],
                kind,
                number: number.to_owned(),
                office,
                start: now.seconds(),
                minutes: if kind.use_once() { 60 } else { 0 },
                holder: Some(Holder { name: "王＊＊".to_owned(), document_tail: "937".to_owned() }),
            };
            let new = issue_claims(key, claims).await?;
            let belongs = Belongs { office: place, issued_by: SAMPLE, ..Belongs::default() };
            let once = IdempotencyKey::new(store, &format!("sample-{number}-{}", new.id), number);
            store.issue_confirmation(&new, &belongs, &Actor::System, &once, now).await?;
            code = Some(new.short_code);
        }
        let code = app::text::short_code(&code.unwrap_or_default());
        told.push_str(&format!("\n  {:<12} {number} {code}", kind.as_str()));
    }
    Ok(told)
}

/// The one sample value of a standard: the last number that a source gives, as if it still held. No source gives a later one.
///
/// # Errors
/// The database failed.
pub(crate) async fn load_standard(store: &Store, now: Instant) -> Result<(), StoreError> {
    let new = NewStandard {
        key: StandardKey::Dibao,
        value: 101_000,
        effective_from: jiff::civil::date(2020, 7, 1),
        document: "示例文件（演示用，不是真的）".to_owned(),
    };
    let doer = |id| Doer { id, actor: &Actor::System };
    let once = IdempotencyKey::new(store, "sample-standard-dibao", "dibao");
    // Another value of that day, or this one from an earlier run, is left as it is.
    if let Some(OnlyOnce::Done(id)) = store.add_standard(&new, true, doer("sample-1"), &once, now).await? {
        store.approve_standard(&id, doer("sample-2"), now).await?;
    }
    Ok(())
}

/// Fills in the sample draft; `None` when the sample case is there already.
async fn sample_draft(
    store: &Store,
    owner: &Owner,
    item: &str,
    now: Instant,
) -> Result<Option<app::ports::KeptDraft>, StoreError> {
    if !store.cases_of(owner).await?.is_empty() {
        return Ok(None);
    }
    store.open_draft_of(owner, item, now).await?;
    let mut draft = answers();
    if item != crate::forms::aid::ITEM {
        draft.situation = Some(SituationForm {
            kind: "expenditure".into(),
            story: "示例：母亲长期生病，全家靠一份零工过日子。".into(),
            amount: String::new(),
            urgency: "usual".into(),
        });
    }
    macro_rules! keep {
        ($step:ident, $form:expr) => {
            if let Some(form) = $form {
                store.keep_step(owner, Step::$step, form, now).await?;
            }
        };
    }
    keep!(Applicant, &draft.applicant);
    keep!(Address, &draft.address);
    keep!(Household, &Some(()));
    for (id, form) in &draft.members {
        store.keep_member(owner, id, form, now).await?;
    }
    keep!(Finances, &draft.finances);
    keep!(Situation, &draft.situation);
    keep!(BankAccount, &draft.bank_account);
    keep!(Notice, &draft.notice);
    keep!(Authorisation, &draft.authorisation);
    keep!(Pledge, &draft.pledge);
    store.draft_of(owner).await
}

fn answers() -> Draft {
    let member = |name: &str, relation: &str, number: &str| MemberForm {
        name: name.into(),
        relation: relation.into(),
        document_kind: "citizen_id".into(),
        document_number: number.into(),
        birth_date: String::new(),
    };
    Draft {
        asks: Asks::default(),
        applicant: Some(ApplicantForm {
            name: "王样例".into(),
            document_kind: "citizen_id".into(),
            document_number: "320205199912319937".into(),
            mobile: "13900000000".into(),
        }),
        address: Some(AddressForm {
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "样例路 1 号".into(),
            emergency_place: "home".into(),
            ..Default::default()
        }),
        household_told: true,
        members: vec![
            ("sample02".into(), member("样例老人", "parent", "320222194503129909")),
            ("sample03".into(), member("样例孩子", "child", "320214201602299914")),
        ],
        finances: Some(FinancesForm {
            monthly_income: "2600".into(),
            medical: "18000".into(),
            ..Default::default()
        }),
        situation: Some(SituationForm {
            kind: "emergency".into(),
            story: "示例：家里厨房失火，暂时没有地方做饭和住。".into(),
            amount: String::new(),
            urgency: "days".into(),
        }),
        bank_account: Some(BankAccountForm::default()),
        notice: Some(NoticeForm::default()),
        authorisation: Some(AuthorisationForm {
            ways: [(APPLICANT_ID, "this-phone"), ("sample02", "link")]
                .map(|(id, way)| (id.to_owned(), way.to_owned()))
                .into(),
        }),
        pledge: Some(PledgeForm { agreed: "yes".into() }),
    }
}
