//! `/staff/timebank`: needs of one's area, those without a helper first; one of them to its end.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field,
    LinkItem, LinkList, OptionGroup, Radios, Select, StaffLayout, TextArea,
};
use crate::domain::area;
use crate::domain::staff::{Post, Role};
use crate::domain::time::Instant;
use crate::domain::timebank::{
    LENGTHS, Language, NeedForm, NeedState, Served, Skill, minutes_text, service_kinds,
};
use crate::pages::timebank::act_form;
use crate::pages::{Sent, choices};
use crate::text::staff::{place_name, post_name};
use crate::text::timebank::{language_label, skill_label, state_label};

/// Who looks after needs of their area.
pub const CARERS: &[Role] = &[Role::CommunityWorker, Role::TimeBankCoordinator];

/// A need in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What for.
    pub kind: String,
    /// Where.
    pub area: String,
    /// When.
    pub starts_at: Instant,
    /// How it stands.
    pub state: NeedState,
    /// Its day is over and nobody came.
    pub missed: bool,
}

fn links(lines: &[&Line]) -> AnyView {
    let items: Vec<_> = lines
        .iter()
        .map(|line| LinkItem {
            href: format!("/staff/timebank/{}", line.id),
            title: format!("{} {}", line.kind, line.starts_at.shanghai_text()),
            hint: format!(
                "{}，{}{}",
                place_name(&line.area),
                state_label(line.state),
                if line.missed { "，时间已经过了" } else { "" }
            ),
            sign: String::new(),
        })
        .collect();
    view! { <LinkList items/> }.into_any()
}

/// The list; `corrects`: whoever looks coordinates the bank.
pub fn list(me: &Me, posts: &[Post], lines: &[Line], corrects: bool) -> impl IntoView + use<> {
    let part = |title: &'static str, states: &[NeedState]| {
        let found: Vec<_> = lines.iter().filter(|line| states.contains(&line.state)).collect();
        let list = links(&found);
        (!found.is_empty()).then(|| view! { <Card title>{list}</Card> })
    };
    let open = part("还没有人接", &[NeedState::Posted]);
    let disputed = part("两边说得不一样", &[NeedState::Disputed]);
    let due = part("打电话问服务对象，请他确认", &[NeedState::Ended]);
    let going = part("有人去、正在服务", &[NeedState::Taken, NeedState::Started]);
    let empty = lines
        .is_empty()
        .then(|| view! { <Empty title="现在没有等着办的" hint="接到老人的电话，按「登记一个需求」。"/> });
    let mut more = vec![
        ("/staff/timebank/events", "集体活动", "一起做的：报名、签到、核对名单"),
        ("/staff/timebank/insurance", "意外险", "去可能有危险的服务，先看保了没有"),
    ];
    if corrects {
        more.push(("/staff/timebank/records", "已经确认的服务", "记错了的，两个人更正"));
        more.push(("/staff/timebank/patterns", "请看一看", "有点不寻常的服务，机器不扣时间"));
        more.push(("/staff/timebank/freezes", "冻结的时间", "搬走、去世、注销以后的时间，两个人处理"));
        more.push(("/staff/timebank/import", "收下别处的服务记录", "志愿者从别的平台带来的"));
    }
    let more: Vec<_> = more
        .into_iter()
        .map(|(href, title, hint)| LinkItem {
            href: href.to_owned(),
            title: title.to_owned(),
            hint: hint.to_owned(),
            sign: String::new(),
        })
        .collect();
    let here = posts.iter().map(post_name).collect::<Vec<_>>().join("、");
    view! {
        <StaffLayout title="时间银行" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            <Actions><ButtonLink href="/staff/timebank/new">"登记一个需求"</ButtonLink></Actions>
            {empty}
            {open}
            {disputed}
            {due}
            {going}
            <LinkList items=more/>
        </StaffLayout>
    }
}

fn plain(options: Vec<(String, String)>) -> Vec<OptionGroup> {
    vec![OptionGroup { label: String::new(), options }]
}

/// The streets, to choose from.
pub(super) fn street_groups() -> Vec<OptionGroup> {
    plain(area::streets().iter().map(|of| (of.code.into(), of.name.into())).collect())
}

/// The communities of each street, to choose from.
pub(super) fn community_groups() -> Vec<OptionGroup> {
    area::streets()
        .iter()
        .map(|street| OptionGroup {
            label: street.name.to_owned(),
            options: area::communities_of(street.code)
                .iter()
                .map(|community| (community.code.into(), community.short_name().into()))
                .collect(),
        })
        .collect()
}

