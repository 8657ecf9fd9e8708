//! `/V/{token}` and `/check`: is this confirmation real? Yes or no, and the least detail.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, CheckResult, ErrorSummary, Field, Hint, Layout,
};
use crate::domain::area;
use crate::domain::confirm::check::{CheckAnswer, CheckState, Standing};
use crate::domain::confirm::{Claims, ConfirmationKind};
use crate::domain::time::Instant;
use crate::pages::Sent;

/// The short code as typed.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ShortForm {
    /// Eight signs.
    pub code: String,
}

fn kind_words(kind: ConfirmationKind) -> &'static str {
    match kind {
        ConfirmationKind::AidReceipt => "救助申请收件凭证",
        ConfirmationKind::Booking => "预约凭证",
        ConfirmationKind::Meal => "助餐凭证",
        ConfirmationKind::Hours => "志愿服务时长凭证",
        ConfirmationKind::Statement => "时间银行对账单",
        ConfirmationKind::Certificate => "志愿服务证明",
        ConfirmationKind::Card => "民政服务卡",
    }
}

fn office_words(code: u64) -> &'static str {
    area::street(&code.to_string()).map_or("无锡高新区（新吴区）民政部门", |street| street.name)
}

/// The answer to a check.
pub fn checked(answer: &CheckAnswer) -> impl IntoView + use<> {
    let is_card = answer.claims.as_ref().is_some_and(|claims| claims.kind == ConfirmationKind::Card);
    let lost = matches!(answer.standing, Standing::Lost(_));
    let (state, title, words) = match answer.state {
        CheckState::Cancelled if lost => {
            ("lost", "这张卡已经挂失，不能用了", "请不要凭它办事。持卡人可以到社区或街道窗口再办一张。")
        }
        CheckState::Replaced if is_card => ("replaced", "这张卡已经换成新卡，不能用了", "请让对方出示新卡。"),
        CheckState::NoRecord if is_card => {
            ("unknown", "查不到这张卡", "签章完好，但记录里没有这张卡。请打电话核实。")
        }
        CheckState::Valid if is_card => ("valid", "这张卡是真的", "签章完好，没有挂失，也没有换过。"),
        CheckState::Valid => ("valid", "这张凭证是真的", "签章完好，内容没有被改过。"),
        CheckState::Expired => ("expired", "这张凭证是真的，有效期过了", "签章完好，但已经过了有效期。"),
        CheckState::NotYet => ("early", "这张凭证是真的，还没有生效", "签章完好，还没有到开始的时间。"),
        CheckState::Used => ("used", "这张凭证已经用过了", "它只能用一次，不能再用。"),
        CheckState::Cancelled => ("lost", "这张凭证已经作废", "请不要凭它办事。"),
        CheckState::Replaced => ("replaced", "这张凭证已经换成新的，不能用了", "请让对方出示新的凭证。"),
        CheckState::Altered => {
            ("altered", "不能相信这张凭证", "签章和内容对不上。请让对方出示原来的二维码，或者打电话核实。")
        }
        CheckState::UnknownKey => {
            ("unknown", "不认识它的签章", "可能是很旧的凭证，也可能是假的。请打电话核实。")
        }
        CheckState::NoRecord => ("unknown", "查不到这张凭证", "签章完好，但记录里没有它。请打电话核实。"),
        CheckState::NotOurs => {
            ("foreign", "没有认出这个码", "它不是本服务出的，或者没有扫完整。请再扫一次。")
        }
    };
    let details = answer.claims.as_ref().map(details);
    let hint = if is_card {
        "签章是民政部门对记录的防伪标记。姓名只显示一个字，要确认是不是本人，请再看证件。"
    } else {
        "签章是民政部门对记录的防伪标记，不是当事人的签名。它只说明收到了申请，不说明批准了救助。"
    };
    view! {
        <Layout title="凭证核对结果" back="/">
            <CheckResult state title><p>{words}</p></CheckResult>
            {details}
            <Hint>{hint}</Hint>
            <Actions><ButtonLink href="/check" kind="secondary">"再核对一张"</ButtonLink></Actions>
        </Layout>
    }
}

fn details(claims: &Claims) -> impl IntoView + use<> {
    let until = Instant::from_seconds(claims.expires_at).shanghai_full();
    let start = Instant::from_seconds(claims.start).shanghai_full();
    let what = ("是什么", kind_words(claims.kind).to_owned());
    let number = ("编号", claims.number.clone());
    let office = office_words(claims.office).to_owned();
    let rows = match claims.kind {
        ConfirmationKind::AidReceipt => {
            vec![what, number, ("办理", office), ("收到", start), ("凭证有效到", until)]
        }
        ConfirmationKind::Booking
        | ConfirmationKind::Meal
        | ConfirmationKind::Hours
        | ConfirmationKind::Statement
        | ConfirmationKind::Certificate => {
            let holder = claims.holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
            vec![what, number, ("姓名", holder), ("办理", office), ("时间", start), ("凭证有效到", until)]
        }
        ConfirmationKind::Card => {
            let holder = claims.holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
            vec![what, number, ("持卡人", holder), ("发卡", office), ("有效到", until)]
        }
    }
    .into_iter()
    .map(|(label, value)| view! { <div class="xw-pairs__row"><dt>{label}</dt><dd>{value}</dd></div> })
    .collect_view();
    view! { <Card title="凭证上写的"><dl class="xw-pairs">{rows}</dl></Card> }
}

/// `/check`: a short code typed by hand.
pub fn short_code(sent: &Sent<ShortForm>, unknown: bool) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("code");
    let code = sent.form.code.clone();
    view! {
        <Layout title="核对一张凭证" back="/" narrow=true>
            {unknown.then(|| view! {
                <Banner kind="warn" title="没有这个短码"><p>"请对照凭证再输一遍。还是没有，这张凭证可能不是我们出的，请打电话核实。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <form method="post" action="/check" novalidate class="xw-form">
                <Field name="code" label="短码" hint="二维码下面的八位字母和数字，不分大小写" value=code error=error/>
                <Actions><Button>"核对"</Button></Actions>
            </form>
            <Card title="有二维码更简单"><p>"用手机自带的相机扫一下二维码，就会打开核对结果。"</p></Card>
        </Layout>
    }
}
