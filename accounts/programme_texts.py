"""The texts a new programme starts with; the administrator edits each under /indstillinger/.

Crisis numbers: 112, 1813 and Livslinien 70 20 12 01 are national.
"""


def starting_texts(*, name: str, municipality: str) -> dict[str, str]:
    """Return the text fields of a Programme for `name` in `municipality`, plain Danish and English."""
    danish, english = _danish(name, municipality), _english(name, municipality)
    return {
        **{f"{field}_da": text for field, text in danish.items()},
        **{f"{field}_en": text for field, text in english.items()},
    }


def _danish(name: str, municipality: str) -> dict[str, str]:
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


def _english(name: str, municipality: str) -> dict[str, str]:
    return {
        "about": (
            f"{name} is a free course for people who need some breathing space. You meet in a small group "
            "at the museum, the music school and the library, and try out art, music and stories together. "
            "You do not need any experience."
        ),
        "target_group": (
            "Adults over 18 with stress, mild depression, anxiety or low wellbeing who are not working "
            "or studying at the moment."
        ),
        "criteria": (
            "The person is over 18\n"
            "The person is not in work or education\n"
            "The person has stress, mild depression, anxiety or low wellbeing\n"
            "The person wants to take part in a group"
        ),
        "procedure": (
            "You send the referral here\n"
            "The coordinator phones the person within a few days\n"
            "They talk about the course and see whether it fits\n"
            "The person gets a place in a group\n"
            "You hear how it goes, if the person has agreed to that"
        ),
        "information_text": (
            f"{municipality} is the data controller. We use the details to get in touch, to plan the course "
            "and to see whether it helps. We process them as part of the municipality’s tasks under the "
            "General Data Protection Regulation, Article 6(1)(e) and Article 9(2)(g). Only staff who need "
            "them can see them. We delete or anonymise them when we no longer need them. You can always ask "
            "what we have written about you, have mistakes put right and complain to the Danish Data "
            "Protection Agency (Datatilsynet)."
        ),
        "crisis_text": (
            "Call 112 if someone’s life is in danger. Call your own doctor or 1813 if you need help now. "
            "You can also call the helpline Livslinien on 70 20 12 01."
        ),
    }
