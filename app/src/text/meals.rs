//! Words for meals.

use jiff::civil::Date;

use crate::domain::meals::{
    CallOutcome, DietTag, Difference, HujiPlace, HujiRule, Level, MealKind, MealMode, MealState, Paid,
    PointKind, Score, StandingDay, Status, TierProblem, Unset, Weekdays,
};

/// A meal.
pub fn meal_label(kind: MealKind) -> &'static str {
    match kind {
        MealKind::Breakfast => "早饭",
        MealKind::Lunch => "午饭",
        MealKind::Dinner => "晚饭",
    }
}

/// A meal of a day, as one says it: 「11月24日午饭」.
pub fn meal_words(day: Date, kind: MealKind) -> String {
    format!("{}月{}日{}", day.month(), day.day(), meal_label(kind))
}

/// The meal that people call so; what they wrote where there is none.
pub fn meal_slug(word: &str) -> String {
    let found = MealKind::ALL.iter().find(|kind| meal_label(**kind) == word);
    let found = found.copied().or(match word {
        "早餐" => Some(MealKind::Breakfast),
        "午餐" | "中饭" => Some(MealKind::Lunch),
        "晚餐" => Some(MealKind::Dinner),
        _ => None,
    });
    found.map_or_else(|| word.to_owned(), |kind| kind.as_str().to_owned())
}

/// How a meal comes.
pub fn mode_label(mode: MealMode) -> &'static str {
    match mode {
        MealMode::DineIn => "自己来吃",
        MealMode::Delivery => "送到家",
    }
}

/// A kind of point.
pub fn point_label(kind: PointKind) -> &'static str {
    match kind {
        PointKind::Centre => "助餐中心",
        PointKind::Point => "助餐点",
    }
}

/// What a dish suits.
pub fn tag_label(tag: DietTag) -> &'static str {
    match tag {
        DietTag::Soft => "软烂",
        DietTag::LowSalt => "少盐",
        DietTag::LowSugar => "少糖",
        DietTag::LowOil => "少油",
        DietTag::NoPork => "无猪肉",
        DietTag::NoBone => "无骨无刺",
        DietTag::Vegetarian => "素菜",
    }
}

/// The tag that people call so; empty where there is none.
pub fn tag_slug(word: &str) -> String {
    let found = DietTag::ALL.iter().find(|tag| tag_label(**tag) == word);
    found.map(|tag| tag.as_str().to_owned()).unwrap_or_default()
}

/// Who pays a part.
pub fn level_label(level: Level) -> &'static str {
    match level {
        Level::District => "区里补",
        Level::Street => "街道补",
    }
}

/// What somebody is, as far as a subsidy asks.
pub fn status_label(status: Status) -> &'static str {
    match status {
        Status::Tekun => "特困（分散供养）",
        Status::Dibao => "低保",
        Status::DibaoMargin => "低保边缘",
        Status::SevereDisability => "重度残疾",
        Status::LossOfSelfCare => "中度以上失能",
        Status::LivesAlone => "空巢独居",
        Status::FamilyPlanning => "计生特殊家庭",
        Status::FullBoard => "住在包饭的养老机构",
    }
}

/// The status that people call so; nothing where there is none. The first word of a longer name is enough: 特困.
pub fn status_slug(word: &str) -> Option<Status> {
    let named = |status: &&Status| {
        let label = status_label(**status);
        label == word || label.split_once('（').is_some_and(|(first, _)| first == word)
    };
    Status::ALL.iter().find(named).copied()
}

/// Whose 户籍 a table of subsidies asks for.
pub fn huji_rule_label(rule: HujiRule) -> &'static str {
    match rule {
        HujiRule::SameDistrict => "户籍在本区的",
        HujiRule::SameCity => "户籍在本市的，住在哪里按哪里",
        HujiRule::Any => "不看户籍",
    }
}

/// What is wrong with a line of a table of subsidies.
pub fn tier_problem_words(problem: &TierProblem) -> String {
    match problem {
        TierProblem::Columns => "要有五列：名称、从几岁、到几岁、身份、元；没有的留空，逗号要写".to_owned(),
        TierProblem::Name => "第一列写这一档叫什么，四十个字以内".to_owned(),
        TierProblem::FromAge => "第二列写从几岁起，写数字".to_owned(),
        TierProblem::ToAge => "第三列写到几岁，不能比从几岁小；没有上限就留空".to_owned(),
        TierProblem::Status(word) => {
            let known: Vec<_> = Status::ALL.iter().map(|status| status_label(*status)).collect();
            format!("没有「{word}」这个身份，只有{}", known.join("、"))
        }
        TierProblem::Amount => "第五列写一餐补几元，最多 1000；还没有公布就留空".to_owned(),
        TierProblem::Twice => "年龄和身份和前面的一行一样，请留一行".to_owned(),
        TierProblem::NotAlone => "「不补」只能单独写一行，说明这一级什么都不补".to_owned(),
        TierProblem::TooMany => "最多六十行，请分开想一想有没有写重".to_owned(),
    }
}

