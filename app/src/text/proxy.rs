//! What residents read about acting for someone.

use crate::domain::proxy::{ProxyKind, ProxyState, Scope};

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
