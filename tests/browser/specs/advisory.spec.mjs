// The life of an advisory: written, issued by a second person, read and answered in two taps, amended,
// recalled; and what is left of it for those who had it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const AUTHOR = "center_analyst";
const SECOND = "center_officer";
const READER = "operator_duty";

const WORDS = {
  ja: {
    title: "保守用の入口を狙う攻撃 (試験)",
    gist: "遠隔保守用の装置に管理者が追加される攻撃が続いている。",
    action: "装置の管理者一覧を確かめる。",
    changed: "装置の管理者一覧を確かめ、見覚えのない管理者を消す。",
    due: "明日 18:00",
  },
  en: {
    title: "Attacks on ways in for upkeep (test)",
    gist: "Attackers add administrators to gateways for remote maintenance.",
    action: "Check the list of administrators.",
    changed: "Check the list of administrators and remove those you do not know.",
    due: "tomorrow 18:00",
  },
};

/** Name of the reader's organization, as the form of an advisory lists it. */
async function organizationOf(page) {
  await page.goto("/settings");
  return (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");
}

/** Ticks the organization whose name stands in `text`, and the reader's tiers. */
async function address(page, text) {
  const all = await page.locator("input[name=who]").evaluateAll((boxes) =>
    boxes.map((box) => [box.value, box.closest("label").textContent.trim()]),
  );
  const found = all.find(([value, name]) => value.startsWith("org_") && text.includes(name));
  assert.ok(found, "the reader's organization can be addressed");
  await page.locator(`details:has(input[value="${found[0]}"]) > summary`).click();
  const box = page.locator(`input[name=who][value="${found[0]}"]`);
  await box.check();
}

/** Writes an advisory to `reader`'s organization, has it issued, and returns its path. */
async function issued(t, locale, author, second, organization) {
  const words = WORDS[locale];
  await author.goto("/advisories/new");
  await author.locator("[name=title]").fill(words.title);
  await author.locator("[name=gist]").fill(words.gist);
  await address(author, organization);
  for (const tier of ["executive", "ciso", "system-staff", "ot-staff"]) {
    await author.locator(`input[name=tier][value=${tier}]`).check();
    await author.locator(`[name=action-${tier}]`).fill(words.action);
    await author.locator(`[name=due-${tier}]`).fill(words.due);
  }
  await author.locator("button[name=then][value=check]").click();
  const path = new URL(author.url()).pathname.replace("/check", "");
  assert.match(path, /^\/advisories\/adv_/);
  await screenshot(author, `advisory-check-${locale}`);
  await approved(author, second, path, locale);
  return path;
}

/** Asks for approval and issues what is under work at `path`. */
async function approved(author, second, path, locale) {
  await author.locator("form[action$='/propose'] button[type=submit]").click();
  assert.equal(await author.locator("form[action$='/issue']").count(), 0, "not by the author");
  await second.goto(`${path}/check`);
  await screenshot(second, `advisory-four-eyes-${locale}`);
  await second.locator("button[name=then][value=issue]").click();
  assert.equal(new URL(second.url()).pathname, path);
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`an advisory is issued, done in two taps, amended and recalled, ${locale}`, async (t) => {
    const { page: reader } = await signIn(t, READER, { locale, js: false, width: 390 });
    const { page: author } = await signIn(t, AUTHOR, { locale, js: false });
    const { page: second, expectStatus } = await signIn(t, SECOND, { locale, js: false });
    const organization = await organizationOf(reader);
    const path = await issued(t, locale, author, second, organization);

    // From the link of a mail: open, take on; later: done.
    await reader.goto(path);
    await screenshot(reader, `advisory-waiting-${locale}-390`);
    await assertNoOverflow(reader);
    await reader.locator("button[name=answer][value=accepted]").first().click();
    await reader.locator("button[name=answer][value=done]").first().click();
    await screenshot(reader, `advisory-done-${locale}-390`);

    // Another text for every tier: who was done is asked again.
    await author.goto(path);
    await author.locator("form[action$='/amend'] button").click();
    assert.equal(new URL(author.url()).pathname, `${path}/edit`);
    assert.equal(await author.locator("input[type=radio][name=tlp]").count(), 0);
    await screenshot(author, `compose-amend-${locale}`);
    for (const tier of ["executive", "ciso", "system-staff", "ot-staff"]) {
      await author.locator(`[name=action-${tier}]`).fill(words.changed);
    }
    await author.locator("button[name=then][value=check]").click();
    await approved(author, second, path, `amend-${locale}`);
    await reader.goto(path);
    assert.ok((await reader.locator("main").innerText()).includes(words.changed));
    assert.ok(await reader.locator("button[name=answer][value=done]").first().isVisible());
    await screenshot(reader, `advisory-amended-${locale}-390`);

    // Recalled: nothing of the text is left, and the holder gives its word.
    expectStatus(422);
    await second.goto(`${path}/recall`);
    await second.locator("form[action$='/recall'] button").click();
    assert.ok(await second.locator(".error-summary").isVisible());
    await screenshot(second, `recall-wrong-${locale}`);
    await second.locator("input[name=why][value=wrong]").check();
    await second.locator("form[action$='/recall'] button").click();
    assert.equal(new URL(second.url()).pathname, `${path}/holders`);
    await screenshot(second, `holders-${locale}`);

    await reader.goto(path);
    const left = await reader.locator("main").innerText();
    assert.ok(!left.includes(words.title) && !left.includes(words.gist));
    await assertNoOverflow(reader);
    await screenshot(reader, `tombstone-${locale}-390`);
    await reader.goto("/duty");
    assert.equal(await reader.locator(`a[href="${path}"]`).count(), 1, "an answer is awaited");
    await reader.goto(path);
    await reader.locator("button[name=disposal][value=deleted]").click();
    assert.equal(await reader.locator("button[name=disposal]").count(), 0);
    await reader.goto("/duty");
    assert.equal(await reader.locator(`a[href="${path}"]`).count(), 0);
    await second.goto(`${path}/holders`);
    assert.equal(await second.locator("tbody .chip.done").count(), 1);
    await screenshot(second, `holders-answered-${locale}`);

    // Who never could read it finds nothing.
    const { page: other, expectStatus: expectOther } = await signIn(t, "police", { locale });
    expectOther(404);
    const answer = await other.goto(path);
    assert.equal(answer.status(), 404);
  });
}

