// Starts the page that tells which aid may fit. Without it the form is sent as any other.
try {
  const { default: init, start } = await import("./screener.js");
  await init({ module_or_path: new URL("./screener.wasm", import.meta.url) });
  start();
} catch (reason) {
  console.warn("The page can't judge by itself.", reason);
}
