// Pictures and small pages: open reports by age above a desk's list, readings by week on the record,
// what the duty page says without a connection, and an executive's one sheet of paper.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertNoOverflow, screenshot, signIn } from "../harness.mjs";
import { axe, printed } from "../judge.mjs";
import { issueByTwo, openReport, organizationOf, tellNearMiss, writeAdvisory } from "../steps.mjs";

const WIDTHS = [1280, 390, 320];
const SEVERITIES = 5;
const AGES = 5;
const WEEKS = 12;

const WORDS = {
  ja: {
    unrated: "未評価",
    offline: "接続がありません",
    asOf: /この画面の内容の時点 .* \d\d:\d\d JST/,
    progress: ["未読", "既読・未回答"],
    note: "ハブの画面にあります",
    title: "遠隔保守用の装置に管理者を追加する攻撃（試験）",
    gist: "公開された脆弱性を使い、装置に見覚えのない管理者を追加する攻撃が3分野で続いている。追加された管理者で社内網に入り、数日おいて端末を暗号化した例が2件ある。装置は遠隔保守の委託先が置いたもので、自組織の資産台帳にないことが多い。更新のための停止は1台あたり30分で、夜間に行える。",
    action: "更新のための停止を承認し、結果の報告を受ける。",
    detail: "技術詳細：通信先の一覧と検知の規則。",
    due: "明日 18:00",
  },
  en: {
    unrated: "Not rated yet",
    offline: "No connection",
    asOf: /What stands here is as of .* \d\d:\d\d JST/,
    progress: ["Not opened", "Opened, not answered"],
    note: "stand on the page in the hub",
    title: "Attackers add administrators to maintenance gateways (test)",
    gist: "A published flaw is used in three sectors to add unknown administrators to gateways. In two cases they entered the office network and encrypted workstations some days later. The gateways were often put there by a contractor and are on no list of assets. The update stops each of them for thirty minutes and can be done at night.",
    action: "Approve the outage for the update and have the result reported to you.",
    detail: "Technical detail: destinations and detection rules.",
    due: "tomorrow 18:00",
  },
};

/** The rows of the table in a chart's fold: name and numbers, the total last. */
async function figures(chart) {
  return chart.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) => ({
      name: row.querySelector("th").textContent.trim(),
      counts: [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.replaceAll(",", ""))),
    })),
  );
}

