// Every role follows every link it is shown: no page fails, breaks the policy, or is too wide.
//
// One page of each kind is visited per role: `/reports/rpt_x` and `/reports/rpt_y` are one kind.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, links, signIn } from "../harness.mjs";

const PAGES_MAX = 60;
const WIDTHS = [390, 320];

/** The kind of page behind `path`: ids and queries left out. */
function kindOf(path) {
  return path
    .split("?")[0]
    .split("/")
    .map((step) => (/^[a-z]{3}_[0-9a-z]{20,}$/.test(step) ? "*" : step))
    .join("/");
}

/** Addresses on the hub that the page links to; whether the browser would save what is there. */
async function linksOf(page) {
  const found = await page.locator("a[href]").evaluateAll((anchors) =>
    anchors.map((anchor) => ({ href: anchor.href, saved: anchor.hasAttribute("download") })),
  );
  const own = new URL(page.url()).origin;
  return found
    .filter(({ href }) => href.startsWith(`${own}/`))
    .map(({ href, saved }) => ({ path: href.slice(own.length).split("#")[0], saved }));
}

for (const [number, role] of Object.keys(links.roles).entries()) {
  const locale = number % 2 === 0 ? "ja" : "en";
  test(`${role} finds no broken page, ${locale}`, async (t) => {
    const { page } = await signIn(t, role, { locale });
    const seen = new Set(["/"]);
    const waiting = [{ path: "/", saved: false }];
    const broken = [];
    for (let visited = 0; waiting.length > 0 && visited < PAGES_MAX; visited += 1) {
      const { path, saved } = waiting.shift();
      const answer = saved ? await page.request.get(path) : await open(page, path);
      if (answer.status() >= 400) broken.push(`${path} answers ${answer.status()}`);
      if (saved || !(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
      if ((await page.title()) === "") broken.push(`${path} has no title`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 844 });
        await assertNoOverflow(page).catch((error) => broken.push(error.message));
      }
      for (const link of await linksOf(page)) {
        const kind = kindOf(link.path);
        if (!seen.has(kind)) {
          seen.add(kind);
          waiting.push(link);
        }
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(seen.size > 3, `${role} is shown next to nothing`);
  });
}

/** Opens `path`; what the browser saves instead of showing is asked for without it. */
async function open(page, path) {
  try {
    return await page.goto(path);
  } catch (error) {
    if (!/Download is starting|ERR_ABORTED/.test(error.message)) throw error;
    return page.request.get(path);
  }
}
