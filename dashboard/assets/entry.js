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
