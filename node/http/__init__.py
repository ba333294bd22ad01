"""What every route of a node shares: permissions, limits, headers, problem documents, pages."""
