"""The nbgrader adapter: the only room that knows nbgrader's gradebook and traitlets.

    record.make_record(grader, submission, result) -> Record     (without nbgrader; in any process)
    autograded.write_autograded(course, record) -> None
    prepare.prepare_gradebook(course, assignment) -> None
    with writer.Writer(course, assignment) as writer: writer.write(records)

Plugged into stock nbgrader by nbgrader_config.py: `preprocessor.SandboxGrade`,
`exporter.RepairingExporter`, the functions of `hooks` and `markdown.safe_markdown`.

Nothing is imported here: nbgrader and its database are a second of start-up that only some need.
"""
