// Cards of the board: dragged to another lane or moved by their button, the page then asks for the reason.
(function () {
  let held = null;
  const lane = (event) => event.target.closest && event.target.closest('.lane[data-editable="1"]');
  const ask = function (card, to) {
    const data = {project: card.dataset.project, name: card.dataset.name, from: card.dataset.from, to: to, at: Date.now()};
    window.dash_clientside.set_props('board-move', {data: data});
  };
  const clear = () => document.querySelectorAll('.lane.over').forEach((one) => one.classList.remove('over'));
  document.addEventListener('dragstart', function (event) {
    const card = event.target.closest && event.target.closest('.entry-card[draggable="true"]');
    held = card || null;
    if (card && event.dataTransfer) {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', card.dataset.project);
    }
  });
  document.addEventListener('dragover', function (event) {
    const over = held && lane(event);
    if (over) {
      event.preventDefault();
      clear();
      over.classList.add('over');
    }
  });
  document.addEventListener('drop', function (event) {
    const over = held && lane(event);
    if (over) {
      event.preventDefault();
      if (over.dataset.category !== held.dataset.from) {
        ask(held, over.dataset.category);
      }
    }
    clear();
    held = null;
  });
  document.addEventListener('dragend', function () {
    clear();
    held = null;
  });
  document.addEventListener('click', function (event) {
    const button = event.target.closest && event.target.closest('.entry-card .move');
    if (button) {
      ask(button, button.dataset.from);
    }
  });
})();
