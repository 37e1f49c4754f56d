# shellcheck shell=sh disable=SC2034,SC2154 # part of watch.sh; the kind outside reads $door
# The front door of the server, if the site is behind it, runs and has a route to the site.
door_conditions() {
  door=well
  [ "$engine" = yes ] && [ -z "$quiet" ] || return 1
  case $(fact door) in
    missing)
      door=bad
      raise answer "$AFTER" "The front door of the server does not run, so no visitor reaches the site." "Start it on the server: docker start berth-door-sandbox, or release the site: $(berth up)"
      ;;
    running\ )
      door=bad
      raise route "$AFTER" "The front door of the server has no route to the site." "Release the site: $(berth up)"
      ;;
  esac
}
