/* What could not be given to the server, kept in this window until it could: by account and place, gone on signing out.

The window's own storage (sessionStorage) is used: it outlives a reload and the way through the sign-in page, ends with
the window, and is seen by no other window, since offices share machines and records name people with their telephones. */
(function () {
  const PREFIX = 'portfolio-kept:';
  const account = () => document.getElementById('line').dataset.account;
  const name = (place) => PREFIX + account() + ':' + place;
  const names = () => Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX));
  window.portfolioKept = {
    get: function (place) {
      const held = sessionStorage.getItem(name(place));
      return held === null ? null : JSON.parse(held);
    },
    set: function (place, value) {
      try {
        sessionStorage.setItem(name(place), JSON.stringify(value));
      } catch {
        // A full storage keeps nothing; the page itself still holds what was typed.
      }
    },
    remove: (place) => sessionStorage.removeItem(name(place)),
    clear: () => names().forEach((one) => sessionStorage.removeItem(one)),
    /* What another account left in this window is nobody else's to find. A document around a fault knows no account. */
    clearOthers: () =>
      account() && names().filter((one) => !one.startsWith(name(''))).forEach((one) => sessionStorage.removeItem(one)),
  };
  const begin = () => (document.getElementById('line') ? window.portfolioKept.clearOthers() : setTimeout(begin, 300));
  begin();
})();
