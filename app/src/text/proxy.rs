//! What residents read about acting for someone.

use crate::domain::proxy::{EndReason, PaperSeen, ProxyKind, ProxyState, Scope};

/// A service, as the doors on the first page call it.
pub fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Aid => "救助",
        Scope::Marriage => "婚登",
        Scope::Meals => "助餐",
        Scope::Timebank => "时间银行",
    }
}

/// Services in one line: 救助、助餐.
pub fn scope_words(scope: &[Scope]) -> String {
    scope.iter().map(|s| scope_label(*s)).collect::<Vec<_>>().join("、")
}

/// How an agreement stands.
pub fn state_label(state: ProxyState) -> &'static str {
    match state {
        ProxyState::Requested => "等对方同意",
        ProxyState::Active => "代办中",
        ProxyState::Refused => "对方没有同意",
        ProxyState::Ended => "已结束",
    }
}

/// What kind of acting it is.
pub fn kind_label(kind: ProxyKind) -> &'static str {
    match kind {
        ProxyKind::Relative => "亲友代办",
        ProxyKind::Guardian => "监护人代办",
        ProxyKind::Staff => "窗口帮办",
    }
}

/// What was seen or heard.
pub fn paper_label(paper: PaperSeen) -> &'static str {
    match paper {
        PaperSeen::ConsentForm => "本人当面签的同意书",
        PaperSeen::HouseholdRegister => "户口簿",
        PaperSeen::BirthCertificate => "出生医学证明",
        PaperSeen::GuardianshipRuling => "指定或变更监护人的文书",
        PaperSeen::Spoken => "本人在场，口头同意",
    }
}

/// Why an agreement was ended at the counter.
pub fn reason_label(reason: EndReason) -> &'static str {
    match reason {
        EndReason::OwnWish => "本人不要代办了",
        EndReason::NotNeeded => "事情已经办完",
        EndReason::Misused => "代办人办了没有约定的事",
        EndReason::GuardianChanged => "监护人换人了",
    }
}

/// Who helps at the counter, where residents read it.
pub const STAFF_WORDS: &str = "窗口工作人员";

/// The version of [`GUARDIAN_CONSENT`], kept with each consent. A changed text gets a new one.
pub const GUARDIAN_CONSENT_VERSION: &str = "2026-11-25";

/// What a guardian agrees to (个人信息保护法 17, 29, 31; 未成年人网络保护条例 32 to 37).
pub const GUARDIAN_CONSENT: &[&str] = &[
    "为了替孩子办民政的事，我们保存孩子的姓名、证件号码、出生日期，和以后申请时填的内容，不作别的用途。",
    "未满 14 周岁孩子的材料，只有街道和区里的经办人能打开，每次都要写明为什么看，您在「我的数据」里都看得到。",
    "您随时可以到窗口查看、改正、删除，也可以在手机上收回同意、结束监护人代办。收回以后不再替孩子办新的事，已经交上去的申请按规定保存到期。",
];
