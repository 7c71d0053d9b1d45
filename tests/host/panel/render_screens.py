"""Runs on MicroPython: drives the real display driver into the panel model, prints frames as hex.

One line a screen: name, tab, the 1024 bytes of the panel's memory (MONO_VLSB).
"""

from binascii import hexlify

from gatescan.core import screens
from gatescan.core.law import names
from gatescan.drivers.display import Display
from gatescan.drivers.ssd1306 import Ssd1306
from unit.drivers.ssd1306_model import Ssd1306Model

# verdict -> (category lines, citation, steps), Danish and English; texts of provisions.json
EXAMPLES = (
    ((("Almindelig genstand",), ()), (("Ordinary item",), ()), "§ 1, stk. 1"),
    ((("Almindelig genstand",), ()), (("Ordinary item",), ()), "§ 1, stk. 1"),
    (
        (
            ("Radio o.l.",),
            (
                ("Sæt plombe på", "genstanden"),
                ("Mærk type og ejer",),
                ("Registrer på liste",),
                ("Indsat underskriver", "listen"),
            ),
        ),
        (
            ("Radio etc.",),
            (
                ("Seal the item",),
                ("Label type and owner",),
                ("Register on list",),
                ("Inmate signs list",),
            ),
        ),
        "§ 6, nr. 2",
    ),
    ((("Ukendt mærke",), ()), (("Unknown tag",), ()), "§ 30, stk. 1"),
    (
        (("Kontanter",), (("Indsæt på konto",),)),
        (("Cash",), (("Credit to account",),)),
        "§ 22, stk. 2",
    ),
    (
        (("Kontanter",), (("Udlever til grænsen,", "resten i depot"),)),
        (("Cash",), (("Hand out to limit,", "store the rest"),)),
        "§ 23, stk. 1, 1. pkt.",
    ),
    (
        (("Armbåndsur (batteri)",), (("Læg i depot og", "registrer"),)),
        (("Wristwatch (battery)",), (("Store and register",),)),
        "§ 32, stk. 1",
    ),
    (
        (("Racistisk/krænkende", "symbol"), (("Spørg leder eller", "bemyndiget"),)),
        (("Racist or offensive", "symbol"), (("Ask head of prison", "or delegate"),)),
        "§ 2, stk. 1, nr. 13",
    ),
    (
        (("Mobiltelefon o.l.",), (("Læg i depot og", "registrer"), ("Tilbyd at sende ud",))),
        (("Mobile phone etc.",), (("Store and register",), ("Offer to send out",))),
        "§ 2, stk. 1, nr. 11",
    ),
    (
        (("Ulovlig genstand",), (("Meld til vagthavende",),)),
        (("Illegal item",), (("Report to duty lead",),)),
        "§ 2, stk. 1, nr. 1",
    ),
)


def main() -> None:
    """Print every screen in both languages, verdicts with all pages in both page sizes."""
    model = Ssd1306Model()
    display = Display(Ssd1306(model))

    def emit(name: str, screen: "screens.Screen") -> None:
        if not display.show(screen):
            raise SystemExit("the panel did not take the picture")
        print(name + "\t" + hexlify(model.memory).decode())

    for lang, suffix in ((screens.LANG_DA, "da"), (screens.LANG_EN, "en")):
        for verdict, (danish, english, citation) in enumerate(EXAMPLES):
            category, steps = english if lang == screens.LANG_EN else danish
            for rows in (5, 3):
                count = screens.verdict_pages(verdict, category, citation, steps, lang, rows)
                for page in range(count):
                    screen = screens.verdict_screen(
                        verdict, category, citation, steps, lang, page, rows
                    )
                    emit("%s.%d.%s.rows%d" % (names.VERDICTS[verdict], page, suffix, rows), screen)
        for which in range(len(screens.strings(lang).SYSTEM)):
            emit("system.%d.%s" % (which, suffix), screens.system_screen(which, lang))


main()
