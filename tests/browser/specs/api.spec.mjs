// The API: a token acts within its scope, cookies are nothing there, and answers are JSON.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, signIn } from "../harness.mjs";

/** Makes a token for `role`, limited to the actions with those labels. */
async function token(t, role, ...scope) {
  const { page, context } = await signIn(t, role, { locale: "en", fresh: true });
  await page.goto("/settings/tokens");
  await page.locator("#label").fill("spec");
  for (const label of scope) {
    await page.getByLabel(label, { exact: true }).check();
  }
  await page.getByRole("button", { name: "Make the token" }).click();
  return { secret: await page.locator(".secret").innerText(), page, context };
}

async function ask(path, { secret, body, method, headers } = {}) {
  const answer = await fetch(at(path), {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(secret ? { authorization: `Bearer ${secret}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, json: JSON.parse(text) };
}

test("without a token there is nothing, and it is said as a problem document", async (t) => {
  for (const path of ["/api/v1/me", "/api/v1/reports", "/api/v1/reports/rpt_x"]) {
    const answer = await ask(path);
    assert.equal(answer.status, 401, path);
    assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
    assert.equal(answer.headers.get("www-authenticate"), "Bearer");
  }
  assert.equal((await ask("/api/v1/nothing")).status, 404);
  assert.equal((await ask("/api/v1/me", { secret: "nrs_api_wrong" })).status, 401);
  // A session's cookie opens pages and no API; a session's secret is no token.
  const { context } = await signIn(t, "operator_duty", { fresh: true });
  const cookie = (await context.cookies()).find(({ name }) => name.endsWith("noroshi"));
  const headers = { cookie: `${cookie.name}=${cookie.value}` };
  assert.equal((await ask("/api/v1/me", { headers })).status, 401);
  assert.equal((await ask("/api/v1/me", { secret: cookie.value })).status, 401);
});

test("a token submits a near miss, once per key, and does nothing else", async (t) => {
  const { secret, page } = await token(t, "operator_duty", "Submit reports");
  const me = await ask("/api/v1/me", { secret });
  assert.equal(me.status, 200);
  assert.deepEqual(me.json.scope, ["submit"]);
  // The token opens no page.
  const opened = await fetch(at("/settings"), {
    headers: { authorization: `Bearer ${secret}` },
    redirect: "manual",
  });
  assert.equal(opened.status, 303);
  const lists = await page.request.get("/near-miss");
  const kind = (await lists.text()).match(/name="kind" value="([^"]+)"/)[1];
  const body = { kind, scope: "named", line: "保守用の端末に見慣れないUSBが挿さっていた" };
  const headers = { "idempotency-key": "00112233445566778899aabbccddeeff" };
  const first = await ask("/api/v1/near-misses", { secret, body, headers });
  assert.equal(first.status, 201, JSON.stringify(first.json));
  assert.match(first.json.report, /^rpt_/);
  const again = await ask("/api/v1/near-misses", { secret, body, headers });
  assert.deepEqual(again.json, first.json);
  const other = { ...body, line: "別の話" };
  const changed = await ask("/api/v1/near-misses", { secret, body: other, headers });
  assert.equal(changed.status, 409);

  const wrong = { kind: "no-such-kind", scope: "everyone", plase: "it" };
  const told = await ask("/api/v1/near-misses", { secret, body: wrong });
  assert.equal(told.status, 422);
  assert.deepEqual(told.json.errors.map(({ field }) => field), ["plase"]);
  const { plase, ...rest } = wrong;
  assert.equal(plase, "it");
  const second = await ask("/api/v1/near-misses", { secret, body: rest });
  assert.deepEqual(second.json.errors.map(({ field }) => field), ["scope"]);
  assert.equal((await ask("/api/v1/near-misses", { secret, body: [] })).status, 400);
  assert.equal((await ask("/api/v1/reports", { secret })).status, 404);

  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Revoke" }).first().click();
  assert.equal((await ask("/api/v1/me", { secret })).status, 401);
});

test("a report submitted by a token is read by the relay's token", async (t) => {
  const sender = await token(t, "operator_duty", "Submit reports");
  const body = {
    kind: "incident",
    custody: "named",
    tlp: "amber",
    purposes: ["defense"],
    circles: ["ministry", "national-center"],
    consent: "granted",
    answers: {
      headline: "監視端末で不審な通信",
      systems: "監視端末",
      "event-types": null,
      "detected-at": null,
    },
  };
  const headers = { "idempotency-key": "5f0c2f6e-8d2b-4a53-9c43-0d7b1b8f9a11" };
  const sent = await ask("/api/v1/reports", { secret: sender.secret, body, headers });
  assert.equal(sent.status, 201, JSON.stringify(sent.json));
  const again = await ask("/api/v1/reports", { secret: sender.secret, body, headers });
  assert.deepEqual(again.json, sent.json);
  const other = { ...body, consent: "refused" };
  const changed = await ask("/api/v1/reports", { secret: sender.secret, body: other, headers });
  assert.equal(changed.status, 409);
  // In another organization the same key is another one: an own report, and no word of this.
  const neighbor = await token(t, "rival_duty", "Submit reports");
  const foreign = await ask("/api/v1/reports", { secret: neighbor.secret, body, headers });
  assert.equal(foreign.status, 201);
  assert.notEqual(foreign.json.report, sent.json.report);
  const relay = await token(t, "ceptoar_analyst", "Read reports received before the border");
  const list = await ask("/api/v1/reports", { secret: relay.secret });
  assert.equal(list.status, 200);
  assert.ok(list.json.reports.some(({ report }) => report === sent.json.report));
  assert.ok(!JSON.stringify(list.json).includes("不審な通信"), "the list shows no text");
  const opened = await ask(`/api/v1/reports/${sent.json.report}`, { secret: relay.secret });
  assert.equal(opened.status, 200);
  const answers = Object.assign({}, ...opened.json.parts.map((part) => part.answers));
  assert.equal(answers.headline, "監視端末で不審な通信");
  assert.equal(answers["detected-at"], null);
  // Another relay's token finds nothing there.
  const stranger = await token(t, "other_ceptoar_officer", "Read reports received before the border");
  const hidden = await ask(`/api/v1/reports/${sent.json.report}`, { secret: stranger.secret });
  const absent = await ask("/api/v1/reports/rpt_00000000000000000000000000", {
    secret: stranger.secret,
  });
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.json, absent.json);
});
