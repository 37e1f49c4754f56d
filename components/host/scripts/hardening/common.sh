# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # follows step.sh; $sudo is empty, or two words
# Functions of the steps that harden a server. Several stacks may want the same of it, so each has a file with what it wants in a folder
# of the subject. What is on the server for all of them goes with the last one.
# Argument: 1 = <project>-<stack>.
hardening=/etc/berth/hardening stack=$1

# $1 = the setting that wants it.
needs_root() {
  [ -z "$sudo" ] || $sudo true 2>/dev/null || fail "$1 needs root on the server, but the account $(id -un) may not use sudo without a password. Allow it, deploy as root, or remove the setting: pulumi config rm $1"
  command -v systemctl >/dev/null || fail "$1 needs systemd on the server. Remove the setting: pulumi config rm $1"
}

# Writes standard input to the stack's file in the folder of the subject $1.
want() {
  $sudo mkdir -p "$hardening/$1"
  write_file "$hardening/$1/$stack" || fail "$hardening/$1/$stack cannot be written on the server."
}

# Removes the stack's file. Succeeds if no other stack wants the subject $1.
unwant() {
  $sudo rm -f "$hardening/$1/$stack"
  ! is_wanted "$1"
}

# Whether a stack wants the subject $1.
is_wanted() { $sudo ls -A "$hardening/$1" 2>/dev/null | grep -q .; }

# Removes the folder of the subject $1 and those above it, if they are empty.
tidy() {
  for folder in "$hardening/$1" "$hardening" "${hardening%/*}"; do $sudo rmdir "$folder" 2>/dev/null || return 0; done
}

# Ports that sshd listens on: those in its configuration, those of its socket, and that of this connection.
ssh_ports() {
  {
    $sudo sshd -T 2>/dev/null | sed -n 's/^port //p'
    systemctl show --property Listen --value ssh.socket sshd.socket 2>/dev/null | sed -n 's/^.*:\([0-9][0-9]*\) (Stream)$/\1/p'
    echo "${SSH_CONNECTION:-}" | cut -d ' ' -f 4
  } | grep '^[0-9]' | sort -u | sed 's,$,/tcp,'
}
