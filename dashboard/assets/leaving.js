/* Leaving asks first while something typed is not saved: links, back, closing a dialog, discarding, signing out. */
(function () {
  const EDITORS = '.form, .mantine-Modal-content';
  const FIELDS = 'input:not([type=password]):not([type=search]):not([type=checkbox]):not([type=radio]):not([role=combobox]), textarea';
  const before = new WeakMap();
  const touched = new Set();
  // Editors that keep their own account add a function here: true while something of theirs is not kept.
  const reasons = (window.portfolioUnkept = window.portfolioUnkept || []);
  let let_go = false;
  let here = location.href;
  const say = (name) => document.getElementById('line').dataset[name];
  const open = (field) => field.isConnected && field.value !== before.get(field);
  const typed = (within) => [...touched].some((field) => open(field) && (!within || within.contains(field)));
  const editing = (within) => Boolean((within || document).querySelector('.ag-cell-inline-editing'));
  const loses = () => !let_go && (typed() || editing());
  const dirty = () => !let_go && (loses() || reasons.some((reason) => reason()));
  const forget = function () {
    let_go = true;
  };
  window.portfolioLeaving = {dirty: dirty, loses: loses, forget: forget};

  document.addEventListener('focusin', function (event) {
    const field = event.target;
    if (field.matches && field.matches(FIELDS) && field.closest(EDITORS) && !touched.has(field)) before.set(field, field.value);
  });
  document.addEventListener('input', function (event) {
    const field = event.target;
    let_go = false;
    if (field.matches && field.matches(FIELDS) && field.closest(EDITORS)) touched.add(field);
  });
  /* The colours in which an answer speaks, in alerts and notifications: teal is done, red is refused. */
  function colours(node, found = new Set()) {
    if (node === null || typeof node !== 'object') return found;
    if (node.type === 'Alert') found.add((node.props || {}).color);
    if (node.action === 'show') found.add(node.color);
    Object.values(node).forEach((one) => colours(one, found));
    return found;
  }
  // A form that answered "done", or whose page was made anew, holds nothing that is not saved.
  document.addEventListener('line:answered', async function (event) {
    if (!touched.size) return;
    const asked = event.detail.asked;
    const answer = event.detail.answer.status === 200 ? (await event.detail.answer.clone().json()).response || {} : {};
    const {content, url} = answer;
    const said = colours(answer);
    const renewed = (content && 'children' in content) || (url && Object.keys(url).length);
    if (!renewed && (said.has('red') || !said.has('teal'))) return;
    const named = (one) => (typeof one.id === 'string' ? one.id : JSON.stringify(one.id, Object.keys(one.id).sort()));
    const sent = new Set([...(asked.state || []), ...(asked.inputs || [])].flat().map(named));
    touched.forEach((field) => {
      if (!field.isConnected || sent.has(field.id)) touched.delete(field);
    });
  });

  function refused(event, words, at) {
    if (!at) return false;
    if (window.confirm(say(words))) {
      if (words === 'leave') document.dispatchEvent(new CustomEvent('leaving:given-up'));
      return false;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
  const away = function (link, event) {
    const aside = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (aside || link.target === '_blank' || link.hasAttribute('download') || !/^http/.test(link.href)) return false;
    const goal = new URL(link.href);
    return goal.origin !== location.origin || goal.pathname + goal.search !== location.pathname + location.search;
  };
  document.addEventListener('click', function (event) {
    const target = event.target instanceof Element ? event.target : null;
    const link = target && target.closest('a[href]');
    if (link && !link.matches('#line a') && away(link, event)) {
      if (!refused(event, 'leave', dirty())) touched.clear();
    }
    const dialog = target && target.closest('.mantine-Modal-content');
    if (dialog && target.closest('.mantine-Modal-close, [data-discards=typed]')) {
      if (!refused(event, 'discard', typed(dialog))) touched.clear();
    }
    if (target && target.closest('[data-discards=always]')) refused(event, 'discard', true) || forget();
  }, true);
  window.addEventListener('keydown', function (event) {
    const dialog = event.key === 'Escape' ? document.querySelector('.mantine-Modal-content') : null;
    const list = document.querySelector('[role=combobox][aria-expanded=true], .ag-cell-inline-editing');
    if (dialog && !list && !refused(event, 'discard', typed(dialog))) touched.clear();
  }, true);
  document.addEventListener('submit', function (event) {
    if (event.target.matches('form[action="/sign-in/out"]') && !refused(event, 'leave', dirty())) forget();
  }, true);
  window.addEventListener('beforeunload', function (event) {
    if (dirty()) {
      event.preventDefault();
      event.returnValue = '';
    }
  });
  // Back and forward have already changed the address when they are told: what is refused is put back.
  for (const name of ['pushState', 'replaceState']) {
    const plain = history[name].bind(history);
    history[name] = function (...given) {
      plain(...given);
      here = location.href;
    };
  }
  window.addEventListener('popstate', function (event) {
    const was = here;
    here = location.href;
    if (was.split('#')[0] === here.split('#')[0]) return;
    if (refused(event, 'leave', dirty())) history.pushState(null, '', was);
    else touched.clear();
  }, true);
})();
// A dialog that is closed goes back to what is stored.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.dialogs = {
  stored: function (opened, values) {
    const all = values.concat('');
    return opened ? all.map(() => window.dash_clientside.no_update) : all;
  },
};
