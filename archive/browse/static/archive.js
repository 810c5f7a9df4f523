/* The one script of the reading room. Every page works without it. */
"use strict";

/* Citations: a button copies what a click would select. Without the clipboard (plain http) it selects and asks for it. */
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = false;
    try {
      await navigator.clipboard.writeText(source.textContent);
      copied = true;
    } catch {
      getSelection().selectAllChildren(source);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? button.dataset.done : label;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
