#!/bin/sh
# Health of a worker or of beat: it has said within the last 30 s that it works (seculite_api/alive.py).
[ -n "$(find /tmp/alive -newermt '-30 seconds' 2>/dev/null)" ] || {
    echo "it has not said for 30 s that it works"
    exit 1
}
