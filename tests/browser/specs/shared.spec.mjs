// A report that its source shares with the members of its CEPTOAR: at whom it arrives, what the
// reader is shown, and what the source learns of it. Nothing of it needs scripts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";
import { approveRelease, beginCheck, openReport, organizationOf, sendFirstReport } from "../steps.mjs";

const WORDS = {
  ja: {
    report: {
      headline: "北の変電所の監視端末に不審な常駐プログラム",
      when: "昨日 14:30",
      systems: "遠隔監視の端末",
      effect: "監視の端末2台を切り離した",
      attack: "保守用の入口から入り、定期実行に登録された",
      response: "端末を切り離し、記録を保全した",
    },
    technique: "遠隔保守の入口から入られ、定期実行の登録が残されていた",
    other: "提供先の構成員（重要インフラ事業者）の",
    search: "定期実行の登録が残",
  },
  en: {
    report: {
      headline: "An unknown resident program on a terminal of the northern substation",
      when: "yesterday 14:30",
      systems: "Terminal for remote supervision",
      effect: "Two terminals were taken off the network",
      attack: "Came in by the maintenance gateway and set up a scheduled task",
      response: "Took the terminals off and kept their logs",
    },
    technique: "They came in by remote upkeep and left a scheduled task behind",
    other: "Read at a member it was shared with: a critical-infrastructure operator",
    search: "left a scheduled task behind",
  },
};

const path = (page) => new URL(page.url()).pathname;
const text = (page) => page.locator("main").innerText();

/** Looks at the page that stands open as everybody may come to it. */
async function look(page, name) {
  await screenshot(page, `${name}-1280`);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await assertNoOverflow(page);
    if (width === 390) await screenshot(page, `${name}-390`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Whether the list at /shared, as far as its first page goes, has the report called `name`. */
async function lists(page, name) {
  await page.goto("/shared");
  return (await page.locator(".item-title a", { hasText: name }).count()) === 1;
}

/** Sends a report for the members of the own CEPTOAR alone, under TLP:GREEN; its name. */
async function send(page, words) {
  const terms = async (name) => {
    if (name !== "report-terms") return;
    await page.locator("input[name=tlp][value=green]").check();
    for (const box of await page.locator("input[name=circles]").all()) {
      await box.setChecked((await box.getAttribute("value")) === "ceptoar-members");
    }
  };
  return (await sendFirstReport(page, words, terms)).name;
}

/** Lets `technique` over the border and keeps everything else; the path of the check. */
async function rewrite(desk, technique) {
  const review = await beginCheck(desk);
  for (const part of ["summary", "damage"]) {
    await desk.locator(`[name=${part}-crossing][value=withhold]`).check();
    await desk.locator(`[name=${part}-reason]`).fill("-");
  }
  await desk.locator("[name=attack-crossing][value=cross]").check();
  await desk.locator("[name=attack-technique]").fill(technique);
  await desk.locator("button[name=then]").click();
  assert.equal(path(desk), `${review}/dry-run`);
  return review;
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];
  const sit = (t, role) => signIn(t, role, { locale, js: false });
  const desk = (t, role) => sit(t, role).then(({ page }) => page);

  test(`a member reads what was released to its CEPTOAR, ${locale}`, async (t) => {
    const [source, relay] = [await desk(t, "operator_duty"), await desk(t, "ceptoar_analyst")];
    const [officer, second] = [await desk(t, "ceptoar_officer"), await desk(t, "ceptoar_second_officer")];
    const member = await desk(t, "rival_duty");
    const { page: stranger, expectStatus } = await sit(t, "small_firm");
    const name = await send(source, words.report);
    assert.ok(!(await lists(member, name)), "not before the border check");
    const report = await openReport(relay, "/intake", name);
    const review = await rewrite(relay, words.technique);
    await look(relay, `shared-dry-run-${locale}`);
    await approveRelease([officer, second], review);

    assert.ok(await lists(member, name), "it is there for the members");
    await look(member, `shared-list-${locale}`);
    await member.locator(".item-title a", { hasText: name }).click();
    assert.equal(path(member), report);
    const read = await text(member);
    assert.ok(read.includes(words.technique) && read.includes("TLP:GREEN"), read);
    for (const kept of Object.values(words.report)) assert.ok(!read.includes(kept), kept);
    assert.ok(!read.includes(await organizationOf(source)), "the source is not named");
    assert.equal(await member.locator("main form, main h2").count(), 1, "one part, nothing to press");
    await look(member, `shared-report-${locale}`);
    await member.locator(".back a").click();
    assert.equal(path(member), "/shared");
    await member.goto(`/search?q=${encodeURIComponent(words.search)}`);
    assert.equal(await member.locator(`main a[href='${report}']`).count(), 1, "search finds it");

    assert.ok(!(await lists(stranger, name)), "not for another sector");
    expectStatus(404);
    assert.equal((await stranger.goto(report)).status(), 404);
    await stranger.goto(`/search?q=${encodeURIComponent(words.search)}`);
    assert.equal(await stranger.locator(`main a[href='${report}']`).count(), 0);

    // The source finds its own among the others, and learns that a member read it, not which.
    assert.ok(await lists(source, name));
    await source.goto("/sent");
    await source.locator(".item-title a", { hasText: name }).click();
    const became = await text(source);
    assert.ok(became.includes(words.other), became);
    assert.ok(!became.includes(await organizationOf(member)), became);
    await look(source, `shared-receipts-${locale}`);
  });

  test(`the pages of what was shared are clean, ${locale}`, async (t) => {
    for (const colorScheme of ["light", "dark"]) {
      const { page } = await signIn(t, "operator_executive", { locale, colorScheme });
      await page.goto("/shared");
      await axe(page);
      await page.locator(".item-title a").first().click();
      await axe(page);
      await screenshot(page, `shared-report-${colorScheme}-${locale}`);
    }
  });
}

test("nobody but operators and suppliers has the page", async (t) => {
  for (const role of ["ceptoar_analyst", "ministry_analyst", "auditor", "operator_administrator"]) {
    const { page, expectStatus } = await signIn(t, role);
    expectStatus(404);
    assert.equal((await page.goto("/shared")).status(), 404, role);
  }
});
