//! The signed lists that counters keep: what has ended or was used, and the short codes of a day.

use std::sync::Arc;

use app::domain::confirm::ShortCode;
use app::domain::confirm::keys::KeyId;
use app::domain::confirm::list::{DayEntry, DayList, ListEntry, StateList, code_hash};
use app::domain::confirm::token::Unsigned;
use app::domain::time::Instant;

use super::ConfirmationKey;
use crate::error::AppError;
use crate::seal::sha256;
use crate::site::Site;
use crate::store::confirmations::KeptConfirmation;

/// A list is given out for as long, unless this program ends or uses something meanwhile.
const KEPT_MS: i64 = 30_000;

/// A list of states with its signature.
#[derive(Debug)]
pub(crate) struct SignedStates {
    /// COSE_Sign1.
    pub(crate) bytes: Vec<u8>,
    /// What its content is known by, with the quotes of an entity tag.
    pub(crate) tag: String,
    made_at: Instant,
    changes: u64,
    key: KeyId,
}

/// The last list of states that was signed.
#[derive(Debug, Default)]
pub(crate) struct StateLists(tokio::sync::Mutex<Option<Arc<SignedStates>>>);

async fn signed(key: &ConfirmationKey, unsigned: Unsigned) -> anyhow::Result<Vec<u8>> {
    let signature = key.sign(&unsigned.message()).await?;
    Ok(unsigned.signed(signature)?)
}

impl StateLists {
    /// The list as of now, at most half a minute old. Who asks while one is made waits for it.
    ///
    /// # Errors
    /// The database failed, or the key does not sign.
    pub(crate) async fn current(&self, site: &Site) -> Result<Arc<SignedStates>, AppError> {
        let mut last = self.0.lock().await;
        let (now, ring) = (site.clock().now(), site.keys());
        // Read before the rows: what changes while they are read makes the next list.
        let changes = site.store().state_changes();
        let key = ring.signing();
        if let Some(list) = last.as_ref()
            && (0..KEPT_MS).contains(&(now.0 - list.made_at.0))
            && list.changes == changes
            && list.key == key.public().id
        {
            return Ok(list.clone());
        }
        let ended = site.store().ended_confirmations(now).await?;
        let entries = ended.into_iter().map(|(id, standing)| ListEntry { id, standing }).collect();
        let list = StateList::new(site.settings().issuer.clone(), now, entries);
        let unsigned = list.prepare(key.public().id, key.public().algorithm).map_err(anyhow::Error::from)?;
        let bytes = signed(key, unsigned).await?;
        let hash = sha256(&data_encoding::HEXLOWER.encode(&bytes));
        let tag = format!("\"{}\"", hash.get(..20).unwrap_or_default());
        let made = Arc::new(SignedStates { bytes, tag, made_at: now, changes, key: key.public().id });
        *last = Some(made.clone());
        Ok(made)
    }
}

/// The short codes of a day, signed. `office` is the number of the place whose counter keeps it.
///
/// # Errors
/// The key does not sign.
pub(crate) async fn day_list(
    site: &Site,
    office: u64,
    confirmations: &[KeptConfirmation],
) -> anyhow::Result<Vec<u8>> {
    let now = site.clock().now();
    let entries = confirmations.iter().filter_map(|kept| {
        let claims = kept.claims()?;
        let code = ShortCode::parse(&kept.short_code).ok()?;
        Some(DayEntry {
            code_hash: code_hash(now, &code),
            id: claims.id,
            kind: claims.kind,
            start: claims.start,
            minutes: u32::try_from(claims.minutes).ok()?,
            not_before: claims.not_before.unwrap_or(claims.issued_at),
            expires_at: claims.expires_at,
        })
    });
    let issuer = site.settings().issuer.clone();
    let list = DayList::new(issuer, now, office, now.shanghai_date(), entries.collect());
    let ring = site.keys();
    let key = ring.signing();
    signed(key, list.prepare(key.public().id, key.public().algorithm)?).await
}
