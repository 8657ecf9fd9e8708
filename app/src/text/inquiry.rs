//! What staff read about the looking into a case: visits, relatives, checks.

use crate::domain::aid::home_visit::{SelfCare, SelfCareLevel, SignedHow};
use crate::domain::aid::means_check::{AnswerFault, MeansOutcome, MeansSource};
use crate::domain::aid::staff_kin::KinRelation;
use crate::ports::VisitLevel;

/// Something that a person does alone or not.
pub fn self_care_label(what: SelfCare) -> &'static str {
    match what {
        SelfCare::Eating => "吃饭",
        SelfCare::Dressing => "穿衣",
        SelfCare::Bed => "上下床",
        SelfCare::Toilet => "上厕所",
        SelfCare::Walking => "室内行走",
        SelfCare::Bathing => "洗澡",
    }
}

/// How far a person looks after themselves.
pub fn self_care_level(level: SelfCareLevel) -> &'static str {
    match level {
        SelfCareLevel::Able => "有自理能力",
        SelfCareLevel::PartlyLost => "部分丧失自理能力",
        SelfCareLevel::FullyLost => "完全丧失自理能力",
    }
}

/// How the three signed.
pub fn signed_how(how: SignedHow) -> &'static str {
    match how {
        SignedHow::Screen => "签在屏幕上",
        SignedHow::Paper => "签在纸上",
    }
}

/// What that means.
pub fn signed_hint(how: SignedHow) -> &'static str {
    match how {
        SignedHow::Screen => "三个人用手指或笔写在下面的框里；看不到框的，请签在纸上。",
        SignedHow::Paper => "三个人已经在打印的表上签好，表放进了档案。",
    }
}

/// Whose visit it was.
pub fn visit_level(level: VisitLevel) -> &'static str {
    match level {
        VisitLevel::Street => "街道入户",
        VisitLevel::District => "区里入户",
    }
}

/// What a member of staff is to somebody of the household.
pub fn kin_relation(relation: KinRelation) -> &'static str {
    match relation {
        KinRelation::Spouse => "配偶",
        KinRelation::Parent => "父母",
        KinRelation::Child => "子女",
        KinRelation::Sibling => "兄弟姐妹",
        KinRelation::Grandparent => "祖父母、外祖父母",
        KinRelation::Grandchild => "孙子女、外孙子女",
    }
}

/// Which system is asked, and what about.
pub fn means_source(source: MeansSource) -> &'static str {
    match source {
        MeansSource::Tax => "税务：收入和纳税",
        MeansSource::SocialInsurance => "社保：参保、养老金、失业金",
        MeansSource::HousingFund => "住房公积金",
        MeansSource::RealEstate => "不动产登记：住房",
        MeansSource::Vehicles => "公安交管：车辆",
        MeansSource::Bank => "银行：存款",
        MeansSource::Securities => "证券、基金",
        MeansSource::Insurance => "商业保险",
        MeansSource::Payment => "非银行支付账户",
        MeansSource::Business => "市场监管：经营登记",
    }
}

/// What the other system answered.
pub fn means_outcome(outcome: MeansOutcome) -> &'static str {
    match outcome {
        MeansOutcome::Agrees => "和申报的一致",
        MeansOutcome::Differs => "和申报的不一致",
        MeansOutcome::NothingFound => "没有查到",
    }
}

/// What is wrong with a line of a file of answers.
pub fn answer_fault(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::Heading => "第一行要照抄表头",
        AnswerFault::Columns => "要有三列：查询编号、结果、说明",
        AnswerFault::Outcome => "结果只能写「一致」「不一致」「没有查到」",
        AnswerFault::Detail => "不一致的，要在说明里写哪里不一致，最多 500 字",
        AnswerFault::Twice => "这个查询编号前面已经有一行",
        AnswerFault::NotWaiting => "没有等着结果的这个查询编号，可能已经记过",
        AnswerFault::TooMany => "一次最多 500 行，请分几次导入",
    }
}
