// The six core screens, each judged the same way: keyboard, themes, reading order, weight, paper.
//
// That each does its work, with and without scripts, at 390 and 320 pixels, stands in its own spec.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe, printed, weigh } from "../judge.mjs";
import { SCREENS } from "../screens.mjs";

const WIRE_BYTES_MAX = 60 * 1024;
const HTML_BYTES_MAX = 20 * 1024;
const REQUESTS_MAX = 8;
const TABS_MAX = 150;

/** Presses Tab from the top of the page until `selector` has the focus. */
async function tabTo(page, selector) {
  await page.locator("body").press("Tab");
  for (let presses = 1; presses < TABS_MAX; presses += 1) {
    const seen = await page.evaluate((wanted) => {
      const at = document.activeElement;
      // A choice shows the focus of the box within it.
      const rings = [at, at.closest("label, .choice, .tile"), at.parentElement].filter(Boolean);
      const shown = rings.some((ring) => getComputedStyle(ring).outlineStyle !== "none");
      return { there: at.matches(wanted), shown, tag: at.tagName };
    }, selector);
    if (seen.tag !== "BODY") assert.ok(seen.shown, `the focus on <${seen.tag}> cannot be seen`);
    if (seen.there) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${selector} is not reached by Tab`);
}

for (const [name, screen] of Object.entries(SCREENS)) {
  for (const locale of ["ja", "en"]) {
    test(`${name} in light, dark and forced colors has no fault, ${locale}`, async (t) => {
      for (const colorScheme of ["light", "dark"]) {
        const { page } = await signIn(t, screen.role, { locale, colorScheme });
        await page.goto(await screen.find(page));
        await axe(page);
        await screenshot(page, `core-${name}-${colorScheme}-${locale}`);
      }
      const context = { forcedColors: "active" };
      const { page } = await signIn(t, screen.role, { locale, context });
      await page.goto(await screen.find(page));
      assert.ok(await page.locator(screen.act).first().isVisible());
    });

    test(`${name} prints with its label and page numbers, ${locale}`, async (t) => {
      const { page } = await signIn(t, screen.role, { locale });
      await page.goto(await screen.find(page));
      const { text, sheets } = await printed(page);
      assert.match(text, screen.paper[locale]);
      assert.match(text, new RegExp(`1\\s*/\\s*${sheets}`), "page x of y");
    });
  }

  test(`${name} is reached and read by keyboard alone`, async (t) => {
    const { page } = await signIn(t, screen.role);
    await page.goto(await screen.find(page));
    await tabTo(page, screen.act);
    const headings = await page.locator("h1, h2, h3").evaluateAll((all) =>
      all.map((heading) => Number(heading.tagName.slice(1))),
    );
    assert.equal(headings.filter((level) => level === 1).length, 1, "one h1");
    headings.reduce((before, level) => {
      assert.ok(level <= before + 1, `a heading of level ${level} after ${before}`);
      return level;
    }, 0);
  });

  test(`${name} holds at 400 % zoom and twice the text`, async (t) => {
    const { page } = await signIn(t, screen.role, { width: 320 });
    await page.goto(await screen.find(page));
    await assertNoOverflow(page);
    await page.setViewportSize({ width: 640, height: 900 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    await assertNoOverflow(page);
  });

  test(`${name} is light on the wire`, async (t) => {
    const { page } = await signIn(t, screen.role);
    const weight = await weigh(page, await screen.find(page));
    console.log(`${name}: ${weight.bytes} bytes in ${weight.requests} requests`);
    assert.ok(weight.requests <= REQUESTS_MAX, `${weight.requests} requests`);
    if (screen.light) {
      assert.ok(weight.bytes <= WIRE_BYTES_MAX, `${weight.bytes} bytes`);
      assert.ok(weight.byKind.Document <= HTML_BYTES_MAX, `${weight.byKind.Document} of HTML`);
    }
  });
}
