//! `/staff/marriage`: a clerk's offices, what one offers, and who comes on a day.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Choice, Empty, ErrorSummary, Field, LinkItem, LinkList,
    OptionGroup, Radios, Select, StaffLayout,
};
use crate::domain::marriage::{
    Booking, Closure, ClosureForm, DayPart, DoorRulesForm, NoShowPolicy, Office, RulesForm, Session,
    SessionForm, time_words,
};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::text::marriage::{matter_label, no_show_policy_label, part_label};

/// What an office offers, with its history and the forms as typed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The office.
    pub office: Office,
    /// Its times.
    pub sessions: Vec<Session>,
    /// When it is closed.
    pub closures: Vec<Closure>,
    /// What was changed, the newest first.
    pub history: Vec<(Instant, String)>,
    /// The form for a new time.
    pub session: Sent<SessionForm>,
    /// The form for a closure.
    pub closure: Sent<ClosureForm>,
    /// The form for the rules.
    pub rules: Sent<RulesForm>,
    /// The form for the rules of the door.
    pub door: Sent<DoorRulesForm>,
    /// Bookings whose couples object to an entry that they did not come.
    pub objections: Vec<Booking>,
    /// The same is there already, or what should end has ended.
    pub conflict: bool,
    /// The key of the forms.
    pub key: String,
}

