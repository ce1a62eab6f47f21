// Cell renderers of the grids.
const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
components.ProjectLink = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  const href = '/projects/' + encodeURIComponent(props.data.code) + (props.data.tab ? '?tab=' + props.data.tab : '');
  const open = function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) {
      return;
    }
    event.preventDefault();
    window.history.pushState({}, '', href);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    window.scrollTo(0, 0);
  };
  return React.createElement('a', {href: href, onClick: open}, props.value);
};
// A name in a grid of an edition leads to what the edition says of the project.
components.EntryLink = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  const path = '/editions/' + encodeURIComponent(props.data.edition);
  const href = path + '?tab=entry&project=' + encodeURIComponent(props.data.code);
  const open = function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) {
      return;
    }
    event.preventDefault();
    window.history.pushState({}, '', href);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    window.scrollTo(0, 0);
  };
  return React.createElement('a', {href: href, onClick: open}, props.value);
};
// The schedule: years along the head, and in every row a bar, what it was in the parent edition, and milestones.
components.YearScale = function (props) {
  const marks = (props.years || []).map(function (year) {
    return React.createElement('span', {key: year.label, className: 'year', style: {left: year.at + '%'}}, year.label);
  });
  if (props.today !== null) {
    marks.push(React.createElement('span', {key: 'today', className: 'now', style: {left: props.today + '%'}}, props.todayName));
  }
  return React.createElement('div', {className: 'gantt scale'}, marks);
};
components.GanttBar = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  const e = React.createElement;
  const place = (bar) => ({left: bar[0] + '%', width: bar[1] + '%'});
  const parts = (props.years || []).map((year) => e('i', {key: 'y' + year.label, className: 'line', style: {left: year.at + '%'}}));
  if (props.data.was) {
    parts.push(e('b', {key: 'was', className: 'was', style: place(props.data.was)}));
  }
  if (props.data.bar) {
    parts.push(e('b', {key: 'bar', className: 'bar plan-' + props.data.kind, style: place(props.data.bar)}, e('span', null, props.data.category)));
  }
  (props.data.marks || []).forEach(function (mark, place) {
    parts.push(e('i', {key: 'm' + place, className: mark[1] ? 'step done' : 'step', style: {left: mark[0] + '%'}, title: mark[2]}));
  });
  if (props.today !== null) {
    parts.push(e('i', {key: 'now', className: 'now', style: {left: props.today + '%'}}));
  }
  return e('div', {className: 'gantt', role: 'img', 'aria-label': props.data.told, title: props.data.told}, parts);
};
components.ObjectLink = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  return props.data.href ? React.createElement('a', {href: props.data.href}, props.value) : props.value;
};
