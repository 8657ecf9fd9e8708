// Bounded load on a server of its own, over the loopback alone: no error, no growing memory, a clean stop under load.
//
//   node tools/soak.mjs [SECONDS]     60 by default, at most 600

import { readFileSync, rmSync } from "node:fs";

import { crawl, get } from "./pages.mjs";
import { alive, freePort, freshDataDir, prepare, serve, stop } from "./server.mjs";

const CLIENTS = 8;
const GROWTH_MIB = 16;
const STOP_MS = 10_000;
const seconds = Math.min(Number(process.argv[2] ?? 60), 600);

function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const dataDir = freshDataDir();
const problems = [];
let child;
try {
  const more = { XW_REQUESTS_PER_MINUTE: "100000000" };
  prepare(port, dataDir, more);
  child = serve(port, dataDir, { more });
  await alive(port, child);
  const paths = (await crawl(base)).map(({ path }) => path);

  let answered = 0;
  let stopping = false;
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let turn = client; !stopping && elapsed() < seconds + 5; turn += 1) {
      try {
        const { status } = await get(base, paths[turn % paths.length], { accept: "br" });
        if (status !== 200) problems.push(`${paths[turn % paths.length]}: ${status}`);
        answered += 1;
      } catch (error) {
        // While it stops, the server may refuse; what it accepted it must answer, which its exit code tells.
        if (!stopping) problems.push(`${paths[turn % paths.length]}: ${error.message}`);
      }
      if (problems.length > 20) stopping = true;
    }
  });

  const pause = (until) => new Promise((done) => setTimeout(done, Math.max(0, (until - elapsed()) * 1000)));
  await pause(seconds / 3);
  const warm = residentMiB(child.pid);
  console.log(`${warm.toFixed(1)} MiB after ${Math.round(elapsed())} s and ${answered} pages`);
  await pause(seconds);
  const end = residentMiB(child.pid);
  console.log(`${end.toFixed(1)} MiB after ${Math.round(elapsed())} s and ${answered} pages`);
  console.log(`${Math.round(answered / elapsed())} pages/s with ${CLIENTS} clients on ${paths.length} pages`);
  if (end - warm > GROWTH_MIB) problems.push(`memory grew by ${(end - warm).toFixed(1)} MiB, more than ${GROWTH_MIB}`);

  stopping = true;
  const { code, signal, took } = await stop(child);
  await Promise.all(clients);
  console.log(`stopped under load after ${Math.round(took)} ms with code ${code}`);
  if (code !== 0) problems.push(`the server ended with ${code ?? signal} on SIGTERM`);
  if (took > STOP_MS + 1000) problems.push(`the server took ${Math.round(took)} ms to stop`);
} finally {
  if (child) await stop(child);
  rmSync(dataDir, { recursive: true, force: true });
}
for (const problem of problems) console.log(`soak: ${problem}`);
console.log(`soak: ${problems.length ? 0 : 1} passed, ${problems.length ? 1 : 0} failed`);
process.exitCode = problems.length ? 1 : 0;
