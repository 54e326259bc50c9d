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
    const said = `${data.get("lease")}|${data.get("spot")}|${data.get("said")}`;
    if (said === asked || !data.get("spot") || String(data.get("said")).trim().length < 2) return;
    asked = said;
    // As a fragment: who is not signed in any more gets no sign-in page into the middle of this one.
    const how = { method: "POST", body: new URLSearchParams(data), headers: { "HX-Request": "true" } };
    const answer = await fetch(form.dataset.hint, how).catch(() => null);
    if (answer && answer.ok && asked === said) {
      hint.innerHTML = await answer.text();
      const alike = hint.querySelector(".r-alike");
      button.textContent = alike ? alike.dataset.other : usual;
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 400); };
  form.addEventListener("input", (event) => { if (["said", "spot", "lease"].includes(event.target.name)) soon(); });
})();
