"use strict";
const page = document.documentElement;

// one language is shown; without this script it is the one that the page was made in
function show(language) {
  page.lang = language;
  for (const each of document.querySelectorAll("nav button"))
    each.setAttribute("aria-pressed", String(each.dataset.language === language));
  const title = document.querySelector("title");
  title.textContent = title.dataset[language];
  for (const each of document.querySelectorAll(".scroll")) each.setAttribute("aria-label", each.dataset[language]);
}
for (const each of document.querySelectorAll("nav button"))
  each.addEventListener("click", () => show(each.dataset.language));
show(page.lang);

// what a cell shows in the language of the page
function words(cell) {
  const shown = cell.querySelector(`[lang="${page.lang}"]`);
  return (shown || cell).textContent.trim();
}
// the first number of a cell, or nothing
function number(text) {
  const found = text.replace(/[\u2212\uff0d\u25b2\u25b3]/g, "-").replace(/,/g, "").match(/[-+]?\d+(\.\d+)?/);
  return found ? Number(found[0]) : NaN;
}
function order(first, second, numeric) {
  if (!numeric) return first.localeCompare(second, page.lang);
  const [a, b] = [number(first), number(second)];
  // cells without a number stand last
  return Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b) : a - b;
}
function sort(table, column) {
  const head = table.tHead.rows[0].cells[column];
  const up = head.getAttribute("aria-sort") !== "ascending";
  for (const each of table.tHead.rows[0].cells) each.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const numeric = head.classList.contains("number");
  const rows = [...table.tBodies[0].rows];
  const sums = rows.filter((row) => row.classList.contains("total"));
  const others = rows.filter((row) => !row.classList.contains("total"));
  others.sort((a, b) => (up ? 1 : -1) * order(words(a.cells[column]), words(b.cells[column]), numeric));
  table.tBodies[0].append(...others, ...sums);
}
for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 3) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, column));
    head.append(button);
    head.setAttribute("aria-sort", "none");
  });
}
for (const input of document.querySelectorAll("input[type=search]")) {
  const section = input.closest("section");
  input.addEventListener("input", () => {
    const wanted = input.value.normalize("NFKC").toLowerCase();
    const rows = [...section.querySelectorAll("tbody tr:not(.total)")];
    let n = 0;
    for (const row of rows) {
      const hit = [...row.cells].some((cell) => words(cell).normalize("NFKC").toLowerCase().includes(wanted));
      row.classList.toggle("hidden", !hit);
      n += hit;
    }
    section.querySelector(".found").textContent = wanted ? `${n} / ${rows.length}` : "";
  });
}
