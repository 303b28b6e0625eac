// Loa, office web: charts one wants to point at, drawn with ECharts in the colours of the sheet. app.js brings this file in.
//
// <div class="chart-box" data-chart role="img" aria-label="…"><script type="application/json">{…}</script></div>
// {"kind": "line"|"bar"|"stack"|"rows", "labels": […], "series": [{"name", "data": [n|null…], "role": "main"|"last"|"second"|"third"|"lost"|"late"|"paid"}],
//  "plan": {"value": n, "label": "…"}, "unit": "%"}
"use strict";
(() => {
	const number = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 1 });
	let library;
	const charts = new Set();
	const echartsReady = () => library ||= new Promise((done, fail) => {
		const script = Object.assign(document.createElement("script"), { src: "/static/vendor/echarts.min.js", onload: () => done(window.echarts), onerror: fail });
		document.head.append(script);
	});
	function colours(paper) {
		if (paper) return { main: "#000", last: "#777", second: "#888", third: "#bbb", lost: "#444", late: "#666", paid: "#222", ink: "#000", muted: "#333", line: "#ccc", paper: "#fff", strong: "#666" };
		const style = getComputedStyle(document.documentElement), v = name => style.getPropertyValue("--" + name).trim();
		return { main: v("accent"), last: v("muted"), second: v("teal-500"), third: v("teal-300"), lost: v("red-mark"), late: v("amber-mark"), paid: v("green-mark"), ink: v("ink"), muted: v("muted"), line: v("line"), paper: v("paper"), strong: v("line-strong") };
	}
	function options(spec, paper) {
		const c = colours(paper), rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16, line = spec.kind === "line", across = spec.kind === "rows";
		const family = getComputedStyle(document.body).fontFamily, unit = spec.unit ? "\u00a0" + spec.unit : "";
		const text = { fontFamily: family, fontSize: 11.5 * rem, color: c.muted };
		const values = spec.series.flatMap(s => s.data).filter(n => n != null).concat(spec.plan ? [spec.plan.value] : []);
		const low = Math.min(...values), high = Math.max(...values), from = line && low > 0 && high - low < high * .5 ? low : Math.min(0, low);
		const rough = (high - from || 1) / 5, power = 10 ** Math.floor(Math.log10(rough)), step = Math.max(1, power * [1, 2, 2.5, 5, 10].find(n => n * power >= rough));
		const floor = Math.floor((from - (from === low ? step * .3 : 0)) / step) * step, roof = Math.ceil((high + step * .15) / step) * step;
		const category = { type: "category", data: spec.labels, boundaryGap: !line, inverse: across, axisTick: { show: false }, axisLine: { lineStyle: { color: c.strong } }, axisLabel: { ...text, hideOverlap: true } };
		const value = { type: "value", min: floor, max: roof, interval: step, splitLine: { lineStyle: { color: c.line } }, axisLabel: { ...text, formatter: n => number.format(n) + unit } };
		return {
			animation: false, textStyle: { fontFamily: family },
			grid: { left: 4, right: line ? 44 * rem : 12, top: 22, bottom: 4, containLabel: true },
			tooltip: { trigger: "axis", confine: true, backgroundColor: c.paper, borderColor: c.strong, textStyle: { ...text, color: c.ink }, axisPointer: { type: line ? "line" : "shadow", lineStyle: { color: c.strong }, shadowStyle: { color: "rgba(11,93,94,.06)" } }, valueFormatter: n => n == null ? "–" : number.format(n) + unit },
			xAxis: across ? value : category, yAxis: across ? category : value,
			series: spec.series.map((s, i) => {
				const role = s.role || (i ? "second" : "main"), tone = c[role] || c.main, last = role === "last";
				const end = s.data.reduce((at, n, k) => n == null ? at : k, -1);
				return {
					name: s.name, type: line ? "line" : "bar", stack: spec.kind === "stack" ? "all" : undefined, barMaxWidth: 26,
					data: s.data.map((n, k) => line && !last && k === end ? { value: n, label: { show: true, position: "top", formatter: () => number.format(n) + unit, ...text, color: c.ink, fontWeight: 700, fontSize: 13 * rem } } : n),
					endLabel: line && last ? { show: true, formatter: p => number.format(p.value), ...text } : undefined,
					symbol: last || s.data.length > 30 ? "none" : "circle", symbolSize: 5, showAllSymbol: true, itemStyle: { color: tone, borderRadius: spec.kind === "bar" ? [3, 3, 0, 0] : across ? [0, 3, 3, 0] : 0 },
					lineStyle: { color: tone, width: last ? 1.3 : 2.2, type: last ? "dashed" : "solid" }, areaStyle: line && role === "main" && !paper ? { color: tone, opacity: .06 } : undefined, z: last ? 2 : 3,
					markLine: spec.plan && i === 0 ? { silent: true, symbol: "none", lineStyle: { color: c.ink, width: 1.4, type: "solid" }, label: { ...text, color: c.ink, fontWeight: 600, position: across ? "end" : "insideStartTop", formatter: spec.plan.label }, data: [across ? { xAxis: spec.plan.value } : { yAxis: spec.plan.value }] } : undefined,
				};
			}),
		};
	}
	window.drawChart = async box => {
		if (box.drawn) return;
		box.drawn = true;
		const spec = JSON.parse(box.querySelector("script[type='application/json']").textContent);
		if (!spec?.series?.length) return;
		const echarts = await echartsReady().catch(() => null);
		if (!echarts) return; // the table beside the chart says the same
		await document.fonts?.ready;
		const canvas = box.appendChild(document.createElement("div"));
		canvas.style.cssText = "width:100%;height:100%";
		const drawing = echarts.init(canvas, null, { renderer: "canvas", locale: "EN" });
		drawing.setOption(options(spec));
		charts.add({ box, drawing, spec });
		new ResizeObserver(() => drawing.resize()).observe(box);
	};
	const redraw = paper => charts.forEach(({ box, drawing, spec }) => box.isConnected && drawing.setOption(options(spec, paper), true));
	addEventListener("beforeprint", () => redraw(true));
	addEventListener("afterprint", () => redraw(false));
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(false));
})();
