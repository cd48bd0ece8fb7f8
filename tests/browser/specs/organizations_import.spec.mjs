// A list of organizations: looked at, mended, entered with the link of its first administrator, once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const IMPORT = "/members/organizations/import";
const HEAD = "kind,name-ja,name-en,reports-to,known-names,administrator,mail";

/** Sends `lines` as a CSV file to the page that is open. */
async function send(page, lines) {
  const buffer = Buffer.from(`${[HEAD, ...lines].join("\r\n")}\r\n`);
  await page.locator("#file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer });
  await page.locator("form[enctype] button[type=submit]").last().click();
}

test("organizations come in from a list, whole and once", async (t) => {
  const { page, expectStatus } = await signIn(t, "administrator", { width: 390 });
  expectStatus(422);
  await page.goto("/members/organizations");
  await page.getByRole("link", { name: "名簿を読み込む" }).click();
  await axe(page);
  await assertNoOverflow(page);
  const relay = "ministry,読込省,Yomikomi Ministry,,yomikomi.example,山田 花,hana@yomikomi.example";
  await send(page, [relay, "ceptoar,読込セプター,Yomikomi CEPTOAR,ない省,,,"]);
  await page.getByText("直すところが1か所あります").waitFor();
  await page.getByText("まだどの組織も登録していません。").waitFor();
  await screenshot(page, "organizations-import-mend-ja");
  const good = [relay, "ceptoar,読込セプター,Yomikomi CEPTOAR,読込省,,髙田 彩,"];
  await send(page, good);
  await page.getByText("2組織を登録します。まだ何も登録していません。").waitFor();
  await axe(page);
  await assertNoOverflow(page);
  await screenshot(page, "organizations-import-check-ja");
  await page.getByRole("button", { name: "2組織を登録する" }).click();
  await page.getByRole("heading", { name: "2組織を登録しました" }).waitFor();
  assert.equal(await page.locator(".secret").count(), 2);
  await axe(page);
  await assertNoOverflow(page);
  await screenshot(page, "organizations-import-entered-ja");
  await page.goto(`${IMPORT}?lang=en`);
  await send(page, good);
  await page.getByText("Nothing here is new: all of them are entered already.").waitFor();
});

test("nobody else reads organizations in", async (t) => {
  for (const role of ["ceptoar_administrator", "operator_administrator"]) {
    const { page, expectStatus } = await signIn(t, role, { js: false });
    expectStatus(404);
    assert.equal((await page.goto(IMPORT)).status(), 404, role);
  }
});
