/* Printing: a grid holds only the rows in sight, so each is printed as a plain table of all it has; and always on white. */
(function () {
  const root = document.documentElement;
  const made = [];
  let theme = null;
  function text(api, row, column) {
    const plain = api.getCellValue({rowNode: row, colKey: column});
    if (plain === true || plain === false) return plain ? '✓' : '';
    if (Array.isArray(plain)) return row.data.told || plain.join(', ');
    const value = api.getCellValue({rowNode: row, colKey: column, useFormatter: true});
    return value === null || value === undefined ? '' : String(value);
  }
  function cellOf(tag, words, column) {
    const one = document.createElement(tag);
    one.textContent = words;
    if ([column.getColDef().cellClass].flat().includes('right')) one.className = 'right';
    return one;
  }
  function lineOf(cells) {
    const line = document.createElement('tr');
    line.append(...cells);
    return line;
  }
  // Of rows of a tree: totals are bold, deeper ones set in, illustrative figures slanted, as in the grid.
  function rowOf(api, row, columns) {
    const cells = columns.map((one) => cellOf('td', text(api, row, one), one));
    columns.forEach(function (column, at) {
      const year = Number(column.getColId().slice(1));
      if ((row.data.marks || []).includes && (row.data.marks || []).includes(year)) cells[at].classList.add('made-up');
    });
    if (row.data.depth) cells[0].style.paddingLeft = 4 + row.data.depth * 10 + 'px';
    const line = lineOf(cells);
    if (row.data.leaf === false) line.className = 'subtotal';
    return line;
  }
  function tableOf(api) {
    const table = document.createElement('table');
    const columns = api.getAllDisplayedColumns();
    const head = table.createTHead();
    head.append(lineOf(columns.map((one) => cellOf('th', api.getDisplayNameForColumn(one, 'header') || '', one))));
    const body = table.createTBody();
    const add = (row) => row.data && body.append(rowOf(api, row, columns));
    if (api.getGridOption('rowModelType') !== 'infinite') {
      api.forEachNodeAfterFilterAndSort(add);
    } else {
      // A list that is fetched as one scrolls has only what was fetched: the paper says so.
      api.forEachNode(add);
      const all = api.getDisplayedRowCount();
      if (body.rows.length < all) table.createCaption().textContent = document.getElementById('line').dataset.partly;
    }
    table.className = 'printed';
    table.setAttribute('aria-hidden', 'true');
    return table;
  }
  function before() {
    after();
    document.querySelectorAll('.ag-root-wrapper').forEach(function (grid) {
      const holder = grid.closest('[id][class*=ag-theme]');
      const api = holder && holder.id && window.dash_ag_grid.getApi(holder.id);
      if (!api) return;
      const table = tableOf(api);
      holder.after(table);
      holder.classList.add('as-table');
      made.push([holder, table]);
    });
    theme = root.dataset.mantineColorScheme;
    root.dataset.mantineColorScheme = 'light';
    root.dataset.printedFrom = theme;
  }
  function after() {
    made.splice(0).forEach(function ([holder, table]) {
      holder.classList.remove('as-table');
      table.remove();
    });
    if (theme !== null) root.dataset.mantineColorScheme = theme;
    theme = null;
    delete root.dataset.printedFrom;
  }
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
})();
