# shellcheck shell=sh # follows containers.sh
# Says so when the disk has less room than a release takes: what fails for want of it seldom names it.
main() {
  free=$(($(disk | cut -d ' ' -f 1) / 1024))
  [ "$free" -ge 512 ] || echo "
Only $free MiB are free on the disk Docker uses ($(docker info --format '{{.DockerRootDir}}')). A release needs room for its images: docs/operations.md says how to free some."
}

main
