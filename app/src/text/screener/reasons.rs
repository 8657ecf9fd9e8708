//! 「为什么」: one's own number beside the line, who says so and since when, and what would change the answer.
//!
//! Clauses and days are those of `app/data/aid`. Where no national rule is known, the plan of the district is named, and the
//! words leave it to the street.

use jiff::civil::Date;

use super::{open_question, receives_label};
use crate::domain::aid::screener::{Compared, Reason, ScreenedItem};
use crate::domain::aid::standards::{Standard, StandardKey, ratio_text};
use crate::domain::money::Fen;
use crate::text::standards::key_label;

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// 「《社会救助法》第三十七条」, or a document's number.
    pub clause: String,
    /// 「2026 年 7 月 1 日起」; empty where no day is known.
    pub since: String,
    /// A made-up value of the demo.
    pub sample: bool,
}

const PLAN: (&str, &str) = ("无锡高新区（新吴区）“十四五”民政事业发展规划", "2020 年");
const AID_LAW_37: (&str, &str) = ("《社会救助法》第三十七条", "2026 年 7 月 1 日起");
const OPINION: (&str, &str) =
    ("中共中央办公厅、国务院办公厅《关于改革完善社会救助制度的意见》", "2020 年 8 月 25 日起");
const DIBAO: (&str, &str) = ("《最低生活保障审核确认办法》（民发〔2021〕57号）", "2021 年 7 月 1 日起");
const DIBAO_8: (&str, &str) =
    ("《最低生活保障审核确认办法》（民发〔2021〕57号）第八条", "2021 年 7 月 1 日起");
const RIGID: (&str, &str) = ("《刚性支出困难家庭认定办法》", "2025 年 1 月 1 日起");
const TEKUN_4: (&str, &str) = ("《特困人员认定办法》第四条", "2021 年 7 月 1 日起");

/// Who says so. For what only an answer is still missing, nobody needs to.
pub fn sources(reason: &Reason, item: ScreenedItem) -> Vec<Source> {
    let own = of_item(item);
    let fixed: &[(&str, &str)] = match reason {
        Reason::Unanswered(_) => &[],
        Reason::HujiPermit | Reason::HujiElsewhere if item != ScreenedItem::Zunlao => &[AID_LAW_37],
        Reason::NotBelowDibao(_) | Reason::BelowDibao(_) | Reason::DibaoFirst => &[DIBAO],
        Reason::BelowMargin(_) | Reason::NotBelowMargin(_) => &[DIBAO_8],
        Reason::SinglePerson => &[DIBAO_8, ("《社会救助法》第二十一条", "2026 年 7 月 1 日起")],
        Reason::AssetsToCheck if item == ScreenedItem::Dibao => {
            &[("《最低生活保障审核确认办法》（民发〔2021〕57号）第十四条", "2021 年 7 月 1 日起")]
        }
        Reason::WorkAbilityUnclear => &[("《特困人员认定办法》第五条", "2021 年 7 月 1 日起")],
        Reason::Sudden | Reason::HeavySpending(_) | Reason::NothingSudden => &[OPINION],
        Reason::NotElder => &[("《老年人权益保障法》第二条", "")],
        _ => &[own],
    };
    let mut sources: Vec<_> = fixed
        .iter()
        .map(|(clause, since)| Source {
            clause: (*clause).to_owned(),
            since: (*since).to_owned(),
            sample: false,
        })
        .collect();
    match reason {
        Reason::BelowDibao(compared)
        | Reason::NotBelowDibao(compared)
        | Reason::BelowMargin(compared)
        | Reason::NotBelowMargin(compared)
        | Reason::NotBelowAverage(compared) => {
            let documents = [Some(&compared.standard), compared.ratio.as_ref()];
            sources.extend(documents.into_iter().flatten().map(of_standard));
        }
        Reason::AboveShare { ratio, .. } | Reason::NotAboveShare { ratio, .. } => {
            sources.push(of_standard(ratio));
        }
        _ => {}
    }
    sources
}

/// The document that gives a number.
pub(crate) fn of_standard(standard: &Standard) -> Source {
    Source {
        clause: format!("{}：{}", key_label(standard.key), standard.document),
        since: since(standard.effective_from),
        sample: standard.sample,
    }
}

