"""Constants as numbers: same meaning, same lines, no names that a board would pay for."""

import pytest

from gatescan_host.deploy.constants import FoldError, fold
from host.deploy.shipped_texts import texts

COMPAT = (
    "try:\n    from micropython import const\nexcept ImportError:\n    const = int\n"
    "TYPE_CHECKING = False\n"
)
CODES = """from gatescan.core.compat import const

V_ALLOW = const(1)
V_LOWEST = const(-1)
V_BOTH = const(V_ALLOW << 4 | 2)
_OWN = const(7)
TABLE = (V_ALLOW, _OWN)
"""


def folded(user: str, codes: str = CODES) -> dict[str, str]:
    return fold(
        {"gatescan/core/compat.py": COMPAT, "gatescan/codes.py": codes, "gatescan/user.py": user}
    )


@pytest.mark.parametrize(
    "user",
    [
        "from gatescan import codes\nx = codes.V_ALLOW + codes.V_BOTH\n",
        "from gatescan.codes import V_ALLOW, V_BOTH\nx = V_ALLOW + V_BOTH\n",
        "from gatescan.codes import V_ALLOW as A\nfrom gatescan import codes as c\n"
        "x = A + c.V_BOTH\n",
        "from gatescan.codes import (\n    V_ALLOW,\n    V_BOTH,\n)\nx = V_ALLOW + \\\n V_BOTH\n",
        "def f():\n    from gatescan import codes\n"
        "    return codes.V_ALLOW + codes.V_BOTH\nx = f()\n",
        "import gatescan.codes as codes\nx = codes.V_ALLOW + codes.V_BOTH\n",
    ],
)
def test_uses_become_numbers_and_lines_stay(user):
    text = folded(user)["gatescan/user.py"]
    assert text.count("\n") == user.count("\n")
    assert "V_BOTH" not in text
    lines = [line for line in text.splitlines() if "import" not in line]
    scope: dict[str, object] = {}
    exec("\n".join(lines), scope)
    assert scope["x"] == 19


def test_definitions_go_and_what_is_built_of_them_stays():
    text = folded("")["gatescan/codes.py"]
    assert "V_ALLOW" not in text and "const(7)" in text
    assert "TABLE = (1, _OWN)" in text


def test_negative_numbers_keep_their_place_in_a_formula():
    text = folded("from gatescan.codes import V_LOWEST\nx = 2 - V_LOWEST ** 2\n")
    scope: dict[str, int] = {}
    exec(text["gatescan/user.py"], scope)
    assert scope["x"] == 1


def test_a_name_of_a_function_is_no_constant():
    text = folded("from gatescan.codes import V_ALLOW\ndef f(V_ALLOW):\n    return V_ALLOW\n")
    assert "def f(V_ALLOW):\n    return V_ALLOW" in text["gatescan/user.py"]


def test_in_an_f_string_the_name_stays_with_its_definition():
    out = folded('from gatescan.codes import V_ALLOW\nx = f"{V_ALLOW}"\n')
    assert "import V_ALLOW" in out["gatescan/user.py"]
    assert "V_ALLOW = const(1)" in out["gatescan/codes.py"]


def test_what_is_only_for_type_checkers_is_left_out():
    out = folded(
        "from gatescan.core.compat import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nothing\n"
    )
    scope: dict[str, object] = {}
    exec(out["gatescan/user.py"], scope)
    assert "TYPE_CHECKING" not in scope


def test_a_use_that_cannot_be_folded_is_refused():
    """Else the board would find out, at the gate."""
    with pytest.raises(FoldError, match=r"user\.py"):
        folded("import gatescan\nx = gatescan.codes.V_ALLOW\n")
    with pytest.raises(FoldError, match="Thing has its own V_ALLOW"):
        folded("from gatescan.codes import V_ALLOW\nclass Thing:\n    V_ALLOW = 3\n")


def test_the_firmware_keeps_every_line_and_loses_its_codes():
    sources = texts()
    out = fold(sources)
    for name, text in out.items():
        assert text.count("\n") == sources[name].count("\n"), name
        compile(text, name, "exec")
    assert "codes" not in out["gatescan/core/item.py"].split("def ")[0]
