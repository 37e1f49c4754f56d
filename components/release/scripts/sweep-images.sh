# shellcheck shell=sh disable=SC2154 # follows of-stack.sh and own-images.sh
# Removes the stack's images that no container of this server uses. A rollback pulls them again, as the other servers have no releases.
images=$(own_images "$project-$stack")
needed=$(used_images)
printf '%s\n' "$images" | while read -r id reference; do
  printf '%s\n' "$needed" | grep -qxF "$id" || [ -z "$id" ] || docker image rm "$reference" >/dev/null ||
    echo "The old image $reference cannot be removed. The next release retries."
done
