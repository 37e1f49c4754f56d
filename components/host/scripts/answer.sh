#!/bin/sh
# Verifies that this machine's Docker engine answers.
answer=$(docker version --format '{{.Server.Version}}' 2>&1) || {
  printf 'No Docker engine answers on this machine. Start it (sudo systemctl start docker), install it (https://docs.docker.com/engine/install), or name a server: pulumi config set serverHost …\n\nOutput of docker: %s\n' "$answer" >&2
  exit 1
}

