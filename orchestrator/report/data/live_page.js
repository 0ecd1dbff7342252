"use strict";
// The page of a watch: asks for its state every two seconds. What comes from files is inserted as text, never as markup.
(() => {
  const PAUSE = 2000, SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const WORDS = JSON.parse(byId("words").textContent);
  const t = (text, ...values) => (WORDS[text] || text).replace(/\{(\d)\}/g, (_, i) => values[i]);
  const known = (v) => typeof v === "number" && Number.isFinite(v);
  const show = (v, digits = 3) => (known(v) ? String(Number(v.toPrecision(digits))) : "–");
  const STATES = { watching: t("waiting for frames"), stacking: t("full stack"), ended: t("ended"), failed: t("failed") };
  const PLOTS = [["fwhm_px", t("FWHM (px)")], ["transparency", t("transparency")], ["stars", t("stars")], ["weight", t("weight")]];
  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const svg = (tag, attributes, text = "") => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.textContent = text;
    return node;
  };
  const length = (s) => (s >= 5400 ? `${(s / 3600).toFixed(1)} h` : s >= 90 ? `${Math.round(s / 60)} min` : `${Math.round(s)} s`);

  const plot = (frames, [field, name]) => {
    const at = frames.map((f, i) => [i + 1, f[field]]).filter(([, v]) => known(v));
    const figure = el("figure", {}, el("figcaption", {}, el("h3", {}, name)));
    if (at.length < 2) return figure;
    const values = at.map(([, v]) => v), low = Math.min(...values), high = Math.max(...values), w = 360, h = 150, l = 52, b = 26;
    const x = (i) => l + (i - at[0][0]) / Math.max(at[at.length - 1][0] - at[0][0], 1) * (w - l - 8);
    const y = (v) => 8 + (high - v) / (high - low || 1) * (h - b - 16);
    const root = svg("svg", { viewBox: `0 0 ${w} ${h}`, role: "img", "aria-label": t("{0} of {1} frames: {2} to {3}.", name, at.length, show(low), show(high)) });
    for (const v of [low, high]) {
      root.append(svg("line", { x1: l, x2: w - 8, y1: y(v), y2: y(v), class: "grid" }), svg("text", { x: l - 6, y: y(v) + 4, class: "tick end" }, show(v)));
    }
    root.append(svg("path", { class: "line s0", d: at.map(([i, v], k) => `${k ? "L" : "M"}${x(i).toFixed(1)},${y(v).toFixed(1)}`).join("") }));
    for (const [i, v] of at) root.append(svg("circle", { class: "dot s0", cx: x(i).toFixed(1), cy: y(v).toFixed(1), r: at.length > 100 ? 1.5 : 2.5 }));
    root.append(svg("text", { x: (l + w) / 2, y: h - 6, class: "title middle" }, t("frame")));
    figure.append(root);
    return figure;
  };

  const act = async (action, file) => {
    await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ file }) });
    await update();
  };
  const row = (f, control) => {
    const cells = [f.time ? f.time.slice(0, 19).replace("T", " ") : "", f.reason ? "" : show(f.fwhm_px), f.reason ? "" : show(f.stars), f.reason ? "" : show(f.weight),
      f.excluded ? t("not in the full stack") : f.reason || ""];
    const line = el("tr", f.reason || f.excluded ? { class: "out" } : {}, el("th", { scope: "row" }, f.name), ...cells.map((c) => el("td", {}, c)));
    if (!control) return line;
    const cell = el("td");
    if (!f.reason) {
      const button = el("button", { type: "button", "aria-label": f.excluded ? t("Use {0}", f.name) : t("Leave out {0}", f.name) },
        f.excluded ? t("Use it") : t("Leave out"));
      button.addEventListener("click", () => act(f.excluded ? "undo" : "exclude", f.file));
      cell.append(button);
    }
    line.append(cell);
    return line;
  };

  let drawn = "", picture = null, last = "";
  const draw = (s) => {
    const chip = byId("state");
    chip.textContent = STATES[s.state] || s.state;
    chip.className = "chip" + (s.state === "failed" ? " bad" : s.state === "ended" ? " good" : "");
    const parts = [t("{0} frames stacked", s.stacked)];
    if (known(s.exposure_s) && s.exposure_s > 0) parts.push(length(s.exposure_s));
    if (s.filter) parts.push(t("filter {0}", s.filter));
    if (s.left_out) parts.push(t("{0} left out", s.left_out));
    if (s.waiting) parts.push(t("{0} waiting", s.waiting));
    if (s.panels) parts.push(t("{0} panels", s.panels));
    byId("counts").textContent = parts.join(", ");
    byId("error").hidden = !s.error;
    byId("error").textContent = s.error;
    byId("report-link").hidden = !s.report;
    if (s.report) byId("report").href = `runs/${encodeURIComponent(s.report)}/artifacts/report.html`;
    byId("progress").hidden = !s.progress || s.state !== "stacking";
    if (s.progress) {
      byId("bar").value = s.progress.share;
      byId("step").textContent = `${Math.round(100 * s.progress.share)} %, ${s.progress.step}${known(s.progress.seconds_left) ? `, ${t("about {0} left", length(s.progress.seconds_left))}` : ""}`;
    }
    if (s.picture !== picture) {
      picture = s.picture;
      byId("picture").src = `preview.png?${picture}`;
      byId("picture").hidden = picture === null;
      byId("no-picture").hidden = picture !== null;
    }
    if (s.last !== last) {
      last = s.last;
      byId("last-name").textContent = last;
      byId("last").src = `last.jpg?${encodeURIComponent(last)}`;
      byId("last").hidden = false;
    }
    const now = JSON.stringify([s.frames, s.warnings, s.control]);
    if (now === drawn) return;
    drawn = now;
    byId("plots").replaceChildren(...PLOTS.map((p) => plot(s.frames.filter((f) => !f.reason), p)));
    byId("warnings").replaceChildren(...s.warnings.slice().reverse().map((w) => el("li", {}, w)));
    byId("no-warnings").hidden = s.warnings.length > 0;
    byId("shown").textContent = t("The last {0} of {1} frames, the newest first.", s.frames.length, s.total) + (s.control ? ` ${t("Frames that you leave out stay in this picture; the full stack does not use them.")}` : "");
    byId("head").replaceChildren(...[t("frame"), t("time"), t("FWHM (px)"), t("stars"), t("weight"), t("remark"), ...(s.control ? [t("full stack")] : [])].map((h) => el("th", { scope: "col" }, h)));
    byId("rows").replaceChildren(...s.frames.slice().reverse().map((f) => row(f, s.control)));
  };
  byId("last").addEventListener("error", () => { byId("last").hidden = true; });
  const update = async () => {
    try {
      const answer = await fetch("state.json", { cache: "no-store" });
      if (answer.ok) draw(await answer.json());
    } catch {
      byId("state").textContent = t("the program has ended");
    }
    document.documentElement.dataset.ready = "yes";
  };
  const follow = async () => { await update(); setTimeout(follow, PAUSE); };
  follow();
})();
