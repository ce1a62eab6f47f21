error-screening-invalid = 筛选信息有误，未写入任何数据。请按各条提示改正。
error-screening-invalid_policy = 政策有误，未写入任何数据。请按各条提示改正后再用。
error-screening-no_policy = 没有政策“{ $value }”，请用列表中的代码（如 default 或 default@1）。
error-screening-policy_frozen = 政策“{ $value }”已被使用，不能修改；请另存为新版本。
error-screening-bad_definition = 政策文件不能读取：{ $why }。请对照内置政策的格式改正。
error-screening-bad_expression = 表达式不能使用“{ $part }”；只可用指标名、数字、加减乘除、比较、and/or/not、min/max 和 a if b else c。
error-screening-unknown_fact = 没有指标“{ $value }”，请用指标目录中的代码，或先导入该评价指标。
error-screening-unknown_group = 没有分组“{ $value }”，请先在 groups 中列出。
error-screening-unknown_criterion = 没有评价指标“{ $value }”，请用指标目录中来源为评价的代码，自定指标以 own_ 开头。
error-screening-unknown_sector = 没有行业“{ $value }”，请用行业代码表中的代码。
error-screening-weights_not_100 = 各组权重之和为{ $value }，应为100，请调整。
error-screening-shares_not_100 = “{ $group }”组内各指标占比之和为{ $value }，应为100，请调整。
error-screening-empty = “{ $part }”为空，请至少填一项。
error-screening-doubled = “{ $value }”出现了两次，请删去一个。
error-screening-bad_code = 代码“{ $value }”不合规，请用小写字母、数字、下划线或连字符，以字母开头。
error-screening-bad_curve = 曲线须有至少两个点，横坐标由小到大，得分百分比在0到100之间；原值曲线不设点。
error-screening-floor_above_curve = 缺数时的得分{ $value }高于曲线最低点{ $lowest }，请降低：缺数不得高于最差。
error-screening-negative = “{ $value }”不能为负（上限须大于零），请改正。
error-screening-bad_decay = 每推迟一年的损失比例{ $value }须在0到1之间（不含1）。
error-screening-bad_rungs = 梯次须为以下各项的一种排序：{ $allowed }。
error-screening-no_lift = 该项目没有编号为 { $id } 的否决解除记录，请用关口清单中的解除编号。
error-screening-no_gate = 没有关口“{ $value }”，请用关口清单中的代码。
error-screening-no_run = 没有第{ $value }号评分，请从列表选择。
error-screening-cannot_lift = 此关口现为“{ $state ->
   *[pass] 通过
    [not_concerned] 不涉及
    [explain] 需说明
    [unknown] 未知
    [veto] 否决
    [justified] 已说明
    [lifted] 否决已解除
 }”，只有否决可以解除。
error-screening-cannot_justify = 此关口现为“{ $state ->
   *[pass] 通过
    [not_concerned] 不涉及
    [explain] 需说明
    [unknown] 未知
    [veto] 否决
    [justified] 已说明
    [lifted] 否决已解除
 }”，只有需说明或未知的可以书面说明；否决须由责任人凭文件解除。
error-screening-cannot_restore = 此关口现为“{ $state ->
   *[pass] 通过
    [not_concerned] 不涉及
    [explain] 需说明
    [unknown] 未知
    [veto] 否决
    [justified] 已说明
    [lifted] 否决已解除
 }”，没有可以撤回的解除或说明。
