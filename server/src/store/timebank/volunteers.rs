//! Volunteers: who gives service, who says yes to a need, and what is forgotten with an account.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{DayPart, Fit, FreeDay, Language, Skill, Volunteer, service_kind};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use super::proof::overlaps;
use crate::seal::random_u64;
use crate::store::{Store, StoreError};

/// Words of ours in one column.
fn joined<T: Copy>(list: &[T], word: impl Fn(T) -> &'static str) -> String {
    list.iter().map(|one| word(*one)).collect::<Vec<_>>().join(" ")
}

/// What a row tells of a volunteer; `None` where its street is none of ours any more.
fn volunteer_of(row: &AnyRow) -> Result<Option<Volunteer>, StoreError> {
    let words = |column: &str| row.try_get::<String, _>(column);
    let (Some(street), Some(language)) =
        (app::domain::area::street(row.try_get("street")?), Language::parse(row.try_get("language")?))
    else {
        return Ok(None);
    };
    Ok(Some(Volunteer {
        street,
        language,
        kinds: words("kinds")?.split(' ').filter_map(service_kind).collect(),
        also: words("also")?.split(' ').filter_map(app::domain::area::street).collect(),
        days: words("free_days")?.split(' ').filter_map(FreeDay::parse).collect(),
        parts: words("day_parts")?.split(' ').filter_map(DayPart::parse).collect(),
        skills: words("skills")?.split(' ').filter_map(Skill::parse).collect(),
    }))
}

