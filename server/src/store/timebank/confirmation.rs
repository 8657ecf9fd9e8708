//! The served person's word: with it a record counts and the minutes move, against it a coordinator hears both.

use app::domain::audit::AuditAct;
use app::domain::calendar::Calendar;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, BankRules, EntryKind, Minutes, Movement, entered_late};
use sqlx::{Any, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use super::surplus::offer_surplus;
use crate::store::Store;

/// The pool for those who can't save.
pub(crate) const POOL: &str = "district";

impl Store {
    /// The served person says that it was so: the record counts and the minutes move, in one transaction.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn confirm_service(
        &self,
        id: &str,
        rules: &BankRules,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_confirm", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let (Some(helper), Some(true_minutes), Some(over)) =
            (need.helper.clone(), need.true_minutes().and_then(Minutes::new), need.over_at)
        else {
            return Err(NeedRefusal::Gone);
        };
        // One volunteer's services are confirmed one after the other, so that a cap holds; before the need's row, as
        // everywhere, so that nobody waits in a circle.
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(&helper)
            .execute(&mut *tx)
            .await?;
        let late = entered_late(over.shanghai_date(), doing.now.shanghai_date(), Calendar::embedded());
        let done = sqlx::query(
            "update time_needs set state = 'confirmed', confirmed_at = $2, confirmed_by = $3, late = $4, changed_at = $2 \
             where id = $1 and state = 'ended'",
        )
        .bind(id)
        .bind(doing.now.0)
        .bind(&doing.owner.0)
        .bind(late.map(i64::from))
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        self.settle_order(&mut tx, &need, true_minutes.get(), doing.now).await?;
        self.credit(&mut tx, (&need, &need.id), (&helper, true_minutes), rules, doing.now).await?;
        note(&mut tx, AuditAct::TimeServiceConfirmed, (&need.area, id), Some(&helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Posts what a confirmed service brings, under this name of the service.
    pub(super) async fn credit(
        &self,
        tx: &mut Transaction<'static, Any>,
        (need, service): (&Need, &str),
        (helper, true_minutes): (&str, Minutes),
        rules: &BankRules,
        now: Instant,
    ) -> Result<(), NeedRefusal> {
        let bank = app::domain::area::district();
        let person = Account::of(AccountKind::Person, helper);
        let balance: Option<i64> =
            sqlx::query_scalar("select minutes from time_accounts where area = $1 and id = $2")
                .bind(bank)
                .bind(person.id())
                .fetch_optional(&mut **tx)
                .await?;
        let day = need.began_at.unwrap_or(need.starts_at).shanghai_date();
        let today: i64 = sqlx::query_scalar(
            "select cast(coalesce(sum(e.minutes), 0) as bigint) from time_entries e \
             join time_needs n on n.id = e.service where e.area = $1 and e.payee = $2 and e.kind = 'earned' \
             and n.day = $3",
        )
        .bind(bank)
        .bind(person.id())
        .bind(day.to_string())
        .fetch_one(&mut **tx)
        .await?;
        let credit = rules.credit(true_minutes, balance.unwrap_or(0), today);
        if let Some(minutes) = credit.own {
            let movement = Movement {
                true_minutes,
                ..Movement::plain(EntryKind::Earned, Account::only(AccountKind::Issuance), person, minutes)
                    .for_service(service)
            };
            self.post_time(tx, bank, &movement, now).await?;
        }
        // What is above the cap is the volunteer's to give or to leave; nobody takes it.
        if let Some(minutes) = credit.surplus {
            offer_surplus(tx, service, (helper, minutes, true_minutes), now).await?;
        }
        Ok(())
    }

    /// The served person says that it was otherwise.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] where it is not to be confirmed.
    pub(crate) async fn dispute_service(
        &self,
        id: &str,
        words: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_dispute", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let done = sqlx::query(
            "update time_needs set state = 'disputed', dispute = $2, changed_at = $3 where id = $1 and state = 'ended'",
        )
        .bind(id)
        .bind(self.sealer.seal(place("time_needs.dispute", id), words.as_bytes())?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeServiceDisputed, (&need.area, id), need.helper.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }
}