/// The kinds of service, to choose from.
pub(super) fn kind_groups() -> Vec<OptionGroup> {
    plain(service_kinds().iter().map(|kind| (kind.slug.clone(), kind.name.clone())).collect())
}

/// The form for a need that somebody told on the telephone.
pub fn new(me: &Me, sent: &Sent<NeedForm>, key: &str) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let error = |field: &str| sent.error(field);
    let lengths =
        plain(LENGTHS.iter().map(|minutes| (minutes.to_string(), minutes_text(*minutes))).collect());
    let languages = choices!(Language::ALL, language_label, |_| None);
    let skills = plain(Skill::ALL.iter().map(|of| (of.as_str().into(), skill_label(*of).into())).collect());
    let [name, phone, street, community, detail, kind, day, starts, minutes, language, skill, note] = [
        "name",
        "phone",
        "street",
        "community",
        "detail",
        "kind",
        "day",
        "starts",
        "minutes",
        "language",
        "skill",
        "note",
    ]
    .map(error);
    let (errors, key) = (sent.summary(), key.to_owned());
    view! {
        <StaffLayout title="登记一个需求" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <p>"老人打电话来说，您替他填。志愿者接了以后，才看得到姓名、门牌和电话。"</p>
            <form method="post" action="/staff/timebank/new" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="name" label="谁需要帮忙" value=form.name error=name maxlength=60/>
                <Field name="phone" label="电话" hint="手机或者座机；没有手机的，由社区打电话通知" inputmode="tel" value=form.phone error=phone maxlength=20/>
                <Select name="street" label="街道" groups=street_groups() value=form.street error=street/>
                <Select name="community" label="社区" groups=community_groups() value=form.community error=community/>
                <Field name="detail" label="门牌" value=form.detail error=detail maxlength=200/>
                <Select name="kind" label="做什么" groups=kind_groups() value=form.kind error=kind/>
                <Field name="day" label="哪一天" hint="比如 2026-12-01" value=form.day error=day maxlength=30/>
                <Field name="starts" label="几点开始" hint="比如 9:00" value=form.starts error=starts maxlength=10/>
                <Select name="minutes" label="大约多久" groups=lengths value=form.minutes error=minutes/>
                <Radios name="language" legend="说什么话" options=languages value=form.language error=language/>
                <Select name="skill" label="要会什么" groups=skills value=form.skill error=skill optional=true empty="没有特别的"/>
                <TextArea name="note" label="要留意什么" hint="只写帮忙用得上的" value=form.note error=note optional=true rows=3/>
                <Actions><Button>"登记"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// A need as staff see it.
#[derive(Clone)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// What for.
    pub kind: String,
    /// Where.
    pub area: String,
    /// When it is to begin.
    pub starts_at: Instant,
    /// When it is to end.
    pub ends_at: Instant,
    /// Which language.
    pub language: Language,
    /// How it stands.
    pub state: NeedState,
    /// What the volunteer should be good at.
    pub skill: Option<Skill>,
    /// Whom it is for.
    pub served: Served,
    /// The volunteer's masked name.
    pub helper: Option<String>,
    /// The code that the served person tells.
    pub code: Option<String>,
    /// When it began and was over.
    pub spent: (Option<Instant>, Option<Instant>),
    /// It was entered later than the 10 working days.
    pub late: bool,
    /// What the served person said against it.
    pub dispute: Option<String>,
    /// A coordinator looks first: it took very long, or clocks differ.
    pub review: bool,
    /// The times came in later than they were taken.
    pub offline: bool,
    /// The clocks of the devices and ours did not agree.
    pub clocks_differ: bool,
    /// Whether the one who looks coordinates the bank: a dispute and a long service are theirs.
    pub coordinator: bool,
}

crate::masked_debug!(Shown);

/// What was typed into the forms of that page.
#[derive(Clone, Debug, Default)]
pub struct ActForm {
    /// 9:00
    pub began: String,
    /// 10:30
    pub over: String,
    /// What the served person said.
    pub words: String,
}

