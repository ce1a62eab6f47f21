### 单位、日期

unit-yuan = 元
unit-wan_yuan = 万元
unit-yi_yuan = 亿元
unit-million = 百万元
unit-billion = 十亿元
money-figure = { $figure }
money-axis = 亿元
unit-m2 = 平方米
unit-ha = 公顷
unit-mu = 亩
unit-km2 = 平方公里
unit-m = 米
format-month = { $year }年{ $month }月
stored-words = 当时的记录：{ $code }（{ $words }）
stored-remedy = 这是较早版本留下的记录，如有疑问请重新检查或计算。
