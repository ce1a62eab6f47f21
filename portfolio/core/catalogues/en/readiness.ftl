error-readiness-invalid = The preparatory step is not right and nothing was written. Correct what each message names.
error-readiness-unknown_step = There is no step “{ $value }”; choose one of the list.
error-readiness-approved_without_date = An approved step needs the date of its approval.
error-readiness-approved_without_document = An approved step needs the number of its document.
error-readiness-ends_before_begin = The validity ends ({ $value }) before the approval; correct one of them.
error-readiness-stale = Step { $step } was changed by somebody else; reload and try again.
