//! `/confirm/{number}`: received, what happens next, the signed QR code, the timeline.

use leptos::prelude::*;

use super::answer::topic_words;
use crate::components::{
    Actions, Answer, Answers, Banner, ButtonLink, Card, Figure, Hint, Layout, LinkItem, LinkList, QrCard,
    Tag, Timeline, TimelineEntry,
};
use crate::domain::aid::case::CaseState;
use crate::domain::aid::catalogue::Gives;
use crate::domain::aid::{Limit, TemporaryAidKind};
use crate::domain::area;
use crate::domain::time::date_text;
use crate::pages::staff::services::service_rows;
use crate::ports::{ConsentLine, Receipt};
use crate::text::aid::{LIMIT_NOT_SET, TEMPORARY_AID, item_words, what_words};
use crate::text::case::{event_words, receipt_title, state_kind, state_words};
use crate::text::case_number;
use crate::text::inquiry::means_source;
use crate::text::sharing::{news_label, receiver_label};
use crate::text::staff::place_name;

pub(super) fn street_name(receipt: &Receipt) -> &'static str {
    area::street(&receipt.street).map(|street| street.name).unwrap_or_default()
}

pub(super) fn limit_words(limit: Limit) -> String {
    match limit {
        Limit::NotSet => LIMIT_NOT_SET.into(),
        Limit::On(day) => format!("最晚 {}", date_text(day)),
        Limit::BeyondCalendar(loaded) => {
            format!("最晚日期在 {} 以后，那时的放假安排还没有公布，公布后再算给您看", date_text(loaded))
        }
    }
}

fn next_words(receipt: &Receipt) -> Vec<String> {
    let state = receipt.progress.state;
    if receipt.benefit.as_ref().is_some_and(|(benefit, _)| benefit.recognition && !benefit.goes_on()) {
        return vec!["这份认定已经取消，理由和您的权利写在上面。".to_owned()];
    }
    let mut words = crate::text::case::next_words(state, receipt.gives, street_name(receipt));
    if !state.is_open() {
        return words;
    }
    words.extend(receipt.clock.extension.iter().map(|(extension, _)| {
        let (ground, days) = (&extension.ground, extension.working_days);
        format!("办理时限依法延长：{ground}，全程 {days} 个工作日。{}", extension.reasons)
    }));
    words.extend(receipt.clock.expedited.iter().filter(|first| first.supplement.is_none()).map(|first| {
        let amount = first.expedited.amount.yuan();
        format!("情况紧急，已经先给 {amount} 元（社会救助法第五十条），手续之后再补，街道会联系您。")
    }));
    if let Some(until) = receipt.notice_until {
        let shown = "只写姓名、家里几口人和金额";
        words.push(format!(
            "初步意见正在社区公示，到 {} 为止，{shown}。公示期满、没有异议，才作决定。",
            date_text(until)
        ));
    }
    if item_words(&receipt.item) == TEMPORARY_AID
        && receipt.kind == TemporaryAidKind::Emergency
        && state == CaseState::Received
    {
        words.push(format!(
            "急难情况，我们争取 {} 小时内和您联系。这是服务承诺，不是法定时限。",
            receipt.emergency_hours
        ));
    }
    words.extend(receipt.usual_days.map(|days| {
        format!(
            "最近 90 天，{}作出决定的申请，一半在 {days} 个工作日以内（等居民补充的日子不算）。这是以往的情况，不是承诺。",
            street_name(receipt)
        )
    }));
    words.push(
        match receipt.gives {
            Gives::Money => "不给救助也会书面告诉您，并写明理由（社会救助法第四十五条）。",
            Gives::Recognition => "不认定也会书面告诉您，并写明理由（社会救助法第四十五条）。",
            Gives::Service => "不能安排的，也会在这里告诉您为什么。",
        }
        .into(),
    );
    words
}

