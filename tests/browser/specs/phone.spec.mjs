// The desk that answers the phone: a clerk writes down what a member tells, for his own members alone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const DESK = "help_desk";
const SERVED = { ja: "凪浦運送株式会社", en: /Nagiura/ };
const path = (page) => new URL(page.url()).pathname;
const accept = (page) => page.locator("main form .buttons button[type=submit]").last().click();

/** Tells the near miss of the firm called `name`; the select shows it by that name. */
async function tell(page, member, scope) {
  await page.goto("/phone");
  await page.locator("#member").selectOption(member);
  await page.locator("input[name=heard][value=fax]").check();
  await page.locator("input[name=kind][value=open-hole]").check();
  await page.locator("input[name=when][value=yesterday]").check();
  await page.locator("input[name=place][value=it]").check();
  await page.locator(`input[name=scope][value=${scope}]`).check();
  await accept(page);
  assert.equal(path(page), "/phone/receipt");
}

/** The value of the option that shows `name`. */
function member(page, name) {
  return page.locator("#member option", { hasText: name }).first().getAttribute("value");
}

for (const locale of ["ja", "en"]) {
  test(`a firm phones its help desk, and finds the report as its own, ${locale}`, async (t) => {
    const { page } = await signIn(t, DESK, { locale, js: false });
    await page.goto("/phone");
    const firm = await member(page, SERVED[locale]);
    await tell(page, firm, "named");
    const name = (await page.locator(".slip").innerText()).match(/S-[0-9A-Z]{6}/)[0];
    assert.equal(await page.locator(".slip-code").count(), 0, "the firm has no need of a code");
    await screenshot(page, `phone-receipt-named-${locale}-1280`);
    // Its own, and the page says who wrote it down.
    const { page: own } = await signIn(t, "small_firm", { locale, js: false });
    await own.goto("/sent");
    await own.locator(".item-title a", { hasText: name }).click();
    await own.goto(`${path(own)}/history`);
    const desk = locale === "ja" ? "お助け隊" : "Help Desk";
    assert.match(await own.locator("main").innerText(), new RegExp(desk));
    await screenshot(own, `phone-own-${locale}-1280`);
  });

  test(`who stays unnamed gets a code read out once, ${locale}`, async (t) => {
    const { page } = await signIn(t, DESK, { locale, js: false });
    await page.goto("/phone");
    await tell(page, await member(page, SERVED[locale]), "unnamed");
    const code = (await page.locator(".slip-code").allInnerTexts()).join(" ");
    assert.match(code, /^\d{4} \d{4} \d{4} \d{4}$/);
    await screenshot(page, `phone-receipt-code-${locale}-1280`);
    await page.reload();
    assert.equal(await page.locator(".slip-code").count(), 0, "a code is shown once");
  });

  test(`the pages of the phone desk are clean and fit, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, DESK, { locale, width });
      await page.goto("/phone");
      const firm = await member(page, SERVED[locale]);
      for (const [place, name] of [
        ["/phone", "near-miss"],
        ["/phone/report", "whose"],
        [`/phone/report?member=${firm}`, "report"],
        ["/phone/count", "count"],
      ]) {
        await page.goto(place);
        await assertNoOverflow(page);
        if (width === 1280) await axe(page);
        await screenshot(page, `phone-${name}-${locale}-${width}`);
      }
    }
  });
}

test("a clerk of a secretariat may leave open who phones, one of a help desk may not", async (t) => {
  const options = (page) => page.locator("#member option[value=none]").count();
  const { page: helpDesk } = await signIn(t, DESK, { js: false });
  await helpDesk.goto("/phone");
  assert.equal(await options(helpDesk), 0);
  const { page } = await signIn(t, "ceptoar_analyst", { js: false });
  await page.goto("/phone");
  assert.equal(await options(page), 1);
  await tell(page, "none", "stripped");
  assert.equal(await page.locator(".slip-code").count(), 4);
});

test("a form for somebody else's member is refused, and one without a member kept", async (t) => {
  const { page, expectStatus } = await signIn(t, DESK, { js: false });
  expectStatus(404, 422);
  await page.goto("/phone");
  await page.locator("input[name=kind][value=slip]").check();
  await accept(page);
  assert.ok((await page.locator(".error-summary li").count()) > 0);
  assert.ok(await page.locator("input[name=kind][value=slip]").isChecked());
  await screenshot(page, "phone-refused-ja-1280");
  const { page: relay } = await signIn(t, "ceptoar_analyst", { js: false });
  await relay.goto("/phone");
  const foreign = await relay.locator("#member option[value^=org_]").first().getAttribute("value");
  await page.goto(`/phone/report?member=${foreign}`);
  assert.equal(await page.locator("main form input[name=form_key]").count(), 0);
});

test("a count told by phone is accepted, zero in one press", async (t) => {
  const { page } = await signIn(t, DESK, { js: false });
  await page.goto("/phone/count");
  // Not the firm of the roles: others look at what it counted.
  await page.locator("#member").selectOption({ index: 3 });
  await page.locator("#period").selectOption({ index: 1 });
  await page.locator("button[name=nil]").click();
  assert.equal(await page.locator(".message.done").count(), 1);
});
