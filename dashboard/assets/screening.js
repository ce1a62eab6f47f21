// The matrix follows the filters: after the view changes, the grid forgets its blocks and asks again.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.screening = {
  refresh: function (view) {
    if (view !== undefined && window.dash_ag_grid) {
      window.dash_ag_grid.getApiAsync('screening-grid').then(function (api) {
        api.ensureIndexVisible(0);
        api.purgeInfiniteCache();
      });
    }
    return window.dash_clientside.no_update;
  },
};
