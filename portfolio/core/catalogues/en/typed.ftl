### What a field of the API takes

typed-whole_number = a whole number is needed
typed-number = a number is needed
typed-truth = true or false is needed
typed-at_most_long = at most { $limit } characters
typed-at_least_long = at least { $limit } characters
typed-pattern = the form is { $limit }
typed-text = a text is needed
typed-at_most_many = at most { $limit } of them
typed-at_least_many = at least { $limit } of them
typed-list = a list is needed
typed-object = an object is needed
typed-one_of = one of { $limit } is needed
typed-at_least = at least { $limit }
typed-more_than = more than { $limit }
typed-at_most = at most { $limit }
typed-less_than = less than { $limit }
typed-day = a day such as 2026-01-20 is needed
typed-unknown_field = there is no such field
typed-other = it is not as the documentation says
