// Writing an advisory: short until a tier is chosen, nothing lost, persons for RED.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const AUTHOR = "center_analyst";

/** Ticks the first organization that can be chosen by itself. */
async function chooseFirst(page) {
  await page.locator("#who details > summary").first().click();
  const box = page.locator("#who details[open] input[name=who][value^=org_]").first();
  await box.check();
  return box.getAttribute("value");
}

for (const locale of ["ja", "en"]) {
  test(`the form is short, keeps a draft and counts its addressees, ${locale}`, async (t) => {
    const { page } = await signIn(t, AUTHOR, { locale, js: false });
    await page.goto("/advisories/new");
    assert.equal(await page.locator("[name=action-ciso]").isVisible(), false);
    await page.locator("input[name=tier][value=ciso]").check();
    assert.ok(await page.locator("[name=action-ciso]").isVisible());
    assert.equal(await page.locator("[name=action-executive]").isVisible(), false);
    await page.locator("[name=title]").fill("draft");
    const who = await chooseFirst(page);
    await page.locator("button[name=then][value=count]").click();
    assert.equal(await page.locator(".figure-value").innerText(), "1");
    assert.equal(await page.locator("[name=title]").inputValue(), "draft");
    await page.locator("button[name=then][value=save]").click();
    assert.match(new URL(page.url()).pathname, /\/check$/);
    const lack = page.locator(".message.warning li a").first();
    assert.match(await lack.getAttribute("href"), /\/edit#/);
    await screenshot(page, `compose-lacking-${locale}`);
    await page.goto("/advisories/issued");
    await page.locator(".item-title a").first().click();
    await page.locator("a[href$='/edit']").last().click();
    assert.equal(await page.locator("[name=title]").inputValue(), "draft");
    assert.ok(await page.locator(`input[name=who][value="${who}"]`).isChecked());
    await screenshot(page, `compose-filled-${locale}`);
  });

  test(`a RED advisory goes to persons who are named, ${locale}`, async (t) => {
    const { page, expectStatus } = await signIn(t, AUTHOR, { locale, js: false });
    expectStatus(422);
    await page.goto("/advisories/new");
    await page.locator("input[name=tlp][value=red]").check();
    await page.locator("[name=title]").fill("red");
    await page.locator("[name=gist]").fill("red");
    await page.locator("button[name=then][value=check]").click();
    assert.ok(await page.locator("#who-error").isVisible(), "first an organization");
    await chooseFirst(page);
    await page.locator("button[name=then][value=check]").click();
    assert.ok(await page.locator("#to-error").isVisible(), "then persons");
    await screenshot(page, `compose-red-${locale}`);
    const person = page.locator("input[name=to]").first();
    const tier = (await person.getAttribute("value")).split("/")[2];
    await person.check();
    await page.locator("button[name=then][value=count]").click();
    assert.ok(await page.locator(`[name=action-${tier}]`).isVisible(), "the person's tier is asked");
    await page.locator(`[name=action-${tier}]`).fill("read");
    await page.locator(`[name=due-${tier}]`).fill("2030");
    await page.locator("button[name=then][value=check]").click();
    assert.ok(await page.locator(`#due-${tier}-error`).isVisible());
    await screenshot(page, `compose-wrong-${locale}`);
    await page.locator(`[name=due-${tier}]`).fill("明日");
    await page.locator("button[name=then][value=check]").click();
    assert.match(new URL(page.url()).pathname, /\/check$/);
    assert.equal(await page.locator(".message.warning").count(), 0, "nothing is missing");
    await screenshot(page, `compose-red-check-${locale}`);
  });

  test(`the form is clean and fits, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page } = await signIn(t, AUTHOR, { locale, width });
      await page.goto("/advisories/new");
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `compose-empty-${locale}-${width}`);
      await page.goto("/advisories/issued");
      await assertNoOverflow(page);
    }
  });
}
