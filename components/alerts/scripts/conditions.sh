# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Conditions: faults that begin and end. A run of the watch lists those that it sees, and compares them with the run before.
# The file `conditions` has a line for each, with tabs: key, state (waiting, open or ending), time of its first sight, of its last message
# and of the first run without it, patience in seconds, text, advice.

# raise NAME PATIENCE TEXT ADVICE: a condition of the kind $kind holds. It is reported when it has held for PATIENCE seconds.
raise() { printf '%s:%s\t%s\t%s\t%s\n' "$kind" "$(word "$1")" "$2" "$(one_line "$3")" "$(one_line "$4")" >>"$work/seen"; }

# report NAME TEXT ADVICE: something happened that has no end.
report() { printf 'note\t%s:%s\t%s\t%s\t%s\n' "$kind" "$(word "$1")" "$now" "$(one_line "$2")" "$(one_line "$3")" >>"$work/events"; }

# The command line that a person runs next.
berth() { printf 'npx berth %s --stack %s' "$*" "$stack"; }

word() { printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '-'; }

one_line() { printf '%s' "$1" | tr '\t\r\n' '   ' | tr -d '\000-\037\177' | cut -c 1-500 | iconv -c -f UTF-8 -t UTF-8; }

# Whether a condition of the kind $kind with the name $1 is reported: its threshold is then higher, so that it does not come and go.
is_open() { awk -F '\t' -v key="$kind:$1" '$1 == key && $2 != "waiting" { found = 1 } END { exit !found }' "$here/conditions" 2>/dev/null; }

# Writes the events of this run and the new conditions. The events are queued first: a message twice is better than none.
compare() {
  touch "$here/conditions"
  awk -v now="$now" -v after="$AFTER" -v reminder="$REMINDER" -v events="$work/events" "$comparison" \
    part=1 "$work/judged" part=2 "$work/seen" part=3 "$here/conditions" >"$work/conditions" || return 1
  if [ -s "$work/events" ]; then each_target queue; fi
  cp "$work/conditions" "$here/conditions.new" && mv "$here/conditions.new" "$here/conditions"
}

# shellcheck disable=SC2016 # a program of awk
comparison='
BEGIN { FS = OFS = "\t" }
function report(type) { print type, key, since, text, advice >>events }
function keep(state) { print key, state, since, told, gone, patience, text, advice }
part == 1 { judged[$1] = 1; next }
part == 2 { if (!($1 in line)) order[++count] = $1; line[$1] = $0; next }
{
  key = $1; state = $2; since = $3; told = $4; gone = $5; patience = $6; text = $7; advice = $8
  kind = key
  sub(/:.*/, "", kind)
  if (key in line) {
    split(line[key], seen, "\t")
    patience = seen[2]; text = seen[3]; advice = seen[4]; gone = 0
    delete line[key]
    if (state == "ending") state = "open"
    if (state == "waiting" && now - since >= patience) { state = "open"; told = now; report("begin") }
    else if (state == "open" && reminder > 0 && now - told >= reminder) { told = now; report("reminder") }
    keep(state)
  } else if (!(kind in judged)) {
    # A fault that only seems to last as nobody looked is none. What takes days is not seen in each run.
    if (state != "waiting" || patience > 3600) keep(state)
  } else if (state != "waiting") {
    if (gone == 0) gone = now
    if (patience != after || now - gone >= after) report("end")
    else keep("ending")
  }
}
END {
  for (i = 1; i <= count; i++) {
    if (!(order[i] in line)) continue
    split(line[order[i]], seen, "\t")
    key = seen[1]; patience = seen[2]; text = seen[3]; advice = seen[4]; since = now; gone = 0; told = 0
    if (patience > 0) { keep("waiting"); continue }
    told = now
    report("begin")
    keep("open")
  }
}'
