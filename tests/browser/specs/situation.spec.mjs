// Is this one attack or many? Figures that were published once, and what stands behind them for this reader.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const TRIAGE = "center_analyst";
const MEMBER = "operator_duty";
/** Least that a figure by sector and week can be: it takes five organizations. */
const FIGURE_MIN = 5;
/** How a cell ends, after the sector and the week that are read out. */
const FIGURE = / \d+$/;
const WITHHELD = / [-–—]/;

const CELL = "figure.heat td a";

for (const locale of ["ja", "en"]) {
  test(`the weeks of the wave and the flood show figures, and lead on without scripts, ${locale}`, async (t) => {
    const { page } = await signIn(t, TRIAGE, { locale, js: false });
    await page.goto("/situation");
    // What stands behind the sector and week that are read out.
    const cells = (await page.locator(CELL).allTextContents()).map((text) => text.split(" ").at(-1));
    const shown = cells.filter((text) => /^\d+$/.test(text)).map(Number);
    assert.ok(shown.length >= 4, `only ${shown.length} of ${cells.length} cells show a figure`);
    assert.ok(Math.min(...shown) >= FIGURE_MIN, "no figure is smaller than the least number of sources");
    assert.ok(!cells.includes("0"), "withheld is never shown as zero");
    // A figure leads to the reader's own list.
    await page.locator(CELL, { hasText: FIGURE }).first().click();
    assert.equal(new URL(page.url()).pathname, "/situation/pattern");
    await page.locator("main .item-title a").first().click();
    assert.match(new URL(page.url()).pathname, /^\/reports\/rpt_/);
    // A cell that is withheld leads there as well: what can be opened tells nothing.
    await page.goto("/situation");
    await page.locator(CELL, { hasText: WITHHELD }).first().click();
    assert.equal(new URL(page.url()).pathname, "/situation/pattern");
  });

  test(`a member sees whole quarters and no weeks, ${locale}`, async (t) => {
    const { page } = await signIn(t, MEMBER, { locale, js: false });
    await page.goto("/situation");
    assert.equal(await page.locator("figure.heat").count(), 0);
    // The table lies in a fold below its drawing.
    assert.match(await page.locator("main table").first().textContent(), /\d/);
    const answer = await page.request.get("/situation/pattern?sector=medical&week=week:2026-10-05");
    assert.equal(answer.status(), 404);
  });

  test(`the situation is clean and fits, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, TRIAGE, { locale, width });
      await page.goto("/situation");
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `situation-${locale}-${width}`);
      const href = await page
        .locator(CELL, { hasText: FIGURE })
        .first()
        .getAttribute("href");
      await page.goto(href);
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `situation-pattern-${locale}-${width}`);
    }
    const { page } = await signIn(t, MEMBER, { locale, width: 390 });
    await page.goto("/situation");
    await assertNoOverflow(page);
    await screenshot(page, `situation-member-${locale}-390`);
  });
}
