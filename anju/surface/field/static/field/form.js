// One step's form on the technician's phone: what is written and photographed in it, and what is still wrong with it.
self.FieldForm = (() => {
  const fill = (text, n) => text.replace("{n}", n);
  // How far this phone's clock is off, learned from the server whenever it answers.
  const off = () => Number(localStorage.getItem("anju-clock") || 0);

  const moment = (at = Date.now()) => {
    const then = new Date(at + off());
    return then.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
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

  // The sentence stands beside the field and is read out with it; "" takes it away.
  const say = (control, text) => {
    const box = control.closest(".p-field");
    let line = box.querySelector(".p-error");
    if (!line && !text) return;
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "p-error", id: `${control.id}-wrong` });
      box.append(line);
      control.setAttribute("aria-describedby", line.id);
    }
    line.textContent = text;
    line.hidden = !text;
    box.classList.toggle("has-error", Boolean(text));
    control.setAttribute("aria-invalid", String(Boolean(text)));
  };

  // Takes over a form. facts: the order and our sentences; take(form): it is filled in and sent; changed(form): written in.
  const bind = (form, facts, take, changed) => {
    const chosen = [];
    const needed = Number(form.dataset.photos);
    const input = form.querySelector("input[type=file]");
    const controls = [...form.querySelectorAll(".p-field :is(input, textarea, select)")];
    const button = form.querySelector("button[type=submit]:not([form])");
    const small = button.querySelector("small");
    const usual = small && small.textContent;
    const wrong = form.querySelector(":scope > .p-error");
    const one = { form, step: form.dataset.step, touched: false };
    form.noValidate = true; // the browser would say it in its own language, over the button

    const tell = (text) => { wrong.textContent = text; wrong.hidden = !text; };
    const touch = () => { one.touched = true; changed(one); };
    const show = () => {
      const thumbs = form.querySelector(".f-thumbs");
      if (!thumbs) return;
      thumbs.replaceChildren(...chosen.map((photo) => {
        const thumb = document.createElement("button");
        photo.address ||= URL.createObjectURL(photo.blob);
        thumb.type = "button";
        thumb.setAttribute("aria-label", thumbs.dataset.remove);
        thumb.append(Object.assign(new Image(88, 88), { src: photo.address, alt: photo.name }));
        thumb.addEventListener("click", () => { chosen.splice(chosen.indexOf(photo), 1); show(); touch(); });
        return thumb;
      }));
      const left = needed - chosen.length;
      small.textContent = left > 0 ? (chosen.length ? fill(facts.few, left) : usual) : "";
    };

    const fault = (control) => {
      const { badInput, valid } = control.validity;
      if (badInput && control.type === "number") return facts.digits;
      if (control.required && !control.value.trim()) return facts.missing;
      return valid ? "" : facts.odd;
    };
    const faults = () => controls.filter((control) => {
      const text = fault(control);
      say(control, text);
      return text;
    });

    one.photos = () => chosen.map(({ key, blob, name }) => ({ key, blob, name }));
    one.written = () => ({
      facts: Object.fromEntries([...new FormData(form)].filter(([name, value]) =>
        typeof value === "string" && !["csrfmiddlewaretoken", "reason"].includes(name))),
      reason: form.elements.reason ? form.elements.reason.value : "",
    });
    one.clear = () => {
      form.reset();
      chosen.length = 0;
      for (const control of controls) say(control, "");
      tell("");
      show();
      one.touched = false;
    };
    // Opened again with every word and picture of a step that was refused, and with what the server said of it.
    one.open = (entry, photos) => {
      one.clear();
      chosen.push(...photos);
      show();
      for (const control of controls) {
        const was = (control.name === "reason" ? entry.reason : entry.facts[control.name]) ?? "";
        if (control.type === "checkbox") control.checked = was === control.value;
        else control.value = control.type === "number" && Number.isNaN(Number(was)) ? "" : was;
        if (was && !control.value) say(control, fill(facts.was, was)); // words where only a number can stand
      }
      tell(entry.said);
      one.touched = true;
    };

    if (input) {
      input.required = false;
      input.addEventListener("change", async () => {
        one.touched = true;
        const words = `${facts.place} ${form.dataset.word} ${moment()}${await position()}`;
        tell([...input.files].some((file) => !file.size) ? facts.empty : "");
        for (const file of [...input.files].filter((each) => each.size).slice(0, 9 - chosen.length)) {
          const blob = await stamped(file, words);
          const name = blob === file ? file.name : `${form.dataset.step}.jpg`;
          chosen.push({ key: crypto.randomUUID(), blob, name });
        }
        input.value = "";
        show();
        touch();
      });
    }
    form.addEventListener("input", ({ target }) => {
      if (target === input) return;
      if (target.getAttribute("aria-invalid") === "true") say(target, fault(target));
      touch();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const [first] = faults();
      if (first) { first.focus(); return; }
      if (chosen.length < needed) { input.click(); return; }
      button.disabled = true;
      const noted = await take(one).catch(() => false);
      if (noted) window.scrollTo({ top: 0 });
      else tell(facts.full); // a full phone: everything stays in the form
      button.disabled = false;
    });
    return one;
  };

  return { bind, fill, moment };
})();
