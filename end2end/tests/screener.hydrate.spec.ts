// The screener's module: it judges on the phone, and no request is made until somebody applies.

import { button, expect, fill, press, test, visit } from "./fixtures";
import { FAMILY } from "./household";

test("nothing leaves the phone until somebody applies, and no network is needed", async ({ page, context }) => {
  await visit(page, "/aid/check");
  const screener = page.locator("#screener");
  await expect(screener).toHaveAttribute("data-ready", "");
  await page.waitForLoadState("networkidle");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));

  await expect(page.getByText("您的回答不离开这部手机")).toBeVisible();
  await button(page, "看结果").click();
  await expect(page.locator("#error-summary")).toBeFocused();
  await fill(page, FAMILY);
  await context.setOffline(true);
  await button(page, "看结果").click();
  await expect(page.locator("#screened-title")).toBeFocused();
  await expect(page.getByText("什么都没有发出去")).toBeVisible();
  await expect(page.locator("[data-item]")).toHaveCount(17);
  const onPhone = await page.locator("#screened").innerHTML();

  await expect(page).toHaveURL(/\/aid\/check$/);
  await expect(page.locator("#income")).toHaveValue("1,500");
  expect(requests, "requests while nobody applied").toEqual([]);
  await context.setOffline(false);

  // The server says the same, but for where it was said.
  await page.evaluate(() => addEventListener("submit", (event) => event.stopImmediatePropagation(), true));
  await press(page, button(page, "看结果"));
  const onServer = await page.locator("#screened").innerHTML();
  const place = /结果是在这部手机上算的，什么都没有发出去。|您的回答只用来算这一次，没有保存。/;
  expect(onServer.replace(place, "")).toBe(onPhone.replace(place, ""));
});

test("without its module the page is sent as any other", async ({ page, watch }) => {
  await page.route("**/screener.wasm", (route) => route.abort());
  await visit(page, "/aid/check");
  await fill(page, FAMILY);
  await press(page, button(page, "看结果"));
  await expect(page.getByText("没有保存")).toBeVisible();
  watch.forgive(/screener\.wasm|net::ERR_FAILED|The page can't judge by itself/);
});
