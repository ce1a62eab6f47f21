error-screening-invalid = The screening input is not right; nothing was written. Mend what is listed.
error-screening-invalid_policy = The policy is not right; nothing was written. Mend what is listed before using it.
error-screening-no_policy = There is no policy “{ $value }”. Use a code of the list (such as default or default@1).
error-screening-policy_frozen = Policy “{ $value }” has been used and is never changed. Save a new version.
error-screening-bad_definition = The policy cannot be read: { $why }. Follow the form of the built-in policies.
error-screening-bad_expression = An expression may not use “{ $part }”: only facts, numbers, + - * /, comparisons, and/or/not, min/max and a if b else c.
error-screening-unknown_fact = There is no fact “{ $value }”. Use a code of the catalogue of facts, or import the criterion first.
error-screening-unknown_group = There is no group “{ $value }”. List it under groups first.
error-screening-unknown_criterion = There is no criterion “{ $value }”. Use a fact whose source is criteria; own ones begin with own_.
error-screening-unknown_sector = There is no sector “{ $value }”. Use a code of the list of sectors.
error-screening-weights_not_100 = The groups' weights add up to { $value }. Make them 100.
error-screening-shares_not_100 = The shares within group “{ $group }” add up to { $value }. Make them 100.
error-screening-empty = “{ $part }” is empty. Give at least one.
error-screening-doubled = “{ $value }” stands twice. Take one away.
error-screening-bad_code = Code “{ $value }” will not do: small letters, digits, underscore or hyphen, a letter first.
error-screening-bad_curve = A curve needs two points or more, rising, with per cent from 0 to 100; an identity curve has no points.
error-screening-floor_above_curve = What is not known scores { $value }, above the curve's lowest { $lowest }. Lower it: missing data is never better than the worst.
error-screening-negative = “{ $value }” may not be negative (and a cap must be above zero). Correct it.
error-screening-bad_decay = The loss per year of delay, { $value }, must be from 0 to below 1.
error-screening-bad_rungs = The rungs must be these in some order: { $allowed }.
error-screening-no_lift = This project has no lifted veto number { $id }. Take the number of the lift from the list of its gates.
error-screening-no_gate = There is no gate “{ $value }”. Use a code of the list of gates.
error-screening-no_run = There is no score run { $value }. Choose one of the list.
error-screening-cannot_lift = This gate is “{ $state ->
   *[pass] Pass
    [not_concerned] Not concerned
    [explain] To be explained
    [unknown] Not known
    [veto] Veto
    [justified] Explained
    [lifted] Veto lifted
 }”: only a veto can be lifted.
error-screening-cannot_justify = This gate is “{ $state ->
   *[pass] Pass
    [not_concerned] Not concerned
    [explain] To be explained
    [unknown] Not known
    [veto] Veto
    [justified] Explained
    [lifted] Veto lifted
 }”: only what is to be explained or not known can be justified; a veto is lifted by a named person with a document.
error-screening-cannot_restore = This gate is “{ $state ->
   *[pass] Pass
    [not_concerned] Not concerned
    [explain] To be explained
    [unknown] Not known
    [veto] Veto
    [justified] Explained
    [lifted] Veto lifted
 }”: nothing was lifted or justified that could be taken back.
