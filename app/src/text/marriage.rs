//! Words for marriage registration. Nothing here says 「已登记」 of anybody: that is said at the counter alone.

use crate::domain::marriage::{
    Accepted, AcceptedFrom, Background, BookingState, Coming, DayPart, DayState, DoorAct, DrawRules,
    EntryState, HotDay, HotTime, LINES_MAX, LineFault, Matter, NoShowPolicy, NoShowState, Parties,
    PartnerWay, Side, VisitState, WaitState,
};
use crate::domain::time::date_text;

/// A matter's name.
pub fn matter_label(matter: Matter) -> &'static str {
    match matter {
        Matter::MarriageRegistration => "结婚登记",
        Matter::DivorceRegistration => "离婚登记",
        Matter::DivorceSecondVisit => "离婚登记（第二次）",
        Matter::CertificateReissue => "补领婚姻登记证",
        Matter::CertificateCeremony => "颁证仪式",
        Matter::Counselling => "婚姻家庭辅导",
    }
}

/// What matters about it, in one line.
pub fn matter_hint(matter: Matter) -> &'static str {
    match matter {
        Matter::MarriageRegistration => "内地居民可以去全国任何一家登记处，带身份证就行",
        Matter::DivorceRegistration => "两个人一起去两次，中间有三十天冷静期",
        Matter::DivorceSecondVisit => "冷静期以后，两个人一起去受理的那一家",
        Matter::CertificateReissue => "结婚证、离婚证丢了或者坏了，全国都能补",
        Matter::CertificateCeremony => "领证以后，请工作人员为你们颁证",
        Matter::Counselling => "遇到难处，找人聊一聊",
    }
}

/// The title of the page on papers.
pub fn papers_title(matter: Matter) -> String {
    format!("{}带什么", matter_label(matter))
}

/// Who the two are.
pub fn parties_label(parties: Parties) -> &'static str {
    match parties {
        Parties::Mainland => "都是内地居民",
        Parties::HkMoTw => "有一位是香港、澳门或者台湾居民",
        Parties::OverseasChinese => "有一位是华侨",
        Parties::Foreigner => "有一位是外国人",
        Parties::NeitherMainland => "两位都不是内地居民",
    }
}

/// The third question.
pub fn background_question(matter: Matter) -> &'static str {
    match matter {
        Matter::MarriageRegistration => "你们以前结过婚吗？",
        Matter::DivorceRegistration | Matter::DivorceSecondVisit | Matter::CertificateReissue => {
            "当初是在哪里登记的？"
        }
        Matter::CertificateCeremony | Matter::Counselling => "领到结婚证了吗？",
    }
}

/// Its answers.
pub fn background_label(background: Background) -> &'static str {
    match background {
        Background::FirstMarriage => "都没有",
        Background::MarriedBefore => "有人结过",
        Background::RegisteredHere => "内地的登记处",
        Background::RegisteredElsewhere => "内地以外的地方",
        Background::HasCertificate => "领到了",
        Background::NoCertificate => "还没有",
    }
}

/// A column of the table of offices.
fn column(name: &str) -> &'static str {
    match name {
        "name" => "名称",
        "city" => "城市",
        "district" => "区县",
        "address" => "地址",
        "floor" => "楼层",
        "hours" => "办理时间",
        "summer_hours" => "夏季时间",
        "transit" => "怎么去",
        "accessible" => "无障碍",
        "source" => "数据来源",
        _ => "这一栏",
    }
}

/// What is wrong with a line, and what to do.
pub fn fault_words(fault: LineFault) -> String {
    let words = match fault {
        LineFault::Missing(name) => return format!("请填写{}", column(name)),
        LineFault::TooLong(name) => return format!("{}请写短一些，最多 200 个字", column(name)),
        LineFault::TooMany => return format!("一次最多 {LINES_MAX} 家，多的请分几次导入"),
        LineFault::Empty => "表头下面没有内容，请把要导入的登记处一行一家写上",
        LineFault::Header => "第一行请照抄表头，栏目和顺序都不要改",
        LineFault::Quotes => "这里的引号只有一半，请补上另一半",
        LineFault::Columns => "栏数不对，请数一数逗号；内容里有逗号的，两边加英文引号",
        LineFault::Code => "代码请用小写字母、数字和短横线，最多 20 位",
        LineFault::Province => "省份请写全名或两位代码，比如 江苏省 或 32",
        LineFault::Matters => {
            "办理事项请从 marriage、divorce、reissue、ceremony、counselling 里选，中间空一格"
        }
        LineFault::NotZeroOrOne => "能不能办涉外、港澳台和华侨：能写 1，不能写 0",
        LineFault::Phone => "电话请写数字，区号后可以加短横线",
        LineFault::Url => "预约网址请以 https:// 或 http:// 开头；没有就空着",
        LineFault::Mode => "方式请写 here（在本系统办）或 elsewhere（只登信息）",
        LineFault::Day => "从哪一天起，请写成 2026-07-01 这样",
        LineFault::Twice => "上面已经有同一家、同一天的了，请留一行",
        LineFault::NoClerk => "here 要先有登记员：请在“人员账号”里给这一家开好账号，或者改成 elsewhere",
        LineFault::DayTaken => "这一家从这一天起的信息已经导入过；要改，请写后面的日期",
    };
    words.to_owned()
}

