# shellcheck shell=sh disable=SC2154 # part of watch.sh
# A program of your own gets JSON. Words: its address, and optionally a token for the header Authorization: Bearer.
send_webhook() {
  message_json "$events" >"$work/body"
  { option url "$1" && option header "Content-Type: application/json" && authorization "${2:-}" && option data-binary "@$work/body"; } | request
}

authorization() { [ -z "$1" ] || option header "Authorization: Bearer $1"; }

# A sign of life. Words: the address.
send_ping() { option url "$1" | request; }
