"""Pages of agencies, places, sources and portals, and the lists of them."""
