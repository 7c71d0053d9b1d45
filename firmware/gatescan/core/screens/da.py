"""Built-in Danish strings; the texts of categories, steps and authorities come with the table."""

# the word of each verdict, position = codes.V_*; at most 7 characters, so that it is drawn large
VERDICTS = (
    "UDENFOR",
    "✓ JA",
    "FØRST:",
    "MANUEL",
    "KONTO",
    "GRÆNSE",
    "DEPOT",
    "‖ HOLD",
    "✕ NEJ",
    "✕ MELD!",
)
NO_CLEARANCE = "Er ikke en tilladelse"

# word|light|tone|lines..., position = SCR_*
SYSTEM = (
    "START|ready|silent|Selvtest kører",
    "KLAR|ready|silent|Scan besøgskort",
    "BESØG|ready|visit|Scan genstand",
    "PLOMBE|seal|seal|Sæt plombe på,|scan plomben",
    "MÆRK|seal|seal|Mærk type og ejer:|tryk OK",
    "IGEN|seal|seal|Scan genstanden igen",
    "MANUEL|inspect|inspect|Ingen regler her:|undersøg i hånden",
    "MANUEL|inspect|inspect|Regler er udløbet:|undersøg i hånden",
    "MANUEL|inspect|inspect|Uret er ikke stillet:|undersøg i hånden",
    "LOG|fault|fault|Loggen er fuld:|hent den via kabel",
    "LÆSER|fault|fault|Læser svarer ikke:|tjek kablet",
    "FEJL|fault|fault|Undersøg i hånden,|scanner genstarter",
    "DOBBELT|ready|again|Allerede scannet",
    "MANUEL|inspect|inspect|Mærket er ulæseligt:|undersøg i hånden",
    "MANUEL|inspect|inspect|Plomben passer ikke:|undersøg i hånden",
    "VENT|inspect|silent|Regler opdateres:|undersøg i hånden",
    "SLUT|ready|silent|Besøget er lukket",
    "KORT?|inspect|inspect|Scan først|besøgskortet",
    "INDSAT|ready|silent|Næste genstand|er til den indsatte",
    "GÆST|ready|silent|Næste genstand er|den besøgendes egen",
    "ANSAT|ready|silent|Næste genstand er|en ansats egen",
    "MANGLER|hold|hold|Plombe eller mærke|mangler på genstand",
    "PLOMBE?|seal|seal|Er plomben hel?|Scan den.|Ingen/brudt: tryk OK",
    "INGEN|inspect|inspect|Plomben mangler|eller er brudt.|OK: hvad gælder",
    "FORKERT|inspect|inspect|Det er ikke denne|genstands plombe.|OK: hvad gælder",
    "GENBRUG|inspect|inspect|Plomben hører til en|anden genstand.|OK: hvad gælder",
    "ÅBNET|inspect|inspect|Plomben har været|åbnet.|OK: hvad gælder",
    "KOPI|inspect|inspect|Plomben er en kopi,|eller svar er gammelt|OK: hvad gælder",
    "IGEN?|inspect|inspect|Plomben blev ikke|læst. Scan den igen.|Ingen/brudt: tryk OK",
    "2 GANGE|ready|again|Svag stregkode:|scan den en gang til",
)

SEAL_INTACT = "Plomben er intakt"

# parts that do not work, position = NAMES of app/parts.py
PARTS = (
    "Skærmen svarer ikke",
    "Knap OK sidder fast",
    "TILBAGE sidder fast",
    "Ingen stregkodelæser",
    "Ingen kortlæser",
)
