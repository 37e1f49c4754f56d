# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Telegram. Words: the bot's token, the id of the chat, and optionally the address of a Bot API server. It takes at most 4096 characters.
send_telegram() {
  text=$(message_text "$events" | head -c 3800 | iconv -c -f UTF-8 -t UTF-8)
  printf '{"chat_id":%s,"text":%s,"link_preview_options":{"is_disabled":true}}' "$(json "$2")" "$(json "$project/$stack
$text")" >"$work/body"
  post_json "${3:-https://api.telegram.org}/bot$1/sendMessage"
}
