//! A booking: held while one types, kept for the other one, firm, or over. No page needs a script: the end of a hold is a time
//! of day.

use leptos::prelude::*;

use super::offices::facts;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Choice, ErrorSummary, Field,
    Layout, QrCard, Radios,
};
use crate::domain::marriage::{
    Booking, BookingState, CoupleForm, EXTENSIONS_MAX, Matter, Office, PartnerWay, Side, time_words,
};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::text::marriage::{matter_label, side_label, state_label, way_label};
use crate::visit::PageContext;

/// What a firm booking shows at the counter.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The code as SVG, made by the server.
    pub svg: String,
    /// 8 signs, shown 4-4.
    pub short_code: String,
    /// It was used, cancelled or lost: no code is shown.
    pub over: Option<&'static str>,
}

fn when(booking: &Booking) -> String {
    format!("{} {}", date_text(booking.day), time_words(booking.starts, booking.ends))
}

fn rows(booking: &Booking, office: &Office) -> Vec<Answer> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let mut rows = vec![
        row("办什么", matter_label(booking.matter).into()),
        row("什么时候", when(booking)),
        row("在哪里", format!("{}，{} {}", office.name, office.address, office.floor)),
    ];
    if !booking.names.is_empty() {
        rows.push(row("两个人", booking.names.join("、")));
    }
    if !booking.number.is_empty() {
        rows.push(row("编号", booking.number.clone()));
    }
    rows
}

/// Whose field is wrong: the same sentence may stand at both people's.
fn whose_words(field: &str, words: String) -> String {
    let side = Side::ALL.iter().find(|side| field.split('_').next() == Some(side.as_str()));
    match side.map(|side| side_label(*side)) {
        Some(side) if !words.contains(side) => format!("{side}：{words}"),
        _ => words,
    }
}

fn base(booking: &Booking) -> String {
    format!("/marriage/bookings/{}", booking.id)
}

/// The hold and the form for both people.
pub fn held(booking: &Booking, office: &Office, sent: &Sent<CoupleForm>, key: &str) -> impl IntoView + use<> {
    let care = expect_context::<PageContext>().visit.care;
    let until = booking.hold_until.shanghai_text();
    let left = EXTENSIONS_MAX - booking.extensions;
    let more = (left > 0).then(|| {
        let words = if care {
            "再要 10 分钟".to_owned()
        } else {
            format!("再要 10 分钟（还可以 {left} 次）")
        };
        view! {
            <form method="post" action=format!("{}/extend", base(booking))>
                <Button kind="secondary">{words}</Button>
            </form>
        }
    });
    let form = sent.form.clone();
    let error = |field: &str| sent.error(field).map(|words| whose_words(field, words));
    let person = |side: Side, values: [&String; 3]| {
        let [name, document, mobile] =
            ["name", "document", "mobile"].map(|field| format!("{}_{field}", side.as_str()));
        let errors = [&name, &document, &mobile].map(|field| error(field));
        let [name_error, document_error, mobile_error] = errors;
        let [name_value, document_value, mobile_value] = values.map(String::clone);
        view! {
            <Card title=side_label(side)>
                <Field name label="姓名" value=name_value error=name_error maxlength=60/>
                <Field name=document label="身份证号码" value=document_value error=document_error maxlength=30/>
                <Field name=mobile label="手机号" hint="确认和通知发到这个手机" inputmode="tel" value=mobile_value error=mobile_error maxlength=20/>
            </Card>
        }
        .into_any()
    };
    let man = person(Side::Man, [&form.man_name, &form.man_document, &form.man_mobile]);
    let woman = person(Side::Woman, [&form.woman_name, &form.woman_document, &form.woman_mobile]);
    let sides = choices!(Side::ALL, side_label, |_| None);
    let ways = vec![
        Choice {
            value: PartnerWay::Link.as_str().into(),
            label: way_label(PartnerWay::Link).into(),
            hint: Some("我们给对方的手机发确认码；用对方的手机或者这一台都行".into()),
        },
        Choice {
            value: PartnerWay::Door.as_str().into(),
            label: way_label(PartnerWay::Door).into(),
            hint: Some("对方不方便用手机的，选这个".into()),
        },
    ];
    let age = (booking.matter == Matter::MarriageRegistration).then(
        || view! { <p class="xw-hint">"办的那天，男方要满 22 周岁，女方要满 20 周岁，生日当天就算满。"</p> },
    );
    let (me_error, way_error) = (error("me"), error("way"));
    let errors = sent
        .summary()
        .into_iter()
        .map(|(field, words)| (field.clone(), whose_words(&field, words)))
        .collect::<Vec<_>>();
    let (key, rows) = (key.to_owned(), rows(booking, office));
    let [couple, cancel] = ["couple", "cancel"].map(|act| format!("{}/{act}", base(booking)));
    let cancel_key = format!("{key}c");
    view! {
        <Layout title="填两个人的信息" back="/marriage" narrow=true>
            <ErrorSummary errors/>
            <Banner kind="info" title=format!("时间为您留到 {until}")>
                <p>"过了这个时间没有提交，就让给别人。"</p>
                {more}
            </Banner>
            <Answers title="选好的时间" rows/>
            <form method="post" action=couple novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="me" legend="您是哪一方？" options=sides value=form.me.clone() error=me_error/>
                {man}
                {woman}
                {age}
                <Radios name="way" legend="对方怎样确认？" options=ways value=form.way.clone() error=way_error/>
                <Actions><Button>"提交"</Button></Actions>
            </form>
            <form method="post" action=cancel>
                <input type="hidden" name="idempotency_key" value=cancel_key/>
                <input type="hidden" name="sure" value="yes"/>
                <Actions><Button kind="quiet">"不要这个时间了"</Button></Actions>
            </form>
        </Layout>
    }
}

