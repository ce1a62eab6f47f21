### 配置情景：编制、求解作业、审定

error-allocation-bad_scenario = 情景有误，未写入任何数据。请按各条提示改正。
error-allocation-bad_options = 情景选项无法识别：{ $why }。请按接口文档填写。
error-allocation-bad_delay = 最长推迟年数应为 0 至 { $most }。
error-allocation-bad_seconds = 求解时限应大于 0 且不超过 { $most } 秒，或不设时限。
error-allocation-bad_gap = 允许差距应为 0 至 1 之间的小数。
error-allocation-bad_stability = 变动代价应为不小于 0 的分数。
error-allocation-bad_share = 地区“{ $value }”的最低比例应为 0 至 100。
error-allocation-no_scenario = 没有情景“{ $code }”，请核对编号。
error-allocation-scenario_exists = 情景“{ $code }”已存在，请换一个编号。
error-allocation-stale = 情景“{ $code }”已被他人修改，请刷新后再改。
error-allocation-approved = 情景“{ $code }”已审定，不能修改；请复制为新的情景。
error-allocation-busy = 情景“{ $code }”正在求解；请等待完成或先停止。
error-allocation-not_solved = 情景“{ $code }”尚未求解，请先求解。
error-allocation-no_allocation = 情景“{ $code }”没有可行方案，不能审定；请先处理相互冲突的条件。
error-allocation-pool_not_added = “{ $value }”不是本情景增加的指标池；台账中的池不能删除，可把额度改为 0。
error-allocation-pool_exists = 情景中已有指标池“{ $value }”，请换一个编号。
error-allocation-year_outside = { $value }年不在版次的规划期内。
error-allocation-not_candidate = 项目“{ $value }”不在该版次中，不能指定；请先列入版次。
error-allocation-pinned_vetoed = 项目“{ $value }”被否决项拦下，不能指定保留；请先由责任人凭文件解除。
error-allocation-pinned_without_needs = 项目“{ $value }”未填规划期内的要素需求，不能指定保留；请先填报需求。
error-allocation-bad_job = 没有“{ $value }”这种作业。
error-allocation-no_job = 没有第 { $id } 号作业。
error-allocation-job_ended = 第 { $id } 号作业已结束。
error-allocation-worker_lost = 计算进程多次中断，作业已放弃；请重新求解，仍不行请联系系统管理员。
error-allocation-worker_failed = 计算进程出错，作业未完成；请重新求解，仍不行请联系系统管理员。
error-allocation-moved = 情景“{ $code }”求解后，需求或指标已变动；请重新求解。
error-allocation-own_scenario = “{ $value }”是本情景的编制人，须由他人审定。
error-allocation-not_approvable = 情景不能审定，未写入任何数据。请按各条处理后重新求解。
error-allocation-pool_moved = 指标池“{ $value }”的可用额度在读取后有变动；请重新读取指标并求解。
error-allocation-needs_moved = 项目“{ $value }”的需求或去留在求解后有变动；请重新求解。
error-allocation-veto_stands = 项目“{ $value }”有未解除的否决项；请先解除，或重新求解。
error-allocation-limit_not_open = 指标池“{ $value }”用到的额度超过台账现有；请先在台账下达，再重新读取指标并求解。

finding-allocation_pin_without_entry = 指定的项目“{ $project }”已不在版次中
remedy-allocation_pin_without_entry = 请取消指定，或把项目列入版次。
finding-allocation_pinned_veto = 指定保留的项目“{ $project }”有未解除的否决项
remedy-allocation_pinned_veto = 请由责任人凭文件解除否决，或取消指定。
finding-allocation_no_pools = 版次的规划期内没有任何指标池
remedy-allocation_no_pools = 请先在台账登记指标，再重新读取。

check-scenario_unsigned = 已审定的情景缺少文号或由编制人自己审定：{ $subject }
check-scenario_reserve = 审定情景的预留与台账凭证不符：{ $subject }
check-scenario_gone = 现行情景的预留已不在台账中：{ $subject }
check-scenario_two_in_force = 同一版次有两个现行情景：{ $subject }
