#!/bin/sh
# Write requirements/*.txt from requirements/*.in. Pins stay unless an argument such as --upgrade says otherwise.
set -eu
cd "$(dirname "$0")/../requirements"
for name in web worker research agreement dev; do
    echo "Locking requirements/$name.txt"
    ../.venv/bin/pip-compile --quiet --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --annotation-style=line --strip-extras --allow-unsafe "$@" --output-file "$name.txt" "$name.in"
    # A CPU build of torch carries a local version (+cpu) that no other index knows.
    sed -i.before -E 's/^((torch|torchvision)==[0-9.]+)\+[a-z0-9.]+/\1/' "$name.txt"
    rm -f "$name.txt.before"
done
