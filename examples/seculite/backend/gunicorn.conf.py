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
control_socket_disable = True
