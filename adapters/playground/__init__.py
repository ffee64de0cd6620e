"""A complete chat platform in memory, with two faces: limits and manners like Telegram's, and like Discord's."""