/// How a meal stands.
pub fn state_label(state: MealState) -> &'static str {
    match state {
        MealState::Reserved => "订好了",
        MealState::Cancelled => "退了",
        MealState::HandedOut => "领了",
    }
}

/// The weekdays, Monday first.
pub const WEEKDAYS: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

/// Some of them, as one says it.
pub fn weekdays_words(days: Weekdays) -> String {
    let all = WEEKDAYS.iter().enumerate().filter(|(at, _)| days.has(*at)).map(|(_, name)| *name);
    let all: Vec<_> = all.collect();
    if all.len() == WEEKDAYS.len() { "每天".to_owned() } else { all.join("、") }
}

/// What became of a standing order on a day.
pub fn standing_day_words(day: StandingDay) -> &'static str {
    match day {
        StandingDay::Ordered => "订好了",
        StandingDay::Full => "能吃的都订完了",
        StandingDay::Avoided => "每样里都有您忌口的",
        StandingDay::NoMenu => "助餐点还没有写菜单",
        StandingDay::Closed => "助餐点那天不供应",
        StandingDay::NoDelivery => "助餐点现在不送到您家",
        StandingDay::Twice => "这一餐您自己订过了",
    }
}

/// What a call found.
pub fn call_label(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Fine => "接了电话，没事",
        CallOutcome::Visited => "上门看过，没事",
        CallOutcome::Away => "不在家或者住院，餐要停一停",
        CallOutcome::Help => "要帮忙，已经有人管",
    }
}

/// How a meal was.
pub fn score_label(score: Score) -> &'static str {
    match score {
        Score::Good => "好",
        Score::SoSo => "一般",
        Score::Bad => "不好",
    }
}

/// Why a meal of a month has to be looked at.
pub fn difference_label(difference: Difference) -> &'static str {
    match difference {
        Difference::WalkIn => "没有订，来了给的",
        Difference::Missed => "订了，没有来领",
        Difference::ScannedOnly => "扫过码，没有记出餐",
        Difference::Conflict => "两边记的不一样",
        Difference::TierUnknown => "补贴的档不知道",
        Difference::MoneyOpen => "个人的部分没有记",
    }
}

/// What became of the elder's part.
pub fn paid_label(paid: Paid) -> &'static str {
    match paid {
        Paid::Paid => "收了",
        Paid::Unpaid => "没收",
        Paid::Waived => "免了",
    }
}

/// Where a 户籍 is.
pub fn huji_label(place: HujiPlace) -> &'static str {
    match place {
        HujiPlace::Here => "本区",
        HujiPlace::City => "本市别的区",
        HujiPlace::Elsewhere => "外地",
    }
}

/// What the elder pays, where it is not worked out. Never a nought.
pub const AS_PUBLISHED: &str = "以街道公布为准，到点支付";

/// Why it is not worked out, and what helps.
pub fn unset_words(why: Unset) -> &'static str {
    match why {
        Unset::NotChecked => "年龄、户籍这些还没有核对。带身份证和户口簿到社区核对一次，以后订餐就会算出来",
        Unset::NoTable(Level::District) => "区里的补贴标准还没有放进来",
        Unset::NoTable(Level::Street) => "街道的补贴标准还没有放进来",
        Unset::NoAmount(Level::District) => "区里这一档的金额还没有公布",
        Unset::NoAmount(Level::Street) => "街道这一档的金额还没有公布",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_pasted_menu_are_understood() {
        for (word, slug) in
            [("午饭", "lunch"), ("中饭", "lunch"), ("晚餐", "dinner"), ("lunch", "lunch"), ("夜宵", "夜宵")]
        {
            assert_eq!(meal_slug(word), slug);
        }
        assert!(DietTag::ALL.iter().all(|tag| tag_slug(tag_label(*tag)) == tag.as_str()));
        assert_eq!(tag_slug("好吃"), "");
        assert!(Status::ALL.iter().all(|status| status_slug(status_label(*status)) == Some(*status)));
        assert_eq!(
            (status_slug("特困"), status_slug("贵宾"), status_slug("")),
            (Some(Status::Tekun), None, None)
        );
    }
}
