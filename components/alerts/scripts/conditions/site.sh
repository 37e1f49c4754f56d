# shellcheck shell=sh disable=SC2034,SC2154 # part of watch.sh; the kind outside reads $answers
# The site answers inside, through its own nginx.
site_conditions() {
  answer=$(fact site) answers=no
  # Without nginx, the containers say what is missing.
  [ "$engine" = yes ] && [ -z "$quiet" ] && [ -n "$answer" ] || return 1
  path=${answer%% *}
  code=$(site_answer | sed -n 's/^=\([1-9][0-9]*\)=$/\1/p' | head -n 1)
  case $code in
    [23]??) answers=yes ;;
    *) raise inside "$AFTER" "The site does not answer $path as it should: ${code:-no answer}." "See what is wrong: $(berth status). If it is since a release: $(berth rollback)" ;;
  esac
}

# Body, status code and certificates of the answer.
site_answer() { printf '%s' "${answer#* }" | base64 -d 2>/dev/null; }
