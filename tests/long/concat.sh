#!/bin/sh
# Captures scanned together, two by two: two thousand pairs, of which tests/suite/concat.sh draws a few. All of them
# (PAIRS=all) take the better part of an hour: each scan reads the rules.
PAIRS=${PAIRS:-2000} exec "$(dirname "$0")/../suite/concat.sh"
