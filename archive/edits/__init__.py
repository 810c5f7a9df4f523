"""What was edited between two states of a notice, clause by clause: found, classed and ranked. Pure."""
