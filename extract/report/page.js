// The page: its views, filters and keys. The address names the fact or document in sight, so that links and "back" work.

const VIEWS = ["reading", "table", "timeline", "amounts", "dealings"];
const DRAW = {
  reading: () => { documentRows.show(documentsShown()); openDocument(open.document, open.page); },
  table: () => tableRows.show(sorted()),
  timeline: () => drawTimeline(byId("timeline")),
  amounts: () => drawAmounts(byId("amounts")),
  dealings: () => drawDealings(byId("dealings")),
};
let view = "reading";

function show(name) {
  view = name;
  for (const each of VIEWS) byId(each).hidden = each !== view;
  for (const tab of document.querySelectorAll("[role=tab]"))
    tab.setAttribute("aria-selected", String(tab.dataset.view === view));
  document.body.dataset.view = view;
  DRAW[view]();
  drawPanel();
}

function refilter() {
  applyFilter();
  byId("count").textContent = `${grouped(String(shown.length))} of ${grouped(String(COUNT))} facts`;
  byId("picked").hidden = !filter.picked;
  byId("picked").textContent = filter.picked ? `${short(filter.picked.words, 60)} ✕` : "";
  for (const chip of byId("kinds").children) chip.setAttribute("aria-pressed", String(filter.kinds.has(+chip.dataset.kind)));
  DRAW[view]();
}

// Only these facts, in the table.
function pick(numbers, words) {
  filter.picked = { facts: numbers, words };
  refilter();
  show("table");
}

function select(fact) {
  selected = fact;
  drawSelection();
  drawPanel();
  if (view === "table") tableRows.draw();
}

// ---- the list of documents

const documentsShown = () => {
  const all = [...data.documents.keys()];
  const everything = shown.length === COUNT;
  return everything ? all : all.filter((n) => n === open.document || numbersShown(n) > 0);
};
const numbersShown = (document) => {
  let count = 0;
  for (let fact = FACTS_OF[document][0]; fact < FACTS_OF[document][1]; fact++) count += passes[fact];
  return count;
};
const documentRows = new Rows(byId("documents"), byId("documents"), 46, (n) => {
  const about = data.documents[n];
  const isRead = about.status === "read";
  const below = isRead ? [about.published, `${numbersShown(n)} facts`].filter(Boolean).join(" · ") : about.status;
  return make("a",
    { class: isRead ? "item" : "item unread", href: `#d${n}`, "aria-current": String(n === open.document) },
    make("bdi", { title: about.document }, name(about)), make("small", {}, below));
});

// ---- the table

const COLUMNS = [
  ["Document", "document", (fact) => name(data.documents[facts.document[fact]])],
  ["Line", "line", (fact) => String(facts.line[fact])],
  ["Kind", "kind", (fact) => data.kinds[facts.kind[fact]]],
  ["Quote", "quote", quote],
  ["Value", "value", (fact) => facts.value[fact]],
  ["Amount", "value_min", (fact) => `${amount(fact)} ${unitSign(facts.unit[fact])}`.trim()],
  ["First day", "date_start", (fact) => facts.date_start[fact]],
  ["Sure", "confidence", (fact) => facts.confidence[fact]],
  ["Flags", "flags", codes],
];
// The unit where the value does not tell it better: a counted noun may be long.
const unitSign = (unit) => (unit === "percent" ? "%" : /^([A-Z]{3}|pp|bp)$/.test(unit) ? unit : "");
const order = { column: -1, down: false };

// The facts that pass, by the chosen column; what has no value there comes last, and equal ones as they stand in the texts.
function sorted() {
  if (order.column < 0) return shown;
  const [, column, cell] = COLUMNS[order.column];
  const numeric = ["line", "value_min", "confidence"].includes(column);
  const keys = new Map(shown.map((fact) => {
    const words = numeric ? String(facts[column][fact]) : cell(fact);
    return [fact, words === "" ? null : numeric ? +words : words.toLowerCase()];
  }));
  const way = order.down ? -1 : 1;
  return [...shown].sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === y) return a - b;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y ? -way : way;
  });
}

const tableRows = new Rows(byId("rows"), byId("rows").querySelector("tbody"), 30, (fact) =>
  make("tr", { "data-fact": fact, class: fact === selected ? "selected" : null },
    ...COLUMNS.map(([, column, cell]) => {
      const words = cell(fact);
      if (column === "kind") return make("td", { class: column }, make("span", { class: `swatch ${words}` }, words));
      return make("td", { class: column, title: words.slice(0, 600) }, make("bdi", {}, words.slice(0, 300)));
    })));

function drawHead() {
  const head = COLUMNS.map(([title, column], n) => make("th", {
    class: column, scope: "col", "aria-sort": n !== order.column ? "none" : order.down ? "descending" : "ascending" },
    make("button", { onclick: () => sortBy(n) }, title)));
  byId("rows").querySelector("thead").replaceChildren(make("tr", {}, ...head));
}

function sortBy(column) {
  order.down = order.column === column && !order.down;
  order.column = column;
  drawHead();
  byId("rows").scrollTop = 0;
  tableRows.show(sorted());
}

// ---- moving about

