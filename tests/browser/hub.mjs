// Starts and stops the program under test, on a free port: a demo hub, or a real one that is empty.

import { execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const READY_SECONDS_MAX = 300;
const STOP_SECONDS_MAX = 20;

/**
 * Starts `program demo` and waits until it answers 200 on /healthz. Its output goes to `log`.
 * Returns the path of the links file, the links in it, and `stop`.
 */
export async function startHub(program, log) {
  const folder = await mkdtemp(join(tmpdir(), "noroshi-browser-"));
  const linksFile = join(folder, "links.json");
  const child = run(program, ["demo", "--listen", "127.0.0.1:0", "--links", linksFile], folder, log);
  const links = await child.until(async () => {
    const found = await readLinks(linksFile);
    return found !== null && (await isReady(found.base)) ? found : null;
  });
  return { linksFile, links, stop: child.stop };
}

/**
 * Starts `program serve` on an empty store and waits until it answers. Returns where it is, the
 * one-time code that it printed, `admin` (runs `program admin WORDS` beside it, gives back what it
 * prints), and `stop`.
 */
export async function startEmptyHub(program, log) {
  const folder = await mkdtemp(join(tmpdir(), "noroshi-browser-"));
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const config = [
    'hub = "hub.browser.example"',
    'name = "試験ハブ"',
    `base = "${base}"`,
    `listen = "127.0.0.1:${port}"`,
    'data = "data"',
  ];
  await writeFile(join(folder, "noroshi.toml"), `${config.join("\n")}\n`);
  const child = run(program, ["serve"], folder, log);
  await child.until(async () => ((await isReady(base)) ? base : null));
  const code = child.printed().match(/nrs_fst_[a-z2-7]{52}/)?.[0];
  const admin = async (...words) => {
    const done = await promisify(execFile)(program, ["admin", ...words], { cwd: folder });
    return done.stdout;
  };
  return { base, code, admin, stop: child.stop };
}

/** Runs `program WORDS` in `folder`; its output goes to `log`. */
function run(program, words, folder, log) {
  const output = createWriteStream(log);
  const child = spawn(program, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stdout.on("data", (piece) => (printed += piece));
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

  /** Waits until `ready` gives something; gives up when the program ends or takes too long. */
  const until = async (ready) => {
    const deadline = Date.now() + READY_SECONDS_MAX * 1000;
    // The program is another process: there is nothing to await but its answer.
    while (ended === null && Date.now() < deadline) {
      const found = await ready();
      if (found !== null) {
        return found;
      }
      await pause(100);
    }
    const why = ended ?? `was not ready after ${READY_SECONDS_MAX} s`;
    await stop();
    throw new Error(`${program} ${words[0]} ${why}; see ${log}`);
  };
  return { until, stop, printed: () => printed };
}

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
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
