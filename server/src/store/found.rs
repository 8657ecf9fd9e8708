//! Households that somebody told of (主动发现), and the visits to them.

use app::domain::aid::found::{Found, FoundState, Teller, VisitOutcome};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use app::pages::aid::ToldHousehold;
use app::pages::staff::found::{FoundFile, FoundHead};
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::audit::{Actor, AuditEntry};
use super::case_acts::Doing;
use super::cases::unknown;
use super::staff_cases::Scope;
use super::{IdempotencyKey, OnlyOnce, Store, StoreError};
use crate::seal::Place;

/// The act that the keys of these forms are taken for.
pub(crate) const KEY: &str = "found household";

/// A household about to be kept.
pub(crate) struct NewFound<'a> {
    /// The row's id.
    pub(crate) id: String,
    /// The number that whoever tells gets.
    pub(crate) number: String,
    /// What was told.
    pub(crate) found: &'a Found,
    /// When.
    pub(crate) received_at: Instant,
    /// The last day of the promised visit, where the calendar reaches that far.
    pub(crate) due_on: Option<Date>,
}

impl std::fmt::Debug for NewFound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewFound({})", self.number)
    }
}

/// A household that staff may act on.
#[derive(Clone, Debug)]
pub(crate) struct FoundRef {
    /// The row's id.
    pub(crate) id: String,
    /// What the list shows.
    pub(crate) head: FoundHead,
    /// The account of whoever goes there.
    pub(crate) handler: Option<String>,
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

fn due_in(row: &AnyRow) -> Result<Option<Date>, StoreError> {
    let text: Option<String> = row.try_get("due_on")?;
    text.map(|text| text.parse().map_err(|_| unknown("found_households.due_on"))).transpose()
}

impl Store {
    fn found_head(&self, row: &AnyRow) -> Result<FoundHead, StoreError> {
        let (handler, name): (Option<String>, Option<Vec<u8>>) =
            (row.try_get("handler")?, row.try_get("handler_name")?);
        let handler = match (handler, name) {
            (Some(id), Some(sealed)) => Some(self.sealer.open_text(place("staff.name", &id), &sealed)?),
            _ => None,
        };
        Ok(FoundHead {
            number: row.try_get("number")?,
            area: row.try_get("area")?,
            community: row.try_get("community")?,
            state: FoundState::parse(row.try_get("state")?).ok_or(unknown("found_households.state"))?,
            received_at: Instant(row.try_get("received_at")?),
            due_on: due_in(row)?,
            handler,
        })
    }

    /// Keeps what was told, once; gives its number. Nothing says who told it: neither the row nor the trail.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the same key with another body, or a number that is taken.
    pub(crate) async fn keep_found(
        &self,
        new: &NewFound<'_>,
        key: &IdempotencyKey,
        device: &Owner,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(number) = Self::take_key(&mut tx, key, device, KEY, new.received_at).await? {
            return Ok(OnlyOnce::Before(number));
        }
        let found = new.found;
        let contact = found.contact.as_ref().map(ContactPhone::as_str);
        let kept = sqlx::query(
            "insert into found_households (id, number, area, community, teller, detail, story, contact, received_at, \
             due_on, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received') on conflict do nothing",
        )
        .bind(&new.id)
        .bind(&new.number)
        .bind(found.street.code)
        .bind(found.community.map(|community| community.code))
        .bind(found.teller.as_str())
        .bind(self.sealer.seal(place("found_households.detail", &new.id), found.detail.as_bytes())?)
        .bind(self.sealer.seal(place("found_households.story", &new.id), found.story.as_bytes())?)
        .bind(
            contact
                .map(|phone| self.sealer.seal(place("found_households.contact", &new.id), phone.as_bytes()))
                .transpose()?,
        )
        .bind(new.received_at.0)
        .bind(new.due_on.map(|day| day.to_string()))
        .execute(&mut *tx)
        .await?;
        if kept.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let nobody = Actor::Device(String::new());
        let entry = found_entry(&nobody, AuditAct::HouseholdTold, (found.street.code, &new.id), Purpose::Own);
        Self::note(&mut tx, &entry, new.received_at).await?;
        Self::answer_key(&mut tx, key, &new.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(new.number.clone()))
    }

