// The six core screens: who looks, where the page is, what it is for.

import { beginCheck } from "./steps.mjs";

/** Address of the first link on `list` that begins with `start`. */
const first = async (page, list, start) => {
  await page.goto(list);
  return page.locator(`main a[href^='${start}']`).first().getAttribute("href");
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
      const report = await first(page, "/intake", "/reports/");
      await page.goto(report);
      const begun = page.locator("main a[href^='/reviews/']");
      if ((await begun.count()) > 0) return begun.first().getAttribute("href");
      // A relay whose newest report nobody has taken up yet: the check is begun here.
      return beginCheck(page);
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
    find: (page) => first(page, "/advisories", "/advisories/adv_"),
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
