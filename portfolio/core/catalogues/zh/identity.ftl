error-national_code-taken = 统一代码 { $value } 已属于项目 { $holder }（{ $name }）。一个代码只属于一个项目：同一项目请改原记录；代码填错的请核对后改正。
error-national_code-taken_exited = 统一代码 { $value } 属于已退出的项目 { $holder }（{ $name }）。同一项目请由发展改革部门办理恢复，不要另建；代码填错的请核对后改正。
error-national_code-taken_elsewhere = 统一代码 { $value } 已被另一个项目使用，该项目不在您的查看范围内。请与在线平台的赋码核对；确属本项目的，请联系发展改革部门。
finding-doubtful_row = 有多个项目与“{ $value }”同名同业主，分不清是哪一个（{ $codes }）
remedy-doubtful_row = 请在“项目编号”列写明编号；新项目请写明所在地区。
finding-namesake = 与项目 { $code }（{ $value }）同名同业主，但所在城市或统一代码不同，将作为另一个项目新增
remedy-namesake = 确是同一项目的，请填写项目编号 { $code }；不是的，可以照常写入。
finding-may_be_same = 可能与 { $code }（{ $name }）是同一项目：{ $why ->
    [same_code] 统一代码相同
    [same_name] 名称相同
    [same_place] 地点和类型相同
   *[near_name] 名称相近（{ $score }%）
}
remedy-may_be_same = 请核对。同一项目请填写项目编号 { $code }；不是的，可以照常写入。
finding-may_be_same_elsewhere = 可能与{ $unit_zh }填报的一个项目（不在您的查看范围内）是同一项目：{ $why ->
    [same_code] 统一代码相同
    [same_name] 名称相同
    [same_place] 地点和类型相同
   *[near_name] 名称相近（{ $score }%）
}
remedy-may_be_same_elsewhere = 请与{ $unit_zh }核对；不是同一项目的，可以照常写入。
check-code_displaced = 提醒：统一代码重复，升级时已从后入库的项目移出，请核对后补填：{ $subject }
check-project_name_key = 项目名称的比对形式与名称不符：{ $subject }
