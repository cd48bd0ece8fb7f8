// Several near misses as one file: template, faults told on the page and in the workbook, mended,
// sent, and never doubled.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const ROLE = "operator_ot";
const FIXTURE = fileURLToPath(new URL("../fixtures/near_miss.xlsx", import.meta.url));
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a press or a link downloads. */
async function downloaded(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return readFile(await download.path());
}

async function send(page, name, buffer, mimeType = "text/csv") {
  await page.locator("#file").setInputFiles({ name, mimeType, buffer });
  await page.locator("form:has(#file) button[type=submit]").click();
}

const rowsOf = (...rows) => rows.map((cells) => cells.map((cell) => `"${cell}"`).join(",")).join("\r\n");

for (const locale of ["ja", "en"]) {
  test(`a template is filled in, mended and sent without scripts, ${locale}`, async (t) => {
    const { page, expectStatus } = await signIn(t, ROLE, { locale, js: false });
    expectStatus(422);
    await page.goto("/near-miss");
    await page.locator("a[href='/near-miss/batch']").click();
    const workbook = await downloaded(page, () => page.locator("a[href$='.xlsx']").click());
    assert.equal(workbook.subarray(0, 2).toString(), "PK");
    const template = await downloaded(page, () => page.locator("a[href$='.csv']").click());
    assert.deepEqual([...template.subarray(0, 3)], [0xef, 0xbb, 0xbf]);

    const good = ["open-hole", "R8.11.2 ３時", "ot; it", "person-noticed", `行 ${locale}`, "named"];
    const bad = ["ない種類", "先週", "ot", "", "x", "stripped"];
    await send(page, "rows.csv", Buffer.concat([template, Buffer.from(rowsOf(good, bad))]));
    assert.equal(await page.locator(".error-summary").count(), 1);
    const faults = page.locator(".table").first().locator("tbody tr");
    assert.equal(await faults.count(), 2, "a kind and a date");
    assert.match(await faults.first().innerText(), /^3/);
    assert.equal(await page.locator("form[action$='/send']").count(), 0);
    await screenshot(page, `near-miss-batch-faults-${locale}`);

    const marked = await downloaded(page, () =>
      page.locator("form[action$='/marked'] button").click(),
    );
    await send(page, "marked.xlsx", marked, XLSX);
    assert.equal(await faults.count(), 2, "the workbook with notes says the same rows");

    bad[0] = "slip";
    bad[1] = "";
    const mended = Buffer.concat([template, Buffer.from(rowsOf(good, bad))]);
    await send(page, "rows.csv", mended);
    assert.equal(await page.locator(".error-summary").count(), 0);
    assert.equal(await page.locator(".table tbody tr").count(), 2);
    await screenshot(page, `near-miss-batch-check-${locale}`);
    await page.locator("form[action$='/send'] button").click();
    const lines = page.locator("tbody tr");
    assert.equal(await lines.count(), 2);
    const code = await page.locator(".batch-code").innerText();
    assert.match(code, /^\d{4} \d{4} \d{4} \d{4}$/);
    await screenshot(page, `near-miss-batch-receipts-${locale}`);

    await page.goto("/near-miss/batch");
    await send(page, "rows.csv", mended);
    assert.equal(await page.locator("form[action$='/send']").count(), 0, "nothing is doubled");
    const more = ["slip", "", "", "", `足した行 ${locale}`, "named"];
    await send(page, "rows.csv", Buffer.concat([template, Buffer.from(rowsOf(good, bad, more))]));
    await page.locator("form[action$='/send'] button").click();
    assert.equal(await lines.count(), 3, "within minutes the receipts come again, and one is new");

    await page.goto("/mailbox");
    await page.fill("#code", code);
    await page.locator("main form .buttons button").click();
    assert.equal(await page.locator(".item").count(), 1);
  });

  test(`the pages of a batch are clean and fit, ${locale}`, async (t) => {
    for (const width of [1280, 390, 320]) {
      const { page, expectStatus } = await signIn(t, ROLE, { locale, width });
      expectStatus(422);
      await page.goto("/near-miss/batch");
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `near-miss-batch-${locale}-${width}`);
      await page.locator("#file").setInputFiles(FIXTURE);
      await page.locator("form:has(#file) button[type=submit]").click();
      assert.equal(await page.locator(".table tbody tr").count(), 2);
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `near-miss-batch-check-${locale}-${width}`);
      await send(page, "bad.csv", Buffer.from("kind,when,scope\r\nx,y,z\r\n"));
      await assertNoOverflow(page);
      if (width === 1280) await axe(page);
      await screenshot(page, `near-miss-batch-bad-${locale}-${width}`);
    }
  });
}

test("what is no table is refused with what to do, and nothing is kept", async (t) => {
  const { page, expectStatus } = await signIn(t, ROLE, { js: false });
  expectStatus(422);
  await page.goto("/near-miss/batch");
  for (const [name, buffer] of [
    ["empty.csv", Buffer.from("")],
    ["old.xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2])],
    ["cut.xlsx", (await readFile(FIXTURE)).subarray(0, 2000)],
    ["other.csv", Buffer.from("a,b\r\n1,2\r\n")],
  ]) {
    await send(page, name, buffer);
    assert.equal(await page.locator("#file-error").count(), 1, name);
    assert.equal(await page.locator("form[action$='/send']").count(), 0, name);
  }
});

test("a file larger than the limit is refused as a whole", async (t) => {
  const { page, expectStatus } = await signIn(t, ROLE, { js: false });
  expectStatus(413, 422);
  await page.goto("/near-miss/batch");
  await send(page, "large.csv", Buffer.alloc(1024 * 1024 + 1, "x"));
  assert.equal(await page.locator("#file-error").count(), 1);
});
