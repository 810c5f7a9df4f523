/* The one script of the reading room. Every page works without it. */
"use strict";

/* What Datasette's own script writes in English, on a page in Chinese: the menu of each column, the filters. */
(() => {
  if (document.body.classList.contains("minzheng") || !document.documentElement.lang.startsWith("zh")) {
    return;
  }
  const words = {
    "Sort ascending": "从小到大排列",
    "Sort descending": "从大到小排列",
    "Facet by this": "按此列分面",
    "Hide this column": "隐藏此列",
    "Show all columns": "显示所有列",
    "Show not-blank rows": "只看此列有值的行",
    "Choose columns": "选择列",
    "Remove this filter": "去掉这一条件",
  };
  const translate = () => {
    for (const link of document.querySelectorAll(".dropdown-menu a, .dropdown-menu button")) {
      const said = words[link.textContent.trim()];
      if (said) {
        link.textContent = said;
      }
    }
    for (const link of document.querySelectorAll(".filter-row a[aria-label]")) {
      link.setAttribute("aria-label", words[link.getAttribute("aria-label")] || link.getAttribute("aria-label"));
    }
    for (const type of document.querySelectorAll(".dropdown-column-type")) {
      type.textContent = type.textContent.replace("Type: ", "类型：").replace("NOT NULL", "必填");
    }
  };
  document.addEventListener("DOMContentLoaded", translate);
  /* The menu is filled when it opens, by a click that goes no further: seen on its way down, this runs behind it. */
  document.addEventListener("click", () => setTimeout(translate), true);
})();

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

/* The editor that Datasette lays over its SQL box has no name for whoever hears the page. */
addEventListener("load", () => {
  for (const editor of document.querySelectorAll(".CodeMirror textarea")) {
    editor.setAttribute("aria-label", "SQL");
  }
});