fn timeline(receipt: &Receipt) -> Vec<TimelineEntry> {
    let mut entries: Vec<_> = receipt
        .events
        .iter()
        .map(|event| TimelineEntry {
            title: event_words(event.kind, receipt.gives).into(),
            at: event.at.shanghai_text(),
            note: None,
            done: true,
            sample: false,
        })
        .collect();
    if !receipt.progress.state.is_open() {
        return entries;
    }
    entries.push(TimelineEntry {
        title: "作出决定".into(),
        at: limit_words(receipt.limit),
        note: receipt.limit_is_sample.then(|| "示例时限，只在演示里用".into()),
        done: false,
        sample: receipt.limit_is_sample,
    });
    entries
}

fn consent(line: &ConsentLine) -> impl IntoView + use<> {
    let who = if line.is_applicant { format!("{}（申请人）", line.name) } else { line.name.clone() };
    let state = match line.given_at {
        Some(at) => view! { <Tag kind="good">{format!("已同意 {}", at.shanghai_text())}</Tag> }.into_any(),
        None if line.on_paper => view! { <Tag kind="warn">"待补授权：纸质"</Tag> }.into_any(),
        None => view! { <Tag kind="warn">"待补授权"</Tag> }.into_any(),
    };
    let link = line.link.clone().filter(|_| line.given_at.is_none()).map(|link| {
        view! {
            <p>"把下面的链接和授权码转给本人，在自己的手机上打开："</p>
            <p class="xw-copy">{link.url}</p>
            <p>"授权码 "<strong class="xw-copy">{link.code}</strong></p>
        }
    });
    view! { <div class="xw-stack"><p><strong>{who}</strong>" "{state}</p>{link}</div> }
}

/// What the street asked for and nobody has answered yet.
fn asked(receipt: &Receipt) -> Option<impl IntoView + use<>> {
    let asked = receipt.progress.corrections.last().filter(|asked| asked.answered_at.is_none())?;
    if receipt.progress.state != CaseState::CorrectionRequested {
        return None;
    }
    let lines = asked
        .items
        .iter()
        .map(|item| view! { <li><strong>{topic_words(&item.topic)}</strong>"："{item.note.clone()}</li> })
        .collect_view();
    let way = if receipt.own {
        let href = format!("/confirm/{}/answer", receipt.number);
        view! { <Actions><ButtonLink href>"现在补"</ButtonLink></Actions> }.into_any()
    } else {
        view! { <p>"请用提交申请的那部手机，或者登录以后来补；也可以打电话或者到街道窗口补。"</p> }.into_any()
    };
    let title = format!("要补 {} 项，都在这里了", asked.items.len());
    Some(view! { <Banner kind="warn" title><ul>{lines}</ul>{way}</Banner> })
}

/// What was asked and answered before.
fn answered(receipt: &Receipt) -> Vec<impl IntoView + use<>> {
    let answered = receipt.progress.corrections.iter().filter_map(|asked| Some((asked, asked.answered_at?)));
    answered
        .map(|(asked, at)| {
            let rows = asked
                .answers
                .iter()
                .map(|(topic, answer)| Answer {
                    label: topic_words(topic).to_owned(),
                    value: answer.clone(),
                    ..Answer::default()
                })
                .collect();
            let title = format!("{} 补的", at.shanghai_text());
            view! { <Answers title rows/> }
        })
        .collect()
}

/// What a check found otherwise than it was told, and that one may object (民发〔2021〕57号 art. 18).
fn differences(receipt: &Receipt) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = receipt
        .differences
        .iter()
        .filter_map(|check| {
            let (answer, _) = check.answer.as_ref()?;
            let value = answer.detail.clone().unwrap_or_default();
            Some(Answer { label: means_source(check.source).into(), value, ..Answer::default() })
        })
        .collect();
    let open = receipt.progress.state.is_open();
    (open && !rows.is_empty()).then(|| {
        view! {
            <Answers title="核对出来和填的不一样" rows/>
            <p>"您有不同意见的，告诉街道，带上能说明的材料，会再核对一次。也可以在下面「报告变化」里写。"</p>
        }
    })
}

