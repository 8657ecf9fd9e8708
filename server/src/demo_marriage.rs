//! Sample marriage offices of the demo: one in each province, all made up and marked so, each with a sample clerk's account.

use anyhow::bail;
use app::domain::confirm::{CaseNumber, Holder};
use app::domain::marriage::{Couple, CoupleForm, Matter, NewOffice, Office, OfficeMode, PROVINCES, Session};
use app::domain::staff::{Post, Role};
use app::domain::time::Instant;
use app::visit::Owner;

use crate::confirm::{ConfirmationKey, issue_booking};
use crate::demo::{STAFF_PASSWORD, STAFF_SECRET};
use crate::settings::Settings;
use crate::staff::password;
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Signed, WantedSlot};
use crate::store::marriage::offices::Import;
use crate::store::marriage::plans::PlanChange;
use crate::store::staff::NewStaffAccount;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

/// The sample clerk of all sample offices outside 新吴区.
const CLERK: &str = "demo-marriage-all";

/// The code of a province's sample office.
fn code(province: &str) -> String {
    format!("demo-{province}")
}

/// Makes the sample offices and their clerk, unless they are there.
///
/// # Errors
/// The database failed.
pub(crate) async fn load_offices(store: &Store, now: Instant) -> anyhow::Result<String> {
    if store.credentials(CLERK).await?.is_none() {
        let posts: Result<Vec<_>, _> =
            PROVINCES.iter().map(|province| Post::new(Role::MarriageClerk, &code(province.code))).collect();
        let hash = password::hash(STAFF_PASSWORD).await?;
        let new = NewStaffAccount {
            login: CLERK,
            name: "示例人员",
            password_hash: &hash,
            password_once: false,
            totp_secret: Some(STAFF_SECRET),
            posts: &posts?,
        };
        store.add_staff(&new, &Actor::System, now).await?;
    }
    let sample = |code: String, province, place: [&str; 4]| {
        let [city, district, name, address] = place.map(str::to_owned);
        let office = Office {
            code,
            name,
            province,
            city,
            district,
            address,
            floor: "1 楼".into(),
            hours: "工作日 9:00–11:00，13:00–16:30".into(),
            summer_hours: String::new(),
            matters: Matter::CHOICES.to_vec(),
            foreign_related: false,
            transit: "示例公交站，走 5 分钟".into(),
            accessible: "门口有坡道，1 楼有无障碍室".into(),
            phone: "000-00000000".into(),
            booking_url: String::new(),
            mode: OfficeMode::Here,
            effective_from: jiff::civil::date(2026, 1, 1),
            source: "示例数据（演示用，不是真的）".into(),
            sample: true,
        };
        NewOffice { line: 0, office }
    };
    let mut offices: Vec<_> = PROVINCES
        .iter()
        .map(|province| {
            let name = format!("示例：{}婚姻登记处", province.capital);
            sample(code(province.code), province, [province.capital, "", &name, "示例路 1 号"])
        })
        .collect();
    if let Some(province) = PROVINCES.iter().find(|province| province.code == "32") {
        let place = ["无锡市", "新吴区", "示例：新吴区婚姻登记处", "示例路 3 号"];
        offices.push(sample("xinwu".into(), province, place));
    }
    let doer = Doer { id: "sample-clerk", actor: &Actor::System };
    let key = IdempotencyKey::new(store, "sample-marriage-offices-1", "offices");
    Ok(match store.import_marriage_offices(&offices, doer, &key, now).await? {
        Import::Done(once) => {
            format!(
                "Sample marriage offices: {} at /marriage/offices; their clerk is {CLERK}.",
                once.answer()
            )
        }
        // An office that stands already, from a demo of before: it stays.
        Import::Refused(_) => "Sample marriage offices: there already.".to_owned(),
    })
}

/// Gives each sample office two times of a working day for three matters, unless they are there.
///
/// # Errors
/// The database failed.
pub(crate) async fn load_times(store: &Store, now: Instant) -> anyhow::Result<()> {
    let matters = [
        Matter::MarriageRegistration,
        Matter::DivorceRegistration,
        Matter::DivorceSecondVisit,
        Matter::CertificateReissue,
    ];
    let codes = PROVINCES.iter().map(|province| code(province.code)).chain(["xinwu".to_owned()]);
    for office in codes {
        if !store.marriage_sessions(&office, now.shanghai_date()).await?.is_empty() {
            continue;
        }
        for matter in matters {
            for (starts, ends) in [(9 * 60, 11 * 60), (13 * 60, 16 * 60 + 30)] {
                let session = Session {
                    id: String::new(),
                    matter,
                    starts,
                    ends,
                    quota: 3,
                    from: jiff::civil::date(2026, 1, 1),
                    until: None,
                };
                let doer = Doer { id: "sample-clerk", actor: &Actor::System };
                let once = format!("sample-time-{office}-{}-{starts}", matter.as_str());
                let key = IdempotencyKey::new(store, &once, "time");
                match store
                    .change_marriage_plan(&office, &PlanChange::AddSession(&session), doer, &key, now)
                    .await
                {
                    Ok(()) | Err(StoreError::Conflict) => {}
                    Err(other) => return Err(other.into()),
                }
            }
        }
    }
    Ok(())
}

/// A sample couple that has a booking today, so that there is somebody to check in; made once a day.
///
/// # Errors
/// The database failed, or the key does not sign.
pub(crate) async fn load_today(
    settings: &Settings,
    store: &Store,
    signing: &ConfirmationKey,
    now: Instant,
) -> anyhow::Result<()> {
    let (day, owner, hour) = (now.shanghai_date(), Owner("sample-couple".into()), 3_600_000);
    let (starts, ends) = (9 * 60, 16 * 60 + 30);
    let wanted =
        WantedSlot { office: "xinwu", matter: Matter::MarriageRegistration, day, starts, ends, quota: 9 };
    let form = CoupleForm {
        me: "man".into(),
        man_name: "示例甲".into(),
        man_document: "320205199505107312".into(),
        man_mobile: "13900001111".into(),
        woman_name: "示例乙".into(),
        woman_document: "320205199605107424".into(),
        woman_mobile: "13900002222".into(),
        way: "door".into(),
    };
    let Ok(couple) = Couple::parse(&form, wanted.matter, day, day) else {
        bail!("the sample couple is wrong")
    };
    let key = |act: &str| IdempotencyKey::new(store, &format!("sample-couple-{act}-{day}"), act);
    // Held already, by an earlier run of today: it stays as it is.
    let Ok(OnlyOnce::Done(id)) =
        store.hold_marriage_slot(&wanted, &owner, &Actor::System, &key("hold"), now).await
    else {
        return Ok(());
    };
    let number = CaseNumber::new("HY", day, crate::seal::random_u64()?).as_str().to_owned();
    let holder = Holder { name: couple.man.name.masked(), document_tail: couple.man.document.last_three() };
    let midnight = Instant::shanghai_midnight(day.tomorrow()?);
    let times = (Instant::shanghai_midnight(day), u64::from(ends - starts), midnight);
    let confirmation = issue_booking(signing, &settings.issuer, &number, holder, times, now).await?;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let by = (&owner, &Actor::System);
    let until = Instant(now.0 + hour);
    match store.tell_marriage_couple(&id, &couple, until, None, Some(&signed), by, &key("tell"), now).await {
        Ok(()) | Err(BookRefusal::BookedBefore | BookRefusal::Over) => Ok(()),
        Err(other) => Err(other.into()),
    }
}
