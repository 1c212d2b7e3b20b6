#!/bin/sh
# The search language: three-line cases, and the examples of its reference.
. "$(dirname "$0")/../lib/tap.sh"
cd "$SRC" || exit 2

"$BUILD/tests/query_cases" tests/query/*.cases
[ ! -f docs/query-language.md ] || "$BUILD/tests/query_cases" docs/query-language.md
