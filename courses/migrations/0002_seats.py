"""The database counts the seats too: whoever writes a row, by whatever way, a cohort is never overbooked.

Both triggers take the lock on the cohort's row that the services take first, so that counting and
writing are one step; a second writer waits, counts anew and is refused.
"""

from django.db import migrations, models

KEEP = """
-- courses.enums.SEAT_TAKING; a test compares the two.
CREATE FUNCTION courses_takes_seat(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('offered', 'enrolled', 'started', 'completed')
$$;

CREATE FUNCTION courses_refuse_overbooking() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats integer;
    taken integer;
BEGIN
    IF NOT courses_takes_seat(NEW.state) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.cohort_id = NEW.cohort_id AND courses_takes_seat(OLD.state) THEN
        RETURN NEW;
    END IF;
    SELECT capacity INTO seats FROM courses_cohort WHERE id = NEW.cohort_id FOR NO KEY UPDATE;
    SELECT count(*) INTO taken FROM courses_enrolment
        WHERE cohort_id = NEW.cohort_id AND id <> NEW.id AND courses_takes_seat(state);
    IF taken >= seats THEN
        RAISE EXCEPTION 'The cohort has no free seat.'
            USING ERRCODE = 'check_violation', TABLE = 'courses_enrolment',
                  CONSTRAINT = 'courses_enrolment_seat_free';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER courses_enrolment_seat_free
    BEFORE INSERT OR UPDATE OF state, cohort_id ON courses_enrolment
    FOR EACH ROW EXECUTE FUNCTION courses_refuse_overbooking();

CREATE FUNCTION courses_refuse_small_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.capacity < (
        SELECT count(*) FROM courses_enrolment WHERE cohort_id = NEW.id AND courses_takes_seat(state)
    ) THEN
        RAISE EXCEPTION 'More seats are taken than the cohort would have.'
            USING ERRCODE = 'check_violation', TABLE = 'courses_cohort',
                  CONSTRAINT = 'courses_cohort_capacity_holds';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER courses_cohort_capacity_holds
    BEFORE UPDATE OF capacity ON courses_cohort
    FOR EACH ROW WHEN (NEW.capacity < OLD.capacity) EXECUTE FUNCTION courses_refuse_small_capacity();
"""

DROP = """
DROP TRIGGER courses_cohort_capacity_holds ON courses_cohort;
DROP FUNCTION courses_refuse_small_capacity();
DROP TRIGGER courses_enrolment_seat_free ON courses_enrolment;
DROP FUNCTION courses_refuse_overbooking();
DROP FUNCTION courses_takes_seat(text);
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="enrolment",
            name="state",
            field=models.CharField(
                choices=[
                    ("offered", "Tilbudt"),
                    ("waiting", "På venteliste"),
                    ("enrolled", "Har plads"),
                    ("started", "I gang"),
                    ("completed", "Gennemført"),
                    ("stopped", "Stoppet"),
                    ("declined", "Frameldt"),
                ],
                max_length=10,
                verbose_name="tilstand",
            ),
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
