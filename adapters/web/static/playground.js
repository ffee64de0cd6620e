// Keeps the playground's page alive. Without it the page works as well: every act is a form, every tab a link.
"use strict";

const windows = document.getElementById("windows");
const byThumb = matchMedia("(pointer: coarse)");
const shown = new Map(); // what the server last sent, by element id: what is the same is not touched

// ------------------------------------------------------------------ what changes

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template;
}

function fill(id, sent) {
  const place = document.getElementById(id);
  const html = parsed(sent).innerHTML; // as browsers write it, so that it can be compared
  if (!place || shown.get(id) === html) return;
  shown.set(id, html);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const drafts = [...place.querySelectorAll("[name=text]")].map((input) => [input.id, input.value]);
  place.innerHTML = html;
  for (const [input, words] of drafts) if (document.getElementById(input)) document.getElementById(input).value = words;
  prepare(place);
  if (id === "clock") tick(); // else its seconds would be gone until the next
  if (id === "people") inView();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function inView() { // whom one acts as, where many are in a row
  const row = document.querySelector("#people form");
  const acting = row?.querySelector("[aria-pressed=true]");
  if (acting) row.scrollLeft = acting.offsetLeft - row.offsetLeft - (row.clientWidth - acting.offsetWidth) / 2;
}

function list(id, change, lively) {
  const place = document.getElementById(id);
  if (!place) return;
  const remain = new Set(change.ids);
  for (const child of [...place.children]) if (!remain.has(child.id)) { shown.delete(child.id); child.remove(); }
  for (const [key, sent] of change.items) {
    const fresh = parsed(sent).content.firstElementChild;
    const html = fresh.outerHTML;
    if (shown.get(key) === html) continue;
    shown.set(key, html);
    const known = document.getElementById(key);
    if (known) {
      replace(known, fresh);
      continue;
    }
    if (lively) fresh.classList.add("fresh");
    place.append(fresh);
    if (lively && fresh.classList.contains("mine")) place.parentElement.scrollTop = 0;
  }
}

function replace(known, fresh) {
  const held = document.activeElement;
  const ticked = [...known.querySelectorAll("input:checked")].map((box) => box.name);
  const again = known.contains(held) && counterpart(held, known, fresh);
  const holds = known.contains(held);
  known.replaceWith(fresh);
  for (const box of fresh.querySelectorAll("input[type=checkbox]")) box.checked = ticked.includes(box.name);
  if (again) again.focus({ preventScroll: true });
  else if (holds) { fresh.tabIndex = -1; fresh.focus({ preventScroll: true }); } // the next Tab leads to its buttons
}

function counterpart(held, known, fresh) { // the same control, though its figures may have changed
  const alike = (item) => [...item.querySelectorAll(held.tagName)].filter((one) => one.getAttribute("formaction") === held.getAttribute("formaction"));
  const [before, after] = [alike(known), alike(fresh)];
  const same = after.find((one) => one.name === held.name && one.value === held.value);
  return same ?? (before.length === after.length ? after[before.indexOf(held)] : undefined);
}

function show(change, lively) {
  for (const [id, html] of Object.entries(change.parts)) fill(id, html);
  for (const [id, items] of Object.entries(change.lists)) list(id, items, lively);
  unread();
}

// ------------------------------------------------------------------ listening

let source;
let address = "";

function listen() {
  if (source && address === windows.dataset.events) return;
  source?.close();
  address = windows.dataset.events;
  source = new EventSource(address);
  let first = true;
  source.onmessage = (event) => {
    show(JSON.parse(event.data), !first);
    first = false;
  };
}

// ------------------------------------------------------------------ tabs

const seen = new Map();

function unread() {
  for (const tab of document.querySelectorAll(".tabs a")) {
    const { chat, count } = tab.dataset;
    if (tab.hasAttribute("aria-current") || !seen.has(chat)) seen.set(chat, Number(count));
    tab.classList.toggle("unread", Number(count) > seen.get(chat));
  }
}

// ------------------------------------------------------------------ acting without leaving the page

async function load(url, options) {
  const answer = await fetch(url, options);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("windows")) return say(page.getElementById("why")?.textContent ?? page.body.textContent);
  if (page.documentElement.lang !== document.documentElement.lang || new URL(answer.url).search === "" && url === "/do/reset") {
    location.assign(answer.url);
    return;
  }
  history.replaceState(null, "", answer.url);
  show(read(page), true);
  for (const input of document.querySelectorAll("header input[name=view], .cast > details input[name=view]")) input.value = location.search.slice(1);
  windows.dataset.events = page.getElementById("windows").dataset.events;
  if (!page.getElementById("hint")) document.getElementById("hint")?.remove();
  listen();
}

function read(page) {
  const parts = {};
  const lists = {};
  for (const place of page.querySelectorAll("#clock, #people, .head, .tabs, .nothing, .say")) parts[place.id] = place.innerHTML;
  for (const place of page.querySelectorAll(".lines")) {
    const items = [...place.children].map((child) => [child.id, child.outerHTML]);
    lists[place.id] = { items, ids: items.map(([id]) => id) };
  }
  return { parts, lists };
}

function say(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words.trim();
  toast.hidden = false;
  setTimeout(() => { toast.hidden = true; }, 4000);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const fields = new URLSearchParams(new FormData(form, submitter));
  const text = form.querySelector("[name=text]");
  if (text) { text.value = ""; suggest(text); grow(text); }
  form.closest("details")?.removeAttribute("open");
  submitter?.closest("details")?.removeAttribute("open");
  try {
    await load(url, { method: "POST", body: fields });
    if (url === "/do/invite") form.reset();
  } catch {
    if (text && !text.value) { text.value = fields.get("text"); grow(text); }
    say(document.getElementById("toast").dataset.silent);
  }
});

