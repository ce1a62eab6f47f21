error-rolling-set_changed = 版次“{ $code }”中这一批项目已有变化，请刷新核对后再决定。
