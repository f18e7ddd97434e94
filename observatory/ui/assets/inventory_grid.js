/* A grid that is filled in: arrows move, a key sets a value, Enter opens the details. Text only, never markup.
 *
 * What is entered is shown at once and sent one message at a time: what is pressed meanwhile waits in a queue,
 * kept in this tab so that a reload or a server that restarts loses nothing. A message sent twice is harmless:
 * a value that is already there is not written again. */
const RETRY_MS = 8000, SHOWN_MS = 2500;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".grid");
  const memory = "observatoire.saisie." + data.grid;
  let state = parentElement.gridState;
  if (!state || state.grid !== data.grid) {
    if (state) clearTimeout(state.timer);
    state = parentElement.gridState = { grid: data.grid, focus: null, queue: new Map(), flight: null, session: data.session, done: new Map(), menu: null };
    try {
      for (const [cell, item] of JSON.parse(sessionStorage.getItem(memory) || "[]")) state.queue.set(cell, item);
    } catch { /* a private window without storage */ }
  }
  state.data = data;
  state.send = setTriggerValue;

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const choices = new Map(data.choices.map((choice) => [choice.value, choice]));
  const cells = new Map();
  data.rows.forEach((row, y) => row.cells.forEach((cell, x) => { if (!cell.off) cells.set(cell.key, { ...cell, x, y }); }));

  /* A menu that is open outlives a run of the page: it must know the changes that the run brought. */
  state.cells = cells;
  state.draw = draw;

  function remember() {
    const waiting = new Map([...(state.flight ? state.flight.items : []), ...state.queue]);
    try {
      if (waiting.size) sessionStorage.setItem(memory, JSON.stringify([...waiting]));
      else sessionStorage.removeItem(memory);
    } catch { /* as above */ }
  }

  function pump() {
    if (state.flight || !state.queue.size || !state.data.writable) return;
    state.flight = { number: Date.now() + Math.random(), items: state.queue };
    state.queue = new Map();
    transmit();
  }

  function transmit() {
    remember();
    clearTimeout(state.timer);
    state.timer = setTimeout(() => { if (state.flight) transmit(); }, RETRY_MS);
    state.send("entered", {
      number: state.flight.number,
      grid: state.grid,
      items: [...state.flight.items].map(([cell, item]) => [cell, item.value, item.seen]),
    });
  }

  /* The answer to the message that is under way. */
  function receive() {
    if (data.session !== state.session) {
      /* Another server session: whether the message arrived is not known, so it is sent again. */
      state.session = data.session;
      if (state.flight) transmit();
    }
    if (!state.flight || !data.answer || data.answer.number !== state.flight.number) return;
    clearTimeout(state.timer);
    const conflicts = new Set(data.answer.conflicts);
    for (const cell of state.flight.items.keys()) {
      state.done.set(cell, data.answer.refused ? "refused" : conflicts.has(cell) ? "conflict" : "saved");
      if (state.queue.has(cell) && state.done.get(cell) === "saved") state.queue.get(cell).seen = data.answer.seen[cell] ?? state.cells.get(cell)?.seen ?? null;
      const expected = state.done.get(cell);
      if (expected === "saved") setTimeout(() => {
        if (state.done.get(cell) === expected) { state.done.delete(cell); mark(cell); }
      }, SHOWN_MS);
    }
    const last = [...state.flight.items.keys()].pop();
    const item = state.cells.get(last);
    const result = state.done.get(last);
    const sent = state.flight.items.get(last).value;
    state.flight = null;
    remember();
    /* What was refused is named as it was entered: the cell shows again what stands. */
    if (item) say(data.texts[result] + " : " + item.about + ", " + wordOf(result === "refused" ? sent : valueOf(item)) + ".", result);
  }

  const pending = (key) => state.queue.get(key) || (state.flight && state.flight.items.get(key));
  const valueOf = (cell) => { const waits = pending(cell.key); return waits ? waits.value : cell.value; };
  const wordOf = (value) => (value === "" ? data.unknown.label : choices.get(value).label);

  function say(text, kind) {
    state.said = text;
    state.saidKind = kind || "";
    const line = root.querySelector(".said");
    if (line) { line.textContent = text; line.className = "said " + state.saidKind; }
  }

  function enter(key, value) {
    const cell = state.cells.get(key);
    if (!cell) return;
    if (!state.data.writable) { state.done.set(key, "refused"); mark(key); say(data.texts.refused + ". " + data.texts.reading, "refused"); return; }
    if (cell.fixed) { say(data.texts.fixed, "refused"); return; }
    const waits = state.queue.get(key);
    state.queue.set(key, { value, seen: waits ? waits.seen : cell.seen });
    state.done.delete(key);
    say(data.texts.saving + " : " + cell.about + ", " + wordOf(value) + ".", "saving");
    remember();
    paint(key);
    pump();
  }

  const nodeOf = (key) => root.querySelector('[data-cell="' + CSS.escape(key) + '"]');

  function dress(node, cell) {
    const value = valueOf(cell);
    const choice = choices.get(value);
    const isUnknown = !choice;
    node.className = "cell" + (isUnknown ? " unknown" : "") + (cell.framed && !pending(cell.key) ? " framed" : "") + (cell.invented && !pending(cell.key) ? " invented" : "") + (data.opened === cell.key ? " opened" : "");
    node.style.background = choice && choice.colour ? choice.colour : "";
    node.style.color = choice && choice.ink ? choice.ink : "";
    const face = element("span", "face");
    if (choice && choice.sign || isUnknown && data.unknown.sign) face.appendChild(element("span", "sign " + (choice ? choice.sign : data.unknown.sign)));
    face.appendChild(element("span", "", isUnknown ? data.unknown.text : choice.text));
    const notes = (cell.framed ? ", " + data.texts.framed : "") + (cell.invented && !pending(cell.key) ? ", " + data.texts.invented : "");
    node.setAttribute("aria-label", cell.about + " : " + wordOf(value) + notes);
    node.title = cell.about + " : " + wordOf(value) + notes;
    node.replaceChildren(face, element("span", "mark"));
    mark(cell.key, node);
  }

  function mark(key, node) {
    node = node || nodeOf(key);
    if (!node) return;
    const kind = pending(key) ? "saving" : state.done.get(key) || "";
    const sign = node.querySelector(".mark");
    sign.className = "mark " + kind;
    sign.textContent = { saving: "…", saved: "✓", conflict: "≠", refused: "!" }[kind] || "";
    if (kind) sign.title = data.texts[kind]; else sign.removeAttribute("title");
  }

  function paint(key) {
    const node = nodeOf(key);
    if (node) dress(node, state.cells.get(key));
  }

  function move(node, key, step) {
    const here = state.cells.get(key);
    let { x, y } = here;
    const wide = data.rows[0].cells.length, high = data.rows.length;
    for (;;) {
      x += step[0]; y += step[1];
      if (x < 0 || y < 0 || x >= wide || y >= high) {
        if (!step[0]) return;
        /* From the end of a line to the start of the next, as one reads. */
        if (x >= wide && y + 1 < high) { x = 0; y += 1; } else if (x < 0 && y > 0) { x = wide - 1; y -= 1; } else return;
      }
      if (!data.rows[y].cells[x].off) break;
    }
    focus(data.rows[y].cells[x].key);
  }

  function focus(key) {
    const before = state.focus && nodeOf(state.focus);
    if (before) before.tabIndex = -1;
    state.focus = key;
    const node = nodeOf(key);
    if (node) { node.tabIndex = 0; node.focus(); }
  }

  const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  function onKey(event) {
    const node = event.target.closest("[data-cell]");
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = node.dataset.cell;
    const row = data.rows[state.cells.get(key).y];
    const firsts = row.cells.filter((cell) => !cell.off);
    let handled = true;
    const choice = data.choices.find((c) => c.key === event.key || event.code === "Numpad" + c.key || event.code === "Digit" + c.key);
    if (STEPS[event.key]) move(node, key, STEPS[event.key]);
    else if (event.key === "Home") focus(firsts[0].key);
    else if (event.key === "End") focus(firsts[firsts.length - 1].key);
    else if (choice) enter(key, choice.value);
    else if (["Delete", "Backspace", "?"].includes(event.key)) enter(key, "");
    else if (event.key === "Enter") open(key);
    else if (event.key === " ") menu(key);
    else handled = false;
    /* The page has shortcuts of its own on the arrows when it is projected. */
    if (handled) { event.preventDefault(); event.stopPropagation(); }
  }

  function open(key) {
    /* Details are for the desk: on the wall there is no room for them. */
    if (data.big) { menu(key); return; }
    state.send("opened", { key, number: Date.now() });
  }

  function menu(key) {
    close();
    const node = nodeOf(key), cell = state.cells.get(key);
    if (!data.choices.length && !data.big) { open(key); return; }
    const box = element("div", "menu");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", cell.about);
    box.appendChild(element("p", "menu-title", cell.about));
    const item = (text, action, chip, choice) => {
      const button = element("button", "item");
      button.type = "button";
      if (chip !== undefined) {
        const square = element("span", "chip" + (choice ? "" : " unknown"), chip);
        if (choice && choice.colour) { square.style.background = choice.colour; square.style.color = choice.ink; }
        button.appendChild(square);
      }
      button.appendChild(element("span", "", text));
      button.onclick = () => { close(); focus(key); action(); };
      box.appendChild(button);
    };
    if (cell.fixed && data.writable) box.appendChild(element("p", "menu-note", data.texts.fixed));
    else if (data.writable) {
      data.choices.forEach((choice) => item(choice.words || choice.label, () => enter(key, choice.value), choice.key, choice));
      item(data.unknown.label, () => enter(key, ""), "?");
    } else box.appendChild(element("p", "menu-note", data.texts.reading));
    if (!data.big) item(data.texts.details, () => open(key));
    box.onkeydown = (event) => {
      event.stopPropagation();
      const buttons = [...box.querySelectorAll("button")];
      const at = buttons.indexOf(root.getRootNode().activeElement);
      const choice = data.choices.find((c) => c.key === event.key);
      if (event.key === "Escape") { close(); focus(key); }
      else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length].focus();
      else if (event.key === "ArrowUp") buttons[(at + buttons.length - 1) % buttons.length].focus();
      else if (choice && data.writable && !cell.fixed) { close(); focus(key); enter(key, choice.value); }
      else return;
      event.preventDefault();
    };
    box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) setTimeout(() => { if (state.menu === box) close(); }, 120); });
    root.appendChild(box);
    state.menu = box;
    const left = node.offsetLeft + node.offsetWidth / 2 - box.offsetWidth / 2;
    box.style.left = Math.max(0, Math.min(left, root.clientWidth - box.offsetWidth)) + "px";
    const below = node.offsetTop + node.offsetHeight + 4;
    const place = root.getBoundingClientRect();
    const isBelow = place.top + below + box.offsetHeight <= window.innerHeight || node.offsetTop < box.offsetHeight;
    box.style.top = (isBelow ? Math.max(4 - place.top, Math.min(below, window.innerHeight - place.top - box.offsetHeight - 6)) : node.offsetTop - box.offsetHeight - 4) + "px";
    (box.querySelector("button") || box).focus();
  }

  function close() {
    if (!state.menu) return;
    const box = state.menu;
    state.menu = null;
    box.remove();
    if (state.isStale) { state.isStale = false; state.draw(); }
  }

  function draw() {
    const active = root.getRootNode().activeElement;
    const hadFocus = active && active.dataset && active.dataset.cell;
    if (!cells.has(state.focus)) state.focus = cells.has(data.opened) ? data.opened : cells.keys().next().value;
    const table = element("table", data.shape);
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", data.label);
    table.setAttribute("aria-readonly", data.writable ? "false" : "true");
    if (data.columns.length) {
      const head = table.createTHead().insertRow();
      const corner = element("th", "corner");
      corner.appendChild(element("span", "hidden", data.corner));
      corner.scope = "col";
      head.appendChild(corner);
      data.columns.forEach((column) => {
        const cell = element("th", "", column.label);
        cell.scope = "col";
        cell.title = column.full;
        head.appendChild(cell);
      });
    }
    const body = table.createTBody();
    data.rows.forEach((row) => {
      const line = body.insertRow();
      const name = element("th", "name");
      name.scope = "row";
      name.title = row.full;
      name.appendChild(element("span", "label", row.label));
      if (row.detail) name.appendChild(element("span", "detail", row.detail));
      if (data.opens) { name.className += " opens"; name.onclick = () => { focus(row.cells[0].key); open(row.cells[0].key); }; }
      line.appendChild(name);
      if (row.cells.some((cell) => cell.key === data.opened)) line.className = "chosen";
      row.cells.forEach((cell) => {
        const node = element("td");
        line.appendChild(node);
        if (cell.off) { node.className = "off"; return; }
        node.setAttribute("role", "gridcell");
        if (cell.fixed) node.setAttribute("aria-readonly", "true");
        node.dataset.cell = cell.key;
        node.tabIndex = cell.key === state.focus ? 0 : -1;
        node.onclick = () => { focus(cell.key); menu(cell.key); };
        node.onfocus = () => {
          if (state.focus !== cell.key) { const old = nodeOf(state.focus); if (old) old.tabIndex = -1; state.focus = cell.key; node.tabIndex = 0; }
        };
        dress(node, state.cells.get(cell.key));
      });
    });
    const old = root.querySelector("table");
    if (old) old.replaceWith(table);
    else root.prepend(table);
    table.onkeydown = onKey;
    if (hadFocus) focus(state.focus);
    let line = root.querySelector(".said");
    if (!line) {
      line = element("p", "said");
      line.setAttribute("role", "status");
      root.appendChild(line);
    }
    if (!state.said) line.textContent = data.texts.help;
    root.className = "grid" + (data.big ? " big" : "");
  }

  receive();
  if (!state.menu || data.opened !== state.openedShown) close();
  state.openedShown = data.opened;
  if (state.menu) state.isStale = true;
  else draw();
  /* Somebody has just said who they are: the keyboard goes on where it is filled in. */
  if (state.asked !== undefined && data.focus > state.asked && data.writable) setTimeout(() => focus(state.focus), 250);
  state.asked = data.focus;
  pump();
}
