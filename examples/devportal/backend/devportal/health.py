"""Whether this container can serve: it asks the database and Redis."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from devportal.stores import check_database, open_redis, state_of

router = APIRouter(tags=["Health"])


class Health(BaseModel):
    status: str
    database: str
    redis: str


@router.get("/health", summary="Whether the portal is well", responses={503: {"model": Health}})
def health(request: Request, response: Response) -> Health:
    database = state_of(lambda: check_database(request.app.state.database))
    with open_redis(request.app.state.settings, patience=False) as redis:
        counter = state_of(redis.ping)
    well = database == counter == "ok"
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return Health(status="ok" if well else "unavailable", database=database, redis=counter)
