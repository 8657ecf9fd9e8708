//! `/_kit`: every component in every state, for those who build and check the product (demo profile only).

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, CheckResult, Checkbox, Choice, Door, Doors,
    Empty, ErrorSummary, Fact, Facts, Field, Figure, FileField, Hint, Layout, LinkItem, LinkList,
    OptionGroup, Photo, PhotoButton, Photos, QrCard, Radios, Select, Skeleton, Steps, Tag, TextArea,
    Timeline, TimelineEntry,
};
use crate::domain::confirm::check::CheckState;

/// Longer than any real content, to see what gives way.
const LONG: &str =
    "因家庭成员突发重大疾病需要长期住院治疗，自付医疗费用远超家庭承受能力，基本生活暂时出现严重困难";
/// A name at its limit: a long one with a middle dot.
const LONG_NAME: &str = "阿卜杜热合曼·买买提吐尔逊江·艾合麦提尼亚孜";

/// Every component in every state.
#[component]
pub fn KitPage() -> impl IntoView {
    view! {
        <Layout title="组件一览" back="/" step=(3, 9)>
            <Words/>
            <Entrances/>
            <Messages/>
            <Fields/>
            <Choices/>
            <Buttons/>
            <Records/>
            <Codes/>
        </Layout>
    }
}

/// Text, tags, numbers.
#[component]
fn Words() -> impl IntoView {
    view! {
        <Card title="文字">
            <p>
                "低保由街道审核，区民政局确认。"<a href="#main">"看看需要什么材料"</a>
                "。办理过程中有任何不明白的地方，都可以打电话问。"
            </p>
            <p>{LONG}"。"</p>
            <Hint>"已自动保存，30 天内可以接着填。"</Hint>
            <p><a class="xw-alone" href="#main">"替别人申请"</a></p>
            <ul>
                <li>"带身份证原件"</li>
                <li>"带银行卡（没有可以后补）"</li>
            </ul>
            <details>
                <summary>"为什么要核对家庭经济状况？"</summary>
                <p>"依据《社会救助法》第四十条，核对前须取得授权。"</p>
            </details>
        </Card>
        <Card title="要紧的数字">
            <Figure label="最晚答复" value="2026 年 12 月 10 日 星期四" hint="从受理的次日起算，共 20 个工作日"/>
            <Figure label="申请金额" value="8,000 元"/>
        </Card>
        <Card title="状态">
            <p class="xw-tags">
                <Tag kind="good">"已受理"</Tag>
                <Tag kind="warn">"待补授权"</Tag>
                <Tag kind="info">"街道审核中"</Tag>
                <Tag kind="bad">"核验未通过"</Tag>
                <Tag kind="plain">"示例"</Tag>
            </p>
        </Card>
        <Card label="进度"><Steps now=9 total=9/></Card>
    }
}

/// Doors and lists.
#[component]
fn Entrances() -> impl IntoView {
    let door = |sign: &str, title: &str, hint: &str, tone| Door {
        href: "#main".to_owned(),
        sign: sign.to_owned(),
        title: title.to_owned(),
        hint: hint.to_owned(),
        tone,
    };
    let item = |title: &str, hint: &str, sign: &str| LinkItem {
        href: "#main".to_owned(),
        title: title.to_owned(),
        hint: hint.to_owned(),
        sign: sign.to_owned(),
    };
    view! {
        <Doors items=vec![
            door("助", "社会救助", "看看能申请什么", "aid"),
            door("婚", "婚姻登记", "全国可约", "wed"),
            door("餐", "老年助餐", "今天还能订晚饭", "meal"),
            door("时", "时间银行", "余额 12 小时 30 分", "bank"),
        ]/>
        <Doors
            label="只有一扇门"
            items=vec![door("助", "临时救助", "突发困难时申请，没有本地户籍也可以在事发地申请", "aid")]
        />
        <LinkList items=vec![
            item("我的办件", "低保 · 街道审核中，最晚 12月10日", ""),
            item("核验二维码", "", ""),
            item("打电话问", "社区窗口也能办，纸质同样有效", "phone"),
            item(LONG_NAME, LONG, ""),
        ]/>
        <Empty
            title="还没有办件"
            hint="提交申请后，进度会显示在这里。"
            href="#main"
            action="看看能申请什么"
        />
        <Empty title="没有需要补的材料"/>
        <Card label="正在加载"><Skeleton/></Card>
    }
}

/// Notices and the error summary.
#[component]
fn Messages() -> impl IntoView {
    let errors = vec![
        ("kit-id".to_owned(), "出生日期 1966年2月29日 不存在，请对照证件重填".to_owned()),
        ("kit-phone".to_owned(), "请填写 11 位手机号".to_owned()),
        ("kit-kind".to_owned(), "请选择遇到的是哪一种困难".to_owned()),
    ];
    view! {
        <ErrorSummary errors/>
        <ErrorSummary errors=vec![]/>
        <Banner title="办理时限以街道公布为准">
            <p>"街道公布后，这里会显示最晚的日期。"</p>
        </Banner>
        <Banner kind="warn" title="还有 2 位成年人没有授权">
            <p>"不影响受理，可以" <a href="#main">"发链接请他们授权"</a> "。"</p>
        </Banner>
        <Banner kind="good" title="已收到您的申请"/>
        <Banner kind="bad" title="这个时段刚刚约满，请另选时间"/>
        <Banner><p>{LONG}"。"</p></Banner>
    }
}

