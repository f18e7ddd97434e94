/* The list beside the map: the same selection, sortable, worked from the keyboard. Text only, never markup. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".list");
  const state = (parentElement.listState = parentElement.listState || { column: null, down: true });
  if (state.headers !== data.headers.join()) Object.assign(state, { column: null, down: true, headers: data.headers.join() });

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const keyOf = (row, column) => (column === 0 ? row.label : row.cells[column - 1].s);
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "fr") : a - b);

  function ordered() {
    if (state.column === null) return data.rows;
    return [...data.rows].sort((first, second) => {
      const a = keyOf(first, state.column), b = keyOf(second, state.column);
      if (a === null || b === null) return (a === null) - (b === null);
      return (state.down ? -1 : 1) * compare(a, b);
    });
  }

  function draw(focused) {
    const table = element("table");
    table.appendChild(element("caption", "hidden", data.title + ". Entrée ou clic choisit un bassin."));
    const head = table.createTHead().insertRow();
    ["Bassin", ...data.headers].forEach((label, column) => {
      if (column === 2 && data.bars) head.appendChild(element("td", "bar-head"));
      const cell = element("th", column ? "num" : "");
      cell.scope = "col";
      cell.setAttribute("aria-sort", state.column === column ? (state.down ? "descending" : "ascending") : "none");
      const mark = state.column === column ? (state.down ? " ▾" : " ▴") : "";
      const button = element("button", "", label + mark);
      button.type = "button";
      button.title = "Trier par « " + label + " »";
      button.onclick = () => {
        const text = column === 0;
        Object.assign(state, state.column === column ? { down: !state.down } : { column, down: !text });
        draw();
        root.querySelectorAll("th button")[column].focus();
      };
      cell.appendChild(button);
      head.appendChild(cell);
    });
    const body = table.createTBody();
    ordered().forEach((row) => {
      const line = body.insertRow();
      const chosen = row.code === data.selected;
      line.className = chosen ? "chosen" : "";
      const name = element("th", "name");
      name.scope = "row";
      const pick = element("button", "", row.label);
      pick.type = "button";
      pick.dataset.code = row.code;
      if (chosen) pick.setAttribute("aria-current", "true");
      pick.onclick = (event) => { event.stopPropagation(); setTriggerValue("picked", row.code); };
      pick.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const all = [...root.querySelectorAll("tbody button")];
        const next = all[all.indexOf(pick) + step];
        if (next) next.focus();
      };
      name.appendChild(pick);
      line.appendChild(name);
      row.cells.forEach((cell, position) => {
        if (position === 1 && data.bars) line.appendChild(bar(row));
        line.appendChild(element("td", data.wide ? "words" : "num", cell.t));
      });
      line.onclick = () => setTriggerValue("picked", row.code);
    });
    root.replaceChildren(table);
    if (focused) root.querySelector('button[data-code="' + focused + '"]')?.focus();
    if (state.shown !== data.selected) {
      reveal();
      state.shown = data.selected;
    }
  }

  /* Scrolls to the line that is chosen, where it is not in sight. */
  function reveal() {
    const line = root.querySelector(".chosen");
    if (!line) return;
    const place = line.getBoundingClientRect(), room = root.getBoundingClientRect();
    const top = root.querySelector("thead th").getBoundingClientRect().bottom;
    if (place.top >= top && place.bottom <= room.bottom) return;
    /* Two lines before it, the first of them whole under the head. */
    const first = line.previousElementSibling?.previousElementSibling || line.previousElementSibling || line;
    root.scrollTop += first.getBoundingClientRect().top - top;
  }

  function bar(row) {
    const cell = element("td", "bar");
    if (row.bar === null) return cell;
    const track = element("span", "track");
    const fill = element("span", "fill");
    const two = data.signed;
    fill.style.width = Math.abs(row.bar) * (two ? 50 : 100) + "%";
    fill.style.left = two ? (row.bar < 0 ? 50 - Math.abs(row.bar) * 50 : 50) + "%" : "0";
    fill.style.background = row.colour;
    track.setAttribute("aria-hidden", "true");
    if (two) track.appendChild(element("span", "zero"));
    track.appendChild(fill);
    cell.appendChild(track);
    return cell;
  }

  /* The list takes the room that the page leaves it, and scrolls inside. */
  const room = parentElement.host && parentElement.host.closest(".st-key-ranking_list");
  if (room && !parentElement.listObserver) {
    /* Before its first size is known it has nothing to scroll. */
    parentElement.listObserver = new ResizeObserver(() => { root.style.maxHeight = room.clientHeight - 4 + "px"; reveal(); });
    parentElement.listObserver.observe(room);
  }
  const active = parentElement.activeElement || (parentElement.getRootNode && parentElement.getRootNode().activeElement);
  draw(active && active.dataset ? active.dataset.code : null);
}
