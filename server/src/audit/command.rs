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
        AuditCommand::Verify { area, heads } => {
            let (mut lines, mut code) = walk(store, area.as_deref()).await?;
            for head in heads {
                let (line, holds) = written_down(store, head).await?;
                if !holds {
                    code = ExitCode::FAILURE;
                }
                lines.push(line);
            }
            Ok((lines, code))
        }
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

/// What became of an end of a chain that somebody wrote down, `AREA:NUMBER:HASH`; whether nothing speaks against it.
async fn written_down(store: &Store, text: &str) -> anyhow::Result<(String, bool)> {
    let known = store.audited_areas().await?;
    let parsed = match text.split(':').collect::<Vec<_>>()[..] {
        [area, number, hash] => number.parse::<i64>().ok().map(|number| (area, number, hash)),
        _ => None,
    };
    let Some((area, number, hash)) = parsed.filter(|(area, ..)| known.iter().any(|known| known == area))
    else {
        bail!("{text:?} is no end of a chain of ours, such as 320214050:417:5f…");
    };
    let cut = store.last_cut(area).await?.filter(|cut| cut.end.sequence >= number);
    let (found, words) = match &cut {
        Some(cut) if cut.end.sequence == number => {
            (Some(cut.end.hash.clone()), "was the last that was cut, as it was written down")
        }
        Some(_) => {
            return Ok((
                format!("{area}  number {number} lies before the cut; nothing speaks against it"),
                true,
            ));
        }
        None => {
            let seal = store.seals_after(area, number - 1, 1).await?.into_iter().next();
            let seal = seal.filter(|seal| seal.sequence == number);
            (seal.map(|seal| seal.hash), "is there as it was written down")
        }
    };
    Ok(match found {
        Some(found) if found == hash => (format!("{area}  number {number} {words}"), true),
        Some(_) => {
            (format!("{area}  BROKEN: number {number} is another than the one that was written down"), false)
        }
        None => (format!("{area}  BROKEN: number {number} is gone; the end was cut off"), false),
    })
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
