// Closing: a report by its desk, with a reason that its source finds; an advisory by its issuer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { issueByTwo, openReport, organizationOf, tellNearMiss, writeAdvisory } from "../steps.mjs";

const WORDS = {
  ja: { closed: "窓口が完了にしました", title: "終了の確認（試験）", action: "確かめる。", due: "明日 18:00" },
  en: { closed: "The desk closed it", title: "Closing (test)", action: "Check it.", due: "tomorrow 18:00" },
};

const path = (page) => new URL(page.url()).pathname;

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`a desk closes a report and its source is told why, ${locale}`, async (t) => {
    const { page: source } = await signIn(t, "operator_duty", { locale, js: false });
    const { page: desk, expectStatus } = await signIn(t, "ceptoar_officer", { locale });
    const { name } = await tellNearMiss(source, "named");
    const report = await openReport(desk, "/intake", name);
    await desk.locator(`a[href="${report}/close"]`).click();
    expectStatus(422);
    await desk.locator("form[action$='/close'] button").click();
    assert.ok(await desk.locator(".error-summary").isVisible(), "a reason is wanted");
    await screenshot(desk, `close-report-${locale}`);
    await axe(desk);
    for (const width of [390, 320]) {
      await desk.setViewportSize({ width, height: 900 });
      await assertNoOverflow(desk);
    }
    await desk.locator("input[name=reason][value=nothing-more]").check();
    await desk.locator("form[action$='/close'] button").click();
    assert.equal(path(desk), report);
    assert.equal(await desk.locator(`a[href="${report}/close"]`).count(), 0, "once");
    assert.equal(await desk.locator("form[action$='/review']").count(), 0, "nothing is to leave");
    await screenshot(desk, `closed-report-${locale}-320`);

    await source.goto("/sent");
    await source.locator(".item-title a", { hasText: name }).first().click();
    assert.ok((await source.locator("main").innerText()).includes(words.closed));
  });

  test(`an issuer closes an advisory and nobody is asked any more, ${locale}`, async (t) => {
    const { page: reader } = await signIn(t, "operator_duty", { locale, width: 390 });
    const { page: author } = await signIn(t, "center_analyst", { locale, js: false });
    const { page: second } = await signIn(t, "center_officer", { locale });
    const organization = await organizationOf(reader);
    const text = { ...words, gist: words.action };
    const advisory = await writeAdvisory(author, text, [organization]);
    await issueByTwo(author, second, advisory);
    await author.goto(advisory);
    assert.equal(await author.locator(`a[href="${advisory}/close"]`).count(), 0, "not the author");

    await second.locator(`a[href="${advisory}/close"]`).click();
    await screenshot(second, `close-advisory-${locale}`);
    await axe(second);
    await second.setViewportSize({ width: 320, height: 900 });
    await assertNoOverflow(second);
    await second.locator("form[action$='/close'] button").click();
    assert.equal(path(second), advisory);
    assert.equal(await second.locator(`a[href="${advisory}/recall"]`).count(), 1);
    assert.equal(await second.locator(`a[href="${advisory}/close"]`).count(), 0);

    await reader.goto(advisory);
    assert.equal(await reader.locator("button[name=answer]").count(), 0);
    await screenshot(reader, `closed-advisory-${locale}-390`);
    await axe(reader);
    await assertNoOverflow(reader);
    await reader.goto("/duty");
    assert.equal(await reader.locator(`a[href="${advisory}"]`).count(), 0, "nothing waits");
  });
}
