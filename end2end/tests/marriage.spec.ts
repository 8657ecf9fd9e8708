// A couple finds out what to bring, books a time, gets a code, and gives the booking up again.

import { COUPLE } from "./couple";
import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

test("three questions tell what to bring, and an office is found by province", async ({ page }) => {
  await visit(page, "/marriage");
  await press(page, page.getByRole("link", { name: /^结婚登记/ }));
  await press(page, button(page, "看看带什么"), 422);
  await expectErrors(page, ["parties", "soldier", "background"]);
  await fill(page, { parties: "mainland", soldier: "no", background: "first" });
  await press(page, button(page, "看看带什么"));
  await expect(page.getByText("居民身份证原件")).toBeVisible();
  await expect(page.getByText("户口簿")).toHaveCount(0);
  await press(page, page.getByRole("link", { name: /^找一家登记处/ }));
  await fill(page, { province: "54" });
  await press(page, button(page, "找一找"));
  await expect(page.getByText("找到 1 家。")).toBeVisible();
});

test("a couple books a time and gives it up", async ({ page }) => {
  await visit(page, "/marriage/offices/xinwu/times/marriage");
  await press(page, page.getByRole("link", { name: /^\d{4} 年/ }).last());
  await press(page, page.getByRole("button", { name: /^约 / }).first());
  await expect(page.getByText("时间为您留到")).toBeVisible();
  await press(page, page.getByRole("button", { name: /^再要 10 分钟/ }));
  await press(page, button(page, "提交"), 422);
  await expect(page.locator("#error-summary")).toBeVisible();
  await fill(page, COUPLE());
  await press(page, button(page, "提交"));
  await expect(page.getByText("这是预约，不是登记")).toBeVisible();
  await expect(page.getByRole("img", { name: "二维码" })).toBeVisible();
  await visit(page, "/me");
  await press(page, page.getByRole("link", { name: /婚姻登记：预约好了/ }));
  await press(page, button(page, "取消这次预约"), 422);
  await expectErrors(page, ["sure"]);
  await page.getByLabel("想好了，要取消").check();
  await press(page, button(page, "取消这次预约"));
  await expect(page.getByText("已取消")).toBeVisible();
});

test("a couple comes to the office, gets a number, and the hall shows who is called", async ({ page, another }) => {
  await signIn(page, "demo-marriage");
  await visit(page, "/staff/marriage/xinwu/door");
  await press(page, button(page, "取号"), 422);
  await expectErrors(page, ["matter", "both"]);
  // A counter of its own: other browsers of this run call too, and may call this couple first.
  const counter = String(10 + Math.floor(Math.random() * 90));
  let called = "";
  for (let turn = 0; turn < 5 && called === ""; turn++) {
    await visit(page, "/staff/marriage/xinwu/door");
    await fill(page, { matter: "marriage" });
    await page.getByLabel("两个人都到了").check();
    await press(page, button(page, "取号"));
    await expect(page.getByText(/^取好了：\d+ 号$/)).toBeVisible();
    await fill(page, { counter });
    await press(page, button(page, "叫下一对"));
    called = /叫到 (\d+) 号/.exec(await page.content())?.[1] ?? "";
  }
  const hall = await another();
  await visit(hall, "/marriage/offices/xinwu/hall");
  await expect(hall.getByText(`${called} 号`, { exact: true })).toBeVisible();
  await expect(hall.getByText(`请到 ${counter} 号窗口`)).toBeVisible();
  await expect(hall.getByText("示例甲")).toHaveCount(0);
});
