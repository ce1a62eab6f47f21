/* The window's title says the page: its heading, its place on the way back, the tab that is chosen; then the product. */
(function () {
  const PARTS = ['#content h1', '#content .crumbs [aria-current="page"]', '#content .choices .chosen'];
  const product = document.title;
  function follow() {
    const parts = PARTS.map((part) => document.querySelector(part)).map((one) => (one ? one.textContent.trim() : ''));
    const said = parts.filter((one, place) => one && parts.indexOf(one) === place);
    const title = [...said, product].join(' · ');
    if (document.title !== title) document.title = title;
  }
  new MutationObserver(follow).observe(document.documentElement, {childList: true, subtree: true, characterData: true});
})();
