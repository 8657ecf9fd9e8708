//! Needs near by, and one of them for the two people in it.

use leptos::prelude::*;

use super::{act_form, kept_script, nothing};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Figure, Layout,
    LinkItem, LinkList, TextArea,
};
use crate::domain::time::Instant;
use crate::domain::timebank::{Fit, Language, NeedState, Served, ServiceKind, Skill, minutes_text};
use crate::pages::Sent;
use crate::text::timebank::{fit_words, language_label, skill_label, state_label};

/// Who looks at a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A volunteer who may say yes.
    Candidate,
    /// The volunteer who said yes.
    Helper,
    /// Whom it is for.
    Served,
}

/// A need, as one of these may see it.
#[derive(Clone)]
pub struct NeedView {
    /// Its id.
    pub id: String,
    /// Who looks.
    pub role: Role,
    /// What for.
    pub kind: &'static ServiceKind,
    /// Street and community in words.
    pub place: String,
    /// When it is to begin.
    pub starts_at: Instant,
    /// When it is to end.
    pub ends_at: Instant,
    /// Which language.
    pub language: Language,
    /// How it stands.
    pub state: NeedState,
    /// Whom it is for; for the two of them alone.
    pub served: Option<Served>,
    /// The code that the served person tells.
    pub code: Option<String>,
    /// When it began and was over.
    pub spent: (Option<Instant>, Option<Instant>),
    /// What the served person said against it.
    pub dispute: Option<String>,
    /// Whoever looks ordered it with their own hours.
    pub own_order: bool,
    /// What the volunteer should be good at.
    pub skill: Option<Skill>,
    /// Why it fits whoever may take it.
    pub fit: Option<Fit>,
}

crate::masked_debug!(NeedView);

impl NeedView {
    fn when(&self) -> String {
        let minutes = (self.ends_at.0 - self.starts_at.0) / 60_000;
        format!("{}，{}", self.starts_at.shanghai_full(), minutes_text(minutes))
    }

    /// As a row of a list.
    pub fn line(&self) -> LinkItem {
        let whose = match self.role {
            Role::Candidate => {
                let why = self.fit.map(|fit| format!("：{}", fit_words(&fit, true))).unwrap_or_default();
                format!("{}{why}", self.place)
            }
            Role::Helper if self.state == NeedState::Taken => "我去帮忙，说好了".to_owned(),
            Role::Helper => format!("我去帮忙，{}", state_label(self.state)),
            Role::Served => format!("帮我的，{}", state_label(self.state)),
        };
        LinkItem {
            href: format!("/timebank/needs/{}", self.id),
            title: format!("{} {}", self.kind.name, self.starts_at.shanghai_text()),
            hint: whose,
            sign: String::new(),
        }
    }

    fn rows(&self) -> Vec<Answer> {
        let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
        let mut rows = vec![
            row("做什么", self.kind.name.clone()),
            row("什么时候", self.when()),
            row("在哪里", self.place.clone()),
            row("说什么话", language_label(self.language).to_owned()),
        ];
        rows.extend(self.skill.map(|skill| row("要有的本事", skill_label(skill).to_owned())));
        rows.extend(self.fit.map(|fit| row("合适吗", fit_words(&fit, true))));
        // Long after, nobody knows any more whom it was for.
        if let Some(served) = self.served.as_ref().filter(|served| !served.name.is_empty()) {
            rows.push(row("找谁", served.name.clone()));
            rows.push(row("门牌", served.detail.clone()));
            rows.push(row("电话", served.phone.clone()));
            if !served.note.is_empty() {
                rows.push(row("留意", served.note.clone()));
            }
        }
        if let (Some(began), over) = self.spent {
            rows.push(row("开始", began.shanghai_full()));
            if let Some(over) = over {
                rows.push(row("结束", over.shanghai_full()));
                rows.push(row("一共", minutes_text((over.0 - began.0) / 60_000)));
            }
        }
        rows
    }
}

/// The list of those that one may take.
pub fn needs(list: &[NeedView]) -> impl IntoView + use<> {
    let part = |title: &'static str, fits: bool| {
        let asked = |need: &&NeedView| need.fit.is_some_and(|fit| fit.fits()) == fits;
        let items: Vec<_> = list.iter().filter(asked).map(NeedView::line).collect();
        (!items.is_empty()).then(|| view! { <Card title><LinkList items/></Card> })
    };
    let (fitting, rest) = (part("合适您的", true), part("其他的，您看行不行", false));
    let none = match (list.is_empty(), fitting.is_some()) {
        (true, _) => nothing("现在没有人等帮忙", "有新的会出现在这里。"),
        (false, false) => nothing("现在没有正合适的", "多选几样能做的、多说几个有空的时候，合适的会多一些。"),
        _ => ().into_any(),
    };
    view! {
        <Layout title="附近谁需要帮忙" back="/timebank">
            <p class="xw-lead">"合适的在前面，写着为什么；其他的也都列着。接了以后，才看得到姓名、门牌和电话。"</p>
            {none}
            {fitting}
            {rest}
        </Layout>
    }
}

