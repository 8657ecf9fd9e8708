//! `/staff/marriage/{office}/hot`: days with times and rules of their own.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Choice, Empty, ErrorSummary, Field, OptionGroup, Radios,
    Select, StaffLayout, TextArea,
};
use crate::domain::marriage::{DrawForm, HotDay, HotDayForm, Office};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::text::marriage::{hot_rules_words, matter_label, walk_in_words};

/// The hot days of an office, with the form as typed.
#[derive(Clone, Debug)]
pub struct HotDays {
    /// The office.
    pub office: Office,
    /// Its marked days with how many bookings a day had before with a yes at the door only; the nearest first.
    pub days: Vec<(HotDay, i64)>,
    /// The form for a new one.
    pub sent: Sent<HotDayForm>,
    /// How its draw is set, as typed.
    pub draw: Sent<DrawForm>,
    /// The day is marked already, or what should end has ended.
    pub conflict: bool,
    /// The key of the forms.
    pub key: String,
}

fn day_card(base: &str, (hot, at_the_door): &(HotDay, i64), key: &str) -> impl IntoView + use<> {
    let title = format!("{} {}：{}", date_text(hot.day), hot.name, matter_label(hot.matter));
    let action = format!("{base}/hot/{}/end", hot.id);
    let (rules, key) = (hot_rules_words(hot), format!("{key}{}", hot.id));
    let before = (*at_the_door > 0).then(|| {
        let words = format!(
            "标记以前有 {at_the_door} 对约的是“到现场再确认”，他们的预约不变；请打电话问一问，劝他们取消了重新约。"
        );
        view! { <p>{words}</p> }
    });
    let list = format!("{base}/day?day={}", hot.day);
    let draw = hot.draw.as_ref().map(|draw| {
        let href = format!("/marriage/draws/{}", draw.id);
        view! { <ButtonLink href kind="secondary">"看摇号"</ButtonLink> }
    });
    view! {
        <Card title>
            <p>{rules}</p>
            {before}
            <Actions><ButtonLink href=list kind="secondary">"看这天的名单"</ButtonLink>{draw}</Actions>
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Button kind="quiet">"改回平常的安排"</Button>
            </form>
        </Card>
    }
}

/// The page.
pub fn hot_days(me: &Me, page: &HotDays) -> impl IntoView + use<> {
    let base = format!("/staff/marriage/{}", page.office.code);
    let days = page.days.iter().map(|day| day_card(&base, day, &page.key)).collect_view();
    let none = page.days.is_empty().then(
        || view! { <Empty title="还没有特别的日子" hint="520、七夕这样人多的日子，可以单独定时间和名额"/> },
    );
    let conflict = page.conflict.then(
        || view! { <Banner kind="bad" title="没有改：这一天已经标记过，或者已经改回去了。请看看下面现在的情况"/> },
    );
    let matters = page.office.bookable();
    let options =
        matters.iter().map(|matter| (matter.as_str().into(), matter_label(*matter).into())).collect();
    let groups = vec![OptionGroup { label: String::new(), options }];
    let walk_ins = [(true, "yes"), (false, "no")]
        .map(|(walk_in, value)| Choice {
            value: value.into(),
            label: walk_in_words(walk_in).into(),
            hint: None,
        })
        .to_vec();
    let draws = vec![
        Choice { value: "no".into(), label: "先约先得".into(), hint: None },
        Choice {
            value: "yes".into(),
            label: "摇号".into(),
            hint: Some("报名截止以后按抽出的顺序给名额，不用半夜抢".into()),
        },
    ];
    let draw = page.draw.form.clone();
    let draw_value = if draw.draw == "yes" { "yes" } else { "no" };
    let [opens_error, closes_error, hours_error] =
        ["opens", "closes", "hours"].map(|field| page.draw.error(field));
    let (mut errors, form) = (page.sent.summary(), page.sent.form.clone());
    errors.extend(page.draw.summary());
    let [day_error, matter_error, name_error, times_error, walk_in_error] =
        ["day", "matter", "name", "times", "walk_in"].map(|field| page.sent.error(field));
    let (action, key) = (format!("{base}/hot"), format!("{}h", page.key));
    let title = format!("{}：特别的日子", page.office.name);
    view! {
        <StaffLayout title back=base name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {conflict}
            <p class="xw-lead">"标记了的日子只有下面写的时间和名额，周末和节假日也可以开；两个人都要事先确认，不能到现场再确认。"</p>
            {days}
            {none}
            <Card title="标记一天">
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Field name="day" label="哪一天" hint="比如 2027-05-20" value=form.day error=day_error maxlength=30/>
                    <Select name="matter" label="办什么" groups value=form.matter error=matter_error/>
                    <Field name="name" label="大家怎么叫这一天" hint="比如 520、七夕；来约的人会看到" value=form.name error=name_error maxlength=12/>
                    <TextArea name="times" label="时间和名额" hint="一行一个，先写时间，空一格写几对，比如 9:00-11:00 20" value=form.times error=times_error rows=4 maxlength=600/>
                    <Radios name="walk_in" legend="没有预约的收不收？" options=walk_ins value=form.walk_in error=walk_in_error/>
                    <Radios name="draw" legend="名额怎么给？" options=draws value=draw_value/>
                    <Field name="opens" label="摇号的，什么时候开始报名" hint="比如 2027-05-01 9:00；从标记起就公布种子的摘要" value=draw.opens error=opens_error maxlength=30/>
                    <Field name="closes" label="什么时候截止" hint="比如 2027-05-08 18:00；截止以后就抽，公布种子" value=draw.closes error=closes_error maxlength=30/>
                    <Field name="hours" label="抽到的几小时里确认" hint="1 到 72，到时间没有确认就给下一对" inputmode="numeric" value=draw.hours error=hours_error maxlength=3/>
                    <p class="xw-hint">"已经约好的不会自动取消：时间变了的，请到那一天的名单里整批改。"</p>
                    <Actions><Button>"标记这一天"</Button></Actions>
                </form>
            </Card>
        </StaffLayout>
    }
}
