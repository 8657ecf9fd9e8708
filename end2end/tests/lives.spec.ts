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

for (const [item, name] of [
  ["home-adaptation", "适老化改造"],
  ["ability-assessment", "老年人能力评估预约"],
  ["home-service", "居家上门服务"],
  ["home-care-bed", "家庭养老照护床位"],
  ["memorial-service", "代祭扫"],
] as const) {
  test(`${name} is asked for on a phone, arranged for a day, moved once and done`, async ({ page, another }) => {
    const number = await applyFor(page, item, "示例：星期三、星期四上午都方便。", { household: false, account: false });
    await expect(page.getByRole("main")).toContainText(name);
    await expect(page.getByRole("main")).not.toContainText("社会救助法");

    const street = await another();
    await signIn(street, "demo-meicun");
    await visit(street, `/staff/cases/${number}/handle`);
    await press(street, button(street, "受理"));
    const day = (after: number) => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
    await fill(street, {
      outcome: "grant",
      "service-day": day(3),
      "service-words": "示例：上午九点，工作人员到家里来。",
      reasons: "示例：电话里问过，符合公布的条件。",
    });
    await press(street, button(street, "提出意见"));

    const district = await another();
    await signIn(district, "demo-district");
    await visit(district, `/staff/cases/${number}/handle`);
    await press(district, button(district, "同意，安排服务"));
    await visit(page, `/confirm/${number}`);
    await expect(page.getByRole("main")).toContainText("约好的服务");
    await expect(page.getByRole("main")).toContainText("示例：上午九点，工作人员到家里来。");

    await visit(street, "/staff/services");
    await press(street, street.locator(`a[href="/staff/cases/${number}/service"]`));
    await fill(street, {
      "service-outcome": "moved",
      "service-note": "示例：下大雨。",
      "service-day": day(4),
      "service-words": "示例：改在下午两点。",
    });
    await press(street, button(street, "登记"));
    await visit(page, `/confirm/${number}`);
    await expect(page.getByRole("main")).toContainText("示例：改在下午两点。");
    await visit(street, `/staff/cases/${number}/service`);
    await fill(street, { "service-outcome": "done", "service-note": "示例：办好了。" });
    await press(street, button(street, "登记"));
    await visit(page, `/confirm/${number}`);
    await expect(page.getByRole("main")).toContainText("服务办好了");
  });
}

test("老人的津贴 is paid from the month that the decision names", async ({ page, another }) => {
  const number = await applyFor(page, "old-age-allowance", "示例：八十二岁，户籍在本区。", { household: false, account: true });
  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, button(street, "受理"));
  const now = new Date();
  const month = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
  await fill(street, { outcome: "grant", amount: "100", month, reasons: "示例：证件核对过，符合公布的条件。" });
  await press(street, button(street, "提出意见"));
  const district = await another();
  await signIn(district, "demo-district");
  await visit(district, `/staff/cases/${number}/handle`);
  await press(district, button(district, "同意，给予救助"));
  await visit(page, `/confirm/${number}`);
  await expect(page.getByRole("main")).toContainText(`${now.getFullYear()} 年 ${now.getMonth() + 1} 月`);
  await expect(page.getByRole("main")).toContainText("按月发放");
});

test("an application that came to the wrong street moves, and the resident sees where and why", async ({ page, another }) => {
  const number = await applyFor(page, "low-income-margin", "示例：户籍在旺庄。", { household: true, account: false });
  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, link(street, "不归这里办，转给别的街道"));
  await press(street, button(street, "转过去，并告诉居民"), 422);
  await expect(street.locator("#street-error")).toContainText("请选择转到哪个街道");
  await fill(street, { street: "320214050", why: "示例：户籍在旺庄，向户籍所在地申请。" });
  await press(street, button(street, "转过去，并告诉居民"));
  await expect(street.getByRole("main")).toContainText("梅村街道 → 旺庄街道");
  await visit(page, `/confirm/${number}`);
  await expect(page.getByRole("main")).toContainText("由旺庄街道办理");
  await expect(page.getByRole("main")).toContainText("示例：户籍在旺庄，向户籍所在地申请。");
});
