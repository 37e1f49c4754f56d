#!/bin/sh
# What a container of this image does, by its first word:
#   gunicorn …           waits for the database (WAIT_FOR_DB), migrates and collects static files (MIGRATE), then runs gunicorn as given
#   celery_worker …      waits (WAIT_FOR_DB_CELERY), then runs the words that follow
#   celery_beat …        waits (WAIT_FOR_DB_CELERY_BEAT), takes away a pid file that was left behind, then runs the words that follow
#   anything else        runs as given
# All four variables are "true" unless set otherwise. It waits for at most WAIT_TIMEOUT seconds (60). A deployment of several
# containers sets MIGRATE=false, and migrates once, in a container of its own.
set -e

wait_for_database() {
    [ "$1" != true ] || python -m seculite_api.wait_for_db
}

case "${1:-}" in
    gunicorn)
        wait_for_database "${WAIT_FOR_DB:-true}"
        [ "${MIGRATE:-true}" != true ] || python manage.py prepare_release
        ;;
    celery_worker)
        shift
        wait_for_database "${WAIT_FOR_DB_CELERY:-true}"
        ;;
    celery_beat)
        shift
        wait_for_database "${WAIT_FOR_DB_CELERY_BEAT:-true}"
        rm -f "${BEAT_PIDFILE:-/tmp/celerybeat.pid}"
        ;;
esac

exec "$@"
