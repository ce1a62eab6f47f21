### 命令行：帮助、用法有误、来自外部的故障

help-usage = 用法：{ $command }
help-commands = 命令（portfolio 命令 --help 查看详情）
help-arguments = 参数
help-options = 选项
help-example = 示例
help-value = 值
help-any-options = [选项]
help-any-command = 命令 …
help-option-help = 显示本帮助

help-portfolio = 重大项目库：建库、导入、编制计划。退出码：0 完成；1 有问题或被拒绝，未写入任何数据；2 用法或设置有误。设置取自环境变量（PORTFOLIO_LANGUAGE=zh、DATABASE_URL=sqlite:///var/portfolio.db 等）。
help-portfolio-example = portfolio init
    portfolio serve

help-option-json = 最后一行输出一个 JSON 对象，被拒绝时也输出（{ "{" }"error": …{ "}" }）
help-option-lang = 表头和名称所用语言：zh 或 en，例如 zh
help-option-city = 设区市的代码或名称，例如 450700 或 钦州市；可多次给出；- 表示未填
help-option-lead-unit = 牵头单位的代码或名称，例如 GX-DRC；可多次给出；- 表示未填（代码见 portfolio export units -o units.csv）
help-option-doc = 文号，例如 桂发改〔2026〕1号
help-option-reason = 理由，例如 机构改革
help-option-years = 计划期的年数，例如 3
help-option-batch = annual 年度、midyear 年中调整，或带序号的增补，例如 supplement-1
help-option-name = 账号的登录名，例如 li.si
help-option-user = 账号的登录名，例如 li.si
help-option-role = 账号的角色，取其一：{ $values }；例如 planner
help-option-unit = 单位代码，用于项目单位填报员和牵头单位审核员，例如 GX-DRC
help-option-element = land、sea 或 forest，用于要素主管部门，例如 sea
help-option-code = 版次代码，例如 2026

help-init = 准备数据库：结构升到最新，载入代码表和方案项目。已有数据不动，可重复执行。
help-init-demo = 另加示例数据（处处标明）和示例账号
help-init-bare = 只载入代码表，不载入项目
help-init-example = portfolio init --demo

help-serve = 启动系统（页面和接口），按 Ctrl-C 结束。示例账号和本机所有者模式只在本机提供服务。
help-serve-host = 监听地址，例如 127.0.0.1（默认取设置 HOST）
help-serve-port = 监听端口，1 至 65535，例如 8050（默认取设置 PORT）
help-serve-example = portfolio serve --port 8051

help-import = 导入表格，全部写入或一行不写。每条问题都写明文件、工作表、行、列、原因和改法。写入的内容记为一次导入，可整体撤销。
help-import-files = 一个或多个文件，CSV 或 XLSX，例如 项目.xlsx 需求.csv
help-import-kind = 表的种类，不由表头判断时给出：{ $values }
help-import-check = 只检查：列出全部问题，不写入
help-import-partial = 有的行有问题时，仍写入合格的行
help-import-profile = 各列含义按这一方案：方案名称，或方案的 JSON 文件；不写时套用本单位保存过的方案，例如 年度计划表
help-import-undo = 整体撤销这一号导入，例如 12
help-import-example = portfolio import 项目.xlsx 需求.csv --check

help-export = 导出一张表；原样导入不会改变任何数据。由文件后缀决定格式：.csv、.xlsx 或 .json。
help-export-kind-of-table = 表的种类：{ $values }
help-export-output = 要写出的文件，.csv、.xlsx 或 .json，例如 需求.xlsx；已有同名文件时替换
help-export-q = 名称、编号或业主中包含的文字，例如 码头
help-export-kind = 项目类别的代码或名称，例如 码头泊位；可多次给出；- 表示未填
help-export-stage = 阶段的代码或名称，可多次给出：{ $values }；例如 ready
help-export-region = 涉及某地区（设区市包括其县区）的项目，代码或名称，例如 450702；可多次给出
help-export-task = 服务于方案某项任务的项目，例如 T01；可多次给出（编号见 portfolio export tasks -o tasks.csv）
help-export-item = 要素树某一项及其下级的需求，代码或名称，例如 fund 或 资金
help-export-year = 某年的需求，2000 至 2060，例如 2027；可多次给出
help-export-sort = 项目的次序，前加 - 为降序：{ $values }；例如 -total_investment
help-export-example = portfolio export needs -o 需求.xlsx --city 钦州市 --year 2027

