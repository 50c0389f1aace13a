#!/bin/sh
# @PROGRAM@: starts Python on one function of the package, without `site`, which would cost more than the command itself.
# The interpreter is the one beside this file; the package is where this file's installation put it.
self=$0
[ -h "$self" ] && self=$(command -p readlink -f "$self")
bin=${self%/*}
python=@PYTHON@
folder=@FOLDER@
if [ -z "$folder" ]; then
    for folder in "$bin"/../lib/python3*/*-packages; do
        [ -d "$folder/pyovn" ] && break
    done
    python=${folder%/*}
    python=${python##*/}
fi
[ -x "$bin/$python" ] && python=$bin/$python
[ -d "$folder/pyovn" ] && exec "$python" -I -S -X utf8 -c \
    'import sys; sys.path.append(sys.argv.pop(1)); sys.argv[0] = "@PROGRAM@"; from @MODULE@ import @FUNCTION@ as main; main()' "$folder" "$@"

# The package has been moved: whoever finds it may start it.
python=$bin/python3
[ -x "$python" ] || python=python3
exec "$python" -c 'import sys; sys.argv[0] = "@PROGRAM@"; from @MODULE@ import @FUNCTION@ as main; main()' "$@"
