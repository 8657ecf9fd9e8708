//! Start and end by the volunteer (签到, 签退), with what the served person tells, shows or has on paper; signed by the volunteer's
//! device where it knows how, and then also when it comes in later.

use app::domain::audit::AuditAct;
use app::domain::time::Instant;
use app::domain::timebank::{
    DeviceTime, Implausible, NeedState, SignAct, SignProof, minutes_around, phone_digits, phone_text,
    signed_text,
};
use hmac::{Hmac, Mac as _};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use sha2::Sha256;
use sqlx::{Any, Transaction};
use subtle::ConstantTimeEq as _;

use super::doing::{Doing, NeedRefusal, note};
use super::needs::{Need, place};
use crate::seal::random;
use crate::store::{Store, StoreError};

/// So many devices a volunteer may use; the oldest is forgotten for a new one.
const DEVICES: i64 = 5;

/// What the served person gave; whose card it is was found out before.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// The six digits of the service.
    Digits(String),
    /// The nine digits of their telephone.
    Phone(String),
    /// A paper card that holds, and its holder.
    Card(Option<String>),
}

/// A start or an end as a device signed it.
#[derive(Clone, Copy)]
pub(crate) struct FromDevice<'a> {
    /// Which of the two.
    pub(crate) act: SignAct,
    /// When, by the device.
    pub(crate) at: Instant,
    /// What the device's clock says while it sends.
    pub(crate) device_now: Instant,
    /// The device.
    pub(crate) device: &'a str,
    /// The form's key as the device made it.
    pub(crate) key: &'a str,
    /// SHA-256 of what was typed or scanned, in hexadecimal.
    pub(crate) code_hash: &'a str,
    /// r and s, 64 bytes.
    pub(crate) signature: &'a [u8],
}

/// Whether the public key of a device, an uncompressed point of P-256, made this signature of the text.
pub(crate) fn signed_by(public_key: &[u8], text: &str, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public_key).verify(text.as_bytes(), signature).is_ok()
}

/// The nine digits that a served person's telephone shows in that minute.
pub(crate) fn phone_code(key: &[u8], need: &str, at: Instant) -> String {
    phone_digits(&mac_of(key, &phone_text(need, at)))
}

/// A text, authenticated with a key that two devices share.
pub(super) fn mac_of(key: &[u8], text: &str) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// What the code proved.
struct Proved {
    proof: SignProof,
    /// The minute of the served person's telephone.
    phone_at: Option<Instant>,
}

