// What a spec needs: people who sit at a browser, and judgements about the page they see.
//
// A person's window watches itself: a console error, a breach of the content security policy, a
// server error or a dead asset fails the test at its end, whatever the test itself looked at.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "out");
const linksFile = process.env.NOROSHI_LINKS;
assert.ok(linksFile, "NOROSHI_LINKS is not set; run `cargo xtask test browser`");

/** The demo's links: `base`, `roles` and `tokens`, as the program wrote them. */
export const links = JSON.parse(readFileSync(linksFile, "utf8"));

const CHROMIUM = process.env.NOROSHI_CHROMIUM ?? "/usr/bin/chromium";
const CHROMIUM_WORDS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

let running = null;

/** The browser of this spec file, started when first needed. */
async function browser() {
  running ??= chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_WORDS });
  return running;
}

after(async () => {
  await (await running)?.close();
});

/** The address of `path` on the hub. */
export function at(path) {
  return new URL(path, links.base).href;
}

/**
 * Opens a window for somebody who is not signed in. `t` is the test; the window closes with it.
 *
 * locale       "ja" or "en"
 * width        CSS pixels: 1280, 390 or 320
 * js           false switches scripts off
 * colorScheme  "light" or "dark"
 * context      further options of Playwright's newContext
 */
export async function visit(t, options = {}) {
  const { locale = "ja", width = 1280, js = true, colorScheme = "light" } = options;
  const context = await (await browser()).newContext({
    baseURL: links.base,
    locale: locale === "ja" ? "ja-JP" : "en-US",
    timezoneId: "Asia/Tokyo",
    viewport: { width, height: width < 600 ? 844 : 900 },
    javaScriptEnabled: js,
    colorScheme,
    reducedMotion: "reduce",
    ...options.context,
  });
  const page = await context.newPage();
  const watch = watchPage(page, js);
  await watch.ready;
  t.after(async () => {
    await context.close();
    assert.deepEqual(watch.faults, [], "the window saw faults");
  });
  return { page, context, expectStatus: watch.expectStatus };
}

/**
 * Opens a window for `role`, signed in through the demo's link. Options as for `visit`, and
 * `fresh: true` for a session of its own (for tests that sign out or change the account).
 */
export async function signIn(t, role, options = {}) {
  const link = links.roles[role];
  assert.ok(link, `the demo has no role \`${role}\`; it has ${Object.keys(links.roles).join(", ")}`);
  const kept = join(dirname(linksFile), `session-${role}.json`);
  const session = options.fresh ? null : await stored(kept);
  if (session !== null) {
    return visit(t, { ...options, context: { storageState: session, ...options.context } });
  }
  const person = await visit(t, options);
  await person.page.goto(link);
  if (new URL(person.page.url()).pathname === new URL(link).pathname) {
    // A link alone signs nobody in where a scanner may open it; the page asks first.
    await person.page.locator("main button[type=submit]").first().click();
  }
  if (!options.fresh) {
    await person.context.storageState({ path: kept });
  }
  return person;
}

async function stored(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}

/** Collects what goes wrong in a window, whoever looks. */
function watchPage(page, js) {
  const faults = [];
  const expected = new Set();
  page.on("console", (message) => {
    // The status of a response is judged below, where the test can expect it.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("crash", () => faults.push("the page crashed"));
  page.on("response", (response) => {
    const status = response.status();
    if (status >= 400 && !expected.has(status)) {
      faults.push(`${status} for ${response.request().method()} ${response.url()}`);
    }
  });
  const reported = (report) => faults.push(`policy: ${report}`);
  const ready = js ? watchPolicy(page, reported) : Promise.resolve();
  return { faults, ready, expectStatus: (...statuses) => statuses.forEach((s) => expected.add(s)) };
}

async function watchPolicy(page, reported) {
  await page.exposeFunction("noroshiPolicyReport", reported);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.noroshiPolicyReport(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
}

/** Saves the whole page as out/NAME.png. */
export async function screenshot(page, name) {
  await mkdir(out, { recursive: true });
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
}

/** Fails when the page, or something in it, is wider than its window. */
export async function assertNoOverflow(page) {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) {
      return [];
    }
    // What lies in a box that scrolls by itself widens nothing.
    const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const boxed = (element) => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        if (scrolls(at)) return true;
      }
      return false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > limit + 1 && !boxed(element))
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
      .concat(`${document.documentElement.scrollWidth} > ${limit}`);
  });
  assert.deepEqual(wide, [], `${page.url()} is wider than its window`);
}

/** What differs from run to run in a tree, and what is written instead. */
const VARIES = [
  [/\b([a-z]{3})_[0-9a-z]{16,}/g, "$1_"],
  [/\b([SA])-[0-9A-Z]{6}\b/g, "$1-XXXXXX"],
  [/(\d{4}年)?\d{1,2}月\d{1,2}日(\(.\)|（.）)?/g, "DAY"],
  [/\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?\b/g, "DAY"],
  [/\b\d{1,2}\/\d{1,2}\b/g, "DAY"],
  [/\b\d{1,2}:\d{2}\b/g, "TIME"],
  [/ ?[(（](たった今|just now|\d+[^)）]{0,14}(前|ago))[)）]/g, ""],
];

/** Fails when the accessibility tree of `root` differs from golden/NAME.aria.txt. */
export async function assertAria(page, name, root = "main") {
  const tree = await page.locator(root).first().ariaSnapshot();
  const snapshot = `${VARIES.reduce((text, [what, word]) => text.replace(what, word), tree)}\n`;
  const file = join(here, "golden", `${name}.aria.txt`);
  if (process.env.NOROSHI_BLESS) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, snapshot);
    return;
  }
  assert.equal(snapshot, await readFile(file, "utf8"), `${file} differs; see NOROSHI_BLESS`);
}
