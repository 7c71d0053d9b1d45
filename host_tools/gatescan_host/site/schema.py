"""The JSON Schema of site files, for editors; `python -m gatescan_host.site.schema` writes it."""

import json
from pathlib import Path

from gatescan_host.site.model import Site

SCHEMA_FILE = Path(__file__).with_name("site.schema.json")


def schema_text() -> str:
    """The schema as it must stand in `site.schema.json`."""
    schema = Site.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Gatescan site file"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
