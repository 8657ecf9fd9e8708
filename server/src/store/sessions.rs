//! Residents' sessions: opaque tokens of which the database knows only the hash.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::notices::Notice;
use app::domain::person::{Assurance, Profile};
use app::domain::proxy::{ProxyKind, Scope, parse_scope};
use app::domain::time::Instant;
use app::ports::DeviceLine;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::residents::Device;
use super::{Store, StoreError};
use crate::seal::{Place, new_id, sha256};

/// A session about to open.
#[derive(Debug)]
pub(super) struct NewSession<'a> {
    pub(super) token: &'a str,
    pub(super) resident: &'a str,
    pub(super) device: &'a Device<'a>,
    pub(super) proved: bool,
    /// The provider whose account opened it, where it was no code.
    pub(super) provider: Option<&'a str>,
    pub(super) ends_at: i64,
}

/// A session that holds.
#[derive(Clone, Debug)]
pub(crate) struct KeptSession {
    /// Its public id, for the list of devices.
    pub(crate) id: String,
    /// The account.
    pub(crate) resident: String,
    /// Name and document digits were given, or were not needed.
    pub(crate) proved: bool,
    /// The provider whose account opened it; none where the telephone number was proved by a code.
    pub(crate) provider: Option<String>,
    /// How sure the service is of who it is.
    pub(crate) assurance: Assurance,
    /// The masked name; empty while none is known.
    pub(crate) name: String,
    /// When its last step was; this request's own, if that is noted.
    pub(crate) seen_at: Instant,
    /// When somebody last proved in it who they are: at the sign-in, or later.
    pub(crate) confirmed_at: Instant,
    /// When it ends whatever is done.
    pub(crate) ends_at: Instant,
    /// For whom the resident acts at the moment.
    pub(crate) acting: Option<KeptActing>,
    /// The agreement that the session acted under, where it holds no longer.
    pub(crate) acting_ended: Option<String>,
}

/// For whom somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptActing {
    /// The agreement.
    pub(crate) proxy: String,
    /// The represented person's account.
    pub(crate) represented: String,
    /// Their masked name.
    pub(crate) name: String,
    /// As what.
    pub(crate) kind: ProxyKind,
    /// In what.
    pub(crate) scope: Vec<Scope>,
}

