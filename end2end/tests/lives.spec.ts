// Whole lives of items that are given month by month, between a resident and two offices: from the first page to the decision.

import { applyFor } from "./applicant";
import { button, expect, fill, link, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

for (const [item, name] of [
  ["low-income-margin", "低保边缘家庭认定"],
  ["rigid-expenditure", "刚性支出困难家庭认定"],
] as const) {
  test(`${name} is recognised, and nobody asks for an account`, async ({ page, another }) => {
    const number = await applyFor(page, item, "示例：家里有人重病，自己负担的很多。", { household: true, account: false });
    await expect(page.getByRole("main")).toContainText(name);

    const street = await another();
    await signIn(street, "demo-meicun");
    await visit(street, `/staff/cases/${number}/handle`);
    await press(street, button(street, "受理"));
    await expect(street.getByLabel("金额")).toHaveCount(0);
    await fill(street, { outcome: "grant", reasons: "示例：入户看过，票据核对过，符合公布的条件。" });
    await press(street, button(street, "提出意见"));

    const district = await another();
    await signIn(district, "demo-district");
    await visit(district, `/staff/cases/${number}/handle`);
    await press(district, button(district, "同意，予以认定"));
    await visit(page, `/confirm/${number}`);
    await expect(page.getByRole("main")).toContainText("予以认定");
    await expect(page.getByRole("main")).toContainText("不用再查一遍");
    await expect(page.getByRole("main")).toContainText("60 天");
  });
}

for (const [item, name, alone] of [
  ["disability-living", "困难残疾人生活补贴", false],
  ["disability-care", "重度残疾人护理补贴", true],
] as const) {
  test(`${name} goes from the first page to the decision and its rights`, async ({ page, another }) => {
    const number = await applyFor(page, item, "示例：残疾证一级，平时由母亲照护。", { household: !alone, account: true });
    await expect(page.getByRole("main")).toContainText(name);

    const street = await another();
    await signIn(street, "demo-meicun");
    await visit(street, `/staff/cases/${number}/handle`);
    await press(street, button(street, "受理"));
    if (!alone) {
      await press(street, link(street, "调查了解"));
      await press(street, link(street, "经济状况核对"));
      await fill(street, { person: "applicant", source: "social-insurance", purpose: "示例：核对有没有养老金" });
      await press(street, button(street, "提出核对"));
    }
    await visit(street, `/staff/cases/${number}/handle`);
    await fill(street, { outcome: "grant", amount: "120", reasons: "示例：证件核对过，符合公布的条件。" });
    await press(street, button(street, "提出意见"));

    const district = await another();
    await signIn(district, "demo-district");
    if (!alone) {
      await visit(district, `/staff/cases/${number}/means`);
      await district.getByLabel("和申报的不一致").check();
      await fill(district, { [await district.locator("textarea").getAttribute("name").then((it) => it!)]: "示例：有一笔养老金。" });
      await press(district, button(district, "记下结果"));
      await visit(page, `/confirm/${number}`);
      await expect(page.getByRole("main")).toContainText("示例：有一笔养老金。");
    }
    await visit(district, `/staff/cases/${number}/handle`);
    await press(district, button(district, "同意，给予救助"));
    await visit(page, `/confirm/${number}`);
    // Counted from the month in which it was handed in, with the whole block of rights.
    await expect(page.getByRole("main")).toContainText("120 元");
    await expect(page.getByRole("main")).toContainText("60 天");
    await expect(page.getByRole("main")).toContainText("6 个月");
  });
}