error-screening-person_required = Name the responsible person.
error-screening-document_required = A veto is lifted only with a document number.
error-screening-words_required = A written justification is required.
error-screening-too_long = Too long: at most { $limit } characters.
error-screening-not_a_flag = “{ $value }” should be 1 (yes) or 0 (no).
error-screening-unknown_project = There is no project “{ $value }” within reach. Check the code.
error-screening-bad_judgement = A pairwise judgement “{ $value }” should lie between 1/9 and 9.
finding-too_many_digits = “{ $value }” has too many digits
remedy-too_many_digits = Keep at most 15 significant digits.
kind-criteria = Criteria
column-criteria-project = Project
column-criteria-criterion = Criterion
column-criteria-value = Value
column-criteria-basis = Basis
check-score = A kept score differs from its recomputation from its inputs and policy version: { $subject }
cli-screen-finding = { $field }: { $words }
cli-screen-head = Policy { $policy }: { $projects } projects, { $vetoed } of them vetoed
cli-screen-nothing = The policy is not right; nothing was scored.
fact-source-project = Project
fact-source-needs = Needs
fact-source-details = Details
fact-source-finance = Finance
fact-source-readiness = Readiness
fact-source-criteria = Criteria
fact-unit-flag = yes/no
fact-unit-months = months
fact-unit-percent = %
fact-unit-ratio = times
fact-unit-days = days
fact-unit-points = points
fact-unit-persons = persons
fact-unit-tce = tce
fact-unit-t_co2 = t CO₂
fact-unit-wan_yuan = CNY 10k
fact-unit-ha = ha
nav-screening = Screening
nav-policy = Scoring policy
project-tab-screening = Gates and score
screening-empty = No projects yet. Import projects first.
screening-head = { $projects } projects, { $vetoed } vetoed
screening-list = List
screening-gate = Gate
screening-worst = Overall
screening-counts = Results by gate
screening-counts-note = A number narrows the table below. What nobody reported is “not known” and never passes. Rules { $version }.
screening-matrix = Projects and gates
screening-clear = All gates
screening-result = Result
screening-evidence = Evidence
screening-rule = Rule and version
screening-acts = Lifted and justified
screening-tab-gates = Gates ({ $open } open)
screening-both-visible = Only a named person with a document lifts a veto; both stay visible. When the evidence changes, what was lifted or justified no longer counts.
screening-by-rule = By the rule:
screening-fact = { $name }: { $value }
screening-not-reported = not reported
screening-did-lift = { $person } lifted the veto
screening-did-justify = { $person } justified
screening-did-restore = { $person } took it back
screening-evidence-changed = The evidence has changed: no longer counts
screening-lift = Lift the veto
screening-justify = Justify
screening-restore = Take back
screening-person = Responsible person
screening-words = Reason
screening-done-lift = The veto is lifted and stays visible.
screening-done-justify = The justification is recorded.
screening-done-restore = Taken back.
screening-score = Score
screening-score-head = Rank { $rank } of { $projects }, { $points } points, { $profile }
screening-score-note = What was not reported scores at the floor and is marked.
screening-floor = missing, floor
screening-value = Value
screening-basis = Basis
screening-no-criteria = No criteria stated yet: state them here or import them.
screening-state = State
screening-criteria = Criteria
screening-criteria-note = Leave the value blank to take one back. Yes is 1, no is 0.
policy-built_in = built in
policy-draft = draft
policy-frozen = used
policy-choose = Policy version
policy-profile = Profile
policy-every-profile = Every profile
policy-group = Group
policy-criterion = Criterion
policy-weight = Weight
policy-earned = Earned
policy-points = Points
policy-weights = Weights
policy-weights-note = Drag or type: the ranking follows. A saved version leaves the former one as it is.
policy-total = Total { $total }
policy-scale = Scale to 100
policy-reset = Reset
policy-code = Policy code
policy-note = Note
policy-save = Save as a new version
policy-was-saved = Saved as { $policy }.
policy-findings = Not ready to save (ranked with weights scaled to 100)
policy-ranking = How ranks move
policy-ranking-note = The former rank is by the policy as it is held; vetoed projects are left out.
policy-moved = { $count } projects changed rank
policy-rank = Rank
policy-before = Before
policy-missing = Missing
policy-bars = What scores are made of (first 20)
policy-core = Robust core
policy-core-note = All weights shaken by ±20 % at once, 10,000 draws: share of draws within the cut, and the 5 %–95 % span of ranks.
policy-core-said = All { $drawn } projects that are not vetoed were drawn: { $sure } make it in nine draws of ten or more, { $open } are open
policy-top = Places
policy-envelope = Or an envelope (CNY 10k, this year's investment)
policy-share = Makes the cut
policy-span = Span of ranks
policy-tornado = Sensitivity to weights
policy-tornado-note = Points and rank when one group's weight alone goes 20 % down or up (the others give way in proportion).
policy-project = Project
policy-end = { $points } points, rank { $rank }
policy-lower = weight −20 %
policy-higher = weight +20 %
policy-order = By order (ROC)
policy-order-label = Pick in order of importance
policy-order-note = When only the order is agreed; groups not picked follow in their present order.
policy-use = Use these weights
policy-pairs = By pairs (AHP)
policy-pairs-note = How much the row outweighs the column: 1 equal, 3 somewhat, 5 clearly, 7 strongly, 9 extremely. A consistency ratio below 0.1 will do.
policy-pair = { $first } against { $second }
policy-consistent = Consistency ratio { $ratio }, below { $limit }: usable.
policy-inconsistent = Consistency ratio { $ratio }, not below { $limit }: the judgements contradict each other, compare anew.
policy-criteria = Criteria and curves
policy-criteria-note = { $source }
policy-share-in-group = Share in group
policy-expression = Expression
policy-curve = Curve
policy-floor = Floor
policy-curve-linear = linear
policy-curve-steps = steps
policy-curve-identity = the value itself
policy-definition = The policy as text
policy-definition-label = Criteria, curves and shares can all be changed (JSON)
policy-definition-note = Look it over first, then save it as a new version; the how-to page says how it is written.
policy-check = Look over
policy-right = Nothing is wrong with it: it can be saved.
policy-kept = Kept scores
policy-kept-note = Kept scores stay as they are with their facts and points; the policy version is frozen.
policy-keep = Keep the scores
policy-was-kept = Kept as run { $run }.
policy-none-kept = No scores kept yet.
policy-kept-at = Time
policy-run = Run
policy-projects = Projects
screening-matrix-note = Open a project for its evidence, to lift a veto or to justify.
screening-shown = { $count } projects
screening-count = { $gate }: { $count } projects that are { $state }
screening-answered = { $state } (by the rule: { $raw })
screening-missing-facts = Facts not reported
screening-missing-title = Which facts are missing
screening-missing-fact = Fact
screening-stated-where = Where it is stated
screening-missing-note = Without these facts a gate is “not known”. A number lists the projects; a project's tab “Gates and score” leads to where each fact is stated, and the gate follows at once.
screening-none-missing = No fact is missing.
screening-missing-here = Missing: 
screening-export-note = Rules { $version }
fact-place-project = the project's form
fact-place-needs = the needs in the project's form
fact-place-details = the project's tab of land, sea and forest
fact-place-finance = the project's tab of money
fact-place-readiness = the project's tab of preparation
fact-place-criteria = the project's tab “Gates and score”, or a table of criteria
screening-state-fact = state “{ $name }”
screening-who-answers = Vetoes are lifted and checks justified by the planners of the Development and Reform Commission or the Beibu Gulf Office.
screening-recorded-by = recorded by { $actor }
policy-contrary = Look first at “{ $first } against { $second }”: the other judgements make it about { $implied }.
policy-from-file = Read a file
policy-to-file = Export
policy-core-waiting = Drawing …
policy-not-ready = Not ready to save
screening-lift-file = attach the document of the lift
screening-add-file = attach a further file
screening-file-of-lift = The attached file belongs to lifting a veto; reload the page without it, or lift the veto.