document.addEventListener("click", async (event) => {
  for (const open of document.querySelectorAll("details[open]")) if (!open.contains(event.target)) open.open = false;
  const link = event.target.closest("a");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (link.closest(".faces")) {
    event.preventDefault();
    document.querySelector(url.hash).scrollIntoView({ inline: "start", block: "nearest" });
  } else if (url.origin === location.origin && link.closest(".window")) {
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    await load(url.pathname + url.search);
    if (url.hash.endsWith("-text")) document.querySelector(url.hash)?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details[open]")) {
    const inside = open.contains(document.activeElement);
    open.open = false;
    if (inside) open.querySelector("summary").focus();
  }
});

// ------------------------------------------------------------------ commands

function prepare(root) {
  for (const input of root.querySelectorAll("textarea[data-commands]")) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.enterKeyHint = byThumb.matches ? "enter" : "send";
    grow(input);
  }
}

function grow(input) { // where the style sheet can't do it
  input.rows = Math.min(6, input.value.split("\n").length);
}

function suggest(input) {
  const place = document.getElementById(input.getAttribute("aria-controls"));
  const options = document.getElementById(input.dataset.commands)?.options ?? [];
  const words = input.value.toLowerCase();
  const fits = words.startsWith("/") ? [...options].filter((option) => option.value.startsWith(words) || words.startsWith(`${option.value} `)) : [];
  place.replaceChildren(...fits.map((option, index) => suggestion(option, index, place.id)));
  place.hidden = fits.length === 0;
  input.setAttribute("aria-expanded", String(!place.hidden));
  choose(input, place, fits.length && !words.startsWith(`${fits[0].value} `) ? 0 : -1);
}

function suggestion(option, index, id) {
  const entry = document.createElement("li");
  entry.id = `${id}-${index}`;
  entry.role = "option";
  entry.dataset.value = option.value;
  const usage = document.createElement("b");
  usage.textContent = option.dataset.usage;
  const help = document.createElement("span");
  help.textContent = option.textContent;
  entry.append(usage, help);
  return entry;
}

function choose(input, place, index) {
  for (const [number, entry] of [...place.children].entries()) entry.setAttribute("aria-selected", String(number === index));
  const chosen = place.children[index];
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id); else input.removeAttribute("aria-activedescendant");
}

function take(input, entry) {
  input.value = `${entry.dataset.value} `;
  input.focus();
  suggest(input);
}

document.addEventListener("input", (event) => {
  if (!event.target.dataset?.commands) return;
  suggest(event.target);
  grow(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.commands) document.getElementById(event.target.getAttribute("aria-controls")).hidden = true;
});
document.addEventListener("mousedown", (event) => {
  const entry = event.target.closest(".suggestions li");
  if (!entry) return;
  event.preventDefault();
  take(entry.closest("form").querySelector("[name=text]"), entry);
});
document.addEventListener("keydown", (event) => {
  const input = event.target;
  const place = input.dataset?.commands && document.getElementById(input.getAttribute("aria-controls"));
  if (!place || event.isComposing) return;
  if (place.hidden) return enter(event);
  const entries = [...place.children];
  const index = entries.findIndex((entry) => entry.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(input, place, (index + (event.key === "ArrowDown" ? 1 : entries.length - (index < 0 ? 0 : 1))) % entries.length);
  } else if (event.key === "Escape") {
    place.hidden = true;
  } else if (index >= 0 && (event.key === "Tab" || (sends(event) && !isWhole(input, entries, index))) && input.value.trim() !== entries[index].dataset.value) {
    event.preventDefault();
    take(input, entries[index]);
  } else {
    enter(event);
  }
});

function isWhole(input, entries, index) { // "/poll" can be sent as it is, though there is more to be had
  return index === 0 && entries[0].dataset.value.startsWith(`${input.value.trim()} `);
}

function sends(event) { // as in chats: with Shift, and on phones, Enter begins a new line
  return event.key === "Enter" && !event.shiftKey && !byThumb.matches;
}

function enter(event) {
  if (!sends(event)) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

// ------------------------------------------------------------------ the clock

let clock; // {text, seconds, since}

function tick() {
  const time = document.querySelector("#clock .time");
  if (!time) return;
  if (clock?.text !== time.dataset.now) {
    const [hours, minutes, seconds] = time.dataset.now.split(" ").map(Number);
    clock = { text: time.dataset.now, seconds: hours * 3600 + minutes * 60 + seconds, since: performance.now() };
  }
  const total = Math.floor(clock.seconds + (performance.now() - clock.since) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const words = [Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60].map(two);
  time.textContent = words.join(document.documentElement.lang === "id" ? "." : ":");
}

// ------------------------------------------------------------------ phones: one group at a time

const faces = document.querySelectorAll(".faces a");
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const link = [...faces].find((face) => face.hash === `#${entry.target.id}`);
    if (entry.isIntersecting) link?.setAttribute("aria-current", "true"); else link?.removeAttribute("aria-current");
  }
}, { root: windows, threshold: 0.6 });
for (const section of windows.children) watcher.observe(section);

const first = read(document);
for (const [id, html] of Object.entries(first.parts)) shown.set(id, html.trim());
for (const { items } of Object.values(first.lists)) for (const [id, html] of items) shown.set(id, html);
prepare(document);
unread();
inView();
tick();
setInterval(tick, 1000);
listen();
