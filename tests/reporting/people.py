"""Who acts here: an office of Nanning, its city's reviewer, a lead unit's, the commission's planner, others."""

from portfolio.access.rules import Actor

NANNING, BEIHAI = "450100", "450500"
CITY_OFFICE, LEAD = "CITY-450100", "GX-DOT"
OFFICE = Actor("office", role="project_office", unit=CITY_OFFICE)
CITY = Actor("city", role="city_reviewer", unit=CITY_OFFICE, city=NANNING)
OTHER_CITY = Actor("beihai", role="city_reviewer", city=BEIHAI)
LEADER_UNIT = Actor("transport", role="lead_reviewer", unit=LEAD)
PLANNER = Actor("planner", role="planner", unit="GX-DRC")
READER = Actor("leader", role="leader")
