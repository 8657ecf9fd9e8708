// One administrator enters a number, another approves it, everybody reads it. At one width alone: nothing here depends on it.

import { button, expect, fill, press, test, visit } from "./fixtures";
import { addAccount, firstSignIn, newLogin, signIn } from "./staff";

test("a standard holds once a second administrator approved it, and says whom it changes", async ({ page, another }) => {
  await signIn(page, "demo-admin");
  // Administrators are the district's.
  const login = newLogin();
  const first = await addAccount(page, login, "320214", "administrator");

  await visit(page, "/staff/standards");
  await press(page, button(page, "录入，请另一位批准"), 422);
  // Another day each time: walks at the same moment don't meet on one. Long ago, so that nothing of today depends on it.
  const day = new Date(Date.UTC(1991, 0, 1) + Math.floor(Math.random() * 9_000) * 86_400_000).toISOString().slice(0, 10);
  const value = String(1_000 + Math.floor(Math.random() * 8_000));
  await fill(page, { key: "tekun", value, effective_from: day, document: "示例文件（浏览器测试）" });
  await press(page, button(page, "录入，请另一位批准"));
  const path = new URL(page.url()).pathname;
  await expect(page.getByRole("main")).toContainText("不能自己批准");
  await expect(page.getByRole("main")).toContainText(/个样例家庭里有 \d+ 个会变/);
  await expect(button(page, "批准")).toHaveCount(0);

  const second = await another();
  await firstSignIn(second, login, first, "white-egrets-by-the-lake");
  await visit(second, path);
  await press(second, button(second, "批准"));
  await expect(second.getByRole("main")).toContainText("赵样例");

  await visit(second, "/aid/special-hardship");
  await expect(second.getByRole("main")).toContainText("示例文件（浏览器测试）");
  await visit(second, path);
  await press(second, button(second, "撤回这个数"), 422);
  await fill(second, { why: "测试做完了" });
  await press(second, button(second, "撤回这个数"));
  await expect(second.getByRole("main")).toContainText("测试做完了");
});
