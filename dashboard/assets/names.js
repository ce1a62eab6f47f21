/* File inputs get the name of the area they belong to: the component that makes them gives them none. */
(function () {
  let due = false;
  function name() {
    due = false;
    document.querySelectorAll('input[type=file]:not([aria-label])').forEach(function (input) {
      const words = input.parentElement.textContent.trim();
      if (words) input.setAttribute('aria-label', words);
    });
  }
  new MutationObserver(function () {
    if (!due) {
      due = true;
      requestAnimationFrame(name);
    }
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
