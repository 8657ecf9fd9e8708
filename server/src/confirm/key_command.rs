//! `server keys …`: the keys of confirmations at the terminal.

use std::path::Path;

use anyhow::Context as _;
use app::domain::confirm::keys::{KeyId, PublicKey};
use app::domain::time::Instant;

use super::key_ring::{KeyLine, KeyRing, create_folder, import, import_command, lines, make, retire, rotate};
use super::keys::read_public;
use super::trial;
use crate::cli::KeysCommand;

/// Does what was asked for; gives the lines for the terminal.
///
/// # Errors
/// Names what is wrong with the command or with the key folder.
pub(crate) async fn run(folder: &Path, command: &KeysCommand, now: Instant) -> anyhow::Result<Vec<String>> {
    let id = |text: &str| KeyId::parse(text).with_context(|| format!("{text:?} is no id of a key: 8 digits"));
    match command {
        KeysCommand::List => {
            let keys = lines(folder)?;
            if keys.is_empty() {
                return Ok(vec!["There is no key yet; make one with: server keys make".to_owned()]);
            }
            Ok(keys.iter().flat_map(told).collect())
        }
        KeysCommand::Make => {
            create_folder(folder)?;
            Ok(taken_in(&make(folder, now)?))
        }
        KeysCommand::Import { file } => {
            create_folder(folder)?;
            let mut told = taken_in(&import(folder, file, now)?);
            told.push(format!("  It was copied; {} is not needed any more.", file.display()));
            Ok(told)
        }
        KeysCommand::ImportCommand { public, command } => {
            create_folder(folder)?;
            let public = read_public(public)?;
            Ok(taken_in(&import_command(folder, public, command.clone(), now).await?))
        }
        KeysCommand::Rotate { to } => {
            let done = rotate(folder, to.as_deref().map(id).transpose()?, now).await?;
            let mut told = vec![format!(
                "Key {} signs from now on. Key {} retires {}; what it signed until then holds.",
                done.next,
                done.before,
                done.retires.shanghai_full()
            )];
            if done.young {
                told.push(
                    "The new key is less than a day old: a counter that had no network since says \"unknown key\"."
                        .to_owned(),
                );
            }
            Ok(told)
        }
        KeysCommand::Try { count } => trial::run(&KeyRing::load(folder, false)?, *count, now).await,
        KeysCommand::Retire { id: text, lost } => {
            retire(folder, id(text)?, *lost, now)?;
            Ok(vec![if *lost {
                format!("Key {text} is lost: nothing that it signed holds any more.")
            } else {
                format!("Key {text} is retired; what it signed before holds.")
            }])
        }
    }
}

fn taken_in((key, signs): &(PublicKey, bool)) -> Vec<String> {
    let first = if *signs {
        format!("Key {} signs from now on.", key.id)
    } else {
        format!("Key {} stands by; let it sign with: server keys rotate {0}", key.id)
    };
    vec![first, format!("  {}", key.fingerprint())]
}

fn told(line: &KeyLine) -> Vec<String> {
    let KeyLine { public: key, signs, place } = line;
    let since = key.made_at.map(Instant::shanghai_full).unwrap_or_default();
    let state = match (key.lost, key.retired_at, signs) {
        (true, ..) => "lost".to_owned(),
        (false, Some(end), _) => format!("retired {}", end.shanghai_full()),
        (false, None, true) => "signs".to_owned(),
        (false, None, false) => "stands by".to_owned(),
    };
    vec![format!("{}  {state}  since {since}  {place}", key.id), format!("  {}", key.fingerprint())]
}
