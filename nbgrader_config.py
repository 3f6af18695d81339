"""Plugs the autograder into stock nbgrader. Settings of the course itself: source/course.toml."""

c = get_config()

# Part of every gradebook and of the exchange's folders: never change it in a running course.
c.CourseDirectory.course_id = "neural-networks"

# The instructor notebooks that `autograder build` makes; source/ holds their text.
c.CourseDirectory.source_directory = "build/source"

# Another database, such as PostgreSQL, goes here; the default is gradebook.db in this folder.
# c.CourseDirectory.db_url = "postgresql+psycopg://grader@db.example.org/gradebook"

# What students see in place of a solution. `autograder build` reads these, too.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Write your answer here, replacing this line.*"

# release/ is committed, so it is always there, and nbgrader would skip what it has already made:
# neither release nor gradebook would learn of a change.
c.GenerateAssignment.force = True

# nbgrader runs `alembic` by its name to make a gradebook; this finds it in this environment.
c.GenerateAssignment.pre_convert_hook = "autograder.gradebook.hooks.before_release"

# Submissions are read as `autograder grade` reads them: repaired from the release, so that broken
# JSON, renamed files, copied cells and lost metadata neither stop a batch nor change a score.
c.Autograde.exporter_class = "autograder.gradebook.exporter.RepairingExporter"
c.Autograde.pre_convert_hook = "autograder.gradebook.hooks.before_autograde"

# Stock's list. The repaired notebook leaves it nothing to do but to clear outputs; the rest stays
# as a second look at what enters the gradebook.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# SandboxGrade in place of Execute: no student code runs outside of the sandbox. Left out are the
# three that tidy up what a kernel printed (IgnorePattern, ClearMetadataPreprocessor, LimitOutput):
# no kernel runs, the outputs are ours, and the metadata is the release's.
c.Autograde.autograde_preprocessors = [
    "autograder.gradebook.preprocessor.SandboxGrade",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Files that students hand in beside the notebooks; a master's copy must not take their place.
c.Autograde.exclude_overwriting = {"neural-nets": ["best_model.npz"]}

# A student's Markdown may hold HTML and scripts; formgrader and feedback show it as text.
c.HTMLExporter.filters = {"markdown2html": "autograder.gradebook.markdown.safe_markdown"}

# What `nbgrader zip_collect` takes out of a download: notebooks, code, trained models, pictures.
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py", ".npz", ".png", ".jpg", ".jpeg"]
