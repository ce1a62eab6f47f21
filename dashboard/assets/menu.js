/* The menu's groups stay folded as the reader left them on this machine; the group of the page one comes to unfolds. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  const KEY = 'menu-folded';
  const folds = () => [...document.querySelectorAll('#menu details')];
  function folded() {
    try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch (_) { return []; }
  }
  function keep() {
    try { localStorage.setItem(KEY, JSON.stringify(folds().filter((one) => !one.open).map((one) => one.dataset.group))); }
    catch (_) { /* A browser that keeps nothing unfolds them all the next time. */ }
  }
  // The page of the menu that `path` is, or lies below: /projects/GX-2018-0206 lies below /projects.
  function place(path) {
    const above = [...document.querySelectorAll('#menu a[href]')].filter(function (link) {
      const address = link.getAttribute('href');
      return path === address || (address !== '/' && path.startsWith(address + '/'));
    });
    return above.sort((one, other) => other.getAttribute('href').length - one.getAttribute('href').length)[0];
  }
  document.addEventListener('toggle', function (event) {
    if (event.target.closest && event.target.closest('#menu')) keep();
  }, true);
  let begun = false;
  window.dash_clientside.menu = {
    follow: function (path) {
      if (!begun) folds().forEach((one) => { one.open = !folded().includes(one.dataset.group); });
      begun = true;
      const here = place(path);
      document.querySelectorAll('#menu details').forEach((one) => one.classList.toggle('here', !!here && one.contains(here)));
      if (here) {
        here.closest('details').open = true;
        here.scrollIntoView({block: 'nearest'});
      }
      return window.dash_clientside.no_update;
    },
  };
})();