impl Store {
    /// Keeps the public key of a volunteer's device under its id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is somebody else's.
    pub(crate) async fn keep_time_device(
        &self,
        resident: &str,
        (id, public_key): (&str, &[u8]),
        doing: &Doing<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if Self::take_key(&mut tx, doing.key, doing.owner, "time_device", doing.now).await?.is_some() {
            return Ok(());
        }
        sqlx::query(
            "insert into time_devices (id, resident, public_key, made_at) values ($1, $2, $3, $4) \
             on conflict (id) do nothing",
        )
        .bind(id)
        .bind(resident)
        .bind(public_key)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        let owner: String = sqlx::query_scalar("select resident from time_devices where id = $1")
            .bind(id)
            .fetch_one(&mut *tx)
            .await?;
        if owner != resident {
            return Err(StoreError::Conflict);
        }
        sqlx::query(
            "delete from time_devices where resident = $1 and id in (select d.id from time_devices d \
             where d.resident = $1 and d.id <> $2 order by d.made_at desc, d.id limit 1000 offset $3)",
        )
        .bind(resident)
        .bind(id)
        .bind(DEVICES - 1)
        .execute(&mut *tx)
        .await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The key with which the served person's telephone makes its codes for a service that is to come or goes on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is not their service, or there is nobody to show a code to.
    pub(crate) async fn phone_key(&self, id: &str, elder: &str) -> Result<Vec<u8>, StoreError> {
        let mut tx = self.write().await?;
        let made: [u8; 32] = random()?;
        let sealed: Vec<u8> = sqlx::query_scalar(
            "update time_needs set phone_key = coalesce(phone_key, $3) \
             where id = $1 and elder = $2 and state in ('taken', 'started') returning phone_key",
        )
        .bind(id)
        .bind(elder)
        .bind(self.sealer.seal(place("time_needs.phone_key", id), &made)?)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(StoreError::NotFound)?;
        let key = self.sealer.open(place("time_needs.phone_key", id), &sealed)?.to_vec();
        tx.commit().await?;
        Ok(key)
    }

    /// Begins or ends a service: the volunteer typed the six digits that the served person has.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    #[cfg(test)]
    pub(crate) async fn sign_service(
        &self,
        id: &str,
        (resident, code): (&str, &str),
        doing: &Doing<'_>,
    ) -> Result<NeedState, NeedRefusal> {
        self.sign(id, (resident, &Given::Digits(code.to_owned())), None, doing).await
    }

    /// Begins or ends a service, now or at the time that the volunteer's device signed.
    ///
    /// # Errors
    /// See [`NeedRefusal`].
    pub(crate) async fn sign(
        &self,
        id: &str,
        (resident, given): (&str, &Given),
        from: Option<&FromDevice<'_>>,
        doing: &Doing<'_>,
    ) -> Result<NeedState, NeedRefusal> {
        let mut tx = self.write().await?;
        if let Some(done) = Self::take_key(&mut tx, doing.key, doing.owner, "time_sign", doing.now).await? {
            return NeedState::parse(&done).ok_or(NeedRefusal::Gone);
        }
        // The volunteer's row first, as everywhere: two services of one time can't be signed at one moment.
        sqlx::query("update time_volunteers set changed_at = changed_at where resident = $1")
            .bind(resident)
            .execute(&mut *tx)
            .await?;
        let need = self.need_inside(&mut tx, id).await?;
        if need.helper.as_deref() != Some(resident) {
            return Err(NeedRefusal::Gone);
        }
        let act = match need.state {
            NeedState::Taken => SignAct::Start,
            NeedState::Started => SignAct::End,
            _ => return Err(NeedRefusal::Gone),
        };
        if from.is_some_and(|from| from.act != act) {
            return Err(NeedRefusal::Gone);
        }
        let time = match from {
            Some(from) => device_time(&mut tx, (&need, resident), from, doing.now).await?,
            None => DeviceTime { at: doing.now, offline: false, clock_off: None },
        };
        let proved = self.proves(&mut tx, &need, given, time.at).await?;
        let apart = proved.phone_at.is_some_and(|at| (at.0 - time.at.0).abs() > PHONE_AGREES_MS);
        let state = self.signed(&mut tx, &need, (act, &time, apart), doing).await?;
        if let Some(from) = from {
            keep_sign(&mut tx, id, (from, &time, &proved), doing.now).await?;
        }
        Self::answer_key(&mut tx, doing.key, state.as_str()).await?;
        tx.commit().await?;
        Ok(state)
    }

    /// What the served person gave, held against this service.
    async fn proves(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        given: &Given,
        at: Instant,
    ) -> Result<Proved, NeedRefusal> {
        match given {
            Given::Digits(code) => {
                let fits =
                    need.code.as_ref().is_some_and(|kept| bool::from(kept.as_bytes().ct_eq(code.as_bytes())));
                fits.then_some(Proved { proof: SignProof::Code, phone_at: None }).ok_or(NeedRefusal::Code)
            }
            Given::Phone(code) => {
                let sealed: Option<Vec<u8>> =
                    sqlx::query_scalar("select phone_key from time_needs where id = $1")
                        .bind(&need.id)
                        .fetch_one(&mut **tx)
                        .await?;
                let Some(sealed) = sealed else { return Err(NeedRefusal::Code) };
                let key = self.sealer.open(place("time_needs.phone_key", &need.id), &sealed)?;
                let shown = |minute: &Instant| {
                    bool::from(phone_code(&key, &need.id, *minute).as_bytes().ct_eq(code.as_bytes()))
                };
                let phone_at = minutes_around(at).find(shown);
                phone_at
                    .map(|at| Proved { proof: SignProof::Phone, phone_at: Some(at) })
                    .ok_or(NeedRefusal::Code)
            }
            Given::Card(holder) => {
                let theirs = need.elder.is_some() && holder.as_ref() == need.elder.as_ref();
                theirs.then_some(Proved { proof: SignProof::Card, phone_at: None }).ok_or(NeedRefusal::Code)
            }
        }
    }

    /// Writes the start or the end, and asks the served person at the end.
    async fn signed(
        &self,
        tx: &mut Transaction<'static, Any>,
        need: &Need,
        (act, time, apart): (SignAct, &DeviceTime, bool),
        doing: &Doing<'_>,
    ) -> Result<NeedState, NeedRefusal> {
        let (id, at) = (need.id.as_str(), time.at);
        let Some(helper) = need.helper.as_deref() else { return Err(NeedRefusal::Gone) };
        let began = match act {
            // 志愿服务条例 17: the insurance comes first. Staff who know may still record what was done.
            SignAct::Start
                if need.kind.insurance && !self.is_insured(tx, helper, at.shanghai_date()).await? =>
            {
                return Err(NeedRefusal::NotInsured);
            }
            SignAct::Start => at,
            SignAct::End => match need.began_at {
                Some(began) if at.0 - began.0 >= 60_000 => began,
                _ => return Err(NeedRefusal::TooShort),
            },
        };
        // Now or by a clock that was believed: nobody is at two doors.
        if really_overlaps(tx, helper, id, (began, Instant(at.0.max(began.0 + 1)))).await? {
            return Err(NeedRefusal::Overlap);
        }
        let done = match act {
            SignAct::Start => sqlx::query(
                "update time_needs set state = 'started', began_at = $2, offline = $4, clocks_differ = $5, changed_at = $3 \
                 where id = $1 and state = 'taken'",
            ),
            SignAct::End => sqlx::query(
                "update time_needs set state = 'ended', over_at = $2, proof = 'code', \
                 offline = case when offline = 1 or $4 = 1 then 1 else 0 end, \
                 clocks_differ = case when clocks_differ = 1 or $5 = 1 then 1 else 0 end, changed_at = $3 \
                 where id = $1 and state = 'started'",
            ),
        };
        let differ = apart || time.clock_off.is_some();
        let done = done
            .bind(id)
            .bind(at.0)
            .bind(doing.now.0)
            .bind(i64::from(time.offline))
            .bind(i64::from(differ))
            .execute(&mut **tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(NeedRefusal::Gone);
        }
        let (state, noted) = match act {
            SignAct::Start => (NeedState::Started, AuditAct::TimeServiceBegun),
            SignAct::End => {
                self.ask_served(tx, need, (began, at), doing.now).await?;
                (NeedState::Ended, AuditAct::TimeServiceEnded)
            }
        };
        note(tx, noted, (&need.area, id), Some(helper), doing).await?;
        Ok(state)
    }
}

/// The telephone's minute and the time of the volunteer's device may lie so far apart.
const PHONE_AGREES_MS: i64 = 3 * 60_000;

/// Whether the volunteer's own device signed it, and when it was.
async fn device_time(
    tx: &mut Transaction<'static, Any>,
    (need, resident): (&Need, &str),
    from: &FromDevice<'_>,
    now: Instant,
) -> Result<DeviceTime, NeedRefusal> {
    let public_key: Option<Vec<u8>> =
        sqlx::query_scalar("select public_key from time_devices where id = $1 and resident = $2")
            .bind(from.device)
            .bind(resident)
            .fetch_optional(&mut **tx)
            .await?;
    let text = signed_text(&need.id, (from.act, from.at), from.device, (from.key, from.code_hash));
    if !public_key.is_some_and(|key| signed_by(&key, &text, from.signature)) {
        return Err(NeedRefusal::Forged);
    }
    // Nothing begins before it was promised, and nothing ends before it began.
    let not_before: i64 = match (from.act, need.began_at) {
        (SignAct::End, Some(began)) => began.0,
        _ => {
            sqlx::query_scalar("select changed_at from time_needs where id = $1")
                .bind(&need.id)
                .fetch_one(&mut **tx)
                .await?
        }
    };
    DeviceTime::judge(from.at, (from.device_now, now), Instant(not_before)).map_err(|why| match why {
        Implausible::TooOld => NeedRefusal::TooOld,
        Implausible::OutOfOrder => NeedRefusal::Implausible,
    })
}

/// What was signed is kept for whoever asks later.
async fn keep_sign(
    tx: &mut Transaction<'static, Any>,
    need: &str,
    (from, time, proved): (&FromDevice<'_>, &DeviceTime, &Proved),
    now: Instant,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into time_signs (need, act, device, proof, at, phone_at, received_at, clock_off, signed, signature) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(need)
    .bind(from.act.as_str())
    .bind(from.device)
    .bind(proved.proof.as_str())
    .bind(time.at.0)
    .bind(proved.phone_at.map(|at| at.0))
    .bind(now.0)
    .bind(time.clock_off)
    .bind(signed_text(need, (from.act, from.at), from.device, (from.key, from.code_hash)))
    .bind(from.signature)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether a volunteer gave another service in that span, as it really was.
pub(super) async fn really_overlaps(
    tx: &mut Transaction<'static, Any>,
    helper: &str,
    but: &str,
    (from, to): (Instant, Instant),
) -> Result<bool, StoreError> {
    // What goes on has begun, and has no end yet. What was counted at an event is a service by then.
    let other: Option<String> = sqlx::query_scalar(
        "select id from time_needs where helper = $1 and id <> $2 \
         and state in ('started', 'ended', 'disputed', 'confirmed') \
         and began_at < $4 and (over_at is null or over_at > $3) \
         union all select event from time_event_places where resident = $1 and event <> $2 \
         and state in ('here', 'left') and in_at < $4 and (out_at is null or out_at > $3) limit 1",
    )
    .bind(helper)
    .bind(but)
    .bind(from.0)
    .bind(to.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(other.is_some())
}
