"""Auto-graded deep-learning assignments: author, release, hand in, grade."""

import sys

__version__ = "0.1.0"

# nbformat imports jsonschema, which imports this optional package if it finds it; at import it
# compiles a grammar for international URLs, 1.2 s in every grading process, for a format that no
# notebook uses. None makes the import fail, and jsonschema goes on without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