for (const locale of ["ja", "en"]) {
  const words = WORDS[locale];

  test(`a desk sees how old its open reports are, ${locale}`, async (t) => {
    const { page: source } = await signIn(t, "operator_duty", { locale, js: false });
    await tellNearMiss(source, "named");
    for (const [role, list] of [["ceptoar_officer", "/intake"], ["ministry_officer", "/triage"]]) {
      const { page } = await signIn(t, role, { locale });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(list);
        await assertNoOverflow(page);
        await screenshot(page, `pictures-ages-${role}-${locale}-${width}`);
      }
      await axe(page);
      const chart = page.locator("main .chart").first();
      const drawings = chart.locator("svg[role=img]");
      assert.equal(await drawings.count(), SEVERITIES + 1, "each severity, and none");
      const rows = await figures(chart);
      assert.equal(rows.length, SEVERITIES + 1);
      assert.equal(rows.at(-1).name, words.unrated);
      for (const [place, { name, counts }] of rows.entries()) {
        assert.equal(counts.length, AGES + 1);
        const total = counts.at(-1);
        assert.equal(counts.slice(0, -1).reduce((sum, count) => sum + count, 0), total, name);
        const drawn = await drawings.nth(place).locator("text.count").allTextContents();
        assert.deepEqual(drawn.map(Number), counts.slice(0, -1), "the drawing and its table");
      }
      if (list === "/intake") {
        assert.ok(rows.at(-1).counts[0] >= 1, "what came just now is the youngest");
      }
      // Older pages of the list stand by themselves.
      const older = page.locator(".pager a[rel=next]");
      if ((await older.count()) > 0) {
        await older.click();
        assert.equal(await page.locator("main .chart").count(), 0);
      }
    }
    const { page } = await signIn(t, "ceptoar_officer", { locale, width: 390, js: false, colorScheme: "dark" });
    await page.goto("/intake");
    await page.locator("main .chart summary").first().click();
    assert.ok(await page.locator("main .chart table").first().isVisible(), "without scripts");
    await screenshot(page, `pictures-ages-dark-${locale}-390`);
  });

  test(`a source sees by week how often it was read, ${locale}`, async (t) => {
    const { page: source } = await signIn(t, "operator_duty", { locale });
    const { page: desk } = await signIn(t, "ceptoar_analyst", { locale, js: false });
    const lastWeek = async () => {
      await source.goto("/trust");
      const rows = await figures(source.locator("main .chart"));
      assert.equal(rows.length, WEEKS);
      return rows.at(-1).counts[0];
    };
    const before = await lastWeek();
    const { name } = await tellNearMiss(source, "named");
    await openReport(desk, "/intake", name);
    assert.ok((await lastWeek()) > before, "the desk read it");
    await axe(source);
    for (const width of WIDTHS) {
      await source.setViewportSize({ width, height: 900 });
      await assertNoOverflow(source);
      await screenshot(source, `pictures-weeks-${locale}-${width}`);
    }
    await desk.goto("/trust");
    assert.equal(await desk.locator("main .chart").count(), 0, "a desk sends nothing");
  });

  test(`without a connection the duty page says so and of when it is, ${locale}`, async (t) => {
    for (const [width, colorScheme] of [[1280, "light"], [390, "dark"], [320, "light"]]) {
      const { page, context } = await signIn(t, "operator_duty", { locale, width, colorScheme });
      for (const path of ["/duty", "/advisories"]) {
        await page.goto(path);
        const banner = page.locator("[data-offline] p");
        assert.equal(await banner.count(), 0);
        await context.setOffline(true);
        await banner.first().waitFor();
        const said = (await page.locator("[data-offline]").innerText()).replaceAll(/\s+/g, " ");
        assert.ok(said.includes(words.offline), said);
        assert.match(said, words.asOf);
        const phone = await page.locator("[data-offline] a[href^='tel:']").innerText();
        assert.ok((await page.locator(".foot").innerText()).includes(phone), phone);
        await assertNoOverflow(page);
        if (path === "/duty") {
          await axe(page);
          await screenshot(page, `pictures-offline-${locale}-${width}`);
          // It stays in sight where the page is scrolled to its end.
          await page.keyboard.press("End");
          const top = await page.locator("[data-offline]").evaluate((box) => box.getBoundingClientRect().top);
          assert.ok(top >= 0, `the banner is at ${top}`);
        }
        await context.setOffline(false);
        await banner.first().waitFor({ state: "detached" });
      }
    }
  });

  test(`an executive prints one sheet, ${locale}`, async (t) => {
    const { page: executive } = await signIn(t, "operator_executive", { locale });
    const { page: system } = await signIn(t, "operator_ciso", { locale });
    const { page: author } = await signIn(t, "center_analyst", { locale, js: false });
    const { page: second } = await signIn(t, "center_officer", { locale, js: false });
    const issuer = await organizationOf(author);
    const advisory = await writeAdvisory(author, words, [await organizationOf(executive)]);
    await author.goto(`${advisory}/edit`);
    const more = author.locator("details", { has: author.locator("[name=background]") });
    await more.locator("> summary").click();
    await author.locator("[name=background]").fill(words.gist.repeat(6));
    await author.locator("[name=detail]").fill(words.detail.repeat(20));
    await author.locator("button[name=then][value=check]").click();
    await issueByTwo(author, second, advisory);

    await executive.goto(advisory);
    const { text, sheets } = await printed(executive);
    const said = text.replaceAll(/\s+/g, "");
    const has = (part) => said.includes(part.replaceAll(/\s+/g, ""));
    assert.equal(sheets, 1, text);
    for (const part of [words.title, words.gist, words.action, issuer, "18:00", words.note, "TLP:"]) {
      assert.ok(has(part), `${part} is not in ${text}`);
    }
    assert.ok(words.progress.some(has), `how far it has come: ${text}`);
    assert.ok(!has(words.detail), "the technical detail stays on the screen");
    await executive.emulateMedia({ media: "print" });
    await screenshot(executive, `pictures-executive-${locale}`);

    // Whoever has to do the work prints all of it.
    await system.goto(advisory);
    assert.ok((await printed(system)).text.replaceAll(/\s+/g, "").includes(words.detail.replaceAll(/\s+/g, "")));
  });
}
