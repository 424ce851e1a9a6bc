// The reading view: a document with its facts in place, and the panel that tells all of one fact.

const LONGEST_PAGE = 40_000; // characters; a longer document is paged
const open = { document: -1, page: 0 };
let selected = -1;

// The first character of each page of a text, cut at line ends where there are any.
function pagesOf(text) {
  const starts = [0];
  while (text.length - starts.at(-1) > LONGEST_PAGE) {
    const from = starts.at(-1);
    const line = text.slice(from, from + LONGEST_PAGE).lastIndexOf("\n");
    let cut = from + (line > 0 ? line + 1 : LONGEST_PAGE);
    if (/[\uDC00-\uDFFF]/.test(text[cut])) cut -= 1;
    starts.push(cut);
  }
  return starts;
}

// The text between two places as elements: a fact is a span, a fact inside another one a span inside its span. Where
// two cross, the later is cut in two. Claims of one sentence share their span.
function marked(text, from, to, numbers) {
  const pieces = [];
  for (const fact of numbers) {
    const [start, end] = [Math.max(facts.start[fact], from), Math.min(facts.end[fact], to)];
    const last = pieces.at(-1);
    if (last && last.start === start && last.end === end && last.kind === facts.kind[fact]) last.facts.push(fact);
    else if (start < end) pieces.push({ start, end, kind: facts.kind[fact], facts: [fact], ends: true });
  }
  pieces.sort((a, b) => a.start - b.start || b.end - a.end || (b.kind === CLAIM) - (a.kind === CLAIM));
  const root = document.createDocumentFragment();
  const around = [{ node: root, end: to }];
  let at = from;
  const write = (end) => { if (end > at) around.at(-1).node.append(text.slice(at, end)); at = Math.max(at, end); };
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n];
    while (around.at(-1).end <= piece.start) { write(around.at(-1).end); around.pop(); }
    write(piece.start);
    const outer = around.at(-1);
    if (piece.end > outer.end) {
      const rest = { ...piece, start: outer.end };
      let place = n + 1;
      while (place < pieces.length && pieces[place].start < rest.start) place++;
      pieces.splice(place, 0, rest);
      piece.end = outer.end;
      piece.ends = false;
    }
    const node = spanOf(piece);
    outer.node.append(node);
    around.push({ node, end: piece.end });
  }
  while (around.length) { write(around.at(-1).end); around.pop(); }
  return root;
}

function spanOf(piece) {
  const flagged = piece.facts.some((fact) => facts.flags[fact].length);
  const [fact] = piece.facts;
  return make("span", {
    class: `fact ${data.kinds[piece.kind]}${flagged ? " flagged" : ""}${piece.ends ? " ends" : ""}`,
    "data-facts": piece.facts.join(" "),
    role: "button",
    tabindex: "0",
    "aria-label": `${data.kinds[piece.kind]} ${facts.value[fact]}${flagged ? ", flagged" : ""}`,
    title: facts.value[fact] + (codes(fact) ? ` ⚑ ${codes(fact)}` : ""),
  });
}

function openDocument(document, page = 0) {
  Object.assign(open, { document, page });
  const about = data.documents[document];
  const pages = pagesOf(about.text);
  byId("title").textContent = name(about);
  byId("about").textContent = [
    about.title && about.document, about.author, about.source,
    about.published && `${about.published} (from ${about.published_basis})`,
    about.status === "read" ? "" : about.status,
  ].filter(Boolean).join(" · ");
  byId("pages").hidden = pages.length < 2;
  byId("page").textContent = `page ${page + 1} of ${pages.length}`;
  byId("page-back").disabled = page === 0;
  byId("page-on").disabled = page === pages.length - 1;
  const [from, to] = [pages[page], pages[page + 1] ?? about.text.length];
  const here = [];
  for (let fact = FACTS_OF[document][0]; fact < FACTS_OF[document][1]; fact++)
    if (passes[fact] && facts.start[fact] < to && facts.end[fact] > from) here.push(fact);
  byId("text").replaceChildren(marked(about.text, from, to, here));
  const printed = (fact) => [String(facts.line[fact]), data.kinds[facts.kind[fact]], facts.value[fact], codes(fact)];
  byId("printed").replaceChildren(...here.map((fact) =>
    make("tr", {}, ...printed(fact).map((cell) => make("td", {}, make("bdi", {}, cell))))));
  drawSelection();
}

