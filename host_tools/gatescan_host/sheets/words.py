"""The sheet's own words in both languages; categories have those of the shared lists."""

from collections.abc import Mapping

from gatescan.core import codes

TITLE: Mapping[str, str] = {"da": "Kommandoark", "en": "Command sheet"}
CONTINUED: Mapping[str, str] = {"da": " (fortsat)", "en": " (continued)"}
PAGE: Mapping[str, str] = {"da": "Side %d af %d", "en": "Page %d of %d"}
REVISION: Mapping[str, str] = {
    "da": "%s · %s · site-fil af %s · ark %s",
    "en": "%s · %s · site file of %s · sheet %s",
}
HANDLING: Mapping[str, str] = {
    "da": "Opbevares af personalet: arket styrer skanneren. Udskriv i 100 %. Dæk nabokoderne til.",
    "en": "Keep with the staff: it commands the scanner. Print at 100 %. Cover the codes beside.",
}
CASH: Mapping[str, str] = {"da": "%s kr.", "en": "DKK %s"}
THOUSANDS: Mapping[str, str] = {"da": ".", "en": ","}

VISIT_GROUP: Mapping[str, str] = {"da": "Besøg", "en": "Visit"}
CASH_GROUP: Mapping[str, str] = {"da": "Kontanter", "en": "Cash"}

COMMANDS: Mapping[str, Mapping[int, str]] = {
    "da": {
        codes.CMD_FOR_INMATE: "Næste genstand: den indsattes",
        codes.CMD_FOR_VISITOR: "Næste genstand: den besøgendes",
        codes.CMD_FOR_STAFF: "Næste genstand: en ansats",
        codes.CMD_END_VISIT: "Afslut besøget",
    },
    "en": {
        codes.CMD_FOR_INMATE: "Next item: for the inmate",
        codes.CMD_FOR_VISITOR: "Next item: the visitor's own",
        codes.CMD_FOR_STAFF: "Next item: a staff member's own",
        codes.CMD_END_VISIT: "End the visit",
    },
}

# How a guard looks for an item, whatever the order says of it. What stands in none of them comes
# under the last heading.
CATEGORY_GROUPS: tuple[tuple[Mapping[str, str], frozenset[str]], ...] = (
    (
        {"da": "Farlige ting, stoffer, symboler", "en": "Dangers, substances, symbols"},
        frozenset({
            "illegal", "drug_gear", "alcohol", "dangerous", "escape_tool", "health_risk",
            "fire_risk", "uninspectable", "medicine", "power_symbol", "offensive_symbol",
            "protein",
        }),
    ),
    (
        {"da": "Telefoner og elektronik", "en": "Phones and electronics"},
        frozenset({
            "camera_optics", "phone", "console_comm", "phone_fixed", "computer", "fax_modem",
            "tv", "av_player", "radio", "console_plain", "elec_other", "wristwatch",
            "medical_device", "ch3_appliance", "accessory", "disc_media",
        }),
    ),
    ({"da": "Papirer, værdier og andet", "en": "Papers, valuables and the rest"}, frozenset()),
)  # fmt: skip