/// What one may do with a booking that goes on; giving up says first what it means.
fn giving_up(booking: &Booking, sent: &Sent<()>, key: &str) -> impl IntoView + use<> {
    let consequence = match booking.state {
        BookingState::Firm => {
            "取消以后，这个时间马上让给别人，二维码不能再用，两个人都会收到短信。不扣分，以后还能再约。"
        }
        _ => "取消以后，这个时间马上让给别人。不扣分，以后还能再约。",
    };
    let error = sent.error("sure");
    let (action, key) = (format!("{}/cancel", base(booking)), key.to_owned());
    view! {
        <Card title="取消">
            <p>{consequence}</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Checkbox name="sure" label="想好了，要取消" error=error/>
                <Button kind="danger">"取消这次预约"</Button>
            </form>
        </Card>
    }
}

/// A booking that waits, is firm, or is over. `invite` is the whole address of the other one's link and its code.
pub fn booking(
    booking: &Booking,
    office: &Office,
    invite: Option<(String, String)>,
    code: &Code,
    (sent, key): (&Sent<()>, &str),
) -> impl IntoView + use<> {
    let head = match booking.state {
        BookingState::Waiting => {
            let until = booking.keep_until.map(Instant::shanghai_text).unwrap_or_default();
            let link = invite.map(|(address, svg)| {
                view! {
                    <QrCard svg caption="请对方用手机扫这个码"/>
                    <p>"也可以把下面的链接发给对方，或者就在这台手机上打开："</p>
                    <p><a href=address.clone()>{address.clone()}</a></p>
                }
            });
            view! {
                <Banner kind="warn" title="还差一步：等对方确认">
                    <p>{format!("时间为你们留到 {until}。到时间没有确认，就让给别人，两个人都会收到短信。")}</p>
                    <p>"确认码已经发到对方自己的手机上。"</p>
                </Banner>
                {link}
            }
            .into_any()
        }
        BookingState::Firm => match code.over {
            Some(words) => view! { <Banner kind="info" title=words/> }.into_any(),
            None => view! {
                <Banner kind="good" title="预约好了">
                    <p>"这是预约，不是登记。登记要两个人那天亲自到场办。"</p>
                </Banner>
                <QrCard svg=code.svg.clone() short_code=code.short_code.clone() caption="到了以后，请工作人员扫这个码，或者报短码"/>
            }
            .into_any(),
        },
        BookingState::Held | BookingState::Cancelled | BookingState::Released => {
            view! { <Banner kind="info" title=state_label(booking.state)><p>"要去的话，请重新预约。"</p></Banner> }.into_any()
        }
    };
    let door = (booking.state == BookingState::Firm && booking.way == Some(PartnerWay::Door))
        .then(|| view! { <p>"另一位到现场再确认。"</p> });
    let unsure = booking.staff_decide.then(|| {
        view! {
            <Banner kind="warn" title="生日是 2 月 29 日">
                <p>"那天算不算满年龄，由登记处决定。请先打电话问，或者改到 3 月 1 日以后。"</p>
            </Banner>
        }
    });
    let open = super::is_open(booking.state);
    let firm = booking.state == BookingState::Firm && code.over.is_none();
    let actions = firm.then(|| {
        let base = base(booking);
        view! {
            <Actions>
                <ButtonLink href=format!("{base}/slip") kind="secondary">"打印预约单"</ButtonLink>
                <ButtonLink href=format!("{base}/day.ics") kind="secondary">"记到手机日历"</ButtonLink>
                <ButtonLink href=format!("{base}/move") kind="secondary">"改时间"</ButtonLink>
            </Actions>
        }
    });
    let papers = open.then(|| {
        let href = format!("/marriage/papers/{}?office={}", booking.matter.as_str(), office.code);
        view! { <Actions><ButtonLink href kind="secondary">"看看带什么"</ButtonLink></Actions> }
    });
    let giving_up = (open && code.over.is_none()).then(|| giving_up(booking, sent, key));
    let (rows, facts, errors) = (rows(booking, office), facts(office), sent.summary());
    let name = office.name.clone();
    view! {
        <Layout title="婚姻登记预约" back="/me" narrow=true>
            <ErrorSummary errors/>
            {head}
            {door}
            {unsure}
            <Answers title="预约" rows/>
            {actions}
            {papers}
            <Card title=name>{facts}</Card>
            {giving_up}
        </Layout>
    }
}

