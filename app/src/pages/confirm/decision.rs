//! The decision as the resident reads it: what, why, by which rule, and what one may do against it.

use leptos::prelude::*;

use crate::components::{Answer, Answers, ButtonLink, Card, Hint};
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::decision::{Appeal, Outcome};
use crate::domain::staff::Post;
use crate::domain::time::date_text;
use crate::ports::CaseDecision;
use crate::text::case::{DISTRICT_GOVERNMENT, ground_clause, ground_label, outcome_label};
use crate::text::staff::post_name;

/// The decision and the rights of whoever it is about. A decision that is delivered online is never without the online way to
/// turn against it (行政复议法 22): the server doesn't let anybody decide before that address is set.
pub(super) fn decision(
    decision: &CaseDecision,
    (gives, starts): (Gives, &str),
    reconsideration_url: &str,
) -> impl IntoView + use<> {
    let opinion = &decision.opinion;
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let mut rows = vec![row("决定", outcome_label(opinion.outcome, gives).to_owned())];
    if let Some(amount) = opinion.amount {
        let how = if starts.is_empty() { "元，一次发放" } else { "元，按月发放" };
        rows.push(row("金额", format!("{} {how}", amount.yuan())));
        if !starts.is_empty() {
            rows.push(row("从哪个月开始", starts.to_owned()));
        }
    }
    if opinion.outcome == Outcome::Grant && gives == Gives::Recognition {
        rows.push(row("有什么用", "别的部门要看的，直接认这份决定，不用再查一遍。".to_owned()));
    }
    if let Some(ground) = opinion.ground {
        rows.push(row("依据", format!("{}（{}）", ground_label(ground), ground_clause(ground))));
    }
    rows.push(row("理由", opinion.reasons.clone()));
    let by = Post::parse(&decision.decided_post).map(|post| post_name(&post)).unwrap_or_default();
    rows.push(row("谁决定的", by));
    rows.push(row("哪天决定", decision.decided_at.shanghai_full()));
    let appeal = Appeal::since(decision.decided_at.shanghai_date());
    let rights = rights(appeal, gives, reconsideration_url.to_owned());
    let told = match (opinion.outcome, gives) {
        (_, Gives::Service) => None,
        (Outcome::Grant, Gives::Recognition) => Some("《社会救助法》第四十二条、第四十四条、第四十五条"),
        (Outcome::Grant, Gives::Money) => Some("《社会救助法》第四十四条、第四十五条"),
        (Outcome::Refuse, _) => Some("《社会救助法》第四十五条：不予救助的，书面说明理由"),
    };
    view! {
        <Answers title="决定" rows/>
        {told.map(|told| view! { <Hint>{told}</Hint> })}
        {rights}
    }
}

/// The days, the organ and the ways (行政复议法 20, 22, 24; 行政诉讼法 46; of aid 社会救助法 76 too).
pub(super) fn rights(appeal: Appeal, gives: Gives, url: String) -> impl IntoView {
    let aid = if gives == Gives::Service { "" } else { "，《社会救助法》第七十六条" };
    let sources = format!("《行政复议法》第二十条、第二十二条、第二十四条，《行政诉讼法》第四十六条{aid}");
    let reconsider = format!(
        "知道决定之日起 60 天内，可以向{DISTRICT_GOVERNMENT}申请行政复议。从决定那天算起，就是 {} 以前。",
        date_text(appeal.reconsideration)
    );
    let sue = format!(
        "也可以在 6 个月内向人民法院起诉。从决定那天算起，就是 {} 以前。",
        date_text(appeal.litigation)
    );
    view! {
        <Card title="您的权利">
            <p>"对决定不服，不用先找谁，不收费："</p>
            <ul><li>{reconsider}</li><li>{sue}</li></ul>
            <p><ButtonLink href=url kind="secondary">"在网上申请行政复议"</ButtonLink></p>
            <Hint>{sources}</Hint>
        </Card>
    }
}
