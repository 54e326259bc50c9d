// The technician's phone: steps are written down here first and sent when there is a signal.
(() => {
  const queue = self.FieldQueue;
  const { staff: whose, worker, scope } = document.body.dataset;
  const staff = Number(whose);
  const banner = document.getElementById("sync");
  const fill = (text, n) => text.replace("{n}", n);
  const RETRY = 15000;
  const PATIENCE = 300000; // a server that cannot take it is asked less and less often, at last every five minutes
  const mine = async () => (await queue.all()).filter((entry) => entry.staff === staff);
  // How far this phone's clock is off, learned from the server whenever it answers.
  const off = () => Number(localStorage.getItem("anju-clock") || 0);
  let last = "done";
  let tired = 0; // how often in a row the server could not take it
  let next = 0;
  let held = ""; // what was refused or put aside when it was drawn last
  let drawn = 0; // how much was waiting when the page was drawn last

  const stuckOf = (waiting) => new Set(waiting.filter((entry) => entry.said).map((entry) => entry.case));

  const paint = async () => {
    const all = await mine();
    const waiting = all.filter((entry) => !entry.aside);
    drawn = waiting.length;
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
      one.querySelector("[data-on]").hidden = gone;
      one.querySelector("[data-off]").hidden = !gone;
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
  const putAside = (all) => [...new Set(all.filter((one) => one.aside).map((one) => one.case))].map((order) => {
    const some = all.filter((entry) => entry.aside && entry.case === order);
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
    const steps = document.getElementById("steps");
    if (!steps) return;
    const mine = waiting.filter((entry) => entry.case === Number(steps.dataset.case));
    const state = document.getElementById("state");
    state.classList.toggle("is-waiting", mine.length > 0);
    state.querySelector("span").textContent = mine.length ? state.dataset.wait : state.dataset.ok;
    const more = steps.querySelector(".f-stop");
    // Once a step was refused the order stands where the server says, whatever was meant to follow.
    if (mine.length && !stuckOf(mine).size) counted(steps, mine);
    const visit = steps.querySelector(".f-visit");
    if (visit) visit.hidden = visit.querySelector("form").hidden;
    if (more) more.hidden = !more.querySelector("form:not([hidden])");
  };

  const counted = (steps, mine) => {
    const stage = mine.reduce((at, entry) => entry.to || at, steps.dataset.stage);
    for (const form of steps.querySelectorAll("form")) form.hidden = !form.dataset.from.split(" ").includes(stage);
    for (const mark of document.querySelectorAll(".f-steps li")) {
      const done = mine.find((entry) => entry.step === mark.dataset.step);
      if (!done) continue;
      mark.className = "is-done";
      mark.querySelector("span").textContent = steps.dataset.saved;
    }
    const agreed = mine.filter((entry) => entry.step === "@visit" && !entry.said).pop();
    if (agreed) {
      const when = document.getElementById("visit-when");
      const { on, starts, ends } = agreed.facts;
      when.textContent = fill(when.dataset.said, `${on.slice(5)} ${starts}–${ends}`);
    }
    const next = document.querySelector(".f-steps li:not(.is-done)");
    if (next) next.className = "is-now";
  };

  // The page as it is now, kept before it is asked for: a slow answer must not bring back the one from before.
  const renewed = async () => {
    try {
      const fresh = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      if (fresh.ok && !fresh.redirected) await (await caches.open("anju-field-pages")).put(location.href, fresh);
    } catch { /* the signal is gone again: what is kept is shown */ }
    location.reload();
  };

  const go = async () => {
    const before = drawn; // the worker may have sent some of it meanwhile
    last = await queue.sync(paint).catch(() => "off");
    const told = last === "done" && (await queue.ask("hello"));
    if (told && told.now) localStorage.setItem("anju-clock", told.now - Date.now());
    await paint();
    if (last === "done" && drawn < before) await renewed();
    tired = last === "down" ? tired + 1 : 0;
    clearTimeout(next);
    if (last === "off" || tired) next = setTimeout(go, Math.min(RETRY * 2 ** Math.max(0, tired - 1), PATIENCE));
  };

  const position = () => new Promise((ok) => {
    if (!navigator.geolocation) { ok(""); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => ok(` ${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`), () => ok(""),
      { timeout: 4000, maximumAge: 60000 },
    );
  });

  // Smaller for a poor signal, with time and place written on it. What cannot be drawn is kept as it is.
  const stamped = async (file, words) => {
    try {
      const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 1600 / Math.max(drawn.width, drawn.height));
      const canvas = Object.assign(document.createElement("canvas"), {
        width: Math.round(drawn.width * scale), height: Math.round(drawn.height * scale),
      });
      const pen = canvas.getContext("2d");
      pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
      const size = Math.max(14, Math.round(canvas.width / 32));
      pen.font = `${size}px sans-serif`;
      pen.fillStyle = "rgba(0, 0, 0, .55)";
      pen.fillRect(0, canvas.height - size * 1.8, canvas.width, size * 1.8);
      pen.fillStyle = "#fff";
      pen.fillText(words, size * 0.6, canvas.height - size * 0.6, canvas.width - size * 1.2);
      return await new Promise((ok) => { canvas.toBlob((blob) => ok(blob || file), "image/jpeg", 0.82); });
    } catch {
      return file;
    }
  };

  const moment = (at = Date.now()) => {
    const then = new Date(at + off());
    return then.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
  };

  const bind = (form, facts) => {
    const chosen = [];
    const needed = Number(form.dataset.photos);
    const input = form.querySelector("input[type=file]");
    const button = form.querySelector("button[type=submit]:not([form])");
    const small = button.querySelector("small");
    const usual = small && small.textContent;
    const wrong = form.querySelector(".p-error");
    const tell = (text) => { wrong.textContent = text; wrong.hidden = !text; };
    const show = () => {
      const thumbs = form.querySelector(".f-thumbs");
      thumbs.replaceChildren(...chosen.map((photo) => {
        const one = document.createElement("button");
        const image = Object.assign(new Image(88, 88), { src: photo.address, alt: photo.name });
        one.type = "button";
        one.setAttribute("aria-label", thumbs.dataset.remove);
        one.append(image);
        one.addEventListener("click", () => { chosen.splice(chosen.indexOf(photo), 1); show(); });
        return one;
      }));
      const left = needed - chosen.length;
      small.textContent = left > 0 ? (chosen.length ? fill(facts.few, left) : usual) : "";
    };
    if (input) {
      input.required = false;
      input.addEventListener("change", async () => {
        const words = `${facts.place} ${form.dataset.word} ${moment()}${await position()}`;
        tell([...input.files].some((file) => !file.size) ? facts.empty : "");
        for (const file of [...input.files].filter((one) => one.size).slice(0, 9 - chosen.length)) {
          const blob = await stamped(file, words);
          const name = blob === file ? file.name : `${form.dataset.step}.jpg`;
          chosen.push({ key: crypto.randomUUID(), blob, name, address: URL.createObjectURL(blob) });
        }
        input.value = "";
        show();
      });
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (chosen.length < needed) { input.click(); return; }
      button.disabled = true;
      const typed = Object.fromEntries([...new FormData(form)].filter(([name, value]) =>
        typeof value === "string" && !["csrfmiddlewaretoken", "reason"].includes(name)));
      const noted = await queue.add({
        key: crypto.randomUUID(), staff, case: Number(facts.case), number: facts.number, place: facts.place,
        step: form.dataset.step, word: form.dataset.word, to: form.dataset.to, facts: typed,
        reason: form.elements.reason ? form.elements.reason.value : "", at: Date.now(),
      }, chosen.map(({ key, blob, name }) => ({ key, blob, name }))).catch(() => null);
      tell(noted === null ? facts.full : "");
      if (noted === null) { button.disabled = false; return; } // a full phone: everything stays in the form
      chosen.length = 0;
      await paint(); // before the button is there again: a second tap finds the step taken
      button.disabled = false;
      window.scrollTo({ top: 0 });
      const here = await navigator.serviceWorker?.ready.catch(() => null);
      here?.sync?.register("anju-field").catch(() => {});
      go();
    });
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
    const steps = document.getElementById("steps");
    for (const form of steps ? steps.querySelectorAll("form") : []) bind(form, steps.dataset);
    count();
    await paint();
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
