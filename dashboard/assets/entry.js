// The entry form: a table pasted into the needs grid, and a click on the map that sets the pin.
document.addEventListener('paste', function (event) {
  const grid = event.target instanceof Element ? event.target.closest('#entry-needs') : null;
  const text = event.clipboardData ? event.clipboardData.getData('text/plain') : '';
  const table = /[\t\n]/.test(text.replace(/\r?\n$/, ''));
  const typing = event.target.tagName === 'INPUT' && !table;
  if (!grid || !text || typing) {
    return;
  }
  event.preventDefault();
  window.dash_ag_grid.getApiAsync('entry-needs').then(function (api) {
    const cell = api.getFocusedCell();
    api.stopEditing(true);
    const row = cell ? api.getDisplayedRowAtIndex(cell.rowIndex) : null;
    window.dash_clientside.set_props('entry-paste', {
      data: {text: text, item: row ? row.data.item : '', column: cell ? cell.column.getColId() : '', at: Date.now()},
    });
  });
});
document.addEventListener('click', function (event) {
  const frame = event.target instanceof Element ? event.target.closest('#entry-map-frame') : null;
  const plot = frame ? frame.querySelector('.js-plotly-plot') : null;
  if (!plot || !plot._fullLayout) {
    return;
  }
  const box = plot.getBoundingClientRect();
  const size = plot._fullLayout._size;
  const lon = plot._fullLayout.xaxis.p2d(event.clientX - box.left - size.l);
  const lat = plot._fullLayout.yaxis.p2d(event.clientY - box.top - size.t);
  window.dash_clientside.set_props({type: 'entry', name: 'lon'}, {value: lon.toFixed(4)});
  window.dash_clientside.set_props({type: 'entry', name: 'lat'}, {value: lat.toFixed(4)});
});
// Inputs tell their value a moment after the last key (300 ms): saving and changing units wait for it, so that nothing
// typed is lost or read in the wrong unit.
window.dash_clientside = window.dash_clientside || {};
// A new record's form holds a lock on its draft while it is open, and the tab remembers which it is: a second tab that is
// given the same draft begins one of its own, and a reload finds its own again. A closed or crashed tab holds nothing.
// Where the browser keeps locks from pages without TLS, the tabs ask each other.
const draft = {subject: '', asked: '', leave: null};
const REMEMBERED = 'portfolio draft';
const tabs = new BroadcastChannel('portfolio drafts');
tabs.onmessage = function (event) {
  if (event.data.asked && event.data.asked === draft.subject) {
    tabs.postMessage({held: draft.subject});
  }
  if (event.data.held && event.data.held === draft.asked) {
    draft.asked = '';
    openDraft(ownSubject());
  }
};
function leaveDraft() {
  if (draft.leave) {
    draft.leave();
  }
  draft.subject = '';
  draft.leave = null;
}
function ownSubject() {
  const mark = Array.from(window.crypto.getRandomValues(new Uint8Array(5)), function (byte) {
    return byte.toString(16).padStart(2, '0');
  });
  return 'new-' + mark.join('');
}
function openDraft(subject) {
  window.location.replace('/projects/new?draft=' + subject);
}
window.dash_clientside.entry = {
  held: function (subject, path) {
    const here = path === '/projects/new' && /^new(-|$)/.test(subject || '');
    if (here && draft.subject === subject) {
      return window.dash_clientside.no_update;
    }
    leaveDraft();
    if (!here) {
      return window.dash_clientside.no_update;
    }
    const own = window.sessionStorage.getItem(REMEMBERED);
    if (own && own !== subject && !window.location.search) {
      openDraft(own);
      return window.dash_clientside.no_update;
    }
    draft.subject = subject;
    if (!navigator.locks) {
      window.sessionStorage.setItem(REMEMBERED, subject);
      draft.asked = subject;
      tabs.postMessage({asked: subject});
      setTimeout(function () {
        draft.asked = '';
      }, 1000);
      return window.dash_clientside.no_update;
    }
    navigator.locks.request('portfolio ' + subject, {ifAvailable: true}, function (lock) {
      if (!lock) {
        openDraft(ownSubject());
        return null;
      }
      if (draft.subject !== subject) {
        return null;
      }
      window.sessionStorage.setItem(REMEMBERED, subject);
      return new Promise(function (leave) {
        draft.leave = leave;
      });
    });
    return window.dash_clientside.no_update;
  },
  units: function (values, ids) {
    const chosen = Object.fromEntries(ids.map((id, place) => [id.name, values[place]]));
    return new Promise(function (answer) {
      setTimeout(function () {
        answer(chosen);
      }, 450);
    });
  },
  // Rows of a list: one that holds something is shown, and so is the next spare one when a row is asked for.
  rows: function (values, _asked, inputs, ids, classes) {
    const filled = new Set();
    inputs.forEach((id, place) => {
      const parts = id.name.split('.');
      if (parts.length === 3 && values[place]) {
        filled.add(parts[0] + '.' + parts[1]);
      }
    });
    const shown = ids.map((id, place) => classes[place] === 'entry-row' || filled.has(id.name));
    const causes = window.dash_clientside.callback_context.triggered || [];
    causes.forEach((cause) => {
      if (cause.value && cause.prop_id.includes('entry-row-add')) {
        const group = JSON.parse(cause.prop_id.replace('.n_clicks', '')).name + '.';
        const next = ids.findIndex((id, place) => id.name.startsWith(group) && !shown[place]);
        if (next >= 0) {
          shown[next] = true;
          focusRow(ids[next].name);
        }
      }
    });
    return shown.map((one) => (one ? 'entry-row' : 'entry-row spare'));
  },
  asked: function () {
    const cause = window.dash_clientside.callback_context.triggered[0];
    if (!cause || !cause.value) {
      return window.dash_clientside.no_update;
    }
    const submit = cause.prop_id.startsWith('entry-submit');
    return new Promise(function (answer) {
      setTimeout(function () {
        answer({submit: submit, at: Date.now()});
      }, 450);
    });
  },
};
function focusRow(name) {
  setTimeout(function () {
    const row = document.getElementById(JSON.stringify({name: name, type: 'entry-row'}));
    const input = row ? row.querySelector('input') : null;
    if (input) {
      input.focus();
    }
  }, 60);
}
// A section folded holds what the stage asks for and what is filled; its button, and the index, unfold the rest.
function unfold(name, open) {
  const set = window.dash_clientside.set_props;
  set({type: 'entry-section', name: name}, {className: open ? 'entry-section open' : 'entry-section'});
  set({type: 'entry-more', name: name}, {'aria-expanded': String(open)});
  if (open) {
    setTimeout(function () {
      window.dispatchEvent(new Event('resize')); // the map is drawn for the width it has now
    }, 60);
  }
}
// What a window puts back stands in sight, also while the server that folds is away.
window.portfolioUnfoldAround = function (name) {
  const input = document.getElementById(JSON.stringify({name: name, type: 'entry'}));
  const section = input ? input.closest('.entry-section') : null;
  if (section) {
    unfold(JSON.parse(section.id).name, true);
  }
};
document.addEventListener('click', function (event) {
  const target = event.target instanceof Element ? event.target : null;
  const more = target ? target.closest('.entry-more') : null;
  if (more) {
    unfold(JSON.parse(more.id).name, more.getAttribute('aria-expanded') !== 'true');
  }
  const jump = target ? target.closest('.entry-jump') : null;
  if (jump) {
    event.preventDefault();
    unfold(jump.dataset.section, true);
    setTimeout(function () {
      const head = document.querySelector(jump.getAttribute('href') + ' .entry-head');
      head.scrollIntoView({block: 'start'});
      head.focus({preventScroll: true});
    }, 80);
  }
});
// A project's name in the reviewer's queue: opens the record below the queue, in the same address.
window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
window.dashAgGridComponentFunctions.QueueLink = function (props) {
  const open = function (event) {
    event.preventDefault();
    const query = new URLSearchParams(window.location.search);
    query.set('project', props.data.code);
    window.history.pushState({}, '', window.location.pathname + '?' + query.toString());
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
  };
  const href = '?project=' + encodeURIComponent(props.data.code);
  return React.createElement('a', {href: href, onClick: open}, props.value);
};
