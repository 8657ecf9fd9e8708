//! The screener's result as HTML, made alike on the server and in the browser: one function of answers and facts. Nothing of
//! it is kept, and every text that is not ours is escaped.

use jiff::civil::Date;

use crate::domain::aid::TemporaryAidKind;
use crate::domain::aid::screener::{
    Answers, Finding, OldestAge, Reason, ScreenedItem, Standing, YesNo, judge,
};
use crate::domain::aid::standards::{Standard, StandardKey, Standards};
use crate::domain::form::FormErrors;
use crate::domain::money::Fen;
use crate::text::errors::sentence;
use crate::text::screener as words;

/// Where the answers of a result go on into an application of 临时救助.
pub const APPLY_FROM_CHECK: &str = "/aid/temporary-aid/apply/from-check";

/// What a result follows from besides the answers. All of it is public, but for the mark of an agreement, which every form of
/// the page bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenerFacts {
    /// The day in Shanghai on which the page was opened.
    pub day: Date,
    /// The telephone to ring; empty where there is none.
    pub hotline: String,
    /// The agreement under which somebody acts for another; empty for one's own affairs.
    pub whose: String,
    /// The numbers in force.
    pub standards: Standards,
}

impl ScreenerFacts {
    /// As text for the page: a line each for day, telephone and mark, then one for each number. Of the module of the page, a
    /// reader of JSON and of dates in all their forms would be a third.
    pub fn write(&self) -> String {
        let Self { day, hotline, whose, standards } = self;
        let mut text = format!("{day}\n{}\n{}", one_line(hotline), one_line(whose));
        for Standard { key, value, effective_from, document, sample } in standards.all() {
            let (key, sample, document) = (key.as_str(), u8::from(*sample), one_line(document));
            text.push_str(&format!("\n{key} {value} {effective_from} {sample} {document}"));
        }
        text
    }

    /// Reads what [`Self::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let day = day(lines.next()?)?;
        let (hotline, whose) = (lines.next()?.to_owned(), lines.next()?.to_owned());
        let mut standards = Vec::new();
        for line in lines {
            let mut parts = line.splitn(5, ' ');
            standards.push(Standard {
                key: StandardKey::parse(parts.next()?)?,
                value: parts.next()?.parse().ok()?,
                effective_from: self::day(parts.next()?)?,
                sample: parts.next()? == "1",
                document: parts.next()?.to_owned(),
            });
        }
        Some(Self { day, hotline, whose, standards: Standards::default().with(standards) })
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// A day as it is always written: 2026-07-01.
fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Where a result was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the browser: nothing was sent.
    Phone,
    /// On the server: nothing was kept.
    Server,
}

/// HTML in the making.
#[derive(Default)]
struct Html(String);

impl Html {
    /// Our own markup.
    fn tags(&mut self, tags: &str) -> &mut Self {
        self.0.push_str(tags);
        self
    }

    /// Text, in an element or in an attribute's quotes.
    fn text(&mut self, text: &str) -> &mut Self {
        for sign in text.chars() {
            match sign {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                sign => self.0.push(sign),
            }
        }
        self
    }

    /// A hidden field, unless it is empty.
    fn hidden(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.tags("<input type=\"hidden\" name=\"")
                .text(name)
                .tags("\" value=\"")
                .text(value)
                .tags("\">");
        }
    }
}

