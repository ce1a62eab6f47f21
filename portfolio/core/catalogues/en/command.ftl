### The command: helps, wrong usage, and what comes from outside

help-usage = Usage: { $command }
help-commands = Commands (portfolio COMMAND --help says more of one)
help-arguments = Arguments
help-options = Options
help-example = Example
help-value = VALUE
help-any-options = [OPTIONS]
help-any-command = COMMAND …
help-option-help = this help

help-portfolio = The library of major projects: keep it, fill it, plan with it. Exit codes: 0 done; 1 findings or refused, and then nothing was written; 2 wrong usage or a wrong setting. Settings are environment variables (PORTFOLIO_LANGUAGE=en, DATABASE_URL=sqlite:///var/portfolio.db …).
help-portfolio-example = portfolio init
    portfolio serve

help-option-json = print one JSON object as the last line, also when something is refused ({ "{" }"error": …{ "}" })
help-option-lang = language of headings and names for people: zh or en, for example en
help-option-city = a city by code or name, for example 450700 or Qinzhou City; may be given several times; - means not stated
help-option-lead-unit = a lead unit by code or name, for example GX-DRC; may be given several times; - means not stated (codes: portfolio export units -o units.csv)
help-option-doc = number of the document, for example "Gui Fa Gai [2026] 1"
help-option-reason = the reason, for example "reform"
help-option-years = length of the window in years, for example 3
help-option-batch = annual, midyear, or a supplement with its number, for example supplement-1
help-option-name = the account's name as it signs in, for example li.si
help-option-user = the account's name as it signs in, for example li.si
help-option-role = what the account may do, one of { $values }; for example planner
help-option-unit = the unit's code, for project offices and lead-unit reviewers, for example GX-DRC
help-option-element = land, sea or forest, for element authorities, for example sea
help-option-code = the edition's code, for example 2026

help-init = Make the database ready: schema up to date, code lists and the scheme's projects loaded. What is there stays; it can be run again.
help-init-demo = add illustrative figures (marked as such everywhere) and demonstration accounts
help-init-bare = code lists only, no project
help-init-example = portfolio init --demo

help-serve = Start the product (pages and API); Ctrl-C ends it. Demonstration accounts and the local owner are served to this machine alone.
help-serve-host = the address to listen on, for example 127.0.0.1 (the setting HOST by default)
help-serve-port = the port to listen on, 1 to 65535, for example 8050 (the setting PORT by default)
help-serve-example = portfolio serve --port 8051

help-import = Read tables in, all rows or none. Every finding names file, sheet, row, column, reason and remedy. What is applied is recorded as one import and can be undone.
help-import-files = one file or several, CSV or XLSX, for example projects.xlsx needs.csv
help-import-kind = the kind of table, where it shall not be read from the headings: { $values }
help-import-check = look only: all findings, nothing is written
help-import-partial = write the good rows although others have findings
help-import-profile = what columns mean, by a profile: its name, or a file of its JSON; without one those that were kept are used, for example plan.json
help-import-undo = undo the import of this number as a whole, for example 12
help-import-example = portfolio import projects.xlsx needs.csv --check

help-export = Write a table out; what is exported can be imported again and changes nothing. The suffix of the file decides: .csv, .xlsx or .json.
help-export-kind-of-table = the kind of table: { $values }
help-export-output = the file to write, .csv, .xlsx or .json, for example needs.xlsx; one that is there is replaced
help-export-q = words that name, code or owner hold, for example 码头
help-export-kind = a kind of project by code or name, for example berth; may be given several times; - means not stated
help-export-stage = a stage by code or name, may be given several times: { $values }; for example ready
help-export-region = what touches a region (a city with its counties), by code or name, for example 450702; may be given several times
help-export-task = projects that serve a task of the scheme, for example T01; may be given several times (ids: portfolio export tasks -o tasks.csv)
help-export-item = needs of an item of the element tree and what lies under it, by code or name, for example fund or land
help-export-year = needs of a year, 2000 to 2060, for example 2027; may be given several times
help-export-sort = the order of projects, with - in front for falling: { $values }; for example -total_investment
help-export-example = portfolio export needs -o needs.xlsx --city 450700 --year 2027

help-template = Write a workbook to fill in, with drop-downs, checks and notes.
help-template-kind-of-table = the kind of table: { $values }
help-template-output = the workbook to write, .xlsx, for example projects.xlsx; one that is there is replaced
help-template-prefilled = with the rows that are there, to be corrected
help-template-example = portfolio template projects -o projects.xlsx --prefilled --city 450500

help-roll = Make a new draft edition of the programme, from an approved one or, without --from, from the library.
help-roll-to = the first year of its window, for example 2027
help-roll-from = the approved edition it goes on from, for example 2026
help-roll-code = the code of the new edition, for example 2027-S1; its year by default
help-roll-later-years = running projects may need money after the window
help-roll-closed-by = Who declares the running year closed, for example "Zhang San"; without it the year is open
help-roll-closed-reason = Why it is closed early, for example "treasury closed"
help-roll-maker = who answers for the draft, for example "Zhang San"; another person approves it
help-roll-example = portfolio roll --to 2026 --later-years

help-screen = Gates and scores of every project under a scoring policy.
help-screen-policy = code of the policy, with @VERSION for an older one, or a JSON file, for example default, default@1 or mine.json
help-screen-keep = keep the scores with their facts under this note, for example "annual list"
help-screen-output = a CSV file with every project's points and gates, for example scores.csv
help-screen-example = portfolio screen -o scores.csv

help-allocate = Choose the projects to support within all pools, with proof. Either --problem or --edition. Ctrl-C keeps the best found.
help-allocate-problem = a folder with projects, needs, pools and criteria as tables; no database is opened; for example data
help-allocate-edition = an edition of this database, solved against the ledger's pools; nothing is written to it; for example 2026
help-allocate-policy = how projects are valued; for a folder { $values }, for an edition a scoring policy such as default@1
help-allocate-max-delay = the most years a project may be put off, 0 to 15, for example 1
help-allocate-time-limit = seconds, for example 60
help-allocate-gap = the relative gap at which the answer counts as proven, 0 to 1, for example 0.001
help-allocate-stability = points that each decision other than the approved one costs, for example 2
help-allocate-output = a CSV file with a row a project, for example plan.csv
help-allocate-example = portfolio allocate --problem data --max-delay 1 -o plan.csv

help-check = Recompute every invariant of the database and name what does not hold.
help-check-example = portfolio check --json

help-backup = Back the database up with its files into one archive, while the server goes on.
help-backup-file = the archive to write, for example portfolio.zip
help-backup-accept-missing = although files that the database names are lost
help-backup-example = portfolio backup portfolio.zip

help-restore = Put the library of an archive back: verified, brought to this version, checked; all of it or nothing.
help-restore-file = the archive to read, for example portfolio.zip
help-restore-replace = in place of the library that is there
help-restore-accept-findings = although the check finds fault with it
help-restore-example = portfolio restore portfolio.zip --replace

help-migrate = Bring the schema of a database to this version, the data as it is. SQLite is copied first.
help-migrate-example = portfolio migrate

help-illustrative = Show, remove or add the illustrative figures; what was reported stays as it is.
help-illustrative-action = status, remove or add; status by default
help-illustrative-example = portfolio illustrative remove

help-edition = Editions of the programme: list, show, publish, import, approve, compare.
help-edition-list = Every edition with its window, state and annual investment.
help-edition-list-example = portfolio edition list
help-edition-show = An edition by category.
help-edition-show-code = the edition's code, for example 2026
help-edition-show-example = portfolio edition show 2026
help-edition-publish = Write the annual list of an edition as a workbook or a document.
help-edition-publish-output = the file to write, .xlsx or .docx, for example list-2026.docx
help-edition-publish-example = portfolio edition publish 2026 -o list-2026.xlsx --lang en
help-edition-import = Load a whole edition that was published elsewhere; all of it or nothing.
help-edition-import-files = tables of entries, needs and milestones, CSV or XLSX, for example entries.xlsx
help-edition-import-year = the first year of its window, for example 2025
help-edition-import-on = the day of the document, for example 2025-01-20
help-edition-import-from = the edition it replaces, for example 2024
help-edition-import-create = put projects that the library does not know into it
help-edition-import-example = portfolio edition import entries.xlsx --code 2025 --year 2025 --doc "Gui Fa Gai [2025] 1" --on 2025-01-20
help-edition-approve = Approve a draft under a document; from then on it is frozen.
help-edition-approve-on = the day of the document, for example 2026-01-20; today by default
help-edition-approve-by = who approves, for example "Li Ming"; not who made it
help-edition-approve-example = portfolio edition approve 2026 --doc "Gui Fa Gai [2026] 1" --by "Li Ming" --on 2026-01-20
help-edition-diff = What changed from one edition to another, and where the money went.
help-edition-diff-before = the earlier edition's code, for example 2026
help-edition-diff-after = the later edition's code, for example 2027
help-edition-diff-example = portfolio edition diff 2026 2027

help-user = Accounts. Passwords are asked for, or read from the standard input; never in the arguments.
help-user-add = Add an account.
help-user-add-full-name = the person's name, for example "Li Si"
help-user-add-subject = its name at the OpenID provider, for example 00u1a2b3
help-user-add-no-password = it signs in through the OpenID provider alone
help-user-add-must-change = ask for another password at the first sign-in
help-user-add-example = portfolio user add li.si --role planner --full-name "Li Si"
help-user-list = The accounts with role and state.
help-user-list-example = portfolio user list
help-user-role = Give an account another role (and unit, city or element).
help-user-role-example = portfolio user role li.si city_reviewer --city 450700
help-user-disable = Disable an account: it is signed out and its tokens are revoked for good.
help-user-disable-example = portfolio user disable li.si
help-user-enable = Let a disabled account in again.
help-user-enable-example = portfolio user enable li.si
help-user-reset = Give an account a new password that its owner must change.
help-user-reset-second-factor = take the second factor away instead
help-user-reset-example = portfolio user reset li.si
help-user-unlock = Forget the failed tries of an account, or those made from an address.
help-user-unlock-name = an account, for example li.si; with --address an address, for example 203.0.113.8
help-user-unlock-address = NAME is an address that failed too often
help-user-unlock-example = portfolio user unlock li.si
help-user-hand-over = Hand an account's unsaved drafts and the consultations that name it to another account.
help-user-hand-over-to = the account that takes over, for example wang.wu
help-user-hand-over-disable = disable the first account as well
help-user-hand-over-example = portfolio user hand-over li.si wang.wu --reason moved --disable
help-unit = Responsible units: the hand-over once one has ended.
help-unit-hand-over = Hand the accounts, projects and rounds of a unit that ended to its successor; all of it or nothing.
help-unit-hand-over-giver = the code of the unit that ended, for example GX-DLR
help-unit-hand-over-taker = the code of its successor, for example GX-DNR
help-unit-hand-over-check = only tell what would be handed over, write nothing
help-unit-hand-over-example = portfolio unit hand-over GX-DLR GX-DNR --reason reform

help-token = Personal tokens for the API.
help-token-make = Make a token of an account; its secret is shown this once.
help-token-make-name = what it is for, for example "nightly export"
help-token-make-days = how many days it is valid, for example 90
help-token-make-write = it may also change
help-token-make-action = narrow it to this action, for example project.read; may be given several times
help-token-make-example = portfolio token make li.si --name "nightly export" --days 90
help-token-list = The tokens of an account that are not revoked.
help-token-list-example = portfolio token list li.si
help-token-revoke = Revoke a token.
help-token-revoke-number = its number in the list, for example 3
help-token-revoke-example = portfolio token revoke 3

cli-usage-hint = More: { $command } --help
cli-looked-at = Database: { $place }
error-usage-missing = { $name } is missing: { $words }.
error-usage-no_option = There is no option { $name }. See --help.
error-usage-no_value = { $name } needs a value. See --help.
error-usage-bad_value = The value of { $name } does not fit: { $words }.
error-usage-wrong = The command was called in a way it does not know: { $detail }
error-usage-too_many = Too many arguments: { $values }. See --help.
error-usage-no_command = There is no command "{ $value }". Use one of: { $allowed }.
error-usage-no_command_given = Give a command. See --help.
error-usage-one_of = Give exactly one of: { $names }.
error-usage-not_of = { $name } takes no "{ $value }". Use one of: { $allowed }.
error-usage-needs_other = { $name } needs { $other } beside it.
error-usage-idle_filter = { $names } cannot narrow a table of { $kind }. Leave it out.
error-usage-bad_day = { $name } takes a day such as 2026-01-20, not "{ $value }".
error-usage-bad_suffix = "{ $value }" has another suffix than { $allowed }. Choose one of them.
error-usage-no_file = { $name } names no file that is there: { $value }. Check the path.
error-usage-no_folder = { $name } names no folder that is there: { $value }. Check the path.
error-usage-passwords_differ = The two passwords differ. Try again.
error-command-interrupted = Interrupted.
error-filter-invalid = Filters have values that are unknown; nothing was written. Correct those named.
error-filter-unknown = "{ $value }" is no code and no name. Meant may be: { $allowed }
error-library-absent = There is no database at { $place }. Check DATABASE_URL and the folder you are in; for a new library run portfolio init.
error-library-away = The database at { $place } cannot be opened ({ $reason }). Check DATABASE_URL and whether the database is running.
error-library-busy = The database at { $place } is busy ({ $reason }). Try again in a moment.
error-library-not_writable = The database at { $place } cannot be written to ({ $reason }); nothing was changed. Check free space and permissions.
error-library-unready = The database at { $place } is incomplete or of another version ({ $reason }). Run portfolio migrate.
error-machine-not_found = There is no file or folder { $place }. Check the path.
error-machine-no_folder = There is no folder { $place }. Make it first, or choose another place.
error-machine-is_folder = { $place } is a folder, not a file. Name a file.
error-machine-not_allowed = You may not read or write { $place }. Run the command as the product's user, or choose another place.
error-machine-no_room = There is no room left for { $place }. Make room and try again.
error-machine-not_text = A text is not in UTF-8 ({ $reason }). Save it as UTF-8 and try again.
error-machine-refused = The system refused: { $reason }. Put that right and try again.
error-serve-cannot_listen = The product cannot listen on { $host }, port { $port } ({ $reason }). Another program may hold the port: choose another with --port.
error-setting-invalid = Settings are wrong; nothing was done. Correct the environment variables (or the file .env) named.
error-setting-whole_number = takes a whole number, not "{ $value }".
error-setting-truth = takes true or false, not "{ $value }".
error-setting-one_of = takes { $limit }, not "{ $value }".
error-setting-at_least = must be at least { $limit }, not { $value }.
error-setting-at_most = must be at most { $limit }, not { $value }.
error-setting-database_url = takes an address such as sqlite:///var/portfolio.db or postgresql+psycopg://user:password@host/portfolio.
error-setting-wrong = "{ $value }" does not fit: { $detail }.
