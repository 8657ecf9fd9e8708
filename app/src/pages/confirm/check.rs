//! `/V/{token}` and `/check`: is this confirmation real? Yes or no, and the least detail; more for staff whose affair it is.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, CheckResult, ErrorSummary, Field, Hint, Layout,
};
use crate::domain::confirm::check::{CheckAnswer, CheckState};
use crate::domain::confirm::{Claims, ConfirmationKind};
use crate::domain::time::Instant;
use crate::domain::timebank::minutes_text;
use crate::pages::Sent;
use crate::pages::staff::confirmations::{ConfirmationDetail, StaffForms, for_staff};
use crate::text::check::{office_words, public_kind_words};

/// The short code as typed.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ShortForm {
    /// Eight signs.
    pub code: String,
}

fn hint_words(kind: Option<ConfirmationKind>) -> &'static str {
    match kind {
        Some(ConfirmationKind::AidReceipt) => {
            "签章是民政部门对记录的防伪标记，不是当事人的签名。它只说明收到了材料，不说明事情办成了。"
        }
        Some(_) => "签章是民政部门对记录的防伪标记。姓名只显示一个字，要确认是不是本人，请再看证件。",
        None => "核对一张凭证，看的是它的签章和我们的记录，不用出示任何人的证件。",
    }
}

/// The answer to a check. `staff` is what a clerk whose affair it is sees besides.
pub fn checked(
    answer: &CheckAnswer,
    staff: Option<(&ConfirmationDetail, &StaffForms)>,
) -> impl IntoView + use<> {
    let (state, kind) = (answer.state, answer.claims.as_ref().map(|claims| claims.kind));
    let details = answer.claims.as_ref().map(details);
    let more = staff.map(|(detail, forms)| for_staff(detail, forms));
    let again = matches!(state, CheckState::NotOurs | CheckState::UnknownKey | CheckState::Altered);
    let words = if again { "输短码核对" } else { "再核对一张" };
    view! {
        <Layout title="凭证核对结果" back="/">
            <CheckResult state kind/>
            {details}
            {more}
            <Hint>{hint_words(kind)}</Hint>
            <Actions><ButtonLink href="/check" kind="secondary">{words}</ButtonLink></Actions>
        </Layout>
    }
}

fn details(claims: &Claims) -> impl IntoView + use<> {
    let until = Instant::from_seconds(claims.expires_at).shanghai_full();
    let start = Instant::from_seconds(claims.start).shanghai_full();
    let holder = claims.holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
    let office = office_words(claims.office).to_owned();
    let what = ("是什么", public_kind_words(claims.kind).to_owned());
    let number = ("编号", claims.number.clone());
    let rows = match claims.kind {
        ConfirmationKind::AidReceipt => {
            vec![what, number, ("办理", office), ("收到", start), ("凭证有效到", until)]
        }
        ConfirmationKind::Booking | ConfirmationKind::Meal => {
            vec![what, number, ("姓名", holder), ("办理", office), ("时间", start), ("有效到", until)]
        }
        ConfirmationKind::Hours | ConfirmationKind::Statement | ConfirmationKind::Certificate => {
            let hours = i64::try_from(claims.minutes).map(minutes_text).unwrap_or_default();
            let hours = ("时间", hours);
            vec![what, number, ("姓名", holder), hours, ("出具", office), ("日期", start), ("有效到", until)]
        }
        ConfirmationKind::Card => {
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
