"""Plugs the autograder into stock nbgrader. Settings of the course itself: source/course.toml."""

c = get_config()

c.CourseDirectory.course_id = "neural-networks"
c.CourseDirectory.source_directory = "build/source"

# What the release shows in the place of a model answer. Code stubs are nbgrader's own.
c.ClearSolutions.text_stub = "*Write your answer here, replacing this line.*"
