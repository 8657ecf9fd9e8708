//! `server backup FILE` and `server restore FILE`: a copy of the whole database, taken while the server runs.
//!
//! A copy holds what the database holds: personal values sealed under keys that lie in the key folder and never in the
//! copy. Whoever finds one without the key folder reads nothing; whoever loses the key folder can use none of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use app::domain::time::Instant;
use form_urlencoded::parse;
use reqwest::Url;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::process::Command;

use crate::papers::PaperStore;
use crate::seal::Sealer;
use crate::settings::Engine;
use crate::store::Store;

/// Copies the database at `url` into `file`, which must not exist. Gives what to tell the person at the terminal.
///
/// The copy shows one moment, whatever is written meanwhile, and is complete or not there at all: it is written beside
/// its place and then moved; SQLite's is read once from end to end in between.
///
/// # Errors
/// The file exists, the folder can't be written, the database can't be read, or `pg_dump` is missing or failed.
pub(crate) async fn backup(url: &str, engine: Engine, file: &Path) -> anyhow::Result<String> {
    ensure!(!file.exists(), "{} exists; name a new file", file.display());
    let part = beside(file);
    private_file(&part)?;
    let done = match engine {
        Engine::Sqlite => copy_sqlite(url, &part).await,
        Engine::Postgres => dump_postgres(url, &part).await,
    };
    if let Err(cause) = done.and_then(|()| put_in_place(&part, file)) {
        // What is half there must not be taken for a copy; when even that fails, its name says what it is.
        let _ = std::fs::remove_file(&part);
        return Err(cause);
    }
    let size = std::fs::metadata(file).with_context(|| format!("reading {}", file.display()))?.len();
    Ok(format!(
        "{} holds the database ({} KiB). The keys are not in it: keep a copy of the key folder apart from it.",
        file.display(),
        size.div_ceil(1024)
    ))
}

/// Where the photos of a copy lie: a folder beside its file.
fn beside_photos(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".papers");
    name.into()
}

/// Copies the photos of papers beside the copy of the database, after it: each that it names is there. Gives how many files.
///
/// # Errors
/// The folder exists, or something can't be read or written.
pub(crate) async fn backup_papers(papers: &PaperStore, file: &Path) -> anyhow::Result<u64> {
    let to = beside_photos(file);
    ensure!(!to.exists(), "{} exists; name a new file", to.display());
    if papers.is_empty().await? { Ok(0) } else { papers.copy_to(&to).await }
}

/// Puts the photos that lie beside a copy where the settings say. Gives how many files.
///
/// # Errors
/// There are photos already, or something can't be read or written.
pub(crate) async fn restore_papers(file: &Path, papers: &PaperStore) -> anyhow::Result<u64> {
    let from = beside_photos(file);
    if !from.is_dir() {
        return Ok(0);
    }
    ensure!(
        papers.is_empty().await?,
        "there are photos already where papers_dir or papers_bucket says; move them away first"
    );
    papers.copy_from(&from).await
}

/// Puts the copy in `file` where the settings say that the database is; there must be none yet.
///
/// It is brought to this program's version and opened with the keys. Everybody is signed out in it, and codes and visits that
/// were open when it was made are void. SQLite's file is read whole, and takes its place only after all this; what goes wrong
/// on PostgreSQL after `pg_restore` leaves tables there, and the database must be emptied before the next try.
///
/// # Errors
/// There is a database already, the file is damaged, newer than this program or not one of ours, the keys are others, or
/// `pg_restore` is missing or failed.
pub(crate) async fn restore(
    url: &str,
    engine: Engine,
    file: &Path,
    sealer: Arc<Sealer>,
    now: Instant,
) -> anyhow::Result<String> {
    ensure!(file.is_file(), "{} is not a file", file.display());
    let people = match engine {
        Engine::Sqlite => restore_sqlite(url, file, sealer, now).await?,
        Engine::Postgres => restore_postgres(url, file, sealer, now).await?,
    };
    Ok(format!(
        "The database is back, with {people} accounts of residents. Everybody has to sign in again. Who deleted an \
         account after the copy was made is in it again, and confirmations that were cancelled, replaced or used since hold \
         again: /staff/confirmations ends them."
    ))
}

