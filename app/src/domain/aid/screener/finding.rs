//! What an item can say, and why.

use super::answers::Receives;
use crate::domain::aid::standards::{Standard, StandardKey};
use crate::domain::money::Fen;
use crate::slugs;

/// An item that the screener speaks of; its slug is the item's address in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScreenedItem {
    /// 临时救助.
    TemporaryAid,
    /// 最低生活保障.
    Dibao,
    /// 低保边缘家庭认定.
    DibaoMargin,
    /// 特困人员救助供养.
    Tekun,
    /// 刚性支出困难家庭认定.
    RigidExpenditure,
    /// 价格临时补贴.
    PriceSubsidy,
    /// 困难残疾人生活补贴.
    DisabilityLiving,
    /// 重度残疾人护理补贴.
    DisabilityCare,
    /// 尊老金.
    Zunlao,
    /// 适老化改造.
    HomeAdaptation,
    /// 老年人能力评估.
    AbilityAssessment,
    /// 居家上门服务.
    HomeService,
    /// 家庭养老照护床位.
    HomeCareBed,
    /// 孤儿基本生活保障.
    Orphan,
    /// 事实无人抚养儿童基本生活补贴.
    UnattendedChild,
    /// 困境儿童保障.
    ChildInDifficulty,
    /// 代祭扫.
    MemorialService,
}

slugs!(ScreenedItem {
    TemporaryAid = "temporary-aid",
    Dibao = "minimum-living-security",
    DibaoMargin = "low-income-margin",
    Tekun = "special-hardship",
    RigidExpenditure = "rigid-expenditure",
    PriceSubsidy = "price-subsidy",
    DisabilityLiving = "disability-living",
    DisabilityCare = "disability-care",
    Zunlao = "old-age-allowance",
    HomeAdaptation = "home-adaptation",
    AbilityAssessment = "ability-assessment",
    HomeService = "home-service",
    HomeCareBed = "home-care-bed",
    Orphan = "orphan",
    UnattendedChild = "unattended-child",
    ChildInDifficulty = "child-in-difficulty",
    MemorialService = "memorial-service",
});

/// The screener's answer to one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// By these answers it fits.
    Likely,
    /// It may fit; a person can tell.
    Maybe,
    /// By these answers it doesn't fit now.
    NotNow,
}

slugs!(Standing { Likely = "likely", Maybe = "maybe", NotNow = "not-now" });

/// A question of the page that was left open; its slug is the field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// 收入.
    Income,
    /// 户籍.
    Huji,
    /// 已经在领什么.
    Receives,
    /// 突然的急难.
    Sudden,
    /// 必须花的钱.
    Spending,
    /// 财产.
    Assets,
    /// 没有人能养.
    Unsupported,
    /// 重病.
    Illness,
    /// 最年长的.
    Oldest,
    /// 长期照护.
    Care,
    /// 残疾等级.
    Disability,
    /// 残疾类别.
    DisabilityKind,
    /// 孩子.
    Child,
}

slugs!(Question {
    Income = "income",
    Huji = "huji",
    Receives = "receives",
    Sudden = "sudden",
    Spending = "spending",
    Assets = "assets",
    Unsupported = "unsupported",
    Illness = "illness",
    Oldest = "oldest",
    Care = "care",
    Disability = "disability",
    DisabilityKind = "disability_kind",
    Child = "child",
});

/// A household's income beside a line that grows with its people. Nothing is divided, so nothing is rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The household's income, in the line's time.
    pub yours: Fen,
    /// How many people.
    pub people: u8,
    /// The line for all of them.
    pub line: Fen,
    /// The standard that the line was made from; with a ratio, that of 低保.
    pub standard: Standard,
    /// The ratio in ten-thousandths, where there is one.
    pub ratio: Option<Standard>,
}

