// A form goes once, and nothing written or photographed for it is lost: by a second tap, a refusal, no signal, a reload, or
// a session that ran out meanwhile. What is missing is said beside its field, in the page's language. Without this program
// forms are sent as browsers send them.
(() => {
  const wrong = document.getElementById("wrong");
  const place = `anju-draft ${location.pathname}`;

  const say = (text) => {
    wrong.replaceChildren(document.getElementById("wrong-note").content.cloneNode(true));
    wrong.querySelector("p").textContent = text;
    wrong.scrollIntoView({ block: "center" });
  };

  const written = (form) => [...form.elements].filter((x) =>
    x.name && x.type !== "hidden" && x.type !== "file" && x.type !== "submit" && (x.type !== "radio" || x.checked));
  const keep = (form, more = {}) => {
    const values = written(form).map((x) => [x.name, x.value]);
    try { sessionStorage.setItem(place, JSON.stringify({ values, ...more })); } catch { /* a phone that keeps nothing */ }
  };
  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(place)); } catch { return null; }
  };
  const forget = () => { try { sessionStorage.removeItem(place); } catch { /* nothing was kept */ } };

  const give = (form) => {
    const draft = kept();
    if (!draft) return;
    for (const [name, value] of draft.values) {
      const field = form.elements[name];
      if (field && "value" in field) field.value = value;
    }
    form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
    if (draft.out) say(wrong.dataset.back + (draft.photos ? wrong.dataset.photos : ""));
  };

  // What the server says about it, put into the page that is there: the pictures stay where they are.
  const shown = (form, page) => {
    wrong.innerHTML = page.getElementById("wrong")?.innerHTML || "";
    const [hint, fresh] = [form.querySelector("#hint"), page.getElementById("hint")];
    if (hint && fresh) hint.innerHTML = fresh.innerHTML;
    const [button, label] = [form.querySelector(".p-bar .p-btn span"), page.querySelector(".p-bar .p-btn span")];
    if (label) button.textContent = label.textContent;
    const first = wrong.firstElementChild || form.querySelector(".r-alike");
    if (first) first.scrollIntoView({ block: "center" });
  };

  const post = async (form, by) => {
    const data = new FormData(form);
    if (by && by.name && by.type === "submit") data.append(by.name, by.value);
    const answer = await fetch(location.href, {
      method: "POST", body: data, credentials: "same-origin", headers: { "HX-Request": "true" },
    }).catch(() => null);
    if (!answer) { say(wrong.dataset.off); return; }
    const on = answer.headers.get("HX-Redirect");
    if (on && answer.status === 401) {
      keep(form, { out: true, photos: data.getAll("photos").some((file) => file.size) });
      location.assign(`${on}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    if (on) { forget(); location.replace(on); return; }
    const told = JSON.parse(answer.headers.get("HX-Trigger") || "{}").toast;
    if (told || !(answer.ok || answer.status === 422)) { say(told ? told.text : wrong.dataset.off); return; }
    shown(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  const beside = (field) => field.closest("fieldset, .p-field")?.querySelector("[data-missing]");
  const mark = (field, missing) => {
    const text = beside(field);
    if (!text) return;
    text.hidden = !missing;
    for (const one of field.form.querySelectorAll(`[name="${field.name}"]`)) { // a choice is of several
      one.setAttribute("aria-invalid", String(missing));
      one.setAttribute("aria-errormessage", text.id);
    }
  };
  // The browser would say it in its own language, over the next button.
  const missing = (event) => {
    const field = event.target;
    if (!field.validity.valueMissing || !beside(field)) return;
    event.preventDefault();
    mark(field, true);
    if (field === field.form.querySelector(":is(input, textarea):invalid")) {
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  };

  const forms = document.querySelectorAll("form[method=post]");
  for (const form of forms) {
    const keeps = form.dataset.keep !== undefined;
    form.addEventListener("invalid", missing, true); // it does not bubble
    form.addEventListener("input", (event) => { if (event.target.validity.valid) mark(event.target, false); });
    if (keeps) {
      give(form);
      form.addEventListener("input", () => keep(form));
    }
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sending) { event.preventDefault(); return; }
      form.dataset.sending = "1";
      if (!keeps) return;
      event.preventDefault();
      await post(form, event.submitter || document.activeElement);
      delete form.dataset.sending;
    });
  }
  // Back from the next page: the form may be sent again.
  self.addEventListener("pageshow", () => { for (const form of forms) delete form.dataset.sending; });
})();
