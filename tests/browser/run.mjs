// Runs the browser tests: starts a demo hub, runs the specs against it, stops it.
//
//   node run.mjs                  all specs
//   node run.mjs near-miss duty   the specs whose file name holds one of the words
//
// NOROSHI_BIN    the program; `cargo xtask test browser` builds and names it
// NOROSHI_LINKS  links file of a demo that already runs; none is started then
// NOROSHI_BLESS  write the accessibility snapshots instead of comparing them

import { spawn } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { startHub } from "./hub.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "out");
await mkdir(out, { recursive: true });

const wanted = process.argv.slice(2);
const specs = (await readdir(join(here, "specs")))
  .filter((name) => name.endsWith(".spec.mjs"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort()
  .map((name) => join("specs", name));
if (specs.length === 0) {
  console.error(`no spec matches ${wanted.join(" ")}`);
  process.exit(1);
}

let hub = null;
let linksFile = process.env.NOROSHI_LINKS;
if (!linksFile) {
  const program = process.env.NOROSHI_BIN;
  if (!program) {
    console.error("NOROSHI_BIN is not set; run `cargo xtask test browser`");
    process.exit(1);
  }
  try {
    hub = await startHub(program, join(out, "hub.log"));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  linksFile = hub.linksFile;
  console.log(`the demo hub answers on ${hub.links.base}`);
}

// One file at a time: the specs share one hub, and two cores.
const words = ["--test", "--test-reporter=spec", "--test-concurrency=1", ...specs];
const tests = spawn(process.execPath, words, {
  cwd: here,
  env: { ...process.env, NOROSHI_LINKS: linksFile },
  stdio: ["ignore", "inherit", "inherit"],
});
const code = await new Promise((resolve) => {
  tests.once("error", () => resolve(1));
  tests.once("exit", (status) => resolve(status ?? 1));
});
await hub?.stop();
process.exit(code);
