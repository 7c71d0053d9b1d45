"""`table build --lenient`: what names no product is left out and reported, and nothing else."""

import csv
import io
import os
import pty
import subprocess
import threading

import demo_site
from gatescan_host.errors import Exit
from gatescan_host.site.intake import Intake
from gatescan_host.site.left_out import LeftOut
from host_side import gatescan
from sim import rig

HEAD = "gtin,category\n"
NO_PRODUCTS = {
    "9780670022151": "isbn", "9771234567003": "issn", "2135040039753": "restricted",
    "9800000000007": "coupon", "09780670022151": "isbn",
}  # fmt: skip
GOOD = "5901234123457,general\n"


def rows(codes=NO_PRODUCTS) -> str:
    return "".join(f"{code},general\n" for code in codes)


def test_strictly_they_are_mistakes(lists):
    lists.files(a=HEAD + GOOD + rows())
    found = lists.mistakes()
    assert [s.split(":")[1] for s in found] == [str(n) for n in range(3, 8)]
    assert all("--lenient" in s and kind in s
               for s, kind in zip(found, NO_PRODUCTS.values(), strict=True))  # fmt: skip


def test_leniently_they_are_left_out_with_place_code_and_kind(lists):
    lists.files(a=HEAD + GOOD + rows())
    report = io.StringIO()
    left_out = LeftOut(report)
    assert list(lists.taken(Intake(left_out)).specs) == [590123412345]
    told = left_out.as_json()
    assert told["count"] == 5
    assert told["kinds"] == {"coupon": 1, "isbn": 2, "issn": 1, "restricted": 1}
    expected = [
        (f"{lists.folder}/a.csv:{line}", code, kind)
        for line, (code, kind) in enumerate(NO_PRODUCTS.items(), 3)
    ]
    assert [tuple(entry.values()) for entry in told["first"]] == expected
    report.seek(0)
    assert [tuple(row) for row in csv.reader(report)] == [("place", "code", "kind"), *expected]


def test_other_mistakes_stay_mistakes(lists):
    wrong = "9780670022152,general\n9780670022151,x\n12345670,general\n1,radio\n"
    lists.files(a=HEAD + rows() + wrong)
    found = lists.mistakes(Intake(LeftOut()))
    assert [s.split(": ")[0] for s in found] == [f"a.csv:{line}" for line in (7, 8, 9, 10)]


def test_two_classes_for_a_code_that_is_left_out_are_no_conflict(lists):
    lists.files(a=HEAD + "9780670022151,general\n9780670022151,radio\n")
    assert lists.mistakes(Intake(LeftOut())) == ()


def test_memory_is_bounded_and_the_report_whole(lists):
    lists.files(a=HEAD + rows() * 1000)
    report = io.StringIO()
    left_out = LeftOut(report)
    lists.taken(Intake(left_out))
    assert left_out.count == 5000
    assert len(left_out.as_json()["first"]) == LeftOut.LISTED
    assert report.getvalue().count("\n") == 5001


def words(lists, *options: str) -> list[str]:
    key, out = demo_site.key_folder("lists"), lists.folder / "o.gst"
    return [str(w) for w in ("table", "build", lists.path, "--key", key, "-o", out, *options)]


def build(lists, *options: str):
    return gatescan(*words(lists, *options))


def test_the_command_says_what_was_left_out(lists):
    lists.files(a=HEAD + GOOD + rows())
    assert build(lists).code == Exit.FAILED
    assert not (lists.folder / "o.gst").exists()
    report = lists.folder / "left.csv"
    done = build(lists, "--lenient", "--report", str(report), "--json")
    assert done.code == Exit.OK, done.err
    assert done.answer["keys"] == 1
    assert (done.answer["left_out"]["count"], len(done.answer["left_out"]["first"])) == (5, 5)
    assert "Left out 5 rows" in done.err and "2 isbn" in done.err and "a.csv:3" in done.err
    assert len(report.read_text().splitlines()) == 6
    lists.files(a=HEAD + GOOD)
    done = build(lists, "--lenient", "--json")
    assert done.answer["left_out"] == {"count": 0, "kinds": {}, "first": []}
    assert "Left out" not in done.err


def test_report_wants_lenient_and_a_place_to_write(lists):
    lists.files(a=HEAD + GOOD)
    done = build(lists, "--report", "x.csv")
    assert done.code == Exit.USAGE and "--lenient" in done.err
    done = build(lists, "--lenient", "--report", str(lists.folder))
    assert done.code == Exit.USAGE and "cannot be written" in done.err


def on_a_terminal(lists, *options: str) -> str:
    """What a build writes to stderr when that is a terminal."""
    master, slave = pty.openpty()
    told: list[bytes] = []

    def listen() -> None:
        try:
            while part := os.read(master, 4096):
                told.append(part)
        except OSError:
            pass  # the other side is closed

    listener = threading.Thread(target=listen)
    listener.start()
    env = {**rig.environment(), "TERM": "xterm"}
    done = subprocess.run(rig.command(*words(lists, *options)), env=env, stderr=slave,
                          stdout=subprocess.DEVNULL, timeout=60)  # fmt: skip
    os.close(slave)
    listener.join()
    os.close(master)
    assert done.returncode == Exit.OK, told
    return b"".join(told).decode()


def test_a_bar_on_a_terminal_only_and_not_with_json(lists):
    lists.files(a=HEAD + GOOD * 9000)
    assert "a.csv" in on_a_terminal(lists)
    assert "a.csv" not in on_a_terminal(lists, "--json")
    assert "a.csv" not in build(lists).err