help-template = 写出填报模板，带下拉、校验和说明。
help-template-kind-of-table = 表的种类：{ $values }
help-template-output = 要写出的工作簿，.xlsx，例如 项目.xlsx；已有同名文件时替换
help-template-prefilled = 预填现有数据，供修改
help-template-example = portfolio template projects -o 项目.xlsx --prefilled --city 北海市

help-roll = 编制滚动计划的新草案：由已批准的版次滚动；不给 --from 时由项目库新编。
help-roll-to = 计划期的第一年，例如 2027
help-roll-from = 所依据的已批准版次，例如 2026
help-roll-code = 新版次的代码，例如 2027-S1；默认为其年份
help-roll-later-years = 在建项目在计划期之后可以仍有资金需求
help-roll-closed-by = 宣布本年度提前关账的人，例如“张三”；不写则本年度按未结束处理
help-roll-closed-reason = 提前关账的理由，例如“国库已关账”
help-roll-maker = 编制人，例如“张三”；批准人须为他人
help-roll-example = portfolio roll --to 2026 --later-years

help-screen = 按评分政策给出每个项目的关口结果和得分。
help-screen-policy = 政策代码，后加 @版本 取旧版本，或一个 JSON 文件，例如 default、default@1 或 mine.json
help-screen-keep = 连同所依据的事实留存得分，并注明，例如 年度清单
help-screen-output = 写出每个项目的得分和关口的 CSV 文件，例如 得分.csv
help-screen-example = portfolio screen -o 得分.csv

help-allocate = 在各指标池都不超的前提下选择支持的项目，并给出证明。--problem 和 --edition 取其一。按 Ctrl-C 保留已找到的最好结果。
help-allocate-problem = 放有项目、需求、指标池、评分四张表的文件夹，不打开数据库，例如 data
help-allocate-edition = 本数据库的一个版次，按台账的指标池求解，不写入数据库，例如 2026
help-allocate-policy = 项目怎样计价值：文件夹可用 { $values }，版次用评分政策，例如 default@1
help-allocate-max-delay = 项目最多可推迟的年数，0 至 15，例如 1
help-allocate-time-limit = 秒数，例如 60
help-allocate-gap = 相对间隙不超过此值即视为已证明，0 至 1，例如 0.001
help-allocate-stability = 每处与已批准结果不同的决定所扣的分数，例如 2
help-allocate-output = 每个项目一行的 CSV 文件，例如 方案.csv
help-allocate-example = portfolio allocate --problem data --max-delay 1 -o 方案.csv

help-check = 重新核算数据库应当成立的全部关系，列出不符之处。
help-check-example = portfolio check --json

help-backup = 把数据库和文件打成一个备份，服务照常运行。
help-backup-file = 要写出的备份，例如 portfolio.zip
help-backup-accept-missing = 数据库登记的文件已丢失，仍然备份
help-backup-example = portfolio backup portfolio.zip

help-restore = 恢复备份：先核对、升级、检查，再整体恢复；不成则不动。
help-restore-file = 要读取的备份，例如 portfolio.zip
help-restore-replace = 替换现有数据
help-restore-accept-findings = 检查发现不符，仍然恢复
help-restore-example = portfolio restore portfolio.zip --replace

help-migrate = 把数据库结构升到本版本，数据不变。SQLite 先另存副本。
help-migrate-example = portfolio migrate

help-illustrative = 查看、删除或补上示例数据；填报的数据不受影响。
help-illustrative-action = status 查看、remove 删除或 add 补上；默认 status
help-illustrative-example = portfolio illustrative remove

