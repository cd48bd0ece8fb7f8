// What a source decides after sending: tighter at once, wider with care, and who is told of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const ROLE = "operator_duty";
const path = (page) => new URL(page.url()).pathname;
const change = (page) => page.locator("main form > .buttons button").last().click();

async function tell(page, scope) {
  await page.goto("/near-miss");
  await page.locator("input[name=kind][value=slip]").check();
  await page.locator("input[name=when][value=yesterday]").check();
  await page.locator("input[name=place][value=it]").check();
  await page.locator(`input[name=scope][value=${scope}]`).check();
  await page.locator("main form .buttons button[type=submit]").click();
}

/** Sends a named near miss; the address of its terms. */
async function named(page) {
  await tell(page, "named");
  const name = (await page.locator("main").innerText()).match(/S-[0-9A-Z]{6}/)[0];
  await page.goto("/sent");
  await page.locator(".item-title a", { hasText: name }).click();
  return `${path(page)}/terms`;
}

/** Opens the fold of the part and makes the choice. */
async function choose(page, part, field, value, wanted) {
  const fold = page.locator(`section[aria-labelledby=part-${part}] details`);
  if ((await fold.getAttribute("open")) === null) await fold.locator("summary").click();
  await page.locator(`input[name=${part}-${field}][value=${value}]`).setChecked(wanted);
}

for (const [locale, width] of [["ja", 1280], ["en", 390], ["ja", 320], ["en", 1280]]) {
  test(`tighter takes effect, wider asks first, without scripts, ${locale} ${width}`, async (t) => {
    const { page, expectStatus } = await signIn(t, ROLE, { locale, width, js: false });
    expectStatus(422);
    const shot = async (name) => {
      await assertNoOverflow(page);
      await screenshot(page, `terms-${name}-${locale}-${width}`);
    };
    const terms = await named(page);
    await page.goto(terms);
    await shot("read");
    await change(page);
    assert.equal(await page.locator(".error-summary li").count(), 1, "nothing is different");
    await page.goto(terms);
    await page.locator("input[name=summary-consent][value=refused]").check();
    await change(page);
    assert.equal(path(page), terms);
    assert.equal(await page.locator(".message.done").count(), 1);
    await shot("tightened");
    await page.locator("input[name=summary-consent][value=granted]").check();
    await change(page);
    assert.equal(await page.locator("button[name=care]").count(), 1, "wider is looked at first");
    await shot("waiting");
    await page.locator("button[name=care]").click();
    assert.equal(await page.locator(".message.done").count(), 1);
    assert.ok(await page.locator("input[name=summary-consent][value=granted]").isChecked());
    await choose(page, "summary", "tlp", "red", true);
    for (const box of await page.locator("input[name=summary-purposes]").all()) {
      await box.setChecked(false);
    }
    await change(page);
    assert.equal(await page.locator(".error-summary li").count(), 1, "one purpose stays");
    await shot("refused");
  });
}

for (const locale of ["ja", "en"]) {
  test(`a source without a name changes its terms by its code, ${locale}`, async (t) => {
    const { page } = await signIn(t, ROLE, { locale, width: 390, js: false, fresh: true });
    await tell(page, "unnamed");
    const code = await page.locator(".slip-code").innerText();
    await page.goto("/mailbox");
    await page.fill("#code", code);
    await page.locator("main form .buttons button").click();
    await page.locator("main a[href='/mailbox/terms']").click();
    await page.locator("input[name=summary-consent][value=refused]").check();
    await change(page);
    assert.equal(path(page), "/mailbox/terms");
    assert.equal(await page.locator(".message.done").count(), 1);
    await assertNoOverflow(page);
    await screenshot(page, `terms-mailbox-${locale}-390`);
  });

  test(`whoever held a report is told that its terms are tighter, ${locale}`, async (t) => {
    const { page } = await signIn(t, ROLE, { locale, js: false });
    const { page: ministry } = await signIn(t, "ministry_analyst", { locale, js: false });
    const told = async () => {
      await ministry.goto("/triage/narrowed");
      return ministry.locator("main .item").allInnerTexts();
    };
    // The newest own report that has left the secretariat and is not at its strictest.
    await page.goto("/sent");
    const reports = await page.locator(".item-title a").evaluateAll((all) => all.map((a) => a.pathname));
    let name = null;
    for (const report of reports) {
      await page.goto(`${report}/terms`);
      const box = page.locator("section:has(.message.hint) input[name=summary-purposes]:checked");
      if ((await box.count()) < 2 || (await page.locator(".message.done").count()) > 0) continue;
      name = (await page.locator("h1").innerText()).match(/S-[0-9A-Z]{6}/)[0];
      await page.locator("section[aria-labelledby=part-summary] details summary").click();
      await box.last().uncheck();
      await screenshot(page, `terms-held-${locale}-1280`);
      await change(page);
      assert.equal(await page.locator(".message.done").count(), 1);
      break;
    }
    assert.ok(name, "the demo's operator has a report that has left the secretariat");
    const items = await told();
    assert.ok(items.some((item) => item.includes(name)), items.join(" | "));
    await screenshot(ministry, `terms-narrowed-${locale}-1280`);
  });

  test(`the pages of terms are clean and fit, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, ROLE, { locale, width });
      await page.goto("/sent");
      const report = await page.locator(".item-title a").last().getAttribute("href");
      await page.goto(`${report}/terms`);
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      for (const summary of await page.locator("main details summary").all()) await summary.click();
      await assertNoOverflow(page);
      await screenshot(page, `terms-open-${locale}-${width}`);
      const { page: ministry } = await signIn(t, "ministry_analyst", { locale, width });
      await ministry.goto("/triage/narrowed");
      await assertNoOverflow(ministry);
      if (width === 1280) await axe(ministry);
      await screenshot(ministry, `terms-narrowed-${locale}-${width}`);
    }
  });
}