/// Where a file is written before it takes its place.
fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".part");
    name.into()
}

/// An empty file that its owner alone can read.
fn private_file(file: &Path) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file).with_context(|| format!("creating {}", file.display()))?;
    Ok(())
}

/// Moves a finished file to its place, on the disk before it has the name.
fn put_in_place(part: &Path, file: &Path) -> anyhow::Result<()> {
    let moved = || {
        std::fs::File::open(part)?.sync_all()?;
        // A link and not a renaming: it fails where somebody made the file meanwhile.
        std::fs::hard_link(part, file)?;
        std::fs::remove_file(part)?;
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        std::fs::File::open(folder)?.sync_all()
    };
    moved().with_context(|| format!("writing {}", file.display()))
}

/// The file of an address such as `sqlite://data/xinwu.db`.
fn sqlite_file(url: &str) -> anyhow::Result<PathBuf> {
    let options: SqliteConnectOptions = url.parse().context("reading database_url")?;
    Ok(options.get_filename().to_owned())
}

async fn copy_sqlite(url: &str, part: &Path) -> anyhow::Result<()> {
    let source = sqlite_file(url)?;
    ensure!(source.is_file(), "there is no database at {}", source.display());
    let options =
        SqliteConnectOptions::new().filename(&source).busy_timeout(std::time::Duration::from_secs(30));
    let pool = sqlx::SqlitePool::connect_with(options).await.context("opening the database")?;
    let target = part.to_str().context("the file's name is not UTF-8")?;
    let copied = sqlx::query("vacuum into $1").bind(target).execute(&pool).await;
    pool.close().await;
    copied.context("copying the database")?;
    check_sqlite(part).await
}

/// Reads every page of a database file.
async fn check_sqlite(file: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.context("opening the copy")?;
    let found: Result<String, _> = sqlx::query_scalar("pragma integrity_check").fetch_one(&pool).await;
    pool.close().await;
    match found.with_context(|| format!("{} is not a database", file.display()))?.as_str() {
        "ok" => Ok(()),
        _ => bail!("{} is damaged", file.display()),
    }
}

async fn restore_sqlite(url: &str, file: &Path, sealer: Arc<Sealer>, now: Instant) -> anyhow::Result<u64> {
    let target = sqlite_file(url)?;
    for taken in ["", "-wal", "-shm"] {
        let mut name = OsString::from(&target);
        name.push(taken);
        let taken = PathBuf::from(name);
        ensure!(!taken.exists(), "{} exists; move it away first", taken.display());
    }
    check_sqlite(file).await?;
    let part = beside(&target);
    private_file(&part)?;
    let put_back = async {
        std::fs::copy(file, &part).with_context(|| format!("copying to {}", part.display()))?;
        ours_sqlite(&part).await?;
        let people = settle(&format!("sqlite://{}", part.display()), Engine::Sqlite, sealer, now).await?;
        put_in_place(&part, &target)?;
        anyhow::Ok(people)
    };
    let result = put_back.await;
    if result.is_err() {
        for rest in ["", "-wal", "-shm"] {
            let mut name = OsString::from(&part);
            name.push(rest);
            // What was not there needs no removing.
            let _ = std::fs::remove_file(PathBuf::from(name));
        }
    }
    result
}

/// Refuses a database of another program, before tables of ours are made in it.
async fn ours_sqlite(file: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.context("opening the copy")?;
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from sqlite_master where type = 'table' and name in ('_sqlx_migrations', 'person_keys')",
    )
    .fetch_one(&pool)
    .await?;
    pool.close().await;
    ensure!(tables == 2, "the file holds another program's database");
    Ok(())
}

/// Brings the copy to this version, opens it with the keys and signs everybody out. Gives the number of accounts.
async fn settle(url: &str, engine: Engine, sealer: Arc<Sealer>, now: Instant) -> anyhow::Result<u64> {
    let store = Store::open(url, engine, sealer).await?;
    let settled = store.settle_after_restore(now).await;
    store.close().await;
    settled.context("opening the copy with the keys of the key folder (setting key_dir)")
}

