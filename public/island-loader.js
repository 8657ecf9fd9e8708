// Brings the islands of a page to life, after the page is drawn. Without this file every page still does its work.
// The walk is that of Leptos' own island_script.js (0.8.23, MIT).
const tag = document.querySelector("script[data-wasm]");
const onHydrate = [];

async function hydrateIsland(el, id, mod) {
  const island = mod[id];
  if (!island) {
    console.warn(`No island named ${id}.`);
    return;
  }
  // Tells the enclosing island that its children are about to wake up.
  const callback = onHydrate[onHydrate.length - 1];
  if (callback) callback();
  await island(el);
}

async function walk(node, mod) {
  const name = node.localName;
  if (name === "leptos-island") await hydrateIsland(node, node.dataset.component || null, mod);
  if (name === "leptos-children") onHydrate.push(node.$$on_hydrate);
  for (const child of node.children) await walk(child, mod);
  if (name === "leptos-children") onHydrate.pop();
}

async function start() {
  try {
    const mod = await import(tag.dataset.js);
    window.__hydrateIsland = (el, id) => hydrateIsland(el, id, mod);
    await mod.default({ module_or_path: tag.dataset.wasm });
    mod.hydrate();
    await walk(document.body, mod);
    document.documentElement.dataset.islands = "ready";
  } catch (reason) {
    // The page works without; say it quietly.
    console.warn("Islands not loaded.", reason);
    document.documentElement.dataset.islands = "off";
  }
}

function whenIdle() {
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 2000 });
  else setTimeout(start, 50);
}

// The second frame after the load begins when the first one is on the screen.
function whenDrawn() {
  requestAnimationFrame(() => requestAnimationFrame(whenIdle));
}

if (tag) {
  if (document.readyState === "complete") whenDrawn();
  else addEventListener("load", whenDrawn, { once: true });
}
