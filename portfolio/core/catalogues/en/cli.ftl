### The command line

cli-init-done = The database is ready.
cli-migrated = The schema is current ({ $version }).
cli-serving = Open { $url } in a browser (API documentation: { $docs })
cli-nothing-written = Nothing was written.
cli-more-findings = { $count } more findings are not shown; --json lists them all.
cli-exported = { $count } rows were written to { $file }.
cli-check-passed = All checks hold.
cli-check-failed = { $count } checks do not hold.
cli-illustrative-removed = Illustrative figures removed: { $needs } needs, { $not_applicable } not-applicable statements, { $investment } amounts, { $schedule } schedules, { $stage } stages, { $steps } steps; { $entries } illustrative entries reversed, { $pools } pools emptied.
cli-illustrative-added = { $count } projects were given illustrative figures.
cli-illustrative-status = Version of the illustrative figures: { $version }
check-schema = The schema ({ $subject }) is not current. Run portfolio migrate.
check-project_fault = A project's field breaks a rule: { $subject }
check-project_warning = Worth a look: { $subject }
check-project_city = A project's reporting city does not follow from its regions: { $subject }
check-need_on_parent = Needs stand on a subtotal: { $subject }
check-need_negative = A need is negative, project number { $subject }
check-need_both = An item is declared not applicable and has figures: { $subject }
check-cube = The resident copy differs from the database's sum, item { $subject }
check-journal_ahead = The journal is ahead of the revision: { $subject }
check-credit_code = Worth a look: the unified social credit code of unit { $subject } does not check.
check-ledger_pool = A pool's balance is not the sum of its ledger entries: { $subject }
check-ledger_account = A project's holding in a pool is not the sum of its ledger entries: { $subject }
check-review_line = A review line is proposed or granted beyond its limit: { $subject }
