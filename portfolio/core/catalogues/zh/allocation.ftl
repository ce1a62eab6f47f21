### 要素配置：求解、理由、问题

error-allocation-invalid = 配置问题有误（{ $value }），未求解。请按各条提示改正。
error-allocation-unverified = 求解结果未通过整数复核（{ $value }），结果作废；请把输入文件交系统管理员。
error-allocation-no_project = 配置问题中没有项目“{ $value }”，请核对。
error-allocation-no_pool = 配置问题中没有指标池“{ $value }”，请核对。

cli-allocation-done = { $status }：支持 { $count } 个项目，价值 { $value }，上界 { $bound }（差距 { $gap }%），按名次取舍为 { $ranked }，用时 { $seconds } 秒。
cli-allocation-none = { $status }：没有可行的配置方案。
cli-allocation-refused = 发现 { $count } 个问题，未求解。

allocation-status-optimal = 已证明最优
allocation-status-time_limit = 时间到，给出已找到的最好方案
allocation-status-stopped = 已停止，给出已找到的最好方案
allocation-status-failed = 求解进程意外退出，给出已找到的最好方案
allocation-status-infeasible = 无可行方案
allocation-status-invalid = 输入有误

allocation-rung-finishing = 竣工投产
allocation-rung-continuing = 续建
allocation-rung-ready = 新开工
allocation-rung-preparatory = 预备
allocation-rung-idea = 谋划

allocation-reason-supported = 按价值支持（{ $value }）
allocation-reason-must = 列入必保清单
allocation-reason-delayed = 推迟{ $years }年：指标池 { $pools } 已满
allocation-reason-put_off = 推迟{ $years }年，让出额度给价值更高的项目
allocation-reason-phased = 先支持前{ $phases }期：其余各期受限于 { $pools }
allocation-reason-must_not = 列入不予支持清单
allocation-reason-excluded = 与已支持的“{ $project }”互斥（{ $group }）
allocation-reason-required = 须与“{ $project }”配套，而后者未获支持（{ $group }）
allocation-reason-pools = 额度不足：{ $pools }
allocation-reason-no_value = 价值为零或不抵调整代价
allocation-reason-not_chosen = 尚有余量，但未纳入（结果未证明到底，或受地区比例等规则限制）
allocation-reason-conflict_must = 必保项目“{ $value }”
allocation-reason-conflict_must_not = 不予支持的项目“{ $value }”
allocation-reason-conflict_require = 配套关系“{ $value }”
allocation-reason-conflict_exclude = 互斥关系“{ $value }”
allocation-reason-conflict_share = 地区最低比例“{ $value }”
allocation-reason-conflict_pool = 指标池“{ $value }”

finding-allocation_doubled_project = 项目“{ $value }”出现两次
remedy-allocation_doubled_project = 请合并或删除重复的行。
finding-allocation_doubled_pool = 指标池“{ $value }”出现两次
remedy-allocation_doubled_pool = 请合并额度，或改用不同的编号。
finding-allocation_doubled_group = 项目组“{ $value }”出现两次
remedy-allocation_doubled_group = 请为每组使用不同的编号。
finding-allocation_doubled_need = 项目“{ $project }”{ $year }年“{ $value }”的需求出现两次
remedy-allocation_doubled_need = 请合并成一行。
finding-allocation_bad_value = 项目“{ $project }”的价值“{ $value }”无效
remedy-allocation_bad_value = 请填 0 至 10 亿之间的数。
finding-allocation_no_value = 项目“{ $value }”缺少方案“{ $policy }”所需的评分
remedy-allocation_no_value = 请在 criteria 表中补上该项目的评分。
finding-allocation_bad_need = 项目“{ $project }”{ $year }年“{ $value }”的需求为负或过大
remedy-allocation_bad_need = 请改为不小于零的数。
finding-allocation_bad_limit = 指标池“{ $value }”的额度为负或过大
remedy-allocation_bad_limit = 请改为不小于零的数；没有额度填 0。
finding-allocation_unknown_item = 要素树中没有“{ $value }”
remedy-allocation_unknown_item = 请从要素树选择。
finding-allocation_bad_group = 项目组“{ $value }”的类型不认识，或成员少于两个、有重复
remedy-allocation_bad_group = 类型为互斥、同进退或配套，成员至少两个且不重复。
finding-allocation_unknown_project = 项目组“{ $group }”中的“{ $value }”不在项目清单内
remedy-allocation_unknown_project = 请改正编号，或把该项目加入清单。
finding-allocation_must_without_needs = 必保项目“{ $project }”没有填报需求
remedy-allocation_must_without_needs = 请补报需求；确实不需要的，填 0。
finding-allocation_bad_delay = 最长推迟年数“{ $value }”无效
remedy-allocation_bad_delay = 请填 0 至 { $most }。
finding-allocation_bad_loss = 每推迟一年的折减“{ $value }”无效
remedy-allocation_bad_loss = 请填不小于 0、小于 1 的数。
finding-allocation_bad_share = 地区“{ $region }”的最低比例“{ $value }”无效
remedy-allocation_bad_share = 请填 0 至 100 的整数（百分比）。
finding-allocation_bad_cost = 调整代价“{ $value }”无效
remedy-allocation_bad_cost = 请填不小于零的数。
finding-allocation_bad_phases = 项目“{ $project }”的分期有误
remedy-allocation_bad_phases = 各期占比须为正且合计为 1，最少期数与需求的期号不得超出期数。
finding-allocation_doubtful_carry = 指标池“{ $value }”与另一个同要素、同地区、同级次、同年度的指标池并存，结转无法确定
remedy-allocation_doubtful_carry = 请合并这两个指标池，或取消结转。
finding-allocation_uncovered = { $year }年“{ $value }”的需求（{ $count }项）没有任何指标池约束
remedy-allocation_uncovered = 如应受约束，请补充该年度的指标池，或核对地区与级次；否则这部分需求视为另行解决。

column-projects-rung = 梯次
column-projects-must = 必保
column-projects-exclude_group = 互斥组
column-projects-together_group = 同进退组
column-projects-requires = 以何项目为前提
column-projects-phases = 各期价值占比
column-projects-least_phases = 最少支持期数
column-needs-phase = 期次
column-pools-carries = 余额结转
column-shares-region_code = 地区
column-shares-item = 要素
column-shares-percent = 最低比例

finding-allocation_bad_behind = 指标池“{ $value }”的后备池有误（不存在、不同年度、不比它宽，或同时结转）
remedy-allocation_bad_behind = 请把后备池改为同年度、范围更宽的池，或留空。
finding-allocation_many_accounts = 指标池“{ $value }”前面的下级池过多，无法精确求解
remedy-allocation_many_accounts = 请合并同一地区、同一要素的指标池后重新读取。
