### Units, dates

unit-yuan = CNY
unit-wan_yuan = CNY 10k
unit-yi_yuan = CNY 100m
unit-million = m
unit-billion = bn
money-figure = CNY { $figure }
money-axis = CNY bn
unit-m2 = m²
unit-ha = ha
unit-mu = mu
unit-km2 = km²
unit-m = m
format-month = { $month_key ->
    [m1] Jan
    [m2] Feb
    [m3] Mar
    [m4] Apr
    [m5] May
    [m6] Jun
    [m7] Jul
    [m8] Aug
    [m9] Sep
    [m10] Oct
    [m11] Nov
   *[m12] Dec
} { $year }
stored-words = As recorded then: { $code } ({ $words })
stored-remedy = An earlier version recorded this. If in doubt, check or compute again.
