/* Every change carries the account its page was made for (the session's proof is Dash's own to add); a session that has
ended leads to the sign-in page and back here, unless that would lose what was typed. */
(function () {
  const plain = window.fetch;
  const account = () => (document.getElementById('line') || {dataset: {}}).dataset.account;
  window.fetch = async function (resource, options) {
    const given = options || {};
    const address = new URL(resource instanceof Request ? resource.url : resource, location.href);
    if (address.origin !== location.origin) return plain(resource, options);
    if (given.method && given.method !== 'GET') {
      const headers = new Headers(given.headers || {});
      if (account()) headers.set('X-Account', account());
      given.headers = headers;
    }
    const answer = await plain(resource, given);
    const refused = answer.headers.get('X-Refused');
    if (refused === 'people.other_account') document.documentElement.dataset.session = 'other';
    if (answer.status === 401 && refused) {
      if (window.portfolioLeaving.dirty()) {
        window.portfolioLine.holds();
        return answer;
      }
      location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
      return new Promise(() => {});
    }
    return answer;
  };
  // Signing out in one window ends it in all: none goes on showing, or keeping, what was typed in it.
  const others = new BroadcastChannel('portfolio-session');
  document.addEventListener('submit', function (event) {
    if (!event.defaultPrevented && event.target.matches('form[action="/sign-in/out"]')) {
      window.portfolioKept.clear();
      others.postMessage('out');
    }
  });
  others.onmessage = function () {
    window.portfolioKept.clear();
    window.portfolioLeaving.forget();
    location.assign('/sign-in');
  };
})();
