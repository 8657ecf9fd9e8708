//! `server staff …`: accounts from the command line, for the first administrator and for emergencies.

use anyhow::{Context as _, bail};
use app::domain::name::PersonName;
use app::domain::staff::{Login, Post};
use app::domain::time::Instant;
use app::text::errors::sentence;
use app::text::staff::post_name;

use super::password;
use crate::cli::StaffCommand;
use crate::settings::Settings;
use crate::store::audit::Actor;
use crate::store::staff::NewStaffAccount;
use crate::store::{Store, StoreError};

/// Does what was asked for; gives what to tell the person at the terminal.
///
/// # Errors
/// Names what is wrong with the command, or the database failed.
pub(crate) async fn run(
    settings: &Settings,
    store: &Store,
    command: &StaffCommand,
    now: Instant,
) -> anyhow::Result<String> {
    match command {
        StaffCommand::Add { login, name, posts } => add(settings, store, (login, name, posts), now).await,
        StaffCommand::List => list(store).await,
        StaffCommand::Disable { login } => {
            let id = id_of(store, login).await?;
            match store.disable_staff(&id, &Actor::System, now).await {
                Ok(()) => Ok(format!("{login} is disabled and signed out everywhere.")),
                Err(StoreError::NotFound) => Ok(format!("{login} was disabled before.")),
                Err(other) => Err(other.into()),
            }
        }
        StaffCommand::Reset { login } => {
            let id = id_of(store, login).await?;
            let first = password::first_password()?;
            let hash = password::hash(&first).await?;
            store.reset_staff(&id, &hash, &Actor::System, now).await?;
            Ok(told(settings, login, &first))
        }
    }
}

async fn add(
    settings: &Settings,
    store: &Store,
    (login, name, posts): (&str, &str, &[String]),
    now: Instant,
) -> anyhow::Result<String> {
    let login = Login::parse(login).map_err(|error| anyhow::anyhow!("LOGIN: {}", sentence(&error)))?;
    let name =
        PersonName::parse(name).map_err(|error| anyhow::anyhow!("--name: {}", sentence(&error.into())))?;
    let posts = posts
        .iter()
        .map(|post| Post::parse(post).with_context(|| format!("--post {post}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let first = password::first_password()?;
    let hash = password::hash(&first).await?;
    let new = NewStaffAccount {
        login: login.as_str(),
        name: name.as_str(),
        password_hash: &hash,
        password_once: true,
        totp_secret: None,
        posts: &posts,
    };
    match store.add_staff(&new, &Actor::System, now).await {
        Ok(_) => Ok(told(settings, login.as_str(), &first)),
        Err(StoreError::Conflict) => bail!("the login {} is taken", login.as_str()),
        Err(other) => Err(other.into()),
    }
}

async fn list(store: &Store) -> anyhow::Result<String> {
    let lines: Vec<String> = store
        .staff_accounts()
        .await?
        .iter()
        .map(|account| {
            let posts: Vec<String> =
                account.posts.iter().map(|post| format!("{} {}", post.text(), post_name(post))).collect();
            let state = match (account.disabled_at, account.enrolled) {
                (Some(_), _) => "disabled",
                (None, true) => "enrolled",
                (None, false) => "not signed in yet",
            };
            format!("{}  {}  {state}  {}", account.login, account.name, posts.join(", "))
        })
        .collect();
    Ok(if lines.is_empty() { "There are no accounts.".to_owned() } else { lines.join("\n") })
}

async fn id_of(store: &Store, login: &str) -> anyhow::Result<String> {
    let account = store.credentials(login).await?;
    account.map(|account| account.id).with_context(|| format!("there is no account {login}"))
}

fn told(settings: &Settings, login: &str, first: &str) -> String {
    format!(
        "Login          {login}\n\
         First password {first}\n\
         Hand both over in person. The password is shown this once, holds for 7 days and is changed at the first \
         sign-in.\n\
         To sign in, open {}/staff/sign-in; the next page shows a QR code to scan with an app for codes (TOTP).",
        settings.base_url
    )
}
