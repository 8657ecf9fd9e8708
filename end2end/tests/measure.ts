// What a page measures in the browser: type, targets, and whether anything sticks out. All in CSS px.

import type { Page } from "./fixtures";

export interface Text {
  words: string;
  /** Of the element that holds it. */
  where: string;
  size: number;
  /** Line height by type size. */
  spacing: number;
  /** A hint, an error, a tag, the foot: what stands beside the main text. */
  small: boolean;
}

/** Every visible text of the page. */
export async function texts(page: Page): Promise<Text[]> {
  return page.evaluate(() => {
    const all: Text[] = [];
    const small = "[class*=hint], [class*=error], [class*=warning], [class*=__at], .xw-foot, .xw-demo, .xw-tag, .xw-summary, " +
      ".xw-facts__source, .xw-answers__label, .xw-figure__label, .xw-steps, [class*=__care], .xw-door__sign, .xw-hero__line, [class*=__optional]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement!;
      const range = document.createRange();
      range.selectNodeContents(node);
      const words = node.textContent!.trim();
      if (!words || parent.closest("option, script, .xw-unseen") || !parent.checkVisibility()) continue;
      if (![...range.getClientRects()].some(({ width, height }) => width > 0 && height > 0)) continue;
      const style = getComputedStyle(parent);
      all.push({
        words: words.slice(0, 30),
        where: `${parent.localName}.${parent.className}`,
        size: parseFloat(style.fontSize),
        // One sign for the eye alone has no line to keep away from.
        spacing: parent.closest("[aria-hidden=true]") ? Infinity : parseFloat(style.lineHeight) / parseFloat(style.fontSize) || 0,
        small: parent.closest(small) !== null,
      });
    }
    return all;
  });
}

/** Whatever can be pressed or filled in and is smaller than `least` in one direction; links within a sentence may be. */
export async function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const found: string[] = [];
    const say = (it: Element, width: number, height: number, why = "") => {
      const words = (it.getAttribute("aria-label") ?? (it.textContent || it.id)).trim().slice(0, 20);
      found.push(`${it.localName}.${it.className} 「${words}」 ${width.toFixed(1)}×${height.toFixed(1)}${why}`);
    };
    const inSentence = (it: Element) => {
      const block = it.closest("p, li, dd, dt");
      if (it.localName !== "a" || !block || getComputedStyle(it).display !== "inline") return false;
      return block.textContent!.trim() !== it.textContent!.trim();
    };
    for (const it of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (!it.checkVisibility() || inSentence(it)) continue;
      // A choice of a file is made on the label around it; the field itself is drawn by each browser in its own way.
      const target = (it.matches("[type=file]") && it.closest("label")) || it;
      const { width, height } = target.getBoundingClientRect();
      if (width < least - 0.01 || height < least - 0.01) say(it, width, height);
      const row = it.closest(".xw-choice");
      if (!row) continue;
      // A tap anywhere in the row of a choice is a tap on its label.
      row.scrollIntoView({ block: "center" });
      const box = row.getBoundingClientRect();
      if (box.height < least - 0.01) say(row, box.width, box.height);
      for (const x of [box.left + 4, box.left + box.width / 2, box.right - 4]) {
        for (const y of [box.top + 4, box.top + box.height / 2, box.bottom - 4]) {
          const hit = document.elementFromPoint(x, y)?.closest("label, input");
          const answers = hit === it || (hit instanceof HTMLLabelElement && hit.htmlFor === it.id);
          if (!answers) say(row, x - box.left, y - box.top, ": no label there");
        }
      }
    }
    return found;
  }, least);
}

/** Whatever sticks out of the page or is cut off, and texts that lie upon each other. */
export async function misfits(page: Page, width: number): Promise<string[]> {
  return page.evaluate((width) => {
    const found: string[] = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > width) found.push(`the page is ${wide} wide in ${width}`);
    const boxes: { box: DOMRect; words: string; parent: Element }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement!;
      const words = node.textContent!.trim().slice(0, 20);
      if (!words || parent.closest("option, script, .xw-unseen, .xw-skip") || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width === 0) continue;
        if (box.left < -0.5 || box.right > width + 0.5) found.push(`「${words}」 from ${box.left} to ${box.right}`);
        boxes.push({ box, words, parent });
      }
      for (let it: Element | null = parent; it && it !== document.body; it = it.parentElement) {
        const { overflowX, overflowY, display } = getComputedStyle(it);
        if (display === "inline" || it instanceof HTMLTextAreaElement) continue;
        const cut = (overflow: string, inner: number, outer: number) => overflow !== "visible" && inner > outer + 1;
        if (cut(overflowX, it.scrollWidth, it.clientWidth) || cut(overflowY, it.scrollHeight, it.clientHeight)) {
          found.push(`「${words}」 is cut off in ${it.localName}.${it.className}`);
        }
      }
    }
    // The glyphs lie within the middle of their boxes.
    const overlap = (a: DOMRect, b: DOMRect) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom - a.height * 0.15, b.bottom - b.height * 0.15) - Math.max(a.top + a.height * 0.15, b.top + b.height * 0.15);
      return across > 2 && down > 2;
    };
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        if (one.parent !== other.parent && overlap(one.box, other.box)) found.push(`「${one.words}」 lies upon 「${other.words}」`);
      }
    }
    // What a list shows of the option chosen.
    const canvas = document.createElement("canvas").getContext("2d")!;
    for (const list of document.querySelectorAll("select")) {
      const style = getComputedStyle(list);
      canvas.font = style.font;
      const words = list.selectedOptions[0]?.text ?? "";
      const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const needed = canvas.measureText(words).width;
      if (list.checkVisibility() && needed > room + 0.5) found.push(`「${words}」 needs ${needed} of ${room} in select#${list.id}`);
    }
    return found;
  }, width);
}
