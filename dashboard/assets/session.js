/* Every change carries the session's proof; a session that has ended leads to the sign-in page and back here. */
(function () {
  const plain = window.fetch;
  const proof = () => (document.cookie.match(/(?:^|; )gx_csrf=([^;]*)/) || [])[1] || '';
  window.fetch = async function (resource, options) {
    const given = options || {};
    const address = new URL(resource instanceof Request ? resource.url : resource, location.href);
    if (address.origin !== location.origin) return plain(resource, options);
    if (given.method && given.method !== 'GET') {
      const headers = new Headers(given.headers || {});
      headers.set('X-CSRF-Token', proof());
      given.headers = headers;
    }
    const answer = await plain(resource, given);
    if (answer.status === 401 && answer.headers.get('X-Refused')) {
      location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
      return new Promise(() => {});
    }
    return answer;
  };
})();
