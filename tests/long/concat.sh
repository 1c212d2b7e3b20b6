#!/bin/sh
# Each two captures scanned together, in both orders: what tests/suite/concat.sh draws a few of.
PAIRS=all exec "$(dirname "$0")/../suite/concat.sh"
