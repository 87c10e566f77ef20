"""A believable municipality with invented people, for demonstration and for trying things out.

`story.py` tells it as events in time order, each through the same service that a page would call, up to
now: what lies ahead has not happened yet. Everything is drawn from a fixed seed; nobody is real.
"""
