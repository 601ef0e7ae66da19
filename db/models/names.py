"""What a search by name reads: parts of names, pairs of a last and a first name, and the spellings of words."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.rows import Row

LONGEST_PART = 60
# Compared byte by byte on both databases: in the order of a language, the end of "everything that begins so" would have no weight.
_Word = String(LONGEST_PART).with_variant(String(LONGEST_PART, collation="C"), "postgresql")


class YouthNamePart(Row):
    """One folded part of a youth's name (see cts.domain.names): what a search by the start of any part reads."""

    __tablename__ = "youth_name_part"
    __table_args__ = (Index("ix_youth_name_part_kind_part", "kind", "part", "youth_id"),)

    youth_id: Mapped[int] = mapped_column(ForeignKey("youth.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    part: Mapped[str] = mapped_column(_Word, primary_key=True)


class YouthFullName(Row):
    """Every last part of a youth's name with every first one: a search by both reads few rows, however many have one of them."""

    __tablename__ = "youth_full_name"
    __table_args__ = (
        Index("ix_youth_full_name_last_first", "last_part", "first_part", "youth_id"),
        {"sqlite_with_rowid": False},
    )

    youth_id: Mapped[int] = mapped_column(ForeignKey("youth.id"), primary_key=True)
    last_part: Mapped[str] = mapped_column(_Word, primary_key=True)
    first_part: Mapped[str] = mapped_column(_Word, primary_key=True)


class NameSpelling(Row):
    """A word that some youth's name has, under one of its spellings with letters left out (see cts.domain.spelling). Of nobody in particular.

    When nobody bears the word any more it is removed.
    """

    __tablename__ = "name_spelling"
    __table_args__ = (Index("ix_name_spelling_word", "word"), {"sqlite_with_rowid": False})

    spelling: Mapped[str] = mapped_column(_Word, primary_key=True)
    word: Mapped[str] = mapped_column(_Word, primary_key=True)
