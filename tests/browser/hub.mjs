// Starts and stops the program under test: a demo hub of its own, on a free port.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const READY_SECONDS_MAX = 300;
const STOP_SECONDS_MAX = 20;

/**
 * Starts `program demo` and waits until it answers 200 on /healthz. Its output goes to `log`.
 * Returns the path of the links file, the links in it, and `stop`.
 */
export async function startHub(program, log) {
  const folder = await mkdtemp(join(tmpdir(), "noroshi-browser-"));
  const linksFile = join(folder, "links.json");
  const output = createWriteStream(log);
  const words = ["demo", "--listen", "127.0.0.1:0", "--links", linksFile];
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  let ended = null;
  const exit = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = `cannot start: ${error.message}`)));
    child.once("exit", (code, signal) => resolve((ended = `ended with ${signal ?? code}`)));
  });

  const stop = async () => {
    if (ended === null) {
      child.kill("SIGTERM");
      const late = pause(STOP_SECONDS_MAX * 1000, "late", { ref: false });
      if ((await Promise.race([exit, late])) === "late") {
        child.kill("SIGKILL");
        await exit;
      }
    }
    output.end();
    await rm(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  // The program is another process: there is nothing to await but its answer.
  while (ended === null && Date.now() < deadline) {
    const links = await readLinks(linksFile);
    if (links !== null && (await isReady(links.base))) {
      return { linksFile, links, stop };
    }
    await pause(100);
  }
  const why = ended ?? `was not ready after ${READY_SECONDS_MAX} s`;
  await stop();
  throw new Error(`${program} demo ${why}; see ${log}`);
}

/** The links, or null while the file is not there or not complete. */
async function readLinks(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}

async function isReady(base) {
  try {
    return (await fetch(new URL("/healthz", base))).status === 200;
  } catch {
    return false;
  }
}
