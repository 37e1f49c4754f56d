#!/bin/sh
# Takes a backup before a release. Arguments: 1 = backup container, 2 = release, 3 = fingerprint of its migrations.
docker exec "$1" sh /opt/berth/backups.sh before-release "$2" "$3"
