//! The numbers in force on an item's page: only what an approved value of a document says.

use jiff::civil::Date;

use crate::components::Fact;
use crate::domain::aid::screener::ScreenedItem;
use crate::domain::aid::standards::{Standard, StandardKey, Standards, ratio_text};
use crate::text::standards::{day_words, key_label, value_words};

fn fact(title: String, body: String, source: String, from: Date, sample: bool) -> Fact {
    Fact { title, body, source, since: format!("{}起", day_words(from)), sample }
}

fn present(standard: &Standard) -> Fact {
    let title = format!("现在执行的：{}", key_label(standard.key));
    let body = format!("{}。", value_words(standard.key, standard.value));
    fact(title, body, standard.document.clone(), standard.effective_from, standard.sample)
}

/// The numbers that an item has on a day. What national rules alone say stands in the item's own facts already.
pub(super) fn in_force(item: Option<ScreenedItem>, standards: &Standards, day: Date) -> Vec<Fact> {
    let Some(item) = item else { return Vec::new() };
    let national = Standards::national();
    let keys = StandardKey::ALL.iter().filter(|key| key.item() == item);
    let own = keys.filter_map(|key| standards.on(*key, day)).filter(|own| !national.all().contains(own));
    let mut facts: Vec<_> = own.map(present).collect();
    if item == ScreenedItem::DibaoMargin {
        facts.extend(standards.margin_line(day).map(|(line, dibao, ratio)| {
            let body = format!(
                "每人每月低于 {} 元，就是低保标准 {} 元的 {} 倍。",
                line.yuan(),
                dibao.fen().yuan(),
                ratio_text(ratio.value)
            );
            let source = format!("{}；{}", dibao.document, ratio.document);
            let from = dibao.effective_from.max(ratio.effective_from);
            fact("现在的线".to_owned(), body, source, from, dibao.sample || ratio.sample)
        }));
    }
    facts
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY: Date = date(2026, 11, 26);

    #[test]
    fn what_no_document_says_is_not_shown() {
        for item in ScreenedItem::ALL {
            assert_eq!(in_force(Some(*item), &Standards::national(), DAY), [], "{}", item.as_str());
        }
        assert_eq!(in_force(None, &Standards::national(), DAY), []);
    }

    #[test]
    fn a_sample_value_says_so_and_gives_the_margin_its_line() {
        let dibao = Standard {
            key: StandardKey::Dibao,
            value: 101_000,
            effective_from: date(2020, 7, 1),
            document: "示例文件".to_owned(),
            sample: true,
        };
        let standards = Standards::national().with([dibao]);
        let own = in_force(Some(ScreenedItem::Dibao), &standards, DAY);
        assert_eq!((own.len(), own[0].body.as_str(), own[0].sample), (1, "每人每月 1,010 元。", true));
        let margin = in_force(Some(ScreenedItem::DibaoMargin), &standards, DAY);
        assert_eq!(margin.len(), 1);
        assert!(margin[0].body.contains("低于 1,515 元") && margin[0].sample, "{}", margin[0].body);
        assert_eq!(in_force(Some(ScreenedItem::Tekun), &standards, DAY), []);
    }
}