help-edition = 滚动计划的版次：列出、查看、发布、导入、批准、比较。
help-edition-list = 列出各版次及其计划期、状态和年度投资。
help-edition-list-example = portfolio edition list
help-edition-show = 按类别查看一个版次。
help-edition-show-code = 版次代码，例如 2026
help-edition-show-example = portfolio edition show 2026
help-edition-publish = 把一个版次的年度计划写成工作簿或文档。
help-edition-publish-output = 要写出的文件，.xlsx 或 .docx，例如 年度计划.docx
help-edition-publish-example = portfolio edition publish 2026 -o 年度计划.xlsx
help-edition-import = 载入在别处发布的整个版次，全部写入或一行不写。
help-edition-import-files = 项目、需求、节点各表，CSV 或 XLSX，例如 项目.xlsx
help-edition-import-year = 计划期的第一年，例如 2025
help-edition-import-on = 文件日期，例如 2025-01-20
help-edition-import-from = 所替代的版次，例如 2024
help-edition-import-create = 库中没有的项目一并入库
help-edition-import-example = portfolio edition import 项目.xlsx --code 2025 --year 2025 --doc 桂发改〔2025〕1号 --on 2025-01-20
help-edition-approve = 凭文件批准一个草案，此后不能修改。
help-edition-approve-on = 文件日期，例如 2026-01-20；默认为今天
help-edition-approve-by = 审定人，例如“李明”；不得为编制人
help-edition-approve-example = portfolio edition approve 2026 --doc 桂发改〔2026〕1号 --by 李明 --on 2026-01-20
help-edition-diff = 两个版次之间变了什么，资金去了哪里。
help-edition-diff-before = 较早版次的代码，例如 2026
help-edition-diff-after = 较晚版次的代码，例如 2027
help-edition-diff-example = portfolio edition diff 2026 2027

help-user = 账号。口令由提示输入，或从标准输入读取，不写在命令里。
help-user-add = 添加账号。
help-user-add-full-name = 姓名，例如 李四
help-user-add-subject = 在统一认证处的标识，例如 00u1a2b3
help-user-add-no-password = 只通过统一认证登录
help-user-add-must-change = 首次登录时要求更换口令
help-user-add-example = portfolio user add li.si --role planner --full-name 李四
help-user-list = 列出账号及其角色和状态。
help-user-list-example = portfolio user list
help-user-role = 更换账号的角色（及单位、城市或要素）。
help-user-role-example = portfolio user role li.si city_reviewer --city 450700
help-user-disable = 停用账号：立即退出登录，令牌永久作废。
help-user-disable-example = portfolio user disable li.si
help-user-enable = 重新启用账号。
help-user-enable-example = portfolio user enable li.si
help-user-reset = 设一个新口令，本人登录后必须更换。
help-user-reset-second-factor = 改为取消两步验证
help-user-reset-example = portfolio user reset li.si
help-user-unlock = 清除账号或地址的失败次数。
help-user-unlock-name = 账号，例如 li.si；加 --address 时为地址，例如 203.0.113.8
help-user-unlock-address = NAME 是失败过多的地址
help-user-unlock-example = portfolio user unlock li.si
help-user-hand-over = 把账号未保存的草稿和指名的征求意见移交给另一账号。
help-user-hand-over-to = 接收账号，例如 wang.wu
help-user-hand-over-disable = 同时停用原账号
help-user-hand-over-example = portfolio user hand-over li.si wang.wu --reason 岗位调整 --disable
help-unit = 责任单位：撤并后的移交。
help-unit-hand-over = 把已撤并单位名下的账号、项目和填报轮次一次移交给承接单位；全部成功，或一项不动。
help-unit-hand-over-giver = 已撤并单位的代码，例如 GX-DLR
help-unit-hand-over-taker = 承接单位的代码，例如 GX-DNR
help-unit-hand-over-check = 只列出将移交什么，不写入
help-unit-hand-over-example = portfolio unit hand-over GX-DLR GX-DNR --reason 机构改革

help-token = 接口用的个人令牌。
help-token-make = 为账号建立令牌，只显示这一次。
help-token-make-name = 用途，例如 夜间导出
help-token-make-days = 有效天数，例如 90
help-token-make-write = 也可以修改
help-token-make-action = 只限此项操作，例如 project.read；可多次给出
help-token-make-example = portfolio token make li.si --name 夜间导出 --days 90
help-token-list = 列出账号未作废的令牌。
help-token-list-example = portfolio token list li.si
help-token-revoke = 作废令牌。
help-token-revoke-number = 列表中的编号，例如 3
help-token-revoke-example = portfolio token revoke 3

