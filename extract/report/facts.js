"use strict";
// The data of the page, what is filtered out of it, and small helpers. Facts are numbered; `facts` has a list a column.
// Whatever the data says becomes text (textContent), never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const facts = data.facts;
const COUNT = facts.fact_id.length;
const NUMBER = new Map(facts.fact_id.map((id, fact) => [id, fact]));
const CLAIM = data.kinds.indexOf("claim");
const byId = (id) => document.getElementById(id);

// The facts of each document, as [first, after the last]: they are in order of documents.
const FACTS_OF = data.documents.map(() => [0, 0]);
for (let fact = 0; fact < COUNT; fact++) {
  const range = FACTS_OF[facts.document[fact]];
  if (range[0] === range[1]) range[0] = fact;
  range[1] = fact + 1;
}
// The figures, dates and names of each claim.
const PARTS = new Map();
for (let fact = 0; fact < COUNT; fact++)
  for (const claim of facts.claims[fact]) PARTS.set(claim, [...(PARTS.get(claim) ?? []), fact]);

// An element with attributes; texts and elements below it.
function make(tag, attributes = {}, ...children) {
  const element = tag === "svg" || make.inSvg.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
}
make.inSvg = new Set(["g", "circle", "line", "rect", "text"]);

const quote = (fact) => data.documents[facts.document[fact]].text.slice(facts.start[fact], facts.end[fact]);
const codes = (fact) => facts.flags[fact].map((flag) => data.flags[flag][0]).join(" ");
const name = (document) => document.title || document.document;
const grouped = (number) => number.replace(/\B(?=(\d{3})+(?!\d))/g, " ");

// A figure as it is read: 5 000 000; 5…8; over an open end.
function amount(fact) {
  const [low, high] = [facts.value_min[fact], facts.value_max[fact]];
  if (!low && !high) return "";
  const [whole, decimals] = (low || high).split(".");
  const one = grouped(whole) + (decimals && +decimals ? "." + decimals : "");
  return low === high ? one : low && high ? `${one} … ${grouped(high.split(".")[0])}` : low ? `≥ ${one}` : `≤ ${one}`;
}

// ---- the filter: `shown` lists the facts that pass, `passes` has a 1 for each of them

const filter = { kinds: new Set(data.kinds.keys()), flag: "", organisation: "", words: "", picked: null };
let shown = [];
let passes = new Uint8Array(COUNT);
let haystack = null;

function applyFilter() {
  const wanted = filter.organisation.toLowerCase();
  const organisations = new Set();
  if (wanted) data.organisations.forEach((each, n) => each.toLowerCase().includes(wanted) && organisations.add(n));
  const words = filter.words.toLowerCase();
  if (words && !haystack)
    haystack = facts.value.map((value, fact) => `${value}\n${quote(fact)}`.toLowerCase());
  const flag = data.flags.findIndex(([code]) => code === filter.flag);
  const picked = filter.picked && new Set(filter.picked.facts);
  shown = [];
  passes = new Uint8Array(COUNT);
  for (let fact = 0; fact < COUNT; fact++) {
    const flags = facts.flags[fact];
    if (!filter.kinds.has(facts.kind[fact])) continue;
    if (filter.flag === "any" ? !flags.length : filter.flag === "none" ? flags.length : flag >= 0 && !flags.includes(flag))
      continue;
    if (wanted && !facts.organisations[fact].some((each) => organisations.has(each))) continue;
    if (words && !haystack[fact].includes(words)) continue;
    if (picked && !picked.has(fact)) continue;
    shown.push(fact);
    passes[fact] = 1;
  }
}

// A list of rows of one height, of which only those in sight are there.
class Rows {
  constructor(box, body, height, row) {
    Object.assign(this, { box, body, height, row, items: [], most: 0 });
    box.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(box);
  }
  show(items) {
    this.items = items;
    this.draw();
  }
  reveal(index) {
    const [top, room] = [index * this.height, this.box.clientHeight - 2 * this.height];
    if (top < this.box.scrollTop || top > this.box.scrollTop + room) this.box.scrollTop = top - room / 2;
    this.draw();
  }
  draw() {
    const sight = this.most || Math.ceil(this.box.clientHeight / this.height) + 20;
    const first = this.most ? 0 : Math.max(0, Math.floor(this.box.scrollTop / this.height) - 10);
    const items = this.items.slice(first, first + sight);
    const spacer = (count) => {
      const element = make(this.body.tagName === "TBODY" ? "tr" : "div", { class: "spacer", "aria-hidden": "true" });
      element.style.height = `${count * this.height}px`;
      return element;
    };
    const after = Math.max(0, this.items.length - first - items.length);
    this.body.replaceChildren(spacer(first), ...items.map((item, n) => this.row(item, first + n)), spacer(after));
  }
}
