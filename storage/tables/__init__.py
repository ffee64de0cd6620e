"""The tables of the engine, by topic. Times are aware UTC, ids of platforms text; what people say is never stored."""
