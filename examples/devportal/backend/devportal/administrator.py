"""The first administrator, whose password the deployment generates. Safe to run at every release."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devportal import accounts
from devportal.models import Account
from devportal.settings import Settings
from devportal.stores import open_database


def ensure_administrator(settings: Settings) -> None:
    """Create the account, or renew its first password. A password that its owner chose is never changed."""
    if not (settings.admin_email and settings.admin_password):
        return
    email = settings.admin_email.lower()
    with Session(open_database(settings)) as session:
        account = session.scalar(select(Account).where(Account.email == email))
        if account is None:
            account = Account(email=email, is_admin=True, first_password=True)
            session.add(account)
        elif not account.first_password:
            return
        account.password_hash = accounts.hasher.hash(settings.admin_password)
        session.commit()
