#!/bin/sh
# tools/floors catches what it exists to catch.
. "$(dirname "$0")/lib/tap.sh"

# A sound tree of three floors, then one wrong line in it.
plant() {
	tree=$SCRATCH/tree
	rm -rf "$tree"
	mkdir -p "$tree/src/base" "$tree/src/decode" "$tree/src/source" "$tree/src/engine"
	printf '0 base the ground\n2 decode\n2 source\n\n# the top\n3 engine\n' >"$tree/FLOORS"
	printf '#include <stdio.h>\n' >"$tree/src/base/span.h"
	printf '#include "base/span.h"\n' >"$tree/src/decode/decode.h"
	printf '#include "base/span.h"\n' >"$tree/src/source/source.h"
	printf '#include "decode/decode.h"\n#include "source/source.h"\n#include "engine/scan.h"\n' >"$tree/src/engine/scan.c"
}

# caught NAME MESSAGE
caught() {
	exits "$1" 1 "$SRC/tools/floors" "$tree"
	has "$1 is told" "$2" "$SCRATCH/out"
	is "$1 is told once" 1 "$(wc -l <"$SCRATCH/out")"
}

plant
exits "a sound tree passes" 0 "$SRC/tools/floors" "$tree"

plant
printf 'int x;\n\n#include "engine/scan.h"\n' >"$tree/src/decode/text.c"
caught upward 'src/decode/text.c:3: includes upward'

plant
printf '#  include <engine/scan.h>\n' >"$tree/src/base/span.c"
caught "upward in angle brackets" 'src/base/span.c:1: includes upward'

plant
printf '#include "source/source.h"\n' >"$tree/src/decode/text.h"
caught sideways 'src/decode/text.h:1: includes sideways'

plant
printf '#include "util/list.h"\n' >"$tree/src/decode/table.def"
caught "an unlisted folder" 'src/decode/table.def:1: includes "util/list.h", but util has no line in FLOORS'

plant
printf '#include "decode.h"\n' >"$tree/src/decode/text.c"
caught "an include not from the root" 'src/decode/text.c:1: "decode.h" is not named from src/'

plant
printf '#include "../engine/scan.h"\n' >"$tree/src/decode/text.c"
caught "a way around" 'src/decode/text.c:1: "../engine/scan.h" is not named from src/'

plant
mkdir "$tree/src/util"
caught "a folder without a line" 'src/util: the folder has no line in FLOORS'

plant
touch "$tree/src/util.c"
caught "a file in no folder" 'src/util.c: lies in no folder'

plant
rm -r "$tree/src/engine"
caught "a line without a folder" 'FLOORS:6: src/engine does not exist'

plant
echo '3 base' >>"$tree/FLOORS"
exits "a folder listed twice" 1 "$SRC/tools/floors" "$tree"
has "a folder listed twice is told" 'FLOORS:7: ' "$SCRATCH/out"

plant
exits "draws" 0 "$SRC/tools/floors" --draw "$tree"
cat >"$SCRATCH/drawing" <<'END'
floor 3   engine    -> decode source
floor 2   decode    -> base
          source    -> base
floor 0   base
END
same "the drawing" "$SCRATCH/drawing" "$SCRATCH/out"
