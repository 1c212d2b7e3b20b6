#!/bin/sh
# Twenty seconds of what tests/long/live/watch.sh does for ten minutes.
WATCH_SECONDS=${WATCH_SECONDS:-20} exec "$(dirname "$0")/../long/live/watch.sh"
