#!/bin/sh
# Succeeds when this container's application answers that it is well.
printf 'GET /api/health/ HTTP/1.0\r\n\r\n' | nc -w 4 127.0.0.1 8000 | head -n 1 | grep -q ' 200 '
