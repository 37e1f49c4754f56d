# shellcheck shell=sh # follows containers.sh
# Prints a hint if the disk has too little space for a release, as errors rarely name that cause.
main() {
  free=$(($(engine_disk docker | cut -d ' ' -f 1) / 1024))
  [ "$free" -ge 512 ] || echo "
Only $free MiB are free on the disk Docker uses ($(docker info --format '{{.DockerRootDir}}')). A release needs space for its images. To free disk space, see docs/operations.md."
}

main
