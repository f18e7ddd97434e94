"""Pieces of evidence: files whose content was checked before they come here, kept byte for byte."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, insert, select

from observatory.domain.inventory import Actor, clean_line
from observatory.errors import UserFacingError
from observatory.store.engine import write_transaction
from observatory.store.inventory_rows import check_perimeter
from observatory.store.tables import cooperation_attachment


@dataclass(frozen=True)
class Attachment:
    """A piece of evidence: a file whose content was checked before it came here."""

    attachment_id: str
    file_name: str
    media_type: str
    size: int
    added_at: datetime
    actor_name: str


def add_attachment(
    engine: Engine, actor: Actor, area_code: str, file_name: str, media_type: str, content: bytes
) -> str:
    """Keep a file whose content was checked; gives the identifier that a field ``attachments`` lists."""
    check_perimeter(actor, [area_code])
    identifier = uuid.uuid4().hex
    with write_transaction(engine) as connection:
        connection.execute(
            insert(cooperation_attachment).values(
                attachment_id=identifier,
                file_name=clean_line(file_name)[-120:],
                media_type=media_type,
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                added_at=datetime.now(UTC),
                actor_name=actor.name,
                actor_structure=actor.structure,
            )
        )
    return identifier


def read_attachments(engine: Engine, identifiers: Iterable[str]) -> tuple[Attachment, ...]:
    """What is known of these files, without their content; the unknown ones are passed over."""
    table = cooperation_attachment
    statement = select(
        table.c.attachment_id,
        table.c.file_name,
        table.c.media_type,
        func.length(table.c.content),
        table.c.added_at,
        table.c.actor_name,
    ).where(table.c.attachment_id.in_(list(identifiers)))
    with engine.connect() as connection:
        return tuple(Attachment(*row) for row in connection.execute(statement.order_by(table.c.added_at)))


def read_attachment_content(engine: Engine, identifier: str) -> bytes:
    """The bytes of a file; :class:`UserFacingError` ``attachment_gone`` when there is none."""
    table = cooperation_attachment
    with engine.connect() as connection:
        content = connection.execute(
            select(table.c.content).where(table.c.attachment_id == identifier)
        ).scalar()
    if content is None:
        raise UserFacingError("attachment_gone")
    return bytes(content)
