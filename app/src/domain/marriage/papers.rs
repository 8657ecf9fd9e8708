//! Three questions, and the exact list of papers by the law of the day.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::{Matter, REGULATION_DAY};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::slugs;

/// Who the two are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parties {
    /// Both live in the mainland.
    Mainland,
    /// One is from Hong Kong, Macao or Taiwan.
    HkMoTw,
    /// One is an overseas Chinese.
    OverseasChinese,
    /// One is a foreigner.
    Foreigner,
    /// Neither is a mainland resident.
    NeitherMainland,
}

slugs!(Parties {
    Mainland = "mainland",
    HkMoTw = "hk-mo-tw",
    OverseasChinese = "overseas",
    Foreigner = "foreigner",
    NeitherMainland = "neither",
});

/// The third question, which differs by matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Nobody was married before.
    FirstMarriage,
    /// Somebody was.
    MarriedBefore,
    /// The marriage was registered in the mainland.
    RegisteredHere,
    /// It was registered elsewhere.
    RegisteredElsewhere,
    /// They have their certificate.
    HasCertificate,
    /// They don't have it yet.
    NoCertificate,
}

slugs!(Background {
    FirstMarriage = "first",
    MarriedBefore = "again",
    RegisteredHere = "in-mainland",
    RegisteredElsewhere = "elsewhere",
    HasCertificate = "have",
    NoCertificate = "not-yet",
});

impl Matter {
    /// The answers of the third question.
    pub fn backgrounds(self) -> &'static [Background] {
        match self {
            Self::MarriageRegistration => &[Background::FirstMarriage, Background::MarriedBefore],
            Self::DivorceRegistration | Self::DivorceSecondVisit | Self::CertificateReissue => {
                &[Background::RegisteredHere, Background::RegisteredElsewhere]
            }
            Self::CertificateCeremony | Self::Counselling => {
                &[Background::HasCertificate, Background::NoCertificate]
            }
        }
    }
}

/// The three questions, as answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PapersForm {
    /// Slug of [`Parties`].
    pub parties: String,
    /// `yes` or `no`: one of them is a soldier.
    pub soldier: String,
    /// Slug of a [`Background`].
    pub background: String,
    /// The code of an office, where the list is made for a visit there.
    pub office: String,
}

/// The answers, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Questions {
    /// What they come for.
    pub matter: Matter,
    /// Who they are.
    pub parties: Parties,
    /// One of them is a soldier.
    pub soldier: bool,
    /// The third answer.
    pub background: Background,
}

impl Questions {
    /// Checks the page.
    ///
    /// # Errors
    /// All questions without an answer, in page order.
    pub fn parse(matter: Matter, form: &PapersForm) -> Result<Self, FormErrors> {
        fn chosen<T>(slug: &str, parsed: Option<T>) -> Result<T, FieldError> {
            match parsed {
                Some(value) => Ok(value),
                None if slug.is_empty() => Err(Prompt::MarriageAnswer.into()),
                None => Err(FieldError::NotOffered),
            }
        }
        let mut errors = FormErrors::default();
        let parties = errors.keep("parties", chosen(&form.parties, Parties::parse(&form.parties)));
        let soldier = match form.soldier.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let soldier = errors.keep("soldier", chosen(&form.soldier, soldier));
        let background =
            Background::parse(&form.background).filter(|answer| matter.backgrounds().contains(answer));
        let background = errors.keep("background", chosen(&form.background, background));
        match (parties, soldier, background) {
            (Some(parties), Some(soldier), Some(background)) => {
                Ok(Self { matter, parties, soldier, background })
            }
            _ => Err(errors),
        }
    }
}

/// A paper to bring, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What.
    pub name: &'static str,
    /// What matters about it; may be empty.
    pub note: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// From when on.
    pub since: Date,
    /// Until when; none where it still holds.
    pub until: Option<Date>,
}

/// What the answers lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Bring these.
    Papers {
        /// In the order of use.
        papers: Vec<Paper>,
        /// Only the offices of 条例 2(2) take these two.
        named_offices_only: bool,
    },
    /// No office can do it, for this reason.
    Refused {
        /// Why, and what to do instead.
        reason: &'static str,
        /// Who says so.
        source: &'static str,
    },
    /// Other rules hold that are not written here: ask first.
    Ask {
        /// Why, and whom to ask.
        reason: &'static str,
        /// Who says so.
        source: &'static str,
    },
}

