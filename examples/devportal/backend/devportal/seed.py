"""Something to look at in development. Running it again changes nothing but the password."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devportal import accounts, keys
from devportal.models import Account, Note
from devportal.settings import Settings
from devportal.stores import open_database

EMAIL = "dev@example.org"


def seed(settings: Settings) -> None:
    if not settings.seed_password:
        return
    with Session(open_database(settings)) as session:
        account = session.scalar(select(Account).where(Account.email == EMAIL))
        if account:
            account.password_hash = accounts.hasher.hash(settings.seed_password)
            session.commit()
            return
        account = accounts.sign_up(session, EMAIL, settings.seed_password)
        keys.make_key(settings, session, account, "Command line")
        old, _ = keys.make_key(settings, session, account, "Old laptop")
        keys.revoke_key(session, old)
        session.add_all(Note(account_id=account.id, text=text) for text in ("A first note", "And another one"))
        session.commit()
