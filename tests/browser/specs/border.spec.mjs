// The border check: what a source wrote stays, what two persons approved leaves, others see no more.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const WORDS = {
  ja: {
    line: "変電所の保守用の口が開いたままだった。連絡は03-5555-0100まで",
    copied: "変電所の保守用の口が開いたままだった。",
    outgoing: "遠隔から保守する入口が閉じられていなかった",
    phone: /03-5555-0100.*電話番号/,
    saved: "保存する",
  },
  en: {
    line: "the maintenance port of a substation was left open, call 03-5555-0100",
    copied: "the maintenance port of a substation was left open",
    outgoing: "a way in for remote upkeep had not been closed",
    phone: /03-5555-0100.*phone number/,
    saved: "Save",
  },
};

/** Sends a near miss without a name and returns the path of its case at the relay. */
async function sendAndFind(t, locale) {
  const { page } = await signIn(t, "operator_duty", { locale, js: false });
  await page.goto("/near-miss");
  await page.locator("input[name=kind][value=open-hole]").first().check();
  await page.locator("input[name=scope][value=unnamed]").first().check();
  await page.locator("[name=line]").fill(WORDS[locale].line);
  await page.locator("main form .buttons button[type=submit]").first().click();
  assert.equal(new URL(page.url()).pathname, "/near-miss/receipt");
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`two persons let a rewritten summary over the border, ${locale}`, async (t) => {
    await sendAndFind(t, locale);
    const { page: desk } = await signIn(t, "ceptoar_analyst", { locale, js: false });
    await desk.goto("/intake");
    const report = await desk.locator("main a[href^='/reports/']").first().getAttribute("href");
    await desk.goto(report);
    await screenshot(desk, `case-relay-${locale}`);
    await desk.locator("form[action$='/review'] button").click();
    const review = new URL(desk.url()).pathname;
    assert.match(review, /^\/reviews\/rvw_/);

    // What was copied and what identifies is named, and stands in the way.
    await desk.locator("[name=summary-crossing][value=cross]").check();
    await desk.locator("[name=summary-headline]").fill(words.line);
    await desk.locator("[name=attack-crossing][value=withhold]").check();
    await desk.getByRole("button", { name: words.saved, exact: true }).click();
    const said = await desk.locator("main").innerText();
    assert.match(said.replaceAll("\n", " "), words.phone);
    assert.ok(said.includes(words.copied));
    await screenshot(desk, `border-hits-${locale}`);
    await desk.goto(`${review}/dry-run`);
    assert.equal(await desk.locator("form[action$='/approve']").count(), 0, "nothing to approve");

    // A part that was withheld first still offers what it would carry.
    await desk.goto(review);
    await desk.locator("[name=summary-headline]").fill(words.outgoing);
    await desk.locator("[name=attack-crossing][value=cross]").check();
    assert.ok(await desk.locator("[name=attack-over][value=near-miss-kind]").isChecked());
    await desk.locator("button[name=then]").click();
    assert.equal(new URL(desk.url()).pathname, `${review}/dry-run`);
    await screenshot(desk, `dry-run-${locale}`);

    for (const role of ["ceptoar_officer", "ceptoar_second_officer"]) {
      const { page } = await signIn(t, role, { locale, js: false });
      await page.goto(`${review}/dry-run`);
      await page.locator("form[action$='/approve'] button").click();
      await page.locator("main .message").first().waitFor();
    }

    const { page: above, expectStatus } = await signIn(t, "ministry_analyst", { locale, js: false });
    await above.goto(report);
    const seen = await above.locator("main").innerText();
    assert.ok(seen.includes(words.outgoing));
    assert.ok(!seen.includes(words.copied) && !seen.includes("5555"), "the source's words stay");
    await screenshot(above, `case-ministry-${locale}`);
    expectStatus(404);
    await above.goto(review);
    assert.ok(!(await above.content()).includes(words.outgoing), "the review is the relay's own");
  });

  test(`the relay's desk is clean and fits, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, "ceptoar_officer", { locale, width });
      await page.goto("/intake");
      const report = await page.locator("main a[href^='/reports/']").first().getAttribute("href");
      await page.goto(report);
      const review = await page.locator("main a[href^='/reviews/']").first().getAttribute("href");
      for (const path of ["/intake", report, review, `${review}/dry-run`]) {
        await page.goto(path);
        await assertNoOverflow(page);
        if (width === 1280) await axe(page);
        const name = path.replace(/_[0-9a-z]+/, "").replaceAll("/", "-");
        await screenshot(page, `desk${name}-${locale}-${width}`);
      }
    }
  });
}
