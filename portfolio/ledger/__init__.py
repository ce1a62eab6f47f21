"""Pools of money and quota, and every reserve, grant, delivery and use against them."""
