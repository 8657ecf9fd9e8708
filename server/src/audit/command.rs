//! `server audit …`: for auditors and operators at the terminal.

use std::process::ExitCode;

use anyhow::bail;
use app::domain::time::Instant;

use super::verify::verify;
use crate::cli::AuditCommand;
use crate::settings::Settings;
use crate::store::Store;

/// The least that production keeps, in days: 网络安全法 23 asks for network logs of six months.
pub(crate) const LEAST_DAYS: u32 = 183;

/// Does what was asked for; gives the lines for the terminal and how the program ends.
///
/// # Errors
/// The database failed, or the day is too late.
pub(crate) async fn run(
    command: &AuditCommand,
    settings: &Settings,
    store: &Store,
    now: Instant,
) -> anyhow::Result<(Vec<String>, ExitCode)> {
    match command {
        AuditCommand::Verify { area } => walk(store, area.as_deref()).await,
        AuditCommand::Cut { before } => {
            let before = Instant::shanghai_midnight(*before);
            let latest = Instant(now.0 - i64::from(LEAST_DAYS) * 24 * 3_600_000);
            if !settings.is_demo() && before > latest {
                bail!("production keeps the audit trail for at least {LEAST_DAYS} days (网络安全法 23)");
            }
            let mut lines = Vec::new();
            for area in store.audited_areas().await? {
                let gone = cut_all(store, &area, before, now).await?;
                lines.push(format!("{area}  {gone} entries cut"));
            }
            Ok((lines, ExitCode::SUCCESS))
        }
    }
}

async fn walk(store: &Store, area: Option<&str>) -> anyhow::Result<(Vec<String>, ExitCode)> {
    let areas = match area {
        Some(area) => vec![area.to_owned()],
        None => store.audited_areas().await?,
    };
    let mut lines = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for area in &areas {
        let report = verify(store, area).await?;
        if report.broken.is_some() {
            code = ExitCode::FAILURE;
        }
        lines.extend(report.lines());
    }
    if lines.is_empty() {
        lines.push("There is no audit entry yet.".to_owned());
    }
    Ok((lines, code))
}

/// Cuts everything older than `before` from one area's chain, segment by segment; gives how many entries went.
///
/// # Errors
/// The database failed, another server cuts too, or the chain is broken.
pub(crate) async fn cut_all(
    store: &Store,
    area: &str,
    before: Instant,
    now: Instant,
) -> Result<u64, crate::store::StoreError> {
    let mut gone = 0;
    loop {
        match store.cut_audit(area, before, now).await? {
            0 => return Ok(gone),
            count => gone += count,
        }
    }
}
