// Works the order of a draw out anew, on the page of that draw alone. It reads the file that the page offers and nothing else.

const encoder = new TextEncoder();

/** The SHA-256 of a text, in hexadecimal. */
async function sha256(text) {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What does not hold; nothing where all does. */
async function fault(draw) {
  if (draw.format !== "marriage-draw/1") return "文件的格式不认识";
  if ((await sha256(draw.seed)) !== draw.seed_sha256) return "种子和报名以前公布的摘要对不上";
  const numbers = draw.order.map((entry) => entry.number).sort();
  if (new Set(numbers).size !== numbers.length) return "有一个号码出现了两次";
  const hash = await sha256(numbers.join("\n"));
  if (hash !== draw.numbers_sha256) return "号码和公布的摘要对不上";
  let last = "";
  for (const entry of draw.order) {
    const lot = await sha256(`${draw.seed}\n${hash}\n${entry.number}`);
    if (lot !== entry.lot || lot < last) return `号码 ${entry.number} 的签对不上`;
    last = lot;
  }
  return "";
}

const told = document.querySelector("[data-draw]");
if (told && globalThis.crypto?.subtle) {
  try {
    const answer = await fetch(told.dataset.draw, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const draw = await answer.json();
    const wrong = await fault(draw);
    told.textContent = wrong
      ? `这台手机算出来不一样：${wrong}。请把这个页面截图，打电话问登记处。`
      : `这台手机自己算了一遍：种子和摘要对得上，${draw.order.length} 个号码的顺序也对。`;
  } catch {
    told.textContent = "没有读到结果文件，这台手机没有算成。请刷新再试，或者用下面的命令。";
  }
} else if (told) {
  told.textContent = "这个浏览器不能算 SHA-256，请用下面的命令。";
}
