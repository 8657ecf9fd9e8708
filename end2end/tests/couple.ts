// A couple that books a time.

/** A made-up citizen's number of somebody born on a day, with its check character (GB 11643). */
function citizen(born: string): string {
  const body = `320205${born}${String(Math.floor(Math.random() * 1000)).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0);
  return body + "10X98765432"[sum % 11];
}

/** What the form asks of both; other people each time, for one couple has one booking. */
export const COUPLE = () => ({
  me: "woman",
  man_name: "示例甲",
  man_document: citizen("19950510"),
  man_mobile: "13900001111",
  woman_name: "示例乙",
  woman_document: citizen("19960510"),
  woman_mobile: "13900002222",
  way: "door",
});
