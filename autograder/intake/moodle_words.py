"""The headings of Moodle's lists in seven languages, from its own language packs.

Sources: ``assign.php`` (recordid, maxgrade, scale, gradecanbechanged,
lastmodifiedgrade, lastmodifiedsubmission, hiddenuser) and
``assignfeedback_comments.php`` (pluginname) of Moodle's language packs as kept in
github.com/projectestac/moodle-langpacks and github.com/IOC/moodle-langpacks, several
versions each; grading worksheets in circulation for the words of ``moodle.php`` (grade,
full name, e-mail address, yes and no). Where versions differ all are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the headings are in one language; several spellings of several versions.

    identifier, grade, maximum, scale, may_change, submitted_at, graded_at, feedback :
        of the grading worksheet
    full_name, email, id_number, first, last, username, group : of the people
    no : in the column `may_change`
    """

    identifier: tuple[str, ...]
    grade: tuple[str, ...]
    maximum: tuple[str, ...]
    scale: tuple[str, ...]
    may_change: tuple[str, ...]
    submitted_at: tuple[str, ...]
    graded_at: tuple[str, ...]
    feedback: tuple[str, ...]
    full_name: tuple[str, ...]
    email: tuple[str, ...]
    id_number: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    username: tuple[str, ...]
    group: tuple[str, ...]
    no: str

    def known(self, headings: frozenset[str]) -> int:
        """Return how many of these headings are this language's."""
        spelled = (getattr(self, one.name) for one in fields(self) if one.name != "no")
        return len(headings & {word for words in spelled for word in words})