// Opens the document of a fact at its place.
function openFact(fact) {
  const document = facts.document[fact];
  const page = pagesOf(data.documents[document].text).findLastIndex((start) => start <= facts.start[fact]);
  if (document !== open.document || page !== open.page) {
    byId("document").scrollTop = 0;
    openDocument(document, page);
  }
  drawSelection();
  const place = byId("text").querySelector(".selected");
  if (place) place.scrollIntoView({ block: "center" });
}

function drawSelection() {
  for (const each of byId("text").querySelectorAll(".selected, .part")) each.classList.remove("selected", "part");
  if (selected < 0) return;
  const parts = new Set([...(PARTS.get(selected) ?? []), ...facts.claims[selected]]);
  for (const span of byId("text").querySelectorAll(".fact")) {
    const here = span.dataset.facts.split(" ").map(Number);
    if (here.includes(selected)) span.classList.add("selected");
    else if (here.some((fact) => parts.has(fact))) span.classList.add("part");
  }
}

// ---- the panel

function drawPanel() {
  const panel = byId("panel");
  if (selected < 0) {
    const words = "Choose a fact: its value, its flags and what speaks for it stand here.";
    panel.replaceChildren(make("p", { class: "faint" }, words));
    return;
  }
  const fact = selected;
  const kind = data.kinds[facts.kind[fact]];
  const text = data.documents[facts.document[fact]].text;
  const [start, end] = [facts.start[fact], facts.end[fact]];
  const days = facts.date_start[fact] === facts.date_end[fact]
    ? facts.date_start[fact] : `${facts.date_start[fact] || "…"} to ${facts.date_end[fact] || "…"}`;
  const figure = amount(fact) && `${facts.modifier[fact]} ${amount(fact)} ${facts.unit[fact]}`.trim();
  const rows = [
    ["amount", figure], ["days", days === "… to …" ? "" : days], ["basis", facts.date_basis[fact]],
    ["type", facts.claim_type[fact]], ["subject", facts.subject[fact]], ["object", facts.object[fact]],
    ["modality", facts.modality[fact]], ["said by", facts.source[fact]], ["confidence", facts.confidence[fact]],
    ["rule", facts.rule[fact]], ["review", facts.status[fact]],
    ["place", `${name(data.documents[facts.document[fact]])}, line ${facts.line[fact]}`], ["id", facts.fact_id[fact]],
  ];
  const same = [];
  for (let other = FACTS_OF[facts.document[fact]][0]; other < FACTS_OF[facts.document[fact]][1]; other++)
    if (other !== fact && facts.start[other] === start && facts.end[other] === end) same.push(other);
  // The words of the same line on either side, whole.
  const before = text.slice(Math.max(0, start - 90), start).split("\n").at(-1).replace(/^\S*\s/, "");
  const after = text.slice(end, end + 90).split("\n")[0].replace(/\s\S*$/, "");
  const words = text.slice(start, end);
  panel.replaceChildren(
    make("p", { class: `kind ${kind}` }, kind),
    make("h2", {}, make("bdi", {}, facts.value[fact] || "value not told")),
    make("blockquote", {},
      make("bdi", {}, ...(kind === "claim" ? [words] : [`…${before}`, make("b", {}, words), `${after}…`]))),
    ...facts.flags[fact].map((flag) => {
      const [code, meaning] = data.flags[flag];
      return make("p", { class: "flag" }, make("b", {}, `⚑ ${code}`), ` ${meaning}`);
    }),
    ...(facts.evidence[fact] ? [make("p", {}, make("b", {}, "Evidence "), ...linked(facts.evidence[fact]))] : []),
    make("dl", {}, ...rows.filter(([, cell]) => cell).flatMap(([term, cell]) =>
      [make("dt", {}, term), make("dd", {}, make("bdi", {}, cell))])),
    ...links("Its figures, dates and names", PARTS.get(fact) ?? []),
    ...links("Belongs to", facts.claims[fact]),
    ...links("In the same place", same),
  );
  if (view !== "reading") panel.prepend(link(fact, "Show it in its document"));
}

const link = (fact, words) => make("a", { href: `#${facts.fact_id[fact]}` }, make("bdi", {}, words));

function links(title, numbers) {
  if (!numbers.length) return [];
  const items = numbers.map((fact) =>
    make("li", { class: data.kinds[facts.kind[fact]] }, link(fact, facts.value[fact] || quote(fact))));
  return [make("h3", {}, title), make("ul", {}, ...items)];
}

// Words in which the ids of facts are links.
function linked(words) {
  return words.split(/\b(f[0-9a-f]{12})\b/).map((part) =>
    NUMBER.has(part) ? link(NUMBER.get(part), facts.value[NUMBER.get(part)] || part) : make("bdi", {}, part));
}
