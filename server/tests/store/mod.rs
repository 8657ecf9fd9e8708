//! The store's promises, each proved on SQLite and on PostgreSQL.
//!
//! PostgreSQL comes from `server/tests/postgres.sh`, which starts a private cluster and names it in
//! `XW_TEST_POSTGRES_URL`. Without it these tests fail; they are never skipped.

#![cfg(test)]

mod audit;
mod backup;
mod benefits;
mod cards;
mod case_acts;
mod case_clock;
mod case_transfers;
mod complaints;
mod confirmations;
mod consents;
mod counter;
mod data_consents;
mod deliveries;
mod drafts;
mod follow_up;
mod found;
mod home_visits;
mod logins;
mod marriage;
mod marriage_bookings;
mod marriage_divorce;
mod marriage_door;
mod marriage_draw;
mod marriage_edges;
mod marriage_hot;
mod marriage_model;
mod marriage_no_shows;
mod marriage_notes;
mod marriage_waiting;
mod meal_checks;
mod meal_points;
mod meal_tables;
pub(crate) mod meals;
mod meals_calls;
mod meals_desk;
mod meals_ratings;
mod meals_standing;
mod meals_telling;
mod meals_tours;
mod meals_waiting;
mod meals_walk_ins;
mod means_checks;
mod messages;
mod migrations;
mod papers;
mod phone_change;
mod proxies;
mod public_notices;
pub(crate) mod random;
mod random_draws;
pub(crate) mod residents;
mod retention;
mod staff;
mod staff_cases;
mod standards;
mod submit;
mod time_care;
mod time_corrections;
mod time_events;
mod time_ledger;
mod time_minors;
mod time_needs;
mod work_list;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::domain::aid::{
    APPLICANT_ID, AddressForm, ApplicantForm, Asks, AuthorisationForm, BankAccountForm, Draft, FinancesForm,
    LimitPolicy, MemberForm, NoticeForm, PledgeForm, SituationForm, Step,
};
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::visit::Owner;

use crate::confirm::{ConfirmationKey, issue_receipt};
use crate::seal::{Sealer, new_id};
use crate::settings::Engine;
use crate::store::audit::Actor;
use crate::store::staff::NewStaffAccount;
use crate::store::submit::Sender;
use crate::store::{IdempotencyKey, NewLink, OnlyOnce, Store, SubmitApplication, SubmitRefusal};

/// 2026-11-23 14:05 in Shanghai.
pub(crate) const NOW: Instant = Instant(1_795_413_900_000);

/// A store with what it needs, gone when dropped.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) signing: ConfirmationKey,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) url: String,
}

impl std::ops::Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    /// The database itself, for looking at rows and for tampering with them.
    pub(crate) async fn database(&self) -> sqlx::AnyPool {
        sqlx::AnyPool::connect(&self.url).await.unwrap()
    }

    /// An account of a street's officer with a login of its own; gives its id.
    pub(crate) async fn staff_account(&self, login: &str) -> String {
        let posts = [Post::parse("street_officer@320214050").unwrap()];
        let new = NewStaffAccount {
            login,
            name: "李小白",
            password_hash: "none",
            password_once: false,
            totp_secret: None,
            posts: &posts,
        };
        self.store.add_staff(&new, &Actor::System, NOW).await.unwrap()
    }

    /// Another server on the same database.
    pub(crate) async fn another(&self) -> Store {
        let keys = self.folder.path().join("data-keys.toml");
        let engine = if self.url.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres };
        Store::open(&self.url, engine, Arc::new(Sealer::load(&keys).unwrap())).await.unwrap()
    }

    /// A resident with a key of their own and nothing else.
    pub(crate) async fn resident(&self, id: &str) {
        let sealer = Sealer::load(&self.folder.path().join("data-keys.toml")).unwrap();
        let database = self.database().await;
        sqlx::query("insert into person_keys (person, wrapped, created_at) values ($1, $2, 0)")
            .bind(id)
            .bind(sealer.new_person_key(id).unwrap())
            .execute(&database)
            .await
            .unwrap();
        sqlx::query(
            "insert into residents (id, phone_proved_at, assurance, created_at) values ($1, 0, 'declared', 0)",
        )
        .bind(id)
        .execute(&database)
        .await
        .unwrap();
    }
}

