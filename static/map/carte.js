/* The map of the observatory: a fixed geometry, repainted in place.
 *
 * Geometry is fetched once from static files; a repaint receives classes and texts only, so that a change
 * of indicator never blanks the map and costs a few kilobytes. Every text arrives as text: nodes are
 * filled through textContent, never through innerHTML.
 */
(function () {
  "use strict";
  if (window.observatoire) return;

  const SVG = "http://www.w3.org/2000/svg";
  const files = {};
  const load = (url) => (files[url] = files[url] || fetch(url).then((r) => r.json()));

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  /* --- patterns: the states that are not a value -------------------------------------------------- */

  const PATTERNS = {
    hatch: [7, [["path", { d: "M-1,8 L8,-1 M-1,1 L1,-1 M6,8 L8,6", stroke: "#5a6372", "stroke-width": 1.3 }]]],
    wide_hatch: [12, [["path", { d: "M-2,-2 L14,14 M10,-2 L14,2 M-2,10 L2,14", stroke: "#7f8b9a", "stroke-width": 2.6 }]]],
    dots: [8, [["circle", { cx: 2, cy: 2, r: 1.3, fill: "#5a6372" }], ["circle", { cx: 6, cy: 6, r: 1.3, fill: "#5a6372" }]]],
    cross: [10, [["path", { d: "M3,3 L7,7 M7,3 L3,7", stroke: "#7f8b9a", "stroke-width": 1.3 }]]],
    question: [18, [["text", { x: 9, y: 13, "font-size": 11, "text-anchor": "middle", fill: "#5a6372" }, "?"]]],
    rings: [9, [["circle", { cx: 4.5, cy: 4.5, r: 2, fill: "none", stroke: "#9aa2af", "stroke-width": 1 }]]],
    lines: [6, [["path", { d: "M0,3 L6,3", stroke: "#1c2230", "stroke-width": 0.9 }]]],
    outline: [4, []],
  };
  const svgNode = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([k, v]) => node.setAttribute(k, v));
    if (text) node.textContent = text;
    return node;
  };
  const patternId = (fill) => "obs-" + fill.p + "-" + fill.c.slice(1);
  function definePattern(fill) {
    let host = document.getElementById("obs-patterns");
    if (!host) {
      host = svgNode("svg", { id: "obs-patterns", width: 0, height: 0, "aria-hidden": "true" });
      host.style.position = "absolute";
      host.appendChild(svgNode("defs", {}));
      document.body.appendChild(host);
    }
    const id = patternId(fill);
    if (document.getElementById(id)) return;
    const [size, shapes] = PATTERNS[fill.p];
    const pattern = svgNode("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" });
    pattern.appendChild(svgNode("rect", { width: size, height: size, fill: fill.c }));
    shapes.forEach(([tag, attributes, text]) => pattern.appendChild(svgNode(tag, attributes, text)));
    host.firstChild.appendChild(pattern);
  }
  function paintOf(fill) {
    if (!fill.p) return fill.c;
    definePattern(fill);
    return "url(#" + patternId(fill) + ")";
  }

  /* --- labels: only where they fit ---------------------------------------------------------------- */

  const canvas = document.createElement("canvas").getContext("2d");
  function inside(rings, y) {
    const crossings = [];
    rings.forEach((ring) => {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const a = ring[i], b = ring[j];
        if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y));
      }
    });
    crossings.sort((a, b) => a - b);
    const spans = [];
    for (let i = 0; i + 1 < crossings.length; i += 2) spans.push([crossings[i], crossings[i + 1]]);
    return spans;
  }
  const meet = (first, second) => {
    const out = [];
    first.forEach(([a, b]) => second.forEach(([c, d]) => {
      const low = Math.max(a, c), high = Math.min(b, d);
      if (high > low) out.push([low, high]);
    }));
    return out;
  };
  /* Middle of the best room inside the feature for a box, or null. */
  function labelSpot(map, feature, width, height) {
    const shapes = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
    const rings = [];
    shapes.forEach((shape) => shape.forEach((ring) => rings.push(ring.map(([x, y]) => map.latLngToLayerPoint([y, x])))));
    const all = rings.flat();
    const top = Math.min(...all.map((p) => p.y)), bottom = Math.max(...all.map((p) => p.y));
    let best = null;
    const middle = (top + bottom) / 2;
    for (let i = 1; i < 40; i++) {
      const y = top + ((bottom - top) * i) / 40;
      const room = meet(meet(inside(rings, y - height / 2), inside(rings, y + height / 2)), inside(rings, y));
      room.forEach(([a, b]) => {
        if (b - a < width) return;
        const worth = Math.min(b - a, width * 1.8) - Math.abs(y - middle) * 0.35;
        if (!best || worth > best.worth) best = { worth, point: L.point((a + b) / 2, y) };
      });
    }
    return best && best.point;
  }
  /* Parts of its box that must be inside the basin: all of it, or nearly; in large letters on a projector, half; for the
   * basin that is selected and those that the title names, a point is enough. */
  const INSIDE = { always: [1, 0.7, 0.4, 0.15, 0.02], projected: [1, 0.75, 0.5], desk: [1, 0.85] };
  function placeLabels(state) {
    const { map, spec } = state;
    state.labels.clearLayers();
    if (!spec || !state.basins) return;
    const size = spec.projection ? 24 : Math.min(16, Math.max(12.5, map.getSize().y / 50)), height = size * 1.15;
    canvas.font = "600 " + size + "px 'Source Sans 3', sans-serif";
    const first = [spec.selected, ...spec.named];
    const rank = (layer) => (first.indexOf(layer.feature.properties.code) + 1) || first.length + 1;
    const wanted = state.basins.getLayers().filter((layer) => spec.layer === "basins" || rank(layer) === 1);
    wanted.sort((a, b) => rank(a) - rank(b));
    const view = map.getContainer().getBoundingClientRect(), taken = [];
    /* What stands over the map hides the names under it. */
    document.querySelectorAll(".obs-legend-card, .obs-home, .leaflet-control-zoom").forEach((card) => {
      const { left, top, right, bottom } = card.getBoundingClientRect();
      if (right > left) taken.push([left - view.left, top - view.top, right - view.left, bottom - view.top]);
    });
    const isFree = ([left, top, right, bottom]) => taken.every((box) => left >= box[2] || right <= box[0] || top >= box[3] || bottom <= box[1]);
    const isInView = ([left, top, right, bottom]) => left >= 2 && top >= 2 && right <= view.width - 2 && bottom <= view.height - 2;
    const chosen = [];
    const choose = (layer, parts) => {
      const area = spec.areas[layer.feature.properties.code];
      if (!area) return true;
      const width = canvas.measureText(area.s).width + 6;
      return parts.some((part) => {
        const point = labelSpot(map, layer.feature, width * part, height * Math.max(part, 0.15));
        if (!point) return false;
        const { x, y } = map.layerPointToContainerPoint(point);
        /* Moved in, where the edge of the map would cut it. */
        const held = Math.min(Math.max(x, 3 + width / 2), view.width - 3 - width / 2);
        const slide = part < 1 && Math.abs(held - x) < width / 2 ? held - x : 0;
        /* A name that must be there stands beside its basin when nothing else is free. */
        const aside = parts === INSIDE.always && part === parts[parts.length - 1] ? [[1, 0], [0, 1], [0, -1], [-1, 0]] : [];
        return [[0, 0], ...aside].some(([right, down]) => {
          const moved = [slide + right * (width / 2 + 10), down * height];
          const box = [x + moved[0] - width / 2, y + moved[1] - height / 2, x + moved[0] + width / 2, y + moved[1] + height / 2];
          if (!isFree(box) || (part < 1 && !isInView(box))) return false;
          taken.push(box);
          chosen.push([area, point.add(moved), part]);
          return true;
        });
      });
    };
    /* Those that must be there, then those that hold whole, then those that spill over. */
    const rest = wanted.filter((layer) => rank(layer) > first.length || !choose(layer, INSIDE.always)).filter((layer) => !choose(layer, [1]));
    rest.forEach((layer) => choose(layer, spec.projection ? INSIDE.projected : INSIDE.desk));
    chosen.forEach(([area, point, part]) => {
      const isOver = part < (spec.projection || area === spec.areas[spec.selected] ? 1 : 0.7) || (part < 1 && !area.w) || spec.layer !== "basins";
      const node = element("span", isOver ? "obs-label obs-label-over" : area.w ? "obs-label obs-label-light" : "obs-label", area.s);
      node.style.fontSize = size + "px";
      L.marker(map.layerPointToLatLng(point), { pane: "obs-labels", interactive: false, keyboard: false, icon: L.divIcon({ className: "obs-label-box", html: node, iconSize: [0, 0] }) })
        .addTo(state.labels);
    });
  }

  /* --- tooltip and legend ------------------------------------------------------------------------- */

  function tooltip(lines) {
    const box = element("div", "obs-tip");
    lines.forEach((line, i) => box.appendChild(element(i ? "div" : "strong", i === 1 ? "obs-tip-value" : "", line)));
    return box;
  }
  function swatch(fill) {
    const icon = svgNode("svg", { width: 24, height: 14, "aria-hidden": "true" });
    icon.appendChild(svgNode("rect", { x: 0.5, y: 0.5, width: 23, height: 13, rx: 1.5, fill: paintOf(fill), stroke: "#c9c5bb" }));
    return icon;
  }
  function drawLegend(state) {
    const { spec } = state;
    if (!state.legend) {
      state.legend = L.control({ position: "topleft" });
      state.legend.onAdd = () => {
        state.legendBox = element("div", "obs-legend");
        L.DomEvent.disableClickPropagation(state.legendBox);
        return state.legendBox;
      };
      state.legend.addTo(state.map);
      const notice = L.control({ position: "bottomleft" });
      notice.onAdd = () => {
        state.noticeBox = element("button", "obs-notice");
        state.noticeBox.type = "button";
        L.DomEvent.disableClickPropagation(state.noticeBox);
        state.noticeBox.addEventListener("click", () => send(state.map, { layer: "confidence" }));
        return state.noticeBox;
      };
      notice.addTo(state.map);
      const points = L.control({ position: "bottomleft" });
      points.onAdd = () => (state.pointsBox = element("div", "obs-legend-card obs-legend"));
      points.addTo(state.map);
    }
    const box = state.legendBox;
    box.replaceChildren();
    box.hidden = !spec.legend.entries.length;
    document.body.classList.toggle("obs-projection", Boolean(spec.projection));
    box.classList.toggle("obs-legend-large", Boolean(spec.projection));
    const card = element("div", "obs-legend-card");
    card.appendChild(element("div", "obs-legend-title", spec.legend.title));
    const signs = element("div", "obs-legend-signs"), points = element("div");
    spec.legend.entries.forEach((entry) => {
      const line = element("div", entry.n === 0 && entry.sign ? "obs-legend-line obs-legend-unused" : "obs-legend-line");
      line.appendChild(entry.dot ? dot(entry.dot) : swatch(entry.f));
      line.appendChild(element("span", "", entry.l));
      (entry.dot ? points : entry.sign ? signs : card).appendChild(line);
    });
    state.pointsBox.replaceChildren(points);
    state.pointsBox.hidden = !points.childNodes.length;
    if (signs.childNodes.length) card.appendChild(signs);
    box.appendChild(card);
    state.noticeBox.textContent = spec.notice;
  }
  function dot(colour) {
    const icon = svgNode("svg", { width: 26, height: 14, "aria-hidden": "true" });
    icon.appendChild(svgNode("circle", { cx: 13, cy: 7, r: 4.5, fill: colour, stroke: "#ffffff" }));
    return icon;
  }

  /* --- layers --------------------------------------------------------------------------------------- */

  /* streamlit-folium listens to the layers it finds when it draws; ours arrive later, once fetched. The click is
   * written where it would have written it, and leaves with the click of the map that follows. */
  const tell = (drawing) => {
    const shared = window.__GLOBAL_DATA__;
    if (!shared) return;
    shared.last_active_drawing = drawing;
    /* Grows from one frame to the next too, so that a click in a frame drawn again is a new one. */
    shared.last_object_clicked_count = Date.now();
    /* At once, after the other listeners of this click: streamlit-folium would wait 250 ms, and finds it sent. */
    setTimeout(() => {
      shared.previous_data = told(shared);
      window.Streamlit.setComponentValue(shared.previous_data);
    });
  };
  const told = ({ last_object_clicked_count, last_active_drawing }) => ({ last_object_clicked_count, last_active_drawing });
  const clickCode = (layer, code) => {
    const drawing = { type: "Feature", properties: { code }, geometry: null };
    layer.toGeoJSON = () => drawing;
    layer.on("click", () => tell(drawing));
  };
  const send = (map, properties) => {
    tell({ type: "Feature", properties, geometry: null });
    map.fire("click", { latlng: map.getCenter() });
  };
  /* The list is the way of the keyboard: a browser would stop at each path that listens to the focus. */
  const leaveOut = (layer) => layer.on("add", () => layer.getElement().setAttribute("tabindex", "-1"));
  function hover(layer, weight) {
    leaveOut(layer);
    layer.on("mouseover", () => layer.setStyle({ weight: weight + 1.6 }));
    layer.on("mouseout", () => layer.setStyle({ weight }));
  }
  function makeBasins(state, data) {
    state.basins = L.geoJSON(data, {
      pane: "obs-areas",
      style: { color: "#ffffff", weight: 1.4, fillOpacity: 1, fillColor: "#f4f2ec" },
      onEachFeature: (feature, layer) => {
        clickCode(layer, feature.properties.code);
        hover(layer, 1.4);
        layer.bindTooltip(() => tooltip((state.spec.areas[feature.properties.code] || { t: [feature.properties.name] }).t), { pane: "obs-tips", sticky: true, opacity: 1 });
      },
    });
    state.edges = L.geoJSON(data, { pane: "obs-edges", interactive: false, style: { color: "#1f2a44", weight: 1.1, fill: false } });
  }
  function makeCommunes(state, data) {
    data.features.forEach((feature, position) => (feature.position = position));
    state.communes = L.geoJSON(data, {
      pane: "obs-areas",
      style: { color: "#ffffff", weight: 0.4, fillOpacity: 1, fillColor: "#f4f2ec" },
      onEachFeature: (feature, layer) => {
        clickCode(layer, feature.properties.basin);
        hover(layer, 0.4);
        layer.bindTooltip(() => {
          const spec = state.spec.communes, text = spec ? spec.texts[feature.position] : "";
          return tooltip([feature.properties.name, text, state.spec.areas[feature.properties.basin].t[0]]);
        }, { pane: "obs-tips", sticky: true, opacity: 1 });
      },
    });
  }
  function toggle(map, layer, wanted) {
    if (!layer || map.hasLayer(layer) === wanted) return;
    if (wanted) map.addLayer(layer); else map.removeLayer(layer);
  }
  function drawSelection(state) {
    state.selection.clearLayers();
    if (!state.basins || !state.spec.selected) return;
    state.basins.eachLayer((layer) => {
      if (layer.feature.properties.code !== state.spec.selected) return;
      [["#ffffff", 7.5], ["#0b5fff", 3.2]].forEach(([color, weight]) =>
        L.geoJSON(layer.feature, { pane: "obs-selection", interactive: false, style: { color, weight, fill: false } }).addTo(state.selection));
    });
  }
  function drawServices(state, data) {
    state.services.clearLayers();
    const wanted = state.spec.services;
    data.features.forEach((feature) => {
      const { kind, label, detail } = feature.properties;
      if (!wanted[kind]) return;
      const [x, y] = feature.geometry.coordinates;
      const large = state.spec.projection ? 1.6 : 1;
      leaveOut(L.circleMarker([y, x], { pane: "obs-services", radius: (kind === "lycee" ? 3.6 : 5.6) * large, color: "#ffffff", weight: 1.4, fillColor: wanted[kind].c, fillOpacity: 1 }))
        .bindTooltip(() => tooltip([label, wanted[kind].l, detail].filter(Boolean)), { pane: "obs-tips", opacity: 1 })
        .addTo(state.services);
    });
  }

  async function repaint(state) {
    const { map, spec } = state;
    if (!state.basins) return;
    const communes = spec.layer === "communes";
    if (communes && !state.communes) {
      const data = await load(state.options.communes);
      if (!state.communes) makeCommunes(state, data);
    }
    if (spec !== state.spec) return;
    state.basins.eachLayer((layer) => {
      const area = spec.areas[layer.feature.properties.code];
      /* Around a pale or a blank basin a white border would not be seen. */
      if (area) layer.setStyle({ fillColor: paintOf(area.f), color: area.f.e || "#ffffff" });
    });
    if (communes) {
      state.communes.eachLayer((layer) => {
        const fill = spec.communes.fills[spec.communes.classes.charCodeAt(layer.feature.position) - 97];
        layer.setStyle({ fillColor: paintOf(fill) });
      });
    }
    toggle(map, state.basins, !communes);
    toggle(map, state.communes, communes);
    toggle(map, state.edges, communes);
    drawLegend(state);
    if (!state.moved && legendCovers(state)) fit(state);
    drawSelection(state);
    placeLabels(state);
    if (Object.keys(spec.services).length) drawServices(state, await load(state.options.services));
    else state.services.clearLayers();
    document.body.dataset.painted = spec.id;
  }

  /* Whether the legend stands on the outline of a basin. */
  function legendCovers(state) {
    const card = state.legendBox && !state.legendBox.hidden && state.legendBox.firstChild;
    if (!card || !state.basins) return false;
    const { left, top, right, bottom } = card.getBoundingClientRect(), around = state.map.getContainer().getBoundingClientRect();
    state.outline = state.outline || state.basins.getLayers().flatMap((layer) => layer.getLatLngs().flat(2));
    return state.outline.some((place) => {
      const { x, y } = state.map.latLngToContainerPoint(place);
      return x + around.left > left - 3 && x + around.left < right + 3 && y + around.top > top - 3 && y + around.top < bottom + 3;
    });
  }
  function fit(state) {
    const size = state.map.getSize();
    if (size.x < 40 || size.y < 40) return;
    state.fitting = true;
    /* The region goes to the right, so that the legend stands in the north-west where nothing is; where that is
     * not enough (a small window, a long legend) it gets smaller. */
    const [[south, west], [north, east]] = state.options.bounds;
    const crs = L.CRS.EPSG3857, a = crs.latLngToPoint(L.latLng(south, west), 0), b = crs.latLngToPoint(L.latLng(north, east), 0);
    const spare = size.x - 16 - ((size.y - 12) * (b.x - a.x)) / (a.y - b.y);
    const start = Math.max(6, spare * 0.9);
    for (let more = 0; more <= 160; more += 20) {
      state.map.fitBounds(state.options.bounds, { animate: false, paddingTopLeft: [start + more, 6], paddingBottomRight: [10, 6] });
      if (!legendCovers(state)) break;
    }
    state.fitting = false;
    placeLabels(state);
  }

  /* --- the two calls that the page makes ------------------------------------------------------------- */

  const states = new WeakMap();

  function base(map, options) {
    document.documentElement.lang = "fr";
    /* Known to the page already: streamlit-folium would send it and have everything run a second time. */
    if (window.__GLOBAL_DATA__) window.__GLOBAL_DATA__.previous_data = told(window.__GLOBAL_DATA__);
    const state = { map, options, moved: false };
    states.set(map, state);
    [["obs-base", 210], ["obs-areas", 400], ["obs-edges", 420], ["obs-academies", 430], ["obs-selection", 440], ["obs-services", 450], ["obs-labels", 460]]
      .forEach(([name, z]) => { map.createPane(name).style.zIndex = z; });
    map.getPane("obs-labels").style.pointerEvents = "none";
    state.labels = L.layerGroup().addTo(map);
    state.selection = L.layerGroup().addTo(map);
    state.services = L.layerGroup().addTo(map);
    L.control.zoom({ position: "bottomright", zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
    const home = L.control({ position: "bottomright" });
    home.onAdd = () => {
      const button = element("button", "obs-home", "Toute la région");
      button.type = "button";
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => { state.moved = false; fit(state); });
      return button;
    };
    home.addTo(map);
    map.on("zoomstart dragstart", () => { if (!state.fitting) state.moved = true; });
    map.on("moveend", () => { if (!state.fitting) placeLabels(state); });
    /* Tooltips above the legend: Leaflet puts theirs under every control. */
    const tips = map.createPane("obs-tips", map.getContainer());
    tips.style.zIndex = 1100;
    tips.style.pointerEvents = "none";
    const follow = () => L.DomUtil.setPosition(tips, L.DomUtil.getPosition(map.getPane("mapPane")) || L.point(0, 0));
    map.on("move moveend viewreset", follow);
    /* The click on a basin leaves the keyboard in this frame: on a projector its keys belong to the page. Their
     * release too: the page counts the keys that are held. */
    ["keydown", "keyup"].forEach((kind) => document.addEventListener(kind, (event) => {
      if (!state.spec || !state.spec.projection || !["ArrowLeft", "ArrowRight", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const { key, code, keyCode } = event;
      const sent = new window.parent.KeyboardEvent(kind, { key, code, keyCode, which: keyCode, bubbles: true, cancelable: true });
      window.parent.document.body.dispatchEvent(sent);
    }, true));
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!state.moved) fit(state);
    }).observe(map.getContainer());
    fit(state);
    /* Names and legend are measured: once more when the letters are there, if they came last. */
    document.fonts.addEventListener("loadingdone", () => {
      if (state.spec && state.basins) { if (state.moved) placeLabels(state); else fit(state); }
    });
    load(options.base).then((data) => L.geoJSON(data, {
      interactive: false,
      pane: "obs-base",
      style: (feature) => ({
        neighbour: { stroke: true, color: "#dcd8cd", weight: 0.7, fillColor: "#f3f1ea", fillOpacity: 1 },
        departement: { color: "#c9c5bb", weight: 1, fill: false },
        academie: { color: "#1f2a44", weight: 1.8, fill: false, pane: "obs-academies" },
      }[feature.properties.kind]),
    }).addTo(map));
    Promise.all([load(options.basins), document.fonts.load("600 12px 'Source Sans 3'").catch(() => null)]).then(([data]) => {
      makeBasins(state, data);
      fit(state);
      if (state.spec) repaint(state);
    });
  }

  /* Paints ``spec`` and gives streamlit-folium an empty layer to hold: nothing is removed, nothing blinks. */
  function paint(map, spec) {
    const state = states.get(map);
    state.spec = spec;
    repaint(state);
    return L.layerGroup();
  }

  window.observatoire = { base, paint };
})();
