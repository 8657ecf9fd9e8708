//! Hours that are used: kept aside with the order, moved with the served person's word, returned with a cancellation.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, EntryKind, Minutes, Movement, Order, minutes_text};
use sqlx::{Any, Transaction};

use super::confirmation::POOL;
use super::doing::{Doing, NeedRefusal, note};
use super::ledger::PostRefusal;
use super::needs::Need;
use crate::store::{Store, StoreError};

fn moved(kind: EntryKind, from: AccountKind, to: Account, payer: &str, minutes: Minutes) -> Movement {
    Movement::plain(kind, Account::of(from, payer), to, minutes)
}

impl From<PostRefusal> for NeedRefusal {
    fn from(refused: PostRefusal) -> Self {
        match refused {
            PostRefusal::NotEnough => Self::NotEnough,
            PostRefusal::Frozen => Self::Frozen,
            PostRefusal::Before => Self::Gone,
            PostRefusal::Store(cause) => Self::Store(cause),
            unsound @ PostRefusal::Unsound => Self::Store(crate::store::StoreError::Other(unsound.into())),
        }
    }
}

impl Store {
    /// Orders a service with one's own hours; gives the need's id.
    ///
    /// # Errors
    /// [`NeedRefusal::NotEnough`] where there are fewer hours.
    pub(crate) async fn order_service(
        &self,
        resident: &str,
        order: &Order,
        doing: &Doing<'_>,
    ) -> Result<String, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "time_order", doing.now).await? {
            return Ok(id);
        }
        // Whoever it is for sees it too, where that telephone opens an account.
        let elder = match order.own {
            true => Some(resident.to_owned()),
            false => {
                sqlx::query_scalar("select id from residents where phone_index = $1 and closed_at is null")
                    .bind(self.phone_index(&order.need.phone))
                    .fetch_optional(&mut *tx)
                    .await?
            }
        };
        let id = self.insert_need(&mut tx, &order.need, (elder, Some(resident)), doing).await?;
        let aside = Account::of(AccountKind::Reserved, resident);
        let movement =
            moved(EntryKind::Reserved, AccountKind::Person, aside, resident, order.minutes).for_service(&id);
        self.post_time(&mut tx, app::domain::area::district(), &movement, doing.now).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Spends what was kept aside for a need, up to what was really needed, and returns the rest.
    pub(super) async fn settle_order(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        used: i64,
        now: Instant,
    ) -> Result<(), NeedRefusal> {
        let Some(payer) = &need.payer else { return Ok(()) };
        let aside = (need.ends_at.0 - need.starts_at.0) / 60_000;
        let spent = used.min(aside);
        let parts = [
            (EntryKind::Spent, Account::only(AccountKind::Spent), spent),
            (EntryKind::Released, Account::of(AccountKind::Person, payer), aside - spent),
        ];
        for (kind, payee, minutes) in parts {
            let Some(minutes) = Minutes::new(minutes) else { continue };
            let movement = moved(kind, AccountKind::Reserved, payee, payer, minutes).for_service(&need.id);
            self.post_time(tx, app::domain::area::district(), &movement, now).await?;
        }
        Ok(())
    }

    /// Returns what was kept aside for a need that came to nothing with an account that closes.
    pub(super) async fn release_order(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.settle_order(tx, need, 0, now).await.map_err(|refused| match refused {
            NeedRefusal::Store(cause) => cause,
            other => StoreError::Other(other.into()),
        })
    }

    /// Gives hours to somebody else, who is told.
    ///
    /// # Errors
    /// [`NeedRefusal::NotEnough`] where there are fewer hours, [`NeedRefusal::Frozen`] where they wait.
    pub(crate) async fn give_time(
        &self,
        resident: &str,
        person: &str,
        minutes: Minutes,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_gift", doing.now).await?.is_some() {
            return Ok(());
        }
        let to = Account::of(AccountKind::Person, person);
        let movement = moved(EntryKind::Gift, AccountKind::Person, to, resident, minutes);
        let bank = app::domain::area::district();
        let entry = self.post_time(&mut tx, bank, &movement, doing.now).await?;
        let notice = Notice::TimeReceived { minutes: minutes_text(minutes.get()) };
        self.tell(&mut tx, person, &notice, Some("/timebank"), doing.now).await?;
        note(&mut tx, AuditAct::TimeDonated, (bank, &entry), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &entry).await?;
        Ok(tx.commit().await?)
    }

    /// Gives hours to the pool, for those who can't save any.
    ///
    /// # Errors
    /// [`NeedRefusal::NotEnough`] where there are fewer hours.
    pub(crate) async fn donate_time(
        &self,
        resident: &str,
        minutes: Minutes,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_donate", doing.now).await?.is_some() {
            return Ok(());
        }
        let pool = Account::of(AccountKind::Pool, POOL);
        let movement = moved(EntryKind::Donated, AccountKind::Person, pool, resident, minutes);
        let bank = app::domain::area::district();
        let entry = self.post_time(&mut tx, bank, &movement, doing.now).await?;
        note(&mut tx, AuditAct::TimeDonated, (bank, &entry), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, &entry).await?;
        Ok(tx.commit().await?)
    }
}
