# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Chats with incoming webhooks. Words: the webhook's address.

send_slack() {
  text=$(message_text "$events" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g')
  printf '{"text":%s}' "$(json "*$project/$stack*
$text")" >"$work/body"
  post_json "$1"
}

send_mattermost() { send_slack "$@"; }

# Takes at most 2000 characters.
send_discord() {
  text=$(message_text "$events" | head -c 1800 | iconv -c -f UTF-8 -t UTF-8)
  printf '{"content":%s,"allowed_mentions":{"parse":[]}}' "$(json "**$project/$stack**
$text")" >"$work/body"
  post_json "$1"
}