/// Why an item says what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The question was left open.
    Unanswered(Question),
    /// The household has it already.
    Has,
    /// The household is confirmed as something else; an office knows whether both go together.
    HasOther(Receives),
    /// Registered elsewhere with a residence permit: where conditions allow (社会救助法 37).
    HujiPermit,
    /// Registered elsewhere: the street of the registration takes it (社会救助法 37).
    HujiElsewhere,
    /// Below the 低保标准 (民发〔2021〕57号 2).
    BelowDibao(Compared),
    /// Not below it.
    NotBelowDibao(Compared),
    /// No document gives today's number.
    StandardUnknown(StandardKey),
    /// Below the line of 低保边缘 (民发〔2021〕57号 8).
    BelowMargin(Compared),
    /// Not below it.
    NotBelowMargin(Compared),
    /// 低保 comes first.
    DibaoFirst,
    /// Heavily disabled or ill people of a 低保边缘 household may apply alone (民发〔2021〕57号 8; 社会救助法 21).
    SinglePerson,
    /// A car, a second home, deposits: the rule of the place counts (民发〔2021〕57号 14).
    AssetsToCheck,
    /// No income, nobody to support, can't work (特困人员认定办法 4, 5).
    Unsupported,
    /// No work ability can be seen from the answers (特困人员认定办法 5).
    WorkAbilityUnclear,
    /// Somebody supports or can work (特困人员认定办法 4).
    Supported,
    /// Something sudden happened (社会救助法 37).
    Sudden,
    /// Heavy spending: the street looks at what it leaves (中办国办 2020 意见 15).
    HeavySpending(Fen),
    /// Neither.
    NothingSudden,
    /// The year's income is not below the average (刚性支出困难家庭认定办法).
    NotBelowAverage(Compared),
    /// The share of the spending is above the line.
    AboveShare {
        /// The spending of 12 months.
        spent: Fen,
        /// The income of 12 months.
        income: Fen,
        /// The line.
        ratio: Standard,
    },
    /// The share of the spending is not above the line.
    NotAboveShare {
        /// The spending of 12 months.
        spent: Fen,
        /// The income of 12 months.
        income: Fen,
        /// The line.
        ratio: Standard,
    },
    /// Nothing had to be spent.
    NoSpending,
    /// Confirmed as 低保, 特困 or 低保边缘 already.
    BetterAlready(Receives),
    /// Paid to those on lists already.
    OnTheList,
    /// Not on such a list.
    NotOnTheList,
    /// A disability certificate; the street publishes who exactly.
    Disabled,
    /// Grade 1 or 2 and in need of care; the street publishes who exactly.
    SeverelyDisabled,
    /// A certificate of grade 3 or 4.
    NotSeverelyDisabled,
    /// Nobody needs care.
    NoCare,
    /// Nobody has a certificate.
    NotDisabled,
    /// 80 or older.
    From80,
    /// Younger than 80.
    Under80,
    /// 70 or older and registered here: the plan's aim.
    From70,
    /// 60 or older (老年人权益保障法 2).
    Elder,
    /// Younger than 60.
    NotElder,
    /// Elders in hardship, living alone or in need of care come first.
    ElderInNeed,
    /// Both parents died or can't be found.
    Orphan,
    /// The parents can't bring the child up.
    Unattended,
    /// The child is ill, disabled or badly looked after.
    ChildInDifficulty,
    /// No child in such a situation.
    NoSuchChild,
    /// For whoever has somebody buried in this district.
    OnWish,
}

impl Reason {
    /// Its name in the sample families and on staff's pages.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Unanswered(_) => "unanswered",
            Self::Has => "has",
            Self::HasOther(_) => "has-other",
            Self::HujiPermit => "huji-permit",
            Self::HujiElsewhere => "huji-elsewhere",
            Self::BelowDibao(_) => "below-dibao",
            Self::NotBelowDibao(_) => "not-below-dibao",
            Self::StandardUnknown(_) => "standard-unknown",
            Self::BelowMargin(_) => "below-margin",
            Self::NotBelowMargin(_) => "not-below-margin",
            Self::DibaoFirst => "dibao-first",
            Self::SinglePerson => "single-person",
            Self::AssetsToCheck => "assets-to-check",
            Self::Unsupported => "unsupported",
            Self::WorkAbilityUnclear => "work-ability-unclear",
            Self::Supported => "supported",
            Self::Sudden => "sudden",
            Self::HeavySpending(_) => "heavy-spending",
            Self::NothingSudden => "nothing-sudden",
            Self::NotBelowAverage(_) => "not-below-average",
            Self::AboveShare { .. } => "above-share",
            Self::NotAboveShare { .. } => "not-above-share",
            Self::NoSpending => "no-spending",
            Self::BetterAlready(_) => "better-already",
            Self::OnTheList => "on-the-list",
            Self::NotOnTheList => "not-on-the-list",
            Self::Disabled => "disabled",
            Self::SeverelyDisabled => "severely-disabled",
            Self::NotSeverelyDisabled => "not-severely-disabled",
            Self::NoCare => "no-care",
            Self::NotDisabled => "not-disabled",
            Self::From80 => "from-80",
            Self::Under80 => "under-80",
            Self::From70 => "from-70",
            Self::Elder => "elder",
            Self::NotElder => "not-elder",
            Self::ElderInNeed => "elder-in-need",
            Self::Orphan => "orphan",
            Self::Unattended => "unattended",
            Self::ChildInDifficulty => "child-in-difficulty",
            Self::NoSuchChild => "no-such-child",
            Self::OnWish => "on-wish",
        }
    }
}

/// What one item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The item.
    pub item: ScreenedItem,
    /// Its answer.
    pub standing: Standing,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// What it could be in a month, where a standard in force lets one say: of 低保 the difference (社会救助法 18: or
    /// fixed tiers), of the others the standard itself.
    pub estimate: Option<Fen>,
}
