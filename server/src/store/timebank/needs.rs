//! Needs: posted, found, taken back.

use app::domain::audit::AuditAct;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{
    Asked, Fit, Language, NeedState, NewNeed, REVIEW_ABOVE, Served, ServiceKind, Skill, Volunteer, begins_at,
    service_kind,
};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::doing::{Doing, NeedRefusal, note};
use crate::seal::{Place, new_id};
use crate::store::{Store, StoreError};

/// A need as its row has it.
#[derive(Clone)]
pub(crate) struct Need {
    /// Its id.
    pub(crate) id: String,
    /// The community's code.
    pub(crate) area: String,
    /// What for.
    pub(crate) kind: &'static ServiceKind,
    /// When it is to begin.
    pub(crate) starts_at: Instant,
    /// When it is to end.
    pub(crate) ends_at: Instant,
    /// Which language.
    pub(crate) language: Language,
    /// How it stands.
    pub(crate) state: NeedState,
    /// Whom it is for.
    pub(crate) served: Served,
    /// Their account, where there is one.
    pub(crate) elder: Option<String>,
    /// Who comes.
    pub(crate) helper: Option<String>,
    /// Six digits that the served person tells the volunteer.
    pub(crate) code: Option<String>,
    /// When it began.
    pub(crate) began_at: Option<Instant>,
    /// When it was over.
    pub(crate) over_at: Option<Instant>,
    /// Entered later than the 10 working days.
    pub(crate) late: bool,
    /// What the served person said against the record.
    pub(crate) dispute: Option<String>,
    /// Who pays with hours; nobody where somebody is helped without.
    pub(crate) payer: Option<String>,
    /// How many minutes it really was, where two people put the record right.
    pub(crate) right_minutes: Option<i64>,
    /// The times came in later than they were taken: there was no network.
    pub(crate) offline: bool,
    /// The clocks of the two devices and ours did not agree.
    pub(crate) clocks_differ: bool,
    /// What the volunteer should be good at.
    pub(crate) skill: Option<Skill>,
}

app::masked_debug!(Need);

impl Need {
    /// The minutes really spent, once it is over; as they were put right where they were.
    pub(crate) fn true_minutes(&self) -> Option<i64> {
        self.right_minutes.or_else(|| Some((self.over_at?.0 - self.began_at?.0) / 60_000))
    }

    /// What matching needs of it.
    pub(crate) fn asked(&self) -> Asked<'_> {
        Asked {
            kind: self.kind,
            area: &self.area,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            language: self.language,
            skill: self.skill,
        }
    }

    /// Whether a coordinator looks at it before it counts: it took very long, or the clocks did not agree.
    pub(crate) fn to_review(&self) -> bool {
        self.clocks_differ || self.true_minutes().is_some_and(|minutes| minutes > REVIEW_ABOVE)
    }
}

macro_rules! needs {
    ($where:literal) => {
        concat!(
            "select n.id, n.area, n.kind, n.starts_at, n.ends_at, n.language, n.state, n.served, n.elder, n.helper, n.code, \
             n.began_at, n.over_at, n.late, n.dispute, n.payer, n.right_minutes, n.offline, n.clocks_differ, n.skill from time_needs n ",
            $where
        )
    };
}

pub(super) fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { column, row: id }
}

