// Entries follow the filters: after one changes, the grid forgets its blocks and asks again.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.journal = {
  refresh: function (view) {
    if (view !== undefined && window.dash_ag_grid) {
      window.dash_ag_grid.getApiAsync('journal-grid').then(function (api) {
        api.ensureIndexVisible(0);
        api.purgeInfiniteCache();
      });
    }
    return window.dash_clientside.no_update;
  },
};
