"""The texts a new programme starts with; the administrator edits each under /indstillinger/.

Crisis numbers: 112, 1813 and Livslinien 70 20 12 01 are national.
"""


def starting_texts(*, name: str, municipality: str) -> dict[str, str]:
    """Return the text fields of a Programme, in plain Danish, for `name` in `municipality`."""
    return {
        "about": (
            f"{name} er et gratis forløb for dig, der har brug for et pusterum. Du mødes med en lille gruppe "
            "på museet, musikskolen og biblioteket. I prøver kunst, musik og fortællinger sammen. "
            "Du behøver ikke kunne noget på forhånd."
        ),
        "target_group": (
            "Voksne over 18 år med stress, let depression, angst eller lav trivsel, som ikke er i arbejde "
            "eller under uddannelse lige nu."
        ),
        "criteria": (
            "Personen er fyldt 18 år\n"
            "Personen er uden for arbejde og uddannelse\n"
            "Personen har stress, let depression, angst eller lav trivsel\n"
            "Personen har selv lyst til at være med i en gruppe"
        ),
        "procedure": (
            "Du sender henvisningen her\n"
            "Koordinatoren ringer til borgeren inden for få dage\n"
            "De taler sammen om forløbet og ser, om det passer\n"
            "Borgeren får plads på et hold\n"
            "Du hører, hvordan det går, hvis borgeren har sagt ja til det"
        ),
        "information_text": (
            f"{municipality} er dataansvarlig. Vi bruger oplysningerne til at tage kontakt, planlægge "
            "forløbet og se, om det hjælper. Vi behandler dem som led i kommunens opgaver efter "
            "databeskyttelsesforordningen artikel 6, stk. 1, litra e, og artikel 9, stk. 2, litra g. "
            "Kun de medarbejdere, der har brug for dem, kan se dem. Vi sletter eller anonymiserer dem, "
            "når vi ikke længere har brug for dem. Du kan altid få at vide, hvad vi har skrevet om dig, "
            "få rettet fejl og klage til Datatilsynet."
        ),
        "crisis_text": (
            "Ring 112, hvis der er fare for liv. Ring til din egen læge eller til 1813, hvis du har brug for "
            "hjælp nu. Du kan også ringe til Livslinien på 70 20 12 01."
        ),
    }
