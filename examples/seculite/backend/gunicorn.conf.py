"""What gunicorn is told beside its command line; it reads this file by itself."""

import os

# In development one process, started again at an edit.
reload = os.environ.get("LIVE_RELOAD") == "true"
# Else loaded once, before the workers part, which saves memory.
preload_app = not reload
threads = 2
timeout = 60
graceful_timeout = 30
# Above nginx's 60 s: a connection nginx still trusts must not be closed under its request.
keepalive = 75
worker_tmp_dir = "/dev/shm"  # noqa: S108
accesslog = "-"
# The client's address, the scheme and the host as nginx passes them on: the connection is nginx's.
access_log_format = (
    '%({x-real-ip}i)s "%({x-forwarded-for}i)s" %({x-forwarded-proto}i)s://%({host}i)s '
    '%(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"'
)
# gunicorn believes no header about the scheme; Django reads the one that nginx overwrites.
forwarded_allow_ips = ""
control_socket_disable = True
