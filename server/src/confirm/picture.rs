//! A confirmation as one picture to press and keep: inside a host app there is often no printing and no download.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use anyhow::Context as _;
use app::pages::confirm::{PICTURE_DEMO, PICTURE_SHORT_CODE, PICTURE_SIZE, PictureWords};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use skrifa::{FontRef, MetadataProvider as _};

use super::QrDrawing;

/// The signs of GB 2312, of which Chinese names of places are made, and ASCII. See server/data/fonts/README.md.
static FONT: &[u8] = include_bytes!("../../data/fonts/card.ttf");

/// The name of the typeface in it.
pub(crate) const FAMILY: &str = "WenQuanYi Micro Hei";

/// The widest that the code may be, in pixels, its white border included.
const WIDEST_CODE: usize = 600;

/// Where lines of text begin and how wide they may be.
const LEFT: u32 = 60;
const TEXT_WIDTH: u32 = PICTURE_SIZE.0 - 2 * LEFT;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(FONT)));
    Arc::new(fonts)
});

/// The fonts that drawings are made with: the one of cards.
pub(crate) fn card_fonts() -> Arc<fontdb::Database> {
    FONTS.clone()
}

/// Whether the font has each sign of a text. Districts bring street names of their own; one that can't be written is left
/// out, since a wrong name would be worse.
pub(crate) fn can_write(text: &str) -> bool {
    FontRef::new(FONT).is_ok_and(|font| {
        let signs = font.charmap();
        text.chars().all(|sign| signs.map(sign).is_some())
    })
}

/// The picture as PNG. It takes some ten milliseconds: call it where no other request waits for it.
///
/// # Errors
/// The picture can't be drawn.
pub(crate) fn picture(words: &PictureWords, code: &QrDrawing) -> anyhow::Result<Vec<u8>> {
    let (svg, _) = layout(words, code);
    let options = Options { font_family: FAMILY.to_owned(), fontdb: FONTS.clone(), ..Options::default() };
    let tree = Tree::from_str(&svg, &options).context("drawing the picture of a confirmation")?;
    let (width, height) = PICTURE_SIZE;
    let mut pixels = Pixmap::new(width, height).context("drawing the picture of a confirmation")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().context("writing the picture of a confirmation")
}

/// The picture as SVG, and where its last line stands.
fn layout(words: &PictureWords, code: &QrDrawing) -> (String, u32) {
    let (width, height) = PICTURE_SIZE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"{FAMILY}\">\
         <path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/><path fill=\"#0b6b74\" d=\"M0 0h{width}v124H0z\"/>"
    );
    let mut centred = |y: u32, size: u32, more: &str, text: &str| {
        let x = width / 2;
        let text = escaped(text);
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"middle\" {more}>{text}</text>"
        );
    };
    centred(78, 46, "fill=\"#fff\"", words.title);
    if words.demo {
        centred(164, 26, "fill=\"#7d5200\"", PICTURE_DEMO);
    }
    // The font has one weight; a thin outline makes figures bold.
    let bold = "fill=\"#000\" stroke=\"#000\" stroke-width=\"1.4\"";
    centred(228, 50, bold, &words.number);

    let scale = (WIDEST_CODE / code.side()).max(1);
    // A picture is a few hundred modules wide at most: the casts lose nothing.
    let drawn = (scale * code.side()) as u32;
    let (x, y) = (width.saturating_sub(drawn) / 2, 244);
    let below = y + drawn;
    centred(below + 28, 26, "fill=\"#4d5b58\"", PICTURE_SHORT_CODE);
    centred(below + 88, 56, &format!("{bold} letter-spacing=\"4\""), &words.short_code);
    let _ = write!(
        svg,
        "<g transform=\"translate({x} {y}) scale({scale})\" shape-rendering=\"crispEdges\"><path d=\"{}\"/></g>",
        code.path()
    );

    let mut at = below + 154;
    let mut line = |x: u32, at: u32, size: u32, colour: &str, text: &str| {
        let text = escaped(text);
        let _ =
            write!(svg, "<text x=\"{x}\" y=\"{at}\" font-size=\"{size}\" fill=\"{colour}\">{text}</text>");
    };
    let indent = 100;
    for (label, value) in words.lines.iter().filter(|(_, value)| can_write(value)) {
        line(LEFT, at, 30, "#4d5b58", label);
        for part in parts(value, TEXT_WIDTH - indent, 30) {
            line(LEFT + indent, at, 30, "#000", &part);
            at += 46;
        }
    }
    at += 14;
    for part in parts(&words.check, TEXT_WIDTH, 26) {
        line(LEFT, at, 26, "#4d5b58", &part);
        at += 38;
    }
    svg.push_str("</svg>");
    (svg, at - 38)
}

/// A text in lines that are not wider than `width`. Chinese breaks anywhere, what is written in ASCII only at its ends.
fn parts(text: &str, width: u32, size: u32) -> Vec<String> {
    // ASCII takes little more than half of the room of a Chinese sign.
    let room = |text: &str| {
        text.chars().map(|sign| if sign.is_ascii() { size * 11 / 20 } else { size }).sum::<u32>()
    };
    let mut pieces: Vec<String> = Vec::new();
    for sign in text.chars() {
        match pieces.last_mut() {
            Some(word) if sign.is_ascii_graphic() && word.ends_with(|last: char| last.is_ascii_graphic()) => {
                word.push(sign);
            }
            // The name of a day is one word.
            Some(word) if word.ends_with('星') || word.ends_with("星期") => word.push(sign),
            // No line begins with a sign that closes.
            Some(word) if matches!(sign, '，' | '。' | '、' | '）' | '；') => word.push(sign),
            _ => pieces.push(sign.into()),
        }
    }
    let mut lines = vec![String::new()];
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.is_empty() || room(line) + room(&piece) <= width => line.push_str(&piece),
            _ => lines.push(piece),
        }
    }
    lines.iter().map(|line| line.trim().to_owned()).collect()
}

