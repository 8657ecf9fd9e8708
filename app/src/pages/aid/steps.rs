//! `/aid/temporary-aid/apply/{step}`: one thing a page.

use leptos::prelude::*;

use super::fields::{DocumentFields, PlaceFields, YesNo};
use super::{apply, is_temporary, whose};
use crate::components::{
    Actions, Banner, Button, Card, Checkbox, Choice, ErrorSummary, Field, Hint, Layout, Radios, TextArea,
};
use crate::domain::aid::{
    AddressForm, ApplicantForm, AuthorisationForm, BankAccountForm, ConsentWay, FinancesForm, NoticeForm,
    PledgeForm, Signatory, SituationForm, Step, TemporaryAidKind, Urgency,
};
use crate::domain::bank::BankAccount;
use crate::islands::LiveChecks;
use crate::pages::{Sent, choices, privacy};
use crate::text::aid::{
    CHECK_EXPLAINED, PLEDGE, PLEDGE_OF_SERVICE, kind_hint, kind_label, step_title, urgency_label, way_hint,
    way_label,
};
use crate::text::errors::luhn_warning;

/// What stands around every page's fields.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// Which page.
    pub step: Step,
    /// The pages that this item has.
    pub pages: &'static [Step],
    /// What is wanted is a service, not aid.
    pub service: bool,
    /// The page was opened from the last look, and goes back there.
    pub from_check: bool,
}

impl Around {
    /// Where 返回 goes.
    pub(super) fn back(self) -> String {
        let apply = apply();
        match self.step.previous(self.pages) {
            _ if self.from_check => format!("{apply}/check"),
            Some(step) => format!("{apply}/{}", step.as_str()),
            None => apply,
        }
    }

    /// The page around its fields.
    fn page(self, errors: Vec<(String, String)>, fields: AnyView) -> impl IntoView + use<> {
        let action = format!("{}/{}", apply(), self.step.as_str());
        let place = (self.step.number(self.pages), self.pages.len());
        let button = if self.from_check { "保存，回去核对" } else { "下一步" };
        view! {
            <Layout title=step_title(self.step, self.service) back=self.back() islands=true narrow=true step=place>
                <ErrorSummary errors/>
                <LiveChecks>
                    <form method="post" action=action novalidate class="xw-form">
                        {self.from_check.then(|| view! { <input type="hidden" name="return_to" value="check"/> })}
                        {whose()}
                        {fields}
                        <Actions><Button>{button}</Button></Actions>
                    </form>
                </LiveChecks>
                <Hint>"填好的会自动保存，三十天内在这部手机上可以接着填。"</Hint>
            </Layout>
        }
    }
}

