//! The aid catalogue at start: the files that come with the server, then those of the district's own folder.

use std::path::Path;

use anyhow::Context as _;
use app::domain::aid::catalogue::Catalogue;
use include_dir::{Dir, include_dir};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../app/data/aid");

/// Reads the catalogue. A file in `folder` adds an item, or takes the place of ours of that name.
///
/// # Errors
/// Names the file, the line where there is one, and what is wrong.
pub(crate) fn load(folder: Option<&Path>) -> anyhow::Result<Catalogue> {
    let mut files: Vec<(String, String)> = Vec::new();
    for file in FILES.files() {
        let name = file.path().display().to_string();
        let text = file.contents_utf8().with_context(|| format!("app/data/aid/{name} is not UTF-8"))?;
        files.push((name, text.to_owned()));
    }
    if let Some(folder) = folder {
        let named = || format!("reading {} (setting aid_dir)", folder.display());
        let mut own = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(named)? {
            let path = entry.with_context(named)?.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                own.push(path);
            }
        }
        own.sort();
        for path in own {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {} (setting aid_dir)", path.display()))?;
            files.push((name, text));
        }
    }
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Catalogue::read(files).context("the catalogue of aid items")
}

#[cfg(test)]
mod tests {
    use app::domain::aid::catalogue::{AidGroup, AppliedFor, NoticePolicy, Since};
    use app::domain::aid::screener::ScreenedItem;
    use app::text::screener::item_name;

    use super::*;

    #[test]
    fn the_screener_calls_each_item_by_its_name_here() {
        let catalogue = load(None).expect("our own files");
        for item in ScreenedItem::ALL {
            let known = catalogue.item(item.as_str()).expect("an item of the catalogue");
            assert_eq!(known.name, item_name(*item));
        }
        assert_eq!(catalogue.all().len(), ScreenedItem::ALL.len());
    }

    #[test]
    fn every_item_of_the_plan_is_there_and_says_who_says_so() {
        let catalogue = load(None).expect("our own files");
        let slugs: Vec<_> = catalogue.all().iter().map(|(slug, _)| slug.as_str()).collect();
        assert_eq!(
            slugs,
            [
                "temporary-aid",
                "minimum-living-security",
                "low-income-margin",
                "special-hardship",
                "rigid-expenditure",
                "price-subsidy",
                "disability-living",
                "disability-care",
                "old-age-allowance",
                "home-adaptation",
                "ability-assessment",
                "home-service",
                "home-care-bed",
                "orphan",
                "unattended-child",
                "child-in-difficulty",
                "memorial-service",
            ]
        );
        for (slug, item) in catalogue.all() {
            assert!(!item.facts.is_empty(), "{slug}");
            let sources = item.facts.iter().map(|f| &f.source).chain(item.steps.iter().map(|s| &s.source));
            assert!(
                sources.chain(item.papers.iter().map(|p| &p.source)).all(|source| !source.is_empty()),
                "{slug}"
            );
        }
        let offline = catalogue.all().iter().filter(|(_, item)| item.applied_for != AppliedFor::Online);
        let offline: Vec<_> = offline.map(|(slug, _)| slug.as_str()).collect();
        assert_eq!(offline, ["price-subsidy"], "nobody applies for it: it is paid from a list");
    }

    #[test]
    fn no_aid_amount_after_2020_is_shipped() {
        for (slug, item) in load(None).expect("our own files").all() {
            assert!(item.amounts.iter().all(|a| a.history && a.since == Since::Year(2020)), "{slug}");
        }
    }

    #[test]
    fn opinions_of_2019_on_unattended_children_no_childs_case_is_put_up() {
        for (slug, item) in load(None).expect("our own files").all() {
            if item.group == AidGroup::Child {
                assert_eq!(item.notice.as_ref().map(|n| n.policy), Some(NoticePolicy::NotHeld), "{slug}");
            }
        }
    }

    #[test]
    fn the_districts_own_folder_adds_and_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = include_str!("../../app/data/aid/orphan.toml");
        std::fs::write(folder.path().join("orphan.toml"), ours.replace("孤儿基本生活保障", "改过的"))
            .unwrap();
        std::fs::write(folder.path().join("heating.toml"), ours.replace("孤儿基本生活保障", "取暖补贴"))
            .unwrap();
        std::fs::write(folder.path().join("notes.txt"), "no item").unwrap();
        let catalogue = load(Some(folder.path())).expect("read");
        assert_eq!(catalogue.item("orphan").map(|item| item.name.as_str()), Some("改过的"));
        assert_eq!(catalogue.item("heating").map(|item| item.name.as_str()), Some("取暖补贴"));
        assert_eq!(catalogue.all().len(), 18);
        std::fs::write(folder.path().join("heating.toml"), "name = 3\n").unwrap();
        let wrong = format!("{:#}", load(Some(folder.path())).expect_err("a number is no name"));
        assert!(wrong.contains("heating.toml line 1: "), "{wrong}");
        let missing = load(Some(&folder.path().join("none"))).expect_err("not there");
        assert!(format!("{missing:#}").contains("(setting aid_dir)"));
    }
}
