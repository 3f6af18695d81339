"""From solutions and authored text to the instructor's notebooks and the students' release.

    build.build_assignment(course, assignment) -> BuildReport
    build.check_assignment(course, assignment) -> str            (a diff; nothing is written)
    build.build_package, build.check_package                     (the same for package layout)

Nothing is imported here: graders read the course's misconceptions, but need nothing of nbgrader.
"""
