"use strict";
// Draws the figures of a report and links them with the frame table. Content of a run is always inserted as text,
// never as markup.
(() => {
  const report = JSON.parse(document.getElementById("report-data").textContent);
  const frames = report.frames;
  const count = frames.file.length;
  const marks = []; // functions that mark the selected frame
  const drawings = []; // functions that redraw a figure, for a new width or x axis
  const state = { selected: -1, byTime: false, place: null };
  const SVG = "http://www.w3.org/2000/svg";

  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const svg = (tag, attributes = {}, text = "") => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    return node;
  };
  const known = (v) => typeof v === "number" && Number.isFinite(v);
  const show = (v, digits = 3) => {
    if (!known(v)) return "–";
    const size = Math.abs(v);
    if (v === Math.round(v) && size < 1e6) return String(v);
    if (size >= 1e6 || size < 1e-3) return v.toExponential(digits - 1);
    return v.toFixed(Math.max(digits - 1 - Math.floor(Math.log10(size)), 0));
  };
  const used = [...Array(count).keys()].filter((i) => frames.kept[i]);
  // The k-th map of tiles belongs to the k-th frame that was measured, in the stack or not.
  const mapped = [...Array(count).keys()].filter((i) => known(frames.used_index[i]));
  const times = frames.time.map((t) => (t ? Date.parse(t + (/[zZ]|[+-]\d\d:\d\d$/.test(t) ? "" : "Z")) : NaN));
  const timed = used.length > 1 && used.every((i) => known(times[i]));

  // --- tooltip ---------------------------------------------------------------------------------------------------------
  const tip = el("div", { class: "tip", role: "presentation", hidden: "" });
  document.body.append(tip);
  const showTip = (event, lines) => {
    tip.replaceChildren(...lines.map((line, i) => el(i ? "span" : "strong", {}, line)));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const x = Math.min(event.clientX + 14, window.innerWidth - box.width - 8);
    const y = event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 12 : event.clientY + 18;
    tip.style.left = Math.max(x, 4) + "px";
    tip.style.top = Math.max(y, 4) + "px";
  };
  const hideTip = () => { tip.hidden = true; };

  // --- axes ------------------------------------------------------------------------------------------------------------
  const ticks = (low, high, wanted) => {
    const raw = (high - low) / Math.max(wanted, 1);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw * 0.999) || 10 * power;
    const found = [];
    for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-6; v += step) found.push(Math.abs(v) < step / 1e6 ? 0 : v);
    return { found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), step };
  };
  const label = (v, t) => (Math.abs(v) >= 1e5 || (v !== 0 && t.step < 1e-4) ? v.toExponential(1) : v.toFixed(Math.min(t.digits, 6)));
  const domain = (values, pad = 0.06) => {
    const good = values.filter(known);
    if (!good.length) return [0, 1];
    let low = Math.min(...good), high = Math.max(...good);
    if (low === high) { const d = Math.abs(low) * 0.05 || 0.5; low -= d; high += d; }
    const extra = (high - low) * pad;
    return [low - extra, high + extra];
  };
  const clock = (ms) => new Date(ms).toISOString().slice(11, 16);

  // Draws axes; returns the functions that map values to pixels.
  const plane = (holder, xs, ys, options = {}) => {
    const width = Math.max(holder.clientWidth, 220), height = options.height || 196;
    const m = { l: 64, r: 12, t: 10, b: 40 };
    let [x0, x1] = xs, [y0, y1] = ys;
    if (options.equal) { // the same scale along both axes
      const scale = Math.max((x1 - x0) / (width - m.l - m.r), (y1 - y0) / (height - m.t - m.b));
      const cx = (x0 + x1) / 2, cy = (y0 + y1) / 2;
      const hx = scale * (width - m.l - m.r) / 2, hy = scale * (height - m.t - m.b) / 2;
      [x0, x1, y0, y1] = [cx - hx, cx + hx, cy - hy, cy + hy];
    }
    const X = (v) => m.l + (v - x0) / (x1 - x0) * (width - m.l - m.r);
    const Y = options.down ? (v) => m.t + (v - y0) / (y1 - y0) * (height - m.t - m.b)
      : (v) => height - m.b - (v - y0) / (y1 - y0) * (height - m.t - m.b);
    const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    const ty = ticks(y0, y1, height / 34), tx = ticks(x0, x1, width / 90);
    for (const v of ty.found) {
      root.append(svg("line", { x1: m.l, x2: width - m.r, y1: Y(v), y2: Y(v), class: "grid" }));
      root.append(svg("text", { x: m.l - 6, y: Y(v) + 3.5, class: "tick end" }, label(v, ty)));
    }
    for (const v of tx.found) {
      const text = options.time ? clock(v) : label(v, tx);
      if (!options.time && options.whole && v !== Math.round(v)) continue;
      root.append(svg("text", { x: X(v), y: height - m.b + 15, class: "tick middle" }, text));
    }
    const middle = (m.t + height - m.b) / 2;
    root.append(svg("text", { x: (m.l + width - m.r) / 2, y: height - 6, class: "title middle" }, options.xtitle || ""));
    root.append(svg("text", { x: 12, y: middle, transform: `rotate(-90 12 ${middle})`, class: "title middle" }, options.ytitle || ""));
    root.append(svg("line", { x1: m.l, x2: width - m.r, y1: height - m.b, y2: height - m.b, class: "axis" }));
    holder.replaceChildren(root);
    return { root, X, Y, width, height, m };
  };

  // Points with tooltips, selection by click, and keyboard navigation.
  const interactive = (holder, points, describe) => {
    const nearest = (event) => {
      const box = holder.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top;
      let best = null, least = 30 * 30;
      for (const p of points()) {
        const d = (p.x - x) ** 2 + 0.4 * (p.y - y) ** 2;
        if (d < least) { least = d; best = p; }
      }
      return best;
    };
    holder.addEventListener("pointermove", (event) => {
      const p = nearest(event);
      if (p) showTip(event, describe(p)); else hideTip();
    });
    holder.addEventListener("pointerleave", hideTip);
    holder.addEventListener("click", (event) => { const p = nearest(event); if (p) select(p.frame); });
    keys(holder);
  };
  const keys = (holder) => {
    holder.tabIndex = 0;
    holder.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); move(step); }
    });
  };
  const ring = (root) => { const r = svg("circle", { r: 6, class: "ring", visibility: "hidden" }); root.append(r); return r; };
  const place = (node, p) => {
    node.setAttribute("visibility", p ? "visible" : "hidden");
    if (p) { node.setAttribute("cx", p.x); node.setAttribute("cy", p.y); }
  };
  const named = (i) => [`${frames.number[i]}  ${frames.file[i]}`, ...(frames.time[i] ? [frames.time[i].replace("T", " ").slice(0, 19)] : [])];

  // --- kinds of figures ------------------------------------------------------------------------------------------------
  const columns = (data) => data.fields.flatMap((f) => {
    const values = frames[f.field];
    const first = values.find((v) => v !== null && v !== undefined);
    if (!Array.isArray(first)) return [{ name: f.label, values, css: "s" + data.fields.indexOf(f) }];
    return first.map((_, c) => ({ name: report.channels[c] || f.label, css: "c-" + (report.channels[c] || "L"),
      values: values.map((v) => (Array.isArray(v) ? v[c] : null)) }));
  });

  const titled = (name, unit) => (unit && name ? `${name} (${unit})` : name || unit || "");

  const kinds = {
    series(holder, data) {
      const lines = columns(data);
      const ytitle = titled(data.fields.map((f) => f.label).join(", "), data.unit);
      let points = [], rings = null;
      const draw = () => {
        const xs = state.byTime ? times : frames.number;
        const all = lines.flatMap((l) => used.map((i) => l.values[i]));
        const p = plane(holder, domain(used.map((i) => xs[i]), 0.02), domain(all), {
          time: state.byTime, whole: true, xtitle: state.byTime ? "time (UTC)" : "frame", ytitle });
        points = [];
        for (const line of lines) {
          const at = used.filter((i) => known(line.values[i])).map((i) => ({ frame: i, x: p.X(xs[i]), y: p.Y(line.values[i]), line, v: line.values[i] }));
          p.root.append(svg("path", { d: at.map((q, k) => `${k ? "L" : "M"}${q.x.toFixed(1)},${q.y.toFixed(1)}`).join(""), class: "line " + line.css }));
          const r = at.length > 150 ? 1.6 : 2.6;
          for (const q of at) p.root.append(svg("circle", { cx: q.x.toFixed(1), cy: q.y.toFixed(1), r, class: "dot " + line.css }));
          points.push(...at);
        }
        rings = ring(p.root);
        mark(state.selected);
      };
      const mark = (i) => rings && place(rings, points.find((q) => q.frame === i));
      if (lines.length > 1) {
        holder.after(el("p", { class: "legend" }, ...lines.map((l) => el("span", { class: "key " + l.css }, l.name))));
      }
      drawings.push(draw); marks.push(mark);
      interactive(holder, () => points, (q) => [...named(q.frame), `${q.line.name} ${show(q.v, 4)} ${data.unit}`]);
    },

    histogram(holder, data) {
      const values = frames[data.field].map((v) => (Array.isArray(v) ? v.filter(known).reduce((a, b) => a + b, 0) / v.length : v));
      const good = used.filter((i) => known(values[i]));
      let boxes = [];
      const draw = () => {
        // Of a sample of the frames only the bars of all are meaningful: they come with the data.
        const [low, high] = data.counts ? [data.low, data.high] : domain(good.map((i) => values[i]), 0.001);
        const n = data.counts ? data.counts.length : Math.max(5, Math.min(30, Math.ceil(1.6 * Math.sqrt(good.length))));
        const bins = Array.from({ length: n }, () => []);
        for (const i of good) bins[Math.min(n - 1, Math.floor((values[i] - low) / (high - low) * n))].push(i);
        const sizes = data.counts || bins.map((b) => b.length);
        const p = plane(holder, [low, high], [0, Math.max(...sizes, 1) * 1.05], { xtitle: titled(data.label, data.unit), ytitle: "frames" });
        boxes = bins.map((members, k) => {
          const a = p.X(low + k * (high - low) / n), b = p.X(low + (k + 1) * (high - low) / n);
          const box = svg("rect", { x: a + 0.5, width: Math.max(b - a - 1, 1), y: p.Y(sizes[k]), height: p.Y(0) - p.Y(sizes[k]), class: "bar" });
          p.root.append(box);
          return { box, members, size: sizes[k], a, b, from: low + k * (high - low) / n, to: low + (k + 1) * (high - low) / n };
        });
        mark(state.selected);
      };
      const mark = (i) => boxes.forEach((b) => b.box.classList.toggle("chosen", b.members.includes(i)));
      holder.addEventListener("pointermove", (event) => {
        const x = event.clientX - holder.getBoundingClientRect().left;
        const b = boxes.find((k) => x >= k.a && x < k.b);
        if (b) showTip(event, [`${b.size} frames`, `${show(b.from)} to ${show(b.to)} ${data.unit}`]); else hideTip();
      });
      holder.addEventListener("pointerleave", hideTip);
      drawings.push(draw); marks.push(mark);
    },

    scatter(holder, data) {
      const axis = (name, chosen) => {
        const box = el("select", { "aria-label": name });
        for (const c of data.choices) {
          const option = el("option", { value: c.field }, c.label);
          option.selected = c.field === chosen;
          box.append(option);
        }
        box.addEventListener("change", () => draw());
        return box;
      };
      const x = axis("horizontal axis", data.x), y = axis("vertical axis", data.y);
      holder.before(el("p", { class: "controls" }, y, el("span", {}, "against"), x));
      const chosen = (box) => () => box.selectedOptions[0].textContent;
      points(holder, () => x.value, () => y.value, { xname: chosen(x), yname: chosen(y) });
      const draw = drawings[drawings.length - 1];
    },

    drift(holder, data) {
      points(holder, () => data.x, () => data.y, {
        equal: true, path: true, down: true, height: 294, unit: data.unit,
        xname: () => titled("shift in x", data.unit), yname: () => titled("shift in y", data.unit) });
    },

    footprints(holder, data) {
      const all = data.shapes.flatMap((s) => s.xy);
      let drawn = [];
      const draw = () => {
        const [h, w] = data.shape, xs = all.map((q) => q[0]), ys = all.map((q) => q[1]);
        const p = plane(holder, domain([0, w, ...xs], 0.02), domain([0, h, ...ys], 0.02), {
          equal: true, down: data.top_down, height: 394, xtitle: titled("column", data.unit), ytitle: titled("row", data.unit) });
        const path = (xy) => xy.map((q, k) => `${k ? "L" : "M"}${p.X(q[0]).toFixed(1)},${p.Y(q[1]).toFixed(1)}`).join("") + "Z";
        p.root.append(svg("path", { d: path([[0, 0], [w, 0], [w, h], [0, h]]), class: "canvas" }));
        drawn = data.shapes.map((s) => {
          const shape = svg("path", { d: path(s.xy), class: "footprint", stroke: s.colour, fill: s.colour });
          p.root.append(shape);
          return { s, shape };
        });
        mark(state.selected);
      };
      const mark = (i) => drawn.forEach((d) => d.shape.classList.toggle("chosen", d.s.frame === i));
      holder.addEventListener("pointermove", (event) => {
        const d = drawn.find((k) => k.shape === event.target);
        if (d) showTip(event, [...named(d.s.frame), `panel ${d.s.panel}`]); else hideTip();
      });
      holder.addEventListener("pointerleave", hideTip);
      holder.addEventListener("click", (event) => { const d = drawn.find((k) => k.shape === event.target); if (d) select(d.s.frame); });
      drawings.push(draw); marks.push(mark);
      keys(holder);
    },

    bars(holder, data) {
      const most = Math.max(...data.bars.map((b) => b.seconds), 1e-9);
      holder.classList.add("rows");
      holder.replaceChildren(...data.bars.map((b) => {
        const bar = el("span", { class: "fill " + (b.status === "ok" ? "" : "dim") });
        bar.style.width = Math.max(b.seconds / most * 100, 0.4) + "%";
        return el("div", { class: "row" }, el("span", { class: "name" }, b.name), el("span", { class: "track" }, bar),
          el("span", { class: "value" }, b.status === "ok" || b.seconds > 0.05 ? `${b.seconds.toFixed(b.seconds < 9.95 ? 2 : 1)} ${data.unit}` : b.status));
      }));
    },

    curve(holder, data) {
      let points = [];
      const draw = () => {
        const ys = domain(data.lines.flatMap((l) => l.y));
        const p = plane(holder, domain(data.lines.flatMap((l) => l.x), 0.03), [Math.min(ys[0], data.zero ? 0 : ys[0]), ys[1]],
          { xtitle: data.xunit, ytitle: data.unit });
        points = [];
        data.lines.forEach((l, k) => {
          const at = l.x.map((v, i) => ({ x: p.X(v), y: p.Y(l.y[i]), l, i })).filter((_, i) => known(l.y[i]));
          if (!data.points) p.root.append(svg("path", { d: at.map((q, n) => `${n ? "L" : "M"}${q.x.toFixed(1)},${q.y.toFixed(1)}`).join(""), class: `line s${k} ${l.dashed ? "dashed" : ""}` }));
          if (!l.dashed && !l.plain) for (const q of at) p.root.append(svg("circle", { cx: q.x, cy: q.y, r: 3, class: `dot s${k}` }));
          points.push(...at);
        });
      };
      holder.after(el("p", { class: "legend" }, ...data.lines.map((l, k) => el("span", { class: `key s${k} ${l.dashed ? "dashed" : ""}` }, l.name))));
      holder.addEventListener("pointermove", (event) => {
        const box = holder.getBoundingClientRect();
        const at = points.map((q) => ({ q, d: Math.hypot(q.x - event.clientX + box.left, q.y - event.clientY + box.top) })).sort((a, b) => a.d - b.d)[0];
        if (at && at.d < 40) showTip(event, [at.q.l.name, `${show(at.q.l.x[at.q.i])} ${data.xunit}: ${show(at.q.l.y[at.q.i], 4)} ${data.unit}`]); else hideTip();
      });
      holder.addEventListener("pointerleave", hideTip);
      drawings.push(draw);
    },

    map(holder, data) {
      const values = bytes(data.values);
      const canvas = paint(el("canvas", { width: data.w, height: data.h }), values, 0, data);
      fit(canvas, data, 60);
      holder.append(canvas, legend(data));
      hoverMap(canvas, data, (k) => values[k]);
    },

    tiles(holder, data) {
      const layers = data.layers.map((l) => ({ ...l, bytes: bytes(l.values) }));
      const n = layers[0].n;
      const frameOf = mapped;
      const slider = el("input", { type: "range", min: 0, max: n - 1, value: 0, step: 1, "aria-label": "frame" });
      const which = el("select", { "aria-label": "quantity" });
      layers.forEach((l, k) => which.append(el("option", { value: k }, l.name)));
      const current = el("output", { class: "current" });
      const canvas = el("canvas", { width: layers[0].w, height: layers[0].h, role: "img", "aria-label": "heat map of the selected frame" });
      const bar = el("div");
      const ranking = el("div", { class: "ranking", "aria-live": "polite" });
      holder.append(el("div", { class: "controls" }, el("label", {}, "Quantity ", which), el("label", { class: "wide" }, "Frame ", slider)), current, canvas, bar, ranking);
      fit(canvas, data, 72);
      let last = -1;
      const draw = () => {
        const layer = layers[which.value], k = Number(slider.value), i = frameOf[k];
        paint(canvas, layer.bytes, k * layer.w * layer.h, layer);
        current.textContent = `${frames.number[i]} of ${report.total}: ${frames.file[i]}`;
        slider.setAttribute("aria-valuetext", current.textContent);
        if (last !== which.value) bar.replaceChildren(legend(layer));
        last = which.value;
      };
      slider.addEventListener("input", () => { draw(); select(frameOf[Number(slider.value)], slider); });
      which.addEventListener("change", draw);
      marks.push((i, from) => {
        const k = frameOf.indexOf(i);
        if (k >= 0 && from !== slider) { slider.value = k; draw(); }
      });
      hoverMap(canvas, layers[0], (k) => layers[which.value].bytes[Number(slider.value) * layers[0].w * layers[0].h + k], () => layers[which.value]);
      canvas.addEventListener("click", (event) => {
        const box = canvas.getBoundingClientRect();
        choosePlace((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      });
      placed.push((x, y) => rank(ranking, layers, x, y, data));
      placed.push((x, y) => document.querySelectorAll(".picture .ranking").forEach((r) => rank(r, layers, x, y, data)));
      draw();
    },
  };

  // Ranks the frames at a position of the image (x, y from 0 to 1).
  const placed = [];
  const choosePlace = (x, y) => { state.place = [x, y]; placed.forEach((f) => f(x, y)); };
  const rank = (holder, layers, x, y, data) => {
    const value = (layer, k) => {
      const i = Math.min(layer.w - 1, Math.floor(x * layer.w)), j = Math.min(layer.h - 1, Math.floor(y * layer.h));
      const raw = layer.bytes[k * layer.w * layer.h + j * layer.w + i];
      return raw === 255 ? NaN : layer.low + raw / 254 * (layer.high - layer.low);
    };
    const order = [...Array(layers[0].n).keys()].filter((k) => known(value(layers[0], k))).sort((a, b) => value(layers[0], b) - value(layers[0], a));
    const body = el("tbody");
    for (const k of order.slice(0, 8)) {
      const i = mapped[k];
      const button = el("button", { type: "button", class: "link" }, frames.file[i]);
      button.addEventListener("click", () => select(i));
      const image = rows.get(i) && rows.get(i).querySelector("img");
      if (image) button.prepend(el("img", { src: image.src, alt: "" }));
      body.append(el("tr", {}, el("th", { scope: "row" }, button), ...layers.map((l) => el("td", {}, `${show(value(l, k))} ${l.unit}`))));
    }
    const head = el("tr", {}, el("th", { scope: "col" }, "frame"), ...layers.map((l) => el("th", { scope: "col" }, l.name)));
    holder.replaceChildren(el("p", {}, `At ${Math.round(100 * x)} % from the left and ${Math.round(100 * y)} % from the top these frames have the highest weight. Their pixels were not examined: the frame responsible for an artefact may be further down.`),
      el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, head), body)));
    if (data.canvas) { // the rows of the file may be stored bottom-up
      const [h, w] = data.canvas, column = Math.min(w - 1, Math.floor(x * w)), row = Math.min(h - 1, Math.floor((data.top_down ? y : 1 - y) * h));
      const command = `orchestrate inspect ${report.directory} --at ${column},${row}`;
      const copy = el("button", { type: "button" }, "Copy");
      copy.addEventListener("click", () => { // a page opened from disk may have no clipboard: then the text is selected for copying
        const copied = () => { copy.textContent = "Copied"; };
        const selectText = () => { getSelection().selectAllChildren(line); copy.textContent = "Selected"; };
        if (navigator.clipboard) navigator.clipboard.writeText(command).then(copied, selectText); else selectText();
      });
      const line = el("pre", { tabindex: "0" }, command);
      holder.append(el("p", { class: "note" }, "This command ranks all frames by the contribution of their pixels there, and shows their crops:"), line, copy);
    }
  };

  const points = (holder, fx, fy, options) => {
    let at = [], mine = null;
    const value = (field, i) => { const v = frames[field][i]; return Array.isArray(v) ? v.filter(known).reduce((a, b) => a + b, 0) / v.length : v; };
    const draw = () => {
      const good = used.filter((i) => known(value(fx(), i)) && known(value(fy(), i)));
      const p = plane(holder, domain(good.map((i) => value(fx(), i))), domain(good.map((i) => value(fy(), i))),
        { ...options, xtitle: options.xname(), ytitle: options.yname() });
      at = good.map((i) => ({ frame: i, x: p.X(value(fx(), i)), y: p.Y(value(fy(), i)) }));
      if (options.path) p.root.append(svg("path", { d: at.map((q, k) => `${k ? "L" : "M"}${q.x.toFixed(1)},${q.y.toFixed(1)}`).join(""), class: "line faint s0" }));
      at.forEach((q, k) => {
        const dot = svg("circle", { cx: q.x.toFixed(1), cy: q.y.toFixed(1), r: at.length > 150 ? 2 : 3, class: "dot s0" });
        if (options.path) dot.style.opacity = 0.35 + 0.65 * k / Math.max(at.length - 1, 1); // later frames are darker
        p.root.append(dot);
      });
      mine = ring(p.root);
      mark(state.selected);
    };
    const mark = (i) => mine && place(mine, at.find((q) => q.frame === i));
    drawings.push(draw); marks.push(mark);
    interactive(holder, () => at, (q) => [...named(q.frame), `${show(value(fx(), q.frame))}, ${show(value(fy(), q.frame))} ${options.unit || ""}`]);
  };

  // --- maps ------------------------------------------------------------------------------------------------------------
  // A perceptually uniform scale from dark blue to yellow.
  const STOPS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]];
  const SCALE = Array.from({ length: 255 }, (_, i) => {
    const t = i / 254 * (STOPS.length - 1), k = Math.min(Math.floor(t), STOPS.length - 2);
    return STOPS[k].map((v, c) => Math.round(v + (t - k) * (STOPS[k + 1][c] - v)));
  });
  // As wide as possible, but not higher than the window; tiles need not be square.
  const fit = (canvas, data, height) => {
    const aspect = data.aspect || data.w / data.h;
    canvas.style.aspectRatio = aspect;
    canvas.style.width = `min(100%, ${(height * aspect).toFixed(1)}vh)`;
  };
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const paint = (canvas, values, offset, data) => {
    const context = canvas.getContext("2d"), image = context.createImageData(data.w, data.h);
    for (let k = 0; k < data.w * data.h; k++) {
      const v = values[offset + k];
      const [r, g, b] = v === 255 ? [128, 128, 128] : SCALE[v];
      image.data.set([r, g, b, v === 255 ? 60 : 255], 4 * k);
    }
    context.putImageData(image, 0, 0);
    canvas.dataset.sum = String(values.subarray(offset, offset + data.w * data.h).reduce((a, v) => (a * 31 + v) % 1000003, 7));
    return canvas;
  };
  const legend = (data) => {
    // Enough digits to distinguish the ends of a narrow range.
    const digits = Math.max(3, Math.min(8, 2 + Math.ceil(Math.log10(Math.max(Math.abs(data.low), Math.abs(data.high)) / (data.high - data.low)))));
    const ramp = el("canvas", { width: 255, height: 1, class: "ramp", "aria-hidden": "true" });
    const context = ramp.getContext("2d"), image = context.createImageData(255, 1);
    SCALE.forEach((c, i) => image.data.set([...c, 255], 4 * i));
    context.putImageData(image, 0, 0);
    return el("div", { class: "scale" }, el("span", {}, show(data.low, digits)), ramp, el("span", {}, `${show(data.high, digits)} ${data.unit}`));
  };
  const hoverMap = (canvas, data, raw, layer = () => data) => {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const i = Math.floor((event.clientX - box.left) / box.width * data.w), j = Math.floor((event.clientY - box.top) / box.height * data.h);
      if (i < 0 || j < 0 || i >= data.w || j >= data.h) return;
      const v = raw(j * data.w + i), l = layer();
      showTip(event, [v === 255 ? "no data" : `${show(l.low + v / 254 * (l.high - l.low))} ${l.unit}`]);
    });
    canvas.addEventListener("pointerleave", hideTip);
  };

  // --- the selected frame ------------------------------------------------------------------------------------------------
  const panel = document.getElementById("chosen");
  const rows = new Map([...document.querySelectorAll("#frames tbody tr")].map((r) => [Number(r.dataset.frame), r]));
  const select = (i, from = null) => {
    state.selected = i;
    for (const [k, row] of rows) { row.classList.toggle("chosen", k === i); row.setAttribute("aria-selected", k === i); }
    marks.forEach((mark) => mark(i, from));
    panel.hidden = i < 0;
    if (i < 0) return;
    const row = rows.get(i);
    if (row && from !== row) {
      const box = row.closest(".scroll"); // scroll the table, not the page
      box.scrollTop = row.offsetTop - box.clientHeight / 2;
    }
    const image = row && row.querySelector("img");
    panel.querySelector(".thumb").replaceChildren(...(image ? [el("img", { src: image.src, alt: "" })] : []));
    panel.querySelector(".what").replaceChildren(el("strong", {}, `${frames.number[i]}  ${frames.file[i]}`),
      el("span", {}, frames.kept[i] ? `FWHM ${show(frames.fwhm[i])} px, weight ${show(frames.weight[i])}, ${show(frames.stars[i])} stars` : frames.reason[i] || "left out"));
  };
  const move = (step) => {
    const order = [...document.querySelectorAll("#frames tbody tr:not([hidden])")].map((r) => Number(r.dataset.frame));
    const at = order.indexOf(state.selected);
    select(order[Math.max(0, Math.min(order.length - 1, at < 0 ? 0 : at + step))]);
  };
  panel.querySelector(".before").addEventListener("click", () => move(-1));
  panel.querySelector(".after").addEventListener("click", () => move(1));
  panel.querySelector(".close").addEventListener("click", () => select(-1));

  // --- the frame table -------------------------------------------------------------------------------------------------
  for (const [i, row] of rows) {
    row.addEventListener("click", () => select(i, row));
    row.addEventListener("keydown", (event) => {
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); select(i, row); }
      else if (step && row[step]) { event.preventDefault(); row[step].focus(); }
    });
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => { const c = row.cells[column]; return c.dataset.value !== undefined ? c.dataset.value : c.textContent.trim(); };
        const sorted = [...table.tBodies[0].rows].sort((a, b) => {
          const [p, q] = [key(a), key(b)], [u, v] = [parseFloat(p), parseFloat(q)];
          const both = known(u) && known(v);
          if (known(u) !== known(v)) return known(u) ? -1 : 1; // unknown values come last in both directions
          return (down ? -1 : 1) * (both ? u - v : p.localeCompare(q, undefined, { numeric: true }));
        });
        table.tBodies[0].append(...sorted);
      });
    });
  }
  const filter = document.getElementById("frame-filter");
  if (filter) filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows.values()) { row.hidden = !row.textContent.toLowerCase().includes(wanted); shown += !row.hidden; }
    document.getElementById("frame-count").textContent = `${shown} of ${rows.size} shown`;
  });

  // --- the images ----------------------------------------------------------------------------------------------------
  for (const box of document.querySelectorAll(".picture")) {
    const image = box.querySelector("img"), cross = box.querySelector(".cross"), button = box.querySelector(".size");
    image.addEventListener("click", (event) => {
      const r = image.getBoundingClientRect();
      choosePlace((event.clientX - r.left) / r.width, (event.clientY - r.top) / r.height);
    });
    placed.push((x, y) => { cross.hidden = false; cross.style.left = 100 * x + "%"; cross.style.top = 100 * y + "%"; });
    button.addEventListener("click", () => {
      const whole = box.classList.toggle("full");
      button.textContent = whole ? "Fit" : "Full size";
      button.setAttribute("aria-pressed", whole);
    });
  }
  for (const box of document.querySelectorAll("[data-wipe]")) {
    const over = box.querySelector(".over"), edge = box.querySelector(".edge"), hold = box.querySelector(".hold"), range = box.querySelector("input");
    const show = (share) => {
      range.value = share;
      over.style.clipPath = `inset(0 0 0 ${share}%)`;
      edge.style.left = share + "%";
    };
    const follow = (event) => {
      const r = hold.getBoundingClientRect();
      show(Math.min(100, Math.max(0, 100 * (event.clientX - r.left) / r.width)));
    };
    range.addEventListener("input", () => show(Number(range.value)));
    hold.addEventListener("pointerdown", (event) => { hold.setPointerCapture(event.pointerId); follow(event); event.preventDefault(); });
    hold.addEventListener("pointermove", (event) => { if (event.buttons & 1) follow(event); });
    show(50);
  }
  for (const group of document.querySelectorAll("[data-pictures]")) {
    const buttons = [...group.querySelectorAll("[data-shows]")];
    buttons.forEach((b) => b.addEventListener("click", () => buttons.forEach((o) => {
      o.setAttribute("aria-pressed", o === b);
      document.getElementById(o.dataset.shows).hidden = o !== b;
    })));
  }
  for (const cell of document.querySelectorAll("table.correlations tbody td")) {
    const v = parseFloat(cell.textContent);
    if (known(v)) cell.style.background = `color-mix(in srgb, var(${v < 0 ? "--warm" : "--accent"}) ${Math.round(Math.abs(v) * 45)}%, transparent)`;
  }

  if (window.innerWidth < 1080) document.querySelector("nav details").open = false;

  // --- start -----------------------------------------------------------------------------------------------------------
  for (const holder of document.querySelectorAll("[data-figure]")) {
    const figure = report.figures[Number(holder.dataset.figure)];
    kinds[figure.kind](holder, figure.data);
  }
  const redraw = () => drawings.forEach((draw) => draw());
  const axis = document.getElementById("by-time");
  if (axis) {
    axis.disabled = !timed;
    axis.addEventListener("change", () => { state.byTime = axis.checked; redraw(); });
  }
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth !== width) { width = document.body.clientWidth; redraw(); }
  }).observe(document.body);
  redraw();

  // Highlight the current section in the navigation.
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (link && entry.isIntersecting) {
        links.forEach((a) => a.removeAttribute("aria-current"));
        link.setAttribute("aria-current", "true");
      }
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("main > section").forEach((s) => watch.observe(s));
  document.documentElement.dataset.ready = "yes";
})();
