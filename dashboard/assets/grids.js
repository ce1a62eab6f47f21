/* Grids by keyboard: Enter opens what a row leads to, and copying takes the cell that has the focus. */
(function () {
  const cell = () => {
    const at = document.activeElement;
    return at && at.classList.contains('ag-cell') && !at.classList.contains('ag-cell-inline-editing') ? at : null;
  };
  document.addEventListener('keydown', function (event) {
    const at = event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey ? cell() : null;
    if (!at || at.querySelector('input, button')) return;
    // A row's cells lie in up to three parts (left, middle, right); its number tells which belong together.
    const row = at.closest('.ag-row').getAttribute('row-index');
    const grid = at.closest('.ag-root');
    const link = at.querySelector('a[href]') || grid.querySelector(`.ag-row[row-index="${row}"] a[href]`);
    if (link) {
      event.preventDefault();
      event.stopPropagation();
      link.click();
    }
  }, true);
  document.addEventListener('copy', function (event) {
    const at = cell();
    const chosen = window.getSelection();
    if (!at || (chosen && !chosen.isCollapsed && chosen.toString())) return;
    event.clipboardData.setData('text/plain', at.innerText.trim());
    event.preventDefault();
  });
})();
