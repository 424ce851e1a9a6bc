// Three pictures of the facts that pass the filter. A mark is a choice of facts: it opens the table with just these.

const WIDTH = 1080;
const LEFT = 190;
const ROW = 30;
const text = (x, y, words, attributes = {}) => make("text", { x, y, ...attributes }, words);
const canvas = (height, label) => make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label });
const short = (words, length = 26) =>
  [...words].length > length ? [...words].slice(0, length - 1).join("") + "…" : words;
const largestFirst = (numbers, key) => [...Map.groupBy(numbers, key)].sort((a, b) => b[1].length - a[1].length);
const nothing = (words) => make("p", { class: "faint" }, words);

function dot(x, y, numbers, kind, words) {
  const flagged = numbers.every((fact) => facts.flags[fact].length);
  const mark = make("circle", {
    cx: x, cy: y, r: Math.min(13, 3 + 1.6 * Math.sqrt(numbers.length)), class: `mark ${kind}${flagged ? " flagged" : ""}`,
    tabindex: "0", role: "button", "aria-label": words, onclick: () => pick(numbers, words),
    onkeydown: (event) => event.key === "Enter" && pick(numbers, words),
  });
  mark.append(make.title(words));
  return mark;
}
make.title = (words) => {
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = words;
  return title;
};

// Rows of dots: `rows` are [label, points], a point [x, fact]; points that would touch are one dot.
function strip(rows, ticks, place, kind, label) {
  const height = ROW * rows.length + 40;
  const svg = canvas(height, label);
  for (const [at, words] of ticks) {
    svg.append(make("line", { x1: place(at), x2: place(at), y1: 8, y2: height - 26, class: "grid" }));
    svg.append(text(place(at), height - 8, words, { "text-anchor": "middle", class: "tick" }));
  }
  rows.forEach(([words, points], n) => {
    const y = 8 + ROW * (n + 0.5);
    svg.append(make("line", { x1: LEFT, x2: WIDTH - 20, y1: y, y2: y, class: "rule" }));
    const shortened = text(LEFT - 14, y + 4, short(words), { "text-anchor": "end" });
    shortened.append(make.title(words));
    svg.append(shortened);
    const bins = new Map();
    for (const [at, fact] of points) {
      const x = Math.round(place(at) / 8) * 8;
      bins.set(x, [...(bins.get(x) ?? []), fact]);
    }
    for (const [x, numbers] of bins) {
      const first = facts.value[numbers[0]];
      const told = numbers.length === 1 ? first : `${numbers.length} facts: ${words}, around ${first}`;
      svg.append(dot(x, y, numbers, kind, told));
    }
  });
  return svg;
}

// ---- the timeline: claims by day and type

const DAY = 86_400_000;

function drawTimeline(box) {
  const dated = shown.filter((fact) => facts.kind[fact] === CLAIM && facts.date_start[fact]);
  if (!dated.length) return box.replaceChildren(nothing("No claim with a date passes the filter."));
  const day = (fact) => Date.parse(facts.date_start[fact]);
  const days = dated.map(day).sort((a, b) => a - b);
  // The few that lie far outside stand at the ends, so that they do not press the rest together.
  const share = (part) => days[Math.round(part * (days.length - 1))];
  let [first, last] = days.length < 20 ? [days[0], days.at(-1)] : [share(0.03), share(0.97)];
  [first, last] = [first - 20 * DAY, last + 20 * DAY];
  const place = (at) => LEFT + 20 + ((Math.min(Math.max(at, first), last) - first) / (last - first)) * (WIDTH - LEFT - 60);
  const rows = largestFirst(dated, (fact) => facts.claim_type[fact]).map(([type, numbers]) =>
    [type, numbers.map((fact) => [day(fact), fact])]);
  box.replaceChildren(
    make("h2", {}, `${grouped(String(dated.length))} dated claims`),
    make("p", { class: "faint" }, "By the first day that a claim holds for; what lies far outside stands at the ends. ",
      "A ring: all of its claims have a flag."),
    strip(rows, timeTicks(first, last), place, "claim", "Claims by date and type"));
}

function timeTicks(first, last) {
  const [from, to] = [new Date(first).getUTCFullYear(), new Date(last).getUTCFullYear() + 1];
  const months = to - from <= 2 ? 3 : 12 * Math.ceil((to - from) / 10);
  const ticks = [];
  for (let month = Math.ceil((from * 12) / months) * months; month <= to * 12; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at >= first && at <= last) ticks.push([at, new Date(at).toISOString().slice(0, month % 12 || months < 12 ? 7 : 4)]);
  }
  return ticks;
}

// ---- amounts: by currency, and of one currency by organisation

const MOST_ROWS = 20;
const amounts = { currency: "" };

