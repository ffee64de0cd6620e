"""What the file's own checks raise."""


class Mistake(ValueError):
    """What is wrong and what would be right; `of_key` when the key rather than its value is wrong."""

    def __init__(self, message: str, hint: str = "", *, of_key: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.of_key = of_key
