//! `/me/consents`: what a resident agreed to, each withdrawn by one button (个人信息保护法 14 to 16, 29), and what rests on the
//! law instead.

use leptos::prelude::*;

use crate::components::{Actions, Button, Card, Hint, Layout, Tag};
use crate::domain::consents::{ConsentKind, ConsentText, current, text_of};
use crate::ports::{CheckConsentLine, GivenConsent, SuggestionLine};
use crate::text;

/// Everything that the page shows.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Consents with a row of their own, the newest first.
    pub consents: Vec<GivenConsent>,
    /// The profile holds something that a withdrawal would delete.
    pub profile_kept: bool,
    /// Messages go beyond the inbox at the moment.
    pub messages_sent: bool,
    /// Applications whose answers may be looked through for other help.
    pub suggestions: Vec<SuggestionLine>,
    /// Data checks.
    pub checks: Vec<CheckConsentLine>,
}

/// What rests on the law and needs no consent: what it is, the article, and what one can do instead.
const DUTIES: [(&str, &str); 5] = [
    (
        "审核救助申请",
        "交上来的申请是履行法定职责所必需的（个人信息保护法第十三条第一款第三项、第三十五条）。填错了可以改正。",
    ),
    ("窗口核对过的姓名和证件", "用来认出是您本人（同一项）。删除账号时一起删除。"),
    ("登录验证码和换号码的提醒", "为了账号安全，是法律要求的保护措施（个人信息保护法第五十一条）。"),
    ("谁看过、办过什么的记录", "网络运行要留的记录（网络安全法第二十三条），也是您能查到谁看过材料的依据。"),
    ("投诉和建议", "要答复您，就要留着您写的内容（个人信息保护法第十三条第一款第三项、第五十条）。"),
];

fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n").map(|paragraph| view! { <p>{paragraph.trim().to_owned()}</p> }).collect_view()
}

/// What is asked for, at the place where it is given. The form's button says that one agrees.
pub(super) fn asked(consent: Option<&'static ConsentText>) -> impl IntoView + use<> {
    consent.map(|consent| {
        view! {
            <div id="consent" tabindex="-1">
                <Card title="保存以前，请看一看">{paragraphs(&consent.asked)}</Card>
            </div>
            <input type="hidden" name="consent" value=consent.version.clone()/>
        }
    })
}

/// The words of the button below it.
pub(super) fn keep_words(consent: Option<&'static ConsentText>) -> &'static str {
    if consent.is_some() { "同意并保存" } else { "保存" }
}

fn kind_card(kind: ConsentKind, given: &Given) -> impl IntoView + use<> {
    let of_kind = || given.consents.iter().filter(|line| line.kind == kind);
    let holds = of_kind().find(|line| line.withdrawn_at.is_none()).cloned();
    let text = holds.as_ref().and_then(|line| text_of(kind, &line.version)).unwrap_or_else(|| current(kind));
    let (taken_back, none) = match kind {
        ConsentKind::Profile => (given.profile_kept, "现在没有同意，账号里也没有存着这些资料。"),
        ConsentKind::Messages => (given.messages_sent, "现在没有同意，办事的进展只放在站内消息里。"),
    };
    // What is there without a consent was noted by others, or is the way it is before anything was chosen.
    let silent = match kind {
        ConsentKind::Profile => "您没有在这里同意过，账号里有从别处登记的资料。",
        ConsentKind::Messages => "您还没有选过，现在办事的进展会发到登录号码。",
    };
    let state = match &holds {
        Some(line) => {
            let words = format!("{} 同意，文本 {} 版。", line.given_at.shanghai_full(), line.version);
            view! { <p><Tag kind="good">"已同意"</Tag>" "{words}</p> }.into_any()
        }
        None => view! { <p>{if taken_back { silent } else { none }}</p> }.into_any(),
    };
    let shown = holds.is_some().then(|| paragraphs(&text.asked));
    let withdraw = (holds.is_some() || taken_back).then(|| {
        let (action, undone) = (format!("/me/consents/{}/withdraw", kind.as_str()), paragraphs(&text.undone));
        let words = match kind {
            ConsentKind::Profile => "收回同意，删除资料",
            ConsentKind::Messages if holds.is_some() => "收回同意，只看站内消息",
            ConsentKind::Messages => "改成只看站内消息",
        };
        view! {
            {undone}
            <form method="post" action=action><Actions><Button kind="danger">{words}</Button></Actions></form>
        }
    });
    let earlier = of_kind()
        .filter_map(|line| Some((line, line.withdrawn_at?)))
        .map(|(line, ended)| {
            let words = format!(
                "{} 同意（{} 版），{} 收回",
                line.given_at.shanghai_full(),
                line.version,
                ended.shanghai_full()
            );
            view! { <p class="xw-hint">{words}</p> }
        })
        .collect_view();
    view! { <Card title=text.title.clone()>{state}{shown}{withdraw}{earlier}</Card> }
}

fn suggestion_card(line: &SuggestionLine) -> impl IntoView + use<> {
    let words = format!(
        "{} 交{}申请 {} 时同意。",
        line.given_at.shanghai_full(),
        text::aid::item_words(&line.item),
        line.number
    );
    let action = format!("/me/consents/suggestions/{}/withdraw", line.number);
    view! {
        <Card title="用申请看看还有什么帮助适合我">
            <p><Tag kind="good">"已同意"</Tag>" "{words}</p>
            <p>"收回以后，工作人员不再用这份申请看别的救助和补贴。这次申请照常办，已经告诉过您的不受影响。"</p>
            <form method="post" action=action><Actions><Button kind="danger">"收回同意，不用看别的"</Button></Actions></form>
        </Card>
    }
}

fn check_card(line: &CheckConsentLine) -> impl IntoView + use<> {
    let item = text::aid::item_words(&line.item);
    let (whose, back) = match &line.number {
        Some(number) => (
            format!("{item}申请 {number}"),
            "收回以后，不能再核对，这次申请就没法审核；已经核对过的不受影响。",
        ),
        None => (
            format!("{}的{item}申请", line.applicant),
            "收回以后，不能再核对您的情况，这次申请可能没法审核；已经核对过的不受影响。",
        ),
    };
    let words = format!("{} 为{whose}同意（社会救助法第四十条的授权）。", line.given_at.shanghai_full());
    view! {
        <Card title="核对家庭经济状况">
            <p><Tag kind="good">"已同意"</Tag>" "{words}</p>
            <p>{back}</p>
            <p>"网上还不能撤下交上去的申请。要收回，请到受理的街道窗口，或者在「投诉与建议」里写明，工作人员停下核对，再和您说申请怎么办。"</p>
            <a class="xw-alone" href="/feedback">"去投诉与建议"</a>
        </Card>
    }
}

/// The page.
pub fn consents(given: &Given) -> impl IntoView + use<> {
    let kinds = ConsentKind::ALL.iter().map(|kind| kind_card(*kind, given)).collect_view();
    let suggestions = given.suggestions.iter().map(suggestion_card).collect_view();
    let checks = given.checks.iter().map(check_card).collect_view();
    let duties =
        DUTIES.iter().map(|(what, why)| view! { <li><strong>{*what}</strong>"："{*why}</li> }).collect_view();
    view! {
        <Layout title="我的同意" back="/me/data">
            <Hint>"每一项都可以单独收回，不影响别的事。收回以前已经做的，仍然有效。"</Hint>
            {kinds}
            {suggestions}
            {checks}
            <Card title="不用同意、法律要求做的"><ul>{duties}</ul></Card>
        </Layout>
    }
}
