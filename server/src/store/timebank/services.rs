//! Volunteers, needs and services. The minutes move in the transaction of the served person's word.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::calendar::Calendar;
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, BankRules, EntryKind, Language, Minutes, Movement, NeedState, NewNeed, Served,
    ServiceKind, Volunteer, begins_at, entered_late, service_kind,
};
use app::visit::Owner;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use crate::seal::{Place, new_id, random_u64};
use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::messages::{Channel, NewMessage};
use crate::store::{IdempotencyKey, Store, StoreError};

/// The pool that takes what is above a cap.
pub(crate) const POOL: &str = "district";

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
}

app::masked_debug!(Need);

impl Need {
    /// The minutes really spent, once it is over.
    pub(crate) fn true_minutes(&self) -> Option<i64> {
        Some((self.over_at?.0 - self.began_at?.0) / 60_000)
    }
}

/// Who does something to a need.
pub(crate) struct Doing<'a> {
    /// For the trail.
    pub(crate) actor: &'a Actor,
    /// Whose key it is.
    pub(crate) owner: &'a Owner,
    /// The form's key.
    pub(crate) key: &'a IdempotencyKey,
    /// When.
    pub(crate) now: Instant,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NeedRefusal {
    /// Somebody else was faster, or it is not one that this can be done to.
    #[error("it is not open to this any more")]
    Gone,
    /// The volunteer has another service at that time.
    #[error("another service at that time")]
    Overlap,
    /// The code is another one.
    #[error("the code does not fit")]
    Code,
    /// There are fewer hours.
    #[error("not enough hours")]
    NotEnough,
    /// Less than a minute was spent.
    #[error("less than a minute")]
    TooShort,
    /// The database failed, or the key came with another body.
    #[error(transparent)]
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for NeedRefusal {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

macro_rules! needs {
    ($where:literal) => {
        concat!(
            "select n.id, n.area, n.kind, n.starts_at, n.ends_at, n.language, n.state, n.served, n.elder, n.helper, n.code, \
             n.began_at, n.over_at, n.late, n.dispute, n.payer from time_needs n ",
            $where
        )
    };
}

fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { column, row: id }
}

impl Store {
    fn need_of(&self, row: &AnyRow) -> Result<Need, StoreError> {
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
            id,
        })
    }

    fn needs_of(&self, rows: &[AnyRow]) -> Result<Vec<Need>, StoreError> {
        rows.iter().map(|row| self.need_of(row)).collect()
    }

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
            "insert into time_volunteers (resident, street, language, kinds, joined_at, changed_at) \
             values ($1, $2, $3, $4, $5, $5) on conflict (resident) do update set street = excluded.street, \
             language = excluded.language, kinds = excluded.kinds, changed_at = excluded.changed_at",
        )
        .bind(resident)
        .bind(volunteer.street.code)
        .bind(volunteer.language.as_str())
        .bind(kinds.join(" "))
        .bind(doing.now.0)
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
        let row = sqlx::query("select street, language, kinds from time_volunteers where resident = $1")
            .bind(resident)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (Some(street), Some(language)) =
            (app::domain::area::street(row.try_get("street")?), Language::parse(row.try_get("language")?))
        else {
            return Ok(None);
        };
        let kinds: String = row.try_get("kinds")?;
        Ok(Some(Volunteer { street, language, kinds: kinds.split(' ').filter_map(service_kind).collect() }))
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
             created_at, changed_at, payer) values ($1, $2, $3, $4, $5, $6, $7, 'posted', $8, $9, $10, $11, $11, $12)",
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

    /// Needs to come that nobody has taken, of what this volunteer gives and in a language that they share: those of the
    /// own street first, then by time.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn needs_near(
        &self,
        volunteer: &Volunteer,
        resident: &str,
        now: Instant,
    ) -> Result<Vec<Need>, StoreError> {
        let rows = sqlx::query(needs!(
            "where n.state = 'posted' and n.starts_at > $1 and (n.elder is null or n.elder <> $2) \
             order by n.starts_at, n.id limit 200"
        ))
        .bind(now.0)
        .bind(resident)
        .fetch_all(&self.reader)
        .await?;
        let mut needs = self.needs_of(&rows)?;
        needs.retain(|need| {
            volunteer.kinds.iter().any(|kind| kind.slug == need.kind.slug)
                && volunteer.language.fits(need.language)
        });
        needs.sort_by_key(|need| !need.area.starts_with(volunteer.street.code));
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
        if mine.rows_affected() == 0
            || need.elder.as_deref() == Some(resident)
            || need.payer.as_deref() == Some(resident)
        {
            return Err(NeedRefusal::Gone);
        }
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
            "update time_needs set state = 'posted', helper = null, code = null, changed_at = $3 \
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

    /// Begins or ends a service (签到, 签退): the volunteer typed the code that the served person has.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn sign_service(
        &self,
        id: &str,
        (resident, code): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<NeedState, NeedRefusal> {
        let mut tx = self.write().await?;
        let need = self.need_inside(&mut tx, id).await?;
        if let Some(done) = Self::take_key(&mut tx, doing.key, doing.owner, "time_sign", doing.now).await? {
            return NeedState::parse(&done).ok_or(NeedRefusal::Gone);
        }
        if need.helper.as_deref() != Some(resident) {
            return Err(NeedRefusal::Gone);
        }
        if need.code.as_deref() != Some(code) {
            return Err(NeedRefusal::Code);
        }
        let (state, done) = match need.state {
            NeedState::Taken => (
                NeedState::Started,
                sqlx::query(
                    "update time_needs set state = 'started', began_at = $2, changed_at = $2 \
                     where id = $1 and state = 'taken'",
                ),
            ),
            NeedState::Started if need.began_at.is_some_and(|began| doing.now.0 - began.0 < 60_000) => {
                return Err(NeedRefusal::TooShort);
            }
            NeedState::Started => (
                NeedState::Ended,
                sqlx::query(
                    "update time_needs set state = 'ended', over_at = $2, proof = 'code', changed_at = $2 \
                     where id = $1 and state = 'started'",
                ),
            ),
            _ => return Err(NeedRefusal::Gone),
        };
        if done.bind(id).bind(doing.now.0).execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        if state == NeedState::Ended {
            self.ask_served(&mut tx, &need, need.began_at, doing.now).await?;
        }
        let act =
            if state == NeedState::Started { AuditAct::TimeServiceBegun } else { AuditAct::TimeServiceEnded };
        note(&mut tx, act, (&need.area, id), Some(resident), doing).await?;
        Self::answer_key(&mut tx, doing.key, state.as_str()).await?;
        tx.commit().await?;
        Ok(state)
    }

    /// The community worker who knows enters when it was, also anew after a dispute.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn record_service(
        &self,
        id: &str,
        (began, over): (Instant, Instant),
        doing: &Doing<'_>,
    ) -> Result<(), NeedRefusal> {
        if over.0 - began.0 < 60_000 || over > doing.now {
            return Err(NeedRefusal::TooShort);
        }
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_record", doing.now).await?.is_some() {
            return Ok(());
        }
        let need = self.need_inside(&mut tx, id).await?;
        let Some(helper) = &need.helper else { return Err(NeedRefusal::Gone) };
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(helper)
            .execute(&mut *tx)
            .await?;
        if overlaps(&mut tx, helper, id, (began, over)).await? {
            return Err(NeedRefusal::Overlap);
        }
        let done = sqlx::query(
            "update time_needs set state = 'ended', began_at = $2, over_at = $3, proof = 'staff', dispute = null, \
             changed_at = $4 where id = $1 and state in ('taken', 'started', 'disputed')",
        )
        .bind(id)
        .bind(began.0)
        .bind(over.0)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        note(&mut tx, AuditAct::TimeServiceEnded, (&need.area, id), Some(helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

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
        self.credit(&mut tx, &need, (&helper, true_minutes), rules, doing.now).await?;
        note(&mut tx, AuditAct::TimeServiceConfirmed, (&need.area, id), Some(&helper), doing).await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        Ok(tx.commit().await?)
    }

    /// Posts what a confirmed service brings.
    async fn credit(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
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
        let pool = Account::of(AccountKind::Pool, POOL);
        // A service earns once; what goes to the pool is the second part of the same service.
        let parts = [(credit.own, person, need.id.clone()), (credit.pool, pool, format!("{}/pool", need.id))];
        for (minutes, payee, service) in parts {
            let Some(minutes) = minutes else { continue };
            let movement = Movement {
                true_minutes,
                ..Movement::plain(EntryKind::Earned, Account::only(AccountKind::Issuance), payee, minutes)
                    .for_service(&service)
            };
            self.post_time(tx, bank, &movement, now).await?;
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
        let coming = sqlx::query(
            "select helper, starts_at from time_needs where elder = $1 and state = 'taken' and helper is not null",
        )
        .bind(resident)
        .fetch_all(&mut **tx)
        .await?;
        for row in &coming {
            let when = Instant(row.try_get("starts_at")?).shanghai_text();
            let helper: String = row.try_get("helper")?;
            self.tell(tx, &helper, &Notice::TimeNeedCancelled { when }, Some("/timebank"), now).await?;
        }
        sqlx::query("delete from time_volunteers where resident = $1")
            .bind(resident)
            .execute(&mut **tx)
            .await?;
        for statement in [
            "update time_needs set state = 'posted', helper = null, code = null, changed_at = $2 \
             where helper = $1 and state = 'taken'",
            "update time_needs set state = 'cancelled', changed_at = $2 \
             where elder = $1 and state in ('posted', 'taken')",
        ] {
            sqlx::query(statement).bind(resident).bind(now.0).execute(&mut **tx).await?;
        }
        let own: Vec<String> = sqlx::query_scalar("select id from time_needs where elder = $1")
            .bind(resident)
            .fetch_all(&mut **tx)
            .await?;
        for id in &own {
            let nobody = self.sealer.seal_json(place("time_needs.served", id), &Served::default())?;
            sqlx::query(
                "update time_needs set served = $2, elder = null, code = null, dispute = null where id = $1",
            )
            .bind(id)
            .bind(nobody)
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    async fn need_inside(&self, tx: &mut Transaction<'static, Any>, id: &str) -> Result<Need, StoreError> {
        let row = sqlx::query(needs!("where n.id = $1")).bind(id).fetch_one(&mut **tx).await?;
        self.need_of(&row)
    }

    /// Asks the served person whether it was so. Who has no mobile is called by the community worker.
    async fn ask_served(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        began: Option<Instant>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let minutes = began.map_or(0, |began| (now.0 - began.0) / 60_000);
        let minutes = app::domain::timebank::minutes_text(minutes);
        self.tell_served(tx, need, &Notice::TimeServiceAsked { minutes }, now).await
    }

    /// Tells the served person something by their telephone: a mobile gets a text, a landline a call by staff.
    async fn tell_served(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        notice: &Notice,
        now: Instant,
    ) -> Result<(), StoreError> {
        let phone = app::domain::phone::ContactPhone::parse(&need.served.phone).ok();
        let mobile = phone.is_some_and(|phone| phone.mobile().is_some());
        let message = NewMessage {
            resident: need.elder.as_deref(),
            area: &need.area,
            channel: if mobile { Channel::Text } else { Channel::Call },
            template: notice.id(),
            to: &need.served.phone,
            text: &notice.sms(),
            urgent: false,
            expires_at: None,
        };
        self.enqueue(tx, &message, now).await?;
        Ok(())
    }
}

/// Whether a volunteer has another service in that span: as it was where it is over, as it is planned otherwise.
async fn overlaps(
    tx: &mut Transaction<'static, Any>,
    helper: &str,
    but: &str,
    (from, to): (Instant, Instant),
) -> Result<bool, StoreError> {
    let other: Option<String> = sqlx::query_scalar(
        "select id from time_needs where helper = $1 and id <> $2 \
         and state in ('taken', 'started', 'ended', 'disputed', 'confirmed') \
         and coalesce(began_at, starts_at) < $4 and coalesce(over_at, ends_at) > $3 limit 1",
    )
    .bind(helper)
    .bind(but)
    .bind(from.0)
    .bind(to.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(other.is_some())
}

pub(super) async fn note(
    tx: &mut Transaction<'static, Any>,
    act: AuditAct,
    (area, object): (&str, &str),
    subject: Option<&str>,
    doing: &Doing<'_>,
) -> Result<(), StoreError> {
    let purpose = if matches!(doing.actor, Actor::Staff { .. }) { Purpose::Handling } else { Purpose::Own };
    let object_kind = if act == AuditAct::TimeVolunteerRegistered { "time_volunteers" } else { "time_needs" };
    let entry = AuditEntry {
        area: chain(area),
        actor: doing.actor,
        on_behalf_of: None,
        act,
        object_kind,
        object,
        subject,
        purpose,
    };
    Store::note(tx, &entry, doing.now).await
}
