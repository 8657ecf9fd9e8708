//! Sample marriage offices of the demo: one in each province, all made up and marked so, each with a sample clerk's account.

use app::domain::marriage::{Matter, NewOffice, Office, OfficeMode, PROVINCES, Session};
use app::domain::staff::{Post, Role};
use app::domain::time::Instant;

use crate::demo::{STAFF_PASSWORD, STAFF_SECRET};
use crate::staff::password;
use crate::store::audit::Actor;
use crate::store::marriage::offices::Import;
use crate::store::marriage::plans::PlanChange;
use crate::store::staff::NewStaffAccount;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

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
            matters: Matter::ALL.to_vec(),
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
    let matters = [Matter::MarriageRegistration, Matter::DivorceRegistration, Matter::CertificateReissue];
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
