#!/bin/sh
# Runs two commands at the same time and fails when either does: tests that wait for a browser leave a core to the others.
#
#   scripts/side-by-side.sh "first command" "second command"
set -u
echo "$1" && echo "$2"
sh -c "$1" & one=$!
sh -c "$2"
two=$?
wait "$one" && exit "$two"
exit 1
