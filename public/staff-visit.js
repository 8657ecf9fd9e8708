// The page on which a visit at home is entered: three fields to sign in, and a form that waits on this device where there is no
// network; and the page behind it, which sends what still waits. Without this file the three sign on paper, and the form is sent
// as any other.

import { forgetPage, keepPage, keeper, keeps, send, tell } from "/kept.js";

const form = document.querySelector("form[data-visit]");
const pads = document.querySelector("[data-pads]");

// ---- Signing --------------------------------------------------------------------------------------------------------

// Strokes as `x,y x,y;x,y`, in the canvas's own units; what was drawn before is drawn again.
function sign(field) {
  const canvas = field.querySelector("canvas");
  const input = field.querySelector("input");
  const pen = canvas.getContext("2d");
  let strokes = [];
  const line = (stroke) => {
    pen.beginPath();
    stroke.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color });
    strokes.forEach(line);
  };
  const show = () => {
    strokes = input.value ? input.value.split(";").map((stroke) => stroke.split(" ").map((pair) => pair.split(",").map(Number))) : [];
    draw();
  };
  const keep = () => {
    input.value = strokes.map((stroke) => stroke.map((pair) => pair.join(",")).join(" ")).join(";");
  };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const inside = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [
      inside(((event.clientX - box.left) / box.width) * canvas.width, canvas.width),
      inside(((event.clientY - box.top) / box.height) * canvas.height, canvas.height),
    ];
  };
  let drawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push([point(event)]);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const stroke = strokes.at(-1);
    const [x, y] = point(event);
    const [lastX, lastY] = stroke.at(-1);
    // Points nearer than this can't be seen apart.
    if (Math.hypot(x - lastX, y - lastY) < 3) return;
    stroke.push([x, y]);
    draw();
  });
  const up = () => {
    if (drawing) keep();
    drawing = false;
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  field.querySelector("[data-clear]").addEventListener("click", () => {
    input.value = "";
    show();
  });
  show();
  return show;
}

const shown = [...document.querySelectorAll("[data-pad]")].map(sign);

function toggle() {
  pads.hidden = form.elements.signed.value !== "screen";
}

// ---- Waiting for the network ----------------------------------------------------------------------------------------

// One row for each visit that waits.
const { keep, kept, forget, rows: paths } = keeper("staff-visit");

function fill(body) {
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  shown.forEach((show) => show());
  toggle();
}

// Sends what waits. A visit that the server doesn't take as it is comes back into its own page.
async function sync() {
  for (const path of await paths()) {
    const body = await kept(path);
    let answer;
    try {
      answer = await send(path, body);
    } catch {
      tell("还没有连上网。登记的入户存在这台设备里，连上网以后自己送出。");
      return;
    }
    const here = new URL(answer.url).pathname;
    if (answer.ok && here.endsWith("/inquiry")) {
      await forget(path);
      // Its key is used; the page comes fresh the next time.
      await forgetPage(path);
      if (path === location.pathname) {
        location.replace(answer.url);
        return;
      }
      tell("存在这台设备里的入户已经送出。");
    } else if (here.startsWith("/staff/sign-in")) {
      tell("连上网了，请先登录，再打开登记入户的页面，存着的入户会自己送出。");
      return;
    } else if (path === location.pathname) {
      fill(body);
      if (answer.status === 422) {
        // The page says what has to be put right, with everything that was typed.
        await forget(path);
        form.submit();
        return;
      }
      tell("这次入户没有送成，填的内容还在下面。请核对以后再按「登记」，或者找同事看看这份申请是不是已经办结。");
    } else {
      tell("有一次入户没有送成，请打开那份申请的「登记入户」再看一看。");
    }
  }
}

async function submitted(event) {
  event.preventDefault();
  try {
    // Kept before it is sent: a line that breaks in the middle loses nothing, and the form's key lets it count once.
    await keep(location.pathname, new URLSearchParams(new FormData(form)).toString());
  } catch (reason) {
    console.warn("Nothing can be kept on this device.", reason);
    form.submit();
    return;
  }
  if (navigator.onLine) form.submit();
  else tell("没有连上网。登记的入户存在这台设备里，连上网以后自己送出。");
}

// A page that comes back with what has to be put right holds all that was typed: the server has judged it.
async function begin() {
  if (form && document.getElementById("error-summary")) await forget(location.pathname);
  else await sync();
}

const quiet = (reason) => console.warn("What waits can't be sent.", reason);

if (keeps) {
  window.addEventListener("online", () => sync().catch(quiet));
  begin().catch(quiet);
}

if (form) {
  // Here one can sign on the screen; where this file doesn't run, nothing is chosen for them.
  if (!form.elements.signed.value) form.elements.signed.value = "screen";
  toggle();
  form.addEventListener("change", toggle);
  if (keeps) {
    form.addEventListener("submit", submitted);
    keepPage("/staff/cases/").catch((reason) => console.warn("The page can't be kept.", reason));
  }
}