/// One line and several lines.
#[component]
fn Fields() -> impl IntoView {
    view! {
        <Card title="填写">
            <form class="xw-form" method="post" action="/_kit">
                <Field name="kit-name" label="姓名" value=LONG_NAME autocomplete="name"/>
                <Field name="kit-empty" label="工作单位" hint="没有单位可以不填。" optional=true/>
                <Field
                    name="kit-id"
                    label="身份证号"
                    hint="18 位，最后一位可能是 X。"
                    value="320214196602299914"
                    error="出生日期 1966年2月29日 不存在，请对照证件重填"
                />
                <Field
                    name="kit-phone"
                    label="手机号"
                    kind="tel"
                    inputmode="tel"
                    autocomplete="tel"
                    value="1390000"
                    error="请填写 11 位手机号"
                />
                <Field
                    name="kit-card"
                    label="银行卡号"
                    inputmode="numeric"
                    value="6222020200112233445"
                    warning="卡号可能少了一位或抄错了，请再对一遍；确实无误可以继续。"
                />
                <Field name="kit-amount" label="申请金额" inputmode="decimal" unit="元" value="8000"/>
                <Field name="kit-date" label="发生日期" kind="date" value="2026-11-20"/>
                <TextArea
                    name="kit-story"
                    label="遇到了什么困难？"
                    hint="说清楚什么时候、发生了什么、眼下最缺什么就可以。"
                    value=format!("{LONG}。\n\n{LONG}。")
                />
                <TextArea name="kit-story-2" label="补充说明" rows=3 optional=true error="请不要超过 500 个字"/>
                <FileField name="kit-photo" label="照片" hint="可以现拍，也可以从相册里选。" accept="image/jpeg"/>
                <FileField name="kit-photo-2" label="照片" error="请选一张照片" accept="image/jpeg"/>
                <Actions><Button name="kit-go" value="next">"下一步"</Button></Actions>
            </form>
        </Card>
    }
}

/// One of a few, one of many, yes or no.
#[component]
fn Choices() -> impl IntoView {
    let kinds = || {
        vec![
            Choice {
                value: "emergency".to_owned(),
                label: "急难型".to_owned(),
                hint: Some("火灾、交通事故、突发重病等，眼下就过不去。".to_owned()),
            },
            Choice {
                value: "expenditure".to_owned(),
                label: "支出型".to_owned(),
                hint: Some("看病、上学等必需的开支太大，家里负担不起。".to_owned()),
            },
        ]
    };
    let plain =
        |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned(), hint: None };
    let places = || {
        let option = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        vec![
            OptionGroup { label: String::new(), options: vec![option("other", "不在新吴区")] },
            OptionGroup {
                label: "旺庄街道".to_owned(),
                options: vec![option("cx", "春潮社区"), option("fh", "高浪社区")],
            },
        ]
    };
    view! {
        <Card title="选择">
            <form class="xw-form" method="post" action="/_kit">
                <Radios
                    name="kit-kind"
                    legend="遇到的是哪一种困难？"
                    hint="拿不准就选急难型，工作人员会帮您看。"
                    error="请选择遇到的是哪一种困难"
                    options=kinds()
                />
                <Radios name="kit-kind-2" legend="遇到的是哪一种困难？" value="expenditure" options=kinds()/>
                <Radios
                    name="kit-urgent"
                    legend="24 小时内需要帮助吗？"
                    value="no"
                    options=vec![plain("yes", "需要"), plain("no", "不需要"), plain("long", LONG)]
                />
                <Select name="kit-place" label="所在社区" groups=places() empty="请选择社区"/>
                <Select
                    name="kit-place-2"
                    label="事发地社区"
                    hint="在哪里遇到困难，就选哪里。"
                    error="请选择事发地社区"
                    value="cx"
                    groups=places()
                />
                <Checkbox name="kit-pledge" label="以上内容属实" checked=true/>
                <Checkbox
                    name="kit-consent"
                    label="同意把联系方式转给社区志愿者"
                    hint="不同意也不影响申请。"
                />
                <Checkbox
                    name="kit-consent-2"
                    label="我已阅读并承诺所填内容真实、完整，没有隐瞒家庭收入和财产"
                    error="请勾选承诺后再提交"
                />
            </form>
        </Card>
    }
}

