# shellcheck shell=sh disable=SC2154 # part of commands-exist.sh
# Determines which words of a command must be files in its image.

# The first word is a program. Later words count only where they must be a file: the file that an interpreter runs, and the program
# that an entrypoint script executes.
expect_files() {
  expected=program
  for word in "$@"; do
    case $expected in
      program)
        [ "$word" != -- ] || continue
        check_program "$word" || return
        expected=$(after "$word")
        ;;
      command)
        case $word in
          --) ;;
          */*) check_program "$word" && expected=$(after "$word") || return ;;
          *) expected=$(after "$word") ;;
        esac
        ;;
      script)
        case $word in
          --) ;;
          -c | -e | -m | -p | --eval | --print) return ;;
          -r | --require | --import | --loader | -C | --conditions | -W | -X) expected=value ;;
          -*) ;;
          *) check_file "$word" && return || return ;;
        esac
        ;;
      value) expected=script ;;
      *) return ;;
    esac
  done
}

# Prints the kind of word that follows a program: a script, another command (an entrypoint executes it), or nothing.
after() {
  case ${1##*/} in
    node | nodejs | python | python3 | python3.* | sh | bash | dash | ash | ruby | perl) echo script ;;
    *.sh | *entrypoint* | tini | dumb-init) echo command ;;
    *) echo nothing ;;
  esac
}
