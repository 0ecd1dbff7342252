"use strict";
// Blinks and wipes between two aligned images.
(() => {
  const over = document.getElementById("picture-1");
  document.documentElement.dataset.ready = "yes";
  if (!over) return;
  const wipe = document.getElementById("wipe"), auto = document.getElementById("auto"), size = document.getElementById("size");
  const buttons = [...document.querySelectorAll("[data-shows]")];
  let timer = 0;
  const show = (share) => {
    wipe.value = share;
    over.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
    buttons.forEach((b, k) => b.setAttribute("aria-pressed", share === (k ? 100 : 0)));
  };
  const swap = () => show(Number(wipe.value) < 50 ? 100 : 0);
  const stop = () => { clearInterval(timer); timer = 0; auto.setAttribute("aria-pressed", "false"); };
  buttons.forEach((b, k) => b.addEventListener("click", () => { stop(); show(k ? 100 : 0); }));
  wipe.addEventListener("input", () => { stop(); show(Number(wipe.value)); });
  auto.addEventListener("click", () => {
    if (timer) { stop(); return; }
    // Twice in three seconds: slow enough not to flash.
    timer = setInterval(swap, 750);
    auto.setAttribute("aria-pressed", "true");
  });
  size.addEventListener("click", () => size.setAttribute("aria-pressed", document.querySelector(".picture").classList.toggle("full")));
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && !/^(BUTTON|INPUT|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); stop(); swap(); }
  });
  show(0);
})();
