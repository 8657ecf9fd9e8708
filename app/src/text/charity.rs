//! Words for help beside public aid.

use crate::domain::aid::charity::ProgrammeKind;

/// What kind of help.
pub fn kind_label(kind: ProgrammeKind) -> &'static str {
    match kind {
        ProgrammeKind::Charity => "慈善项目",
        ProgrammeKind::MutualAid => "医疗互助",
        ProgrammeKind::Insurance => "责任保险",
    }
}