/// Page 1. `child`: the item is for children.
pub fn applicant(sent: &Sent<ApplicantForm>, child: bool, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let about = child.then(|| {
        view! {
            <Banner kind="info" title="这里填孩子的">
                <p>"姓名和证件填孩子本人的，手机号填照顾孩子的人的。"</p>
                <p>"孩子未满 14 周岁的，由监护人替孩子申请；要先在窗口登记过监护关系。"</p>
            </Banner>
        }
    });
    let fields = view! {
        {about}
        <Field name="name" label="姓名" hint="和证件上一样" value=form.name error=sent.error("name") autocomplete="name" check="name"/>
        <DocumentFields
            kind=form.document_kind
            number=form.document_number
            kind_error=sent.error("document_kind")
            number_error=sent.error("document_number")
        />
        <Field
            name="mobile"
            label="手机号"
            hint="街道用它和您联系；以后查进度要用后四位"
            value=form.mobile
            error=sent.error("mobile")
            kind="tel"
            inputmode="tel"
            autocomplete="tel"
            check="mobile"
        />
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 2.
pub fn address(sent: &Sent<AddressForm>, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let places = [
        ("home", "就在住处", None),
        ("district", "在新吴区的其他地方", Some("请在下面写清楚是哪里")),
        ("elsewhere", "不在新吴区", Some("临时救助要向急难发生的地方申请（社会救助法第三十七条）")),
    ]
    .map(|(value, label, hint)| Choice {
        value: value.into(),
        label: label.into(),
        hint: hint.map(Into::into),
    })
    .to_vec();
    let home_errors = ["street", "community", "detail"].map(|name| sent.error(name));
    let place_error = sent.error("emergency_place");
    let emergency_errors =
        ["emergency_street", "emergency_community", "emergency_detail"].map(|name| sent.error(name));
    let home = view! {
        <Card title="现在住在哪里">
            <PlaceFields
                prefix=""
                street=form.street
                community=form.community
                detail=form.detail
                errors=home_errors
                outside=true
                detail_label="详细地址"
                detail_hint="路名、门牌号、小区、楼栋、房号"
            />
        </Card>
    };
    if !is_temporary() {
        let fields = view! {
            {home}
            <input type="hidden" name="emergency_place" value="home"/>
            <Hint>"申请先交到住处的街道。户籍不在这个街道的，请在「"{step_title(Step::Situation, around.service)}"」那一步写明户籍在哪里，该由别的街道办的会替您转过去。"</Hint>
        };
        return around.page(sent.summary(), fields.into_any());
    }
    let fields = view! {
        {home}
        <Card title="急难发生在哪里">
            <p>"不需要本地户籍。在哪里遇到急难，就由哪里的街道收您的申请。"</p>
            <Radios
                name="emergency_place"
                legend="发生的地方"
                value=form.emergency_place
                options=places
                error=place_error
            />
            <Hint>"选了「在新吴区的其他地方」，请填写下面三项；选了别的不用填。"</Hint>
            <PlaceFields
                prefix="emergency_"
                street=form.emergency_street
                community=form.emergency_community
                detail=form.emergency_detail
                errors=emergency_errors
                detail_label="具体地点"
                detail_hint="路名、门牌号或者附近的地标"
            />
        </Card>
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 4.
pub fn finances(sent: &Sent<FinancesForm>, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let spending = [
        ("medical", "看病", "报销以后自己付的", form.medical),
        ("education", "上学", "学费、住宿费等", form.education),
        ("rehabilitation", "残疾康复", "康复训练、辅具等", form.rehabilitation),
        ("other", "其他必须花的", "比如房屋损坏后的维修", form.other),
    ]
    .map(|(name, label, hint, value)| {
        view! {
            <Field name label hint value error=sent.error(name) optional=true unit="元" inputmode="decimal" check="money"/>
        }
    })
    .into_iter()
    .collect_view();
    let fields = view! {
        <p>"写个大概就可以。街道会核对，能核对到的不用您交证明。"</p>
        <Field
            name="monthly_income"
            label="全家一个月的收入"
            hint="工资、养老金、做生意、租金等加在一起；没有收入写 0"
            value=form.monthly_income
            error=sent.error("monthly_income")
            unit="元"
            inputmode="decimal"
            check="money"
        />
        <Card title="最近十二个月必须花的钱">{spending}</Card>
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 5.
pub fn situation(sent: &Sent<SituationForm>, ask: Option<&str>, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let kinds = choices!(TemporaryAidKind::ALL, kind_label, |kind| Some(kind_hint(kind).to_owned()));
    let urgencies = choices!(Urgency::ALL, urgency_label, |_| None);
    if !is_temporary() {
        // The form's two kinds belong to 临时救助; of the others it is always what a household has to live on.
        let kind = TemporaryAidKind::Expenditure.as_str();
        let (label, hint) = match ask {
            Some(ask) => ("说说情况", ask.to_owned()),
            None => (
                "家里是什么情况",
                "谁没有收入、谁病了或者有残疾、户籍在哪里。写几句就可以，最多 1000 字。".to_owned(),
            ),
        };
        let fields = view! {
            <input type="hidden" name="kind" value=kind/>
            <TextArea
                name="story"
                label=label
                hint=hint
                value=form.story
                error=sent.error("story")
                check="story"
            />
            <Radios name="urgency" legend="有多急" value=form.urgency options=urgencies error=sent.error("urgency")/>
        };
        return around.page(sent.summary(), fields.into_any());
    }
    let fields = view! {
        <Radios name="kind" legend="是哪一种困难" value=form.kind options=kinds error=sent.error("kind")/>
        <TextArea
            name="story"
            label="发生了什么"
            hint="什么时候、什么事、现在最缺什么。写几句就可以，最多 1000 字。"
            value=form.story
            error=sent.error("story")
            check="story"
        />
        <Field
            name="amount"
            label="想申请多少"
            hint="不知道就空着，由街道来定"
            value=form.amount
            error=sent.error("amount")
            optional=true
            unit="元"
            inputmode="decimal"
            check="money"
        />
        <Radios name="urgency" legend="有多急" value=form.urgency options=urgencies error=sent.error("urgency")/>
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 6. `applicant` is the applicant's name, when it is known.
pub fn bank_account(sent: &Sent<BankAccountForm>, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let doubtful = BankAccount::parse(&form.number).is_ok_and(|account| !account.luhn_ok());
    let fields = view! {
        <Banner kind="info" title="现在可以不填"><p>"没有带卡、不方便写，都可以空着直接按下一步，以后再告诉街道。"</p></Banner>
        <Field name="holder" label="户名" hint="一般是申请人本人" value=form.holder error=sent.error("holder") optional=true autocomplete="name" check="name"/>
        <Field
            name="number"
            label="银行账号"
            hint="银行卡正面的 16 到 19 位数字"
            value=form.number
            error=sent.error("number")
            warning=doubtful.then(luhn_warning)
            optional=true
            inputmode="numeric"
            check="account"
        />
        <Field name="bank" label="开户银行" hint="比如农业银行无锡新吴支行" value=form.bank error=sent.error("bank") optional=true/>
        <Field
            name="reason"
            label="为什么用别人的账户"
            hint="户名不是申请人本人才要写，比如监护人代领"
            value=form.reason
            error=sent.error("reason")
            optional=true
        />
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 7.
pub fn notice(sent: &Sent<NoticeForm>, around: Around) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let fields = view! {
        {privacy::rules()}
        <Card title="另外问您一件事">
            <YesNo
                name="suggest"
                legend="要不要看看您还能得到别的帮助"
                hint="同意的话，工作人员会用这份申请看看其他救助和补贴是否适合您，再告诉您。这不是办这件事所必需的：不同意、不选，都不影响这次申请。"
                yes="同意"
                no="不同意"
                value=form.suggest
            />
        </Card>
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 8.
pub fn authorisation(
    sent: &Sent<AuthorisationForm>,
    signatories: &[Signatory],
    around: Around,
) -> impl IntoView + use<> {
    let questions = signatories
        .iter()
        .enumerate()
        .map(|(at, signatory)| {
            let name = format!("way-{}", signatory.id);
            // The applicant holds this phone: no link is offered to them.
            let ways: Vec<_> =
                ConsentWay::ALL.iter().copied().filter(|way| at > 0 || *way != ConsentWay::Link).collect();
            let options = choices!(ways, way_label, |way| Some(way_hint(way).to_owned()));
            let who = if at == 0 { "申请人" } else { "家人" };
            let legend = format!("{who}{}怎么同意", signatory.name.as_str());
            let value = sent.form.ways.get(&signatory.id).cloned().unwrap_or_default();
            view! { <Radios name=name.clone() legend value options error=sent.error(&name)/> }
        })
        .collect_view();
    let explained = CHECK_EXPLAINED.iter().map(|line| view! { <p>{*line}</p> }).collect_view();
    let nobody = signatories.is_empty().then(|| {
        view! {
            <Banner kind="warn" title="还不知道要问谁">
                <p>"请先填好第一步「您是谁」，再回到这里。现在也可以先按下一步。"</p>
            </Banner>
        }
    });
    let fields = view! {
        <Card title="为什么要同意">{explained}</Card>
        {nobody}
        {questions}
        <Banner kind="info" title="少一个人的同意，也会先收下您的申请"><p>"会标为「待补授权」，之后补上就行。"</p></Banner>
    };
    around.page(sent.summary(), fields.into_any())
}

/// Page 9.
pub fn pledge(sent: &Sent<PledgeForm>, around: Around) -> impl IntoView + use<> {
    let promised: &[&str] = if around.service { &PLEDGE_OF_SERVICE } else { &PLEDGE };
    let lines = promised.iter().map(|line| view! { <li>{*line}</li> }).collect_view();
    let checked = sent.form.agreed == "yes";
    let fields = view! {
        <Card title="我承诺"><ul>{lines}</ul></Card>
        <Checkbox name="agreed" label="我看过上面几条，愿意承诺" error=sent.error("agreed") checked/>
    };
    around.page(sent.summary(), fields.into_any())
}
