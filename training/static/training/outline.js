/* The outline works by its buttons without this. A part is dragged to its place; the form that says so is sent as any other. */
(() => {
  "use strict";
  const outline = document.querySelector("[data-outline]");
  const form = document.querySelector("form[data-drag]");
  if (!outline || !form || !("draggable" in document.createElement("li"))) return;
  document.querySelector("[data-drag-hint]").hidden = false;
  let moving = null;

  const forget = () => {
    for (const marked of outline.querySelectorAll(".drop-before, .drop-after, .drop-into")) marked.classList.remove("drop-before", "drop-after", "drop-into");
  };

  /* Where something dragged would go: before or after a part of its kind, or into a module without lessons. */
  const target = (event) => {
    if (moving.dataset.kind === "lesson") {
      const list = event.target.closest("[data-kind=module]")?.querySelector("[data-into]");
      if (list && ![...list.children].some((one) => one !== moving)) return { into: list, over: list, after: false };
    }
    const over = event.target.closest(`[data-kind=${moving.dataset.kind}]`);
    if (!over || over === moving) return null;
    const { top, height } = over.getBoundingClientRect();
    return { into: over.parentElement, over, after: event.clientY > top + height / 2 };
  };

  for (const part of outline.querySelectorAll("[data-part]")) part.draggable = true;

  outline.addEventListener("dragstart", (event) => {
    moving = event.target.closest("[data-part]");
    if (!moving || event.target.closest("input, select, button")) return event.preventDefault();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", moving.dataset.part);
    return moving.classList.add("dragged");
  });
  outline.addEventListener("dragover", (event) => {
    const found = moving && target(event);
    forget();
    if (!found) return;
    event.preventDefault();
    found.over.classList.add(found.over === found.into ? "drop-into" : found.after ? "drop-after" : "drop-before");
  });
  outline.addEventListener("dragend", () => {
    moving?.classList.remove("dragged");
    forget();
    moving = null;
  });
  outline.addEventListener("drop", (event) => {
    const found = moving && target(event);
    if (!found) return;
    event.preventDefault();
    const others = [...found.into.children].filter((one) => one !== moving);
    form.elements.part.value = moving.dataset.part;
    form.elements.into.value = found.into.dataset.into || "";
    form.elements.place.value = Math.max(0, others.indexOf(found.over)) + (found.after ? 1 : 0);
    form.submit();
  });
})();
