"""Pictures of charts, drawn by a process of their own: what draws is large, and is needed seldom."""
