# shellcheck shell=sh disable=SC2034,SC2154 # part of watch.sh
# Sends messages with curl. Each target has a queue of its own, so that one that does not answer gets its messages later and once, and the
# others at once. Targets are the lines of the file `targets`: a kind, then its words (targets/*.sh).
MESSAGE_IS_OLD=86400

# Calls a function for each target, with its words in $target.
each_target() {
  while read -r target; do
    [ -n "$target" ] || continue
    id=$(printf '%s' "$target" | cksum | cut -d ' ' -f 1)
    "$1" </dev/null
  done <"$here/targets"
}

queue() { is_ping || cp "$work/events" "$here/outbox/$now.$id"; }

# Names of the messages, by their times.
queued() { ls "$here/outbox"; }

deliver() {
  for file in $(queued); do
    case $file in *".$id") ;; *) continue ;; esac
    send_or_remember "$here/outbox/$file" || break
    rm -f "$here/outbox/$file"
  done
}

forget_old_messages() {
  for file in $(queued); do
    [ $((now - ${file%%.*})) -lt $MESSAGE_IS_OLD ] || rm -f "$here/outbox/$file"
  done
}

# A monitoring service notices if it does not come: the server, its network or the watch is down.
send_sign_of_life() { ! is_ping || send_or_remember ""; }

is_ping() { [ "${target%% *}" = ping ]; }

test_target() {
  printf 'note\ttest:%s\t%s\tThis is a test message of the alerts.\tNothing.\n' "$id" "$now" >"$work/events"
  if send "$work/events"; then printf 'sent\t%s\t\n' "$(target_name)"
  else printf 'failed\t%s\t%s\n' "$(target_name)" "$(failure) $(one_line "$(head -c 200 "$work/answer")")"; fi
}

# Sends the events in the file $1 to the target.
send() {
  # shellcheck disable=SC2086 # its words
  set -- "$1" $target
  events=$1 way=send_$2
  shift 2
  "$way" "$@"
}

# Remembers since when the target gets no messages.
send_or_remember() {
  if send "$1"; then
    rm -f "$here/delivery/$id"
  else
    since=$(cut -f 1 "$here/delivery/$id" 2>/dev/null)
    printf '%s\t%s\t%s\n' "${since:-$now}" "$(target_name)" "$(failure)" >"$here/delivery/$id"
    return 1
  fi
}

# Kind and server of a target, without its credentials.
target_name() {
  # shellcheck disable=SC2086 # its words
  set -- $target
  case $1 in
    telegram) echo "telegram ($3)" ;;
    mail) echo "mail ($4)" ;;
    *) echo "$1 ($(printf '%s' "$2" | sed 's|^[a-z]*://\([^/]*@\)*||; s|[/?].*||'))" ;;
  esac
}

# Makes a request of curl, with options from standard input: arguments are visible in the list of processes.
request() {
  status=0
  : >"$work/answer"
  code=$(curl --disable --silent --show-error --max-time 20 --proto '=http,https,smtp,smtps' --output "$work/answer" \
    --write-out '%{http_code}' --config - 2>"$work/error") || status=$?
  case $status/$code in
    0/2??) return 0 ;;
    0/*) echo "it answers $code" >"$work/error" ;;
  esac
  return 1
}

# Prints why the last request failed, in one line. Its answer is for a test only: it may repeat the secret address.
failure() { one_line "$(tail -n 1 "$work/error")"; }

# Prints an option of curl's configuration.
option() { printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"; }

# Posts the file `body` as JSON to the address $1.
post_json() { { option url "$1" && option header "Content-Type: application/json" && option data-binary "@$work/body"; } | request; }
