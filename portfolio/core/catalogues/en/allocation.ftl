### Allocation: solving, reasons, findings

error-allocation-invalid = The allocation problem has faults ({ $value }); it was not solved. Correct what is listed.
error-allocation-unverified = The answer failed its check in whole numbers ({ $value }) and was thrown away; give the input files to the administrator.
error-allocation-no_project = The problem has no project "{ $value }"; check the code.
error-allocation-no_pool = The problem has no pool "{ $value }"; check the code.

cli-allocation-done = { $status }: { $count } projects supported, value { $value }, bound { $bound } (gap { $gap }%), by the ranked list { $ranked }, { $seconds } s.
cli-allocation-none = { $status }: there is no allocation to give.
cli-allocation-refused = { $count } findings; nothing was solved.

allocation-status-optimal = Proven optimal
allocation-status-time_limit = Time is over; this is the best found
allocation-status-stopped = Stopped; this is the best found
allocation-status-failed = The solving process ended unexpectedly; this is the best found
allocation-status-infeasible = Infeasible
allocation-status-invalid = Input has faults

allocation-rung-finishing = Finishing
allocation-rung-continuing = Continuing
allocation-rung-ready = New
allocation-rung-preparatory = Preparatory
allocation-rung-idea = Idea

allocation-reason-supported = Supported for its value ({ $value })
allocation-reason-must = On the must-support list
allocation-reason-delayed = Put off by { $years } years: the pools { $pools } are full
allocation-reason-put_off = Put off by { $years } years, leaving the quota to projects of more value
allocation-reason-phased = The first { $phases } phases: the others are refused by { $pools }
allocation-reason-must_not = On the must-not list
allocation-reason-excluded = Excluded by "{ $project }", which is supported ({ $group })
allocation-reason-required = Needs "{ $project }", which is not supported ({ $group })
allocation-reason-pools = Not enough left in { $pools }
allocation-reason-no_value = No value, or less than the cost of the change
allocation-reason-not_chosen = There is room, but it was not taken (the answer is not proven to the end, or a share of a region forbids it)
allocation-reason-conflict_must = the must-support project "{ $value }"
allocation-reason-conflict_must_not = the must-not project "{ $value }"
allocation-reason-conflict_require = the requirement "{ $value }"
allocation-reason-conflict_exclude = the exclusion "{ $value }"
allocation-reason-conflict_share = the minimum share "{ $value }"
allocation-reason-conflict_pool = the pool "{ $value }"

finding-allocation_doubled_project = The project "{ $value }" stands twice
remedy-allocation_doubled_project = Merge the rows or delete one.
finding-allocation_doubled_pool = The pool "{ $value }" stands twice
remedy-allocation_doubled_pool = Add the quantities up, or give them different codes.
finding-allocation_doubled_group = The group "{ $value }" stands twice
remedy-allocation_doubled_group = Give every group a code of its own.
finding-allocation_doubled_need = The need of "{ $project }" for "{ $value }" in { $year } stands twice
remedy-allocation_doubled_need = Merge the rows.
finding-allocation_bad_value = The value "{ $value }" of project "{ $project }" is not valid
remedy-allocation_bad_value = Give a number from 0 to 1,000,000,000.
finding-allocation_no_value = The project "{ $value }" lacks a criterion of the policy "{ $policy }"
remedy-allocation_no_value = Add the project to the table of criteria.
finding-allocation_bad_need = The need of "{ $project }" for "{ $value }" in { $year } is negative or too large
remedy-allocation_bad_need = Give a number that is not negative.
finding-allocation_bad_limit = The limit of the pool "{ $value }" is negative or too large
remedy-allocation_bad_limit = Give a number that is not negative; 0 where there is nothing.
finding-allocation_unknown_item = The element tree has no "{ $value }"
remedy-allocation_unknown_item = Choose from the element tree.
finding-allocation_bad_group = The group "{ $value }" is of an unknown kind, or has fewer than two projects or one twice
remedy-allocation_bad_group = Kinds are exclude, together and require; name at least two different projects.
finding-allocation_unknown_project = "{ $value }" of the group "{ $group }" is not among the projects
remedy-allocation_unknown_project = Correct the code, or add the project.
finding-allocation_must_without_needs = The must-support project "{ $project }" has stated no needs
remedy-allocation_must_without_needs = State its needs; 0 where it needs nothing.
finding-allocation_bad_delay = The longest delay "{ $value }" is not valid
remedy-allocation_bad_delay = Give 0 to { $most } years.
finding-allocation_bad_loss = The loss per year of delay "{ $value }" is not valid
remedy-allocation_bad_loss = Give a number from 0 up to, not including, 1.
finding-allocation_bad_share = The minimum share "{ $value }" of region "{ $region }" is not valid
remedy-allocation_bad_share = Give a whole number of per cent from 0 to 100.
finding-allocation_bad_cost = The cost of a change "{ $value }" is not valid
remedy-allocation_bad_cost = Give a number that is not negative.
finding-allocation_bad_phases = The phases of project "{ $project }" are not valid
remedy-allocation_bad_phases = Shares must be positive and add up to 1; the least number and the phases of needs must not go beyond them.
finding-allocation_doubtful_carry = The pool "{ $value }" stands beside another of the same item, region, level and year; what is carried over cannot be told
remedy-allocation_doubtful_carry = Merge the two pools, or carry nothing over.
finding-allocation_uncovered = Needs for "{ $value }" in { $year } ({ $count }) are bound by no pool
remedy-allocation_uncovered = Add a pool for that year, or check its region and level; otherwise these needs count as met elsewhere.

column-projects-rung = Rung
column-projects-must = Must
column-projects-exclude_group = Excluding group
column-projects-together_group = Group that stands together
column-projects-requires = Requires
column-projects-phases = Value shares of phases
column-projects-least_phases = Least phases
column-needs-phase = Phase
column-pools-carries = Carries over
column-shares-region_code = Region
column-shares-item = Item
column-shares-percent = Minimum share

finding-allocation_bad_behind = Pool “{ $value }”: the pool behind it does not fit (unknown, of another year, not wider, or the pool carries over)
remedy-allocation_bad_behind = Name a wider pool of the same year, or none.
finding-allocation_many_accounts = Too many pools stand before “{ $value }” to be solved exactly
remedy-allocation_many_accounts = Merge the pools of one region and element, then read them again.
