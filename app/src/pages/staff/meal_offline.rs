//! `/staff/meals/{point}/offline`: meals are handed out where there is no network. The page holds nothing of those who eat, so that a
//! device may keep it (`public/staff-meals.js`); the day's list comes to the device apart, sealed.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Radios, StaffLayout, TextArea,
};
use crate::domain::meals::{DeskOutcome, MealPoint, Paid};
use crate::pages::{Sent, choices};
use crate::text::meals::paid_label;
use crate::visit::PageContext;

/// What was written on paper, as typed.
#[derive(Clone, Default)]
pub struct PaperForm {
    /// One meal a line.
    pub lines: String,
}

crate::masked_debug!(PaperForm);

/// What a line was worth, in words. `at` tells when and where the meal was handed out, as far as somebody knows.
pub fn outcome_words(outcome: DeskOutcome, what: &str, at: &str, point: &str) -> String {
    match outcome {
        DeskOutcome::Done => format!("{what}：记好了"),
        DeskOutcome::Again => format!("{what}：这台设备已经记过，只算一份"),
        DeskOutcome::Already => format!("{what}：{at}领过了，只算一份，两边要核对"),
        DeskOutcome::Elsewhere => format!("{what}：这一份订在{point}，不是这里，两边要核对"),
        DeskOutcome::Cancelled => format!("{what}：这一份已经退了，要核对"),
        DeskOutcome::OtherDay => format!("{what}：不是今天和前七天的，没有记"),
        DeskOutcome::Unknown => format!("{what}：查不到这一份，没有记，请核对编号"),
    }
}

/// The page, with what became of the lines that were sent.
pub fn page(
    me: &Me,
    point: &MealPoint,
    (sent, key): (&Sent<PaperForm>, &str),
    answers: &[String],
) -> impl IntoView + use<> {
    let nonce = expect_context::<PageContext>().visit.nonce;
    let base = format!("/staff/meals/{}/offline", point.code);
    let back = format!("/staff/meals/{}/hand-out", point.code);
    let paid = choices!(Paid::ALL, paid_label, |_| None);
    let told = (!answers.is_empty()).then(|| {
        let lines = answers.iter().map(|words| view! { <li>{words.clone()}</li> }).collect_view();
        view! { <Banner kind="warn" title="这几行没有记成，请核对"><ul>{lines}</ul></Banner> }
    });
    let (errors, error) = (sent.summary(), sent.error("lines"));
    let (lines, key, name) = (sent.form.lines.clone(), key.to_owned(), point.name.clone());
    let (action, to_list) = (base.clone(), back.clone());
    view! {
        <StaffLayout title="没有网也能领餐" back=back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            {told}
            <p>{name}</p>
            <div data-told="" hidden="" role="status" class="xw-hint"></div>
            <script type="module" src="/staff-meals.js" nonce=nonce></script>
            <Banner kind="info" title="有网的时候先在这台设备上打开这一页">
                <p>"今天的名单会加密存在这台设备里。没有网也能扫码、记领餐，连上网以后自己送出，一份只算一次。"</p>
            </Banner>
            <form method="post" novalidate class="xw-form" data-desk=base hidden="">
                <Field name="code" label="短码、编号或者姓名" hint="扫码枪扫订餐的码、餐卡都行" maxlength=400/>
                <Radios name="desk-paid" legend="个人的部分" options=paid value="paid"/>
                <Actions><Button>"记下"</Button></Actions>
            </form>
            <ul data-problems="" hidden=""></ul>
            <p data-sum=""></p>
            <ul data-lines=""></ul>
            <Card title="写在纸上的，回来再登记">
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <TextArea
                        name="lines"
                        label="一行一份"
                        hint="编号或者短码，空一格，再写收了、没收或者免了；不写就是没收"
                        value=lines
                        error
                        rows=6
                    />
                    <Actions>
                        <Button kind="secondary">"登记这几份"</Button>
                        <ButtonLink href=to_list kind="secondary">"回到名单"</ButtonLink>
                    </Actions>
                </form>
            </Card>
        </StaffLayout>
    }
}
