// A visit at home is entered where there is no network: the page comes from this device, three people sign on the screen, and the
// form goes out by itself when the network is back, once.

import { applyFor } from "./applicant";
import { button, expect, fill, test, visit, type Page } from "./fixtures";
import { signIn } from "./staff";

async function sign(page: Page, name: string) {
  const pad = page.locator(`[data-pad="${name}"] canvas`);
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  for (let at = 1; at <= 12; at += 1) await page.mouse.move(box.x + 20 + at * 12, box.y + 20 + (at % 3) * 15);
  await page.mouse.up();
}

test("a visit is entered without a network, signed by three, and sent once when the network is back", async ({ page, another, watch }) => {
  const number = await applyFor(page, "special-hardship", "示例：一个人住，没有收入，没有子女。");

  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/visit`);
  await expect(street.locator("html[data-kept]")).toHaveCount(1);
  await expect(street.getByRole("main")).not.toContainText("样例路");

  await street.context().setOffline(true);
  await street.reload();
  await street.getByLabel("和谁一起去的").selectOption({ index: 1 });
  const findings = "示例：一间平房，一个人住，吃饭穿衣要人帮忙。";
  await fill(street, { family: "示例邻居", "family-is": "本人", findings, signed: "screen" });
  for (const what of ["eating", "dressing", "bed", "toilet", "walking", "bathing"]) {
    await street.locator(`[name="care-${what}"][value="${what === "bathing" ? "no" : "yes"}"]`).check();
  }
  for (const name of ["signature-own", "signature-companion", "signature-family"]) await sign(street, name);
  await button(street, "登记").click();
  await expect(street.getByRole("status")).toContainText("存在这台设备里");
  // The phone is put away and the page opened anew, still without a network.
  await street.reload();
  await expect(street.getByRole("status")).toContainText("还没有连上网");

  await street.context().setOffline(false);
  await expect(street).toHaveURL(`/staff/cases/${number}/inquiry`, { timeout: 30_000 });
  await expect(street.locator("svg.xw-signature__drawn")).toHaveCount(3);
  await expect(street.getByRole("main")).toContainText("部分丧失自理能力；不能自己做：洗澡");
  await expect(street.getByRole("heading", { name: /街道入户/ })).toHaveCount(1);
  watch.forgive(/ERR_INTERNET_DISCONNECTED|can't be (sent|kept)|Failed to fetch/);
});
