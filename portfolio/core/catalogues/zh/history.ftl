### 修改记录与操作日志中的字段名

journal-field-bases = 入库依据
journal-field-contacts = 责任人与联系人
journal-field-files = 文件
journal-field-code = 编码
journal-field-title = 标题
journal-field-title_zh = 名称（中文）
journal-field-title_en = 名称（英文）
journal-field-opens_on = 开始日期
journal-field-due_on = 截止日期
journal-field-units = 单位
journal-field-cities = 地市
journal-field-closed = 已结束
journal-field-carried_yuan = 结转
journal-field-last_year = 最后年度
journal-field-total_yuan = 总投资
