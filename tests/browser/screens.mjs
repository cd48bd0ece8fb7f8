// The six core screens: who looks, where the page is, what it is for.

import { beginCheck } from "./steps.mjs";

/** Opens the pages that `list` links to from `start` on, until one has `wanted`; its address. */
const firstWith = async (page, list, start, wanted) => {
  await page.goto(list);
  const links = page.locator(`main a[href^='${start}']`);
  for (const path of await links.evaluateAll((all) => all.map((link) => link.pathname))) {
    await page.goto(path);
    if ((await page.locator(wanted).count()) > 0) return path;
  }
  throw new Error(`no page on ${list} has ${wanted}`);
};

// role   who looks
// find   where the page is, for that role
// act    what the page is for, as a selector
// light  whether the budget of report and acknowledge pages holds
// paper  what stands on the printed sheet
export const SCREENS = {
  "near-miss": {
    role: "operator_duty",
    find: async () => "/near-miss",
    act: "main form .buttons button[type=submit]",
    light: true,
    paper: { ja: /ヒヤリハット/, en: /[Nn]ear miss/ },
  },
  "first-report": {
    role: "operator_duty",
    find: async (page) => {
      await page.goto("/reports/new");
      await page.locator("button[value=name]").click();
      return new URL(page.url()).pathname;
    },
    act: "main button[value=next]",
    light: true,
    paper: { ja: /何が/, en: /[Ww]hat/ },
  },
  border: {
    role: "ceptoar_officer",
    find: async (page) => {
      const begun = "main a[href^='/reviews/']";
      // A closed report has neither a check nor a way to begin one.
      await firstWith(page, "/intake", "/reports/", `${begun}, form[action$='/review']`);
      if ((await page.locator(begun).count()) === 0) return beginCheck(page);
      return page.locator(begun).first().getAttribute("href");
    },
    act: "main a[href$='/dry-run']",
    light: false,
    paper: { ja: /TLP:/, en: /TLP:/ },
  },
  compose: {
    role: "center_analyst",
    find: async () => "/advisories/new",
    act: "main form .buttons button",
    light: false,
    paper: { ja: /注意喚起/, en: /[Aa]dvisory/ },
  },
  advisory: {
    role: "operator_ciso",
    // One that takes answers: a closed one has nothing to press.
    find: (page) => firstWith(page, "/advisories", "/advisories/adv_", "button[name=answer]"),
    act: "main form button",
    light: true,
    paper: { ja: /TLP:/, en: /TLP:/ },
  },
  duty: {
    role: "operator_ciso",
    find: async () => "/duty",
    act: "main a[href^='/advisories/']",
    light: true,
    paper: { ja: /当番/, en: /[Dd]uty/ },
  },
};
