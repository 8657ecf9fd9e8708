//! `/staff/marriage/{office}/door`: who is there, who is called next, and one couple that comes with its code.

use jiff::civil::Date;
use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, Figure,
    OptionGroup, Select, StaffLayout, TextArea,
};
use crate::domain::marriage::{
    AcceptedForm, ArriveForm, Booking, BookingNote, BookingState, CallForm, DoorAct, Matter, NoShow,
    NoShowState, NoteForm, Office, PartnerWay, Visit, VisitState, WalkInForm, queue, time_words,
};
use crate::domain::time::date_text;
use crate::pages::Sent;
use crate::text::marriage::{
    accepted_words, door_act_label, matter_label, no_show_label, state_label, visit_label,
};

/// The door of an office now.
#[derive(Clone, Debug)]
pub struct Door {
    /// The office.
    pub office: Office,
    /// Everybody who came today.
    pub visits: Vec<Visit>,
    /// The minute of the day.
    pub minute: u16,
    /// A code, as typed.
    pub arrive: Sent<ArriveForm>,
    /// A couple without a booking, as typed.
    pub walk_in: Sent<WalkInForm>,
    /// The counter, as typed.
    pub call: Sent<CallForm>,
    /// For what couples without a booking get a number today.
    pub walk_ins: Vec<Matter>,
    /// What was just done.
    pub done: Option<String>,
    /// It could not be done any more.
    pub conflict: bool,
    /// The key of the forms.
    pub key: String,
}

fn visit_words(visit: &Visit) -> String {
    let who = if visit.booking.is_none() { "没有预约".to_owned() } else { visit.names.join("、") };
    let counter = match visit.counter {
        Some(counter) if visit.state != VisitState::Waiting => format!("，{counter} 号窗口"),
        _ => String::new(),
    };
    format!("{} 号 {}，{who}{counter}", visit.number, matter_label(visit.matter))
}

/// The buttons of one couple.
fn acts(base: &str, visit: &Visit, key: &str) -> impl IntoView + use<> {
    let offered: &[DoorAct] = match visit.state {
        VisitState::Waiting => &[DoorAct::Left],
        VisitState::Called => &[DoorAct::Again, DoorAct::Skip, DoorAct::Served, DoorAct::Left],
        VisitState::Served | VisitState::Left => &[],
    };
    let buttons = offered
        .iter()
        .map(|act| {
            let key = format!("{key}{}{}", act.as_str(), visit.number);
            view! {
                <form method="post" action=format!("{base}/visits/{}", visit.id)>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <input type="hidden" name="act" value=act.as_str()/>
                    <Button kind="secondary">{door_act_label(*act)}</Button>
                </form>
            }
        })
        .collect_view();
    view! { <Actions>{buttons}</Actions> }
}