/// Writes one test for both engines: `sqlite::NAME` and `postgres::NAME`.
macro_rules! store_test {
    ($name:ident, |$store:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn holds($store: $crate::store_tests::TestStore) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                holds($crate::store_tests::open(crate::settings::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                holds($crate::store_tests::open(crate::settings::Engine::Postgres).await).await;
            }
        }
    };
}
pub(crate) use store_test;

/// A fresh database of that engine.
pub(crate) async fn open(engine: Engine) -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("data-keys.toml");
    let pem = folder.path().join("signing.pem");
    Sealer::create(&keys).unwrap();
    ConfirmationKey::create(&pem).unwrap();
    let url = match engine {
        Engine::Sqlite => format!("sqlite://{}", folder.path().join("test.db").display()),
        Engine::Postgres => fresh_postgres().await,
    };
    let store = Store::open(&url, engine, Arc::new(Sealer::load(&keys).unwrap())).await.unwrap();
    TestStore { store, signing: ConfirmationKey::load(&pem).unwrap(), folder, url }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test harness hands the cluster's address over in the environment"
)]
pub(crate) fn cluster() -> String {
    std::env::var("XW_TEST_POSTGRES_URL").expect(
        "XW_TEST_POSTGRES_URL is not set: run the tests through server/tests/postgres.sh (make tests)",
    )
}

/// A database of its own in the private cluster; the cluster goes when the run ends.
async fn fresh_postgres() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    sqlx::any::install_default_drivers();
    let cluster = cluster();
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = sqlx::AnyPool::connect(&cluster).await.unwrap();
    // In the order of a language, as most databases are: what must be compared sign by sign has to say so. The name is
    // made of two numbers, and `create database` binds nothing.
    let create = sqlx::AssertSqlSafe(format!(
        "create database {name} template template0 locale_provider icu icu_locale 'zh-Hans-CN' lc_collate 'C' \
         lc_ctype 'C'"
    ));
    sqlx::query(create).execute(&admin).await.unwrap();
    admin.close().await;
    let (server, _) = cluster.rsplit_once('/').unwrap();
    let query = cluster.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    format!("{server}/{name}{query}")
}

pub(crate) fn owner(name: &str) -> Owner {
    Owner(name.to_owned())
}

pub(crate) fn member(name: &str, number: &str, relation: &str) -> MemberForm {
    MemberForm {
        name: name.into(),
        relation: relation.into(),
        document_kind: "citizen_id".into(),
        document_number: number.into(),
        birth_date: String::new(),
    }
}

/// A whole application of synthetic persons.
pub(crate) fn answers() -> Draft {
    Draft {
        asks: Asks::default(),
        applicant: Some(ApplicantForm {
            name: "王小明".into(),
            document_kind: "citizen_id".into(),
            document_number: "320205199912319937".into(),
            mobile: "13900001234".into(),
        }),
        address: Some(AddressForm {
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "新光路 1 号".into(),
            emergency_place: "home".into(),
            ..Default::default()
        }),
        household_told: true,
        members: vec![
            ("aaaaaaaa".into(), member("李大妈", "320222194503129909", "parent")),
            ("bbbbbbbb".into(), member("王小宝", "320214201602299914", "child")),
        ],
        finances: Some(FinancesForm { monthly_income: "2600".into(), ..Default::default() }),
        situation: Some(SituationForm {
            kind: "emergency".into(),
            story: "家里失火，没有地方住。".into(),
            amount: "3000".into(),
            urgency: "today".into(),
        }),
        bank_account: Some(BankAccountForm {
            holder: "王小明".into(),
            number: "6222023200000000011".into(),
            bank: "农业银行".into(),
            reason: String::new(),
        }),
        notice: Some(NoticeForm::default()),
        authorisation: Some(AuthorisationForm {
            ways: [(APPLICANT_ID, "this-phone"), ("aaaaaaaa", "link")]
                .map(|(id, way)| (id.to_owned(), way.to_owned()))
                .into(),
        }),
        pledge: Some(PledgeForm { agreed: "yes".into() }),
    }
}

