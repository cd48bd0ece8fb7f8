// The record: who opened what, with proofs that are checked without the hub.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe } from "../judge.mjs";

const here = import.meta.dirname;
const program = process.env.NOROSHI_BIN ?? join(here, "../../../target/debug/noroshi");

test("a proof is checked without the hub", async (t) => {
  const { page } = await signIn(t, "operator_duty", { js: false });
  await page.goto("/trust");
  const href = await page.locator("a[href^='/trust/proof/']").first().getAttribute("href");
  const key = (await page.locator("pre.command").innerText()).match(/--key '([^']+)'/)[1];
  const file = join(mkdtempSync(join(tmpdir(), "noroshi-proof-")), "proof.json");
  const proof = await (await page.context().request.get(href)).text();
  writeFileSync(file, proof);
  execFileSync(program, ["log", "verify", "--key", key, file]);
  // One changed letter of the commitment, and the proof is none.
  const changed = JSON.parse(proof);
  const letter = changed.commitment.at(5) === "a" ? "b" : "a";
  changed.commitment = changed.commitment.slice(0, 5) + letter + changed.commitment.slice(6);
  writeFileSync(file, JSON.stringify(changed));
  assert.throws(() => execFileSync(program, ["log", "verify", "--key", key, file], { stdio: "pipe" }));
});

for (const locale of ["ja", "en"]) {
  test(`the record is clean and fits, ${locale}`, async (t) => {
    for (const role of ["operator_duty", "auditor", "ceptoar_officer"]) {
      for (const width of [1280, 390, 320]) {
        const { page } = await signIn(t, role, { locale, width });
        await page.goto("/trust");
        await assertNoOverflow(page);
        if (width === 1280) await axe(page);
        await screenshot(page, `trust-${role}-${locale}-${width}`);
      }
    }
  });

  test(`members find who keeps the seals, ${locale}`, async (t) => {
    const { page } = await signIn(t, "operator_duty", { locale, js: false });
    await page.goto("/trust");
    await page.locator("main a[href='/custodians']").click();
    assert.equal(await page.locator(".fingerprint code").count(), 3);
    assert.equal(await page.locator("main a[href^='/custodians/']").count(), 0);
  });
}
