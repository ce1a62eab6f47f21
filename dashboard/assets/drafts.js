/* The entry form's keeping: every change is numbered, kept in this window until the server says it holds that number,
sent again while it does not, and put back into the form after a reload. "Kept" is shown for nothing else. */
(function () {
  const PATIENCE_MS = 12000;
  const AGAIN_MS = 15000;
  const words = () => document.getElementById('entry-words');
  const props = (id, given) => window.dash_clientside.set_props(id, given);
  const place = () => 'entry:' + words().dataset.subject;
  let number = 0;
  let confirmed = 0;
  let typing = false;
  let timer = null;
  let settling = null;
  const missed = new Map(); // what the grid was given and could not be worked out: given again when the line is back
  const on = () => Boolean(words());
  const unkept = () => on() && (typing || confirmed < number);
  const status = (name) => props('entry-status', {children: words().dataset[name]});
  (window.portfolioUnkept = window.portfolioUnkept || []).push(unkept);

  function doubt() {
    if (!unkept()) return;
    status('unkept');
    clearTimeout(timer);
    timer = setTimeout(again, AGAIN_MS);
  }
  function again() {
    if (!on() || confirmed >= number) return;
    number += 1;
    store(number);
    props('entry-mark', {data: {number: number}});
    clearTimeout(timer);
    timer = setTimeout(doubt, PATIENCE_MS);
  }
  let latest = null;
  function store(n) {
    if (latest) window.portfolioKept.set(place(), {...latest, number: n});
  }
  function restored(ids) {
    const left = window.portfolioKept.get(place());
    window.portfolioKept.clearOthers();
    const changes = window.portfolioCells.take('entry-needs');
    if (!left && !changes.length) return false;
    if (left) {
      props('entry-base', {data: left.base});
      ids.forEach((id) => {
        if (id.name in left.typed) props(id, {value: left.typed[id.name]});
        if (left.typed[id.name] && left.typed[id.name].length) window.portfolioUnfoldAround(id.name);
      });
    }
    props('entry-restore', {data: {needs: left ? left.needs : null, changes: changes, at: Date.now()}});
    props('notices', {
      sendNotifications: [{action: 'show', id: 'entry-restored-here', message: words().dataset.restored, color: 'blue', autoClose: false}],
    });
    return true;
  }
  function mark(values, held, ids, base, known) {
    const causes = window.dash_clientside.callback_context.triggered || [];
    const first = !causes.length || known === undefined || known === null;
    typing = false;
    if (first) {
      number = confirmed = 0;
      latest = null;
      // What was put back counts as a change of its own: the copy here stays until the server holds it.
      if (restored(ids)) number = 1;
    } else {
      latest = {typed: Object.fromEntries(ids.map((id, at) => [id.name, values[at]])), needs: held, base: base};
      number += 1;
      store(number);
      status('keeping');
      clearTimeout(timer);
      timer = setTimeout(doubt, PATIENCE_MS);
    }
    return {number: number};
  }
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.drafts = {
    mark: mark,
    kept: function (said) {
      if (said && said.number >= number) {
        confirmed = number;
        clearTimeout(timer);
        window.portfolioKept.remove(place());
      } else if (said) {
        confirmed = Math.max(confirmed, said.number);
      }
      return window.dash_clientside.no_update;
    },
  };
  document.addEventListener('input', function (event) {
    if (on() && event.target instanceof Element && event.target.closest('#entry-form')) {
      if (!typing) status('keeping');
      typing = true;
      clearTimeout(settling);
      settling = setTimeout(() => (typing = false), 1500);
    }
  });
  document.addEventListener('line:failed', function (event) {
    const causes = event.detail.asked.changedPropIds || [];
    if (on() && causes.includes('entry-mark.data')) doubt();
    (event.detail.asked.inputs || []).forEach((one) => {
      if (['entry-paste', 'entry-restore'].includes(one.id) && causes.includes(one.id + '.data')) missed.set(one.id, one.value);
    });
  });
  document.addEventListener('leaving:given-up', function () {
    if (!on()) return;
    window.portfolioKept.remove(place());
    confirmed = number;
    typing = false;
  });
  document.addEventListener('line:back', function () {
    if (!on()) return;
    missed.forEach((value, id) => props(id, {data: {...value, at: Date.now()}}));
    missed.clear();
    again();
  });
})();
