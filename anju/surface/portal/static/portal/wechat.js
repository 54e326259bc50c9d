// Inside WeChat's own browser: opens the payment sheet and shows what became of it. What counts as paid is what the
// gateway tells the server, so a page that says "ok" only leads to where that is shown.
(() => {
  const box = document.getElementById("wechat-pay");
  const show = (what) => box.querySelectorAll("[data-when]").forEach((one) => { one.hidden = one.dataset.when !== what; });
  const open = () => {
    show("");
    window.WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(box.dataset.ask), (answer) => {
      const said = String(answer.err_msg || answer.errMsg || "").split(":").pop();
      if (said === "ok") window.location.replace(box.dataset.back);
      else show(said === "cancel" ? "cancel" : "fail");
    });
  };
  const ready = () => typeof window.WeixinJSBridge !== "undefined";
  document.getElementById("wechat-open").addEventListener("click", () => { if (ready()) open(); else show("fail"); });
  if (ready()) open();
  else document.addEventListener("WeixinJSBridgeReady", open, { once: true });
})();
