/* What Streamlit's own page gets wrong for us, put right once for each visit. */
export default function () {
  /* It says that it is in English: a screen reader would read French with an English voice. */
  document.documentElement.lang = "fr";

  /* A page opened from the menu has no parameters, then receives those of the selection. It is one visit: without
   * this, "back" would stop at each page twice. */
  if (window.observatoireVisits) return;
  window.observatoireVisits = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, address) => {
    const next = new URL(address, location.href);
    if (next.pathname === location.pathname && !location.search) history.replaceState(state, unused, address);
    else push(state, unused, address);
  };
}
