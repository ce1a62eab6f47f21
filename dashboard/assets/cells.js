/* Cells whose saving failed: marked, kept over a reload, and sent again when the line is back. */
(function () {
  const AGAIN_MS = 15000;
  const held = new Map(); // grid → its changes, by row and column
  const marks = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, marks];
  const kept = () => window.portfolioKept;
  const place = (grid) => 'cells:' + location.pathname + ':' + grid;
  const key = (change) => change.rowId + '|' + change.colId;
  const changed = (asked) =>
    (asked.inputs || []).filter((one) => one.property === 'cellValueChanged' && one.value && asked.changedPropIds.includes(one.id + '.cellValueChanged'));
  const pending = (grid) => Object.values(held.get(grid) || {});
  (window.portfolioUnkept = window.portfolioUnkept || []).push(() => [...held.keys()].some((grid) => document.getElementById(grid)));
  function mark() {
    if (held.size) document.documentElement.dataset.cells = '1';
    else delete document.documentElement.dataset.cells;
    const rules = [...held].flatMap(([grid, changes]) =>
      Object.values(changes).map((one) => `[id=${CSS.escape(grid)}] .ag-row[row-id="${CSS.escape(one.rowId)}"] .ag-cell[col-id="${CSS.escape(one.colId)}"]`),
    );
    marks.replaceSync(rules.length ? rules.join(',') + '{outline: 2px dashed var(--mantine-color-error); outline-offset: -2px;}' : '');
  }
  function keep(grid) {
    const changes = pending(grid);
    if (changes.length) kept().set(place(grid), changes);
    else {
      held.delete(grid);
      kept().remove(place(grid));
    }
    mark();
  }
  function hold(grid, changes) {
    const now = {...(held.get(grid) || {})};
    changes.forEach((one) => {
      now[key(one)] = one;
    });
    held.set(grid, now);
    keep(grid);
  }
  function resend() {
    held.forEach((_, grid) => {
      if (document.getElementById(grid)) window.dash_clientside.set_props(grid, {cellValueChanged: pending(grid)});
    });
  }
  document.addEventListener('line:failed', function (event) {
    changed(event.detail.asked).forEach((one) => hold(one.id, one.value));
    // The line holds and yet it failed: tried again after a while.
    if (held.size && event.detail.status >= 500) setTimeout(() => window.portfolioLine.isDown() || resend(), AGAIN_MS);
  });
  document.addEventListener('line:answered', function (event) {
    changed(event.detail.asked).forEach(function (one) {
      const now = held.get(one.id);
      if (!now) return;
      one.value.forEach((change) => {
        if (now[key(change)] && now[key(change)].value === change.value) delete now[key(change)];
      });
      keep(one.id);
    });
  });
  document.addEventListener('line:back', resend);
  document.addEventListener('leaving:given-up', function () {
    [...held.keys()].forEach((grid) => window.portfolioCells.take(grid));
  });
  window.portfolioCells = {
    /* The changes of a grid that were kept over a reload; whoever takes them sees to their saving. */
    take: function (grid) {
      const found = kept().get(place(grid)) || [];
      held.delete(grid);
      kept().remove(place(grid));
      mark();
      return found;
    },
  };
  // After a reload, or when one comes back to a page: a grid that still has changes waiting sends them once it is there.
  setInterval(function () {
    if (!document.getElementById('line')) return;
    document.querySelectorAll('[id][class*=ag-theme]').forEach(function ({id}) {
      const found = id === 'entry-needs' || held.has(id) ? null : kept().get(place(id));
      if (!found || !document.querySelector(`[id=${CSS.escape(id)}] .ag-cell`)) return;
      hold(id, found);
      resend();
    });
  }, 1000);
})();
