error-ledger-invalid = 台账登记有误，未写入任何数据。请按各条提示改正。
error-ledger-unknown_kind = 没有“{ $value }”这种登记，请用 open、cut、preallocate、lock、grant、deliver、use、return、recover 或 transfer。
error-ledger-not_positive = 数量须大于零；要减少请用退回、收回、核减或冲销。
error-ledger-document_required = 这种登记须有文号，请填写下达或批复文件的文号。
error-ledger-project_required = 这种登记须指明项目，请填写项目编号。
error-ledger-no_project = 这种登记只涉及指标池，请去掉项目编号。
error-ledger-counter_pool_required = 调剂须指明调入的指标池，请填写 counter_pool。
error-ledger-no_counter_pool = 只有调剂才有调入的指标池，请去掉 counter_pool。
error-ledger-counter_pool_is_pool = 调出与调入是同一个指标池，请改填另一个。
error-ledger-counter_pool_of_other_element = 资金与面积之间不能调剂，请改填同一要素的指标池（“{ $value }”不是）。
error-ledger-bad_date = “{ $value }”不是日期，请写成 2019-03-31。
error-ledger-pool_not_found = 没有指标池“{ $value }”，或不在您的查看范围内；请核对编号或先设立。
error-ledger-pool_exists = 指标池“{ $code }”已存在；增减数量请登记 open 或 cut。
error-ledger-entry_not_found = 没有第{ $id }号登记，或不在您的查看范围内；请核对。
error-ledger-after_validity = { $value }已过指标池有效期（{ $until }），请改用有效的指标池，或先办理延期文件（不结转的指标池不能延到下一年使用）。
error-ledger-year_of_other_pool = 该指标池是{ $year }年的，不能登记{ $value }年的数量，请改用相应年度的指标池。
error-ledger-item_outside_pool = “{ $value }”不属于该指标池的要素，请核对要素或改用其他指标池。
error-ledger-project_exited = 项目“{ $value }”已退出，不能再安排；如已恢复，请先更改项目阶段。
error-ledger-region_outside_pool = 该指标池只用于地区{ $value }，项目不在其内；请改用相应地区的指标池或补充项目所在地区。
error-ledger-agreement_required = 三省区商定项目“{ $value }”须有商定文件才能使用自治区资金（三(三)），请先在项目中登记文件。
error-ledger-unit_suspect = 数量是填报需求的{ $factor }倍，疑为单位有误（亩与公顷、元与万元）。核对无误后请确认再登记。
error-ledger-bad_source = 不能从“{ $value }”转出，请核对来源或留空由系统判断。
error-ledger-overdrawn = 超出可用数量：现有{ $available }，登记{ $quantity }（{ $bucket ->
    [preallocated] 预分配
    [locked] 锁定
    [granted] 已下达未到位
    [delivered] 已到位未使用
    [used] 已使用
   *[free] 可用
  }）。请减少数量或先补充来源。
error-ledger-overdrawn_on_day = 按此日期登记会使{ $day }超支：当日只有{ $available }，登记{ $quantity }（{ $bucket ->
    [preallocated] 预分配
    [locked] 锁定
    [granted] 已下达未到位
    [delivered] 已到位未使用
    [used] 已使用
   *[free] 可用
  }）。请改日期或减少数量。
error-ledger-use_before_grant = 该项目在此指标池尚无下达或批复，不能登记使用，请先登记下达。
error-ledger-deliver_before_grant = 该项目在此指标池尚无下达或批复，不能登记到位，请先登记下达。
error-ledger-reversal_is_final = 冲销不能再冲销，请重新登记一笔。
error-ledger-already_reversed = 这笔登记已冲销过，无须再冲销。
error-ledger-reversed_before_made = 冲销日期{ $value }早于原登记日期{ $made }，请改日期。
error-ledger-list_changed = 收回清单已有变化：查看时{ $expected }条，现为{ $listed }条，未写入任何数据。请重新查看清单再收回。
level-national = 国家
level-region = 自治区
level-city = 市
level-county = 县
pool-kind-budget = 预算
pool-kind-quota = 计划指标
pool-kind-bond_limit = 债券限额
pool-kind-fund = 基金
pool-kind-bank_line = 授信额度
entry-kind-open = 设立
entry-kind-cut = 核减
entry-kind-preallocate = 预分配
entry-kind-lock = 锁定
entry-kind-grant = 下达/批复
entry-kind-deliver = 到位/供应
entry-kind-use = 使用/完成
entry-kind-return = 退回
entry-kind-recover = 收回
entry-kind-transfer = 调剂
entry-kind-reverse = 冲销
bucket-free = 可用
bucket-preallocated = 预分配
bucket-locked = 锁定
bucket-granted = 已下达未到位
bucket-delivered = 已到位未使用
bucket-used = 已使用
bucket-outside = 池外
stage-of-asked = 申报
stage-of-reserved = 预留
stage-of-granted = 下达/批复
stage-of-delivered = 到位/供应
stage-of-used = 使用/完成
error-ledger-pool_fixed = 指标池的要素、年度、地区、级次和类别不能更改（现为“{ $held }”，填报为“{ $value }”），请另设指标池。
stage-of-proposed = 拟安排
