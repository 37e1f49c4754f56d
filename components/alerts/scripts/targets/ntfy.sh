# shellcheck shell=sh disable=SC2154 # part of watch.sh
# ntfy. Words: the topic's address, and optionally an access token.
send_ntfy() {
  message_text "$events" >"$work/body"
  priority=default
  ! grep -q '^begin' "$events" || priority=high
  {
    option url "$1" && option header "Title: $project/$stack" && option header "Priority: $priority" && authorization "${2:-}" &&
      option data-binary "@$work/body"
  } | request
}
