// Adds a button under each password field that shows what was typed. Without JavaScript nothing is missing.
for (const field of document.querySelectorAll("input[type=password]")) {
  const words = document.querySelector("[data-show]");
  if (!words) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-link";
  button.setAttribute("aria-pressed", "false");
  button.textContent = words.dataset.show;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? words.dataset.hide : words.dataset.show;
    field.focus();
  });
  field.insertAdjacentElement("afterend", button);
}