fn rows(need: &Shown) -> Vec<Answer> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let planned = minutes_text((need.ends_at.0 - need.starts_at.0) / 60_000);
    let mut rows = vec![
        row("做什么", need.kind.clone()),
        row("什么时候", format!("{}，{planned}", need.starts_at.shanghai_full())),
        row("在哪里", format!("{} {}", place_name(&need.area), need.served.detail)),
        row("谁", need.served.name.clone()),
        row("电话", need.served.phone.clone()),
        row("说什么话", language_label(need.language).to_owned()),
    ];
    rows.extend(need.skill.map(|skill| row("要会什么", skill_label(skill).to_owned())));
    if !need.served.note.is_empty() {
        rows.push(row("留意", need.served.note.clone()));
    }
    if let Some(helper) = &need.helper {
        rows.push(row("志愿者", helper.clone()));
    }
    if let Some(code) =
        need.code.as_ref().filter(|_| matches!(need.state, NeedState::Taken | NeedState::Started))
    {
        rows.push(row("服务码，只告诉服务对象本人", code.clone()));
    }
    if let Some(began) = need.spent.0 {
        rows.push(row("开始", began.shanghai_full()));
        if let Some(over) = need.spent.1 {
            rows.push(row("结束", over.shanghai_full()));
            rows.push(row("一共", minutes_text((over.0 - began.0) / 60_000)));
        }
        if need.offline {
            rows.push(row("怎样记的", "当时没有信号，手机签好名，连上网以后送来".to_owned()));
        }
    }
    rows
}

fn act(need: &Shown, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    act_form(format!("/staff/timebank/{}", need.id), key, act, inside)
}

/// One need.
pub fn show(me: &Me, need: &Shown, sent: &Sent<ActForm>, words: &str, key: &str) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [began, over, spoke, said] = ["began", "over", "spoke", "words"].map(|field| sent.error(field));
    let minutes = match need.spent {
        (Some(began), Some(over)) => (over.0 - began.0) / 60_000,
        _ => 0,
    };
    let may_record = matches!(need.state, NeedState::Taken | NeedState::Started)
        || (need.state == NeedState::Disputed && need.coordinator);
    let record = may_record.then(|| {
        let inside = view! {
            <Card title="替他们记时间">
                <p>"志愿者没有用手机的，问清楚了再填。填了以后，还要服务对象本人说是这样。"</p>
                <Field name="began" label="几点开始" hint="比如 9:00" value=form.began error=began maxlength=10/>
                <Field name="over" label="几点结束" hint="比如 10:30" value=form.over error=over maxlength=10/>
                <Actions><Button kind="secondary">"记下时间"</Button></Actions>
            </Card>
        };
        act(need, key, "record", inside.into_any())
    });
    let confirm = (need.state == NeedState::Ended && (!need.review || need.coordinator)).then(|| {
        let agreed = view! {
            <Card title="问过本人了">
                <Checkbox name="spoke" label="打过电话或者当面问过，本人说是这样" error=spoke/>
                <Actions><Button>"本人确认了"</Button></Actions>
            </Card>
        };
        let differs = view! {
            <Card title="本人说不是这样">
                <TextArea name="words" label="本人怎么说" value=form.words error=said rows=3/>
                <Actions><Button kind="secondary">"交给协调员"</Button></Actions>
            </Card>
        };
        view! {
            {act(need, key, "confirm", agreed.into_any())}
            {act(need, key, "dispute", differs.into_any())}
        }
    });
    let cancel =
        matches!(need.state, NeedState::Posted | NeedState::Taken | NeedState::Started | NeedState::Disputed)
            .then(|| {
                let inside = view! { <Actions><Button kind="quiet">"不需要了，取消"</Button></Actions> };
                act(need, key, "cancel", inside.into_any())
            });
    let review = (need.review && need.state == NeedState::Ended).then(|| {
        let title = if need.clocks_differ { "手机的时间对不上" } else { "超过 12 小时" };
        view! {
            <Banner kind="warn" title>
                <p>"请协调员先问清楚，再确认。"</p>
            </Banner>
        }
    });
    let late = need.late.then(|| {
        view! {
            <Banner kind="warn" title="记得晚了">
                <p>"服务以后超过 10 个工作日才确认（《志愿服务记录与证明出具办法（试行）》第十一条）。"</p>
            </Banner>
        }
    });
    let dispute = need.dispute.clone().map(|words| {
        let recorded = minutes_text(minutes);
        view! {
            <Card title="两边怎么说">
                <p>{format!("记录：{recorded}")}</p>
                <p>{format!("服务对象：{words}")}</p>
            </Card>
        }
    });
    let fitting = (need.state == NeedState::Posted && need.coordinator).then(|| {
        let href = format!("/staff/timebank/{}/fitting", need.id);
        view! { <Actions><ButtonLink href kind="secondary">"看看谁合适"</ButtonLink></Actions> }
    });
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let (rows, errors) = (rows(need), sent.summary());
    let title = format!("{}：{}", need.kind, state_label(need.state));
    view! {
        <StaffLayout title back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {words}
            {review}
            {late}
            <Answers title="这次服务" rows/>
            {fitting}
            {dispute}
            {confirm}
            {record}
            {cancel}
        </StaffLayout>
    }
}
