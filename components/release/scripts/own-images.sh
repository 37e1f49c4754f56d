# shellcheck shell=sh
# Ids of the images of all containers, running or not.
used_images() { docker ps --all --quiet --no-trunc | xargs -r docker inspect --format '{{.Image}}'; }

# own_images <project>-<stack>: id and reference of each image of this stack, built on the server or pulled from a registry. Their names contain the stack's name.
# Images pulled by digest have no tag, and Docker 29 lists these only with --all.
own_images() {
  docker image ls --all --no-trunc --digests --format '{{.ID}} {{.Repository}} {{.Tag}} {{.Digest}}' |
    while read -r id repository tag digest; do
      case $repository in "$1"/* | */"$1"/*) ;; *) continue ;; esac
      if [ "$tag" = "<none>" ]; then echo "$id $repository@$digest"; else echo "$id $repository:$tag"; fi
    done
}
