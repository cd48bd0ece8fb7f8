// The duty roster: planned by a file, read by everybody, taken over in one press.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** Plans the roster of an organization whose people no other spec looks at. */
const PLANNER = "administrator";
const READER = "center_analyst";

async function send(page, name, buffer, mimeType = "text/csv") {
  await page.locator("#file").setInputFiles({ name, mimeType, buffer });
  await page.locator("form:has(#file) button[type=submit]").click();
}

/** A day so many days from today in Japan, as people write it. */
function day(days) {
  const at = new Date(Date.now() + (9 + 24 * days) * 3_600_000);
  return `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()}`;
}

test("a roster is planned from a file, saved as one and read in again, without scripts", async (t) => {
  const { page, expectStatus } = await signIn(t, PLANNER, { js: false });
  expectStatus(422);
  await page.goto("/roster");
  const people = await page.locator("#person option:not([value=''])").allInnerTexts();
  assert.ok(people.length >= 2, `${people}`);
  await page.goto("/roster/import");
  const heading = "開始日,開始,終了日,終了,担当者";
  const rows = (...lines) => Buffer.from([heading, ...lines].join("\r\n"));
  await send(page, "bad.csv", rows(`${day(1)},朝,,翌9:00,誰か`));
  assert.equal(await page.locator(".table").first().locator("tbody tr").count(), 2);
  await screenshot(page, "roster-faults-ja");
  await send(
    page,
    "good.csv",
    rows(`${day(1)},17:30,,翌9:00,${people[0]}`, `${day(2)},9:00,,17:30,${people[1]}`),
  );
  assert.equal(await page.locator(".table tbody tr").count(), 2);
  await screenshot(page, "roster-check-ja");
  const save = page.locator("form[action$='/save'] button");
  // A run before this one may have left the same roster.
  if ((await save.count()) > 0) await save.click();
  else await page.goto("/roster");
  assert.match(await page.locator("main").innerText(), /17:30〜翌09:00/);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a[href$='.xlsx']").click(),
  ]);
  const file = await readFile(await download.path());
  await page.goto("/roster/import");
  await send(page, "roster.xlsx", file, XLSX);
  assert.equal(await save.count(), 0, "nothing would change");
});

test("one press takes the duty over, without scripts", async (t) => {
  const { page } = await signIn(t, READER, { js: false });
  await page.goto("/roster");
  assert.equal(await page.locator("#person").count(), 0, "a reader plans nothing");
  const own = page.locator(".on-duty .chip.done");
  if ((await own.count()) === 0) {
    await page.locator("form[action='/roster/take-over'] button").first().click();
  }
  assert.equal(await own.count(), 1);
});

test("a turn is added, refused and taken off on the page", async (t) => {
  const { page, expectStatus } = await signIn(t, PLANNER, { js: false, locale: "en" });
  expectStatus(422);
  await page.goto("/roster");
  const add = page.locator("form[action='/roster/turns'] button");
  await page.selectOption("#person", { index: 1 });
  await page.fill("#day", "2/30");
  await page.fill("#start", "9:00");
  await page.fill("#end", "17:00");
  await add.click();
  assert.equal(await page.locator(".error-summary a").count(), 1);
  assert.equal(await page.inputValue("#start"), "9:00");
  await page.fill("#day", day(9));
  await add.click();
  const turns = page.locator("#turn option:not([value=''])");
  const before = await turns.count();
  await page.selectOption("#turn", { index: before });
  await page.locator("form[action='/roster/turns/drop'] button").click();
  assert.equal(await turns.count(), before - 1);
  await page.selectOption("#deputy", { index: 2 });
  await page.selectOption("#place", { index: 1 });
  await page.locator("form[action='/roster/deputies'] button").click();
  assert.match(await page.locator("table").last().innerText(), /\S/);
});

for (const locale of ["ja", "en"]) {
  test(`the roster is clean and fits, ${locale}`, async (t) => {
    for (const [role, width] of [
      [READER, 1280],
      [READER, 390],
      [READER, 320],
      [PLANNER, 1280],
      [PLANNER, 390],
      ["operator_duty", 390],
    ]) {
      const { page } = await signIn(t, role, { locale, width });
      await page.goto("/roster");
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `roster-${role}-${locale}-${width}`);
    }
    const { page } = await signIn(t, PLANNER, { locale, width: 320 });
    await page.goto("/roster/import");
    await assertNoOverflow(page);
    await axe(page);
  });
}
