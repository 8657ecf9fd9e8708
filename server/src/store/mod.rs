//! The database: one implementation over `sqlx::Any`, one SQL text for SQLite and PostgreSQL.
//!
//! Each method is one business act in one transaction. Statements guard what must hold by themselves: a
//! condition in the update, a unique index; nothing is read first and decided after.

pub(crate) mod audit;
mod audit_chain;
pub(crate) mod benefits;
pub(crate) mod cards;
pub(crate) mod case_acts;
mod case_changes;
mod case_clock;
pub(crate) mod case_due;
mod case_progress;
pub(crate) mod case_ratings;
pub(crate) mod case_rechecks;
mod case_referrals;
mod case_services;
mod case_transfers;
mod cases;
mod complaints;
pub(crate) mod confirmations;
mod consents;
pub(crate) mod counter;
mod data_consents;
pub(crate) mod deliveries;
mod drafts;
pub(crate) mod found;
pub(crate) mod guardians;
pub(crate) mod helping;
pub(crate) mod home_visits;
mod idempotency;
pub(crate) mod inbox;
pub(crate) mod logins;
pub(crate) mod marriage;
pub(crate) mod meals;
pub(crate) mod means_checks;
pub(crate) mod messages;
pub(crate) mod outbox;
pub(crate) mod papers;
mod personal_data;
pub(crate) mod phone_change;
mod provider_sign_ins;
pub(crate) mod proxies;
pub(crate) mod public_notices;
pub(crate) mod random_draws;
pub(crate) mod residents;
mod restored;
mod retention;
pub(crate) mod scans;
pub(crate) mod sessions;
pub(crate) mod shared_results;
pub(crate) mod staff;
pub(crate) mod staff_cases;
mod staff_factors;
pub(crate) mod staff_sessions;
pub(crate) mod standards;
pub(crate) mod submit;
pub(crate) mod timebank;
mod tries;
mod usual_time;
pub(crate) mod visits;
pub(crate) mod work_list;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Executor as _, Transaction};

pub(crate) use cases::KeptCase;
pub(crate) use complaints::{ComplaintCount, ComplaintLine, ComplaintScope, NewComplaint, complaint_entry};
pub(crate) use confirmations::NewConfirmation;
pub(crate) use idempotency::{IdempotencyKey, Once as OnlyOnce};
pub(crate) use submit::{NewLink, SubmitApplication, SubmitRefusal};

use crate::seal::{SealError, Sealer};
use crate::settings::Engine;

/// Why the database did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// There is no such row, or it isn't this person's.
    #[error("not found")]
    NotFound,
    /// A rule of the data forbids it: taken, changed in between, or sent with another body.
    #[error("conflict")]
    Conflict,
    /// Anything else; the cause goes to the log alone.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl StoreError {
    /// PostgreSQL ended the transaction because it and another waited for each other.
    pub(crate) fn is_deadlock(&self) -> bool {
        let Self::Other(cause) = self else { return false };
        let database = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        database.and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "40P01")
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Conflict,
            _ => Self::Other(error.into()),
        }
    }
}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        Self::Other(error.into())
    }
}

/// The database, ready for use.
#[derive(Clone)]
pub(crate) struct Store {
    writer: AnyPool,
    reader: AnyPool,
    begin: &'static str,
    engine: Engine,
    sealer: Arc<Sealer>,
    /// How often this program ended or used a confirmation: the signed list is made anew after each.
    state_changes: Arc<AtomicU64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.engine)
    }
}

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/postgres");

impl Store {
    /// Connects to the database and brings its tables up to date.
    ///
    /// SQLite has one writer connection, whose transactions take the lock at their start, and readers apart
    /// from it. `synchronous = full` is what "no acknowledged act is lost" means.
    ///
    /// # Errors
    /// The address is wrong, the database can't be reached, or a migration failed.
    pub(crate) async fn open(url: &str, engine: Engine, sealer: Arc<Sealer>) -> anyhow::Result<Self> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let (writer, reader, begin) = match engine {
            Engine::Sqlite => {
                let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
                let writer = sqlite_pool(&url, 1, false).await?;
                SQLITE.run(&writer).await.context("migrating the SQLite database")?;
                (writer, sqlite_pool(&url, 4, true).await?, "begin immediate")
            }
            Engine::Postgres => {
                let options: AnyConnectOptions = url.parse().context("reading database_url")?;
                let pool = AnyPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(options)
                    .await
                    .context("connecting to PostgreSQL")?;
                POSTGRES.run(&pool).await.context("migrating the PostgreSQL database")?;
                (pool.clone(), pool, "begin")
            }
        };
        let store = Self { writer, reader, begin, engine, sealer, state_changes: Arc::default() };
        store.fill_numbers().await.context("reading the numbers of cards")?;
        Ok(store)
    }

    /// How often this program ended or used a confirmation so far.
    pub(crate) fn state_changes(&self) -> u64 {
        self.state_changes.load(Ordering::Acquire)
    }

    /// A confirmation was ended or used, and that is committed.
    fn states_changed(&self) {
        self.state_changes.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It doesn't.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query_scalar::<_, i64>("select cast(1 as bigint)").fetch_one(&self.reader).await?;
        Ok(())
    }

    /// Finishes what is under way and closes the database.
    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// What SQLite says of a pragma on the writer's connection.
    #[cfg(test)]
    pub(crate) async fn pragma(&self, name: &str) -> String {
        let row = match name {
            "journal_mode" => sqlx::query("pragma journal_mode"),
            "synchronous" => sqlx::query("pragma synchronous"),
            _ => sqlx::query("pragma foreign_keys"),
        };
        let row = row.fetch_one(&self.writer).await.unwrap();
        use sqlx::Row as _;
        row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string())).unwrap()
    }

    /// A transaction for tests of what acts do inside theirs.
    #[cfg(test)]
    pub(crate) async fn begin(&self) -> Transaction<'static, Any> {
        self.write().await.unwrap()
    }

    async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.writer.begin_with(self.begin).await?)
    }
}

async fn sqlite_pool(url: &str, connections: u32, read_only: bool) -> anyhow::Result<AnyPool> {
    let options: AnyConnectOptions = url.parse().context("reading database_url")?;
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections.min(1))
        .acquire_timeout(Duration::from_secs(10))
        // A connection that is closed and opened again would pay for its cache anew.
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                         pragma busy_timeout = 5000; pragma trusted_schema = off;",
                    )
                    .await?;
                if read_only {
                    connection.execute("pragma query_only = on;").await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .context("opening the SQLite database")
}
