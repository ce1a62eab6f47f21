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
finding-may_be_same_elsewhere = 可能与{ $unit }填报的一个项目（不在您的查看范围内）是同一项目：{ $why ->
    [same_code] 统一代码相同
    [same_name] 名称相同
    [same_place] 地点和类型相同
   *[near_name] 名称相近（{ $score }%）
}
remedy-may_be_same_elsewhere = 请与{ $unit }核对；不是同一项目的，可以照常写入。
check-code_displaced = 提醒：统一代码重复，升级时已从后入库的项目移出，请核对后补填：{ $subject }
check-project_name_key = 项目名称的比对形式与名称不符：{ $subject }
error-ledger-after_year = { $value } 已在{ $year }年之后，而该指标池不结转，不能再预分配、锁定、下达或调剂。请改用当年的指标池；确可结转的，先由文件改为可结转。
error-ledger-future_day = { $value } 晚于今天（{ $today }）。台账只记已经办理的事，请填写文件的日期。
error-ledger-quota_held_there = 项目在{ $region }的指标池 { $pool } 中尚有 { $quantity } { $dimension ->
    [money] 万元
   *[area] 公顷
}，不能移出该地。请先退回（已使用的先冲销），再修改所在地区。
error-ledger-taken_after_year = 该指标池在{ $year }年之后（{ $value }）已被使用，不能改为不结转。请先退回或冲销。
error-ledger-taken_after = 该指标池在 { $until } 之后（{ $value }）已被使用，有效期不能改到此日。请先退回或冲销。
check-ledger_late = 台账登记晚于指标池的年度或有效期：{ $subject }
check-ledger_future = 台账登记的日期在今天之后：{ $subject }
check-ledger_elsewhere = 项目占用了所在地以外的指标：{ $subject }
error-access-hand_over = 该项目的{ $field ->
    [lead_unit] 牵头单位
   *[city_code] 所在城市
}决定它归谁办理，不能用修改的办法转给他人。审核中的请用“转办”；确需更正的，请发展改革部门说明理由后修改。
error-project-hand_over_reason = 更改牵头单位或所在城市，项目就归他人办理。请写明理由。
error-import-not_yours = { $id }号导入是{ $actor }上传的，只能由本人重新检查或确认。请自行上传文件。
import-row-reason = 导入 { $file }
shell-lens = 您看到的是{ $whose }的项目。各页的数目、合计和“没有”，都只就这些项目而言。
shell-lens-unit = 本单位填报
shell-lens-lead = 本单位牵头
shell-lens-city = 本市
shell-lens-nothing = 您的角色看不到任何项目。
prog-tasks-lens = 只判断您可以看到全部项目的地市；其他地市空着，不表示没有项目。
prog-none-seen = 您看不到
file-part-note = 本文件只含导出人有权查看的项目，合计只就这些项目而言。
import-of-another = 由他人上传，只能由其本人重新检查或确认。