impl Store {
    /// Registers a volunteer, or changes what one gives.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn register_volunteer(
        &self,
        resident: &str,
        volunteer: &Volunteer,
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_volunteer", doing.now).await?.is_some() {
            return Ok(());
        }
        let kinds: Vec<_> = volunteer.kinds.iter().map(|kind| kind.slug.as_str()).collect();
        sqlx::query(
            "insert into time_volunteers (resident, street, language, kinds, joined_at, changed_at, also, free_days, \
             day_parts, skills) values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9) \
             on conflict (resident) do update set street = excluded.street, language = excluded.language, \
             kinds = excluded.kinds, changed_at = excluded.changed_at, also = excluded.also, \
             free_days = excluded.free_days, day_parts = excluded.day_parts, skills = excluded.skills",
        )
        .bind(resident)
        .bind(volunteer.street.code)
        .bind(volunteer.language.as_str())
        .bind(kinds.join(" "))
        .bind(doing.now.0)
        .bind(joined(&volunteer.also, |street| street.code))
        .bind(joined(&volunteer.days, FreeDay::as_str))
        .bind(joined(&volunteer.parts, DayPart::as_str))
        .bind(joined(&volunteer.skills, Skill::as_str))
        .execute(&mut *tx)
        .await?;
        note(
            &mut tx,
            AuditAct::TimeVolunteerRegistered,
            (volunteer.street.code, resident),
            Some(resident),
            doing,
        )
        .await?;
        Self::answer_key(&mut tx, doing.key, resident).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a volunteer gives; `None` where somebody is none.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn volunteer(&self, resident: &str) -> Result<Option<Volunteer>, StoreError> {
        let row = sqlx::query(
            "select street, language, kinds, also, free_days, day_parts, skills from time_volunteers where resident = $1",
        )
        .bind(resident)
        .fetch_optional(&self.reader)
        .await?;
        row.map_or(Ok(None), |row| volunteer_of(&row))
    }

    /// Who could do one request, with the reasons: those who do such things, come to that street, are at no other door at that time
    /// and whose account is not frozen. Who is too young, or waits for a guardian's word, is left out. In the order in which they
    /// registered, which says nothing about anybody.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn volunteers_for(
        &self,
        need: &Need,
        (skip, count): (i64, i64),
        now: Instant,
    ) -> Result<Vec<(String, Fit)>, StoreError> {
        let street = need.area.get(..9).unwrap_or_default();
        let rows = sqlx::query(
            "select v.resident, v.street, v.language, v.kinds, v.also, v.free_days, v.day_parts, v.skills \
             from time_volunteers v where (v.street = $1 or v.also like $2) \
             and ' ' || v.kinds || ' ' like $3 and v.resident <> $4 and v.resident <> $5 \
             and not exists (select 1 from time_needs t where t.helper = v.resident \
             and t.state in ('taken', 'started') and t.starts_at < $7 and t.ends_at > $6) \
             and not exists (select 1 from time_freezes f where f.resident = v.resident and f.state <> 'ended') \
             order by v.joined_at, v.resident limit $8 offset $9",
        )
        .bind(street)
        .bind(format!("%{street}%"))
        .bind(format!("% {} %", need.kind.slug))
        .bind(need.elder.as_deref().unwrap_or_default())
        .bind(need.payer.as_deref().unwrap_or_default())
        .bind(need.starts_at.0)
        .bind(need.ends_at.0)
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        let mut found = Vec::new();
        let mut tx = self.write().await?;
        for row in &rows {
            let (Some(volunteer), resident) = (volunteer_of(row)?, row.try_get::<String, _>("resident")?)
            else {
                continue;
            };
            match self.old_enough(&mut tx, &resident, need.kind, now).await {
                Ok(()) => found.push((resident, Fit::of(&volunteer, &need.asked()))),
                // The account was closed meanwhile.
                Err(NeedRefusal::Store(StoreError::NotFound)) => {}
                Err(NeedRefusal::Store(cause)) => return Err(cause),
                Err(_) => {}
            }
        }
        tx.rollback().await?;
        Ok(found)
    }

    /// A volunteer says yes. The served person is told who comes, and the code that proves the service.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn take_need(
        &self,
        id: &str,
        (resident, name): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_take", doing.now).await?.is_some() {
            return Ok(());
        }
        // The volunteer's row is taken first: two services at one time cannot be taken at one moment.
        let mine = sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(resident)
            .execute(&mut *tx)
            .await?;
        let need = self.need_inside(&mut tx, id).await?;
        let kinds: Option<String> =
            sqlx::query_scalar("select kinds from time_volunteers where resident = $1")
                .bind(resident)
                .fetch_optional(&mut *tx)
                .await?;
        // What somebody registered for was held against their age; another kind was not.
        let does = kinds.is_some_and(|kinds| kinds.split(' ').any(|kind| kind == need.kind.slug));
        if mine.rows_affected() == 0
            || !does
            || need.elder.as_deref() == Some(resident)
            || need.payer.as_deref() == Some(resident)
        {
            return Err(NeedRefusal::Gone);
        }
        self.old_enough(&mut tx, resident, need.kind, doing.now).await?;
        if overlaps(&mut tx, resident, id, (need.starts_at, need.ends_at)).await? {
            return Err(NeedRefusal::Overlap);
        }
        let code = format!("{:06}", random_u64()? % 1_000_000);
        let taken = sqlx::query(
            "update time_needs set state = 'taken', helper = $2, code = $3, changed_at = $4 \
             where id = $1 and state = 'posted' and starts_at > $4",
        )
        .bind(id)
        .bind(resident)
        .bind(self.sealer.seal(place("time_needs.code", id), code.as_bytes())?)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if taken.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let when = need.starts_at.shanghai_text();
        self.tell_served(
            &mut tx,
            &need,
            &Notice::TimeHelperFound { name: name.to_owned(), when, code },
            doing.now,
        )
        .await?;
        note(&mut tx, AuditAct::TimeNeedTaken, (&need.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// A volunteer who cannot come says so before it begins (志愿服务条例 22); the need is open again.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] once it has begun.
    pub(crate) async fn give_need_up(
        &self,
        id: &str,
        resident: &str,
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_give_up", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let done = sqlx::query(
            "update time_needs set state = 'posted', helper = null, code = null, reminded_at = null, changed_at = $3 \
             where id = $1 and helper = $2 and state = 'taken'",
        )
        .bind(id)
        .bind(resident)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let when = need.starts_at.shanghai_text();
        self.tell_served(&mut tx, &need, &Notice::TimeHelperGone { when }, doing.now).await?;
        note(&mut tx, AuditAct::TimeNeedGivenUp, (&need.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// What the time bank forgets with an account: the register, what was to come, and whom services were for. What was
    /// given stays in the ledger under an id that nobody has any more.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_time_bank(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        // What they asked for or ordered is not wanted any more: who was to come is told, hours kept aside come back first.
        let coming: Vec<String> = sqlx::query_scalar(
            "select id from time_needs where (elder = $1 or payer = $1) and state in ('posted', 'taken') order by id",
        )
        .bind(resident)
        .fetch_all(&mut **tx)
        .await?;
        for id in &coming {
            let need = self.need_inside(tx, id).await?;
            sqlx::query("update time_needs set state = 'cancelled', changed_at = $2 where id = $1")
                .bind(id)
                .bind(now.0)
                .execute(&mut **tx)
                .await?;
            if let Some(helper) = &need.helper {
                let notice = Notice::TimeNeedCancelled { when: need.starts_at.shanghai_text() };
                self.tell(tx, helper, &notice, Some("/timebank"), now).await?;
            }
            self.release_order(tx, &need, now).await?;
        }
        self.forget_event_places(tx, resident, now).await?;
        self.freeze_closing(tx, resident, now).await?;
        for statement in [
            "delete from time_volunteers where resident = $1",
            "delete from time_devices where resident = $1",
            "delete from time_agreements where child = $1 or guardian = $1",
            "delete from time_certificates where resident = $1",
            "delete from time_imported_records where resident = $1",
            "delete from time_surplus where resident = $1 and state = 'offered'",
        ] {
            sqlx::query(statement).bind(resident).execute(&mut **tx).await?;
        }
        sqlx::query(
            "update time_needs set state = 'posted', helper = null, code = null, reminded_at = null, changed_at = $2 \
             where helper = $1 and state = 'taken'",
        )
        .bind(resident)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
        let own: Vec<String> = sqlx::query_scalar("select id from time_needs where elder = $1")
            .bind(resident)
            .fetch_all(&mut **tx)
            .await?;
        for id in &own {
            self.forget_served(tx, id).await?;
        }
        Ok(())
    }
}
