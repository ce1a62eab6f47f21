### Field names in a project's history and in the journal

journal-field-bases = Grounds for entry
journal-field-contacts = Persons responsible and contacts
journal-field-files = Files
journal-field-code = Code
journal-field-title = Title
journal-field-title_zh = Title (Chinese)
journal-field-title_en = Title (English)
journal-field-opens_on = Opens on
journal-field-due_on = Due on
journal-field-units = Units
journal-field-cities = Cities
journal-field-closed = Closed
journal-field-carried_yuan = Carried over
journal-field-last_year = Last year
journal-field-total_yuan = Total investment
