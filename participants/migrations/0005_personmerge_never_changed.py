"""What a merge remembers is never changed, and goes only with one of the two persons."""

from django.db import migrations

# Noted once: that it was undone. Who did it may be erased. `changes` is encrypted, and is written anew when
# keys are changed. A row goes when one of its persons is erased: asked at the end of the transaction, for
# by then either the person has gone too, or somebody has deleted the trace alone.
NEVER_CHANGED = """
CREATE FUNCTION participants_personmerge_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What a merge remembers is never changed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER participants_personmerge_never_changed BEFORE UPDATE ON participants_personmerge FOR EACH ROW
WHEN (
    (OLD.id, OLD.programme_id, OLD.kept_id, OLD.absorbed_id, OLD.merged_at)
        IS DISTINCT FROM (NEW.id, NEW.programme_id, NEW.kept_id, NEW.absorbed_id, NEW.merged_at)
    OR (NEW.merged_by_id IS NOT NULL AND OLD.merged_by_id IS DISTINCT FROM NEW.merged_by_id)
    OR (OLD.undone_at IS NOT NULL AND OLD.undone_at IS DISTINCT FROM NEW.undone_at)
    OR (OLD.undone_at IS NOT NULL AND NEW.undone_by_id IS NOT NULL
        AND OLD.undone_by_id IS DISTINCT FROM NEW.undone_by_id)
)
EXECUTE FUNCTION participants_personmerge_never_changed();

CREATE FUNCTION participants_personmerge_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM participants_participant WHERE id IN (OLD.kept_id, OLD.absorbed_id)) = 2 THEN
        RAISE EXCEPTION 'What a merge remembers goes only with its persons.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER participants_personmerge_stays AFTER DELETE ON participants_personmerge
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION participants_personmerge_stays();
"""
MAY_CHANGE = """
DROP TRIGGER participants_personmerge_stays ON participants_personmerge;
DROP FUNCTION participants_personmerge_stays();
DROP TRIGGER participants_personmerge_never_changed ON participants_personmerge;
DROP FUNCTION participants_personmerge_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("participants", "0004_message_stops")]

    operations = [migrations.RunSQL(NEVER_CHANGED, MAY_CHANGE)]
