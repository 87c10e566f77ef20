"""Partner organisations and referrers, ways out, activities, tracked links and posters."""
