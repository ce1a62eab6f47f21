// The sum of a curve beside the annual figure it must reach.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.programme = {
  sum: function (shape, annual, quarters, months, words) {
    const points = shape === 'quarters' ? quarters : shape === 'months' ? months : null;
    if (!points) {
      return '';
    }
    const plain = (text) => Math.round((parseFloat(String(text || '0').replace(/,/g, '')) || 0) * 10000);
    const total = points.reduce((sum, point) => sum + plain(point), 0);
    const figures = {sum: total / 10000, annual: plain(annual) / 10000, rest: (plain(annual) - total) / 10000};
    return words.replace(/\[(\w+)\]/g, (_, name) => figures[name].toLocaleString());
  },
};
