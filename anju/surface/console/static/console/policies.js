// A policy's form: kinds that change the form's shape redraw it; giving a draft up asks first.
(() => {
  "use strict";
  // A select with data-redraw (what kind of thing to do) has other fields below it for each choice.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-policy-form]");
    if (!form || !event.target.matches("[data-redraw]")) return;
    const flag = document.createElement("input");
    flag.type = "hidden";
    flag.name = "_redraw";
    flag.value = "1";
    form.append(flag);
  }, true);
  document.addEventListener("submit", (event) => {
    const asks = event.submitter?.dataset.confirm;
    if (asks && !window.confirm(asks)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