impl Store {
    pub(super) fn need_of(&self, row: &AnyRow) -> Result<Need, StoreError> {
        let unknown = || StoreError::Other(anyhow::anyhow!("a need holds a word that is not known"));
        let id: String = row.try_get("id")?;
        let text = |column: &'static str, name: &str| {
            let sealed: Option<Vec<u8>> = row.try_get(name)?;
            Ok::<_, StoreError>(
                sealed.map(|sealed| self.sealer.open_text(place(column, &id), &sealed)).transpose()?,
            )
        };
        let at = |column: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Instant));
        let served: Vec<u8> = row.try_get("served")?;
        Ok(Need {
            area: row.try_get("area")?,
            kind: service_kind(row.try_get("kind")?).ok_or_else(unknown)?,
            starts_at: Instant(row.try_get("starts_at")?),
            ends_at: Instant(row.try_get("ends_at")?),
            language: Language::parse(row.try_get("language")?).ok_or_else(unknown)?,
            state: NeedState::parse(row.try_get("state")?).ok_or_else(unknown)?,
            served: self.sealer.open_json(place("time_needs.served", &id), &served)?,
            elder: row.try_get("elder")?,
            helper: row.try_get("helper")?,
            code: text("time_needs.code", "code")?,
            began_at: at("began_at")?,
            over_at: at("over_at")?,
            late: row.try_get::<Option<i64>, _>("late")? == Some(1),
            dispute: text("time_needs.dispute", "dispute")?,
            payer: row.try_get("payer")?,
            right_minutes: row.try_get("right_minutes")?,
            offline: row.try_get::<i64, _>("offline")? == 1,
            clocks_differ: row.try_get::<i64, _>("clocks_differ")? == 1,
            skill: row
                .try_get::<Option<String>, _>("skill")?
                .map(|slug| Skill::parse(&slug).ok_or_else(unknown))
                .transpose()?,
            id,
        })
    }

    pub(super) fn needs_of(&self, rows: &[AnyRow]) -> Result<Vec<Need>, StoreError> {
        rows.iter().map(|row| self.need_of(row)).collect()
    }

    /// Posts a need; gives its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn post_need(&self, need: &NewNeed, doing: &Doing<'_>) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "time_need", doing.now).await? {
            return Ok(id);
        }
        let elder: Option<String> =
            sqlx::query_scalar("select id from residents where phone_index = $1 and closed_at is null")
                .bind(self.phone_index(&need.phone))
                .fetch_optional(&mut *tx)
                .await?;
        let id = self.insert_need(&mut tx, need, (elder, None), doing).await?;
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Writes a need for the account `elder`, where there is one, paid by `payer`, where somebody pays.
    pub(super) async fn insert_need(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &NewNeed,
        (elder, payer): (Option<String>, Option<&str>),
        doing: &Doing<'_>,
    ) -> Result<String, StoreError> {
        let id = new_id(doing.now)?;
        let starts = begins_at(need.day, need.starts);
        sqlx::query(
            "insert into time_needs (id, area, kind, day, starts_at, ends_at, language, state, served, elder, posted_by, \
             created_at, changed_at, payer, skill) \
             values ($1, $2, $3, $4, $5, $6, $7, 'posted', $8, $9, $10, $11, $11, $12, $13)",
        )
        .bind(&id)
        .bind(need.community.code)
        .bind(&need.kind.slug)
        .bind(need.day.to_string())
        .bind(starts.0)
        .bind(starts.0 + need.minutes * 60_000)
        .bind(need.language.as_str())
        .bind(self.sealer.seal_json(place("time_needs.served", &id), &need.served)?)
        .bind(&elder)
        .bind(&doing.owner.0)
        .bind(doing.now.0)
        .bind(payer)
        .bind(need.skill.map(Skill::as_str))
        .execute(&mut **tx)
        .await?;
        note(tx, AuditAct::TimeNeedPosted, (need.community.code, &id), elder.as_deref(), doing).await?;
        Ok(id)
    }

    /// A need.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn need(&self, id: &str) -> Result<Need, StoreError> {
        let row = sqlx::query(needs!("where n.id = $1")).bind(id).fetch_one(&self.reader).await?;
        self.need_of(&row)
    }

    /// Needs to come that nobody has taken, each with why it fits this volunteer or not: those that fit first, then by time.
    /// Nothing is hidden: who looks decides whether another street or hour will do.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn needs_near(
        &self,
        volunteer: &Volunteer,
        resident: &str,
        now: Instant,
    ) -> Result<Vec<(Need, Fit)>, StoreError> {
        let rows = sqlx::query(needs!(
            "where n.state = 'posted' and n.starts_at > $1 and (n.elder is null or n.elder <> $2) \
             and (n.payer is null or n.payer <> $2) order by n.starts_at, n.id limit 200"
        ))
        .bind(now.0)
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        let needs = self.needs_of(&rows)?.into_iter();
        let mut needs: Vec<_> = needs
            .map(|need| {
                let fit = Fit::of(volunteer, &need.asked());
                (need, fit)
            })
            .collect();
        needs.sort_by_key(|(_, fit)| !fit.fits());
        Ok(needs)
    }

    /// What a resident gives and gets, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn own_needs(&self, resident: &str) -> Result<Vec<Need>, StoreError> {
        let rows = sqlx::query(needs!(
            "where n.helper = $1 or n.elder = $1 or n.payer = $1 order by n.starts_at desc, n.id limit 100"
        ))
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        self.needs_of(&rows)
    }

    /// The needs of a place that staff have to look after: without a helper, disputed, to be confirmed, under way; then by
    /// time. What is confirmed or cancelled is left out.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn needs_at(&self, place: &str) -> Result<Vec<Need>, StoreError> {
        let rows = sqlx::query(needs!(
            "where n.area >= $1 and n.area < $2 and n.state in ('posted', 'taken', 'started', 'ended', 'disputed') \
             order by case n.state when 'posted' then 0 when 'disputed' then 1 when 'ended' then 2 else 3 end, \
             n.starts_at, n.id limit 300"
        ))
        .bind(place)
        .bind(format!("{place}:"))
        .fetch_all(&self.reader)
        .await?;
        self.needs_of(&rows)
    }

    /// Every confirmed service of a volunteer, the oldest first.
    pub(super) async fn needs_given(&self, resident: &str) -> Result<Vec<Need>, StoreError> {
        let rows =
            sqlx::query(needs!("where n.helper = $1 and n.state = 'confirmed' order by n.began_at, n.id"))
                .bind(resident)
                .fetch_all(&self.reader)
                .await?;
        self.needs_of(&rows)
    }

    /// What was confirmed in a place since then, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn confirmed_at(&self, place: &str, since: Instant) -> Result<Vec<Need>, StoreError> {
        let rows = sqlx::query(needs!(
            "where n.area >= $1 and n.area < $2 and n.state = 'confirmed' and n.confirmed_at >= $3 \
             order by n.confirmed_at desc, n.id limit 300"
        ))
        .bind(place)
        .bind(format!("{place}:"))
        .bind(since.0)
        .fetch_all(&self.reader)
        .await?;
        self.needs_of(&rows)
    }

    /// Takes a need back that has not begun, or one that came to nothing.
    ///
    /// # Errors
    /// [`NeedRefusal::Gone`] once it is over.
    pub(crate) async fn cancel_need(&self, id: &str, doing: &Doing<'_>) -> Result<(), NeedRefusal> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_cancel", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let done = sqlx::query(
            "update time_needs set state = 'cancelled', changed_at = $2 \
             where id = $1 and state in ('posted', 'taken', 'started', 'disputed')",
        )
        .bind(id)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        // Nobody goes to a door for nothing.
        if let Some(helper) = &need.helper {
            let notice = Notice::TimeNeedCancelled { when: need.starts_at.shanghai_text() };
            self.tell(&mut tx, helper, &notice, Some("/timebank"), doing.now).await?;
        }
        // Nothing was had for it: all of it goes back.
        self.settle_order(&mut tx, &need, 0, doing.now).await?;
        note(&mut tx, AuditAct::TimeNeedCancelled, (&need.area, id), need.elder.as_deref(), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn need_inside(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
    ) -> Result<Need, StoreError> {
        let row = sqlx::query(needs!("where n.id = $1")).bind(id).fetch_one(&mut **tx).await?;
        self.need_of(&row)
    }

    /// Tells the served person something by their telephone: a mobile gets a text, a landline a call by staff.
    pub(super) async fn tell_served(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        self.tell_number(tx, (need.elder.as_deref(), &need.area, &need.served.phone), notice, now).await
    }
}
