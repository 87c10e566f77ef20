"""The ways out that a new programme starts with: where people are whom nobody has a file on.

Drawn from what municipalities have tried (residents without a caseworker, Esbjerg's three strategies,
Fyn's referrers); every one may be renamed, moved or taken out of use.
"""

from outreach.enums import Arena, Strategy

STARTING_CHANNELS: dict[Arena, tuple[tuple[str, Strategy], ...]] = {
    Arena.REFERRERS: (
        ("Jobcenterets teammøder", Strategy.DELIMITED),
        ("Lægernes fællesmøde", Strategy.DELIMITED),
        ("Frokostbesøg i lægepraksis", Strategy.DELIMITED),
        ("Psykologer og private behandlere", Strategy.OPEN),
        ("Fagforeninger", Strategy.OPEN),
        ("Uddannelsessteder", Strategy.OPEN),
    ),
    Arena.MUNICIPALITY: (
        ("Kort skriftlig information til medarbejdere", Strategy.OPEN),
        ("Oplæg på teammøder i kommunen", Strategy.DELIMITED),
        ("Gentagne påmindelser til medarbejdere", Strategy.TARGETED),
        ("Borgerservice", Strategy.OPEN),
        ("Pladsanvisningen", Strategy.OPEN),
        ("Boligstøtte", Strategy.OPEN),
        ("Sundhedsplejen", Strategy.OPEN),
        ("Indlæg i kommunens breve", Strategy.OPEN),
    ),
    Arena.HOUSING: (
        ("Boligsociale medarbejdere", Strategy.DELIMITED),
        ("Beboerbladet", Strategy.OPEN),
        ("Kvindecaféen", Strategy.DELIMITED),
        ("Aktivitetshuset", Strategy.DELIMITED),
        ("Etniske foreninger", Strategy.DELIMITED),
        ("Lokale nøglepersoner", Strategy.TARGETED),
        ("Opslag i opgange", Strategy.OPEN),
        ("Plakater i vaskerier", Strategy.OPEN),
        ("Boligforeningens intranet", Strategy.OPEN),
    ),
    Arena.PUBLIC: (
        ("Storskærme og hjemmeside", Strategy.OPEN),
        ("Bibliotekerne", Strategy.OPEN),
        ("Svømmehallen", Strategy.OPEN),
        ("Lægernes venteværelser", Strategy.OPEN),
        ("Frivilligcentret", Strategy.OPEN),
        ("Aftenskoler", Strategy.OPEN),
        ("Ugeavisen", Strategy.OPEN),
        ("Der, hvor folk går: frisør, bager, fitness", Strategy.OPEN),
    ),
    Arena.MEETINGS: (
        ("Ambassadører", Strategy.TARGETED),
        ("Sproglærere", Strategy.DELIMITED),
        ("Bydelsmødre", Strategy.DELIMITED),
        ("Frivillige arrangementer", Strategy.OPEN),
        ("Andre projekters medarbejdere", Strategy.DELIMITED),
        ("Småsnak ved arrangementer", Strategy.TARGETED),
        ("Integrationsrådet", Strategy.DELIMITED),
        ("Tidligere deltagere fortæller", Strategy.TARGETED),
    ),
    Arena.DIRECT: (
        ("Informationsmøde uden tilmelding", Strategy.OPEN),
        ("Invitation med brev", Strategy.TARGETED),
        ("Invitation på telefon eller sms", Strategy.TARGETED),
        ("En samtale", Strategy.TARGETED),
        ("Besøg hjemme eller på neutral grund", Strategy.TARGETED),
    ),
}