/// A form of one act on a need.
fn act(id: &str, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    act_form(format!("/timebank/needs/{id}"), key, act, inside)
}

fn sign(need: &NeedView, sent: &Sent<()>, key: &str) -> AnyView {
    let (words, hint) = match need.state {
        NeedState::Taken => (
            "开始服务",
            "到了以后，请服务对象告诉您 6 位数字，或者他手机上的 9 位数字、出示卡上的短码；忘了的，打电话问社区",
        ),
        _ => ("服务结束", "走之前，再请他告诉您一次"),
    };
    let error = sent.error("code");
    let form = view! {
        <Field name="code" label="服务码" hint inputmode="numeric" error maxlength=12/>
        <Actions><Button>{words}</Button></Actions>
    };
    let href = format!("/timebank/needs/{}/sign", need.id);
    view! {
        {act(&need.id, key, "sign", form.into_any())}
        <ButtonLink href kind="secondary">"那里没有信号？出门前打开这一页"</ButtonLink>
        {kept_script()}
    }
    .into_any()
}

/// One need.
pub fn need(need: &NeedView, sent: &Sent<()>, words: &str, key: &str) -> impl IntoView + use<> {
    let never = need.kind.never.iter().map(|never| view! { <li>{never.clone()}</li> }).collect_view();
    let insurance = need
        .kind
        .insurance
        .then(|| view! { <li>"去之前要有意外险，没有的先找社区（《志愿服务条例》第十七条）"</li> });
    let care = (need.role != Role::Served)
        .then(|| view! { <Card title="不做这些"><ul>{never}{insurance}</ul></Card> });
    let id = need.id.as_str();
    let body = match (need.role, need.state) {
        (Role::Candidate, NeedState::Posted) if need.fit.is_some_and(|fit| !fit.kind) => view! {
            <Banner kind="info" title="这一样您还没有登记">
                <p>"愿意做的，先在「改我能做的」里选上，再回来接。"</p>
            </Banner>
            <ButtonLink href="/timebank/volunteer" kind="secondary">"改我能做的"</ButtonLink>
        }
        .into_any(),
        (Role::Candidate, NeedState::Posted) => {
            act(id, key, "take", view! { <Actions><Button>"我去"</Button></Actions> }.into_any())
        }
        (Role::Helper, NeedState::Taken) => view! {
            {sign(need, sent, key)}
            {act(id, key, "give-up", view! { <Actions><Button kind="quiet">"我来不了了"</Button></Actions> }.into_any())}
        }
        .into_any(),
        (Role::Helper, NeedState::Started) => sign(need, sent, key),
        (Role::Served, NeedState::Taken | NeedState::Started) => {
            let value = need.code.clone().unwrap_or_default();
            let href = format!("/timebank/needs/{id}/code");
            view! {
                <Figure label="服务码" value hint="志愿者到的时候和走的时候，把这 6 位数字告诉他；电话里谁问都不要说"/>
                <ButtonLink href kind="secondary">"用这部手机出示，没有信号也行"</ButtonLink>
            }
            .into_any()
        }
        (Role::Served, NeedState::Ended) => {
            let error = sent.error("words");
            view! {
                {act(id, key, "confirm", view! { <Actions><Button>"是这样，确认"</Button></Actions> }.into_any())}
                {act(id, key, "dispute", view! {
                    <TextArea name="words" label="不是这样？写一写实际情况" value=String::new() error/>
                    <Actions><Button kind="secondary">"时间不对，或者没有来"</Button></Actions>
                }.into_any())}
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    let cancel = (need.own_order && matches!(need.state, NeedState::Posted | NeedState::Taken)).then(|| {
        let inside = view! { <Actions><Button kind="quiet">"取消，时间退回来"</Button></Actions> };
        act(id, key, "cancel", inside.into_any())
    });
    let dispute = need.dispute.clone().map(|words| view! { <Card title="服务对象说"><p>{words}</p></Card> });
    let (rows, errors) = (need.rows(), sent.summary());
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let title = format!("{}：{}", need.kind.name, state_label(need.state));
    view! {
        <Layout title back="/timebank" narrow=true>
            <ErrorSummary errors/>
            {words}
            <Answers title="这次服务" rows/>
            {care}
            {body}
            {cancel}
            {dispute}
        </Layout>
    }
}
