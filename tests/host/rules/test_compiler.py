"""The compiled order: same bytes every time, small, and as written by hand for a small one."""

import binascii
from pathlib import Path

from gatescan.core import codes as numbers
from gatescan.core.law import citation, fact_names, facts, names
from gatescan.core.law.policy import Policy
from gatescan_host.rules import citation_pack, codes, compiler, orders
from unit.law.tiny_policy import TINY

# texts that stand for no single provision
NO_PROVISION = {"(bemyndigelse)"}


def test_the_small_order_has_the_bytes_of_the_unit_tests() -> None:
    compiled = compiler.compile_file(Path(__file__).with_name("tiny.yaml"))
    assert binascii.hexlify(compiled) == binascii.hexlify(TINY)


def test_the_same_order_gives_the_same_bytes() -> None:
    path = orders.path_of("dk-2009")
    assert compiler.compile_file(path) == compiler.compile_file(path) == compiler.compile_order()


def test_the_order_fits_the_scanner() -> None:
    assert len(compiler.compile_order()) <= 8192
    policy = Policy(compiler.compile_order())
    assert (policy.order_id, policy.valid_from, policy.valid_to) == ("dk-2009", 20091115, 0)


def test_rules_elsewhere_in_the_file_change_nothing(tmp_path: Path) -> None:
    """Precedence decides, never the place in the file."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    tree = yaml.load(orders.path_of("dk-2009").read_text(encoding="utf-8"))
    for phase in ("scope", "collect", "duties"):
        tree[phase].reverse()
    turned = tmp_path / "turned.yaml"
    with turned.open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)
    assert compiler.compile_file(turned) == compiler.compile_order()


def test_every_citation_is_a_number_and_back() -> None:
    texts = set(codes.citations())
    for kind in ("categories", "obligations"):
        for entry in codes.provisions()[kind]:
            texts.update(entry["citation"].split(" / "))
    for text in texts - NO_PROVISION:
        assert citation.format(citation_pack.pack(text)) == text


def test_facts_are_those_of_provisions_json() -> None:
    written: dict[str, dict] = {fact["name"]: fact for fact in codes.provisions()["facts"]}
    known = {name.partition(".")[0] for name, _, _ in fact_names.FACTS}
    assert known | set(fact_names.LABELS) == set(written)
    assert [name.removeprefix("policy.") for name, _, _ in fact_names.FACTS[facts.F_POLICY:]] \
        and {name.removeprefix("policy.") for name, _, _ in fact_names.FACTS[facts.F_POLICY:]} \
        == set(codes.provisions()["default_policy"])
    plain = facts.defaults()
    for index, (name, kind, table) in enumerate(fact_names.FACTS):
        if "." in name or name == "category":
            continue
        fact = written[name]
        if fact.get("values"):
            assert list(table or ()) == fact["values"], name
        default = fact["default"]
        if default == "required":
            assert plain[index] is None
        elif kind == fact_names.CODE:
            got = None if plain[index] is None else table[plain[index]]
            assert got == default, name
        elif kind == fact_names.CATEGORY_LIST:
            assert (default, plain[index]) == ([], facts.NO_CATEGORY)
        else:
            assert plain[index] == default, name
            assert type(plain[index]) is type(default), name


def test_policy_switches_are_those_of_provisions_json() -> None:
    order = orders.load(orders.path_of("dk-2009")).order
    assert order.switches == codes.provisions()["default_policy"]
    assert order.switch_overrides == codes.provisions()["default_policy_overrides"]


def test_names_are_those_of_provisions_json() -> None:
    law = codes.provisions()
    for kind, table in (("institutions", names.INSTITUTIONS), ("channels", names.CHANNELS),
                        ("verdicts", names.VERDICTS), ("authorities", names.AUTHORITIES),
                        ("obligations", names.OBLIGATIONS)):
        assert [entry["code"] for entry in law[kind]] == list(table)
    for entry in law["categories"]:
        assert names.CATEGORIES[entry["num"]] == entry["code"]
    assert names.CATEGORIES[numbers.C_UNKNOWN] == "unknown"
    for entry in law["obligations"]:
        session = names.OBLIGATIONS.index(entry["code"]) < compiler.SESSION_CODES
        assert session == (entry["level"] == "session")
    assert codes.display("verdicts", "allow", "da") == ("Kan udleveres",)
