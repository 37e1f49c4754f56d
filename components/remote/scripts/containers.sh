#!/bin/sh
# What every script here begins with: how the things of a stack are found. The script that follows has `main`.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
shift 2

engine=$(docker version --format '{{.Server.Version}}' 2>&1) || {
  printf 'No Docker engine answers where the stack %s stands.\ndocker said: %s\n' "$stack" "$engine" >&2
  exit 1
}

# Free and all KiB of the disk on which the engine keeps images and volumes.
disk() { df -Pk "$(docker info --format '{{.DockerRootDir}}')" | awk 'NR == 2 { print $4, $2 }'; }

# $1 = what there is not, $2 = --all for stopped containers too.
no_container() {
  echo "There is no $1 of the stack $stack. Services: $(services ${2:+"$2"})" >&2
  exit 1
}

# Names of the services that run. $1 = --all for stopped ones too.
services() {
  names=$(of_stack ps ${1:+"$1"} --format "{{.Label \"$label_service\"}}" | sort -u | paste -s -d ' ' -)
  echo "${names:-none}"
}