test("tightening takes an addressee out at once", async (t) => {
  const { page: reader } = await signIn(t, READER, { js: false });
  const { page: author } = await signIn(t, AUTHOR, { js: false });
  const { page: second, expectStatus } = await signIn(t, SECOND, { js: false });
  const organization = await organizationOf(reader);
  const path = await issued(t, "ja", author, second, organization);
  expectStatus(422);
  await second.goto(`${path}/tighten`);
  await screenshot(second, "tighten");
  await second.locator("input[name=why][value=sensitive]").check();
  await second.locator("form[action$='/tighten'] button").click();
  assert.ok(await second.locator(".error-summary").isVisible(), "nothing would be stricter");
  await second.locator("input[name=tlp][value=amber-strict]").check();
  await second.locator("form[action$='/tighten'] button").click();
  assert.equal(new URL(second.url()).pathname, `${path}/holders`);
  await reader.goto(path);
  assert.ok((await reader.locator(".handling").innerText()).includes("AMBER+STRICT"));
});

test("the pages of an advisory's end are clean and fit", async (t) => {
  const { page: reader } = await signIn(t, READER, {});
  const { page: author } = await signIn(t, AUTHOR, {});
  const { page: second } = await signIn(t, SECOND, {});
  const organization = await organizationOf(reader);
  const path = await issued(t, "ja", author, second, organization);
  for (const page of [reader, second]) {
    await page.goto(path);
    await axe(page);
  }
  for (const form of ["tighten", "recall", "holders"]) {
    await second.goto(`${path}/${form}`);
    await axe(second);
  }
  await second.goto(`${path}/recall`);
  await second.locator("input[name=why][value=over]").check();
  await second.locator("form[action$='/recall'] button").click();
  await reader.goto(path);
  await axe(reader);
  for (const width of [390, 320]) {
    const { page: narrow } = await signIn(t, SECOND, { width });
    await narrow.goto(`${path}/holders`);
    await assertNoOverflow(narrow);
    await screenshot(narrow, `holders-${width}`);
    await narrow.goto(path);
    await assertNoOverflow(narrow);
  }
});
