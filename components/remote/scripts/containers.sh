#!/bin/sh
# Functions that all scripts in this folder share. The script that follows has `main`.
# Arguments: 1 = project, 2 = stack.
# shellcheck disable=SC2034 # for of_stack
project=$1 stack=$2
shift 2

engine=$(docker version --format '{{.Server.Version}}' 2>&1) || {
  printf 'No Docker engine answers on the host of the stack %s.\nOutput of docker: %s\n' "$stack" "$engine" >&2
  exit 1
}

# $1 = what is missing, $2 = --all to list stopped services too.
no_container() {
  echo "There is no $1 of the stack $stack. Services: $(services ${2:+"$2"})" >&2
  exit 1
}

# Prints the names of the running services. $1 = --all for stopped ones too.
services() {
  names=$(of_stack ps ${1:+"$1"} --format "{{.Label \"$label_service\"}}" | sort -u | paste -s -d ' ' -)
  echo "${names:-none}"
}
