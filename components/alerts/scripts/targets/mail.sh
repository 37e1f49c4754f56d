# shellcheck shell=sh disable=SC2154 # part of watch.sh
# E-mail by SMTP. Words: the server's address (smtps://, or smtp:// with STARTTLS), with user and password, the sender, the recipients
# separated by commas.
send_mail() {
  server=$1 from=$2 to=$3
  {
    printf 'Date: %s\nFrom: %s\nTo: %s\nSubject: %s\n' "$(LC_ALL=C date -u -d "@$now" '+%a, %d %b %Y %H:%M:%S +0000')" "$from" "$to" "$(ascii "$(message_title "$events")")"
    printf 'Message-ID: <%s.%s.%s@%s>\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n' "$now" "$id" "$$" "${from##*@}"
    printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n'
    message_text "$events" | base64
  } | sed 's/$/\r/' >"$work/body"
  # A password is sent through TLS only. A relay without one, e.g. on the server itself, may have none.
  case $server in *@*) tls=ssl-reqd ;; *) tls=ssl ;; esac
  {
    option url "$server" && echo "$tls" && option mail-from "$from" && option upload-file "$work/body"
    printf '%s\n' "$to" | tr ',' '\n' | while read -r one; do option mail-rcpt "$one"; done
  } | request
}

# A header is ASCII, or has to be encoded: other letters are written with the nearest ones.
ascii() { printf '%s' "$1" | iconv -f UTF-8 -t ASCII//TRANSLIT 2>/dev/null | cut -c 1-200; }
