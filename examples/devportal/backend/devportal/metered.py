"""The API that keys are for: notes, as small as an API can be. Each request counts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from devportal.access import MeteredKey, SessionNow
from devportal.models import Note

router = APIRouter(prefix="/api/v1", tags=["Notes"])


class NewNote(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    text: str
    created_at: datetime


@router.post("/notes", status_code=201, summary="Keep a note")
def keep_note(new: NewNote, key: MeteredKey, session: SessionNow) -> NoteOut:
    note = Note(account_id=key.account_id, text=new.text)
    session.add(note)
    session.commit()
    return NoteOut.model_validate(note)


@router.get("/notes", summary="List my notes, newest first")
def list_notes(key: MeteredKey, session: SessionNow, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[NoteOut]:
    mine = select(Note).where(Note.account_id == key.account_id)
    newest = mine.order_by(Note.created_at.desc()).limit(limit)
    return [NoteOut.model_validate(note) for note in session.scalars(newest)]
