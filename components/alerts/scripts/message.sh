# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Texts of a message from a file of events, a line each with tabs: type, condition, since when, text, advice.

message_title() {
  first=$(head -n 1 "$1" | cut -f 4) more=$(($(wc -l <"$1") - 1))
  printf '%s/%s: %s%s' "$project" "$stack" "$(heading "$(head -n 1 "$1" | cut -f 1)")$first" "$([ $more -eq 0 ] || echo " (and $more more)")"
}

message_text() {
  while IFS="$tab" read -r type _ since text advice; do
    case $type in
      end) printf '%s%s It lasted %s.\n\n' "$(heading end)" "$text" "$(lasted $((now - since)))" ;;
      reminder) printf '%s%s Since %s UTC.\nWhat to do: %s\n\n' "$(heading reminder)" "$text" "$(utc "$since" '%F %H:%M')" "$advice" ;;
      *) printf '%s%s\nWhat to do: %s\n\n' "$(heading "$type")" "$text" "$advice" ;;
    esac
  done <"$1"
  printf 'Server %s, %s UTC\n' "$(hostname)" "$(utc "$now" '%F %H:%M')"
}

message_json() {
  printf '{"project":%s,"stack":%s,"server":%s,"at":"%s","title":%s,"text":%s,"events":[' "$(json "$project")" "$(json "$stack")" \
    "$(json "$(hostname)")" "$(utc "$now" "$iso")" "$(json "$(message_title "$1")")" "$(json "$(message_text "$1")")"
  separator=""
  while IFS="$tab" read -r type key since text advice; do
    printf '%s{"type":"%s","condition":%s,"since":"%s","text":%s,"advice":%s}' "$separator" "$type" "$(json "$key")" \
      "$(utc "$since" "$iso")" "$(json "$text")" "$(json "$advice")"
    separator=,
  done <"$1"
  printf ']}'
}

tab=$(printf '\t') iso=%Y-%m-%dT%H:%M:%SZ

heading() {
  case $1 in
    begin) printf 'Problem: ' ;;
    reminder) printf 'Still a problem: ' ;;
    end) printf 'Over: ' ;;
  esac
}

utc() { date -u -d "@$1" "+$2"; }

lasted() {
  if [ "$1" -lt 7200 ]; then echo "$((($1 + 59) / 60)) min"
  elif [ "$1" -lt 172800 ]; then echo "$(($1 / 3600)) h"
  else echo "$(($1 / 86400)) days"; fi
}

# Prints a text as a string of JSON. Texts have no control characters other than newlines.
json() { printf '%s' "$1" | sed 's/[\\"]/\\&/g' | awk 'BEGIN { printf "\"" } NR > 1 { printf "\\n" } { printf "%s", $0 } END { printf "\"" }'; }
