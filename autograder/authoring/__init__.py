"""From solutions and authored text to the instructor's notebooks and the students' release."""
