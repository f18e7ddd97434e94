/* What Streamlit's own page gets wrong for us, put right once for each visit. */
/* Words of Streamlit that no option changes. Named again at each change, because it writes them again. */
const NAMES = { "App pages": "Pages", Open: "Ouvrir", Close: "Fermer", "Clear all": "Tout retirer", "Clear value": "Effacer", "file upload": "Choisir un fichier",
  "Expand sidebar": "Ouvrir le menu", "Collapse sidebar": "Fermer le menu" };
/* Its dialogs: title or sentence, in whole or by its beginning. */
const SENTENCES = [
  [/^Page not found$/, "Page introuvable"],
  [/^(The page that you have requested|You have requested page).*/s, "Cette page n’existe pas : l’accueil est affiché."],
  [/^Connection error$/, "Connexion perdue"],
  [/^Connection failed.*|^Streamlit server is not responding.*/s, "Le serveur de l’observatoire ne répond plus. Relancez-le, ou prévenez la personne qui s’en occupe : la page revient d’elle-même."],
  [/^Are you connected to the internet\?$/, ""],
];
/* Parameters of a choice inside a page. */
const CHOICES = ["vue", "section", "partie", "ecran", "rubrique"];
/* Keys of the shortcuts, as they are named on a French keyboard. */
const KEYS = { PageUp: "Page préc.", PageDown: "Page suiv.", Esc: "Échap" };
function translateDialogs() {
  document.querySelectorAll('[role="dialog"]').forEach((dialog) => {
    const walker = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim(), found = SENTENCES.find(([pattern]) => pattern.test(text));
      if (found && node.data !== found[1]) node.data = found[1];
    }
  });
}
function translate(root) {
  translateDialogs();
  root.querySelectorAll("[aria-label]").forEach((node) => {
    const name = node.getAttribute("aria-label"), french = NAMES[name] || name.replace(/^Remove /, "Retirer ");
    if (french !== name) node.setAttribute("aria-label", french);
  });
  document.querySelectorAll('[data-testid="stFileUploaderDropzone"] button p').forEach((node) => {
    if (node.firstChild && node.firstChild.data === "Upload") node.firstChild.data = "Choisir un fichier";
  });
  document.querySelectorAll("button kbd").forEach((node) => {
    if (node.firstChild && node.firstChild.data in KEYS) node.firstChild.data = KEYS[node.firstChild.data];
  });
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip && skip.firstChild && skip.firstChild.data !== "Aller au contenu") skip.firstChild.data = "Aller au contenu";
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
  new MutationObserver(() => translate(document.body)).observe(document.body, { childList: true, subtree: true });
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
