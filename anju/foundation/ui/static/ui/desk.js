// Behaviour of staff pages. Everything here is an addition: links, forms and list buttons work without it.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  // ── search: "/" focuses, arrows walk the suggestions, Escape leaves
  document.addEventListener("keydown", (event) => {
    const field = $("#search");
    if (event.key === "/" && field && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
    if (event.key === "Escape") escape(event);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
  });

  function walk(event) {
    const box = event.target.closest(".a-search");
    if (!box) return;
    const stops = [$("#search"), ...all(".a-search-out a", box)];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  function escape(event) {
    const open = $("details[data-menu][open]");
    if (open) {
      open.open = false;
      $("summary", open).focus();
      return;
    }
    if (event.target.closest(".a-search")) {
      $("#search-out").replaceChildren();
      $("#search").blur();
      return;
    }
    if ($("#panel > *")) closePanel();
  }

  // ── menus close when something else is clicked
  document.addEventListener("click", (event) => {
    all("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!event.target.closest(".a-search")) $("#search-out")?.replaceChildren();
  });

  // ── rows: a click anywhere opens the row beside the list; the panel steps through rows
  let listUrl = location.href;
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-open]");
    if (row && !event.target.closest("a, button, input, label, select, .is-check") && !String(getSelection())) {
      $(".a-row-link", row)?.click();
    }
    const step = event.target.closest("[data-row-step]");
    if (step) stepRow(Number(step.dataset.rowStep));
    if (event.target.closest("[data-panel-close]")) {
      if (!$("#panel > *")) return;
      event.preventDefault();
      closePanel();
    }
  });

  function stepRow(by) {
    const rows = all("tr[data-open]");
    const here = rows.findIndex((row) => row.classList.contains("is-on"));
    const next = rows[here + by];
    if (!next) return;
    $(".a-row-link", next)?.click();
    next.scrollIntoView({ block: "nearest" });
  }

  function closePanel() {
    $("#panel").replaceChildren();
    all("tr.is-on, .a-room-cell.is-on").forEach((row) => row.classList.remove("is-on"));
    history.replaceState(history.state, "", listUrl);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id !== "panel") return;
    if (!$("#panel > *")) listUrl = location.href;
    all("tr.is-on, .a-room-cell.is-on").forEach((row) => row.classList.remove("is-on"));
    event.detail.elt.closest("tr, .a-room-cell")?.classList.add("is-on");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "panel") event.detail.target.scrollTop = 0;
    all("form").forEach(countChosen);
    nameCells();
    $(".a-confirm", event.detail.target)?.focus();
  });

  // ── choosing rows
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (!form || !event.target.matches(".a-table .a-check")) return;
    if (event.target.matches("[data-select-all]")) {
      all("td .a-check", form).forEach((box) => { box.checked = event.target.checked; });
    }
    countChosen(form);
  });
  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-select-none]");
    if (!none) return;
    const form = none.closest("form");
    all(".a-table .a-check", form).forEach((box) => { box.checked = false; });
    countChosen(form);
  });

  function countChosen(form) {
    const text = $("[data-bulk-text]", form);
    if (!text) return;
    const boxes = all("td .a-check", form);
    const chosen = boxes.filter((box) => box.checked).length;
    text.textContent = text.dataset.bulkText.replace("{n}", String(chosen));
    const head = $("[data-select-all]", form);
    if (head) {
      head.checked = chosen > 0 && chosen === boxes.length;
      head.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  }

  // ── texts with variables
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const field = document.getElementById(button.dataset.into);
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) navigator.clipboard?.writeText(button.dataset.copy).then(() => toast(button.dataset.copied || "✓"));
  });

  // ── short messages
  function toast(text, kind = "done") {
    const box = $("#toasts");
    if (!box || !text) return;
    const line = document.createElement("p");
    line.className = `a-toast is-${kind}`;
    line.textContent = text;
    box.append(line);
    fade(line);
  }
  // A refusal has to be read; what went well, only noticed.
  const fade = (line) => setTimeout(() => line.remove(), line.classList.contains("is-danger") ? 20000 : 6000);
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  const words = () => document.body.dataset;
  document.addEventListener("htmx:sendError", () => toast(words().offline, "danger"));
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast(words().broken, "danger");
  });

  // ── a form keeps what was typed when a session ends or the line drops: data-draft="key", data-draft-version="rev".
  // A draft of an older version is dropped; one that was sent is dropped when the answer is another page.
  const draftOf = (form) => `draft:${form.dataset.draft}`;
  const forget = (form) => sessionStorage.removeItem(draftOf(form));
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    const kept = {};
    all("[name]", form).forEach((field) => {
      if (!["hidden", "password", "checkbox", "radio", "file"].includes(field.type)) kept[field.name] = field.value;
    });
    sessionStorage.setItem(draftOf(form), JSON.stringify({ version: form.dataset.draftVersion || "", kept }));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.draft) sessionStorage.setItem("draft-sent", event.target.dataset.draft);
  });
  // A form is sent once: a second press before the answer is there would do it again. Files that are downloaded leave
  // the page standing, so after a while it may be sent anew.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-draft]");
    if (form && event.detail.successful && event.detail.requestConfig.verb === "post") forget(form);
  });

  function dropSentDraft() {
    const sent = sessionStorage.getItem("draft-sent");
    if (!sent || document.body.classList.contains("a-plain")) return; // the sign-in page came between
    sessionStorage.removeItem("draft-sent");
    if (!all("form[data-draft]").some((form) => form.dataset.draft === sent)) sessionStorage.removeItem(`draft:${sent}`);
  }

  function restoreDraft(form) {
    const draft = JSON.parse(sessionStorage.getItem(draftOf(form)) || "null");
    if (!draft) return;
    if (draft.version !== (form.dataset.draftVersion || "")) {
      forget(form);
      return;
    }
    Object.entries(draft.kept).forEach(([name, value]) => {
      const field = form.elements.namedItem(name);
      if (field && "value" in field) field.value = value;
    });
  }

  // ── files that were chosen are named in the page's words
  document.addEventListener("change", (event) => {
    const said = event.target.matches(".a-file input") && $("[data-chosen]", event.target.closest(".a-file"));
    if (!said) return;
    said.dataset.none ??= said.textContent;
    const files = event.target.files;
    if (!files.length) said.textContent = said.dataset.none;
    else said.textContent = files.length === 1 ? files[0].name : said.dataset.many.replace("{n}", files.length);
  });

  // ── on a phone each row of a wide table is a block: every cell knows its column's name
  function nameCells() {
    all("table.is-cards").forEach((table) => {
      const names = all("thead th", table).map((head) => head.textContent.trim());
      const cells = all("tbody td", table).filter((cell) => cell.closest("table") === table);
      cells.forEach((cell) => names[cell.cellIndex] && (cell.dataset.named = names[cell.cellIndex]));
      // The look of a block takes a table's meaning from readers of the screen; it is said again.
      table.setAttribute("role", "table");
      all("thead, tbody", table).forEach((group) => group.setAttribute("role", "rowgroup"));
      all("tr", table).forEach((row) => row.setAttribute("role", "row"));
      all("th", table).forEach((head) => head.setAttribute("role", "columnheader"));
      cells.forEach((cell) => cell.setAttribute("role", "cell"));
      table.classList.add("is-named");
    });
  }

  function start() {
    nameCells();
    all(".a-toast").forEach(fade);
    all("form").forEach(countChosen);
    dropSentDraft();
    all("form[data-draft]").forEach(restoreDraft);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
