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
finding-may_be_same_elsewhere = May be the same as a project reported by { $unit_en }, outside what you may see: { $why ->
    [same_code] same national code
    [same_name] same name
    [same_place] same place and type
   *[near_name] similar name ({ $score }%)
}
remedy-may_be_same_elsewhere = Check with { $unit_en }; if it is not the same project, it may be written.
check-code_displaced = Note: a national code stood twice and was taken from the later project on upgrade; check it and enter the right one: { $subject }
check-project_name_key = The form a project's name is compared by does not fit its name: { $subject }
