//! Words of social aid.

use crate::domain::aid::screener::ScreenedItem;
use crate::domain::aid::{ConsentWay, Relation, Step, TemporaryAidKind, Urgency};

/// The item's name.
pub const TEMPORARY_AID: &str = "临时救助";

/// An item's name by its address; what only a district's own folder knows is called an application.
pub fn item_words(slug: &str) -> &'static str {
    ScreenedItem::parse(slug).map_or("救助", crate::text::screener::item_name)
}

/// What is applied for; of 临时救助, which kind.
pub fn what_words(item: &str, kind: TemporaryAidKind) -> String {
    match item_words(item) {
        TEMPORARY_AID => format!("{TEMPORARY_AID}（{}）", kind_name(kind)),
        item => item.to_owned(),
    }
}

/// A page's name; `service`: of an application for a service.
pub fn step_title(step: Step, service: bool) -> &'static str {
    match step {
        Step::Situation if service => "想要什么服务",
        Step::Applicant => "您是谁",
        Step::Address => "您在哪里",
        Step::Household => "家里还有谁",
        Step::Finances => "家里的收入和开支",
        Step::Situation => "发生了什么",
        Step::BankAccount => "救助金打到哪里",
        Step::Notice => "您的信息怎么用",
        Step::Authorisation => "同意核对家庭经济状况",
        Step::Pledge => "承诺",
    }
}

/// 急难型、支出型 in a resident's words.
pub fn kind_label(kind: TemporaryAidKind) -> &'static str {
    match kind {
        TemporaryAidKind::Emergency => "突然遇到急难",
        TemporaryAidKind::Expenditure => "必须花的钱太多",
    }
}

/// What each kind means.
pub fn kind_hint(kind: TemporaryAidKind) -> &'static str {
    match kind {
        TemporaryAidKind::Emergency => "急难型：火灾、交通事故、突发重病，或者别的意外，眼下过不下去",
        TemporaryAidKind::Expenditure => "支出型：看病、上学等必须花的钱，超出了家里能承担的",
    }
}

/// The field's own name of the kind.
pub fn kind_name(kind: TemporaryAidKind) -> &'static str {
    match kind {
        TemporaryAidKind::Emergency => "急难型",
        TemporaryAidKind::Expenditure => "支出型",
    }
}

/// How soon.
pub fn urgency_label(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Today => "今天就需要",
        Urgency::Days => "这几天需要",
        Urgency::Usual => "可以按正常时间办",
    }
}

/// What a member is to the applicant.
pub fn relation_label(relation: Relation) -> &'static str {
    match relation {
        Relation::Spouse => "丈夫或妻子",
        Relation::Child => "儿女",
        Relation::Parent => "父母",
        Relation::Grandparent => "祖父母、外祖父母",
        Relation::Grandchild => "孙辈",
        Relation::Sibling => "兄弟姐妹",
        Relation::Other => "其他一起生活的人",
    }
}

/// How an adult agrees to the data check.
pub fn way_label(way: ConsentWay) -> &'static str {
    match way {
        ConsentWay::ThisPhone => "现在就在这部手机上同意",
        ConsentWay::Link => "稍后在自己的手机上同意",
        ConsentWay::Paper => "签纸质授权书",
        ConsentWay::Later => "以后再说",
    }
}

/// What each way means.
pub fn way_hint(way: ConsentWay) -> &'static str {
    match way {
        ConsentWay::ThisPhone => "本人就在旁边，看过上面的说明并且同意",
        ConsentWay::Link => "提交以后给您一个链接和六位授权码，转给本人",
        ConsentWay::Paper => "到社区或街道窗口签字，工作人员会准备好表格",
        ConsentWay::Later => "不影响收件，会标为「待补授权」",
    }
}

/// What the data check is (社会救助法 40, 41).
pub const CHECK_EXPLAINED: [&str; 3] = [
    "申请救助，家里的成年人要同意民政部门核对家庭经济状况（社会救助法第四十条）。",
    "核对什么：户籍、婚姻、社保、纳税、不动产、车辆、存款、证券和支付账户等（社会救助法第四十一条），只用于这次救助。",
    "能核对到的情况，不会再让您交证明（社会救助法第六十二条）。",
];

/// The promise (社会救助法 40, 73).
pub const PLEDGE: [&str; 3] = [
    "我填写的家庭成员、收入、财产和困难情况都是真实的。",
    "情况有变化时，我会及时告诉街道或社区。",
    "我知道：用虚假材料骗取救助的，要退回救助款物，还可能被处骗取数额二倍以下的罚款（社会救助法第七十三条）。",
];

/// The promise of who asks for a service.
pub const PLEDGE_OF_SERVICE: [&str; 2] =
    ["我填写的内容都是真实的。", "情况有变化，或者不需要了，我会早一点告诉街道或社区。"];

/// Shown where no limit is set: 临时救助 has no verified one.
pub const LIMIT_NOT_SET: &str = "办理时限以街道公布为准";
