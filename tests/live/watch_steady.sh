#!/bin/sh
# Half a minute of what tests/long/live/watch.sh does for ten minutes.
WATCH_SECONDS=${WATCH_SECONDS:-30} exec "$(dirname "$0")/../long/live/watch.sh"