/// The days of the service, the one that is to come first.
fn services(receipt: &Receipt) -> Option<impl IntoView + use<>> {
    let (last, before) = receipt.services.split_last()?;
    let title = if last.report.is_none() { "约好的服务" } else { "服务办得怎样" };
    let calendar = last.report.is_none().then(|| {
        let href = format!("/confirm/{}/service.ics", receipt.number);
        view! { <Actions><ButtonLink href kind="secondary">"把这一天加到日历"</ButtonLink></Actions> }
    });
    let before = before
        .iter()
        .rev()
        .map(|line| view! { <Answers title="以前约的" rows=service_rows(line)/> })
        .collect_view();
    Some(view! { <Answers title rows=service_rows(last)/>{calendar}{before} })
}

/// The page. `key`: of the form by which the owner says that nothing has changed.
pub fn receipt(receipt: &Receipt, key: &str) -> impl IntoView + use<> {
    let benefit = super::benefit::benefit(receipt, key);
    let next = next_words(receipt).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let waiting = receipt.consents.iter().filter(|line| line.given_at.is_none()).count();
    let consents = receipt.consents.iter().map(consent).collect_view();
    let open = receipt.progress.state.is_open();
    let steps_left = (open && (waiting > 0 || receipt.account_missing)).then(|| {
        let mut left = Vec::new();
        if waiting > 0 {
            left.push(format!("还有 {waiting} 位成年人没有同意核对，见下面「核对授权」。"));
        }
        if receipt.account_missing {
            left.push("银行账户还没有填，街道联系您时告诉他们就行。".to_owned());
        }
        view! { <Banner kind="info" title="还差一点，不影响收件">{left.into_iter().map(|l| view! { <p>{l}</p> }).collect_view()}</Banner> }
    });
    let phone = receipt.street_phone.clone().map(|phone| LinkItem {
        href: format!("tel:{phone}"),
        title: format!("打电话给{}", street_name(receipt)),
        hint: phone,
        sign: "phone".into(),
    });
    // What is decided stands on what was there.
    let papers = receipt.progress.state.is_open().then(|| LinkItem {
        href: format!("/confirm/{}/papers", receipt.number),
        title: "补交照片材料".into(),
        hint: "用手机拍一张，交给办这份申请的街道".into(),
        sign: String::new(),
    });
    let links: Vec<_> = papers.into_iter().chain(super::follow_up::doors(receipt)).chain(phone).collect();
    let changes = super::follow_up::changes(receipt);
    let differences = differences(receipt);
    let told = (!receipt.told.is_empty()).then(|| {
        let rows = receipt.told.iter().map(|told| Answer {
            label: receiver_label(told.receiver).into(),
            value: format!("{}，告知“{}”", told.at.shanghai_text(), news_label(told.news)),
            ..Answer::default()
        });
        view! { <Answers title="告知了哪些部门" rows=rows.collect()/> }
    });
    let services = services(receipt);
    let moved = (!receipt.moved.is_empty()).then(|| {
        let rows = receipt.moved.iter().map(|moved| Answer {
            label: moved.at.shanghai_text(),
            value: format!("{} → {}：{}", place_name(&moved.from), place_name(&moved.to), moved.why),
            ..Answer::default()
        });
        view! { <Answers title="转到了哪里" rows=rows.collect()/> }
    });
    let rechecks: Vec<_> =
        receipt.progress.rechecks.iter().rev().map(super::follow_up::recheck_card).collect();
    let rated = super::follow_up::rated(receipt);
    let referrals = super::referral::rows(&receipt.referrals);
    let referrals =
        (!referrals.is_empty()).then(|| view! { <Answers title="请别的单位帮忙" rows=referrals/> });
    let sample = receipt.limit_is_sample.then(|| view! { <Tag kind="plain">"示例时限"</Tag> });
    let number = receipt.number.clone();
    let received = format!("{} 收到", receipt.received_at.shanghai_full());
    let about = format!(
        "{}，申请人 {}，由{}办理。",
        what_words(&receipt.item, receipt.kind),
        receipt.applicant,
        street_name(receipt)
    );
    let state = receipt.progress.state;
    let state_text = state_words(state, receipt.gives);
    let limit = state.is_open().then(|| {
        let limit = limit_words(receipt.limit);
        view! { <p><strong>{limit}</strong>" "{sample}</p> }
    });
    let shown = case_number(&number);
    let slip = receipt.cancelled_at.is_none().then(|| {
        let href = format!("/confirm/{number}/slip");
        view! { <ButtonLink href>"打印凭条"</ButtonLink> }
    });
    let calendar = (state.is_open() && matches!(receipt.limit, Limit::On(_))).then(|| {
        let href = format!("/confirm/{number}/latest-day.ics");
        view! { <ButtonLink href kind="secondary">"把最晚日期加到日历"</ButtonLink> }
    });
    let keep = receipt.cancelled_at.is_none().then(|| super::paper::keep(receipt));
    let timeline = timeline(receipt);
    let decided = receipt.progress.decision.as_ref().map(|d| {
        super::decision::decision(d, (receipt.gives, &receipt.starts), &receipt.reconsideration_url)
    });
    let take_back = (receipt.own && state.is_open()).then(|| {
        let href = format!("/confirm/{}/withdraw", receipt.number);
        view! { <ButtonLink href kind="secondary">"撤回申请"</ButtonLink> }
    });
    let replaced = receipt.replaced_at.filter(|_| receipt.cancelled_at.is_none()).map(|at| {
        let words = format!("{} 起，以前的二维码和短码不能再用，请用下面这个。", at.shanghai_full());
        view! { <Banner kind="info" title="二维码已换新"><p>{words}</p></Banner> }
    });
    let code = match receipt.cancelled_at {
        Some(at) => {
            let words =
                format!("{} 作废，二维码和短码不能再用。您的申请不受影响，照常办理。", at.shanghai_full());
            view! { <Banner kind="warn" title="这张凭证已作废"><p>{words}</p></Banner> }.into_any()
        }
        None => {
            let (svg, short) = (receipt.qr_svg.clone(), crate::text::short_code(&receipt.short_code));
            view! {
                <QrCard
                    svg
                    short_code=short
                    caption="别人用手机相机扫一下，就能核对这张凭证。短码要联网核对。"
                />
            }
            .into_any()
        }
    };
    let (asked, answered) = (asked(receipt), answered(receipt));
    let consents = (!receipt.consents.is_empty()).then(|| view! { <Card title="核对授权">{consents}</Card> });
    view! {
        <Layout title=receipt_title(state) back="/me">
            {asked}
            <Card label="收件">
                <div class="xw-tags"><Tag kind=state_kind(state)>{state_text}</Tag></div>
                <Figure label="编号" value=shown hint=received/>
                <p>{about}</p>
                {limit}
            </Card>
            {benefit}
            {services}
            {decided}
            {rechecks}
            {differences}
            {told}
            {moved}
            {steps_left}
            {replaced}
            {code}
            {keep}
            <Card title="接下来"><ul>{next}</ul></Card>
            <Card title="进度"><Timeline entries=timeline/></Card>
            {answered}
            {changes}
            {referrals}
            {rated}
            {consents}
            {(!links.is_empty()).then(|| view! { <LinkList items=links/> })}
            <Actions>
                {slip}
                {calendar}
                {take_back}
                <ButtonLink href="/" kind="secondary">"回首页"</ButtonLink>
            </Actions>
            <Hint>"这个章是民政部门对记录的防伪标记，不是您的签名。请把编号记下来：换手机时，用编号和手机号后四位可以再打开。"</Hint>
        </Layout>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_in_groups_that_can_be_read_out() {
        assert_eq!(case_number("LS261123483920"), "LS 261123 483920");
    }

    #[test]
    fn a_limit_that_is_not_set_is_never_guessed() {
        assert_eq!(limit_words(Limit::NotSet), "办理时限以街道公布为准");
        let beyond = limit_words(Limit::BeyondCalendar(jiff::civil::date(2026, 12, 31)));
        assert!(beyond.contains("2026 年 12 月 31 日") && beyond.contains("还没有公布"), "{beyond}");
    }
}