const ARTICLE_8: &str = "《婚姻登记条例》第八条";
const LOCAL: &str = "新吴区婚姻登记处办事指南；别的登记处可能不同";

const fn now(name: &'static str, note: &'static str, source: &'static str) -> Paper {
    Paper { name, note, source, since: REGULATION_DAY, until: None }
}

/// 婚姻登记条例 (2003) 5: asked for until the new text came into force. Kept to explain old lists.
const HUJI_BOOK: Paper = Paper {
    name: "双方户口簿",
    note: "",
    source: "《婚姻登记条例》（2003 年）第五条",
    since: date(2003, 10, 1),
    until: Some(date(2025, 5, 9)),
};

impl Questions {
    /// What to bring on that day.
    pub fn advice(&self, day: Date) -> Advice {
        if self.parties == Parties::NeitherMainland {
            return Advice::Ask {
                reason: "两个人都不是内地居民的，另有规定。请先打电话问拟去的登记处，再准备材料",
                source: "《婚姻登记条例》第二十六条",
            };
        }
        match (self.matter.base(), self.background) {
            (Matter::DivorceRegistration, Background::RegisteredElsewhere) => {
                return Advice::Refused {
                    reason: "不在内地登记的婚姻，登记处不能办离婚登记。可以向人民法院起诉，也可以问婚姻登记地怎样办",
                    source: "《婚姻登记条例》第十三条至第十六条",
                };
            }
            (Matter::CertificateReissue, Background::RegisteredElsewhere) => {
                return Advice::Ask {
                    reason: "不在内地登记的婚姻，请问当初发证的地方怎样补领",
                    source: "《婚姻登记条例》第二十一条",
                };
            }
            _ => {}
        }
        let mut papers = self.of_law();
        papers.retain(|paper| paper.since <= day && paper.until.is_none_or(|until| day <= until));
        Advice::Papers { papers, named_offices_only: self.parties != Parties::Mainland }
    }

    fn of_law(&self) -> Vec<Paper> {
        let mut papers = vec![Paper {
            since: date(2003, 10, 1),
            ..now("居民身份证原件", "内地居民每人一张；临时身份证也可以", ARTICLE_8)
        }];
        match self.matter.base() {
            Matter::MarriageRegistration => {
                papers.push(HUJI_BOOK);
                papers.push(now(
                    "声明书不用准备",
                    "没有配偶、没有近亲关系的声明，到窗口拿、当场签",
                    ARTICLE_8,
                ));
                papers.extend(self.of_the_other());
                papers.push(now("两人近期二寸合影 3 张", "", LOCAL));
                if self.background == Background::MarriedBefore {
                    papers.push(now(
                        "能证明现在婚姻状况的材料",
                        "系统里查到的和实际不一样时才用：离婚判决书或调解书、丧偶的死亡证明等",
                        LOCAL,
                    ));
                }
            }
            Matter::DivorceRegistration | Matter::DivorceSecondVisit => {
                let source = "《婚姻登记条例》第十三条至第十六条";
                papers.push(now("结婚证原件", "", source));
                papers.push(now(
                    "离婚协议书",
                    "两个人自愿、自己写好带去。我们不收、不看，也不问原因",
                    "《民法典》第一千零七十六条",
                ));
                papers.push(now(
                    "受理回执（第二次去时）",
                    "要去受理申请的那一家，在冷静期满后的三十天里，两个人一起去",
                    source,
                ));
                papers.extend(self.of_the_other());
            }
            Matter::CertificateReissue => {
                papers.push(now("原来的结婚证或离婚证", "丢了的不用带", "《婚姻登记条例》第二十一条"));
                papers.extend(self.of_the_other());
            }
            Matter::CertificateCeremony => {
                if self.background == Background::NoCertificate {
                    papers.push(now("先办结婚登记", "颁证仪式在领证以后", "《婚姻登记条例》第七条"));
                } else {
                    papers.push(now("结婚证", "", "《婚姻登记条例》第七条"));
                }
            }
            Matter::Counselling => {}
        }
        if self.soldier {
            papers.push(now("军人证和所在单位出的证明", "姓名、出生日期等四项要和身份证完全一致", LOCAL));
        }
        papers
    }

