//! The world around the app: HTTP, database, keys, clock, files.

mod audit;
mod backup;
mod calendar_file;
mod catalogue;
mod cli;
mod client_address;
mod clock;
mod confirm;
mod demo;
mod demo_draws;
mod demo_marriage;
mod demo_meals;
mod demo_notices;
mod demo_timebank;
mod divisions;
mod domain_check;
mod draw_command;
mod error;
mod forms;
mod health;
mod helping;
mod jobs;
mod keys;
mod meal_waiting;
mod messages;
mod middleware;
mod oidc;
mod papers;
mod router;
mod seal;
mod session;
mod settings;
mod site;
mod staff;
mod standing_orders;
mod startup;
mod store;
mod telemetry;
mod timebank;
mod usual_times;

#[cfg(test)]
#[path = "../tests/api/mod.rs"]
mod api_tests;
#[cfg(test)]
#[path = "../tests/store/mod.rs"]
mod store_tests;
mod waiting_list;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use app::domain::confirm::check::CheckState;
use app::ports::Clock as _;
use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::clock::SystemClock;
use crate::papers::PaperStore;
use crate::settings::Settings;
use crate::site::Site;
use crate::store::Store;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return fail(&cause.into()),
    };
    match runtime.block_on(run(&cli)) {
        Ok(code) => code,
        Err(cause) => fail(&cause),
    }
}

fn fail(cause: &anyhow::Error) -> ExitCode {
    say_error(&format!("server: {cause:#}"));
    ExitCode::FAILURE
}

/// Writes a line for the person at the terminal; a closed one is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

async fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    if cli.command == Command::DefaultConfig {
        say(settings::default_config().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::load(&cli.overrides)?;
    divisions::load(&settings)?;
    match &cli.command {
        Command::DefaultConfig => {}
        Command::Verify { text } => return verify(&settings, text),
        Command::Migrate => {
            let keys = keys::load_or_create(&settings)?;
            Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer))
                .await?
                .close()
                .await;
            say("The database is up to date.");
        }
        Command::Demo => {
            let keys = keys::load_or_create(&settings)?;
            let store =
                Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
            say(&demo::load(&settings, &store, keys.ring.signing(), SystemClock.now()).await?);
            store.close().await;
        }
        Command::Complaints => {
            let keys = keys::load_or_create(&settings)?;
            let store =
                Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
            for (number, kind, at, text, contact) in store.complaints().await? {
                say(&format!(
                    "{number}  {kind}  {}  {}\n{text}\n",
                    at.shanghai_full(),
                    contact.unwrap_or_default()
                ));
            }
            store.close().await;
        }
        Command::Audit(command) => {
            let keys = keys::load_or_create(&settings)?;
            let store =
                Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
            let (lines, code) = audit::command::run(command, &settings, &store, SystemClock.now()).await?;
            lines.iter().for_each(|line| say(line));
            store.close().await;
            return Ok(code);
        }
        Command::Draw(command) => {
            let (line, code) = draw_command::run(command)?;
            say(&line);
            return Ok(code);
        }
        Command::Ledger(command) => {
            let keys = keys::load_or_create(&settings)?;
            let store =
                Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
            let (lines, code) = timebank::command::run(command, &store).await?;
            lines.iter().for_each(|line| say(line));
            store.close().await;
            return Ok(code);
        }
        Command::Staff { command } => {
            let keys = keys::load_or_create(&settings)?;
            let store =
                Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
            let told = staff::command::run(&settings, &store, command, SystemClock.now()).await;
            store.close().await;
            say(&told?);
        }
        Command::Backup { file } => {
            say(&backup::backup(settings.database_url.as_str(), settings.engine(), file).await?);
            let photos = backup::backup_papers(&PaperStore::open(&settings)?, file).await?;
            say(&format!(
                "{}.papers holds the photos of papers ({photos} files); it belongs to the copy.",
                file.display()
            ));
        }
        Command::Restore { file } => {
            let sealer = Arc::new(keys::load_or_create(&settings)?.sealer);
            let (url, engine) = (settings.database_url.as_str(), settings.engine());
            // Before the database, so that nobody is let in while photos are missing.
            let photos = backup::restore_papers(file, &PaperStore::open(&settings)?).await?;
            say(&backup::restore(url, engine, file, sealer, SystemClock.now()).await?);
            say(&format!("{photos} files with photos of papers are back."));
        }
        Command::Keys { command } => {
            let told = confirm::key_command::run(&settings.key_dir, command, SystemClock.now()).await?;
            told.iter().for_each(|line| say(line));
        }
        Command::Serve => serve(settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    telemetry::init(&settings)?;
    let figures = telemetry::install_metrics()?;
    telemetry::keep_metrics_tidy(figures.clone());
    let keys = keys::load_or_create(&settings)?;
    let store = Store::open(settings.database_url.as_str(), settings.engine(), Arc::new(keys.sealer)).await?;
    let hash_file = std::env::current_exe()?.with_file_name("hash.txt");
    let assets = site::read_assets(&hash_file, &settings.site_root)?;
    let site = Site::new(settings.clone(), store.clone(), Arc::new(SystemClock), keys.ring, assets)?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let sending = tokio::spawn(messages::run(site.clone(), messages::sender(&settings)?, stopped.clone()));
    let sealing = tokio::spawn(audit::sealer::run(site.clone(), stopped));
    let key_watch = tokio::spawn(confirm::key_ring::follow(site.clone()));
    let housekeeping = tokio::spawn(jobs::keep_house(site.clone()));
    let router = middleware::around(router::router(&site, figures), &settings, router::renderer(&site))?;
    startup::serve(router, &settings, startup::shutdown_signal()).await?;
    housekeeping.abort();
    key_watch.abort();
    startup::finish(&stop, [sending, sealing]).await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn verify(settings: &Settings, text: &str) -> anyhow::Result<ExitCode> {
    let keys = keys::public(settings)?;
    let answer = confirm::verify(text, &keys, &settings.issuer, SystemClock.now());
    let reason = match answer.state {
        CheckState::Valid => "valid",
        CheckState::Expired => "expired",
        CheckState::NotYet => "not yet valid",
        CheckState::Altered => "altered: the signature does not fit the content",
        CheckState::UnknownKey => "unknown key",
        // Said of what the records know; no record is asked here.
        CheckState::Used | CheckState::Cancelled | CheckState::Replaced | CheckState::NoRecord => "not valid",
        CheckState::NotOurs => "not a confirmation of this service",
    };
    say(reason);
    if let Some(claims) = &answer.claims {
        say(&format!("kind    {}", claims.kind.as_str()));
        say(&format!("number  {}", claims.number));
        say(&format!("office  {}", claims.office));
        say(&format!("start   {}", app::domain::time::Instant::from_seconds(claims.start).shanghai_full()));
        say(&format!(
            "expires {}",
            app::domain::time::Instant::from_seconds(claims.expires_at).shanghai_full()
        ));
    }
    Ok(if answer.state == CheckState::Valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
