// Keys of the translation desk. Everything here is also a link or a button.
(() => {
  "use strict";
  const writes = (element) => element && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const text = document.getElementById("text");
  const form = document.getElementById("target");

  /* Words that came with the page are read aloud only when they change: so they are put in once more. */
  const kept = document.getElementById("kept");
  if (kept && kept.textContent) {
    const words = kept.textContent;
    kept.textContent = "";
    window.setTimeout(() => { kept.textContent = words; }, 150);
  }

  const press = (name, value) => {
    const button = form && form.querySelector(`button[name="${name}"][value="${value}"]`);
    if (button) button.click();
  };

  const step = (by) => {
    const links = [...document.querySelectorAll(".segs .seg")].filter((row) => !row.classList.contains("seg-head"));
    const here = links.findIndex((row) => row.id === "open");
    const link = links[here + by] && links[here + by].querySelector("a");
    if (link) link.click();
  };

  const copySource = () => {
    const source = document.querySelector("#open .source");
    if (!source || !text) return;
    const parts = [...source.childNodes].map((node) => {
      if (node.nodeName === "DEL") return "";
      if (node.classList && node.classList.contains("tagmark")) return `<${node.textContent}>`;
      return node.textContent;
    });
    text.value = parts.join("").trim();
    text.focus();
  };

  const insertTag = (number) => {
    if (!text) return;
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
    text.setRangeText(`<${number}>${chosen}</${number}>`, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  };

  const moveInMatrix = (event) => {
    const cell = document.activeElement && document.activeElement.closest(".matrix td, .matrix th[scope=row]");
    if (!cell) return;
    const turned = document.dir === "rtl" ? -1 : 1;
    const across = { ArrowRight: turned, ArrowLeft: -turned }[event.key] || 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] || 0;
    if (!across && !down) return;
    let row = cell.parentElement;
    let column = cell.cellIndex + across;
    do {
      if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
    } while (row && row.classList.contains("group"));
    while (row && row.cells[column]) {
      const link = row.cells[column].querySelector("a");
      if (link) {
        link.focus();
        event.preventDefault();
        return;
      }
      if (across) column += across;
      else {
        row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
        while (row && row.classList.contains("group")) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      }
    }
  };

  const texts = [...document.querySelectorAll("[data-text]")];
  const moveInReview = (by) => {
    const here = texts.findIndex((item) => item.contains(document.activeElement));
    const next = texts[Math.min(Math.max(here + by, 0), texts.length - 1)];
    if (next) next.focus();
  };
  const pressInReview = (key) => {
    const here = texts.find((item) => item.contains(document.activeElement)) || texts[0];
    const button = here && here.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && form) {
      event.preventDefault();
      press("then", "next");
    } else if (event.altKey && event.key === "ArrowDown" && form) {
      event.preventDefault();
      step(1);
    } else if (event.altKey && event.key === "ArrowUp" && form) {
      event.preventDefault();
      step(-1);
    } else if (event.altKey && event.code === "KeyC" && form) {
      event.preventDefault();
      copySource();
    } else if (event.ctrlKey && /^[1-9]$/.test(event.key) && document.activeElement === text) {
      event.preventDefault();
      insertTag(event.key);
    } else if (!writes(document.activeElement) && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (event.key === "?") {
        const keys = document.getElementById("keys");
        if (keys) keys.open = !keys.open;
      } else if (texts.length && (event.key === "j" || event.key === "k")) moveInReview(event.key === "j" ? 1 : -1);
      else if (texts.length && (event.key === "a" || event.key === "r")) pressInReview(event.key);
      else moveInMatrix(event);
    }
  });
})();