/// The door: a code is scanned or typed, a number given, the next one called.
pub fn door(me: &Me, door: &Door) -> impl IntoView + use<> {
    let base = format!("/staff/marriage/{}/door", door.office.code);
    let key = |of: &str| format!("{}{of}", door.key);
    let mut errors = door.arrive.summary();
    errors.extend(door.walk_in.summary());
    errors.extend(door.call.summary());
    let conflict = door
        .conflict
        .then(|| view! { <Banner kind="warn" title="没有办成：情况刚刚变了，请看看下面现在的样子"/> });
    let done = door.done.clone().map(|words| view! { <Banner kind="good" title=words/> });
    let line = |visit: &Visit| {
        view! { <p>{visit_words(visit)}</p> {acts(&base, visit, &door.key)} }
    };
    let called: Vec<_> =
        door.visits.iter().filter(|visit| visit.state == VisitState::Called).map(line).collect();
    let called = if called.is_empty() {
        view! { <p class="xw-hint">"现在没有叫着的。"</p> }.into_any()
    } else {
        called.into_any()
    };
    let waiting = queue(&door.visits, door.minute);
    let count = waiting.len();
    let waiting: Vec<_> = waiting.into_iter().map(line).collect();
    let waiting =
        if count == 0 { view! { <Empty title="没有人在等"/> }.into_any() } else { waiting.into_any() };
    let matters = vec![OptionGroup {
        label: String::new(),
        options: door
            .walk_ins
            .iter()
            .map(|matter| (matter.as_str().into(), matter_label(*matter).into()))
            .collect(),
    }];
    let (code_error, matter_error) = (door.arrive.error("code"), door.walk_in.error("matter"));
    let (both_error, counter_error) = (door.walk_in.error("both"), door.call.error("counter"));
    let (walk_in, counter) = (door.walk_in.form.clone(), door.call.form.counter.clone());
    let both = walk_in.both == "yes";
    let [find_action, walk_in_action, next_action] =
        ["find", "walk-in", "next"].map(|page| format!("{base}/{page}"));
    let [find_key, walk_in_key, next_key] = ["f", "w", "n"].map(key);
    let walk_in_card = (!door.walk_ins.is_empty()).then(|| {
        view! {
            <Card title="没有预约的来了">
                <form method="post" action=walk_in_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=walk_in_key/>
                    <Select name="matter" label="办什么" groups=matters value=walk_in.matter error=matter_error/>
                    <Checkbox name="both" label="两个人都到了" checked=both error=both_error/>
                    <Actions><Button kind="secondary">"取号"</Button></Actions>
                </form>
            </Card>
        }
    });
    let back = format!("/staff/marriage/{}", door.office.code);
    let day = format!("{back}/day");
    let hall = format!("/marriage/offices/{}/hall", door.office.code);
    let name = format!("{}：门口", door.office.name);
    view! {
        <StaffLayout title=name back=back name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {conflict}
            {done}
            <Card title="有预约的来了">
                <form method="post" action=find_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=find_key/>
                    <Field name="code" label="扫码、短码或者编号" hint="扫码枪对着二维码扫一下；也可以输 8 位短码或者 14 位编号" error=code_error maxlength=2000/>
                    <Actions><Button>"找这一对"</Button></Actions>
                </form>
            </Card>
            <Card title="叫下一对">
                <form method="post" action=next_action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=next_key/>
                    <Field name="counter" label="几号窗口叫" hint="1 到 99；这个窗口上一对算离开了，没应声的请先排到后面" inputmode="numeric" value=counter error=counter_error maxlength=3/>
                    <Actions><Button>"叫下一对"</Button></Actions>
                </form>
            </Card>
            <Card title="正在叫">{called}</Card>
            <Card title=format!("在等的：{count} 对")>
                <p class="xw-hint">"到了时间的先叫，其中约好的在前；没到时间的排在后面。"</p>
                {waiting}
            </Card>
            {walk_in_card}
            <Actions>
                <ButtonLink href=day kind="secondary">"今天谁来"</ButtonLink>
                <ButtonLink href=hall kind="secondary">"大厅叫号屏"</ButtonLink>
            </Actions>
        </StaffLayout>
    }
}

/// The day on which the application was accepted: the second visit is counted from it.
fn acceptance_card(
    back: &str,
    booking: &Booking,
    sent: &Sent<AcceptedForm>,
    key: &str,
) -> impl IntoView + use<> {
    let (action, key) = (format!("{back}/{}/accepted", booking.id), format!("{key}r"));
    let (value, error) = (sent.form.accepted.clone(), sent.error("accepted"));
    view! {
        <Card title="记下受理的日子">
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="accepted" label="哪天受理的" hint="照受理回执写，比如 2026-12-01；写错了再写一次，以后一次为准。原因、子女、协议都不要写" value error maxlength=30/>
                <Actions><Button kind="secondary">"记下"</Button></Actions>
            </form>
        </Card>
    }
}

/// What is so of a couple that did not come, and what a clerk can do.
fn no_show_card(base: &str, (no_show, over): (Option<&NoShow>, bool), key: &str) -> Option<AnyView> {
    let button = |action: String, key: String, outcome: &'static str, words: &'static str| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="outcome" value=outcome/>
                <Button kind="secondary">{words}</Button>
            </form>
        }
    };
    let Some(no_show) = no_show else {
        let mark = button(format!("{base}/no-show"), format!("{key}m"), "", "记下：没有来");
        return over.then(|| {
            view! {
                <Card title="时间过了，他们没来？">
                    <p class="xw-hint">"记下以后两个人都会收到短信，可以提意见。有什么影响，看“门口的规矩”。"</p>
                    <Actions>{mark}</Actions>
                </Card>
            }
            .into_any()
        });
    };
    let settle = format!("{base}/no-show/settle");
    let lift = matches!(no_show.state, NoShowState::Marked | NoShowState::Objected)
        .then(|| button(settle.clone(), format!("{key}l"), "lifted", "撤销记录"));
    let uphold = (no_show.state == NoShowState::Objected)
        .then(|| button(settle, format!("{key}u"), "upheld", "保留记录"));
    let words = (!no_show.words.is_empty()).then(|| view! { <p>{format!("他们说：{}", no_show.words)}</p> });
    let state = no_show_label(no_show.state);
    Some(
        view! { <Card title="没有来"><p>{state}</p>{words}<Actions>{lift}{uphold}</Actions></Card> }
            .into_any(),
    )
}

