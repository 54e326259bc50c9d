// Pictures: reads a chart's JSON and draws it once it is near the screen. ECharts is fetched only then.
(() => {
  "use strict";
  const source = document.currentScript.dataset.echarts;
  const THEMES = {
    light: { ink: "#4e5b55", line: "#e2e7e4", now: "#1f6f54", old: "#c3cec9", due: "#4e5b55", gap: "#f0d5a0", gapInk: "#8a5200" },
    dark: { ink: "#a9b8b1", line: "#24302b", now: "#4cc49a", old: "#6f827a", due: "#ffffff", gap: "#7a5a20", gapInk: "#f2b84b" },
  };
  let loading = null;
  const load = () => (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  }));

  const english = document.documentElement.lang.startsWith("en");
  const wan = (value) => {
    if (Math.abs(value) < 10000) return String(value);
    return english ? `${Math.round(value / 1000)}k` : `${(value / 10000).toFixed(Math.abs(value) >= 100000 ? 0 : 1)}万`;
  };
  const money = (value) => value === null || value === undefined ? "—"
    : `¥${Number(value).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

  const base = (c, x) => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 14, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: "category", data: x, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } },
      axisLabel: { color: c.ink, fontSize: 12, hideOverlap: true },
    },
    yAxis: { type: "value", splitNumber: 3, splitLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.ink, fontSize: 12, formatter: wan } },
    // drawn on the canvas: the page's policy forbids the inline styles of HTML tooltips
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { lineStyle: { color: c.old } } },
  });

  const DRAW = {
    // due and got as lines, what is still open shaded between them
    gap(data, c, width) {
      const open = data.due.map((due, i) => (data.got[i] === null ? null : Math.max(0, due - data.got[i])));
      const last = data.got.reduce((at, value, i) => (value === null ? at : i), 0);
      const atEnd = last > data.x.length * 0.8; // its words need room beyond the picture; a narrow one has none
      const low = data.got[last] < Math.max(...data.due) / 3;
      const said = Boolean(data.gap) && !(atEnd && width < 520);
      const line = (name, values, color) => ({ name, type: "line", data: values, symbol: "none", showAllSymbol: true, lineStyle: { width: 2.5, color }, itemStyle: { color }, z: 3 });
      const end = (value) => ({
        value, symbol: "circle", symbolSize: 8,
        label: { show: said, formatter: data.gap, position: "right", distance: 10, color: c.gapInk, fontSize: 13, lineHeight: 18, verticalAlign: low ? "bottom" : "middle", fontWeight: 500 },
      });
      const option = base(c, data.x);
      option.xAxis.boundaryGap = false;
      option.grid.right = said && atEnd ? 112 : 28;
      option.yAxis.scale = true;
      option.tooltip.formatter = (points) => [points[0].axisValueLabel, ...data.names.map((name, i) => `${name}  ${money([data.due, data.got][i][points[0].dataIndex])}`)].join("\n");
      option.series = [
        { type: "line", data: data.got, stack: "gap", symbol: "none", lineStyle: { opacity: 0 }, silent: true },
        { type: "line", data: open, stack: "gap", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: c.gap, opacity: 0.9 }, silent: true },
        line(data.names[0], data.due, c.due),
        line(data.names[1], data.got.map((value, i) => (i === last ? end(value) : value)), c.now),
      ];
      return option;
    },
    // at most two series; the last is the one that matters; numbers stand on the bars
    bars(data, c) {
      const option = base(c, data.x);
      option.yAxis.show = false;
      option.grid.left = 0;
      option.grid.right = 0;
      option.tooltip = undefined;
      option.series = data.series.map((one, i) => ({
        name: one.name, type: "bar", data: one.values, barMaxWidth: 22, barGap: "8%", barMinHeight: 1,
        itemStyle: { color: i === data.series.length - 1 ? c.now : c.old, borderRadius: [2, 2, 0, 0] },
        label: data.plain ? undefined : { show: true, position: "top", color: c.ink, fontSize: 12, distance: 2 },
      }));
      return option;
    },
    line(data, c) {
      const option = base(c, data.x);
      option.xAxis.boundaryGap = false;
      option.yAxis.scale = true;
      option.series = [{ name: data.name, type: "line", data: data.y, symbol: "none", lineStyle: { width: 2.5, color: c.now }, itemStyle: { color: c.now }, endLabel: { show: true, color: c.now, fontSize: 14 } }];
      if (data.target !== undefined) {
        option.series.push({ type: "line", data: data.x.map(() => data.target), symbol: "none", silent: true, lineStyle: { type: "dashed", width: 1, color: c.ink } });
      }
      return option;
    },
  };

  async function draw(box) {
    const data = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const echarts = await load();
    const canvas = document.createElement("div");
    canvas.className = "a-chart-in";
    box.append(canvas);
    const chart = echarts.init(canvas, null, { width: box.clientWidth, height: box.clientHeight });
    chart.setOption(DRAW[box.dataset.chart](data, THEMES[box.dataset.theme] || THEMES.light, box.clientWidth));
    box.classList.add("is-drawn");
    new ResizeObserver(() => chart.resize({ width: box.clientWidth, height: box.clientHeight })).observe(box);
  }

  const near = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((entry) => {
    near.unobserve(entry.target);
    draw(entry.target).catch(() => {}); // the words of the caption stay
  }), { rootMargin: "200px" });
  const watch = (root) => root.querySelectorAll("[data-chart]:not([data-watched])").forEach((box) => {
    box.dataset.watched = "";
    near.observe(box);
  });
  watch(document);
  document.addEventListener("htmx:afterSettle", (event) => watch(event.target));
})();
