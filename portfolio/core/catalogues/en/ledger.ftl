error-ledger-invalid = The posting is faulty and nothing was written. Correct each entry as said.
error-ledger-unknown_kind = There is no entry "{ $value }"; use open, cut, preallocate, lock, grant, deliver, use, return, recover or transfer.
error-ledger-not_positive = The quantity must be above zero; to lessen, post a return, recover, cut or reversal.
error-ledger-document_required = This entry needs a document number; give that of the document that grants it.
error-ledger-project_required = This entry concerns a project; give its code.
error-ledger-no_project = This entry concerns the pool alone; leave the project out.
error-ledger-counter_pool_required = A transfer needs the pool it goes to; give counter_pool.
error-ledger-no_counter_pool = Only a transfer has a second pool; leave counter_pool out.
error-ledger-counter_pool_is_pool = Both sides of the transfer are one pool; give another.
error-ledger-counter_pool_of_other_element = Money and areas cannot be transferred into each other; "{ $value }" is of another kind, give a pool of the same.
error-ledger-bad_date = "{ $value }" is not a day; write 2019-03-31.
error-ledger-pool_not_found = There is no pool "{ $value }", or none that you may see; check the code or open it first.
error-ledger-pool_exists = The pool "{ $code }" exists; post an open or a cut to change its quantity.
error-ledger-entry_not_found = There is no entry { $id }, or none that you may see; check the number.
error-ledger-after_validity = { $value } is after the pool's validity ({ $until }); use a valid pool, or have it prolonged by a document (past its year only a pool that carries over may be used).
error-ledger-year_of_other_pool = The pool is of { $year } and takes nothing for { $value }; use the pool of that year.
error-ledger-item_outside_pool = "{ $value }" is not under the pool's element; check the item or use another pool.
error-ledger-project_exited = The project "{ $value }" has exited and is given nothing more; if it is back, change its stage first.
error-ledger-region_outside_pool = The pool is for region { $value }, where the project does not lie; use that region's pool or add the region to the project.
error-ledger-agreement_required = The co-agreed project "{ $value }" is paid from the region only with the agreement's document (clause 三(三)); enter it in the project first.
error-ledger-unit_suspect = The quantity is { $factor } times what was asked, as if in a wrong unit (mu or hectares, CNY or CNY 10k). Check it, then confirm.
error-ledger-bad_source = Nothing may be taken from "{ $value }" here; check the source, or leave it to the ledger.
error-ledger-overdrawn = Beyond what is there: { $available } held, { $quantity } posted ({ $bucket ->
    [preallocated] preallocated
    [locked] locked
    [granted] granted, not delivered
    [delivered] delivered, not used
    [used] used
   *[free] free
  }). Post less, or fill the source first.
error-ledger-overdrawn_on_day = On that date it would overdraw { $day }: { $available } held then, { $quantity } posted ({ $bucket ->
    [preallocated] preallocated
    [locked] locked
    [granted] granted, not delivered
    [delivered] delivered, not used
    [used] used
   *[free] free
  }). Change the date or post less.
error-ledger-use_before_grant = Nothing was granted to the project from this pool, so nothing can be used; post the grant first.
error-ledger-deliver_before_grant = Nothing was granted to the project from this pool, so nothing can be delivered; post the grant first.
error-ledger-reversal_is_final = A reversal is not reversed; post a new entry.
error-ledger-already_reversed = The entry was reversed before; nothing is left to do.
error-ledger-reversed_before_made = The reversal on { $value } is before the entry of { $made }; change the date.
error-ledger-list_changed = The recovery list has changed: { $expected } lines when it was looked at, { $listed } now. Nothing was written; look at the list again.
level-national = National
level-region = Autonomous region
level-city = City
level-county = County
pool-kind-budget = Budget
pool-kind-quota = Quota
pool-kind-bond_limit = Bond limit
pool-kind-fund = Fund
pool-kind-bank_line = Bank line
entry-kind-open = Open
entry-kind-cut = Cut
entry-kind-preallocate = Preallocate
entry-kind-lock = Lock
entry-kind-grant = Grant
entry-kind-deliver = Deliver
entry-kind-use = Use
entry-kind-return = Return
entry-kind-recover = Recover
entry-kind-transfer = Transfer
entry-kind-reverse = Reverse
bucket-free = Free
bucket-preallocated = Preallocated
bucket-locked = Locked
bucket-granted = Granted, not delivered
bucket-delivered = Delivered, not used
bucket-used = Used
bucket-outside = Outside
stage-of-asked = Asked
stage-of-reserved = Reserved
stage-of-granted = Granted
stage-of-delivered = Delivered
stage-of-used = Used
error-ledger-pool_fixed = A pool keeps its item, year, region, level and kind (“{ $held }”, given “{ $value }”); open another pool.
stage-of-proposed = Proposed
