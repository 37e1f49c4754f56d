#!/bin/sh
# Starts the server with its fixed users and with the logins it had before. Argument: 1 = what their names start with.
set -eu
umask 077
# A start that was interrupted may have left it.
rm -f /data/users.acl.new
{
  cat /etc/redis/users.acl
  [ ! -e /data/users.acl ] || sed -n "/^user $1_/p" /data/users.acl
} >/data/users.acl.new
mv /data/users.acl.new /data/users.acl
exec redis-server /etc/redis/redis.conf