    /// What the person who is no mainland resident brings (条例 8 for a marriage; their document otherwise).
    fn of_the_other(&self) -> Option<Paper> {
        let marries = self.matter == Matter::MarriageRegistration;
        match self.parties {
            Parties::Mainland | Parties::NeitherMainland => None,
            Parties::HkMoTw if marries => Some(now(
                "港澳台一方：有效通行证或者港澳台居民居住证、当地身份证件、经公证的声明",
                "声明没有配偶、和对方没有近亲关系",
                ARTICLE_8,
            )),
            Parties::HkMoTw => {
                Some(now("港澳台一方：有效通行证或者港澳台居民居住证、当地身份证件", "", ARTICLE_8))
            }
            Parties::OverseasChinese if marries => Some(now(
                "华侨一方：护照、经认证的没有配偶的证明",
                "公证、认证或附加证明书怎样办，先问登记处",
                ARTICLE_8,
            )),
            Parties::OverseasChinese => Some(now("华侨一方：护照", "", ARTICLE_8)),
            Parties::Foreigner if marries => Some(now(
                "外国人一方：护照、旅行证件或外国人永久居留身份证，和经认证的没有配偶的证明",
                "外文材料要带中文译本；认证怎样办，先问登记处",
                ARTICLE_8,
            )),
            Parties::Foreigner => {
                Some(now("外国人一方：护照、旅行证件或外国人永久居留身份证", "", ARTICLE_8))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(matter: Matter, parties: &str, soldier: &str, background: &str) -> Questions {
        let form = PapersForm {
            parties: parties.into(),
            soldier: soldier.into(),
            background: background.into(),
            office: String::new(),
        };
        Questions::parse(matter, &form).unwrap()
    }

    fn names(questions: &Questions, day: Date) -> Vec<&'static str> {
        match questions.advice(day) {
            Advice::Papers { papers, .. } => papers.iter().map(|paper| paper.name).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn regulation_article_8_asks_two_mainland_residents_for_no_household_book_since_2025_05_10() {
        let couple = ask(Matter::MarriageRegistration, "mainland", "no", "first");
        assert!(names(&couple, date(2025, 5, 9)).contains(&"双方户口簿"));
        let today = names(&couple, REGULATION_DAY);
        assert_eq!(today, ["居民身份证原件", "声明书不用准备", "两人近期二寸合影 3 张"]);
    }

    #[test]
    fn a_soldier_and_an_earlier_marriage_each_add_one_paper() {
        let day = REGULATION_DAY;
        let plain = names(&ask(Matter::MarriageRegistration, "mainland", "no", "first"), day).len();
        assert_eq!(
            names(&ask(Matter::MarriageRegistration, "mainland", "yes", "first"), day).len(),
            plain + 1
        );
        assert_eq!(
            names(&ask(Matter::MarriageRegistration, "mainland", "yes", "again"), day).len(),
            plain + 2
        );
    }

    /// 婚姻登记条例 13–16.
    #[test]
    fn divorce_of_a_marriage_not_registered_in_the_mainland_is_refused() {
        let divorce = ask(Matter::DivorceRegistration, "foreigner", "no", "elsewhere");
        assert!(matches!(divorce.advice(REGULATION_DAY), Advice::Refused { .. }));
        let divorce = ask(Matter::DivorceRegistration, "mainland", "no", "in-mainland");
        assert!(matches!(divorce.advice(REGULATION_DAY), Advice::Papers { named_offices_only: false, .. }));
    }

    /// 婚姻登记条例 2(2), 26.
    #[test]
    fn who_is_no_mainland_resident_goes_to_the_named_offices() {
        for parties in ["hk-mo-tw", "overseas", "foreigner"] {
            let advice = ask(Matter::MarriageRegistration, parties, "no", "first").advice(REGULATION_DAY);
            assert!(matches!(advice, Advice::Papers { named_offices_only: true, .. }), "{parties}");
        }
        let advice = ask(Matter::MarriageRegistration, "neither", "no", "first").advice(REGULATION_DAY);
        assert!(matches!(advice, Advice::Ask { .. }));
    }

    #[test]
    fn every_question_without_an_answer_is_told_at_once() {
        let errors = Questions::parse(Matter::MarriageRegistration, &PapersForm::default()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["parties", "soldier", "background"]);
        let form = PapersForm { background: "in-mainland".into(), ..PapersForm::default() };
        let errors = Questions::parse(Matter::MarriageRegistration, &form).unwrap_err();
        assert_eq!(errors.of("background"), Some(&FieldError::NotOffered), "an answer of another matter");
    }
}