cli-usage-hint = 详见 { $command } --help
cli-looked-at = 数据库：{ $place }
error-usage-missing = 缺少 { $name }：{ $words }。
error-usage-no_option = 没有选项 { $name }，请看 --help。
error-usage-no_value = { $name } 后面要给值，请看 --help。
error-usage-bad_value = { $name } 的值不合要求：{ $words }。
error-usage-wrong = 命令的写法有误：{ $detail }
error-usage-too_many = 多余的参数：{ $values }，请看 --help。
error-usage-no_command = 没有命令“{ $value }”。可用：{ $allowed }。
error-usage-no_command_given = 请写出命令，可用的见 --help。
error-usage-one_of = 以下须给且只给一个：{ $names }。
error-usage-not_of = { $name } 没有“{ $value }”。可用：{ $allowed }。
error-usage-needs_other = { $name } 须与 { $other } 同用。
error-usage-idle_filter = { $names } 不能用来筛选 { $kind } 表，请去掉。
error-usage-bad_day = { $name } 应为 2026-01-20 这样的日期，而不是“{ $value }”。
error-usage-bad_suffix = “{ $value }”的后缀不在 { $allowed } 之中，请改用其一。
error-usage-no_file = { $name } 所指的文件不存在：{ $value }。请核对路径。
error-usage-no_folder = { $name } 所指的文件夹不存在：{ $value }。请核对路径。
error-usage-passwords_differ = 两次输入的口令不同，请重来。
error-command-interrupted = 已中断。
error-filter-invalid = 筛选条件中有不认识的值，未写入任何数据。请按提示改正。
error-filter-unknown = “{ $value }”不是代码，也不是名称。可能是：{ $allowed }
error-library-absent = { $place } 处没有数据库。请核对 DATABASE_URL 和当前目录；新库请运行 portfolio init。
error-library-away = 打不开数据库 { $place }（{ $reason }）。请核对 DATABASE_URL，并确认数据库在运行。
error-library-busy = 数据库 { $place } 正忙（{ $reason }），请稍后再试。
error-library-not_writable = 数据库 { $place } 写不进去（{ $reason }），未改动任何数据。请检查磁盘空间和权限。
error-library-unready = 数据库 { $place } 不完整或版本不符（{ $reason }），请运行 portfolio migrate。
error-machine-not_found = 没有文件或文件夹 { $place }，请核对路径。
error-machine-no_folder = 没有文件夹 { $place }。请先建立，或换一个位置。
error-machine-is_folder = { $place } 是文件夹，请给出文件名。
error-machine-not_allowed = 没有读写 { $place } 的权限。请以运行本系统的用户执行，或换一个位置。
error-machine-no_room = 磁盘空间不足，写不下 { $place }。请腾出空间后重试。
error-machine-not_text = 文本不是 UTF-8 编码（{ $reason }）。请另存为 UTF-8 后重试。
error-machine-refused = 系统拒绝了操作：{ $reason }。请排除后重试。
error-serve-cannot_listen = 不能在 { $host } 的 { $port } 端口提供服务（{ $reason }）。端口可能已被其他程序占用，请用 --port 换一个。
error-setting-invalid = 设置有误，未执行任何操作。请改正所列的环境变量（或 .env 文件）。
error-setting-whole_number = 应为整数，而不是“{ $value }”。
error-setting-truth = 应为 true 或 false，而不是“{ $value }”。
error-setting-one_of = 应为 { $limit }，而不是“{ $value }”。
error-setting-at_least = 不能小于 { $limit }，现为 { $value }。
error-setting-at_most = 不能大于 { $limit }，现为 { $value }。
error-setting-database_url = 应为 sqlite:///var/portfolio.db 或 postgresql+psycopg://用户:密码@主机/portfolio 这样的地址。
error-setting-wrong = “{ $value }”不合要求：{ $detail }。