ENGLISH = Words(
    identifier=("Identifier",),
    grade=("Grade",),
    maximum=("Maximum grade",),
    scale=("Scale",),
    may_change=("Grade can be changed",),
    submitted_at=("Last modified (submission)",),
    graded_at=("Last modified (grade)",),
    feedback=("Feedback comments",),
    full_name=("Full name",),
    email=("Email address",),
    id_number=("ID number",),
    first=("First name",),
    last=("Last name", "Surname"),
    username=("Username",),
    group=("Group", "Groups"),
    no="no",
)
LANGUAGES: Mapping[str, Words] = {
    "English": ENGLISH,
    "German": Words(
        identifier=("ID", "Identifikator"),
        grade=("Bewertung",),
        maximum=("Bestwertung",),
        scale=("Skala",),
        may_change=("Bewertung kann geändert werden",),
        submitted_at=("Zuletzt geändert (Abgabe)",),
        graded_at=("Zuletzt geändert (Bewertung)",),
        feedback=("Feedback als Kommentar",),
        full_name=("Vollständiger Name",),
        email=("E-Mail-Adresse",),
        id_number=("ID-Nummer",),
        first=("Vorname",),
        last=("Nachname",),
        username=("Anmeldename",),
        group=("Gruppe", "Gruppen"),
        no="nein",
    ),
    "French": Words(
        identifier=("Identifiant",),
        grade=("Note",),
        maximum=("Note maximale",),
        scale=("Barème",),
        may_change=("La note peut être modifiée",),
        submitted_at=("Dernière modification (travail remis)",),
        graded_at=("Dernière modification (note)",),
        feedback=("Feedback par commentaires",),
        full_name=("Nom complet",),
        email=("Adresse de courriel",),
        id_number=("Numéro d'identification", "Numéro d\u2019identification"),
        first=("Prénom",),
        last=("Nom de famille", "Nom"),
        username=("Nom d'utilisateur", "Nom d\u2019utilisateur"),
        group=("Groupe", "Groupes"),
        no="non",
    ),
    "Spanish": Words(
        identifier=("Identificador",),
        grade=("Calificación",),
        maximum=("Calificación máxima",),
        scale=("Escala",),
        may_change=(
            "La calificación puede cambiarse",
            "La calificación puede ser cambiada",
        ),
        submitted_at=("Última modificación (entrega)",),
        graded_at=("Última modificación (calificación)",),
        feedback=("Comentarios de retroalimentación",),
        full_name=("Nombre completo",),
        email=("Dirección de correo", "Dirección Email"),
        id_number=("Número de ID",),
        first=("Nombre",),
        last=("Apellido(s)", "Apellidos"),
        username=("Nombre de usuario",),
        group=("Grupo", "Grupos"),
        no="no",
    ),
    "Portuguese (Brazil)": Words(
        identifier=("Identificador",),
        grade=("Nota",),
        maximum=("Nota máxima",),
        scale=("Escala",),
        may_change=("Nota pode ser alterada",),
        submitted_at=("Última modificação (envio)",),
        graded_at=("Última modificação (nota)",),
        feedback=("Comentários de feedback",),
        full_name=("Nome completo",),
        email=("Endereço de email",),
        id_number=("Número de identificação",),
        first=("Nome",),
        last=("Sobrenome",),
        username=("Identificação de usuário",),
        group=("Grupo", "Grupos"),
        no="não",
    ),
    "Portuguese": Words(
        identifier=("Número de identificação", "Identificador"),
        grade=("Nota", "Avaliação"),
        maximum=("Nota Máxima",),
        scale=("Escala",),
        may_change=("A nota pode ser alterada.", "A nota pode ser alterada"),
        submitted_at=("Última atualização (submissão)",),
        graded_at=("Última atualização (avaliação)",),
        feedback=("Comentários de feedback",),
        full_name=("Nome completo", "Nome"),
        email=("Endereço de e-mail", "Endereço de correio eletrónico"),
        id_number=("Número de identificação (ID)", "Número ID"),
        first=("Nome próprio",),
        last=("Apelido",),
        username=("Nome de utilizador",),
        group=("Grupo", "Grupos"),
        no="não",
    ),
    "Italian": Words(
        identifier=("Identificativo",),
        grade=("Valutazione",),
        maximum=("Valutazione massima",),
        scale=("Scala",),
        may_change=("La valutazione può essere cambiata",),
        submitted_at=("Ultima modifica (consegna)",),
        graded_at=("Ultima modifica (valutazione)",),
        feedback=("Commenti",),
        full_name=("Nome completo", "Nome e cognome"),
        email=("Indirizzo email",),
        id_number=("Codice identificativo",),
        first=("Nome",),
        last=("Cognome",),
        username=("Username", "Nome utente"),
        group=("Gruppo", "Gruppi"),
        no="no",
    ),
    "Dutch": Words(
        identifier=("Identificatie",),
        grade=("Cijfer", "Beoordeling"),
        maximum=("Maximaal cijfer",),
        scale=("Schaal",),
        may_change=("Het cijfer kan gewijzigd worden",),
        submitted_at=("Laatst gewijzigd (inzending)",),
        graded_at=("Laatst gewijzigd (beoordeling)",),
        feedback=("Feedback",),
        full_name=("Volledige naam",),
        email=("E-mailadres",),
        id_number=("ID-nummer",),
        first=("Voornaam",),
        last=("Achternaam",),
        username=("Gebruikersnaam",),
        group=("Groep", "Groepen"),
        no="nee",
    ),
}


def worksheet_words(headings: frozenset[str]) -> Words | None:
    """Return the language of a grading worksheet, None where it is in none of them.

    By what no other list has beside the identifier: the time of the grade, or whether
    it may be changed, or its maximum or scale. Of languages that share these words it
    is the one that knows most of the headings.
    """
    found = []
    for words in LANGUAGES.values():
        telling = {*words.graded_at, *words.may_change, *words.maximum, *words.scale}
        if headings & set(words.identifier) and headings & telling:
            found.append(words)
    return max(found, key=lambda words: words.known(headings), default=None)


def people_words(headings: frozenset[str]) -> Words | None:
    """Return the language of a list of people: first and last name, e-mail address."""
    found = []
    for words in LANGUAGES.values():
        groups = (words.first, words.last, words.email)
        if all(headings & set(spellings) for spellings in groups):
            found.append(words)
    return max(found, key=lambda words: words.known(headings), default=None)


def place_of(header: tuple[str, ...], spellings: tuple[str, ...]) -> int | None:
    """Return which column has one of these headings, None where none has."""
    found = [at for at, cell in enumerate(header) if cell.strip() in spellings]
    return found[0] if found else None