/// Buttons and links that look like them.
#[component]
fn Buttons() -> impl IntoView {
    view! {
        <Card title="按钮">
            <form class="xw-form" method="post" action="/_kit">
                <Actions>
                    <Button>"提交申请"</Button>
                    <Button kind="secondary">"保存，稍后再填"</Button>
                    <Button kind="danger">"放弃这份草稿"</Button>
                    <Button kind="quiet">"再添加一位家庭成员"</Button>
                    <Button disabled=true>"提交申请"</Button>
                    <ButtonLink href="#main" kind="primary">"开始申请"</ButtonLink>
                    <ButtonLink href="#main" kind="secondary">"打印回执"</ButtonLink>
                    <ButtonLink href="#main" kind="quiet">"换成替家人办，并请他们在自己的手机上授权"</ButtonLink>
                </Actions>
            </form>
        </Card>
    }
}

/// What was answered, what happened, what holds.
#[component]
fn Records() -> impl IntoView {
    let answer = |label: &str, value: &str, change_label: &str| Answer {
        label: label.to_owned(),
        value: value.to_owned(),
        href: Some("#main".to_owned()),
        change_label: change_label.to_owned(),
    };
    let entry = |title: &str, at: &str, note: Option<&str>, done, sample| TimelineEntry {
        title: title.to_owned(),
        at: at.to_owned(),
        note: note.map(str::to_owned),
        done,
        sample,
    };
    let fact = |title: &str, body: &str, source: &str, since: &str, sample| Fact {
        title: title.to_owned(),
        body: body.to_owned(),
        source: source.to_owned(),
        since: since.to_owned(),
        sample,
    };
    view! {
        <Answers
            title="申请人"
            rows=vec![
                answer("姓名", LONG_NAME, "申请人的姓名"),
                answer("身份证号", "3202＊＊＊＊＊＊＊＊＊＊9914", ""),
                answer("经过", &format!("{LONG}。\n\n{LONG}。"), ""),
                answer("银行账户", "", ""),
            ]
        />
        <Answers
            title="家庭成员"
            edit="#main"
            rows=vec![Answer { label: "配偶".to_owned(), value: "李＊＊".to_owned(), ..Answer::default() }]
        />
        <Card title="照片">
            <Photos photos=vec![
                Photo {
                    title: "诊断书".to_owned(),
                    hint: "11 月 26 日 9:00 收到，350 KB".to_owned(),
                    image: Some("/icon.svg".to_owned()),
                    href: Some("#main".to_owned()),
                    button: Some(PhotoButton {
                        action: "/_kit".to_owned(),
                        fields: Vec::new(),
                        words: "这次也用这一张".to_owned(),
                    }),
                },
                Photo { title: LONG.to_owned(), hint: "350 KB\n看不到照片的".to_owned(), ..Photo::default() },
            ]/>
        </Card>
        <Card title="办到哪一步">
            <Timeline entries=vec![
                entry("已提交申请", "2026 年 11 月 23 日 星期一 14:05", Some("本人提交"), true, false),
                entry("街道已受理", "2026 年 11 月 24 日 星期二 9:12", None, true, true),
                entry("街道审核", "", Some("工作人员会打电话约时间上门，请保持电话畅通。"), false, false),
            ]/>
        </Card>
        <Card title="先了解">
            <Facts facts=vec![
                fact("谁能申请", &format!("{LONG}的家庭或个人。\n没有本地户籍，也可以在事发地申请。"),
                    "《社会救助法》第三十七条", "2026 年 7 月 1 日起施行", false),
                fact("能得到多少", "每次最高 8,000 元", "街道公布的标准", "2020 年", true),
            ]/>
        </Card>
    }
}

/// The code, and what a check of it finds.
#[component]
fn Codes() -> impl IntoView {
    view! {
        <QrCard svg=sample_code() short_code="7K3M-9QXD" caption="二维码没网也能核验；8 位码需联网。"/>
        <CheckResult state=CheckState::Valid kind=None>
            <Answers
                title="回执内容"
                rows=vec![Answer { label: "编号".to_owned(), value: "LS2611230001".to_owned(), ..Answer::default() }]
            />
        </CheckResult>
        {CheckState::ALL
            .iter()
            .filter(|state| **state != CheckState::Valid)
            .map(|state| view! { <CheckResult state=*state kind=None/> })
            .collect_view()}
    }
}

/// Something that looks like a code and says nothing.
fn sample_code() -> String {
    const SIDE: u32 = 45;
    let finder = |x: u32, y: u32| -> Option<bool> {
        let near =
            |at: u32| if at < 8 { Some(at) } else { (SIDE - 8..SIDE).contains(&at).then(|| SIDE - 1 - at) };
        let (x, y) = match (near(x), near(y)) {
            (Some(dx), Some(dy)) if x < 8 || y < 8 => (dx, dy),
            _ => return None,
        };
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        Some(ring != 2 && ring != 4)
    };
    let mut path = String::new();
    for y in 0..SIDE {
        for x in 0..SIDE {
            if finder(x, y).unwrap_or((x * 7 + y * 13 + x * y * 5 + (x ^ y)) % 5 < 2) {
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    format!(
        r##"<svg viewBox="-4 -4 53 53" shape-rendering="crispEdges"><path fill="#fff" d="M-4-4h53v53h-53z"/><path d="{path}"/></svg>"##
    )
}
