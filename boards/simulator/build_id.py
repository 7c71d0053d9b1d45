"""The build id of the sources that this process runs, computed by the starter on the host."""

from wire import setting

BUILD_ID = setting("build_id", "unknown")
