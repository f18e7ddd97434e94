/* What Streamlit's own page gets wrong for us, put right once for each visit. */
/* Words of Streamlit that no option changes. Named again at each change, because it writes them again. */
const NAMES = { "App pages": "Pages", Open: "Ouvrir", Close: "Fermer", "Clear all": "Tout retirer", "Clear value": "Effacer", "file upload": "Choisir un fichier", "Add files": "Choisir un autre fichier",
  "Expand sidebar": "Ouvrir le menu", "Collapse sidebar": "Fermer le menu", "Choose date": "Choisir une date", "Previous month": "Mois précédent", "Next month": "Mois suivant" };
/* Names that only begin with such a word. */
const BEGINNINGS = [[/^Remove /, "Retirer "], [/^Choose date, /, "Choisir une date, "], [/^day, /, "jour, "], [/^month, /, "mois, "], [/^year, /, "année, "]];
/* Its dialogs: title or sentence, in whole or by its beginning. */
const SENTENCES = [
  [/^Page not found$/, "Page introuvable"],
  [/^(The page that you have requested|You have requested page).*/s, "Cette page n’existe pas : l’accueil est affiché."],
  [/^Connection error$/, "Connexion perdue"],
  [/^Connection failed.*|^Streamlit server is not responding.*/s, "Le serveur de l’observatoire ne répond plus. Relancez-le, ou prévenez la personne qui s’en occupe : la page revient d’elle-même."],
  [/^Are you connected to the internet\?$/, ""],
  [/^Use arrow keys to navigate dates\..*/s, "Flèches pour changer de jour, Entrée pour choisir, Échap pour fermer."],
  [/^Choose date, /, "Choisir une date, "],
];
/* What the place of a file says of one that it does not take. */
const FILE_ERRORS = [
  [/^(?:Error: )?File must be (\d+)(?:\.0)? ?MB or smaller\.$/, "Ce fichier est trop lourd : $1 Mo au plus."],
  [/^(?:Error: )?.*files are not allowed\.$/, "Ce type de fichier n’est pas accepté."],
  [/^Error:$|^add icon$/, ""],
  [/^([\d.]+)([KMG]?)B$/, (all, size, unit) => size.replace(".", ",").replace(/,0$/, "") + "\u00a0" + unit.toLowerCase().replace("m", "M") + "o"],
];
/* The list of a choice of several. */
const OPTIONS = [[/^Select all$/, "Tout choisir"], [/^Select (\d+) matches$/, "Choisir les $1 trouvés"], [/^No results$/, "Aucun résultat"]];
/* Parameters of a choice inside a page. */
const CHOICES = ["vue", "section", "partie", "ecran", "rubrique"];
/* Keys of the shortcuts, as they are named on a French keyboard. */
const KEYS = { PageUp: "Page préc.", PageDown: "Page suiv.", Esc: "Échap" };
function say(places, sentences) {
  document.querySelectorAll(places).forEach((place) => {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim(), found = sentences.find(([pattern]) => pattern.test(text));
      if (found) node.data = text.replace(...found);
    }
  });
}
function translate(root) {
  say('[role="dialog"]', SENTENCES);
  say('[data-testid="stSelectboxVirtualDropdown"], [role="listbox"]', OPTIONS);
  say('[data-testid="stFileUploader"]', FILE_ERRORS);
  /* Where one file is asked, the ones that were refused before do not stay beside it. */
  document.querySelectorAll('[data-testid="stFileChips"]').forEach((place) => {
    const refused = '[data-testid="stFileChip"][aria-invalid="true"]';
    [...place.querySelectorAll('[data-testid="stFileChip"]')].slice(0, -1).forEach((chip) => {
      const remove = chip.matches(refused) && chip.querySelector("button");
      if (remove) remove.click();
    });
  });
  root.querySelectorAll("[aria-label]").forEach((node) => {
    const name = node.getAttribute("aria-label"), french = NAMES[name] || BEGINNINGS.reduce((text, [start, word]) => text.replace(start, word), name);
    if (french !== name) node.setAttribute("aria-label", french);
  });
  root.querySelectorAll('[aria-valuetext="Empty"]').forEach((node) => node.setAttribute("aria-valuetext", "vide"));
  document.querySelectorAll('[data-testid="stFileUploaderDropzone"] button p').forEach((node) => {
    if (node.firstChild && node.firstChild.data === "Upload") node.firstChild.data = "Choisir un fichier";
  });
  document.querySelectorAll("button kbd").forEach((node) => {
    if (node.firstChild && node.firstChild.data in KEYS) node.firstChild.data = KEYS[node.firstChild.data];
  });
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip && skip.firstChild && skip.firstChild.data !== "Aller au contenu") skip.firstChild.data = "Aller au contenu";
}

/* Streamlit draws an open menu at the end of the page: Tab would leave it for the rest. From its button the keyboard goes
 * in, from its end to what follows the button, and back the same way. */
const canFocus = (node) => node.tabIndex >= 0 && !node.disabled && node.getClientRects().length > 0;
const isStop = (node) => node.type !== "radio" || node.checked || !document.querySelector('input[name="' + CSS.escape(node.name) + '"]:checked');
const stops = (root) => [...root.querySelectorAll("a[href], button, input, select, textarea, iframe, [tabindex]")].filter((node) => canFocus(node) && isStop(node));
function nextStop(from, back) {
  const menu = document.querySelector('[data-testid="stPopoverBody"]');
  const button = menu && document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"], [data-testid="stPopover"] button[aria-expanded="true"]');
  if (!button) return null;
  const inside = stops(menu), first = inside[0], last = inside[inside.length - 1];
  const isAt = (node) => node === from || (node.type === "radio" && node.name === from.name);
  if (!inside.length) return null;
  if (!back && from === button) return first;
  if (back && (from === menu || isAt(first))) return button;
  const around = stops(document.body).filter((node) => !menu.contains(node));
  const after = around[around.indexOf(button) + 1];
  if (!back && isAt(last)) return after || button;
  if (back && from === after) return last;
  return null;
}
function keepOrder(event) {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const next = nextStop(document.activeElement, event.shiftKey);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

export default function () {
  /* It says that it is in English: a screen reader would read French with an English voice. */
  document.documentElement.lang = "fr";
  translate(document.body);

  /* A page opened from the menu or by a short link receives the rest of its parameters, at times twice. It is one
   * visit: without this, "back" would stop at each page more than once. What is chosen inside a page is written
   * only when it is not the first one: its coming is a visit, except on an address that told nothing yet. */
  if (window.observatoireVisits) return;
  window.observatoireVisits = true;
  document.addEventListener("keydown", keepOrder, true);
  new MutationObserver(() => translate(document.body)).observe(document.body, { childList: true, characterData: true, subtree: true });
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, address) => {
    const next = new URL(address, location.href);
    const [now, then] = [new URLSearchParams(location.search), next.searchParams];
    const isCompleted = [...now].every(([name, value]) => then.get(name) === value);
    const stays = (name) => now.has(name) === then.has(name);
    const isChosen = !(stays("projection") && (![...now].length || CHOICES.every(stays)));
    const isSame = next.pathname === location.pathname && isCompleted && !isChosen;
    if (isSame) history.replaceState(state, unused, address);
    else push(state, unused, address);
  };
}
