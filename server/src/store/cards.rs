//! Cards on paper: issued, replaced, lost. They are confirmations of the kind `card`.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::cancellation::CancelReason;
use app::domain::confirm::{CardState, ConfirmationKind};
use app::domain::time::Instant;
use app::visit::Owner;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::cases::unknown;
use super::confirmations::{Belongs, OBJECT, RowState, insert_confirmation};
use super::visits::AtCounter;
use super::{IdempotencyKey, NewConfirmation, Store, StoreError};
use crate::staff::session::chain;

/// A card as its row has it.
#[derive(Clone)]
pub(crate) struct KeptCard {
    /// The identity in its token, in hexadecimal.
    pub(crate) id: String,
    /// Who issued it.
    pub(crate) area: String,
    /// How it stands.
    pub(crate) state: CardState,
    /// The short code below the QR code.
    pub(crate) short_code: String,
    /// The signed token.
    pub(crate) token: String,
    /// Since when.
    pub(crate) issued_at: Instant,
    /// Until when the token holds.
    pub(crate) expires_at: Instant,
}

app::masked_debug!(KeptCard);

/// Ends what holds of a resident's cards, all or one; notes each. `by` is the card that takes their place.
async fn end_cards(
    tx: &mut Transaction<'static, Any>,
    at: &AtCounter<'_>,
    one: &str,
    by: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    let state = if by.is_some() { RowState::Replaced } else { RowState::Lost };
    let ended = sqlx::query(
        "update confirmations set state = $1, ended_at = $2, replaced_by = $5 \
         where resident = $3 and kind = 'card' and state = 'active' and ($4 = '' or id = $4) returning id",
    )
    .bind(state.as_str())
    .bind(now.0)
    .bind(at.resident)
    .bind(one)
    .bind(by)
    .fetch_all(&mut **tx)
    .await?;
    for row in &ended {
        at.note(tx, AuditAct::CardEnded, OBJECT, row.try_get("id")?, now).await?;
    }
    Ok(())
}

/// Ends a resident's cards and other confirmations because the account goes, each noted, and empties what they say of the
/// person. The rows stay until their last day: they are why the paper holds no longer.
///
/// # Errors
/// The database failed.
pub(super) async fn forget_confirmations(
    tx: &mut Transaction<'static, Any>,
    resident: &str,
    actor: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    let ended = sqlx::query(
        "update confirmations set state = case when kind = 'card' then 'lost' else 'cancelled' end, ended_at = $1, \
         ended_for = $3 where resident = $2 and state = 'active' returning id, area, kind",
    )
    .bind(now.0)
    .bind(resident)
    .bind(CancelReason::AccountClosed.as_str())
    .fetch_all(&mut **tx)
    .await?;
    for row in &ended {
        let (id, area): (String, String) = (row.try_get("id")?, row.try_get("area")?);
        let card = row.try_get::<String, _>("kind")? == ConfirmationKind::Card.as_str();
        let entry = AuditEntry {
            area: chain(&area),
            actor,
            on_behalf_of: None,
            act: if card { AuditAct::CardEnded } else { AuditAct::ConfirmationCancelled },
            object_kind: OBJECT,
            object: &id,
            subject: Some(resident),
            purpose: Purpose::Own,
        };
        Store::note(tx, &entry, now).await?;
    }
    sqlx::query("update confirmations set token = '' where resident = $1 and token <> ''")
        .bind(resident)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl Store {
    /// Issues a card; an older one that holds is replaced by it. The same key issues once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where nobody has seen the resident's document, for the same key with another body, and
    /// where the short code is taken: the same press once more draws another.
    pub(crate) async fn issue_card(
        &self,
        at: &AtCounter<'_>,
        card: &NewConfirmation,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(format!("staff:{}", at.staff));
        if Self::take_key(&mut tx, key, &owner, "issue_card", now).await?.is_some() {
            return Ok(());
        }
        if !Self::is_verified(&mut tx, at.resident).await? {
            return Err(StoreError::Conflict);
        }
        end_cards(&mut tx, at, "", Some(&card.id), now).await?;
        let belongs = Belongs { resident: Some(at.resident), issued_by: at.staff, ..Belongs::default() };
        insert_confirmation(&mut tx, card, &belongs).await?;
        at.note(&mut tx, AuditAct::CardIssued, OBJECT, &card.id, now).await?;
        Self::answer_key(&mut tx, key, &card.id).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// Notes that a resident's card is lost. One that doesn't hold any more stays as it is.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn lose_card(
        &self,
        at: &AtCounter<'_>,
        card: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        if card.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        end_cards(&mut tx, at, card, None, now).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// A resident's cards, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn cards_of(&self, resident: &str) -> Result<Vec<KeptCard>, StoreError> {
        let rows = sqlx::query(
            "select id, area, state, short_code, token, issued_at, expires_at from confirmations \
             where resident = $1 and kind = 'card' order by case when state = 'active' then 0 else 1 end, issued_at desc, id limit 20",
        )
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(KeptCard {
                    id: row.try_get("id")?,
                    area: row.try_get("area")?,
                    state: card_state(row.try_get("state")?).ok_or(unknown("confirmations.state"))?,
                    short_code: row.try_get("short_code")?,
                    token: row.try_get("token")?,
                    issued_at: Instant(row.try_get("issued_at")?),
                    expires_at: Instant(row.try_get("expires_at")?),
                })
            })
            .collect()
    }

    /// How the card of that identity stands, for tests.
    #[cfg(test)]
    pub(crate) async fn card_state(&self, id: &str) -> Result<Option<CardState>, StoreError> {
        let state: Option<String> = sqlx::query_scalar("select state from confirmations where id = $1")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        Ok(state.as_deref().and_then(card_state))
    }
}

/// A card's state. One that staff cancelled is told apart from a lost one nowhere: both must not be used.
fn card_state(state: &str) -> Option<CardState> {
    Some(match RowState::parse(state)? {
        RowState::Active => CardState::Active,
        RowState::Replaced => CardState::Replaced,
        RowState::Lost | RowState::Cancelled => CardState::Lost,
    })
}
