#!/bin/sh
# What a container of this image does, by its first argument:
#   serve-all (or none)  wait for the database, migrate, collect static files, serve
#   migrate              wait, migrate, collect static files, make the administrator; then exit
#   serve                wait, serve
#   anything else        run as given
set -e

fail() {
    echo "entrypoint: $*" >&2
    exit 1
}

# Names everything that is wrong at once: the application's settings and this script's own.
check_settings() {
    problems=""
    for name in POSTGRES_HOST POSTGRES_USER POSTGRES_DB; do
        eval "value=\${$name:-}"
        [ -n "$value" ] || problems="$problems
  - $name: missing. It is needed to wait for the database."
    done
    for name in POSTGRES_PORT WAIT_TIMEOUT GUNICORN_WORKERS; do
        eval "value=\${$name:-1}"
        case $value in
            *[!0-9]* | 0) problems="$problems
  - $name: is not a whole number above 0." ;;
        esac
    done
    [ -z "$problems" ] || echo "The container's settings need attention:$problems" >&2
    python -c "import config.settings" || exit 1
    [ -z "$problems" ] || exit 1
}

check_pdf_storage() {
    directory="${PDF_STORAGE_PATH:-/srv/mailtracker/pdfs}"
    [ -d "$directory" ] || fail "PDF_STORAGE_PATH $directory is not a directory. Mount the volume there."
    [ -w "$directory" ] || fail "PDF_STORAGE_PATH $directory is not writable for user $(id -u)."
}

wait_for_database() {
    port="${POSTGRES_PORT:-5432}"
    limit="${WAIT_TIMEOUT:-60}"
    deadline=$(($(date +%s) + limit))
    echo "Waiting for PostgreSQL at $POSTGRES_HOST:$port, at most $limit s."
    until state=$(pg_isready -t 3 -h "$POSTGRES_HOST" -p "$port" -U "$POSTGRES_USER" -d "$POSTGRES_DB" 2>&1); do
        [ "$(date +%s)" -lt "$deadline" ] ||
            fail "PostgreSQL did not answer within $limit s ($state). Is it running, and are POSTGRES_HOST and POSTGRES_PORT right?"
        sleep 1
    done
    echo "PostgreSQL is ready."
}

# In one process: each start of Django takes longer than most of what it is started for.
prepare_release_and_administrator() {
    set --
    if [ -n "${ADMIN_USER:-}" ] && [ -n "${ADMIN_PASSWORD_FILE:-}" ]; then
        set -- --administrator "$ADMIN_USER" --password-file "$ADMIN_PASSWORD_FILE"
    fi
    python manage.py prepare_release "$@"
}

live_reload() {
    case "${LIVE_RELOAD:-}" in
        [Tt][Rr][Uu][Ee] | 1 | [Yy][Ee][Ss] | [Oo][Nn]) return 0 ;;
        *) return 1 ;;
    esac
}

# The client's address, the scheme and the host as nginx passes them on: the connection itself is always nginx's.
readonly ACCESS_LOG='%({x-real-ip}i)s "%({x-forwarded-for}i)s" %({x-forwarded-proto}i)s://%({host}i)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"'

# keep-alive above nginx's 60 s: a connection nginx still trusts must not be closed under its request.
# forwarded-allow-ips: gunicorn believes no header about the scheme; Django reads the one that nginx overwrites.
serve() {
    check_pdf_storage
    if live_reload; then
        # One process to start again at an edit; threads, as a page asks for several files at once.
        set -- --reload --workers 1 --threads 8
    else
        # Loaded once, before the workers part: four then need 150 MB under load instead of 240.
        set -- --workers "${GUNICORN_WORKERS:-4}" --threads 2 --preload
    fi
    exec gunicorn config.wsgi:application \
        --config python:config.serving \
        --bind 0.0.0.0:8000 \
        --timeout 60 \
        --graceful-timeout 30 \
        --keep-alive 75 \
        --worker-tmp-dir /dev/shm \
        --no-control-socket \
        --forwarded-allow-ips "" \
        --access-logfile - \
        --access-logformat "$ACCESS_LOG" \
        --error-logfile - \
        "$@"
}

case "${1:-serve-all}" in
    serve-all)
        check_settings
        wait_for_database
        python manage.py prepare_release
        serve
        ;;
    migrate)
        check_settings
        wait_for_database
        prepare_release_and_administrator
        ;;
    serve)
        check_settings
        wait_for_database
        serve
        ;;
    *)
        exec "$@"
        ;;
esac
