// Cell renderers of the grids.
const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
components.ProjectLink = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  const href = '/projects/' + encodeURIComponent(props.data.code);
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
components.ObjectLink = function (props) {
  if (!props.data) {
    return React.createElement('span', {className: 'waiting', 'aria-hidden': true}, '');
  }
  return props.data.href ? React.createElement('a', {href: props.data.href}, props.value) : props.value;
};