/// Keeps all answers in the owner's draft.
pub(crate) async fn fill_draft(store: &Store, owner: &Owner) {
    let draft = answers();
    store.open_draft(owner, NOW).await.unwrap();
    store.keep_step(owner, Step::Applicant, &draft.applicant, NOW).await.unwrap();
    store.keep_step(owner, Step::Address, &draft.address, NOW).await.unwrap();
    for (id, form) in &draft.members {
        store.keep_member(owner, id, form, NOW).await.unwrap();
    }
    store.keep_step(owner, Step::Household, &(), NOW).await.unwrap();
    store.keep_step(owner, Step::Finances, &draft.finances, NOW).await.unwrap();
    store.keep_step(owner, Step::Situation, &draft.situation, NOW).await.unwrap();
    store.keep_step(owner, Step::BankAccount, &draft.bank_account, NOW).await.unwrap();
    store.keep_step(owner, Step::Notice, &draft.notice, NOW).await.unwrap();
    store.keep_step(owner, Step::Authorisation, &draft.authorisation, NOW).await.unwrap();
    store.keep_step(owner, Step::Pledge, &draft.pledge, NOW).await.unwrap();
}

/// The link of the one adult who agrees on another phone.
pub(crate) const SECRET: &str = "secretsecretsecretsecretsecretse";
pub(crate) const CODE: &str = "042042";

/// Sends the owner's draft under a number and a key.
pub(crate) async fn submit(
    test: &TestStore,
    owner: &Owner,
    number: &str,
    key: &str,
    body: &str,
) -> Result<OnlyOnce<String>, SubmitRefusal> {
    let kept = test.draft_of(owner).await.unwrap();
    let (draft_id, version, draft) = match &kept {
        Some(kept) => (kept.id.clone(), kept.version, kept.draft.clone()),
        // The draft is gone when it was sent; a second press still names it.
        None => ("gone".to_owned(), 0, answers()),
    };
    submit_draft(
        test,
        owner,
        number,
        IdempotencyKey::new(&test.store, key, body),
        &draft_id,
        version,
        &draft,
        SECRET,
    )
    .await
}

#[expect(clippy::too_many_arguments, reason = "a test chooses each of them")]
pub(crate) async fn submit_draft(
    test: &TestStore,
    owner: &Owner,
    number: &str,
    key: IdempotencyKey,
    draft_id: &str,
    version: i64,
    draft: &Draft,
    secret: &str,
) -> Result<OnlyOnce<String>, SubmitRefusal> {
    let application = draft.parse(NOW.shanghai_date()).unwrap();
    let signatories = draft.signatories(NOW.shanghai_date());
    let links = [NewLink { signatory: "aaaaaaaa".into(), secret: secret.into(), code: CODE.into() }];
    let new = SubmitApplication {
        id: new_id(NOW).unwrap(),
        number: number.into(),
        item: "temporary-aid",
        application: &application,
        signatories: &signatories,
        links: &links,
        draft_id,
        draft_version: version,
        received_at: NOW,
        limit: LimitPolicy { working_days: Some(20), sample: true },
        under_14: false,
        sender: Sender { actor: &Actor::Device(owner.0.clone()), keeper: owner, resident: None, under: None },
        confirmation: issue_receipt(&test.signing, "XW", number, "320214050", NOW).await.unwrap(),
    };
    test.submit_application(&new, &key, owner).await
}
