//! Statements: what one had at the beginning and the end of a month, signed, and every entry between.

use app::domain::area::district;
use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind};
use jiff::civil::Date;
use sqlx::Row as _;

use super::doing::{Doing, NeedRefusal, note};
use crate::store::confirmations::{Belongs, NewConfirmation, insert_confirmation};
use crate::store::{Store, StoreError};
use crate::timebank::verify::LinkRow;

/// More entries than one person makes in a lifetime; a statement that could not read all of them would be wrong.
const ENTRIES_MAX: i64 = 50_000;

/// One person's month, as the ledger has it.
#[derive(Clone, Debug)]
pub(crate) struct Month {
    /// Minutes before its first entry.
    pub(crate) opening: i64,
    /// Minutes after its last one.
    pub(crate) closing: i64,
    /// Its entries, the oldest first.
    pub(crate) links: Vec<LinkRow>,
}

/// A statement as it was made.
#[derive(Clone, Debug)]
pub(crate) struct KeptStatement {
    /// Its number.
    pub(crate) number: String,
    /// The first day of its month.
    pub(crate) month: Date,
    /// Up to when it tells.
    pub(crate) through: Instant,
    /// Minutes at the beginning.
    pub(crate) opening: i64,
    /// Minutes at the end.
    pub(crate) closing: i64,
    /// The signed token; empty where the confirmation was ended with the account.
    pub(crate) token: String,
    /// 8 signs.
    pub(crate) short_code: String,
}

/// The first instant of a month and of the one after it.
fn bounds(month: Date) -> (Instant, Instant) {
    let first = month.first_of_month();
    let next = first.last_of_month().tomorrow().unwrap_or(first);
    (Instant::shanghai_midnight(first), Instant::shanghai_midnight(next))
}

impl Store {
    /// One person's month up to `through`.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn time_month(
        &self,
        resident: &str,
        month: Date,
        through: Instant,
    ) -> Result<Month, StoreError> {
        let (from, to) = bounds(month);
        let to = to.min(Instant(through.0 + 1));
        let person = Account::of(AccountKind::Person, resident);
        let mut links = self.time_entries_of(district(), &person, ENTRIES_MAX).await?;
        if i64::try_from(links.len()).unwrap_or(i64::MAX) >= ENTRIES_MAX {
            return Err(StoreError::Other(anyhow::anyhow!(
                "an account has more entries than one statement reads"
            )));
        }
        links.retain(|link| link.entry.at < to.0);
        links.reverse();
        let after = |link: &LinkRow| {
            if link.entry.payee == person.id() { link.entry.payee_after } else { link.entry.payer_after }
        };
        let closing = links.last().map_or(0, after);
        let before = links.iter().rev().find(|link| link.entry.at < from.0).map_or(0, after);
        links.retain(|link| link.entry.at >= from.0);
        Ok(Month { opening: before, closing, links })
    }

    /// Keeps a statement that was signed.
    ///
    /// # Errors
    /// The database failed, or the key came with another body.
    pub(crate) async fn keep_statement(
        &self,
        resident: &str,
        (number, month, of): (&str, Date, &Month),
        confirmation: &NewConfirmation,
        doing: &Doing<'_>,
    ) -> Result<String, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(number) =
            Self::take_key(&mut tx, doing.key, doing.owner, "time_statement", doing.now).await?
        {
            return Ok(number);
        }
        insert_confirmation(
            &mut tx,
            confirmation,
            &Belongs { resident: Some(resident), ..Belongs::default() },
        )
        .await?;
        sqlx::query(
            "insert into time_statements (number, resident, month, through, opening, closing, confirmation, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $4)",
        )
        .bind(number)
        .bind(resident)
        .bind(month.strftime("%Y-%m").to_string())
        .bind(doing.now.0)
        .bind(of.opening)
        .bind(of.closing)
        .bind(&confirmation.id)
        .execute(&mut *tx)
        .await?;
        note(&mut tx, AuditAct::ConfirmationIssued, (district(), &confirmation.id), Some(resident), doing)
            .await?;
        Self::answer_key(&mut tx, doing.key, number).await?;
        tx.commit().await?;
        Ok(number.to_owned())
    }

    /// A resident's own statement.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn statement(&self, resident: &str, number: &str) -> Result<KeptStatement, StoreError> {
        let row = sqlx::query(
            "select s.number, s.month, s.through, s.opening, s.closing, c.token, c.short_code from time_statements s \
             join confirmations c on c.id = s.confirmation where s.resident = $1 and s.number = $2",
        )
        .bind(resident)
        .bind(number)
        .fetch_one(&self.reader)
        .await?;
        let month: String = row.try_get("month")?;
        Ok(KeptStatement {
            number: row.try_get("number")?,
            month: format!("{month}-01").parse().map_err(anyhow::Error::from)?,
            through: Instant(row.try_get("through")?),
            opening: row.try_get("opening")?,
            closing: row.try_get("closing")?,
            token: row.try_get("token")?,
            short_code: row.try_get("short_code")?,
        })
    }
}
