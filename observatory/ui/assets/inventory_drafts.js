/* What is being typed in a text field is kept in this browser until the server has answered, so that a reload, a
 * crash or a closed window loses nothing; the letters are counted, and what was refused is told beside its field.
 *
 * A draft is given back to the server when nobody is typing it: by this tab, or by another one once its own is gone
 * (a tab holds a lock as long as it lives). Text only, never markup. */
const STORE = "observatoire.brouillon.", TAB = "observatoire.onglet", LOCK = "observatoire.onglet.";
const GRACE_MS = 1500, RETRY_MS = 8000, WITHOUT_LOCKS_MS = 20000, NEARLY = 0.8;
const state = { tab: "", ready: null, data: null, send: null, names: new Map(), sent: new Map(), numbers: null, timer: 0, isPutting: false };

const stored = (action) => { try { return action(localStorage); } catch { return null; /* a private window without storage */ } };
const read = (name) => stored((store) => JSON.parse(store.getItem(STORE + name) || "null"));
const write = (name, draft) => stored((store) => store.setItem(STORE + name, JSON.stringify(draft)));
const forget = (name) => stored((store) => store.removeItem(STORE + name));
const drafts = () => stored((store) => Object.keys(store).filter((key) => key.startsWith(STORE + state.data.prefix)).map((key) => key.slice(STORE.length))) || [];
const className = (name) => "st-key-" + name.replace(/[^a-zA-Z0-9_-]/g, "-");
const holderOf = (name) => document.querySelector("." + CSS.escape(className(name)));
const nodeOf = (name) => { const holder = holderOf(name); return holder && holder.querySelector("textarea, input"); };
const plain = (text) => text.replace(/\s+/g, " ").trim();

function nameOf(node) {
  const holder = node.closest && node.closest('[class*="st-key-field-"]');
  return holder ? [...holder.classList].map((name) => state.names.get(name)).find(Boolean) : undefined;
}

async function takeTab() {
  let tab = "";
  try { tab = sessionStorage.getItem(TAB) || ""; } catch { /* as above */ }
  const make = () => Math.random().toString(36).slice(2) + Date.now().toString(36);
  const hold = (name) => new Promise((settle) => {
    navigator.locks.request(LOCK + name, { ifAvailable: true }, (lock) => {
      settle(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
  /* A copied tab has the name of the first one: it takes another. */
  if (!tab || (navigator.locks && !(await hold(tab)))) {
    tab = make();
    if (navigator.locks) await hold(tab);
  }
  try { sessionStorage.setItem(TAB, tab); } catch { /* as above */ }
  state.tab = tab;
}

function onInput(event) {
  const node = event.target, name = nameOf(node);
  if (!name || state.isPutting) return;
  const field = state.data.fields[name], before = read(name);
  const isGoingOn = before && before.tab === state.tab && before.who === state.data.who;
  if (node.value === field.stored && !field.problem) forget(name);
  else write(name, { text: node.value, seen: isGoingOn ? before.seen : field.seen, who: state.data.who, tab: state.tab, at: Date.now() });
  tell(name);
}

/* Letters beside the label when they matter, and under the field why its text was refused. */
function tell(name) {
  const field = state.data.fields[name], holder = holderOf(name), node = nodeOf(name);
  if (!field || !node) return;
  let note = holder.querySelector(".coop-letters"), why = holder.querySelector(".coop-why");
  if (!note) {
    note = document.createElement("div");
    note.className = "coop-letters";
    why = document.createElement("div");
    why.className = "coop-why";
    why.setAttribute("role", "alert");
    note.id = className(name) + "-letters";
    why.id = className(name) + "-why";
    holder.append(note, why);
    node.setAttribute("aria-describedby", note.id + " " + why.id);
  }
  const count = [...node.value.trim()].length, over = count - field.longest;
  const isTold = document.activeElement === node || count >= field.longest * NEARLY;
  const fill = (text) => text.replace("$count", count).replace("$longest", field.longest).replace("$over", over);
  const text = !isTold ? "" : fill(over > 0 ? state.data.texts.over : state.data.texts.count);
  if (note.textContent !== text) note.textContent = text;
  note.classList.toggle("over", over > 0);
  const reason = field.problem && over <= 0 && node.value !== (state.data.handled[name] || {}).text ? "" : field.problem;
  if (why.textContent !== reason) why.textContent = reason;
  if (over > 0 || reason) node.setAttribute("aria-invalid", "true"); else node.removeAttribute("aria-invalid");
}
const tellAll = () => Object.keys(state.data.fields).forEach(tell);

/* A run of the page gave the field its stored value while somebody was typing in it. */
function put(node, text) {
  const kind = node.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement, at = node.selectionStart;
  state.isPutting = true;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(node, text);
  node.dispatchEvent(new Event("input", { bubbles: true }));
  state.isPutting = false;
  node.setSelectionRange(at, at);
}

async function settle() {
  clearTimeout(state.timer);
  await state.ready;
  const alive = navigator.locks ? new Set((await navigator.locks.query()).held.map((lock) => lock.name)) : null;
  const { data } = state, items = [], now = Date.now();
  let isWaiting = false;
  for (const name of drafts()) {
    const draft = read(name), field = data.fields[name], handled = data.handled[name], node = field && nodeOf(name);
    if (!draft) continue;
    const isOwn = draft.tab === state.tab;
    if (handled && !handled.refused && handled.text === draft.text) { forget(name); continue; }
    if (field && !field.problem && plain(field.stored) === plain(draft.text)) { forget(name); continue; }
    /* Typed on since what was sent was answered: it follows that answer. */
    if (handled && isOwn && field && state.numbers && state.numbers.get(name) !== handled.number && draft.seen !== field.seen && handled.text !== draft.text) write(name, { ...draft, seen: field.seen });
    if (handled && handled.refused && handled.text === draft.text) continue;
    if (!data.may_write || draft.who !== data.who) continue;
    if (!isOwn && (alive ? alive.has(LOCK + draft.tab) : now - draft.at < WITHOUT_LOCKS_MS)) { isWaiting = true; continue; }
    if (node && document.activeElement === node && isOwn) {
      if (node.value !== draft.text) put(node, draft.text);
      continue;
    }
    const sent = state.sent.get(name);
    if (now - draft.at < GRACE_MS || (sent && sent.text === draft.text && now - sent.at < RETRY_MS)) { isWaiting = true; continue; }
    state.sent.set(name, { text: draft.text, at: now });
    items.push([name, draft.text, draft.seen]);
    isWaiting = true;
  }
  state.numbers = new Map(Object.entries(data.handled).map(([name, item]) => [name, item.number]));
  if (items.length) state.send("kept", { number: now, items: items.slice(0, 20) });
  if (isWaiting) state.timer = setTimeout(settle, GRACE_MS + 200);
}

export default function ({ data, setTriggerValue }) {
  state.data = data;
  state.send = setTriggerValue;
  state.names = new Map(Object.keys(data.fields).map((name) => [className(name), name]));
  if (!state.ready) {
    state.ready = takeTab();
    document.addEventListener("input", onInput, true);
    for (const kind of ["focusin", "focusout"]) document.addEventListener(kind, (event) => {
      const name = nameOf(event.target);
      if (name) { setTimeout(() => tell(name)); if (kind === "focusout") state.timer = setTimeout(settle, GRACE_MS + 200); }
    });
  }
  /* Fields that this run brings may be drawn after this. */
  requestAnimationFrame(tellAll);
  setTimeout(tellAll, 300);
  settle();
}
