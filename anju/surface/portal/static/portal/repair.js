// While one types: what the words are taken for, and what is reported already. Without it the server says so once it is sent.
(() => {
  const form = document.getElementById("repair");
  const hint = document.getElementById("hint");
  const button = form.querySelector(".p-bar .p-btn span");
  const usual = button.textContent;
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const data = new FormData(form);
    data.delete("photos");
    const said = `${data.get("spot")}|${data.get("said")}`;
    if (said === asked || !data.get("spot") || String(data.get("said")).trim().length < 2) return;
    asked = said;
    const answer = await fetch(form.dataset.hint, { method: "POST", body: new URLSearchParams(data) }).catch(() => null);
    if (answer && answer.ok && asked === said) {
      hint.innerHTML = await answer.text();
      const alike = hint.querySelector(".r-alike");
      button.textContent = alike ? alike.dataset.other : usual;
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 400); };
  form.addEventListener("input", (event) => { if (event.target.name === "said" || event.target.name === "spot") soon(); });
  const files = form.querySelector("input[type=file]");
  const picked = document.getElementById("picked");
  const thumbs = document.getElementById("thumbs");
  let chosen = [];
  // Each shot is added to those before; one can be taken back. What is sent is what is seen.
  const show = () => {
    const held = new DataTransfer();
    for (const file of chosen) held.items.add(file);
    files.files = held.files;
    thumbs.replaceChildren(...chosen.map((file) => {
      const one = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      const film = file.type.startsWith("video/");
      const picture = Object.assign(document.createElement(film ? "video" : "img"), { src: URL.createObjectURL(file), alt: "" });
      one.setAttribute("aria-label", thumbs.dataset.remove);
      one.append(picture);
      one.addEventListener("click", () => { chosen = chosen.filter((other) => other !== file); show(); });
      return one;
    }));
    const n = chosen.length;
    picked.textContent = n ? picked.dataset.some.replace("{n}", n) : picked.dataset.none;
  };
  files.addEventListener("change", () => { chosen = [...chosen, ...files.files].slice(0, 4); show(); });
})();
