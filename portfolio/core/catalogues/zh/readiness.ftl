error-readiness-invalid = 前期工作填报有误，未写入任何数据。请按各条提示改正。
error-readiness-unknown_step = 没有“{ $value }”这个前期工作环节，请从清单中选择。
error-readiness-approved_without_date = 已批复的环节须填写批复日期。
error-readiness-approved_without_document = 已批复的环节须填写批复文号。
error-readiness-ends_before_begin = 有效期止{ $value }早于批复日期，请改正。
error-readiness-stale = 环节“{ $step }”已被他人修改，请刷新后再改。