// The address: #f and 12 hex digits opens a fact at its place, #d and a number a document.
function follow() {
  const [fact, number] = [NUMBER.get(location.hash.slice(1)), /^#d(\d+)$/.exec(location.hash)];
  if (fact !== undefined) {
    selected = fact;
    if (!passes[fact]) reset();
    open.document = facts.document[fact] === open.document ? open.document : -1;
    if (view !== "reading") showQuietly();
    openFact(fact);
    documentRows.show(documentsShown());
    documentRows.reveal(documentsShown().indexOf(open.document));
    drawPanel();
  } else if (number && +number[1] < data.documents.length) {
    byId("document").scrollTop = 0;
    open.document = +number[1];
    open.page = 0;
    show("reading");
  }
}

function showQuietly() {
  if (open.document < 0) open.document = facts.document[selected];
  show("reading");
}

function step(by, wanted = () => true) {
  const from = view === "table" ? tableRows.items : shown;
  let at = from.indexOf(selected);
  if (at < 0) at = by > 0 ? from.findIndex((fact) => facts.document[fact] >= open.document) - 1 : from.length;
  do at += by; while (at >= 0 && at < from.length && !wanted(from[at]));
  if (at < 0 || at >= from.length) return;
  if (view === "table") { select(from[at]); tableRows.reveal(at); }
  else location.hash = facts.fact_id[from[at]];
}

function stepDocument(by) {
  const all = documentsShown();
  const next = all[all.indexOf(open.document) + by];
  if (next !== undefined) { location.hash = `d${next}`; documentRows.reveal(all.indexOf(next)); }
}

function turnPage(by) {
  byId("document").scrollTop = 0;
  openDocument(open.document, open.page + by);
}

function reset() {
  byId("filters").reset();
  Object.assign(filter, { kinds: new Set(data.kinds.keys()), flag: "", organisation: "", words: "", picked: null });
  refilter();
}

function turnTheme() {
  const root = document.documentElement;
  const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme ?? preferred) === "dark" ? "light" : "dark";
}

const KEYS = {
  j: () => step(1), k: () => step(-1), f: () => step(1, (fact) => facts.flags[fact].length > 0),
  n: () => stepDocument(1), p: () => stepDocument(-1), d: turnTheme, "/": () => byId("words").focus(),
  "?": () => byId("help").showModal(), Escape: () => select(-1),
  Enter: () => { if (selected >= 0) location.hash = facts.fact_id[selected]; if (view !== "reading") follow(); },
  ...Object.fromEntries(VIEWS.map((name, n) => [String(n + 1), () => show(name)])),
};

document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, select, dialog");
  if (inField && event.key === "Escape") event.target.blur();
  if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
  const fact = event.target.closest(".fact");
  if (fact && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); fact.click(); return; }
  if (event.target.closest("button, a, circle") && event.key === "Enter") return;
  if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
});

// A click on a span of several claims goes from one to the next.
byId("text").addEventListener("click", (event) => {
  const span = event.target.closest(".fact");
  if (!span) return;
  const here = span.dataset.facts.split(" ").map(Number);
  const fact = here[(here.indexOf(selected) + 1) % here.length];
  select(fact);
  history.replaceState(null, "", `#${facts.fact_id[fact]}`);
});
byId("rows").addEventListener("click", (event) => {
  const row = event.target.closest("[data-fact]");
  if (row) select(+row.dataset.fact);
});
byId("rows").addEventListener("dblclick", (event) => { if (event.target.closest("[data-fact]")) KEYS.Enter(); });
byId("page-back").addEventListener("click", () => turnPage(-1));
byId("page-on").addEventListener("click", () => turnPage(1));
byId("theme").addEventListener("click", turnTheme);
byId("help-button").addEventListener("click", () => byId("help").showModal());
for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => show(tab.dataset.view));

byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("everything").addEventListener("click", (event) => { event.preventDefault(); reset(); });
byId("picked").addEventListener("click", () => { filter.picked = null; refilter(); });
for (const [id, event] of [["flag", "change"], ["organisation", "input"], ["words", "input"]])
  byId(id).addEventListener(event, () => { filter[id] = byId(id).value.trim(); refilter(); });
byId("kinds").append(...data.kinds.map((kind, n) => make("button", {
  type: "button", class: `swatch ${kind}`, "data-kind": n, title: "Click: show or hide; double click: only these",
  onclick: () => { if (!filter.kinds.delete(n)) filter.kinds.add(n); refilter(); },
  ondblclick: () => { filter.kinds = new Set([n]); refilter(); },
}, kind, make("small", {}, grouped(String(facts.kind.filter((each) => each === n).length))))));
const carried = new Set(facts.flags.flat());
byId("flag").append(
  ...[["", "With or without flags"], ["any", "With a flag"], ["none", "Without a flag"]]
    .map(([value, words]) => make("option", { value }, words)),
  ...data.flags.filter((_, n) => carried.has(n)).map(([code]) => make("option", { value: code }, code)));
byId("organisations").append(...data.organisations.map((value) => make("option", { value })));

// On paper there is no scrolling: the table gets its first two thousand rows.
addEventListener("beforeprint", () => { tableRows.most = 2000; tableRows.draw(); });
addEventListener("afterprint", () => { tableRows.most = 0; tableRows.draw(); });
addEventListener("hashchange", follow);

open.document = Math.max(0, data.documents.findIndex((each) => each.status === "read"));
drawHead();
refilter();
show("reading");
follow();
