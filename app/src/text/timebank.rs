//! Words for the time bank. No sentence here compares people, and none speaks of money but to say that there is none.

use crate::domain::timebank::{
    DayPart, EntryKind, Fit, FreeDay, FreezeReason, Kin, Language, Near, NeedState, Outcome, Pattern, Skill,
};

/// The terms, told before anybody registers.
pub const TERMS: &[&str] = &[
    "志愿服务不收钱，也不收礼。服务对象不用付钱，志愿者不能收（《志愿服务条例》第二十一条、第三十七条）。",
    "时间只记服务的时间，以后用来换服务。它不是钱，不能换钱、不能买卖。",
    "没有排名，不比谁的时间多。您有多少时间，别人看不到。",
    "记的是真实时间，一分钟就是一分钟。服务对象说做了，才算数；没有回音的，工作人员打电话问，不会自动算。",
    "同一个时间不能有两次服务；一次超过 12 小时的，由协调员先看一看。这些规则对每个人一样。",
    "来不了，请早点说，好让别人去（《志愿服务条例》第二十二条）。",
];

/// How a need stands, for the people in it.
pub fn state_label(state: NeedState) -> &'static str {
    match state {
        NeedState::Posted => "还没有人接",
        NeedState::Taken => "有志愿者来",
        NeedState::Started => "服务开始了",
        NeedState::Ended => "等服务对象确认",
        NeedState::Confirmed => "已经确认",
        NeedState::Disputed => "两边说得不一样，协调员在问",
        NeedState::Cancelled => "取消了",
    }
}

/// A language.
pub fn language_label(language: Language) -> &'static str {
    match language {
        Language::Mandarin => "普通话",
        Language::Wuxi => "无锡话",
        Language::Both => "都可以",
    }
}

/// A day of the week.
pub fn day_label(day: FreeDay) -> &'static str {
    match day {
        FreeDay::Monday => "周一",
        FreeDay::Tuesday => "周二",
        FreeDay::Wednesday => "周三",
        FreeDay::Thursday => "周四",
        FreeDay::Friday => "周五",
        FreeDay::Saturday => "周六",
        FreeDay::Sunday => "周日",
    }
}

/// A part of the day.
pub fn part_label(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "上午（12 点以前）",
        DayPart::Afternoon => "下午（12 点到 18 点）",
        DayPart::Evening => "晚上（18 点以后）",
    }
}

/// A skill.
pub fn skill_label(skill: Skill) -> &'static str {
    match skill {
        Skill::Signs => "会手语",
        Skill::Wheelchair => "会推轮椅",
        Skill::Hair => "会理发",
        Skill::Repairs => "会修家里的小东西",
    }
}

/// Why a need and a volunteer fit; `own`: the volunteer reads it. What speaks against it is told as it is, the rest is left to
/// people.
pub fn fit_words(fit: &Fit, own: bool) -> String {
    let mut words = Vec::new();
    words.push(match (fit.kind, own) {
        (true, true) => "是您能做的",
        (true, false) => "登记过做这一样",
        (false, true) => "不在您登记的事情里",
        (false, false) => "没有登记做这一样",
    });
    words.push(match (fit.near, own) {
        (Near::Own, true) => "就在您的街道",
        (Near::Own, false) => "就在他的街道",
        (Near::Comes, true) => "在您愿意去的街道",
        (Near::Comes, false) => "在他愿意去的街道",
        (Near::Far, true) => "在别的街道",
        (Near::Far, false) => "他没有说愿意来这个街道",
    });
    words.extend(match (fit.time, own) {
        (Some(true), true) => Some("是您有空的时候"),
        (Some(true), false) => Some("是他有空的时候"),
        (Some(false), true) => Some("不是您说的有空的时候"),
        (Some(false), false) => Some("不是他说的有空的时候"),
        (None, true) => None,
        (None, false) => Some("他没有说什么时候有空"),
    });
    words.push(if fit.language { "话说得通" } else { "说的话不一样" });
    words.extend(fit.skill.map(|has| if has { "会要用的本事" } else { "没有登记要用的本事" }));
    words.join("，")
}

/// Why minutes moved.
pub fn entry_label(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Earned => "做了服务",
        EntryKind::Reserved => "订了服务，时间先留着",
        EntryKind::Released => "服务取消，时间退回来",
        EntryKind::Spent => "用时间换了服务",
        EntryKind::Gift => "转赠",
        EntryKind::Donated => "捐给时间池",
        EntryKind::Granted => "时间池给的",
        EntryKind::Expired => "到期",
        EntryKind::Corrected => "更正",
    }
}

/// For whom a saver orders.
pub fn whom_label(whom: &str) -> &'static str {
    match whom {
        "self" => "给自己",
        "spouse" => "给爱人",
        "parents" => "给爸爸妈妈",
        _ => "给家里人",
    }
}

/// What somebody is to the giver.
pub fn kin_label(kin: Kin) -> &'static str {
    match kin {
        Kin::Parent => "爸爸、妈妈",
        Kin::Child => "儿子、女儿",
        Kin::Grandparent => "爷爷奶奶、外公外婆",
        Kin::Grandchild => "孙子孙女、外孙外孙女",
    }
}

/// Why hours wait.
pub fn freeze_label(reason: FreezeReason) -> &'static str {
    match reason {
        FreezeReason::Closed => "账号注销了",
        FreezeReason::Moved => "搬走了",
        FreezeReason::Died => "去世了",
        FreezeReason::Bank => "时间银行不办了",
    }
}

/// What becomes of hours that waited.
pub fn outcome_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Restore => "解冻，还是他的",
        Outcome::Donate => "捐给时间池",
        Outcome::Spouse => "给配偶",
        Outcome::Own => "转到本人的另一个账号",
    }
}

/// What is unusual about a service.
pub fn pattern_label(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::SamePair => "同样的两个人，30 天里有 8 次以上",
        Pattern::FarLonger => "比约好的长一倍以上",
        Pattern::AtNight => "晚上 10 点到早上 6 点之间开始的",
        Pattern::LongDay => "这一天一共超过 12 小时",
        Pattern::Late => "服务以后超过 10 个工作日才确认",
    }
}