/// One's own offices.
pub fn offices(me: &Me, offices: &[Office]) -> impl IntoView + use<> {
    let items: Vec<_> = offices
        .iter()
        .map(|office| LinkItem {
            href: format!("/staff/marriage/{}", office.code),
            title: office.name.clone(),
            hint: format!("{}{}", office.city, office.address),
            sign: String::new(),
        })
        .collect();
    let list = if items.is_empty() {
        view! { <Empty title="还没有您的登记处" hint="请管理员先导入登记处的信息"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! { <StaffLayout title="婚姻登记" back="/staff" name=me.name.clone() doors=me.doors()>{list}</StaffLayout> }
}

fn groups(options: Vec<(String, String)>) -> Vec<OptionGroup> {
    vec![OptionGroup { label: String::new(), options }]
}

/// A button that changes one line.
fn act(action: String, key: String, words: &'static str) -> impl IntoView + use<> {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="idempotency_key" value=key/>
            <Button kind="secondary">{words}</Button>
        </form>
    }
}

/// What holds at the door.
fn door_rules_card(base: &str, sent: &Sent<DoorRulesForm>, key: String) -> impl IntoView + use<> {
    let (action, form) = (format!("{base}/door-rules"), sent.form.clone());
    let walk_ins = vec![
        Choice { value: "yes".into(), label: "收，现场取号".into(), hint: None },
        Choice { value: "no".into(), label: "不收，只办约好的".into(), hint: None },
    ];
    let policies = choices!(NoShowPolicy::ALL, no_show_policy_label, |_| None);
    let [walk_in_error, no_show_error] = ["walk_in", "no_show"].map(|field| sent.error(field));
    view! {
        <Card title="门口的规矩">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="walk_in" legend="没有预约的收不收？" options=walk_ins value=form.walk_in error=walk_in_error/>
                <Radios name="no_show" legend="约了没来，有什么影响？" options=policies value=form.no_show error=no_show_error/>
                <Actions><Button kind="secondary">"改门口的规矩"</Button></Actions>
            </form>
        </Card>
    }
}

/// The page of one office.
pub fn plan(me: &Me, plan: &Plan) -> impl IntoView + use<> {
    let base = format!("/staff/marriage/{}", plan.office.code);
    let key = |at: usize, of: &str| format!("{}{of}{at}", plan.key);
    let conflict = plan.conflict.then(
        || view! { <Banner kind="bad" title="没有改：同样的已经有了，或者已经停了。请看看下面现在的情况"/> },
    );
    let sessions = plan
        .sessions
        .iter()
        .enumerate()
        .map(|(at, session)| {
            let until = session.until.map_or_else(String::new, |until| format!("，最后一天 {until}"));
            let words = format!(
                "{} {}，每个工作日 {} 对，{} 起{until}",
                matter_label(session.matter),
                time_words(session.starts, session.ends),
                session.quota,
                session.from
            );
            let end = session
                .until
                .is_none()
                .then(|| act(format!("{base}/sessions/{}/end", session.id), key(at, "s"), "今天以后停"));
            view! { <p>{words}</p> {end} }
        })
        .collect_view();
    let closures = plan
        .closures
        .iter()
        .enumerate()
        .map(|(at, closure)| {
            let words =
                format!("{} {}不开：{}", date_text(closure.day), part_label(closure.part), closure.reason);
            let open = act(format!("{base}/closures/{}/reopen", closure.id), key(at, "c"), "照常开");
            view! { <p>{words}</p> {open} }
        })
        .collect_view();
    let objections: Vec<_> = plan
        .objections
        .iter()
        .map(|booking| LinkItem {
            href: format!("{base}/door/{}", booking.id),
            title: format!("{} {}", date_text(booking.day), booking.number),
            hint: "说那天来过，或者有别的原因".into(),
            sign: String::new(),
        })
        .collect();
    let objections = (!objections.is_empty())
        .then(|| view! { <Card title="对“没来”的记录有意见，等答复"><LinkList items=objections/></Card> });
    let door_rules = door_rules_card(&base, &plan.door, format!("{}d0", plan.key));
    let history = plan
        .history
        .iter()
        .map(|(at, words)| view! { <li>{format!("{}：{words}", at.shanghai_full())}</li> })
        .collect_view();
    let matters = plan.office.bookable();
    let matters =
        groups(matters.iter().map(|matter| (matter.as_str().into(), matter_label(*matter).into())).collect());
    let parts =
        groups(DayPart::ALL.iter().map(|part| (part.as_str().into(), part_label(*part).into())).collect());
    let (session, closure, rules) = (&plan.session, &plan.closure, &plan.rules);
    let mut errors = session.summary();
    errors.extend(closure.summary());
    errors.extend(rules.summary());
    errors.extend(plan.door.summary());
    let [matter_error, starts_error, ends_error, quota_error, from_error] =
        ["matter", "starts", "ends", "quota", "from"].map(|field| session.error(field));
    let [day_error, part_error, reason_error] = ["day", "part", "reason"].map(|field| closure.error(field));
    let [min_error, max_error, hours_error] =
        ["window_min", "window_max", "keep_hours"].map(|field| rules.error(field));
    let (session, closure, rules) = (session.form.clone(), closure.form.clone(), rules.form.clone());
    let [day_page, door_page, hot_page, numbers_page, sessions_action, closures_action, rules_action] =
        ["day", "door", "hot", "numbers", "sessions", "closures", "rules"]
            .map(|page| format!("{base}/{page}"));
    let [session_key, closure_key, rules_key] = ["a", "b", "r"].map(|of| key(0, of));
    let name = plan.office.name.clone();
    view! {
        <StaffLayout title=name back="/staff/marriage" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {conflict}
            <Actions>
                <ButtonLink href=door_page>"门口取号叫号"</ButtonLink>
                <ButtonLink href=day_page kind="secondary">"今天谁来"</ButtonLink>
                <ButtonLink href=hot_page kind="secondary">"特别的日子"</ButtonLink>
                <ButtonLink href=numbers_page kind="secondary">"每月的数"</ButtonLink>
            </Actions>
            {objections}
            <Card title="时间和名额">{sessions}</Card>
            <Card title="加一个时间">
                <form method="post" action=sessions_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=session_key/>
                    <Select name="matter" label="办什么" groups=matters value=session.matter error=matter_error/>
                    <Field name="starts" label="几点开始" hint="比如 9:00" value=session.starts error=starts_error maxlength=8/>
                    <Field name="ends" label="几点结束" hint="比如 11:00" value=session.ends error=ends_error maxlength=8/>
                    <Field name="quota" label="约几对" hint="1 到 999" inputmode="numeric" value=session.quota error=quota_error maxlength=4/>
                    <Field name="from" label="从哪一天起" hint="比如 2026-12-01；每个工作日都开，调休的周末也开" value=session.from error=from_error maxlength=30/>
                    <Actions><Button>"加上"</Button></Actions>
                </form>
            </Card>
            <Card title="不开的日子">{closures}
                <form method="post" action=closures_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=closure_key/>
                    <Field name="day" label="哪一天" hint="比如 2026-12-01" value=closure.day error=day_error maxlength=30/>
                    <Select name="part" label="哪个时段" groups=parts value=closure.part error=part_error/>
                    <Field name="reason" label="为什么" hint="来办事的人会看到" value=closure.reason error=reason_error maxlength=60/>
                    <p class="xw-hint">"已经约好的不会自动取消：请到那一天的名单里，把他们整批改到别的时间。"</p>
                    <Actions><Button kind="secondary">"这天不开"</Button></Actions>
                </form>
            </Card>
            <Card title="预约的规矩">
                <form method="post" action=rules_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=rules_key/>
                    <Field name="window_min" label="最少提前几天" hint="1 到 30" inputmode="numeric" value=rules.window_min error=min_error maxlength=3/>
                    <Field name="window_max" label="最多提前几天" hint="1 到 90" inputmode="numeric" value=rules.window_max error=max_error maxlength=3/>
                    <Field name="keep_hours" label="为对方保留几小时" hint="1 到 72，不会留到办理当天" inputmode="numeric" value=rules.keep_hours error=hours_error maxlength=3/>
                    <Actions><Button kind="secondary">"改规矩"</Button></Actions>
                </form>
            </Card>
            {door_rules}
            <Card title="改过什么"><ul>{history}</ul></Card>
        </StaffLayout>
    }
}