/// A text inside XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use app::domain::aid::case::CaseState;
    use app::domain::aid::catalogue::Gives;
    use app::domain::aid::{Limit, TemporaryAidKind};
    use app::domain::area;
    use app::domain::confirm::ConfirmationKind;
    use app::domain::time::Instant;
    use app::pages::confirm::{Place, picture_words};
    use app::ports::{CaseProgress, Receipt};
    use app::text::check::public_kind_words;

    use super::*;

    const PLACE: Place<'_> =
        Place { address: "https://minzheng.wuxi-xinwu.example.gov.cn", hotline: "0510-12345", demo: true };

    fn receipt(street: &str, kind: TemporaryAidKind, limit: Limit) -> Receipt {
        Receipt {
            gives: Gives::Money,
            told: Vec::new(),
            moved: Vec::new(),
            services: Vec::new(),
            number: "LS261123483920".into(),
            short_code: "7K3M9QXD".into(),
            qr_svg: String::new(),
            kind,
            street: street.into(),
            street_phone: None,
            received_at: Instant(1_795_000_000_000),
            limit,
            limit_is_sample: true,
            usual_days: None,
            emergency_hours: 24,
            applicant: "王＊＊".into(),
            consents: Vec::new(),
            events: Vec::new(),
            account_missing: false,
            cancelled_at: None,
            replaced_at: None,
            progress: CaseProgress {
                state: CaseState::Received,
                changed_at: Instant(1_795_000_000_000),
                corrections: Vec::new(),
                opinion: None,
                decision: None,
                rechecks: Vec::new(),
            },
            own: true,
            ratings: Vec::new(),
            differences: Vec::new(),
            changes: Vec::new(),
            referrals: Vec::new(),
            item: "temporary-aid".into(),
            starts: String::new(),
            notice_until: None,
            clock: app::domain::aid::clock::CaseClock::default(),
            benefit: None,
            reconsideration_url: String::new(),
        }
    }

    /// Every picture that there can be, as far as words go.
    fn all_words() -> Vec<PictureWords> {
        let day = jiff::civil::date(2026, 12, 31);
        let mut all = Vec::new();
        for street in area::streets() {
            for kind in TemporaryAidKind::ALL {
                for limit in [Limit::NotSet, Limit::On(day), Limit::BeyondCalendar(day)] {
                    all.push(picture_words(&receipt(street.code, *kind, limit), PLACE));
                }
            }
        }
        all
    }

    fn code() -> QrDrawing {
        QrDrawing::of(&format!("HTTPS://XW.EXAMPLE.CN/V/{}", "A7".repeat(140))).unwrap()
    }

    #[test]
    fn the_font_has_every_sign_that_a_picture_shows() {
        let mut texts: Vec<String> = vec![PICTURE_DEMO.into(), PICTURE_SHORT_CODE.into()];
        texts.extend(ConfirmationKind::ALL.iter().map(|kind| public_kind_words(*kind).to_owned()));
        texts.extend(area::streets().iter().map(|street| street.name.to_owned()));
        texts.extend(area::communities().iter().map(|community| community.name.to_owned()));
        texts.push((' '..='~').collect());
        texts.extend((0..7).map(|day| app::domain::time::date_text(jiff::civil::date(2026, 11, 23 + day))));
        for words in all_words() {
            texts.push(words.title.into());
            texts.extend([words.number, words.short_code, words.check]);
            texts.extend(words.lines.into_iter().flat_map(|(label, value)| [label.to_owned(), value]));
        }
        for text in texts {
            assert!(can_write(&text), "{text}");
        }
        assert!(!can_write("𠮷"));
    }

    #[test]
    fn the_longest_words_have_room_and_none_is_a_name() {
        for words in all_words() {
            let (svg, last) = layout(&words, &code());
            assert!(last < PICTURE_SIZE.1 - 20, "{last}");
            assert!(!svg.contains("王"), "{svg}");
        }
    }

    #[test]
    fn each_module_is_the_same_number_of_whole_pixels() {
        let (words, code) = (all_words().remove(0), code());
        let png = picture(&words, &code).unwrap();
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), PICTURE_SIZE);
        let scale = (WIDEST_CODE / code.side()) as u32;
        let x = (PICTURE_SIZE.0 - scale * code.side() as u32) / 2;
        let mut dark = 0;
        for row in 0..code.side() as u32 {
            for column in 0..code.side() as u32 {
                let colours: std::collections::BTreeSet<u8> = (0..scale * scale)
                    .map(|at| (x + column * scale + at % scale, 244 + row * scale + at / scale))
                    .map(|(x, y)| pixels.pixel(x, y).unwrap().red())
                    .collect();
                assert!(
                    colours.len() == 1 && (colours.contains(&0) || colours.contains(&255)),
                    "{colours:?}"
                );
                dark += u32::from(colours.contains(&0));
            }
        }
        assert!(dark > 1_000, "{dark}");
        assert!(png.len() < 200_000, "{} bytes", png.len());
    }

    #[test]
    fn long_lines_break_and_addresses_do_not() {
        let lines = parts("核真假：打开 https://xw.example.cn/check 填短码", 300, 30);
        assert!(lines.len() > 1 && lines.contains(&"https://xw.example.cn/check".to_owned()), "{lines:?}");
        assert_eq!(parts("甲乙丙，丁", 90, 30), ["甲乙", "丙，丁"]);
        assert_eq!(escaped("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
