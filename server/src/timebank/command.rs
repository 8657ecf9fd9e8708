//! `server ledger …`: for auditors and operators at the terminal.

use std::process::ExitCode;

use anyhow::bail;

use super::verify::verify;
use crate::cli::LedgerCommand;
use crate::store::Store;

/// Does what was asked for; gives the lines for the terminal and how the program ends.
///
/// # Errors
/// The database failed, or an end of a ledger that was handed in is none.
pub(crate) async fn run(command: &LedgerCommand, store: &Store) -> anyhow::Result<(Vec<String>, ExitCode)> {
    let LedgerCommand::Verify { area, heads } = command;
    let areas = match area {
        Some(area) => vec![area.clone()],
        None => store.time_ledger_areas().await?,
    };
    let (mut lines, mut code) = (Vec::new(), ExitCode::SUCCESS);
    for area in &areas {
        let report = verify(store, area).await?;
        if report.fault.is_some() {
            code = ExitCode::FAILURE;
        }
        lines.extend(report.lines());
    }
    for text in heads {
        let parsed = match text.split(':').collect::<Vec<_>>()[..] {
            [area, number, hash] => number.parse::<i64>().ok().map(|number| (area, number, hash)),
            _ => None,
        };
        let Some((area, number, hash)) = parsed else {
            bail!("{text:?} is no end of a ledger, such as 320214:417:5f…");
        };
        let link = store.time_links_after(area, number - 1, number, 1).await?.into_iter().next();
        if link.is_some_and(|link| link.hash == hash) {
            lines.push(format!("{area}  number {number} is there as it was written down"));
        } else {
            lines.push(format!("{area}  BROKEN: number {number} is not there as it was written down"));
            code = ExitCode::FAILURE;
        }
    }
    if lines.is_empty() {
        lines.push("There is no ledger entry yet.".to_owned());
    }
    Ok((lines, code))
}
