// Conveniences only: every page works without this file. No text is made here; words come from
// data attributes. Nothing of a report is kept in the browser.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A rejected form: go to the list of errors.
  document.querySelector("[data-focus]")?.focus();

  // A second press on "send" must not send twice. A form that downloads has data-again.
  for (const form of all("form[method=post]:not([data-again])")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      for (const button of all("button[type=submit]", form)) button.setAttribute("aria-disabled", "true");
    });
  }
  // The browser's back button brings the page back as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("button[aria-disabled]", form)) button.removeAttribute("aria-disabled");
    }
  });

  // Steppers count without asking the server.
  for (const stepper of all("[data-step]")) {
    const input = stepper.querySelector("input");
    for (const button of all("button", stepper)) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const by = Number(button.value.slice(button.value.lastIndexOf(":") + 1));
        const now = Number(input.value.normalize("NFKC")) || 0;
        input.value = String(Math.min(Math.max(now + by, 0), Number(stepper.dataset.step)));
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  // How many characters are left, as the server counts them.
  for (const area of all("textarea[data-most]")) {
    const left = document.createElement("p");
    left.className = "left";
    const count = () => {
      const rest = Number(area.dataset.most) - [...area.value.replaceAll("\r\n", "\n")].length;
      left.textContent = `${area.dataset.left} ${rest}`;
    };
    area.after(left);
    area.addEventListener("input", count);
    count();
  }

  // Drafts are kept on the server: a form with data-draft is posted there while it changes.
  for (const form of all("form[data-draft]")) {
    const said = form.querySelector("[data-saved]");
    let timer = 0;
    const save = async () => {
      timer = 0;
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        said.textContent = answer.ok ? said.dataset.saved : said.dataset.unsaved;
      } catch {
        said.textContent = said.dataset.unsaved;
      }
    };
    form.addEventListener("input", () => {
      timer ||= window.setTimeout(save, 5000);
    });
    form.addEventListener("submit", () => window.clearTimeout(timer));
  }

  // While there is no connection, the words that the page brought along say so.
  for (const place of all("[data-offline]")) {
    const words = place.querySelector("template");
    const show = () => {
      place.replaceChildren(words, ...(navigator.onLine ? [] : [words.content.cloneNode(true)]));
    };
    window.addEventListener("offline", show);
    window.addEventListener("online", show);
    show();
  }

  // Ctrl+K (or Command+K) goes to the search, wherever one is.
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const input = document.querySelector("input[type=search]");
    const link = document.querySelector(".menu a[href='/search']");
    if (!input && !link) return;
    event.preventDefault();
    if (input) {
      input.focus();
      input.select();
    } else {
      window.location.assign(link.href);
    }
  });

  // Lists by keyboard: j next, k previous, Enter opens. One switch turns the letters off (WCAG 2.1.4).
  const list = document.querySelector("[data-keys]");
  if (list) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button keys";
    const isOn = () => localStorage.getItem("keys") !== "off";
    const show = () => {
      button.setAttribute("aria-pressed", String(isOn()));
      button.textContent = isOn() ? list.dataset.keysOn : list.dataset.keysOff;
    };
    button.addEventListener("click", () => {
      localStorage.setItem("keys", isOn() ? "off" : "on");
      show();
    });
    list.before(button);
    show();
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if (!isOn() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { j: 1, k: -1 }[event.key];
      if (!step) return;
      const links = all(".item-title a", list);
      const at = links.findIndex((link) => link === document.activeElement);
      const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1);
      links[next]?.focus();
      event.preventDefault();
    });
  }
})();