fn since(day: Date) -> String {
    format!("{} 年 {} 月 {} 日起", day.year(), day.month(), day.day())
}

/// The rule that says for whom an item is.
fn of_item(item: ScreenedItem) -> (&'static str, &'static str) {
    match item {
        ScreenedItem::TemporaryAid => AID_LAW_37,
        ScreenedItem::Dibao => DIBAO,
        ScreenedItem::DibaoMargin => DIBAO_8,
        ScreenedItem::Tekun => TEKUN_4,
        ScreenedItem::RigidExpenditure => RIGID,
        ScreenedItem::Orphan => ("国务院办公厅《关于加强孤儿保障工作的意见》", "2010 年"),
        ScreenedItem::UnattendedChild => {
            ("民政部等 12 部门《关于进一步加强事实无人抚养儿童保障工作的意见》", "2020 年 1 月 1 日起")
        }
        ScreenedItem::PriceSubsidy
        | ScreenedItem::DisabilityLiving
        | ScreenedItem::DisabilityCare
        | ScreenedItem::Zunlao
        | ScreenedItem::HomeAdaptation
        | ScreenedItem::AbilityAssessment
        | ScreenedItem::HomeService
        | ScreenedItem::HomeCareBed
        | ScreenedItem::ChildInDifficulty
        | ScreenedItem::MemorialService => PLAN,
    }
}

fn yuan(fen: Fen) -> String {
    format!("{} 元", fen.yuan())
}

/// The household's number beside the line that it is held against.
fn beside(compared: &Compared, verdict: &str) -> String {
    let Compared { yours, people, line, standard, ratio } = compared;
    let (yours, each, line) = (yuan(*yours), yuan(standard.fen()), yuan(*line));
    match (standard.key, ratio) {
        (StandardKey::DisposableIncome, _) => format!(
            "您家 {people} 口人，一年收入 {yours}；上年度居民人均可支配收入是 {each}，{people} 口人 {line}：{verdict}"
        ),
        (_, Some(ratio)) => format!(
            "您家 {people} 口人，一个月收入 {yours}；低保边缘的线是低保标准每人 {each}的 {} 倍，{people} 口人 {line}：{verdict}",
            ratio_text(ratio.value)
        ),
        (_, None) => format!(
            "您家 {people} 口人，一个月收入 {yours}；标准是每人 {each}，{people} 口人 {line}：{verdict}"
        ),
    }
}

/// What a share of the income comes to. Its part below a fen is left out.
fn share(income: Fen, ratio: &Standard) -> Fen {
    Fen(income.0.saturating_mul(ratio.value) / 10_000)
}

/// Ten-thousandths of a whole in hundredths: 60.5 of 6,050.
fn percent(ten_thousandths: i64) -> String {
    ratio_text(ten_thousandths.saturating_mul(100))
}

fn spent_beside(spent: Fen, income: Fen, ratio: &Standard, verdict: &str) -> String {
    format!(
        "最近十二个月必须花 {}，一年收入 {}；线是收入的 {}%，也就是 {}：{verdict}",
        yuan(spent),
        yuan(income),
        percent(ratio.value),
        yuan(share(income, ratio))
    )
}

