"""What each command does: the steps between the rooms, and what is printed."""
