//! The ledger: minutes move inside the transaction of the act that they belong to. Balances are kept by conditional update, so
//! that none falls below zero whoever comes at the same moment; the journal is what counts.

use std::collections::BTreeMap;

use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, EntryKind, Minutes, Movement, Totals};
use sqlx::any::AnyRow;
use sqlx::{Any, FromRow as _, Row as _, Transaction};

use crate::audit::Head;
use crate::seal::new_id;
use crate::store::{Store, StoreError};
use crate::timebank::verify::LinkRow;
use crate::timebank::{EntryRow, first, hash};

/// Why minutes did not move. Whoever gets it gives the whole transaction up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostRefusal {
    /// The payer has less.
    #[error("not enough minutes")]
    NotEnough,
    /// The payer's hours wait for two people of the staff.
    #[error("the hours are frozen")]
    Frozen,
    /// This was posted before: the service earns once, an entry is corrected once.
    #[error("posted before")]
    Before,
    /// No rule of the ledger allows it.
    #[error("no such movement")]
    Unsound,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for PostRefusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

macro_rules! links {
    ($where:literal) => {
        concat!(
            "select area, sequence, id, at, kind, payer, payee, minutes, true_minutes, payer_after, payee_after, service, \
             corrects, hash from time_entries ",
            $where
        )
    };
}

fn link_of(row: &AnyRow) -> Result<LinkRow, sqlx::Error> {
    Ok(LinkRow {
        sequence: row.try_get("sequence")?,
        hash: row.try_get("hash")?,
        entry: EntryRow::from_row(row)?,
    })
}

/// Adds to an account, which is made with its first entry; gives what it then has.
async fn add(
    tx: &mut Transaction<'static, Any>,
    area: &str,
    account: &Account,
    minutes: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "insert into time_accounts (area, id, kind, minutes) values ($1, $2, $3, $4) \
         on conflict (area, id) do update set minutes = time_accounts.minutes + excluded.minutes returning minutes",
    )
    .bind(area)
    .bind(account.id())
    .bind(account.kind.as_str())
    .bind(minutes)
    .fetch_one(&mut **tx)
    .await
}

impl Store {
    /// Posts one entry inside the act's transaction; gives its id. Entries of an area come one after the other: the end of
    /// its chain is taken first, before any balance, so that no two acts wait for each other in a circle.
    ///
    /// # Errors
    /// See [`PostRefusal`].
    pub(crate) async fn post_time(
        &self,
        tx: &mut Transaction<'static, Any>,
        area: &str,
        movement: &Movement,
        now: Instant,
    ) -> Result<String, PostRefusal> {
        if !movement.is_sound() {
            return Err(PostRefusal::Unsound);
        }
        let head = take_end(tx, area).await?;
        let minutes = movement.minutes.get();
        // Behind the end of the chain, which a freeze takes too: none slips between the question and the entry.
        if movement.payer.kind == AccountKind::Person
            && movement.kind != EntryKind::Corrected
            && is_frozen(tx, &movement.payer.holder).await?
        {
            return Err(PostRefusal::Frozen);
        }
        let payer_after = if movement.payer.kind == AccountKind::Issuance {
            add(tx, area, &movement.payer, -minutes).await?
        } else {
            sqlx::query_scalar(
                "update time_accounts set minutes = minutes - $3 where area = $1 and id = $2 and minutes >= $3 \
                 returning minutes",
            )
            .bind(area)
            .bind(movement.payer.id())
            .bind(minutes)
            .fetch_optional(&mut **tx)
            .await?
            .ok_or(PostRefusal::NotEnough)?
        };
        let payee_after = add(tx, area, &movement.payee, minutes).await?;
        let entry = EntryRow {
            area: area.to_owned(),
            id: new_id(now)?,
            at: now.0,
            kind: movement.kind.as_str().to_owned(),
            payer: movement.payer.id(),
            payee: movement.payee.id(),
            minutes,
            true_minutes: movement.true_minutes.get(),
            payer_after,
            payee_after,
            service: movement.service.clone(),
            corrects: movement.corrects.clone(),
        };
        let hash = hash(&self.chain_key(), &head.hash, head.sequence + 1, &entry);
        let posted = sqlx::query(
            "insert into time_entries (area, sequence, id, at, kind, payer, payee, minutes, true_minutes, payer_after, \
             payee_after, service, corrects, hash) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
        )
        .bind(&entry.area)
        .bind(head.sequence + 1)
        .bind(&entry.id)
        .bind(entry.at)
        .bind(&entry.kind)
        .bind(&entry.payer)
        .bind(&entry.payee)
        .bind(entry.minutes)
        .bind(entry.true_minutes)
        .bind(entry.payer_after)
        .bind(entry.payee_after)
        .bind(&entry.service)
        .bind(&entry.corrects)
        .bind(&hash)
        .execute(&mut **tx)
        .await?;
        if posted.rows_affected() == 0 {
            return Err(PostRefusal::Before);
        }
        sqlx::query("update time_chains set hash = $2 where area = $1")
            .bind(area)
            .bind(&hash)
            .execute(&mut **tx)
            .await?;
        Ok(entry.id)
    }