error-screening-person_required = 须填写责任人姓名。
error-screening-document_required = 解除否决须填写文件号。
error-screening-words_required = 须书面说明理由。
error-screening-too_long = 内容过长，最多{ $limit }个字。
error-screening-not_a_flag = “{ $value }”应为1（是）或0（否）。
error-screening-unknown_project = 没有项目“{ $value }”，或不在可见范围，请核对编号。
error-screening-bad_judgement = 两两比较的值“{ $value }”应在1/9到9之间。
finding-too_many_digits = “{ $value }”的有效数字过多
remedy-too_many_digits = 请保留最多15位有效数字。
kind-criteria = 评价指标
column-criteria-project = 项目
column-criteria-criterion = 指标
column-criteria-value = 数值
column-criteria-basis = 数据性质
check-score = 已存评分与其输入和政策版本重算不符：{ $subject }
cli-screen-finding = { $field }：{ $words }
cli-screen-head = 政策 { $policy }：{ $projects } 个项目，其中 { $vetoed } 个被否决
cli-screen-nothing = 政策有误，未评分。
fact-source-project = 项目
fact-source-needs = 需求
fact-source-details = 要素明细
fact-source-finance = 资金
fact-source-readiness = 前期工作
fact-source-criteria = 评价指标
fact-unit-flag = 是/否
fact-unit-months = 月
fact-unit-percent = %
fact-unit-ratio = 倍
fact-unit-days = 天
fact-unit-points = 分
fact-unit-persons = 人
fact-unit-tce = 吨标准煤
fact-unit-t_co2 = 吨二氧化碳
fact-unit-wan_yuan = 万元
fact-unit-ha = 公顷
nav-screening = 筛选
nav-policy = 评分政策
project-tab-screening = 筛选与评分
screening-empty = 还没有项目。请先导入项目。
screening-head = { $projects } 个项目，{ $vetoed } 个被否决
screening-list = 清单
screening-gate = 关口
screening-worst = 总体
screening-counts = 各关口结果
screening-counts-note = 点击数字筛选下表。没有人报告的事实记为“未知”，不算通过。规则版本 { $version }。
screening-matrix = 项目与关口
screening-clear = 全部关口
screening-result = 结果
screening-evidence = 依据
screening-rule = 规则与版本
screening-acts = 解除与说明记录
screening-tab-gates = 关口（待处理 { $open } 项）
screening-both-visible = 否决只能由责任人凭文件解除；解除和原结果均保留。依据变化后，原解除或说明不再有效。
screening-by-rule = 规则结果：
screening-fact = { $name }：{ $value }
screening-not-reported = 未报告
screening-did-lift = { $person } 解除否决
screening-did-justify = { $person } 书面说明
screening-did-restore = { $person } 撤回
screening-evidence-changed = 依据已变化，不再有效
screening-lift = 解除否决
screening-justify = 书面说明
screening-restore = 撤回
screening-person = 责任人
screening-words = 理由
screening-done-lift = 否决已解除，原结果保留。
screening-done-justify = 已记录书面说明。
screening-done-restore = 已撤回。
screening-score = 评分
screening-score-head = 第 { $rank } 名（共 { $projects } 个），{ $points } 分，{ $profile }
screening-score-note = 未报告的事实按最低得分计，并标明。
screening-floor = 缺数，按最低
screening-value = 数值
screening-basis = 性质
screening-no-criteria = 尚未填报评价指标，可在此填报或从“导入导出”导入。
screening-state = 填报
screening-criteria = 评价指标
screening-criteria-note = 数值留空即撤回。是否类填 1 或 0。
policy-built_in = 内置
policy-draft = 草稿
policy-frozen = 已使用
policy-choose = 政策版本
policy-profile = 行业类型
policy-every-profile = 全部类型
policy-group = 分组
policy-criterion = 指标
policy-weight = 权重
policy-earned = 得分率
policy-points = 得分
policy-weights = 权重
policy-weights-note = 拖动或填写，右侧排名随之变化。保存为新版本后，原版本不变。
policy-total = 合计 { $total }
policy-scale = 按比例调到100
policy-reset = 恢复
policy-code = 政策代码
policy-note = 说明
policy-save = 保存为新版本
policy-was-saved = 已保存为 { $policy }。
policy-findings = 政策还不能保存（排名按比例调到100计算）
policy-ranking = 排名变化
policy-ranking-note = 原名次按已存政策；被否决的项目不在其中。
policy-moved = { $count } 个项目名次变化
policy-rank = 名次
policy-before = 原名次
policy-missing = 缺数
policy-bars = 得分构成（前20名）
policy-core = 稳健核心
policy-core-note = 各组权重同时随机变动±20%，10000次；比例为入围次数，区间为5%—95%名次。
policy-core-said = 全部 { $drawn } 个未否决项目参与抽样：{ $sure } 个九成以上入围，{ $open } 个难分先后
policy-top = 入围个数
policy-envelope = 或资金盘子（万元，按本年投资）
policy-share = 入围比例
policy-span = 名次区间
policy-tornado = 权重敏感性
policy-tornado-note = 某组权重单独增减20%（其余按比例让出）时的得分与名次。
policy-project = 项目
policy-end = { $points } 分，第 { $rank } 名
policy-lower = 权重减20%
policy-higher = 权重增20%
policy-order = 排序法（ROC）
policy-order-label = 按重要程度依次选择
policy-order-note = 只定先后、不定多少时用；未选的按原顺序排在后面。
policy-use = 采用这些权重
policy-pairs = 两两比较法（AHP）
policy-pairs-note = 行比列重要几倍：1同等，3稍重，5明显，7强烈，9极端。一致性比例低于0.1为可用。
policy-pair = { $first }比{ $second }
policy-consistent = 一致性比例 { $ratio }，低于{ $limit }，可用。
policy-inconsistent = 一致性比例 { $ratio }，不低于{ $limit }，判断前后矛盾，请重新比较。
policy-criteria = 指标与曲线
policy-criteria-note = { $source }
policy-share-in-group = 组内占比
policy-expression = 表达式
policy-curve = 曲线
policy-floor = 缺数得分率
policy-curve-linear = 线性
policy-curve-steps = 分段
policy-curve-identity = 原值
policy-definition = 政策全文
policy-definition-label = 指标、曲线、占比均可修改（JSON）
policy-definition-note = 先检查，再保存为新版本；写法见使用说明。
policy-check = 检查
policy-right = 没有问题，可以保存。
policy-kept = 已存评分
policy-kept-note = 存下的评分连同所用事实和各项得分保留不变，该政策版本随之冻结。
policy-keep = 保存现有评分
policy-was-kept = 已存为第{ $run }号评分。
policy-none-kept = 还没有存过评分。
policy-kept-at = 时间
policy-run = 编号
policy-projects = 项目数
screening-matrix-note = 点击项目名称查看依据、解除否决或书面说明。
screening-shown = { $count } 个项目
screening-count = { $gate }：{ $state }的项目 { $count } 个
screening-answered = { $state }（规则：{ $raw }）
screening-missing-facts = 未报告的事实
screening-missing-title = 哪些事实未报告
screening-missing-fact = 事实
screening-stated-where = 在哪里填报
screening-missing-note = 缺少这些事实，关口只能记为“未知”。点击数字列出项目；在项目的“筛选与评分”页可直接前往填报处，填报后关口随即更新。
screening-none-missing = 没有缺少的事实。
screening-missing-here = 缺：
screening-export-note = 规则版本 { $version }
fact-place-project = 项目填报表
fact-place-needs = 项目填报表的要素需求
fact-place-details = 项目的“用地用海用林”页
fact-place-finance = 项目的“资金”页
fact-place-readiness = 项目的“前期”页
fact-place-criteria = 项目的“筛选与评分”页，或评价指标表
screening-state-fact = 填报“{ $name }”
screening-who-answers = 解除否决和书面说明由发展改革委或北部湾办的计划人员办理。
screening-recorded-by = 由 { $actor } 记录
policy-contrary = 请先看“{ $first }比{ $second }”：按其余判断约为{ $implied }倍。
policy-from-file = 从文件读入
policy-to-file = 导出文件
policy-core-waiting = 正在抽样……
policy-not-ready = 还不能保存
screening-lift-file = 附解除文件
screening-add-file = 再附文件
screening-file-of-lift = 所附文件只用于解除否决；请移除文件（刷新本页），或改为解除否决。
