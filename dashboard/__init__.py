"""The dashboard: one page module a screen, figures from frames, components, assets."""