/// The result: how many fit, each item with its reasons, whom to ring, and the way into the application.
pub fn result(answers: &Answers, facts: &ScreenerFacts, place: Place) -> String {
    let findings = judge(answers, &facts.standards, facts.day);
    let of = |standing| findings.iter().filter(|f| f.standing == standing).collect::<Vec<_>>();
    let (likely, maybe, not_now) = (of(Standing::Likely), of(Standing::Maybe), of(Standing::NotNow));
    let page = Page { answers, facts };
    let mut html = Html::default();
    html.tags("<section class=\"xw-screened\" id=\"screened-result\" aria-labelledby=\"screened-title\">");
    html.tags("<h2 class=\"xw-screened__title\" id=\"screened-title\" tabindex=\"-1\">");
    html.text(&words::summary(likely.len())).tags("</h2><p>");
    html.text(&words::rest(likely.len(), maybe.len(), not_now.len())).tags("</p>");
    html.tags("<div class=\"xw-banner xw-banner--info\"><div class=\"xw-banner__words\">");
    html.tags("<strong class=\"xw-banner__title\">").text(words::ADVICE_TITLE).tags("</strong><p>");
    html.text(words::ADVICE).tags("</p><p>");
    html.text(words::place(place == Place::Phone)).tags("</p></div></div>");
    if !likely.is_empty() {
        page.group(&mut html, Standing::Likely);
        page.items(&mut html, &likely);
        html.tags("</section>");
    }
    if !maybe.is_empty() {
        page.group(&mut html, Standing::Maybe);
        html.tags("<p>").text(words::MAYBE_LEAD).tags("</p>");
        page.items(&mut html, &maybe);
        html.tags("</section>");
    }
    if !not_now.is_empty() {
        page.group(&mut html, Standing::NotNow);
        html.tags("<p>").text(words::NOT_NOW_LEAD).tags("</p>");
        page.ask(&mut html, words::ASK_ABOUT_IT);
        html.tags("<details><summary>").text(&words::show_all(not_now.len())).tags("</summary>");
        page.items(&mut html, &not_now);
        html.tags("</details><p><a class=\"xw-alone\" href=\"/aid/charity\">")
            .text(words::CHARITY)
            .tags("</a></p></section>");
    }
    html.tags("<div class=\"xw-actions\"><a class=\"weui-btn weui-btn_default xw-button xw-button--secondary\" href=\"#people\">");
    html.text(words::CHANGE_ANSWERS).tags("</a></div></section>");
    html.0
}

/// What has to be put right, at the top of the page: the markup of the component `ErrorSummary`, for the browser.
pub fn problems(errors: &FormErrors) -> String {
    let mut html = Html::default();
    html.tags("<section id=\"error-summary\" aria-labelledby=\"error-summary-title\" tabindex=\"-1\" class=\"xw-summary\">");
    html.tags("<div role=\"alert\"><h2 id=\"error-summary-title\" class=\"xw-summary__title\">");
    html.text(&format!("还有 {} 处要改", errors.iter().count()));
    html.tags("</h2><ul class=\"xw-summary__list\">");
    for error in errors.iter() {
        html.tags("<li><a href=\"#").text(&error.field).tags("\" class=\"xw-summary__link\">");
        html.text(&sentence(&error.error)).tags("</a></li>");
    }
    html.tags("</ul></div></section>");
    html.0
}

struct Page<'a> {
    answers: &'a Answers,
    facts: &'a ScreenerFacts,
}

