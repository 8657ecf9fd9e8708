//! Sample applications for 低保: one whose opinion is put up in public now, one that was given aid after its notice.

use app::domain::aid::case::CaseAct;
use app::domain::aid::catalogue::{Gives, NoticeField};
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::public_notice::Publicity;
use app::domain::time::Instant;
use app::visit::Owner;

use crate::confirm::ConfirmationKey;
use crate::settings::Settings;
use crate::store::audit::Actor;
use crate::store::case_acts::Doing;
use crate::store::public_notices::PublicRules;
use crate::store::{IdempotencyKey, Store};

const ITEM: &str = "minimum-living-security";
const DAY: i64 = 24 * 3_600_000;

/// Loads what is missing.
///
/// # Errors
/// The sample data is wrong, or the database failed.
pub(crate) async fn load(
    settings: &Settings,
    store: &Store,
    key: &ConfirmationKey,
    now: Instant,
) -> anyhow::Result<()> {
    let id_of = async |login: &str| store.credentials(login).await.map(|found| found.map(|found| found.id));
    let (Some(street), Some(district)) = (id_of("demo-street").await?, id_of("demo-district").await?) else {
        return Ok(());
    };
    let rules = PublicRules {
        publicity: Publicity {
            notice_days: Some(7),
            fields: vec![NoticeField::Name, NoticeField::HouseholdSize, NoticeField::Amount],
        },
        rolls: settings.notice_rolls,
        whole_names: settings.notice_whole_names,
        publication_days: settings.publication_days,
    };
    for (number, age, decided) in [("JZ261123000001", 1, false), ("JZ261123000002", 20, true)] {
        let (owner, received) = (Owner(format!("sample-{number}")), Instant(now.0 - age * DAY));
        if !crate::demo::send(settings, store, key, (owner.clone(), number, ITEM), received).await? {
            continue;
        }
        let Some(case) = store.own_case(number, &owner).await? else { continue };
        let doing = |staff: &str, post: &str, act: &str, at: Instant| Doing {
            actor: Actor::Staff { id: staff.to_owned(), post: post.to_owned() },
            key: IdempotencyKey::new(store, &format!("sample-{number}-{act}"), act),
            owner: Owner("sample".into()),
            now: at,
        };
        let at_street = |act: &str| doing(&street, "street_officer@320214050", act, received);
        store.move_case(&case, CaseAct::Accept, &at_street("accept")).await?;
        let form = OpinionForm {
            outcome: "grant".into(),
            amount: "1530".into(),
            ground: String::new(),
            reasons: "示例：入户看了，母亲长期生病，全家靠一份零工过日子，人均收入低于标准。".into(),
            ..OpinionForm::default()
        };
        let opinion = Opinion::parse(&form, Gives::Money, received.shanghai_date())
            .map_err(|errors| anyhow::anyhow!("sample data: {errors:?}"))?;
        store.give_opinion_in_public(&case, &opinion, Some(&rules), &at_street("opinion")).await?;
        if decided {
            let later = Instant(now.0 - DAY);
            let doing = doing(&district, "district_officer@320214", "decide", later);
            store.decide_in_public(&case, Outcome::Grant, Some(&rules), &doing).await?;
        }
    }
    Ok(())
}
