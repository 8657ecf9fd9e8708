// Reads aloud what stands on the page: the menu of a meal point, with its tags, what is in each dish and what is warned of. The same
// button stops it. Where the browser cannot speak, and without this file, there is no button.

const box = document.querySelector("[data-aloud]");
const text = document.querySelector("[data-read]");
const button = box?.querySelector("button");

// What is read, in the order of the page: headings, questions, choices with what stands below them, lists, notices.
const READ = "h2, legend, .xw-choice__label, .xw-choice__hint, li, p, .xw-banner__title";

/** What stands in the part that is read, one sentence for each line. */
function sentences() {
  const lines = [];
  for (const element of text.querySelectorAll(READ)) {
    // A line within a line was read with it; a choice of nothing, and buttons and hidden errors are not the menu.
    if (element.parentElement.closest(READ) || element.closest("[hidden]")) continue;
    const input = element.closest(".xw-choice")?.querySelector("input");
    if (input && !input.value) continue;
    const copy = element.cloneNode(true);
    for (const other of copy.querySelectorAll("a, button, [hidden]")) other.remove();
    const line = copy.textContent.replace(/\s+/g, " ").replaceAll(" · ", "，").trim();
    if (line) lines.push(line);
  }
  return lines;
}

if (box && text && button && "speechSynthesis" in window && "SpeechSynthesisUtterance" in window) {
  const { start, stop } = button.dataset;
  let reading = 0;

  const rest = () => {
    reading = 0;
    button.textContent = start;
  };

  const read = () => {
    const lines = sentences();
    reading = lines.length;
    button.textContent = stop;
    // One by one: some browsers fall silent in the middle of a long text.
    for (const line of lines) {
      const said = new SpeechSynthesisUtterance(line);
      said.lang = "zh-CN";
      said.rate = 0.9;
      said.onend = () => {
        reading -= 1;
        if (reading === 0) rest();
      };
      speechSynthesis.speak(said);
    }
  };

  button.addEventListener("click", () => {
    const was = reading;
    speechSynthesis.cancel();
    rest();
    if (!was) read();
  });
  // Whoever goes on to another page has heard enough.
  addEventListener("pagehide", () => speechSynthesis.cancel());
  box.hidden = false;
}
