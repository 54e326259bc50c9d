// Pictures of a form: each shot is added to those before; one can be taken back. What is sent is what is seen.
(() => {
  for (const box of document.querySelectorAll(".r-photos")) {
    const files = box.querySelector("input[type=file]");
    const thumbs = box.querySelector(".r-picked");
    const picked = box.querySelector("p");
    const most = Number(box.dataset.most);
    let chosen = [];
    let over = false;
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
        one.addEventListener("click", () => { chosen = chosen.filter((other) => other !== file); over = false; show(); });
        return one;
      }));
      const n = chosen.length;
      picked.textContent = over ? picked.dataset.over : n ? picked.dataset.some.replace("{n}", n) : picked.dataset.none;
    };
    files.addEventListener("change", () => { 
      chosen = [...chosen, ...files.files];
      over = chosen.length > most;
      chosen = chosen.slice(0, most);
      show();
    });
  }
})();