impl Page<'_> {
    /// Opens a group.
    fn group(&self, html: &mut Html, standing: Standing) {
        html.tags("<section class=\"xw-card xw-screened__group\" data-standing=\"");
        html.tags(standing.as_str()).tags("\"><h2 class=\"xw-card__title\">");
        html.text(words::standing_words(standing)).tags("</h2>");
    }

    fn items(&self, html: &mut Html, findings: &[&Finding]) {
        for finding in findings {
            self.item(html, finding);
        }
    }

    fn item(&self, html: &mut Html, finding: &Finding) {
        let slug = finding.item.as_str();
        html.tags("<div class=\"xw-screened__item\" data-item=\"").tags(slug).tags("\"><h3>");
        html.tags("<a class=\"xw-alone\" href=\"/aid/").tags(slug).tags("\">");
        html.text(words::item_name(finding.item)).tags("</a></h3>");
        if let Some(first) = finding.reasons.first() {
            self.told(html, first);
        }
        self.estimate(html, finding);
        if finding.item == ScreenedItem::TemporaryAid {
            self.apply(html, finding.standing);
        }
        if finding.standing == Standing::Maybe {
            self.ask(html, words::ASK_ABOUT_THIS);
        }
        html.tags("<details><summary>")
            .text(words::WHY)
            .tags("</summary><ul class=\"xw-screened__reasons\">");
        for (at, reason) in finding.reasons.iter().enumerate() {
            html.tags("<li>");
            // The first one stands above already.
            if at > 0 {
                self.told(html, reason);
            }
            for source in words::sources(reason, finding.item) {
                source_line(html, &source);
            }
            if let Some(change) = words::change(reason) {
                html.tags("<p>").text(words::CHANGES).text(&change).tags("。</p>");
            }
            html.tags("</li>");
        }
        if let Some((_, standard)) = self.estimated(finding) {
            html.tags("<li><p>").text(words::ESTIMATED).tags("</p>");
            if let Some(source) = words::estimate_rule(finding.item) {
                source_line(html, &source);
            }
            source_line(html, &words::of_standard(standard));
            html.tags("</li>");
        }
        html.tags("</ul></details></div>");
    }

    /// One reason, with the way to the question that it leaves open.
    fn told(&self, html: &mut Html, reason: &Reason) {
        html.tags("<p>").text(&words::words(reason)).tags("。");
        if let Reason::Unanswered(open) = reason {
            html.tags("<a class=\"xw-alone\" href=\"#").tags(open.as_str()).tags("\">");
            html.text(words::ANSWER_IT).tags("</a>");
        }
        html.tags("</p>");
    }

    /// What it could be in a month, and the number that says so.
    fn estimated(&self, finding: &Finding) -> Option<(Fen, &Standard)> {
        Some((finding.estimate?, self.standard_of(finding.item)?))
    }

    fn estimate(&self, html: &mut Html, finding: &Finding) {
        let Some((sum, standard)) = self.estimated(finding) else { return };
        html.tags("<p class=\"xw-screened__estimate\">").text(&words::estimate(finding.item, sum));
        if standard.sample {
            sample(html);
        }
        html.tags("</p>");
    }

    /// The number that an item's estimate rests on.
    fn standard_of(&self, item: ScreenedItem) -> Option<&Standard> {
        let key = match item {
            ScreenedItem::Dibao => StandardKey::Dibao,
            ScreenedItem::Tekun => StandardKey::Tekun,
            ScreenedItem::DisabilityLiving => StandardKey::DisabilityLiving,
            ScreenedItem::DisabilityCare => StandardKey::DisabilityCare,
            ScreenedItem::Orphan => StandardKey::Orphan,
            ScreenedItem::UnattendedChild => StandardKey::UnattendedChild,
            ScreenedItem::Zunlao => match self.answers.oldest? {
                OldestAge::From100 => StandardKey::Zunlao100,
                OldestAge::From90 => StandardKey::Zunlao90,
                _ => StandardKey::Zunlao80,
            },
            _ => return None,
        };
        self.facts.standards.on(key, self.facts.day)
    }

    /// Whom to ask: never a dead end.
    fn ask(&self, html: &mut Html, about: &str) {
        let hotline = &self.facts.hotline;
        if hotline.is_empty() {
            html.tags("<p>").text(words::ASK_AT_COUNTER).tags("</p>");
            return;
        }
        html.tags("<p><a class=\"xw-alone\" href=\"tel:").text(hotline).tags("\">");
        html.text(&words::ring(hotline, about)).tags("</a></p>");
    }

    /// The one item that is applied for here.
    fn apply(&self, html: &mut Html, standing: Standing) {
        let income = self.answers.income.map(Fen::yuan).unwrap_or_default();
        let spends = self.answers.spending.is_some_and(|spent| spent.0 > 0);
        let kind = match self.answers.sudden {
            Some(YesNo::Yes) => TemporaryAidKind::Emergency.as_str(),
            _ if spends => TemporaryAidKind::Expenditure.as_str(),
            _ => "",
        };
        html.tags("<form method=\"post\" action=\"").tags(APPLY_FROM_CHECK).tags("\">");
        html.hidden("whose", &self.facts.whose);
        html.hidden("monthly_income", &income);
        html.hidden("kind", kind);
        let hint = words::carried(!income.is_empty(), !kind.is_empty(), spends);
        if !hint.is_empty() {
            html.tags("<p class=\"xw-hint\">").text(&hint).tags("</p>");
        }
        let class = match standing {
            Standing::NotNow => "weui-btn weui-btn_default xw-button xw-button--secondary",
            Standing::Likely | Standing::Maybe => "weui-btn weui-btn_primary xw-button xw-button--primary",
        };
        html.tags("<div class=\"xw-actions\"><button type=\"submit\" class=\"").tags(class).tags("\">");
        html.text(words::APPLY).tags("</button></div></form>");
    }
}

