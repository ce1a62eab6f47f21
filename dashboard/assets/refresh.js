// Rows follow the view of their page: after it changes, the grid forgets its blocks and asks again.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.refresh = {
  rows: function (view, grid) {
    if (view !== undefined && window.dash_ag_grid) {
      window.dash_ag_grid.getApiAsync(grid).then(function (api) {
        api.ensureIndexVisible(0);
        api.purgeInfiniteCache();
      });
    }
    return window.dash_clientside.no_update;
  },
};