    /// How the visit stands: all that the number alone tells.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn told_household(&self, number: &str) -> Result<Option<ToldHousehold>, StoreError> {
        let row = sqlx::query("select state, received_at, due_on from found_households where number = $1")
            .bind(number)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| {
            Ok(ToldHousehold {
                number: number.to_owned(),
                state: FoundState::parse(row.try_get("state")?).ok_or(unknown("found_households.state"))?,
                received_at: Instant(row.try_get("received_at")?),
                due_on: due_in(&row)?,
            })
        })
        .transpose()
    }

    /// Households of a scope that wait for a visit, the earliest day first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn found_waiting(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<FoundHead>, StoreError> {
        let rows = sqlx::query(
            "select f.number, f.area, f.community, f.state, f.received_at, f.due_on, f.handler, s.name as handler_name \
             from found_households f left join staff s on s.id = f.handler \
             where f.state <> 'visited' and f.area >= $1 and f.area < $2 and ($3 = '' or f.community = $3) \
             order by coalesce(f.due_on, '9999'), f.received_at, f.id limit $4 offset $5",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| self.found_head(row)).collect()
    }

    /// How many of a scope wait, and how many of them for longer than was promised.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn count_found(&self, scope: &Scope, today: Date) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query(
            "select cast(count(*) as bigint) as waiting, \
             cast(coalesce(sum(case when due_on < $4 then 1 else 0 end), 0) as bigint) as overdue from found_households \
             where state <> 'visited' and area >= $1 and area < $2 and ($3 = '' or community = $3)",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .bind(today.to_string())
        .fetch_one(&self.reader)
        .await?;
        Ok((row.try_get("waiting")?, row.try_get("overdue")?))
    }

    /// The household of that number. Whether the asker may see it is the caller's question.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_found(&self, number: &str) -> Result<Option<FoundRef>, StoreError> {
        let row = sqlx::query(
            "select f.id, f.number, f.area, f.community, f.state, f.received_at, f.due_on, f.handler, s.name as handler_name \
             from found_households f left join staff s on s.id = f.handler where f.number = $1",
        )
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            Ok(FoundRef {
                id: row.try_get("id")?,
                head: self.found_head(&row)?,
                handler: row.try_get("handler")?,
            })
        })
        .transpose()
    }

    /// What was written. The caller has noted the reading before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone; a text doesn't open with our keys.
    pub(crate) async fn found_file(
        &self,
        found: &FoundRef,
        staff: &str,
        key: String,
    ) -> Result<FoundFile, StoreError> {
        let row = sqlx::query(
            "select teller, detail, story, contact, outcome, note, visited_at from found_households where id = $1",
        )
        .bind(&found.id)
        .fetch_optional(&self.reader)
        .await?
        .ok_or(StoreError::NotFound)?;
        let open = |column: &'static str, sealed: Vec<u8>| {
            self.sealer.open_text(Place { column, row: &found.id }, &sealed)
        };
        let (outcome, note): (Option<String>, Option<Vec<u8>>) =
            (row.try_get("outcome")?, row.try_get("note")?);
        let visited_at: Option<i64> = row.try_get("visited_at")?;
        let visited = match (outcome, note, visited_at) {
            (Some(slug), Some(note), Some(at)) => Some((
                VisitOutcome::parse(&slug).ok_or(unknown("found_households.outcome"))?,
                open("found_households.note", note)?,
                Instant(at),
            )),
            _ => None,
        };
        let contact: Option<Vec<u8>> = row.try_get("contact")?;
        Ok(FoundFile {
            head: found.head.clone(),
            teller: Teller::parse(row.try_get("teller")?).ok_or(unknown("found_households.teller"))?,
            detail: open("found_households.detail", row.try_get("detail")?)?,
            story: open("found_households.story", row.try_get("story")?)?,
            contact: contact.map(|sealed| open("found_households.contact", sealed)).transpose()?,
            visited,
            own: found.handler.as_deref() == Some(staff),
            key,
        })
    }

    /// Says that this person goes there, from now on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody was there, or the key was sent with another body.
    pub(crate) async fn take_found(&self, found: &FoundRef, doing: &Doing) -> Result<(), StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await?.is_some() {
            return Ok(());
        }
        let taken = sqlx::query(
            "update found_households set state = 'taken', handler = $2 where id = $1 and state <> 'visited'",
        )
        .bind(&found.id)
        .bind(staff)
        .execute(&mut *tx)
        .await?;
        if taken.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let object = (found.head.area.as_str(), found.id.as_str());
        let entry = found_entry(&doing.actor, AuditAct::HouseholdTaken, object, Purpose::Handling);
        Self::note(&mut tx, &entry, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &found.head.number).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes down what the visit came to. Only whoever took it over does.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is another's or was written down before, or the key was sent with another body.
    pub(crate) async fn settle_found(
        &self,
        found: &FoundRef,
        (outcome, note): (VisitOutcome, &str),
        doing: &Doing,
    ) -> Result<(), StoreError> {
        let (staff, _) = doing.staff()?;
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await?.is_some() {
            return Ok(());
        }
        let settled = sqlx::query(
            "update found_households set state = 'visited', outcome = $3, note = $4, visited_at = $5 \
             where id = $1 and handler = $2 and state = 'taken'",
        )
        .bind(&found.id)
        .bind(staff)
        .bind(outcome.as_str())
        .bind(self.sealer.seal(place("found_households.note", &found.id), note.as_bytes())?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if settled.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let object = (found.head.area.as_str(), found.id.as_str());
        let entry = found_entry(&doing.actor, AuditAct::HouseholdVisited, object, Purpose::Handling);
        Self::note(&mut tx, &entry, doing.now).await?;
        Self::answer_key(&mut tx, &doing.key, &found.head.number).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The entry for an act on a household, in the chain of its street.
pub(crate) fn found_entry<'a>(
    actor: &'a Actor,
    act: AuditAct,
    (area, id): (&'a str, &'a str),
    purpose: Purpose,
) -> AuditEntry<'a> {
    AuditEntry {
        area,
        actor,
        on_behalf_of: None,
        act,
        object_kind: "found_households",
        object: id,
        subject: None,
        purpose,
    }
}
