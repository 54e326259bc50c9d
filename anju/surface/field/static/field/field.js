// The technician's phone: steps are written down here first and sent when there is a signal.
(() => {
  const queue = self.FieldQueue;
  const { bind, fill, moment } = self.FieldForm;
  const { staff: whose, worker, scope } = document.body.dataset;
  const staff = Number(whose);
  const banner = document.getElementById("sync");
  const RETRY = 15000;
  const PATIENCE = 300000; // a server that cannot take it is asked less and less often, at last every five minutes
  const mine = async () => (await queue.all()).filter((entry) => entry.staff === staff);
  let last = "done";
  let tired = 0; // how often in a row the server could not take it
  let next = 0;
  let held = ""; // what was refused or put aside when it was drawn last
  let seen = []; // what was waiting when the page was drawn last
  let mending = null; // the refused step whose form is open again: its place in the queue, and the form
  let saving = 0;
  const order = document.getElementById("steps"); // null on the round
  const sent = []; // steps of this order that have gone since the server drew it

  const stuckOf = (waiting) => new Set(waiting.filter((entry) => entry.said).map((entry) => entry.case));

  const paint = async () => {
    const all = await mine();
    const waiting = all.filter((entry) => !entry.aside);
    sent.push(...seen.filter((entry) => isHere(entry) && !entry.said && !all.some((one) => one.seq === entry.seq)));
    seen = waiting;
    const gone = last === "off" || !navigator.onLine;
    const down = last === "down" && !gone;
    // What comes after a refused step of the same order is not on its way: it waits for that one.
    const stuck = stuckOf(waiting);
    const n = waiting.filter((entry) => !entry.said && (gone || down || last === "out" || !stuck.has(entry.case))).length;
    const words = banner.dataset;
    banner.hidden = !gone && !down && last !== "out" && n === 0;
    banner.classList.toggle("is-off", gone || down || last === "out");
    banner.querySelector("[data-shape=off]").hidden = !gone;
    banner.querySelector("[data-shape=down]").hidden = !down;
    banner.querySelector("[data-shape=on]").hidden = gone || down;
    for (const one of document.querySelectorAll("[data-online]")) {
      one.disabled = gone;
      for (const words of one.querySelectorAll("[data-on]")) words.hidden = gone;
      for (const words of one.querySelectorAll("[data-off]")) words.hidden = !gone;
    }
    banner.querySelector("a").hidden = last !== "out";
    const [title, why] = last === "out" ? [fill(words.out, n), words.outWhy]
      : gone ? [n ? fill(words.off, n) : words.offNone, words.offWhy]
      : down ? [n ? fill(words.down, n) : words.downNone, words.downWhy] : [fill(words.busy, n), words.offWhy];
    banner.querySelector(".f-words b").textContent = title;
    banner.querySelector(".f-words span").textContent = why;
    const now = JSON.stringify(stuck.size ? all : all.filter((entry) => entry.aside));
    // Drawn anew only when it changed: a question that waits for its second tap stays.
    if (now !== held) document.getElementById("refused").replaceChildren(...refused(waiting), ...putAside(all));
    held = now;
    standing(waiting);
  };

  const unsure = (button, then) => button.addEventListener("click", async () => {
    if (!button.dataset.sure) { await then(); return; }
    button.textContent = button.dataset.sure;
    delete button.dataset.sure;
  });

  // What the steps are, as the technician pressed them.
  const listed = (list, entries) => list.replaceChildren(...entries.map((entry) => {
    const line = document.createElement("li");
    const shots = entry.photos.length ? fill(list.dataset.photos, entry.photos.length) : "";
    line.textContent = `${moment(entry.at)} ${entry.word}${shots}`;
    return line;
  }));

  // What the server would not take: why, and what to do with it. Nothing is thrown away unasked.
  const refused = (waiting) => waiting.filter((entry) => entry.said).map((entry) => {
    const card = document.getElementById("refused-entry").content.cloneNode(true);
    card.querySelector("h2").textContent = `${entry.number} ${entry.place} ${entry.word}`;
    card.querySelector("p").textContent = entry.said;
    const mend = card.querySelector("[data-do=mend]");
    const written = entry.reason || entry.photos.length || Object.values(entry.facts).some(Boolean);
    // Where there is nothing to write, or this order's page no longer has the form, there is nothing to correct.
    mend.hidden = !written || (isHere(entry) && !formOf(entry));
    mend.addEventListener("click", () => reopen(entry));
    card.querySelector("[data-do=again]").addEventListener("click", async () => {
      await queue.change({ ...entry, said: undefined, code: undefined });
      go();
    });
    unsure(card.querySelector("[data-do=drop]"), async () => {
      await queue.drop([entry]);
      await renewed();
    });
    const rest = waiting.filter((other) => other.case === entry.case);
    const box = card.querySelector(".f-later");
    box.hidden = rest.length < 2;
    box.querySelector("p").textContent = fill(box.querySelector("p").dataset.said, rest.length);
    listed(box.querySelector("ul"), rest);
    box.querySelector("button").addEventListener("click", async () => {
      await queue.put(rest, { aside: Date.now() });
      await renewed();
    });
    return card;
  });

  // What was put aside, order by order: it is still here, to be taken up again or thrown away.
  const putAside = (all) => [...new Set(all.filter((one) => one.aside).map((one) => one.case))].map((which) => {
    const some = all.filter((entry) => entry.aside && entry.case === which);
    const card = document.getElementById("aside-entry").content.cloneNode(true);
    card.querySelector("h2").textContent = `${some[0].number} ${some[0].place}`;
    card.querySelector("p").textContent = fill(card.querySelector("p").dataset.said, some.length);
    listed(card.querySelector("ul"), some);
    card.querySelector("[data-do=back]").addEventListener("click", async () => {
      await queue.put(some, { aside: undefined });
      await paint();
      go();
    });
    unsure(card.querySelector("[data-do=drop]"), async () => {
      await queue.drop(some);
      await paint();
    });
    return card;
  });

  // Where each order stands if what waits here is counted, too.
  const standing = (waiting) => {
    for (const card of document.querySelectorAll("[data-case] .f-waits")) {
      const { dataset } = card.closest("[data-case]");
      card.hidden = !waiting.some((entry) => entry.case === Number(dataset.case));
      const button = card.closest("[data-case]").querySelector(".p-btn span");
      if (!card.hidden && dataset.look && button) button.textContent = dataset.look;
    }
    if (!order) return;
    const here = waiting.filter(isHere);
    const state = document.getElementById("state");
    state.classList.toggle("is-waiting", here.length > 0);
    state.querySelector("span").textContent = here.length ? state.dataset.wait : state.dataset.ok;
    // Once a step was refused the order stands where the server says, whatever was meant to follow.
    const wrong = here.find((entry) => entry.said);
    asDrawn();
    const taken = wrong ? sent : [...sent, ...here];
    if (taken.length) counted(taken);
    if (mending && mending.seq !== wrong?.seq) { mending.one.clear(); mending = null; }
    for (const { form, step } of forms) {
      // Its own form comes back with what was written in it, not empty; meanwhile it is the only one.
      if (mending) form.hidden = form !== mending.one.form;
      else if (wrong && wrong.step === step) form.hidden = true;
    }
    for (const more of order.querySelectorAll("details")) more.hidden = !more.querySelector("form:not([hidden])");
  };

  const isHere = (entry) => Boolean(order) && entry.case === Number(order.dataset.case);
  const formOf = (entry) => forms.find((one) => one.step === entry.step);

  // The order as it stands with these steps, too.
  const counted = (steps) => {
    const stage = steps.reduce((at, entry) => entry.to || at, order.dataset.stage);
    for (const { form } of forms) form.hidden = !form.dataset.from.split(" ").includes(stage);
    for (const mark of document.querySelectorAll(".f-steps li")) {
      const done = steps.find((entry) => entry.step === mark.dataset.step);
      if (!done) continue;
      mark.className = "is-done";
      mark.querySelector("span").textContent = sent.includes(done) ? moment(done.at).slice(11) : order.dataset.saved;
    }
    const agreed = steps.filter((entry) => entry.step === "@visit").pop();
    if (agreed) {
      const when = document.getElementById("visit-when");
      const { on, starts, ends } = agreed.facts;
      when.textContent = fill(when.dataset.said, `${on.slice(5)} ${starts}–${ends}`);
    }
    const next = document.querySelector(".f-steps li:not(.is-done)");
    if (next) next.className = "is-now";
  };

  // A refused step is corrected where it was written, on its order's page, with every word and picture as they were.
  const reopen = async (entry) => {
    if (!isHere(entry)) { location.assign(`${scope}orders/${entry.case}#${entry.key}`); return; }
    const one = formOf(entry);
    if (!one) return;
    one.open(entry, (await Promise.all(entry.photos.map(({ key }) => queue.picture(key)))).filter(Boolean));
    mending = { seq: entry.seq, one };
    standing((await mine()).filter((each) => !each.aside));
    const box = one.form.closest("details");
    if (box) box.open = true;
    one.form.scrollIntoView({ block: "center" });
    one.form.querySelector(".p-field :is(input, textarea, select), .f-shoot input")?.focus({ preventScroll: true });
  };

  // What is corrected stays in the phone while it is being typed: the refused step holds it until it is sent again.
  const changed = (one) => {
    if (mending?.one !== one) return;
    const { seq } = mending;
    clearTimeout(saving);
    saving = setTimeout(async () => {
      await queue.amend(seq, one.written(), one.photos()).catch(() => {});
      await paint();
    }, 300);
  };

  // Writes a step down. A corrected one keeps its place and the time at which it was done; its key is a new one, because
  // the old one has been answered.
  const take = async (one) => {
    const { form, step } = one;
    const key = crypto.randomUUID();
    clearTimeout(saving);
    if (mending?.one === one) {
      await queue.amend(mending.seq, { ...one.written(), key, said: undefined, code: undefined }, one.photos());
    } else {
      await queue.add({
        ...one.written(), key, staff, case: Number(order.dataset.case), number: order.dataset.number,
        place: order.dataset.place, step, word: form.dataset.word, to: form.dataset.to, at: Date.now(),
      }, one.photos());
    }
    mending = null;
    one.clear();
    await paint(); // before the button is there again: a second tap finds the step taken
    (async () => {
      const here = await navigator.serviceWorker?.ready.catch(() => null);
      here?.sync?.register("anju-field").catch(() => {});
      go();
    })();
    return true;
  };

  const forms = order ? [...order.querySelectorAll("form")].map((form) => bind(form, order.dataset, take, changed)) : [];

  // Puts the order back to how the server drew it.
  const asDrawn = (() => {
    if (!order) return null;
    const marks = document.querySelector(".f-steps");
    const when = document.getElementById("visit-when");
    const [steps, visit, hidden] = [marks.innerHTML, when.textContent, forms.map(({ form }) => form.hidden)];
    return () => {
      marks.innerHTML = steps;
      when.textContent = visit;
      forms.forEach(({ form }, n) => { form.hidden = hidden[n]; });
    };
  })();

  // The page as it is now, kept before it is asked for: a slow answer must not bring back the one from before.
  const renewed = async () => {
    try {
      const fresh = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      if (fresh.ok && !fresh.redirected) await (await caches.open("anju-field-pages")).put(location.href, fresh);
    } catch { /* the signal is gone again: what is kept is shown */ }
    location.reload();
  };

  const go = async () => {
    const before = seen.length; // the worker may have sent some of it meanwhile
    last = await queue.sync(paint).catch(() => "off");
    const told = last === "done" && (await queue.ask("hello"));
    if (told && told.now) localStorage.setItem("anju-clock", told.now - Date.now());
    await paint();
    // Not under the hands of somebody who is writing: what is not sent yet stands only in the page.
    if (last === "done" && seen.length < before && !forms.some((one) => one.touched)) await renewed();
    tired = last === "down" ? tired + 1 : 0;
    clearTimeout(next);
    if (last === "off" || tired) next = setTimeout(go, Math.min(RETRY * 2 ** Math.max(0, tired - 1), PATIENCE));
  };

  const count = () => {
    const began = performance.now();
    for (const place of document.querySelectorAll("[data-left]")) {
      const left = Number(place.dataset.left);
      const tick = () => {
        if (left > 0 && performance.now() - began > left) {
          const box = place.closest(".f-count");
          box.classList.add("is-late");
          box.querySelector("[data-late]").textContent = box.querySelector("[data-late]").dataset.late;
        }
        const rest = Math.abs(Math.trunc((left - (performance.now() - began)) / 1000));
        if (rest > 86400) return;
        const two = (n) => String(n).padStart(2, "0");
        place.textContent = `${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
      };
      tick();
      setInterval(tick, 1000);
    }
  };

  const begin = async () => {
    count();
    await paint();
    const asked = seen.find((entry) => entry.said && location.hash === `#${entry.key}`);
    if (asked) await reopen(asked);
    // Who leaves leaves no pages behind; what waits to be sent stays for them.
    document.querySelector("[data-leaves]")?.addEventListener("submit", () => { caches.delete("anju-field-pages"); });
    self.addEventListener("online", go);
    navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data.sent !== "down") go(); });
    self.addEventListener("offline", () => { last = "off"; paint(); });
    go();
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(worker, { scope });
    const { active } = await navigator.serviceWorker.ready;
    const forget = localStorage.getItem("anju-field-staff") !== whose; // somebody else's pages are not for this person
    localStorage.setItem("anju-field-staff", whose);
    const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((x) => x.href || x.src);
    const pages = [...document.querySelectorAll(`a[href^="${scope}orders/"]`)].map((x) => x.href);
    active.postMessage({ parts, forget, learn: [location.href, ...new Set(pages)] });
  };
  begin();
})();
