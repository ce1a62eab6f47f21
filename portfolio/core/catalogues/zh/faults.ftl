# 页面或操作失败时的说明
fault-database = 数据库暂时不可用
fault-busy = 数据库正忙
fault-held = 另一项操作正占用数据库。请稍后再试；刚才若在保存，则没有保存。
fault-request = 请求无法处理
fault-too-large = 文件过大
fault-number = 请求编号：{ $id }
fault-again = 重新打开本页
fault-unsure = 请核对刚才的操作是否已保存。
fault-no-address = 没有这个地址。请核对网址，或从菜单进入。
fault-bad-request = 这个地址不接受这样的请求。请从菜单进入要用的页面。
fault-server = 服务器出错，详情已记入日志。请稍后再试；仍不行请把请求编号告诉管理员。
error-server-away = 连不上数据库，或数据库文件无法读取。请稍后再试；仍不行请把请求编号告诉管理员。
error-server-not_writable = 数据写不进去（磁盘已满，或文件只读），刚才的操作没有保存。请把请求编号告诉管理员。
error-server-unready = 数据库不完整，或与本系统版本不符。请管理员运行 portfolio migrate。
