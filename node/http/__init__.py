"""The common parts of all routes of a node: permissions, limits, headers, problem documents, pages."""
