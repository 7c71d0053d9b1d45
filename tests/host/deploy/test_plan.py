"""What is copied and removed, decided from what the board reports."""

from gatescan_host.deploy import plan as planning
from gatescan_host.deploy.plan import OnBoard, digest

FILES = {
    "boot.py": b"boot", "main.py": b"main", "board.mpy": b"board", "gatescan/__init__.mpy": b"",
    "gatescan/app/start.mpy": b"start" * 1000,
}  # fmt: skip


def present(files: dict[str, bytes]) -> dict[str, OnBoard]:
    return {path: OnBoard(len(data), digest(data)) for path, data in files.items()}


def test_an_empty_board_gets_everything_and_main_last():
    plan = planning.make(FILES, {})
    assert set(plan.copy) == set(FILES) and plan.copy[-2:] == ("boot.py", "main.py")
    assert plan.remove == () == plan.same
    assert plan.changes


def test_a_board_that_holds_all_gets_nothing():
    plan = planning.make(FILES, present(FILES))
    assert not plan.changes
    assert set(plan.same) == set(FILES)


def test_only_what_differs_is_copied():
    older = {**FILES, "board.mpy": b"other"}
    plan = planning.make(FILES, present(older))
    assert (plan.copy, plan.remove) == (("board.mpy",), ())


def test_modules_in_their_other_form_and_those_no_longer_shipped_go():
    """MicroPython imports board.py before board.mpy: a text left behind would win."""
    older = {**FILES, "board.py": b"x", "gatescan/app/gone.mpy": b"x", planning.ASIDE: b"half"}
    plan = planning.make(FILES, present(older))
    assert plan.copy == ()
    assert plan.remove == ("board.py", "gatescan.new", "gatescan/app/gone.mpy")


def test_the_names_that_are_ours_are_no_others():
    names = planning.root_names(FILES)
    assert set(names) == {
        "gatescan.new", "firmware.pack", "boot.py", "boot.mpy", "main.py", "main.mpy", "board.py",
        "board.mpy",
    }  # fmt: skip


def test_room_is_counted_in_blocks_and_old_content_only_once_it_is_gone():
    block = 4096
    nothing = planning.make(FILES, present(FILES))
    assert planning.room_bytes(FILES, present(FILES), nothing, block) == 0
    # 4 files of a block (an empty one takes none), one of two, and two folders of two blocks
    fresh = planning.make(FILES, {})
    assert planning.room_bytes(FILES, {}, fresh, block) == (3 + 2 + 4) * block
    # replacing the large one needs its two blocks beside the old ones
    older = present({**FILES, "gatescan/app/start.mpy": b"START" * 1000})
    change = planning.make(FILES, older)
    assert planning.room_bytes(FILES, older, change, block) == 2 * block
    # an old pack goes before the new one comes
    pack = {**FILES, planning.PACK: bytes(3 * block)}
    shorter = present({**FILES, planning.PACK: bytes(2 * block)})
    assert planning.room_bytes(pack, shorter, planning.make(pack, shorter), block) == block
    # what is removed before makes room for it
    older["gatescan/app/gone.mpy"] = OnBoard(9000, "0")
    assert planning.room_bytes(FILES, older, planning.make(FILES, older), block) == 0