/// What the office writes on the booking; the couple reads what is shown.
fn notes_card(base: &str, notes: &[BookingNote], sent: &Sent<NoteForm>, key: &str) -> impl IntoView + use<> {
    let lines = notes
        .iter()
        .map(|note| {
            let who = if note.shown { "他们看得到" } else { "只有我们看得到" };
            view! { <p>{note.words.clone()}<span class="xw-hint">{format!(" {}，{who}", note.at.shanghai_full())}</span></p> }
        })
        .collect_view();
    let (action, key) = (format!("{base}/note"), format!("{key}n"));
    let (form, error) = (sent.form.clone(), sent.error("words"));
    view! {
        <Card title="留的话">
            {lines}
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <TextArea name="words" label="写一句" hint="2 到 200 个字。离婚的原因、子女、协议都不要写" value=form.words error rows=2 maxlength=200/>
                <Checkbox name="shown" label="让他们看到" hint="会写在他们的预约里" checked=form.shown == "yes"/>
                <Actions><Button kind="secondary">"留下"</Button></Actions>
            </form>
        </Card>
    }
}

/// One couple that booked, with everything a clerk reads and types of it.
#[derive(Clone, Debug)]
pub struct CoupleThere {
    /// The office.
    pub office: Office,
    /// The booking.
    pub booking: Booking,
    /// Whether both are there, as sent.
    pub sent: Sent<()>,
    /// The day of acceptance, once it was written down.
    pub accepted: Option<Date>,
    /// The day of acceptance, as typed.
    pub receipt: Sent<AcceptedForm>,
    /// That they did not come.
    pub no_show: Option<NoShow>,
    /// Their time is over.
    pub over: bool,
    /// What was written on it.
    pub notes: Vec<BookingNote>,
    /// A note, as typed.
    pub note: Sent<NoteForm>,
}

/// One couple that booked, at the door.
pub fn couple(
    me: &Me,
    there: &CoupleThere,
    (visit, today): (Option<&Visit>, Date),
    key: &str,
) -> impl IntoView + use<> {
    let CoupleThere { office, booking, sent, accepted, receipt, no_show, over, notes, note } = there;
    let (accepted, no_show, over) = (*accepted, no_show.as_ref(), *over);
    let back = format!("/staff/marriage/{}/door", office.code);
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let mut rows = vec![
        row("办什么", matter_label(booking.matter).into()),
        row("什么时候", format!("{} {}", date_text(booking.day), time_words(booking.starts, booking.ends))),
    ];
    if !booking.names.is_empty() {
        rows.push(row("两个人", booking.names.join("、")));
    }
    rows.push(row("编号", booking.number.clone()));
    if let Some(accepted) = booking.accepted {
        rows.push(row("离婚申请受理", accepted_words(accepted)));
    }
    if let Some(accepted) = accepted {
        rows.push(row("记下的受理日子", date_text(accepted)));
    }
    let first_visit = booking.matter == Matter::DivorceRegistration && visit.is_some();
    let acceptance = first_visit.then(|| acceptance_card(&back, booking, receipt, key));
    let door = (booking.way == Some(PartnerWay::Door)).then(|| {
        view! { <Banner kind="warn" title="另一位还没有确认过：请当面问一句，再取号"/> }
    });
    let unsure = booking.staff_decide.then(|| {
        view! { <Banner kind="warn" title="有一位生日是 2 月 29 日：今天算不算满年龄，请按规定判断"/> }
    });
    let error = sent.error("both");
    let mut errors = sent.summary();
    errors.extend(receipt.summary());
    errors.extend(note.summary());
    let notes = notes_card(&format!("{back}/{}", booking.id), notes, note, key);
    let over = over && visit.is_none() && booking.state == BookingState::Firm;
    let no_show = no_show_card(&format!("{back}/{}", booking.id), (no_show, over), key);
    let (action, key) = (format!("{back}/{}/arrive", booking.id), key.to_owned());
    let act = match (visit, booking.state) {
        (Some(visit), _) => {
            let (value, hint) = (format!("{} 号", visit.number), visit_label(visit.state));
            view! { <Card title="取过号了"><Figure label="号码" value hint/></Card> }.into_any()
        }
        (None, BookingState::Firm) if booking.day == today => view! {
            <Card title="两个人都到了吗？">
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Checkbox name="both" label="两个人都到了" hint="请对照证件看是不是这两位" error/>
                    <Actions><Button>"取号"</Button></Actions>
                </form>
            </Card>
        }
        .into_any(),
        (None, BookingState::Firm) => {
            view! { <Banner kind="bad" title="约的不是今天，不能取号；今天要办的，按没有预约的取号"/> }
                .into_any()
        }
        (None, state) => {
            view! { <Banner kind="bad" title=format!("这个预约：{}，不能取号", state_label(state))/> }
                .into_any()
        }
    };
    view! {
        <StaffLayout title="来的这一对" back=back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Answers title="预约" rows/>
            {door}
            {unsure}
            {act}
            {no_show}
            {acceptance}
            {notes}
        </StaffLayout>
    }
}
