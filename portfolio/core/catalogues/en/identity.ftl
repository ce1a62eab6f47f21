error-national_code-taken = National code { $value } belongs to project { $holder } ({ $name }). One code belongs to one project: change that record if it is the same project; correct the code if it was mistyped.
error-national_code-taken_exited = National code { $value } belongs to project { $holder } ({ $name }), which has exited. If it is the same project, have the development and reform office readmit it instead of entering it again; correct the code if it was mistyped.
error-national_code-taken_elsewhere = National code { $value } is held by another project, which is outside what you may see. Check it against the online platform; if it is this project's, ask the development and reform office.
finding-doubtful_row = Several projects share the name and owner of "{ $value }"; which is meant cannot be told ({ $codes })
remedy-doubtful_row = Give the project's code; for a new project give its region.
finding-namesake = Same name and owner as project { $code } ({ $value }), but another city or national code: it is entered as another project
remedy-namesake = If it is the same project, give its code { $code }; otherwise it may be written.
finding-may_be_same = May be the same as { $code } ({ $name }): { $why ->
    [same_code] same national code
    [same_name] same name
    [same_place] same place and type
   *[near_name] similar name ({ $score }%)
}
remedy-may_be_same = Check it. If it is the same project, give its code { $code }; otherwise it may be written.
finding-may_be_same_elsewhere = May be the same as a project reported by { $unit }, outside what you may see: { $why ->
    [same_code] same national code
    [same_name] same name
    [same_place] same place and type
   *[near_name] similar name ({ $score }%)
}
remedy-may_be_same_elsewhere = Check with { $unit }; if it is not the same project, it may be written.
check-code_displaced = Note: a national code stood twice and was taken from the later project on upgrade; check it and enter the right one: { $subject }
check-project_name_key = The form a project's name is compared by does not fit its name: { $subject }
error-ledger-after_year = { $value } is after { $year }, and the pool does not carry over: nothing more may be preallocated, locked, granted or transferred from it. Use this year's pool, or have it marked as carrying over if it may.
error-ledger-future_day = { $value } is later than today ({ $today }). The book holds what has been done: give the day of the document.
error-ledger-quota_held_there = The project still holds { $quantity } { $dimension ->
    [money] CNY 10k
   *[area] ha
} in pool { $pool } of { $region } and cannot leave that place. Return it first (reverse what is used), then change the region.
error-ledger-taken_after_year = The pool was taken from after { $year } ({ $value }), so it cannot stop carrying over. Return or reverse that first.
error-ledger-taken_after = The pool was taken from after { $until } ({ $value }), so its validity cannot end there. Return or reverse that first.
check-ledger_late = An entry is later than its pool's year or validity: { $subject }
check-ledger_future = An entry is dated after today: { $subject }
check-ledger_elsewhere = A project holds quota of a place where it does not lie: { $subject }
error-access-hand_over = The { $field ->
    [lead_unit] lead unit
   *[city_code] city
} decides whose this project is, and cannot be changed by editing. While it is under review pass it on ("transfer"); to correct the record ask the development and reform office, which states its reason.
error-project-hand_over_reason = Another lead unit or city makes the project somebody else's. State the reason.
error-import-not_yours = Import { $id } was uploaded by { $actor }; only they can check or confirm it. Upload the file yourself.
import-row-reason = Import of { $file }
shell-lens = You see the projects { $whose }. Every count, sum and "none" on these pages is about those alone.
shell-lens-unit = reported by your unit
shell-lens-lead = led by your unit
shell-lens-city = of your city
shell-lens-nothing = Your role sees no projects.
prog-tasks-lens = Only cities whose projects you may all see are judged; a blank elsewhere does not mean that there are none.
prog-none-seen = none you see
file-part-note = This file holds only the projects its reader may see; its sums are about those alone.
import-of-another = Uploaded by somebody else, who alone can check or confirm it.
