//! `/confirm/{number}/referral`: agree that the street hands one's contact over to those who may help beside public aid.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Button, ButtonLink, Checkbox, Empty, ErrorSummary, Figure, Layout,
};
use crate::domain::aid::charity::Programme;
use crate::pages::Sent;
use crate::pages::aid::whose;
use crate::ports::CaseReferral;
use crate::text::case_number;
use crate::text::charity::kind_label;

/// What becomes of the consents that were given, one row each.
pub(super) fn rows(referrals: &[CaseReferral]) -> Vec<Answer> {
    referrals
        .iter()
        .map(|referral| Answer {
            label: referral.name.clone(),
            value: match (referral.handed_at, referral.withdrawn_at) {
                (Some(at), _) => format!("{} 转过去了", at.shanghai_text()),
                (None, Some(at)) => format!("{} 您收回了同意", at.shanghai_text()),
                (None, None) => format!("{} 您同意了，还没有转", referral.consented_at.shanghai_text()),
            },
            ..Answer::default()
        })
        .collect()
}

/// The form. `programmes`: what is there today; `given`: what was agreed to before.
pub fn referral(
    number: &str,
    programmes: &[Programme],
    given: &[CaseReferral],
    sent: &Sent<BTreeSet<String>>,
    key: &str,
) -> impl IntoView + use<> {
    let action = format!("/confirm/{number}/referral");
    let back = format!("/confirm/{number}");
    let (errors, shown, key) = (sent.summary(), case_number(number), key.to_owned());
    let open: Vec<_> = programmes
        .iter()
        .filter(|programme| !given.iter().any(|given| given.programme == programme.id && given.holds()))
        .collect();
    let first = open.first().map(|programme| programme.id.clone());
    let boxes = open
        .iter()
        .map(|programme| {
            let name = format!("programme-{}", programme.id);
            let hint =
                format!("{}，{}：{}", kind_label(programme.kind), programme.organisation, programme.what);
            let error = if first.as_ref() == Some(&programme.id) { sent.error("programme") } else { None };
            let checked = sent.form.contains(&programme.id);
            view! { <Checkbox name label=programme.name.clone() hint checked error/> }
        })
        .collect_view();
    let consent_error = sent.error("consent");
    let rows = rows(given);
    let before = (!rows.is_empty()).then(|| view! { <Answers title="以前同意过的" rows/> });
    let withdraw = given.iter().any(|given| given.holds() && given.handed_at.is_none()).then(|| {
        let action = format!("/confirm/{number}/referral/withdraw");
        view! {
            <form method="post" action=action>
                {whose()}
                <Actions><Button kind="quiet">"没转的不用转了，收回同意"</Button></Actions>
            </form>
        }
    });
    let stay = back.clone();
    let body = if open.is_empty() {
        view! { <Empty title="没有别的项目可以选" hint="要问的话，请打电话给街道。"/> }.into_any()
    } else {
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <fieldset class="xw-field xw-choices" id="programme">
                    <legend class="xw-field__label">"转给谁，可以多选"</legend>
                    <div class="xw-choices__rows">{boxes}</div>
                </fieldset>
                <Checkbox
                    name="consent"
                    label="我同意街道把我的姓名、电话和大概的困难告诉选中的单位"
                    hint="只告诉选中的，只用来帮您。证件号、银行账户和收入不会转。不同意也不影响别的申请。"
                    error=consent_error
                />
                <Actions>
                    <Button>"同意转过去"</Button>
                    <ButtonLink href=stay kind="secondary">"先不转"</ButtonLink>
                </Actions>
            </form>
        }
        .into_any()
    };
    view! {
        <Layout title="请别的单位帮忙" back narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=shown/>
            {before}
            {body}
            {withdraw}
        </Layout>
    }
}
