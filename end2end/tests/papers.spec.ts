// Photos of papers: sent from the receipt, seen by their owner, refused with a sentence.

import { PHOTO, apply } from "./applicant";
import { button, expect, expectErrors, fill, islands, link, press, scripted, test, visit } from "./fixtures";

test("a photo of a paper is sent, seen, and deleted", async ({ page, watch }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  await press(page, page.getByRole("link", { name: "补交照片材料" }));
  await expect(page.getByText("还没有交过照片")).toBeVisible();
  await press(page, button(page, "交这张照片"), 422);
  await expectErrors(page, ["kind", "photo"]);
  await fill(page, { kind: "other" });
  await page.locator("#photo").setInputFiles({ name: "page.jpg", mimeType: "image/jpeg", buffer: Buffer.from("<html>") });
  // With script the island sends it, and puts the answer into its place.
  if (scripted()) {
    await islands(page);
    await button(page, "交这张照片").click();
  } else {
    await press(page, button(page, "交这张照片"), 422);
  }
  await expectErrors(page, ["photo"]);
  if (scripted()) watch.forgive(/papers 422/);
  await expect(page.locator("#photo-error")).toContainText("不是照片");
  await expect(page.locator('[name="kind"][value="other"]')).toBeChecked();
  await page.locator("#photo").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PHOTO });
  if (scripted()) await button(page, "交这张照片").click();
  else await press(page, button(page, "交这张照片"));
  await expect(page).toHaveURL(`/confirm/${number}/papers?done=sent`);
  const small = page.locator("img.xw-photos__image");
  await expect(small).toHaveCount(1);
  await small.scrollIntoViewIfNeeded();
  await expect.poll(() => small.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await press(page, link(page, "其他材料"));
  await expect(page.getByRole("img", { name: "其他材料的照片" })).toBeVisible();
  await press(page, button(page, "删掉这张照片"));
  await expect(page.getByText("照片删掉了")).toBeVisible();
});
