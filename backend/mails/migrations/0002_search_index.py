"""An index for searching inside words.

It needs the extension pg_trgm. A server that lacks it, or a role that may not create it,
is no reason to refuse a release: the search finds the same there, only more slowly.
"""

from django.db import migrations

CREATE = """
DO $$
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'pg_trgm cannot be had: mails are searched without an index';
    END;
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        -- UPPER(), because that is how Django compares for "icontains".
        CREATE INDEX IF NOT EXISTS mail_search ON mails_mail USING gin (
            UPPER(reference) gin_trgm_ops,
            UPPER(subject) gin_trgm_ops,
            UPPER(sender) gin_trgm_ops,
            UPPER(recipient) gin_trgm_ops
        );
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("mails", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP INDEX IF EXISTS mail_search;")]
