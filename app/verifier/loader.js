// Starts the page that checks confirmations, and hands it its other modules when it asks for one.
const tag = document.getElementById("verify");

async function load(name) {
  const module = await import(`./${name}.js`);
  await module.default({ module_or_path: new URL(`./${name}.wasm`, import.meta.url) });
  return module;
}

try {
  const { start } = await load("verify");
  await start(load);
} catch (reason) {
  // The page says what works without it.
  console.warn("The page can't check by itself.", reason);
}

if (tag && "serviceWorker" in navigator) {
  // Without it the page works as long as it is open.
  navigator.serviceWorker
    .register("/verify/service-worker.js", { scope: "/verify" })
    .catch((reason) => console.warn("The page can't be kept.", reason));
}
