//! A booking: held while one types, kept for the other one, firm, or over. No page needs a script: the end of a hold is a time
//! of day.

use jiff::civil::Date;
use leptos::prelude::*;

use super::coming::{coming_card, notes_card};
use super::divorce::window_answer;
use super::no_show::no_show_card;
use super::offices::facts;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Choice, ErrorSummary, Field,
    Figure, Layout, QrCard, Radios,
};
use crate::domain::document::parse_date;
use crate::domain::marriage::{
    Arrival, Booking, BookingNote, BookingState, Coming, CoupleForm, DivorceForm, EXTENSIONS_MAX, HotDay,
    Matter, NoShow, ObjectForm, Office, PartnerWay, Side, VisitState, time_words,
};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::text::marriage::{
    accepted_words, hot_day_words, matter_label, side_label, state_label, visit_label, way_label,
};
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
    /// How they stand at the door, once they are there.
    pub arrival: Option<Arrival>,
    /// Whether they still come, once they were asked.
    pub coming: Option<Coming>,
    /// What the office wrote for them.
    pub notes: Vec<BookingNote>,
    /// That they did not come, with an objection as typed.
    pub no_show: Option<(NoShow, Sent<ObjectForm>)>,
    /// When the office accepted their divorce application, once its clerk wrote it down.
    pub accepted: Option<Date>,
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
    if let Some(accepted) = booking.accepted {
        rows.push(row("受理的日子", accepted_words(accepted)));
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

/// What is asked besides for the first visit of a divorce.
fn first_visit_card(sent: &Sent<DivorceForm>) -> AnyView {
    let places = vec![
        Choice { value: "yes".into(), label: "是，在内地办的".into(), hint: None },
        Choice { value: "no".into(), label: "不是".into(), hint: None },
    ];
    let (value, error) = (sent.form.registered.clone(), sent.error("registered"));
    view! { <Radios name="registered" legend="你们的结婚登记是在内地办的吗？" options=places value error/> }
        .into_any()
}

/// What is asked besides for the second visit of a divorce, and the days that follow from what was typed.
fn second_visit_card(office: &Office, sent: &Sent<DivorceForm>) -> AnyView {
    let organs = vec![
        Choice { value: "yes".into(), label: "是，就是这一家".into(), hint: None },
        Choice { value: "no".into(), label: "不是".into(), hint: None },
    ];
    let legend = format!("离婚申请是“{}”受理的吗？", office.name);
    let form = sent.form.clone();
    let (organ_error, accepted_error) = (sent.error("organ"), sent.error("accepted"));
    let days = parse_date(&form.accepted).ok().map(window_answer);
    view! {
        <Card title="第二次来办">
            <Radios name="organ" legend=legend options=organs value=form.organ error=organ_error/>
            <Field name="accepted" label="受理的日子" hint="照回执写，比如 2026-09-01；到场时以回执为准" value=form.accepted error=accepted_error maxlength=30/>
        </Card>
        {days}
    }
    .into_any()
}

/// Who is typing, and the cards of both people.
pub(super) fn people(sent: &Sent<CoupleForm>) -> AnyView {
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
    let me_error = error("me");
    view! {
        <Radios name="me" legend="您是哪一方？" options=sides value=form.me.clone() error=me_error/>
        {man}
        {woman}
    }
    .into_any()
}

/// The errors of a couple's form, each saying whose it is.
pub(super) fn people_errors(errors: Vec<(String, String)>) -> Vec<(String, String)> {
    errors.into_iter().map(|(field, words)| (field.clone(), whose_words(&field, words))).collect()
}

/// The hold and the form for both people; `second` for the second visit of a divorce.
pub fn held(
    (booking, hot): (&Booking, Option<&HotDay>),
    office: &Office,
    (sent, second): (&Sent<CoupleForm>, &Sent<DivorceForm>),
    key: &str,
) -> impl IntoView + use<> {
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
    let hot_day = hot.map(|hot| view! { <Banner kind="info" title=hot_day_words(hot)/> });
    let mut ways = vec![
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
    // On a hot day nobody says yes at the door.
    ways.truncate(if hot.is_some() { 1 } else { 2 });
    let age = (booking.matter == Matter::MarriageRegistration).then(
        || view! { <p class="xw-hint">"办的那天，男方要满 22 周岁，女方要满 20 周岁，生日当天就算满。"</p> },
    );
    let (way_value, way_error) = (sent.form.way.clone(), sent.error("way"));
    let people = people(sent);
    let divorce_card = match booking.matter {
        Matter::DivorceSecondVisit => Some(second_visit_card(office, second)),
        Matter::DivorceRegistration => Some(first_visit_card(second)),
        _ => None,
    };
    let mut all = if divorce_card.is_some() { second.summary() } else { Vec::new() };
    all.extend(sent.summary());
    let errors = people_errors(all);
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
            {hot_day}
            <form method="post" action=couple novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {divorce_card}
                {people}
                {age}
                <Radios name="way" legend="对方怎样确认？" options=ways value=way_value error=way_error/>
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

/// The number of those who are there, and how many are called before.
fn at_the_door(arrival: Arrival, booking: &Booking) -> AnyView {
    let number = format!("{} 号", arrival.number);
    let (kind, title, words) = match (arrival.state, arrival.counter) {
        (VisitState::Waiting, _) if arrival.before == 0 => {
            ("info", "下一对就是你们", "请在大厅等，听到叫号再去窗口。".to_owned())
        }
        (VisitState::Waiting, _) => (
            "info",
            "正在等叫号",
            format!("前面还有 {} 对。到了时间的先叫，约好的在没有预约的前面。", arrival.before),
        ),
        (VisitState::Called, Some(counter)) => ("good", "叫到你们了", format!("请到 {counter} 号窗口。")),
        (VisitState::Called, None) => ("good", "叫到你们了", "请看大厅的屏幕。".to_owned()),
        (VisitState::Served | VisitState::Left, _) => {
            ("info", visit_label(arrival.state), "要再办的，请找工作人员。".to_owned())
        }
    };
    let (own, hall) = (base(booking), format!("/marriage/offices/{}/hall", booking.office));
    let again = matches!(arrival.state, VisitState::Waiting | VisitState::Called).then(|| {
        view! {
            <Actions>
                <ButtonLink href=own kind="secondary">"看看到几号了"</ButtonLink>
                <ButtonLink href=hall kind="secondary">"叫号屏"</ButtonLink>
            </Actions>
        }
    });
    view! {
        <Figure label="你们的号" value=number/>
        <Banner kind title=title><p>{words}</p></Banner>
        {again}
    }
    .into_any()
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
            _ if code.arrival.is_some() => code.arrival.map(|arrival| at_the_door(arrival, booking)).into_any(),
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
    let firm = booking.state == BookingState::Firm && code.over.is_none() && code.arrival.is_none();
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
        let href = format!("/marriage/papers/{}?office={}", booking.matter.base().as_str(), office.code);
        view! { <Actions><ButtonLink href kind="secondary">"看看带什么"</ButtonLink></Actions> }
    });
    let second = code.accepted.map(|accepted| {
        let href = format!("/marriage/offices/{}/times/{}", office.code, Matter::DivorceSecondVisit.as_str());
        view! {
            {window_answer(accepted)}
            <Actions><ButtonLink href>"约第二次"</ButtonLink></Actions>
        }
    });
    let coming = code.coming.filter(|_| firm).map(|coming| coming_card(booking, coming, key));
    let notes = notes_card(&code.notes);
    let no_show =
        code.no_show.as_ref().map(|(no_show, objection)| no_show_card(booking, no_show, objection, key));
    let giving_up =
        (open && code.over.is_none() && code.arrival.is_none()).then(|| giving_up(booking, sent, key));
    let (rows, facts, errors) = (rows(booking, office), facts(office), sent.summary());
    let errors: Vec<_> =
        code.no_show.iter().flat_map(|(_, objection)| objection.summary()).chain(errors).collect();
    let name = office.name.clone();
    view! {
        <Layout title="婚姻登记预约" back="/me" narrow=true>
            <ErrorSummary errors/>
            {head}
            {door}
            {unsure}
            {second}
            {coming}
            {notes}
            {no_show}
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