/// The reason, with one's own number and the line where there are such.
pub fn words(reason: &Reason) -> String {
    let fixed = match reason {
        Reason::Unanswered(open) => return format!("还没有回答「{}」", open_question(*open)),
        Reason::HasOther(receives) => {
            return format!("您家已经认定为{}，能不能两样都有，要问街道", receives_label(*receives));
        }
        Reason::BelowDibao(compared) => return beside(compared, "低于标准"),
        Reason::NotBelowDibao(compared) => return beside(compared, "不低于标准"),
        Reason::BelowMargin(compared) => return beside(compared, "低于这条线"),
        Reason::NotBelowMargin(compared) | Reason::NotBelowAverage(compared) => {
            return beside(compared, "不低于这条线");
        }
        Reason::StandardUnknown(key) => {
            return format!("{}：没有找到现在公布的文件，我们不猜，请问街道", key_label(*key));
        }
        Reason::HeavySpending(spent) => {
            return format!("最近十二个月必须花 {}：是不是超出家里能承担的，由街道看", yuan(*spent));
        }
        Reason::AboveShare { spent, income, ratio } => {
            return spent_beside(*spent, *income, ratio, "超过了");
        }
        Reason::NotAboveShare { spent, income, ratio } => {
            return spent_beside(*spent, *income, ratio, "没有超过");
        }
        Reason::BetterAlready(receives) => {
            return format!("您家已经认定为{}，不用再认定这一项", receives_label(*receives));
        }
        Reason::Has => "您家已经认定了这一项，不用再申请",
        Reason::HujiPermit => "您家的户籍在外地，有本区的居住证：有条件的地方可以在居住地申请，要问街道",
        Reason::HujiElsewhere => "您家的户籍在外地，也没有本区的居住证：这一项向户籍所在地的街道申请",
        Reason::DibaoFirst => "您家的收入低于低保标准，先申请低保",
        Reason::SinglePerson => {
            "收入比低保标准高一点，家里有重度残疾或者重病的人：认定为低保边缘家庭以后，这个人可以单独申请低保"
        }
        Reason::AssetsToCheck => "有车、店铺、第二套房或者较多存款：要符合当地的规定，由街道核对",
        Reason::Unsupported => "有人没有劳动能力、没有收入，也没有人赡养或者抚养",
        Reason::WorkAbilityUnclear => {
            "有人没有收入，也没有人赡养或者抚养；算不算没有劳动能力，要看这个人的年龄和残疾"
        }
        Reason::Supported => {
            "您回答没有这样的人；特困要三条都符合：没有劳动能力、没有生活来源、没有人赡养或者抚养"
        }
        Reason::Sudden => "您家突然遇到了急难",
        Reason::NothingSudden => "您回答没有突然遇到急难，也没有必须花的大笔钱",
        Reason::NoSpending => "您回答最近十二个月没有必须花的大笔钱",
        Reason::OnTheList => "您家已经在领救助：达到启动条件时，按名单发到原来的账户，不用申请",
        Reason::NotOnTheList => "这一项按名单发给已经在领低保、特困等救助的人",
        Reason::Disabled => "家里有人有残疾人证；具体哪些人可以领，以街道公布为准",
        Reason::SeverelyDisabled => {
            "残疾人证是一级或者二级，又长期需要照护；具体哪些人可以领，以街道公布为准"
        }
        Reason::NotSeverelyDisabled => "残疾人证是三级或者四级；这一项给长期需要照护的重度残疾人",
        Reason::NoCare => "按您的回答，没有这一项说的长期需要照护的人",
        Reason::NotDisabled => "您回答家里没有人有残疾人证",
        Reason::From80 => "家里最年长的满 80 岁了",
        Reason::Under80 => "家里最年长的还不满 80 岁",
        Reason::From70 => "家里有 70 岁以上、户籍在本区的老人",
        Reason::Elder => "家里有 60 岁以上的老人；规划先做到 70 岁以上的户籍老人，别的老人要问街道",
        Reason::NotElder => "家里最年长的还不满 60 岁",
        Reason::ElderInNeed => {
            "家里有 60 岁以上的老人；经济困难的高龄、独居、失能老人等优先，具体条件以街道公布为准"
        }
        Reason::Orphan => "孩子的父母都去世了，或者找不到",
        Reason::Unattended => "孩子的父母都管不了",
        Reason::ChildInDifficulty => "孩子生病、残疾，或者没有人好好照管",
        Reason::NoSuchChild => "按您的回答，家里没有这样的孩子",
        Reason::OnWish => "有家人安放在本区的公墓、骨灰堂，就可以问",
    };
    fixed.to_owned()
}