/// The slip for paper.
pub fn slip(booking: &Booking, office: &Office, code: &Code) -> impl IntoView + use<> {
    let mut rows = rows(booking, office);
    rows.push(Answer { label: "电话".into(), value: office.phone.clone(), ..Answer::default() });
    let (svg, short_code, back) = (code.svg.clone(), code.short_code.clone(), base(booking));
    view! {
        <Layout title="婚姻登记预约单" back=back narrow=true>
            <p>"这是预约，不是登记。登记要两个人那天亲自到场办。"</p>
            <QrCard svg short_code caption="到了以后，请工作人员扫这个码，或者报短码"/>
            <Answers title="预约" rows/>
        </Layout>
    }
}

/// The page of the other one's link. It names nobody: whoever has the code knows whose it is.
pub fn invited(
    booking: &Booking,
    office: &Office,
    sent: &Sent<crate::domain::person::CodeForm>,
    secret: &str,
) -> impl IntoView + use<> {
    let until = booking.keep_until.map(Instant::shanghai_text).unwrap_or_default();
    let error = sent.error("code");
    let (rows, errors) = (rows(booking, office), sent.summary());
    let action = format!("/marriage/invite/{secret}");
    view! {
        <Layout title="确认预约" narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">{format!("有人约您一起去婚姻登记处。请在 {until} 以前确认；不同意，不用理会。")}</p>
            <Answers title="约的时间" rows/>
            <form method="post" action=action novalidate class="xw-form">
                <Field name="code" label="确认码" hint="短信发到您手机上的 6 位数字" inputmode="numeric" error=error maxlength=12/>
                <Actions><Button>"我同意这个时间"</Button></Actions>
            </form>
        </Layout>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_whose_it_is_once() {
        assert_eq!(whose_words("man_name", "请填写姓名".into()), "男方：请填写姓名");
        assert_eq!(whose_words("woman_document", "女方不满 20 周岁".into()), "女方不满 20 周岁");
        assert_eq!(whose_words("way", "请选择".into()), "请选择");
    }
}