function drawAmounts(box) {
  const value = (fact) => +(facts.value_min[fact] || facts.value_max[fact]);
  const size = (fact) => Math.log10(value(fact));
  const money = shown.filter((fact) => /^[A-Z]{3}$/.test(facts.unit[fact]) && value(fact) > 0);
  const mentions = money.filter((fact) => facts.kind[fact] !== CLAIM);
  const currencies = largestFirst(mentions, (fact) => facts.unit[fact]).slice(0, MOST_ROWS);
  if (!currencies.length) return box.replaceChildren(nothing("No amount of money passes the filter."));
  if (!currencies.some(([unit]) => unit === amounts.currency)) amounts.currency = currencies[0][0];
  const claims = money.filter((fact) => facts.unit[fact] === amounts.currency && facts.subject_organisation[fact] >= 0);
  const companies = largestFirst(claims, (fact) => facts.subject_organisation[fact]).slice(0, MOST_ROWS);
  const points = (numbers) => numbers.map((fact) => [size(fact), fact]);
  const [low, high] = money.map(size).reduce(([a, b], at) => [Math.min(a, at), Math.max(b, at)], [12, 0]);
  const [from, to] = [Math.floor(low), Math.max(Math.floor(low) + 1, Math.ceil(high))];
  const place = (at) => LEFT + 20 + ((at - from) / (to - from)) * (WIDTH - LEFT - 60);
  const ticks = [];
  for (let at = from; at <= to; at += Math.ceil((to - from) / 14)) ticks.push([at, powerOfTen(at)]);
  const choice = make("select", { onchange: (event) => { amounts.currency = event.target.value; drawAmounts(box); } },
    ...currencies.map(([unit]) => make("option", { selected: unit === amounts.currency }, unit)));
  box.replaceChildren(
    make("h2", {}, "Amounts by currency"),
    strip(currencies.map(([unit, numbers]) => [unit, points(numbers)]), ticks, place, "money", "Amounts by currency"),
    make("h2", {}, "Amounts claimed, by organisation ", choice),
    companies.length
      ? strip(companies.map(([n, numbers]) => [data.organisations[n], points(numbers)]), ticks, place, "claim",
        "Amounts by organisation")
      : nothing("No claim about an organisation has an amount in this currency."),
    make("p", { class: "faint" }, `A tenfold scale. The ${MOST_ROWS} with most amounts are shown. `,
      "A ring: all of its facts have a flag."));
}

// 0.01, 100, 10k, 1m, 100bn.
function powerOfTen(at) {
  const thousands = Math.floor(at / 3);
  if (at < 3 || thousands > 4) return at < 3 ? String(10 ** at) : `1e${at}`;
  return 10 ** (at % 3) + ["", "k", "m", "bn", "tn"][thousands];
}

// ---- who deals with whom: claims between two organisations

function drawDealings(box) {
  const pairs = shown.filter((fact) => facts.kind[fact] === CLAIM && facts.subject_organisation[fact] >= 0
    && facts.object_organisation[fact] >= 0 && facts.subject_organisation[fact] !== facts.object_organisation[fact]);
  if (!pairs.length) return box.replaceChildren(nothing("No claim between two organisations passes the filter."));
  // The pairs with most claims first, as long as there is room for their row and column.
  const pairOf = (fact) => `${facts.subject_organisation[fact]} ${facts.object_organisation[fact]}`;
  const cells = Map.groupBy(pairs, pairOf);
  const [rows, columns] = [new Set(), new Set()];
  for (const [pair] of largestFirst(pairs, pairOf)) {
    const [row, column] = pair.split(" ").map(Number);
    if ((!rows.has(row) && rows.size === MOST_ROWS) || (!columns.has(column) && columns.size === MOST_ROWS)) continue;
    rows.add(row);
    columns.add(column);
  }
  const largest = Math.max(...[...cells.values()].map((numbers) => numbers.length));
  const head = (scope, n, length) =>
    make("th", { scope, title: data.organisations[n] }, make("span", {}, short(data.organisations[n], length)));
  const cell = (row, column) => {
    const numbers = cells.get(`${row} ${column}`);
    if (!numbers) return make("td");
    const types = [...new Set(numbers.map((fact) => facts.claim_type[fact]))].join(", ");
    const words = `${data.organisations[row]} → ${data.organisations[column]}: ${types}`;
    const button = make("button", { title: words, "aria-label": words, onclick: () => pick(numbers, words) },
      String(numbers.length));
    button.style.setProperty("--share", `${10 + Math.round((45 * numbers.length) / largest)}%`);
    return make("td", {}, button);
  };
  box.replaceChildren(
    make("h2", {}, `${grouped(String(pairs.length))} claims between two organisations`),
    make("p", { class: "faint" }, `Who does (rows) to or with whom (columns); the ${MOST_ROWS} with most claims.`),
    make("table", { class: "matrix" },
      make("thead", {}, make("tr", {}, make("td"), ...[...columns].map((column) => head("col", column, 22)))),
      make("tbody", {}, ...[...rows].map((row) =>
        make("tr", {}, head("row", row, 34), ...[...columns].map((column) => cell(row, column)))))));
}
