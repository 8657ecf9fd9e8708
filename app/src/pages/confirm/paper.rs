//! A confirmation on paper and as a picture: `/confirm/{number}/slip` on A5, `/confirm/{number}/slip/58mm` for the printers of
//! shop receipts, and the words on `/confirm/{number}/card.png`.

use leptos::either::Either;
use leptos::prelude::*;

use super::receipt::{limit_words, street_name};
use crate::components::{Actions, ButtonLink, Card, Figure, Hint, Layout, QrCard};
use crate::domain::confirm::ConfirmationKind;
use crate::ports::Receipt;
use crate::text::aid::what_words;
use crate::text::check::public_kind_words;
use crate::text::{case_number, short_code};

/// How large the picture is, in pixels.
pub const PICTURE_SIZE: (u32, u32) = (720, 1440);

/// What paper has to tell of the service itself, since nobody can press a link on it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The public address.
    pub address: &'a str,
    /// The telephone of the service, for streets that have none of their own; may be empty.
    pub hotline: &'a str,
    /// Sample data.
    pub demo: bool,
}

impl Place<'_> {
    /// A page's address as people type it.
    fn page(self, path: &str) -> String {
        format!("{}{path}", self.address.strip_prefix("https://").unwrap_or(self.address))
    }
}

/// What stands on every paper, by label.
fn lines(receipt: &Receipt, place: Place<'_>) -> Vec<(&'static str, String)> {
    let sample = if receipt.limit_is_sample { "（示例）" } else { "" };
    let phone = receipt.street_phone.as_deref().unwrap_or(place.hotline);
    let mut lines = vec![
        ("事项", what_words(&receipt.item, receipt.kind)),
        ("收到", receipt.received_at.shanghai_full()),
        ("办理", street_name(receipt).to_owned()),
        ("答复", format!("{}{sample}", limit_words(receipt.limit))),
    ];
    if !phone.is_empty() {
        lines.push(("电话", phone.to_owned()));
    }
    lines
}

/// How one goes on from paper, with a telephone at hand or without.
fn ways(place: Place<'_>) -> [(&'static str, String); 2] {
    let (open, check) = (place.page("/confirm"), place.page("/check"));
    [
        ("查进度", format!("打上面的电话报编号，或到窗口问。有手机的，打开 {open}，填编号和手机号后四位。")),
        ("核真假", format!("用手机相机扫二维码，或打开 {check}，填二维码下面的短码。")),
    ]
}

/// The words on the picture of a confirmation. Nobody's name is among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureWords {
    /// What kind of confirmation.
    pub title: &'static str,
    /// A made-up one of the demo.
    pub demo: bool,
    /// The number in groups.
    pub number: String,
    /// The short code, 4-4.
    pub short_code: String,
    /// The rest, by label.
    pub lines: Vec<(&'static str, String)>,
    /// How it is checked.
    pub check: String,
}

/// Above everything on the picture of a made-up confirmation.
pub const PICTURE_DEMO: &str = "演示环境：数据均为示例";

/// Beside the short code on the picture.
pub const PICTURE_SHORT_CODE: &str = "短码";

/// The words on the picture of a receipt.
pub fn picture_words(receipt: &Receipt, place: Place<'_>) -> PictureWords {
    PictureWords {
        title: public_kind_words(ConfirmationKind::AidReceipt),
        demo: place.demo,
        number: case_number(&receipt.number),
        short_code: short_code(&receipt.short_code),
        lines: lines(receipt, place),
        check: format!("核真假：用手机相机扫码，或打开 {} 填短码", place.page("/check")),
    }
}

/// The picture to keep, on the confirmation's own page. Inside another app there is often neither printing nor a download,
/// but a picture can be pressed and kept everywhere.
pub(super) fn keep(receipt: &Receipt) -> impl IntoView + use<> {
    let (number, code) = (case_number(&receipt.number), short_code(&receipt.short_code));
    let source = format!("/confirm/{}/card.png", receipt.number);
    let alt = format!("收件凭证的图片，编号 {number}，短码 {code}，和这一页上的一样");
    let (width, height) = PICTURE_SIZE;
    view! {
        <div class="xw-screen-only">
            <Card title="存到手机里">
                <div class="xw-stack">
                    <p>"按住图片不放，选「保存图片」。没有网也能出示。"</p>
                    <img class="xw-picture" src=source width=width height=height loading="lazy" alt=alt/>
                    <Hint>
                        "在微信、灵锡这样的应用里，「打印」和「加到日历」可能打不开。请点右上角的「…」，看看有没有「在浏览器打开」；没有的话，把网址复制到手机浏览器里。到了那里填编号和手机号后四位，就能再打开这张凭证。"
                    </Hint>
                </div>
            </Card>
        </div>
    }
}

fn rows(lines: Vec<(&'static str, String)>) -> impl IntoView + use<> {
    let rows = lines
        .into_iter()
        .map(|(label, value)| view! { <div class="xw-pairs__row"><dt>{label}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="xw-pairs">{rows}</dl> }
}

/// On which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// A page of A5.
    A5,
    /// A strip of 58 mm.
    Roll,
}

/// The slip: as good as the telephone.
pub fn slip(receipt: &Receipt, place: Place<'_>, paper: Paper) -> impl IntoView + use<> {
    let number = receipt.number.clone();
    let shown = case_number(&number);
    let facts = rows(lines(receipt, place));
    let ways = match paper {
        Paper::A5 => Either::Left(rows(ways(place).into())),
        // Beside a label, a strip has no room for sentences.
        Paper::Roll => Either::Right(
            ways(place).map(|(label, way)| view! { <p>{format!("{label}：{way}")}</p> }).collect_view(),
        ),
    };
    let (svg, short) = (receipt.qr_svg.clone(), short_code(&receipt.short_code));
    let page = format!("/confirm/{number}");
    let (roll, other, words, how) = match paper {
        Paper::A5 => (
            false,
            format!("{page}/slip/58mm"),
            "换成 58 毫米小票",
            "用浏览器菜单里的「打印」，纸张选 A5，缩放选 100%。没有打印机，社区、街道窗口可以帮您打。",
        ),
        Paper::Roll => (
            true,
            format!("{page}/slip"),
            "换成 A5 凭条",
            "用浏览器菜单里的「打印」，打印机选小票机，缩放选 100%，不要选「适合页面」。",
        ),
    };
    view! {
        <Layout title="收件凭条" back=page roll>
            <Card label="凭条">
                <Figure label="编号" value=shown/>
                {facts}
            </Card>
            <QrCard svg short_code=short caption="凭条和手机上的一样有效，请收好。"/>
            <Card label="怎么查"><div class="xw-stack">{ways}</div></Card>
            <div class="xw-screen-only"><Hint>{how}</Hint></div>
            <Actions><ButtonLink href=other kind="secondary">{words}</ButtonLink></Actions>
        </Layout>
    }
}
