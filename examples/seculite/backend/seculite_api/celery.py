"""The Celery application: `celery -A seculite_api …`."""

import os

from celery import Celery, bootsteps

from seculite_api.alive import say_alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seculite_api.settings")

app = Celery("seculite_api")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Alive(bootsteps.StartStopStep):
    """A worker that consumes says so every few seconds."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, parent):
        say_alive()
        self.saying = parent.timer.call_repeatedly(5, say_alive)

    def stop(self, parent):
        self.saying.cancel()


app.steps["consumer"].add(Alive)
