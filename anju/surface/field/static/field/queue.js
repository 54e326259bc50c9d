// What was done without a signal: kept in this phone, sent in order, each entry once. The pages and the worker share it.
self.FieldQueue = (() => {
  const PIECE = 256 * 1024;
  const AT = "/f/";

  const opened = () => new Promise((ok, no) => {
    const asked = indexedDB.open("anju-field", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore("photos", { keyPath: "key" });
    };
    asked.onsuccess = () => ok(asked.result);
    asked.onerror = () => no(asked.error);
  });

  // "strict": on the phone's disk before the page says so; a battery that dies a second later loses nothing.
  const within = async (mode, work) => {
    const db = await opened();
    try {
      return await new Promise((ok, no) => {
        const step = db.transaction(["entries", "photos"], mode, { durability: "strict" });
        const asked = work(step.objectStore("entries"), step.objectStore("photos"));
        step.oncomplete = () => ok(asked ? asked.result : undefined);
        step.onerror = step.onabort = () => no(step.error);
      });
    } finally {
      db.close();
    }
  };

  const all = () => within("readonly", (entries) => entries.getAll());
  const named = (photos) => photos.map((p) => ({ key: p.key, size: p.blob.size, name: p.name }));
  const add = (entry, photos) => within("readwrite", (entries, kept) => {
    for (const photo of photos) kept.put(photo);
    return entries.add({ ...entry, photos: named(photos) });
  });
  // Writes into a refused entry where it stands, with its pictures, all at once; what is no longer refused is left alone.
  // Gives the entry as it was.
  const amend = (seq, more, photos) => within("readwrite", (entries, kept) => {
    const asked = entries.get(seq);
    asked.onsuccess = () => {
      const entry = asked.result;
      if (!entry?.said) return;
      const before = new Set(entry.photos.map((photo) => photo.key));
      for (const photo of photos) if (!before.delete(photo.key)) kept.put(photo);
      for (const key of before) kept.delete(key);
      entries.put({ ...entry, ...more, photos: named(photos) });
    };
    return asked;
  });
  const change = (entry) => within("readwrite", (entries) => entries.put(entry));
  // Together or not at all: what is put aside is not sent until it is taken up again.
  const put = (some, more) => within("readwrite", (entries) => {
    for (const entry of some) entries.put({ ...entry, ...more });
  });
  const drop = (some) => within("readwrite", (entries, kept) => {
    for (const entry of some) {
      for (const photo of entry.photos) kept.delete(photo.key);
      entries.delete(entry.seq);
    }
  });
  const picture = (key) => within("readonly", (entries, kept) => kept.get(key));

  // The server's answer; null: no signal; {out}: nobody is signed in; {down}: it was reached and could not take it, "all"
  // if it takes nothing now, "one" if it failed at this.
  const ask = async (path, how = {}) => {
    let answer;
    try {
      answer = await fetch(AT + path, { credentials: "same-origin", cache: "no-store", ...how });
    } catch {
      return null;
    }
    if (answer.status === 401 || answer.redirected) return { out: true };
    if (answer.status > 500 || answer.status === 429) return { down: "all" };
    if (answer.status === 500) return { down: "one" };
    if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) return answer.json().catch(() => null);
    if (answer.status === 403 && path === "hello") return { out: true };
    return answer.ok ? null : { down: "one" }; // an OK that is not ours: some other network's own page
  };

  // Goes on where the last attempt stopped: the server says how much is there.
  const upload = async (photo, token) => {
    const kept = await picture(photo.key);
    if (!kept) return {};
    const first = await ask(`parts/${photo.key}`);
    if (first?.down || first?.out) return first;
    let here = first?.here;
    while (here !== undefined && here < photo.size) {
      const piece = kept.blob.slice(here, here + PIECE);
      const told = await ask(`parts/${photo.key}?start=${here}`, {
        method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" }, body: piece,
      });
      if (told && (told.done === false || told.down || told.out)) return told;
      if (!told || told.here === undefined || told.here === here) return null;
      here = told.here;
    }
    return here === undefined ? null : {};
  };

  const send = async (entry, token) => {
    for (const photo of entry.photos) {
      const told = await upload(photo, token);
      if (told === null || told.done === false || told.down || told.out) return told;
    }
    return ask("sent", {
      method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
      body: JSON.stringify({ ...entry, phone_now: Date.now() }),
    });
  };

  // Returns "done", "off" (no signal), "out" (nobody is signed in), "down" (the server could not take all of it). One at a
  // time in this phone, whoever asks.
  const sync = (changed = () => {}) => navigator.locks.request("anju-field", async () => {
    const hello = await ask("hello");
    if (!hello) return "off";
    if (hello.out) return "out";
    if (hello.down) return "down";
    const waiting = (await all()).filter((entry) => entry.staff === hello.staff && !entry.aside);
    const stuck = new Set(waiting.filter((entry) => entry.said).map((entry) => entry.case));
    let end = "done";
    for (const entry of waiting) {
      if (stuck.has(entry.case)) continue;
      const told = await send(entry, hello.token);
      if (!told || told.code === "files.parts_missing") return "off";
      if (told.out) return "out";
      if (told.down === "all") return "down";
      if (told.down) { // what comes after it in this order waits for it; the other orders' steps go on
        end = "down";
        stuck.add(entry.case);
        continue;
      }
      if (told.done) {
        await drop([entry]);
      } else {
        await change({ ...entry, said: told.said, code: told.code });
        stuck.add(entry.case);
      }
      await changed(entry, told);
    }
    return end;
  });

  return { all, add, amend, ask, change, drop, picture, put, sync };
})();
