# shellcheck shell=sh disable=SC2154 # follows repository.sh
# Pings the monitoring service, if there is one, by the convention of healthchecks.io: its URL on success, /fail after a failure.

# ping [/fail]
ping() {
  [ -n "$PING_URL" ] || return 0
  request "$PING_URL${1-}" 2>/tmp/ping || say "The ping to $PING_URL${1-} failed. $(tail -n 1 /tmp/ping)"
}

# Reports success only if nothing else has failed.
ping_when_well() { [ -n "$(read_note failure)$(read_note offsite-failure)$(read_note drill-failure)" ] || ping; }

# request URL: Alpine's images have wget. Debian's have neither wget nor curl, but openssl and bash.
request() {
  if command -v wget >/dev/null; then
    wget -q -T 20 -O /dev/null "$1"
  elif command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --max-time 20 --output /dev/null "$1"
  else
    request_without_client "$1"
  fi
}

# request_without_client http[s]://host[:port][/path]
request_without_client() {
  scheme=${1%%://*} rest=${1#*://}
  host=${rest%%[/?]*}
  path=${rest#"$host"} port=443
  case $path in /*) ;; *) path=/$path ;; esac
  [ "$scheme" = https ] || port=80
  case $host in
    *]) address=$host ;;
    *:*) port=${host##*:} address=${host%:*} ;;
    *) address=$host ;;
  esac
  answer=$(printf 'GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: berth\r\nConnection: close\r\n\r\n' "$path" "$host" | exchange_text | head -n 1)
  case $answer in
    "HTTP/1."*" 2"* | "HTTP/1."*" 3"*) ;;
    "") return 1 ;;
    *) echo "The answer is: $answer" >&2 && return 1 ;;
  esac
}

# Sends standard input to the address and prints the answer.
exchange_text() {
  name=${address#[}
  name=${name%]}
  if [ "$scheme" = https ]; then
    timeout 20 openssl s_client -quiet -ign_eof -verify_return_error -CAfile "$authorities" -verify_hostname "$name" \
      -servername "$name" -connect "$address:$port"
  else
    # shellcheck disable=SC2016 # for bash
    timeout 20 bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat >&3 && cat <&3' "$name" "$port"
  fi
}