    /// Takes back all or a part of an older entry by a new one that names it; the older one stays as it is.
    ///
    /// # Errors
    /// [`PostRefusal::NotEnough`] where the one who got the minutes has spent them, or more is asked back than there was.
    pub(crate) async fn correct_time(
        &self,
        tx: &mut Transaction<'static, Any>,
        area: &str,
        wrong: &str,
        back: Minutes,
        now: Instant,
    ) -> Result<String, PostRefusal> {
        let row = sqlx::query(links!("where area = $1 and id = $2"))
            .bind(area)
            .bind(wrong)
            .fetch_one(&mut **tx)
            .await?;
        let EntryRow { payer, payee, minutes, true_minutes, .. } = link_of(&row)?.entry;
        if back.get() > minutes {
            return Err(PostRefusal::NotEnough);
        }
        let (Some(payer), Some(payee)) = (Account::parse(&payer), Account::parse(&payee)) else {
            return Err(PostRefusal::Unsound);
        };
        let movement = Movement {
            kind: EntryKind::Corrected,
            payer: payee,
            payee: payer,
            minutes: back,
            // In whole: what was never done was no service at all. In part: what is asked back.
            true_minutes: Minutes::new(true_minutes).filter(|_| back.get() == minutes).unwrap_or(back),
            service: None,
            corrects: Some(wrong.to_owned()),
        };
        self.post_time(tx, area, &movement, now).await
    }

    /// What an account has, in minutes; nothing where it never had an entry.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_balance(&self, area: &str, account: &Account) -> Result<i64, StoreError> {
        let found: Option<i64> =
            sqlx::query_scalar("select minutes from time_accounts where area = $1 and id = $2")
                .bind(area)
                .bind(account.id())
                .fetch_optional(&self.reader)
                .await?;
        Ok(found.unwrap_or(0))
    }

    /// The newest entries of an account.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_entries_of(
        &self,
        area: &str,
        account: &Account,
        count: i64,
    ) -> Result<Vec<LinkRow>, StoreError> {
        // Each side by its own index, then both together: never more rows than asked for, however many there are.
        let mut links = Vec::new();
        for rows in [
            sqlx::query(links!("where area = $1 and payer = $2 order by sequence desc limit $3")),
            sqlx::query(links!("where area = $1 and payee = $2 order by sequence desc limit $3")),
        ] {
            let rows = rows.bind(area).bind(account.id()).bind(count).fetch_all(&self.reader).await?;
            for row in &rows {
                links.push(link_of(row)?);
            }
        }
        links.sort_by_key(|link| std::cmp::Reverse(link.sequence));
        links.truncate(usize::try_from(count).unwrap_or(0));
        Ok(links)
    }

    /// What became of all hours of an area.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_totals(&self, area: &str) -> Result<Totals, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select kind, cast(coalesce(sum(minutes), 0) as bigint) from time_accounts where area = $1 group by kind",
        )
        .bind(area)
        .fetch_all(&self.reader)
        .await?;
        let mut totals = Totals::default();
        for (kind, minutes) in rows {
            let kind = AccountKind::parse(&kind)
                .ok_or_else(|| StoreError::Other(anyhow::anyhow!("an account of an unknown kind")))?;
            totals.add(kind, minutes);
        }
        Ok(totals)
    }

    /// The areas that have a ledger.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_ledger_areas(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select area from time_chains union select area from time_accounts union select area from time_entries \
             order by area",
        )
        .fetch_all(&self.reader)
        .await?)
    }

    /// The end of an area's chain and all kept balances, at one instant.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_ledger_now(
        &self,
        area: &str,
    ) -> Result<(Head, BTreeMap<String, i64>), StoreError> {
        // One statement sees one instant on both engines.
        let rows = sqlx::query(
            "select a.id, a.minutes, c.sequence, c.hash from time_chains c \
             left join time_accounts a on a.area = c.area where c.area = $1",
        )
        .bind(area)
        .fetch_all(&self.reader)
        .await?;
        let (mut head, mut balances) = (first(), BTreeMap::new());
        for row in &rows {
            head = Head { sequence: row.try_get("sequence")?, hash: row.try_get("hash")? };
            if let Some(account) = row.try_get::<Option<String>, _>("id")? {
                balances.insert(account, row.try_get("minutes")?);
            }
        }
        Ok((head, balances))
    }

    /// Up to `count` entries of an area after one number, up to another.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_links_after(
        &self,
        area: &str,
        after: i64,
        through: i64,
        count: i64,
    ) -> Result<Vec<LinkRow>, StoreError> {
        let rows = sqlx::query(links!(
            "where area = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4"
        ))
        .bind(area)
        .bind(after)
        .bind(through)
        .bind(count)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok(link_of(row)?)).collect()
    }
}

/// Whether a person's hours wait.
async fn is_frozen(tx: &mut Transaction<'static, Any>, holder: &str) -> Result<bool, sqlx::Error> {
    let found: Option<String> =
        sqlx::query_scalar("select id from time_freezes where resident = $1 and state <> 'ended'")
            .bind(holder)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(found.is_some())
}

/// Takes the end of an area's chain until the transaction ends, and moves its number on.
async fn take_end(tx: &mut Transaction<'static, Any>, area: &str) -> Result<Head, StoreError> {
    let end = first();
    loop {
        let row: Option<(i64, String)> = sqlx::query_as(
            "update time_chains set sequence = sequence + 1 where area = $1 returning sequence - 1 as before, hash",
        )
        .bind(area)
        .fetch_optional(&mut **tx)
        .await?;
        if let Some((sequence, hash)) = row {
            return Ok(Head { sequence, hash });
        }
        sqlx::query(
            "insert into time_chains (area, sequence, hash) values ($1, 0, $2) on conflict do nothing",
        )
        .bind(area)
        .bind(&end.hash)
        .execute(&mut **tx)
        .await?;
    }
}
