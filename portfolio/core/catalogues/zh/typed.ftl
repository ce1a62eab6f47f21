### 接口各字段应填什么

typed-whole_number = 须为整数
typed-number = 须为数字
typed-truth = 须为 true 或 false
typed-at_most_long = 不能超过{ $limit }个字符
typed-at_least_long = 至少{ $limit }个字符
typed-pattern = 格式须为 { $limit }
typed-text = 须为文本
typed-at_most_many = 不能超过{ $limit }项
typed-at_least_many = 至少{ $limit }项
typed-list = 须为列表
typed-object = 须为对象
typed-one_of = 须为 { $limit } 之一
typed-at_least = 不能小于 { $limit }
typed-more_than = 须大于 { $limit }
typed-at_most = 不能大于 { $limit }
typed-less_than = 须小于 { $limit }
typed-day = 须为 2026-01-20 这样的日期
typed-unknown_field = 没有这个字段
typed-other = 不合接口文档的规定
