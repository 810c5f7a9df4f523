select role, state, count(*) as count from copies not indexed group by role, state
