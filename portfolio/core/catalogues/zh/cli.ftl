### 命令行

cli-init-done = 数据库已就绪。
cli-migrated = 数据库结构已是最新版本（{ $version }）。
cli-serving = 请在浏览器中打开 { $url }（接口文档 { $docs }）
cli-nothing-written = 未写入任何数据。
cli-more-findings = 另有 { $count } 条问题未显示；用 --json 查看全部。
cli-exported = 已将 { $count } 行写入 { $file }。
cli-check-passed = 检查通过。
cli-check-failed = 有 { $count } 项不符。
cli-illustrative-removed = 已删除示例数据：需求 { $needs } 条，不涉及 { $not_applicable } 条，总投资 { $investment } 项，起止年月 { $schedule } 项，阶段 { $stage } 项，前期工作 { $steps } 条；冲销示例台账 { $entries } 笔，清空示例指标池 { $pools } 个。
cli-illustrative-added = 已为 { $count } 个项目补上示例数据。
cli-illustrative-status = 示例数据版本：{ $version }
check-schema = 数据库结构版本（{ $subject }）不是最新，请运行 portfolio migrate。
check-project_fault = 项目字段不符合规则：{ $subject }
check-project_warning = 提醒：{ $subject }
check-project_city = 项目的归口城市与所在地区不符：{ $subject }
check-need_on_parent = 需求填在了合计项上：{ $subject }
check-need_negative = 需求为负数，项目内部号 { $subject }
check-need_both = 同一要素既声明不涉及又有数：{ $subject }
check-cube = 内存副本与数据库合计不一致，要素 { $subject }
check-journal_ahead = 日志中的修订号超前：{ $subject }
check-credit_code = 提醒：单位 { $subject } 的统一社会信用代码校验不符，请核对。
check-ledger_pool = 指标池的余额与台账登记不符：{ $subject }
check-ledger_account = 项目在指标池中的余额与台账登记不符：{ $subject }
check-review_line = 资金审核事项的拟安排或下达超出上限：第{ $subject }号