/// A part of a day.
pub fn part_label(part: DayPart) -> &'static str {
    match part {
        DayPart::Whole => "全天",
        DayPart::Morning => "上午",
        DayPart::Afternoon => "下午",
    }
}

/// How a day stands.
pub fn day_label(state: DayState) -> &'static str {
    match state {
        DayState::Free => "有空",
        DayState::Few => "快满了",
        DayState::Full => "约满了",
        DayState::Closed => "不办公",
        DayState::NotYet => "还没开放",
        DayState::Draw => "要摇号",
        DayState::Past => "太近了",
    }
}

/// What is different on a hot day, in one line.
pub fn hot_rules_words(hot: &HotDay) -> String {
    let times: Vec<_> = hot.times.iter().map(HotTime::words).collect();
    let draw = hot.draw.as_ref().map(|draw| format!("；摇号，{}", draw_times_words(draw.rules)));
    format!("{}；{}{}", times.join("；"), walk_in_words(hot.walk_in), draw.unwrap_or_default())
}

/// When entries of a draw open and close.
pub fn draw_times_words(rules: DrawRules) -> String {
    format!("{} 到 {} 报名", rules.opens.shanghai_full(), rules.closes.shanghai_full())
}

/// How an entry of a draw stands.
pub fn entry_label(state: EntryState) -> &'static str {
    match state {
        EntryState::Waiting => "等对方确认",
        EntryState::Entered => "报好名了，等着抽",
        EntryState::Drawn => "抽过了",
        EntryState::Withdrawn => "撤回了报名",
        EntryState::Lapsed => "对方没有确认，没有进摇号",
    }
}

/// Whether couples without a booking are taken on a hot day.
pub fn walk_in_words(walk_in: bool) -> &'static str {
    if walk_in {
        "没有预约的也收，现场取号"
    } else {
        "只收预约好的，没有预约的不收"
    }
}

/// What holds for those who book a hot day, in one line.
pub fn hot_day_words(hot: &HotDay) -> String {
    format!(
        "{}，时间和名额跟平常不一样。{}。两个人都要事先确认，不能到现场再确认。",
        hot.name,
        walk_in_words(hot.walk_in)
    )
}

/// How a booking stands. There is no 「已登记」 here and never will be.
pub fn state_label(state: BookingState) -> &'static str {
    match state {
        BookingState::Held => "还没填完",
        BookingState::Waiting => "等对方确认",
        BookingState::Firm => "预约好了",
        BookingState::Cancelled => "已取消",
        BookingState::Released => "时间到了，已让出",
    }
}

/// A day of acceptance, with who says so.
pub fn accepted_words(accepted: Accepted) -> String {
    let from = match accepted.from {
        AcceptedFrom::Office => "登记处记下的",
        AcceptedFrom::Receipt => "以回执为准",
    };
    format!("{}（{from}）", date_text(accepted.day))
}

/// What follows from not coming.
pub fn no_show_policy_label(policy: NoShowPolicy) -> &'static str {
    match policy {
        NoShowPolicy::None => "没有影响",
        NoShowPolicy::TwiceInThirty => "30 天里两次没来，15 天不能约（肇庆 2022 年的做法）",
        NoShowPolicy::TwiceInHalfYear => "180 天里两次没来，180 天不能约（汕头 2023 年的做法，取消的不算）",
    }
}

/// How an entry that a couple did not come stands.
pub fn no_show_label(state: NoShowState) -> &'static str {
    match state {
        NoShowState::Marked => "登记处记下：那天没有等到你们",
        NoShowState::Objected => "你们提了意见，等登记处答复",
        NoShowState::Upheld => "登记处看了意见，记录保留",
        NoShowState::Lifted => "登记处撤销了记录，不算数",
    }
}

/// How a couple in a line stands.
pub fn wait_label(state: WaitState) -> &'static str {
    match state {
        WaitState::Waiting => "正在排队",
        WaitState::Offered => "排到你们了",
        WaitState::Taken => "排到了，已经去约",
        WaitState::Passed => "排到过，没有在时间里填",
        WaitState::Left => "退出了排队",
        WaitState::Over => "没有排到",
    }
}

/// What a couple said when it was asked whether it still comes.
pub fn coming_label(coming: Coming) -> &'static str {
    match coming {
        Coming::Asked => "问过还来不来，没有回",
        Coming::Yes => "说了会来",
    }
}

/// How a couple at the door stands. What was done at the counter is told there, and not here.
pub fn visit_label(state: VisitState) -> &'static str {
    match state {
        VisitState::Waiting => "等叫号",
        VisitState::Called => "叫到了",
        VisitState::Served => "离开窗口了",
        VisitState::Left => "先走了",
    }
}

/// What a clerk does with a couple at the door.
pub fn door_act_label(act: DoorAct) -> &'static str {
    match act {
        DoorAct::Again => "再叫一次",
        DoorAct::Skip => "没应声，排到后面",
        DoorAct::Served => "离开窗口了",
        DoorAct::Left => "先走了",
    }
}

/// One of the two.
pub fn side_label(side: Side) -> &'static str {
    match side {
        Side::Man => "男方",
        Side::Woman => "女方",
    }
}

/// How the other one says yes.
pub fn way_label(way: PartnerWay) -> &'static str {
    match way {
        PartnerWay::Link => "对方用自己的确认码确认",
        PartnerWay::Door => "到现场再确认",
    }
}
