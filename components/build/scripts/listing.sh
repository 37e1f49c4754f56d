# shellcheck shell=sh # follows place.sh
# Prints `present` if the builder has the image, or else the listing of the sources it has.
# Arguments: 1 = <project>-<stack>, 2 = image, 3 = tag.
place "$1" "$2"
if docker image inspect "$3" >/dev/null 2>&1; then echo present; else listing; fi
