// Keys 1 to 4 give the four answers of the question that is open, unless somebody is typing.
"use strict";

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const buttons = document.querySelectorAll(".ask .answers button");
  const number = Number.parseInt(event.key, 10);
  if (number >= 1 && number <= buttons.length) buttons[number - 1].click();
});
