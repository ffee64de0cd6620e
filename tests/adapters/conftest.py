"""The contract's assertions explain themselves, though they are not in a file called test_…"""

import pytest

pytest.register_assert_rewrite("tests.adapters.contract")