/// An address of PostgreSQL for the command line, and the password for the environment, where `ps` doesn't show it.
fn split_password(url: &str) -> anyhow::Result<(String, Option<String>)> {
    let mut parsed = Url::parse(url).context("reading database_url")?;
    let mut password = parsed.password().map(|typed| {
        // The one key of a form body that is nothing but this value: percent-decoding, with + left as it is.
        let body = format!("password={}", typed.replace('+', "%2B"));
        parse(body.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    });
    let kept: Vec<(String, String)> = parsed
        .query_pairs()
        .filter_map(|(key, value)| {
            if key == "password" {
                password = Some(value.into_owned());
                return None;
            }
            Some((key.into_owned(), value.into_owned()))
        })
        .collect();
    // An address of PostgreSQL has a host, so that this can't fail; were it otherwise, the password must not go on.
    if parsed.set_password(None).is_err() {
        bail!("reading database_url: it names no host");
    }
    parsed.set_query(None);
    if !kept.is_empty() {
        parsed.query_pairs_mut().extend_pairs(&kept);
    }
    Ok((parsed.into(), password))
}

/// Runs one of PostgreSQL's own programs against the database.
async fn run(program: &str, url: &str, arguments: &[&str], file: &Path) -> anyhow::Result<()> {
    let (address, password) = split_password(url)?;
    let mut command = Command::new(program);
    command.args(arguments).arg("--dbname").arg(address).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    match program {
        "pg_dump" => command.arg("--file").arg(file),
        _ => command.arg(file),
    };
    let ended = command.output().await.with_context(|| {
        format!("running {program}; install PostgreSQL's client programs (Debian: apt-get install postgresql-client)")
    })?;
    ensure!(ended.status.success(), "{program}: {}", String::from_utf8_lossy(&ended.stderr).trim());
    Ok(())
}

async fn dump_postgres(url: &str, part: &Path) -> anyhow::Result<()> {
    run("pg_dump", url, &["--format=custom", "--no-owner", "--no-privileges"], part).await
}

async fn restore_postgres(url: &str, file: &Path, sealer: Arc<Sealer>, now: Instant) -> anyhow::Result<u64> {
    let pool = sqlx::PgPool::connect(url).await.context("connecting to PostgreSQL")?;
    let tables: i64 = sqlx::query_scalar(
        "select count(*) from information_schema.tables where table_schema = current_schema()",
    )
    .fetch_one(&pool)
    .await?;
    pool.close().await;
    ensure!(tables == 0, "the database has tables already; name an empty one in database_url");
    let all_or_nothing = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"];
    run("pg_restore", url, &all_or_nothing, file).await?;
    settle(url, Engine::Postgres, sealer, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::Part;

    #[tokio::test]
    async fn photos_are_copied_with_the_database_and_come_back_into_an_empty_place_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let (place, file) = (folder.path().join("papers"), folder.path().join("copy.db"));
        let papers = PaperStore::open_folder(&place).expect("opened");
        assert_eq!(backup_papers(&papers, &file).await.expect("none there"), 0);
        papers.put("abc", Part::Whole, b"sealed".to_vec()).await.expect("written");
        assert_eq!(backup_papers(&papers, &file).await.expect("copied"), 1);
        assert!(backup_papers(&papers, &file).await.is_err(), "a copy is never overwritten");
        assert!(restore_papers(&file, &papers).await.is_err(), "there are photos already");
        std::fs::remove_dir_all(&place).expect("removed");
        let papers = PaperStore::open_folder(&place).expect("opened");
        assert_eq!(restore_papers(&file, &papers).await.expect("back"), 1);
        assert_eq!(papers.get("abc", Part::Whole).await.expect("there"), b"sealed");
    }

    #[test]
    fn the_password_goes_another_way_than_the_address() {
        let split = |url| split_password(url).expect("an address");
        assert_eq!(
            split("postgres://u:a%2Fb%40+c@h:5433/d?sslmode=require"),
            ("postgres://u@h:5433/d?sslmode=require".to_owned(), Some("a/b@+c".to_owned()))
        );
        assert_eq!(
            split("postgres://u@h/d?password=geheim"),
            ("postgres://u@h/d".to_owned(), Some("geheim".to_owned()))
        );
        assert_eq!(split("postgres://h/d"), ("postgres://h/d".to_owned(), None));
        assert!(split_password("postgres://").is_err());
    }
}