impl Store {
    pub(super) async fn open_resident_session(
        &self,
        tx: &mut Transaction<'static, Any>,
        new: &NewSession<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into resident_sessions (token_hash, id, resident, device, described, proved, created_at, seen_at, \
             ends_at, provider) values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)",
        )
        .bind(sha256(new.token))
        .bind(new_id(now)?)
        .bind(new.resident)
        .bind(new.device.new)
        .bind(new.device.described)
        .bind(i64::from(new.proved))
        .bind(now.0)
        .bind(new.ends_at)
        .bind(new.provider)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The session of a token, while it holds: seen within `idle_ms`, before its end, its account open. Notes once a
    /// minute that it was seen.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn resident_session(
        &self,
        token: &str,
        idle_ms: i64,
        now: Instant,
    ) -> Result<Option<KeptSession>, StoreError> {
        let Some(mut kept) = self.look_at_session(token, idle_ms, now).await? else { return Ok(None) };
        if now.0 - kept.seen_at.0 > 60_000 {
            let mut tx = self.write().await?;
            sqlx::query("update resident_sessions set seen_at = $1 where token_hash = $2")
                .bind(now.0)
                .bind(sha256(token))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            kept.seen_at = now;
        }
        Ok(Some(kept))
    }

    /// As [`Self::resident_session`], without counting as a step.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn look_at_session(
        &self,
        token: &str,
        idle_ms: i64,
        now: Instant,
    ) -> Result<Option<KeptSession>, StoreError> {
        let hash = sha256(token);
        let row = sqlx::query(
            "select s.id, s.resident, s.proved, s.provider, s.seen_at, s.ends_at, s.acting, coalesce(s.confirmed_at, s.created_at) as confirmed_at, r.profile, r.assurance, k.wrapped, \
             p.state as proxy_state, p.kind as proxy_kind, p.details as proxy_details, p.represented, p.scope, p.ends_on, p.representative, o.profile as other_profile, \
             ok.wrapped as other_wrapped \
             from resident_sessions s join residents r on r.id = s.resident \
             join person_keys k on k.person = r.id \
             left join proxies p on p.id = s.acting \
             left join residents o on o.id = p.represented and o.closed_at is null \
             left join person_keys ok on ok.person = o.id \
             where s.token_hash = $1 and s.seen_at > $2 and s.ends_at > $3 and r.closed_at is null",
        )
        .bind(&hash)
        .bind(now.0 - idle_ms)
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let resident: String = row.try_get("resident")?;
        let wanted: Option<String> = row.try_get("acting")?;
        let acting = match &wanted {
            None => None,
            Some(proxy) => {
                let state: Option<String> = row.try_get("proxy_state")?;
                let ends_on: Option<String> = row.try_get("ends_on")?;
                let represented: Option<String> = row.try_get("represented")?;
                let other: Option<Vec<u8>> = row.try_get("other_wrapped")?;
                let holds = state.as_deref() == Some("active")
                    && row.try_get::<Option<String>, _>("representative")?.as_deref() == Some(&*resident)
                    && ends_on.is_some_and(|day| *day >= *now.shanghai_date().to_string());
                match (represented, other) {
                    (Some(represented), Some(wrapped)) if holds => Some(KeptActing {
                        proxy: proxy.clone(),
                        // Their own name once they have told it, else as the one who asked wrote it.
                        name: match self.masked_name_of(
                            &represented,
                            &wrapped,
                            row.try_get("other_profile")?,
                        )? {
                            known if !known.is_empty() => known,
                            _ => {
                                self.represented_name(proxy, &row.try_get::<Vec<u8>, _>("proxy_details")?)?
                            }
                        },
                        represented,
                        kind: row
                            .try_get::<Option<String>, _>("proxy_kind")?
                            .and_then(|kind| ProxyKind::parse(&kind))
                            .unwrap_or(ProxyKind::Relative),
                        scope: parse_scope(&row.try_get::<Option<String>, _>("scope")?.unwrap_or_default()),
                    }),
                    _ => None,
                }
            }
        };
        Ok(Some(KeptSession {
            id: row.try_get("id")?,
            name: self.masked_name_of(
                &resident,
                &row.try_get::<Vec<u8>, _>("wrapped")?,
                row.try_get("profile")?,
            )?,
            resident,
            proved: row.try_get::<i64, _>("proved")? == 1,
            provider: row.try_get("provider")?,
            assurance: Assurance::parse(row.try_get("assurance")?).unwrap_or(Assurance::Declared),
            seen_at: Instant(row.try_get("seen_at")?),
            confirmed_at: Instant(row.try_get("confirmed_at")?),
            ends_at: Instant(row.try_get("ends_at")?),
            acting_ended: wanted.filter(|_| acting.is_none()),
            acting,
        }))
    }

    fn masked_name_of(
        &self,
        resident: &str,
        wrapped: &[u8],
        profile: Option<Vec<u8>>,
    ) -> Result<String, StoreError> {
        let Some(sealed) = profile else { return Ok(String::new()) };
        let sealer = self.sealer.of_person(resident, wrapped)?;
        let place = Place { column: "residents.profile", row: resident };
        Ok(sealer.open_json::<Profile>(place, &sealed)?.masked_name())
    }

    /// Goes on with a session that is about to end, up to `longest_ms` after it began. Tells whether it could.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn extend_session(
        &self,
        token: &str,
        session_ms: i64,
        longest_ms: i64,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let extended = sqlx::query(
            "update resident_sessions set seen_at = $1, ends_at = $2 \
             where token_hash = $3 and ends_at > $1 and created_at > $4",
        )
        .bind(now.0)
        .bind(now.0 + session_ms)
        .bind(sha256(token))
        .bind(now.0 - longest_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(extended.rows_affected() == 1)
    }

    /// Ends this session.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn sign_out_resident(
        &self,
        token: &str,
        resident: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from resident_sessions where token_hash = $1")
            .bind(sha256(token))
            .execute(&mut *tx)
            .await?;
        note_sign_out(&mut tx, resident, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends all sessions of an account; every device is a new one afterwards.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn sign_out_everywhere(&self, resident: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for statement in [
            "delete from resident_sessions where resident = $1",
            "delete from resident_devices where resident = $1",
        ] {
            sqlx::query(statement).bind(resident).execute(&mut *tx).await?;
        }
        self.tell(&mut tx, resident, &Notice::SignedOutEverywhere, None, now).await?;
        note_sign_out(&mut tx, resident, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends one session of this account, by its public id. One that is gone already, or another person's, is not found.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the database failed.
    pub(crate) async fn end_device(&self, resident: &str, id: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let row =
            sqlx::query("delete from resident_sessions where id = $1 and resident = $2 returning device")
                .bind(id)
                .bind(resident)
                .fetch_optional(&mut *tx)
                .await?;
        let Some(row) = row else { return Err(StoreError::NotFound) };
        sqlx::query("delete from resident_devices where resident = $1 and device = $2")
            .bind(resident)
            .bind(row.try_get::<String, _>("device")?)
            .execute(&mut *tx)
            .await?;
        note_sign_out(&mut tx, resident, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Where an account is signed in, the latest first. `this` is the id of the session that asks.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn devices(
        &self,
        resident: &str,
        this: &str,
        idle_ms: i64,
        now: Instant,
    ) -> Result<Vec<DeviceLine>, StoreError> {
        let rows = sqlx::query(
            "select id, described, created_at, seen_at from resident_sessions \
             where resident = $1 and proved = 1 and seen_at > $2 and ends_at > $3 order by seen_at desc, id",
        )
        .bind(resident)
        .bind(now.0 - idle_ms)
        .bind(now.0)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                Ok(DeviceLine {
                    this: id == this,
                    id,
                    described: row.try_get("described")?,
                    created_at: Instant(row.try_get("created_at")?),
                    seen_at: Instant(row.try_get("seen_at")?),
                })
            })
            .collect()
    }

    /// Begins or stops acting for somebody in this session. The agreement is judged anew with every request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agreement that isn't this resident's or doesn't hold.
    pub(crate) async fn act_under(
        &self,
        token: &str,
        resident: &str,
        proxy: Option<&str>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let today = now.shanghai_date().to_string();
        let set = match proxy {
            None => {
                sqlx::query("update resident_sessions set acting = null where token_hash = $1")
                    .bind(sha256(token))
                    .execute(&mut *tx)
                    .await?
            }
            Some(proxy) => {
                sqlx::query(
                    "update resident_sessions set acting = $1 where token_hash = $2 and exists \
                     (select 1 from proxies where id = $1 and representative = $3 and state = 'active' \
                     and ends_on >= $4)",
                )
                .bind(proxy)
                .bind(sha256(token))
                .bind(resident)
                .bind(today)
                .execute(&mut *tx)
                .await?
            }
        };
        tx.commit().await?;
        if set.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    }

    /// Forgets sessions and codes whose time is over.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn forget_sessions(&self, idle_ms: i64, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("delete from resident_sessions where ends_at < $1 or seen_at < $2")
            .bind(now.0)
            .bind(now.0 - idle_ms)
            .execute(&mut *tx)
            .await?;
        // A day longer than they hold, for whoever asks what happened.
        sqlx::query("delete from sign_in_codes where expires_at < $1")
            .bind(now.0 - 24 * 3_600_000)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn note_sign_out(
    tx: &mut Transaction<'static, Any>,
    resident: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let actor = Actor::Resident(resident.to_owned());
    let entry = AuditEntry {
        area: district(),
        actor: &actor,
        on_behalf_of: None,
        act: AuditAct::SignedOut,
        object_kind: "residents",
        object: resident,
        subject: Some(resident),
        purpose: Purpose::Own,
    };
    Store::note(tx, &entry, now).await
}
