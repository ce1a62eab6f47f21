### Scenarios of the allocation: making, solving as jobs, approving

error-allocation-bad_scenario = The scenario has faults; nothing was written. Correct what is listed.
error-allocation-bad_options = The scenario's options cannot be read: { $why }. See the API's documentation.
error-allocation-bad_delay = The longest delay is 0 to { $most } years.
error-allocation-bad_seconds = The time limit is above 0 and at most { $most } seconds, or none.
error-allocation-bad_gap = The gap is a fraction from 0 to 1.
error-allocation-bad_stability = The cost of a change is a number of points of at least 0.
error-allocation-bad_share = The least share of region "{ $value }" is 0 to 100.
error-allocation-no_scenario = There is no scenario "{ $code }"; check the code.
error-allocation-scenario_exists = Scenario "{ $code }" exists already; choose another code.
error-allocation-stale = Scenario "{ $code }" was changed by someone else; reload it first.
error-allocation-approved = Scenario "{ $code }" was approved and cannot be changed; copy it instead.
error-allocation-busy = Scenario "{ $code }" is being solved; wait or stop it first.
error-allocation-not_solved = Scenario "{ $code }" has not been solved; solve it first.
error-allocation-no_allocation = Scenario "{ $code }" has no allocation to approve; settle the conditions in conflict first.
error-allocation-pool_not_added = "{ $value }" was not added by this scenario; a pool of the ledger stays, its limit may be 0.
error-allocation-pool_exists = The scenario has a pool "{ $value }" already; choose another code.
error-allocation-year_outside = The year { $value } is outside the edition's window.
error-allocation-not_candidate = Project "{ $value }" is not in the edition and cannot be pinned; add it to the edition first.
error-allocation-pinned_vetoed = Project "{ $value }" stands under a veto and cannot be pinned in; have it lifted with a document first.
error-allocation-pinned_without_needs = Project "{ $value }" has stated no needs in the window and cannot be pinned in; state them first.
error-allocation-bad_job = There is no job of kind "{ $value }".
error-allocation-no_job = There is no job { $id }.
error-allocation-job_ended = Job { $id } has ended.
error-allocation-worker_lost = The computing process was lost too often and the job was given up; solve again, else call the administrator.
error-allocation-worker_failed = The computing process failed and the job was not finished; solve again, else call the administrator.
error-allocation-moved = Needs or pools moved since scenario "{ $code }" was solved; solve it again.
error-allocation-own_scenario = "{ $value }" made this scenario; another person must approve it.
error-allocation-not_approvable = The scenario cannot be approved; nothing was written. Settle what is listed, then solve again.
error-allocation-pool_moved = Pool "{ $value }" has another quantity than when it was read; read the pools again and solve.
error-allocation-needs_moved = The needs or the standing of project "{ $value }" moved since the scenario was solved; solve it again.
error-allocation-veto_stands = Project "{ $value }" stands under a veto; have it lifted, or solve again.
error-allocation-limit_not_open = More of pool "{ $value }" is used than the ledger has; open it in the ledger, read the pools again and solve.

finding-allocation_pin_without_entry = The pinned project "{ $project }" is no longer in the edition
remedy-allocation_pin_without_entry = Let the pin go, or add the project to the edition.
finding-allocation_pinned_veto = The project "{ $project }", pinned in, stands under a veto
remedy-allocation_pinned_veto = Have the veto lifted with a document, or let the pin go.
finding-allocation_no_pools = No pool stands in the years of the edition
remedy-allocation_no_pools = Open pools in the ledger, then read them again.

check-scenario_unsigned = An approved scenario has no document or was approved by its maker: { $subject }
check-scenario_reserve = A reserve of an approved scenario is not what the ledger's entry says: { $subject }
check-scenario_gone = A reserve of the scenario in force is no longer in the ledger: { $subject }
check-scenario_two_in_force = Two scenarios of one edition are in force: { $subject }
