/* What Streamlit's own page gets wrong for us, put right once for each visit. */
/* Words of Streamlit that no option changes. Named again at each change, because it writes them again. */
const NAMES = { "App pages": "Pages", Open: "Ouvrir", Close: "Fermer", "Clear all": "Tout retirer", "Clear value": "Effacer" };
function translate(root) {
  root.querySelectorAll("[aria-label]").forEach((node) => {
    const name = node.getAttribute("aria-label"), french = NAMES[name] || name.replace(/^Remove /, "Retirer ");
    if (french !== name) node.setAttribute("aria-label", french);
  });
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip && skip.firstChild && skip.firstChild.data !== "Aller au contenu") skip.firstChild.data = "Aller au contenu";
}

export default function () {
  /* It says that it is in English: a screen reader would read French with an English voice. */
  document.documentElement.lang = "fr";
  translate(document.body);

  if (window.observatoireVisits) return;
  window.observatoireVisits = true;
  new MutationObserver(() => translate(document.body)).observe(document.body, { childList: true, subtree: true });
  mergeVisits();
}

/* A page opened from the menu is one visit, for "back" too. Streamlit writes it as several: the page, then its
 * parameters; or, when it is slow, the parameters of the new page behind the path of the old one, then the page. */
function mergeVisits() {
  const push = history.pushState.bind(history);
  let written = -Infinity;
  history.pushState = (state, unused, address) => {
    const next = new URL(address, location.href), isHere = next.pathname === location.pathname;
    const completes = isHere ? !location.search || next.search === location.search : performance.now() - written < 500;
    written = isHere && !completes ? performance.now() : -Infinity;
    if (completes) history.replaceState(state, unused, address);
    else push(state, unused, address);
  };
}
