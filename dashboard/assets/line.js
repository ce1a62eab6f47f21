/* The line to the server: whether it holds, said aloud when it does not; others are told what failed and when it is back.

Events on the document: `line:failed` {asked, status}, `line:answered` {asked, answer}, `line:back`, `line:session` {…}. */
(function () {
  const CALLBACKS = '/_dash-update-component';
  const SESSION = '/sign-in/session';
  const SILENT_MS = 10000;
  const ASKED_MS = 6000;
  const AGAIN_MS = 3000;
  const root = document.documentElement;
  const plain = window.fetch;
  const underway = new Set();
  const sending = new Set();
  let down = false;
  let leaving = false;
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, {detail: detail}));

  async function holds() {
    try {
      const answer = await plain(SESSION, {cache: 'no-store', signal: AbortSignal.timeout(ASKED_MS)});
      if (!answer.ok) return false;
      tell('line:session', await answer.json());
      return true;
    } catch {
      return false;
    }
  }
  async function look() {
    if (await holds()) {
      if (down) back();
    } else {
      lost();
    }
  }
  function lost() {
    if (!down) {
      down = true;
      root.dataset.line = 'down';
    }
    setTimeout(look, AGAIN_MS);
  }
  function back() {
    down = false;
    root.dataset.line = 'back';
    // What was asked while the line was down may never be answered: its fate is unknown, so it counts as failed.
    underway.forEach((one) => one.abort());
    tell('line:back');
    setTimeout(() => {
      if (!down) delete root.dataset.line;
    }, 8000);
  }
  function failed(asked, status) {
    if (leaving) return;
    tell('line:failed', {asked: asked, status: status});
    if (!down) look();
  }
  // Buttons that sent a form: what they send tells a notice, and is not to be carried out twice by a double click.
  function senders(asked) {
    const causes = asked.output.includes('notices.sendNotifications') ? asked.changedPropIds || [] : [];
    return causes.filter((one) => one.endsWith('.n_clicks')).map((one) => one.slice(0, -'.n_clicks'.length));
  }
  async function callback(resource, options) {
    const asked = JSON.parse(options.body);
    const buttons = senders(asked);
    buttons.forEach((one) => sending.add(one));
    const control = new AbortController();
    const patience = setTimeout(look, SILENT_MS);
    underway.add(control);
    try {
      const answer = await plain(resource, {...options, signal: control.signal});
      if (answer.status >= 400 && answer.status !== 401) failed(asked, answer.status);
      if (answer.ok) tell('line:answered', {asked: asked, answer: answer});
      return answer;
    } catch (fault) {
      failed(asked, 0);
      throw fault;
    } finally {
      clearTimeout(patience);
      underway.delete(control);
      buttons.forEach((one) => sending.delete(one));
    }
  }
  window.fetch = function (resource, options) {
    const path = new URL(resource instanceof Request ? resource.url : resource, location.href).pathname;
    const asks = path.endsWith(CALLBACKS) && options && typeof options.body === 'string';
    return asks ? callback(resource, options) : plain(resource, options);
  };
  document.addEventListener('click', function (event) {
    const button = event.target instanceof Element ? event.target.closest('button[id]') : null;
    if (button && sending.has(button.id)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  window.addEventListener('offline', () => {
    if (!down) lost();
  });
  window.addEventListener('online', look);
  window.addEventListener('pagehide', () => {
    leaving = true;
  });
  window.portfolioLine = {holds: holds, isDown: () => down};

  // A person's own act that failed is told until they have seen it; what keeps itself tells of it in its own place.
  const ACTS = /\.(n_clicks|submit_n_clicks|contents|checked|n_submit)$/;
  document.addEventListener('line:failed', function (event) {
    const causes = event.detail.asked.changedPropIds || [];
    if (causes.some((one) => /^entry-mark\.|\.cellValueChanged$/.test(one))) return;
    root.dataset[causes.some((one) => ACTS.test(one)) ? 'failed' : 'unread'] = '1';
  });
  document.addEventListener('line:back', () => delete root.dataset.unread);
  document.addEventListener('click', function (event) {
    if (event.target instanceof Element && event.target.closest('.line-failed button, .line-unread button')) {
      delete root.dataset.failed;
      delete root.dataset.unread;
    }
  });
})();