fn source_line(html: &mut Html, source: &words::Source) {
    html.tags("<p class=\"xw-hint\">").text(words::SOURCE).text(&source.clause);
    if !source.since.is_empty() {
        html.text("（").text(&source.since).text("）");
    }
    if source.sample {
        sample(html);
    }
    html.tags("</p>");
}

/// Marks what is made up for the demo.
fn sample(html: &mut Html) {
    html.tags(" <span class=\"xw-tag xw-tag--plain\">").text(words::SAMPLE).tags("</span>");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::aid::screener::ScreenerForm;

    fn facts(document: &str, hotline: &str) -> ScreenerFacts {
        let standard = |key, value| Standard {
            key,
            value,
            effective_from: date(2026, 7, 1),
            document: document.to_owned(),
            sample: true,
        };
        ScreenerFacts {
            day: date(2026, 11, 26),
            hotline: hotline.to_owned(),
            whose: String::new(),
            standards: Standards::national()
                .with([standard(StandardKey::Dibao, 101_000), standard(StandardKey::Zunlao90, 10_000)]),
        }
    }

    fn answers(more: impl FnOnce(&mut ScreenerForm)) -> Answers {
        let mut form = ScreenerForm {
            people: "3".into(),
            income: "1500".into(),
            huji: "here".into(),
            receives: "nothing".into(),
            sudden: "yes".into(),
            spending: "20000".into(),
            assets: "no".into(),
            oldest: "90".into(),
            disability: "none".into(),
            ..Default::default()
        };
        more(&mut form);
        Answers::parse(&form).expect("right")
    }

    /// The part of an item.
    fn item<'a>(html: &'a str, slug: &str) -> &'a str {
        let (_, rest) = html.split_once(&format!("data-item=\"{slug}\"")).expect("every item is there");
        rest.split("<div class=\"xw-screened__item\"").next().unwrap_or(rest)
    }

    #[test]
    fn every_item_stands_in_one_of_three_groups_with_its_reason() {
        let html = result(&answers(|_| {}), &facts("示例文件", "12345"), Place::Server);
        for slug in ScreenedItem::ALL {
            assert_eq!(html.matches(&format!("data-item=\"{}\"", slug.as_str())).count(), 1);
            assert!(item(&html, slug.as_str()).contains("<summary>为什么</summary>"));
        }
        for standing in Standing::ALL {
            assert_eq!(html.matches(&format!("data-standing=\"{}\"", standing.as_str())).count(), 1);
        }
        assert!(html.contains("这只是参考，不是决定") && html.contains("没有保存"));
        let dibao = item(&html, "minimum-living-security");
        for shown in [
            "3 口人 3,030 元：低于标准",
            "如果按差额补足，一个月大约 1,530 元",
            "《社会救助法》第十八条",
            "低保标准：示例文件（2026 年 7 月 1 日起）",
            ">示例</span>",
            "一个月收入到了 3,030 元，就不符合了",
        ] {
            assert!(dibao.contains(shown), "{shown}: {dibao}");
        }
        assert!(item(&html, "old-age-allowance").contains("一个月 100 元"));
    }

    // 个人信息保护法 24: what a machine works out about a person is no decision, and says so.
    #[test]
    fn precheck_result_is_labelled_advice() {
        for place in [Place::Server, Place::Phone] {
            let html = result(&answers(|_| {}), &facts("示例文件", "12345"), place);
            let advice = html.find(words::ADVICE_TITLE).expect("the label is there");
            assert!(advice < html.find("data-item=").expect("items are there"), "before any item");
            assert!(html.contains(words::ADVICE), "and who decides");
        }
    }

    #[test]
    fn nothing_is_a_dead_end() {
        let html = result(&answers(|_| {}), &facts("示例文件", "12345"), Place::Phone);
        assert!(item(&html, "price-subsidy").contains("名单"));
        let maybe = html.matches("打 12345 问这一项").count();
        let html_maybe = html.split("data-standing=\"maybe\"").nth(1).expect("a group");
        let html_maybe = html_maybe.split("data-standing=\"not-now\"").next().expect("the group");
        assert_eq!(maybe, html_maybe.matches("data-item=").count());
        assert!(
            html.split("data-standing=\"not-now\"").nth(1).expect("a group").contains("href=\"tel:12345\"")
        );
        assert!(html.contains("href=\"/aid/charity\""), "help beside public aid");
        let without = result(&answers(|_| {}), &facts("示例文件", ""), Place::Phone);
        assert!(!without.contains("tel:") && without.contains("街道的窗口"));
        assert!(html.contains("什么都没有发出去") && !html.contains("没有保存"));
    }

    #[test]
    fn only_answers_that_the_application_uses_go_along() {
        let html = result(&answers(|_| {}), &facts("示例文件", "12345"), Place::Server);
        assert_eq!(html.matches("<form").count(), 1);
        assert_eq!(html.matches("type=\"hidden\"").count(), 2);
        assert!(html.contains("name=\"monthly_income\" value=\"1,500\""));
        assert!(html.contains("name=\"kind\" value=\"emergency\"") && html.contains("分开写"));
        let spending = answers(|form| form.sudden = "no".into());
        let html = result(&spending, &facts("示例文件", "12345"), Place::Server);
        assert!(html.contains("name=\"kind\" value=\"expenditure\""));
        let nothing =
            Answers::parse(&ScreenerForm { people: "1".into(), ..Default::default() }).expect("enough");
        let html = result(&nothing, &facts("示例文件", "12345"), Place::Server);
        assert!(!html.contains("type=\"hidden\"") && html.contains("href=\"#sudden\""));
        assert!(html.contains(">17 项也许可以，请问一问。<"), "nothing is likely, so there are no others");
        let acting = ScreenerFacts { whose: "agreement".into(), ..facts("示例文件", "12345") };
        assert!(result(&nothing, &acting, Place::Server).contains("name=\"whose\" value=\"agreement\""));
    }

    #[test]
    fn a_document_with_markup_in_its_name_stays_text() {
        let attack = "\"><script>alert('1')</script>&";
        let html = result(&answers(|_| {}), &facts(attack, attack), Place::Server);
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"), "{html}");
    }

    #[test]
    fn the_page_hands_on_what_the_result_follows_from() {
        let facts =
            ScreenerFacts { whose: "agreement".into(), ..facts("锡民〔2026〕1 号 \"<", "12345") };
        assert_eq!(ScreenerFacts::read(&facts.write()), Some(facts.clone()));
        let broken = ScreenerFacts { hotline: "12345\n1".into(), ..self::facts("a\nb", "") };
        let read = ScreenerFacts::read(&broken.write()).expect("a line stays one");
        assert_eq!((read.hotline.as_str(), read.standards.all().len()), ("12345 1", 3));
        for wrong in ["", "2026-11-26", "2026-11-31\n\n", "2026-11-26\n\n\nmoon 1 2026-07-01 0 a"] {
            assert_eq!(ScreenerFacts::read(wrong), None, "{wrong}");
        }
        assert!(ScreenerFacts::read("2026-11-26\n\n").is_some());
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_browser_lists_errors_as_the_server_does() {
        use leptos::prelude::*;

        use crate::components::ErrorSummary;

        let wrong = ScreenerForm { income: "很少".into(), ..Default::default() };
        let errors = Answers::parse(&wrong).expect_err("two errors");
        let lines =
            errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
        let component = view! { <ErrorSummary errors=lines/> }.to_html();
        // Marks of the renderer, which a page without islands does not need.
        assert_eq!(component.replace("<!>", ""), problems(&errors));
    }
}
