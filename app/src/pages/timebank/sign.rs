//! `/timebank/needs/{need}/sign`, `/code`: start and end of a service, for where there is no network. Neither page holds anything of the
//! other person, so that a phone may keep it (`public/timebank-sign.js`). Without the script the first is a form as any other.

use leptos::prelude::*;

use super::kept_script;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, ErrorSummary, Field, Figure, Layout,
};
use crate::domain::time::Instant;
use crate::domain::timebank::{NeedState, SignAct};
use crate::pages::Sent;

/// What the page may say of a service.
#[derive(Clone, Debug)]
pub struct SignView {
    /// Its id.
    pub id: String,
    /// What for.
    pub kind: String,
    /// Street and community in words.
    pub place: String,
    /// When it is to begin.
    pub starts_at: Instant,
    /// How it stands.
    pub state: NeedState,
    /// Which of the device's keys signs: one for each volunteer who uses it.
    pub signer: String,
}

impl SignView {
    fn rows(&self) -> Vec<Answer> {
        let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
        vec![
            row("做什么", self.kind.clone()),
            row("什么时候", self.starts_at.shanghai_full()),
            row("在哪里", self.place.clone()),
        ]
    }
}

/// The form of the start or of the end. The second waits hidden: the script shows it once the start lies on the device.
fn form(view: &SignView, act: SignAct, sent: &Sent<()>, key: &str) -> impl IntoView + use<> {
    let (legend, button, hint) = match act {
        SignAct::Start => ("签到", "开始服务", "到了以后填"),
        SignAct::End => ("签退", "服务结束", "走之前填"),
    };
    let name = format!("{}-code", act.as_str());
    let (error, hidden) = (sent.error(&name), act == SignAct::End && view.state == NeedState::Taken);
    let hint = format!("{hint}：6 位服务码、老人手机上的 9 位数字，或者出示卡上的短码");
    let (action, key) = (format!("/timebank/needs/{}/sign", view.id), format!("{key}{}", act.as_str()));
    view! {
        <form method="post" action=action novalidate class="xw-form" data-act=act.as_str() hidden=hidden>
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act.as_str()/>
            <Card title=legend>
                <Field name label="服务码" hint error maxlength=2_000/>
                <button type="button" class="xw-button xw-button--quiet" data-scan="" hidden="">"拍出示卡上的码"</button>
                <Actions><Button>{button}</Button></Actions>
            </Card>
        </form>
    }
}

/// The volunteer's page.
pub fn sign(view: &SignView, sent: &Sent<()>, words: &str, key: &str) -> impl IntoView + use<> {
    let start = (view.state == NeedState::Taken).then(|| form(view, SignAct::Start, sent, key));
    let end = form(view, SignAct::End, sent, key);
    let refused = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <div data-refused=""><Banner kind="warn" title/></div> }
    });
    let (errors, rows, back) = (sent.summary(), view.rows(), format!("/timebank/needs/{}", view.id));
    let (id, signer) = (view.id.clone(), view.signer.clone());
    view! {
        <Layout title="签到和签退" back=back narrow=true>
            <ErrorSummary errors/>
            {refused}
            <Banner kind="info" title="出门前先打开这一页">
                <p>"没有信号也能签：时间由这部手机记下、签名，连上网以后自己送出。这一页不写老人的姓名和门牌。"</p>
            </Banner>
            <div data-sign=id data-signer=signer>
                {kept_script()}
                {start}
                {end}
            </div>
            <Answers title="这次服务" rows/>
        </Layout>
    }
}

/// The served person's page: the script shows a code that changes by the minute.
pub fn code(view: &SignView) -> impl IntoView + use<> {
    let (id, rows, back) = (view.id.clone(), view.rows(), format!("/timebank/needs/{}", view.id));
    view! {
        <Layout title="出示服务码" back=back narrow=true>
            <div data-served-code=id>
                <Figure label="服务码，每分钟换一次" value="—" hint="志愿者到的时候和走的时候，给他看；电话里谁问都不要说"/>
                {kept_script()}
            </div>
            <p>"没有出现 9 位数字的，回上一页用那 6 位数字，一样有效。"</p>
            <Answers title="这次服务" rows/>
        </Layout>
    }
}