/// What would change the answer; `None` for what nothing changes: it is so already, or one only has to ask.
pub fn change(reason: &Reason) -> Option<String> {
    let fixed = match reason {
        Reason::Has | Reason::OnTheList | Reason::From80 | Reason::From70 | Reason::OnWish => return None,
        Reason::BelowDibao(compared) | Reason::BelowMargin(compared) => {
            return Some(format!("一个月收入到了 {}，就不符合了", yuan(compared.line)));
        }
        Reason::NotBelowDibao(compared) | Reason::NotBelowMargin(compared) => {
            return Some(format!("一个月收入降到 {}以下", yuan(compared.line)));
        }
        Reason::NotBelowAverage(compared) => {
            return Some(format!("一年收入降到 {}以下", yuan(compared.line)));
        }
        Reason::AboveShare { income, ratio, .. } => {
            return Some(format!("必须花的钱不超过 {}，就不符合了", yuan(share(*income, ratio))));
        }
        Reason::NotAboveShare { income, ratio, .. } => {
            return Some(format!("必须花的钱超过 {}", yuan(share(*income, ratio))));
        }
        Reason::Unanswered(_) => "回答了这一问，结果会更准",
        Reason::HasOther(_) => "街道说两样可以都有",
        Reason::HujiPermit => "街道说可以凭居住证在这里申请",
        Reason::HujiElsewhere => "户籍迁到本区，或者有了本区的居住证",
        Reason::StandardUnknown(_) => "有了公布的标准，再来看一次",
        Reason::DibaoFirst => "低保没有给，再看这一项",
        Reason::SinglePerson => "先认定为低保边缘家庭",
        Reason::AssetsToCheck => "街道核对以后，财产在规定以内",
        Reason::Unsupported => "有了收入，或者有人赡养、抚养了，就不符合了",
        Reason::WorkAbilityUnclear => {
            "这个人满 60 岁或者不满 16 岁，或者是一至三级智力、精神残疾，一、二级肢体残疾，一级视力残疾"
        }
        Reason::Supported => "有人没有了收入，也没有人能赡养或者抚养",
        Reason::Sudden | Reason::HeavySpending(_) => "街道了解情况以后，看困难有多重",
        Reason::NothingSudden => "以后突然遇到急难，或者看病、上学等必须花的钱超出家里能承担的",
        Reason::NoSpending => "以后看病、上学等必须花的钱多了",
        Reason::BetterAlready(_) => "现在的救助停了，再来看一次",
        Reason::NotOnTheList => "以后认定了低保、特困等",
        Reason::Disabled | Reason::SeverelyDisabled => "街道公布的条件里有您家的情况",
        Reason::NotSeverelyDisabled => "以后评定为一级或者二级",
        Reason::NoCare => "以后有人长期需要照护",
        Reason::NotDisabled => "以后办了残疾人证",
        Reason::Under80 => "满 80 岁以后",
        Reason::Elder => "满 70 岁，户籍也在本区",
        Reason::NotElder => "满 60 岁以后",
        Reason::ElderInNeed => "街道上门看过老人的情况以后",
        Reason::Orphan => "孩子满 18 岁以后，就不在这一项里了",
        Reason::Unattended => "父母有一方能管孩子了，就不符合了",
        Reason::ChildInDifficulty => "社区儿童主任上门了解以后，按情况帮助",
        Reason::NoSuchChild => "孩子的情况变了，随时告诉社区",
    };
    Some(fixed.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::aid::screener::{Question, Receives};

    fn standard(key: StandardKey, value: i64) -> Standard {
        Standard {
            key,
            value,
            effective_from: date(2026, 7, 1),
            document: "示例〔2026〕1号".to_owned(),
            sample: true,
        }
    }

    fn compared(key: StandardKey, yours: i64, line: i64, ratio: Option<i64>) -> Compared {
        Compared {
            yours: Fen(yours),
            people: 3,
            line: Fen(line),
            standard: standard(key, 101_000),
            ratio: ratio.map(|value| standard(StandardKey::MarginRatio, value)),
        }
    }

    fn all() -> Vec<Reason> {
        let dibao = || compared(StandardKey::Dibao, 150_000, 303_000, None);
        let margin = || compared(StandardKey::Dibao, 400_000, 454_500, Some(15_000));
        let ratio = || standard(StandardKey::RigidRatio, 6_000);
        let (spent, income) = (Fen(2_000_000), Fen(3_000_001));
        let mut all = vec![
            Reason::Has,
            Reason::HasOther(Receives::Margin),
            Reason::HujiPermit,
            Reason::HujiElsewhere,
            Reason::BelowDibao(dibao()),
            Reason::NotBelowDibao(dibao()),
            Reason::BelowMargin(margin()),
            Reason::NotBelowMargin(margin()),
            Reason::DibaoFirst,
            Reason::SinglePerson,
            Reason::AssetsToCheck,
            Reason::Unsupported,
            Reason::WorkAbilityUnclear,
            Reason::Supported,
            Reason::Sudden,
            Reason::HeavySpending(spent),
            Reason::NothingSudden,
            Reason::NotBelowAverage(compared(StandardKey::DisposableIncome, 9_000_000, 8_000_000, None)),
            Reason::AboveShare { spent, income, ratio: ratio() },
            Reason::NotAboveShare { spent, income, ratio: ratio() },
            Reason::NoSpending,
            Reason::BetterAlready(Receives::Dibao),
            Reason::OnTheList,
            Reason::NotOnTheList,
            Reason::Disabled,
            Reason::SeverelyDisabled,
            Reason::NotSeverelyDisabled,
            Reason::NoCare,
            Reason::NotDisabled,
            Reason::From80,
            Reason::Under80,
            Reason::From70,
            Reason::Elder,
            Reason::NotElder,
            Reason::ElderInNeed,
            Reason::Orphan,
            Reason::Unattended,
            Reason::ChildInDifficulty,
            Reason::NoSuchChild,
            Reason::OnWish,
        ];
        all.extend(Question::ALL.iter().map(|open| Reason::Unanswered(*open)));
        all.extend(StandardKey::ALL.iter().map(|key| Reason::StandardUnknown(*key)));
        all
    }

    #[test]
    fn every_reason_says_why_who_says_so_and_what_would_change_it() {
        for reason in all() {
            let slug = reason.slug();
            assert!(words(&reason).chars().count() >= 8, "{slug}");
            assert!(!words(&reason).ends_with('。'), "{slug}: the page ends the sentence");
            // Whoever has it, is on the list, or is old enough stays so; a wish is enough by itself.
            let settled = ["has", "on-the-list", "from-80", "from-70", "on-wish"].contains(&slug);
            assert_eq!(change(&reason).is_none(), settled, "{slug}");
            for item in ScreenedItem::ALL {
                let sources = sources(&reason, *item);
                assert_eq!(sources.is_empty(), slug == "unanswered", "{slug}");
                assert!(sources.iter().all(|source| !source.clause.is_empty()), "{slug}");
            }
        }
    }

    #[test]
    fn ones_own_number_stands_beside_the_line() {
        let words_of = |slug: &str| {
            words(all().iter().find(|reason| reason.slug() == slug).expect("a reason of that name"))
        };
        assert_eq!(
            words_of("below-dibao"),
            "您家 3 口人，一个月收入 1,500 元；标准是每人 1,010 元，3 口人 3,030 元：低于标准"
        );
        assert!(words_of("below-margin").contains("每人 1,010 元的 1.5 倍，3 口人 4,545 元：低于这条线"));
        assert!(words_of("above-share").contains("线是收入的 60%，也就是 18,000 元：超过了"));
        assert_eq!((ratio_text(15_000), percent(6_050)), ("1.5".to_owned(), "60.5".to_owned()));
        assert_eq!((percent(5), ratio_text(10_000)), ("0.05".to_owned(), "1".to_owned()));
    }

    #[test]
    fn a_number_is_shown_with_its_document_and_a_sample_is_marked() {
        let below = Reason::BelowMargin(compared(StandardKey::Dibao, 400_000, 454_500, Some(15_000)));
        let sources = sources(&below, ScreenedItem::DibaoMargin);
        let clauses: Vec<_> = sources.iter().map(|source| source.clause.as_str()).collect();
        assert_eq!(clauses, [DIBAO_8.0, "低保标准：示例〔2026〕1号", "低保边缘倍数：示例〔2026〕1号"]);
        assert_eq!(sources[1].since, "2026 年 7 月 1 日起");
        assert_eq!(sources.iter().map(|source| source.sample).collect::<Vec<_>>(), [false, true, true]);
    }
}
