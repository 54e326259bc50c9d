// The room map: the card stands beside the room it is about; arrow keys walk from room to room.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const holder = () => $("#room-card");
  const cellOf = (id) => $(`.a-room-cell[data-unit="${CSS.escape(id)}"]`);
  let asked = null;

  function place() {
    const card = $("[data-unit-card]", holder());
    if (!card) return;
    const cell = cellOf(card.dataset.unitCard);
    all(".a-room-cell.is-on").forEach((other) => other.classList.remove("is-on"));
    cell?.classList.add("is-on");
    const box = holder();
    box.style.left = "";
    box.style.top = "";
    if (!cell || getComputedStyle(box).position === "fixed") return;
    const map = $("#map").getBoundingClientRect();
    const at = cell.getBoundingClientRect();
    const room = { width: box.offsetWidth, height: box.offsetHeight };
    const right = at.right + 10 + room.width <= map.right - 8;
    const left = right ? at.right + 10 : Math.max(map.left + 8, at.left - 10 - room.width);
    const lowest = Math.min(window.innerHeight, map.bottom) - 8 - room.height;
    const top = Math.max(map.top + 8, Math.min(at.top - 40, lowest));
    box.style.left = `${left - map.left}px`;
    box.style.top = `${top - map.top}px`;
  }

  function close() {
    const card = $("[data-unit-card]", holder());
    if (!card) return;
    const back = asked?.isConnected ? asked : cellOf(card.dataset.unitCard);
    holder().replaceChildren();
    all(".a-room-cell.is-on").forEach((cell) => cell.classList.remove("is-on"));
    back?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "room-card") asked = event.detail.elt;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "room-card") return;
    place();
    $("[data-unit-card]", holder())?.focus({ preventScroll: true });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-card-close]")) {
      event.preventDefault();
      close();
    } else if (!event.target.closest("#room-card, .a-room-cell, [hx-target='#room-card']") && $("#room-card > *")) {
      close();
    }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.closest?.("#room-card")) place();
  }, true);
  window.addEventListener("resize", place);

  const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && $("#room-card > *") && !$("details[data-menu][open]")) close();
    const step = STEP[event.key];
    const cell = event.target.closest?.(".a-room-cell");
    if (!step || !cell) return;
    const from = cell.getBoundingClientRect();
    const middle = [from.left + from.width / 2, from.top + from.height / 2];
    const ahead = all(".a-room-cell").map((other) => {
      const to = other.getBoundingClientRect();
      const away = [to.left + to.width / 2 - middle[0], to.top + to.height / 2 - middle[1]];
      const along = away[0] * step[0] + away[1] * step[1];
      const across = Math.abs(away[0] * step[1]) + Math.abs(away[1] * step[0]);
      return { other, along, score: along + across * 3 };
    }).filter(({ other, along }) => other !== cell && along > 4);
    if (!ahead.length) return;
    event.preventDefault();
    ahead.sort((a, b) => a.score - b.score)[0].other.focus();
  });
})();
