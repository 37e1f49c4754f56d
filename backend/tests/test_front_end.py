"""Beside a front end at /, Django keeps its addresses, and the list gets one of its own."""

import pytest

from tests.processes import manage, production

PROGRAM = "from django.urls import reverse; print(reverse('mails'), reverse('sign-in'))"


@pytest.mark.parametrize(
    ("frontend", "pages"), [("false", "/ /sign-in/"), ("true", "/mails/ /sign-in/")]
)
def test_the_list_leaves_the_root_to_a_front_end(tmp_path, frontend, pages):
    env = production(tmp_path) | {"FRONTEND": frontend}
    result = manage(["shell", "-v", "0", "-c", PROGRAM], env)
    assert result.stdout.strip() == pages, result.stderr
