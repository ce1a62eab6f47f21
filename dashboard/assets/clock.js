/* The session's time: warned before it ends, more of it by a click, and told when it has ended or is another's. */
(function () {
  const SESSION = '/sign-in/session';
  const root = document.documentElement;
  const words = () => document.getElementById('line');
  const proof = () => (document.cookie.match(/(?:^|; )gx_csrf=([^;]*)/) || [])[1] || '';
  const ask = () => window.portfolioLine.holds();
  let next = null;
  function later(seconds) {
    clearTimeout(next);
    next = setTimeout(ask, Math.max(1, seconds) * 1000);
  }
  function found(state) {
    if (state.ended) return 'ended';
    if (state.seconds === null) return '';
    if (state.account !== words().dataset.account) return 'other';
    if (state.seconds > Number(words().dataset.warning)) return '';
    return state.extends ? 'idle' : 'hard';
  }
  function heed(state) {
    if (!words()) return;
    const was = root.dataset.session || '';
    const now = found(state);
    document.querySelectorAll('.line-minutes').forEach((place) => {
      place.textContent = String(Math.max(1, Math.ceil((state.seconds || 0) / 60)));
    });
    if (now) root.dataset.session = now;
    else delete root.dataset.session;
    if (was === 'ended' && now !== 'ended' && now !== 'other') document.dispatchEvent(new CustomEvent('line:back'));
    if (now === 'ended' || now === 'other') later(10);
    else if (now) later(Math.min(20, state.seconds + 1));
    else if (state.seconds !== null) later(state.seconds - Number(words().dataset.warning) + 1);
  }
  document.addEventListener('line:session', (event) => heed(event.detail));
  document.addEventListener('click', async function (event) {
    const target = event.target instanceof Element ? event.target : null;
    if (target && target.closest('#session-stay')) {
      try {
        const headers = {'X-CSRF-Token': proof()};
        const answer = await window.fetch(SESSION, {method: 'POST', cache: 'no-store', headers: headers});
        if (answer.ok) heed(await answer.json());
      } catch {
        ask();
      }
    }
    const again = target && target.closest('.line-sign-in');
    if (again) {
      again.href = '/sign-in?next=' + encodeURIComponent(location.pathname + location.search);
      // What would be lost with the page stays in it: the sign-in opens beside it.
      again.target = window.portfolioLeaving.loses() ? '_blank' : '';
      if (!again.target) window.portfolioLeaving.forget();
    }
    const reload = target && target.closest('.line-reload');
    if (reload) {
      event.preventDefault();
      window.portfolioLeaving.forget();
      location.reload();
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && words()) ask();
  });
  const begin = () => (words() ? ask() : setTimeout(begin, 500));
  begin();
})();
