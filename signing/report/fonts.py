"""The faces of the report, in the order in which they are tried for a character; all come with locked packages."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typst

from records.errors import EvidenceMismatchError, UnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font file with its SHA-256: another build of a font would give another report.

    `file` is in the folder of the npm packages `@expo-google-fonts`, or, with `package`, in that Python package.
    """

    family: str
    file: str
    sha256: str
    package: str = ""


FACES: Final = (
    Face(
        family="Noto Serif SC",
        file="noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
        sha256="c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
    ),
    Face(
        family="Noto Serif SC",
        file="noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
        sha256="9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
    ),
    Face(
        family="Noto Serif",
        file="noto-serif/400Regular/NotoSerif_400Regular.ttf",
        sha256="a7e8ea1ab7e7d368b001c892d6148325fffc849a46e030e55e1bdc597bbe939d",
    ),
    Face(
        family="Noto Serif",
        file="noto-serif/700Bold/NotoSerif_700Bold.ttf",
        sha256="1b941681106aae26ead3a24c6f15b51f994b1b26adce8742a37ce96648f0fe0a",
    ),
    Face(
        family="Noto Sans CJK SC",
        file="NotoSansCJK-Regular.ttc",
        sha256="b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        package="noto_cjk_sans_otc",
    ),
    Face(
        family="Noto Naskh Arabic",
        file="noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
        sha256="706b4580c025f6c75ec1c06013e17f00a23ec1780091b77a5a5b339469bda94d",
    ),
    Face(
        family="Noto Naskh Arabic",
        file="noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf",
        sha256="35418f91100645a36e4d72d75866b61c5da14dc5ebbade64db434d2c9e76234c",
    ),
    Face(
        family="Noto Serif Tibetan",
        file="noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf",
        sha256="33bd11da711ad8fbf55e5df25f29e6ebdfce53424fb41d61c7c6b83c2ba948cf",
    ),
    Face(
        family="Noto Serif Tibetan",
        file="noto-serif-tibetan/700Bold/NotoSerifTibetan_700Bold.ttf",
        sha256="b42678aaaac6e0bbd267dcf5bf7042f982fd92a36868a237d09ce6c338f63480",
    ),
    Face(
        family="Noto Sans Mongolian",
        file="noto-sans-mongolian/400Regular/NotoSansMongolian_400Regular.ttf",
        sha256="7c0edce49dfc23a2f7b5697df7d73b0dad24c8bb751a1ea1a4b9b59fc849f481",
    ),
    Face(
        family="Noto Sans Yi",
        file="noto-sans-yi/400Regular/NotoSansYi_400Regular.ttf",
        sha256="73713d66d97c9b42d683325210b9ea4a1d5e6e05b46619afa28d3a4040ef5928",
    ),
    Face(
        family="Noto Sans Math",
        file="noto-sans-math/400Regular/NotoSansMath_400Regular.ttf",
        sha256="b4a1dfdbfa13b4755e5eac20cb25c1d17ed5a745ceb89639595e8cf45a2b1e07",
    ),
    Face(
        family="Noto Sans Symbols",
        file="noto-sans-symbols/400Regular/NotoSansSymbols_400Regular.ttf",
        sha256="aedeec1cd0514930aeeafc4a88a6deff83cda1e6b58086f0b9bb9c7dd0157578",
    ),
    Face(
        family="Noto Sans Symbols 2",
        file="noto-sans-symbols-2/400Regular/NotoSansSymbols2_400Regular.ttf",
        sha256="f67f40c65f929f029827ab37cfdc4897dfd9ae3c28d9e98ba46e0d52e39eb97e",
    ),
    Face(
        family="Noto Emoji",
        file="noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
        sha256="24aaa2a20c9c06ffe9bf04284bfd1f14376a329d10122f902abe2770817eb504",
    ),
)
"""Noto Serif SC first; then Latin and Cyrillic, rare Han and Hangul, the scripts of the regions, signs and emoji."""
FAMILIES: Final = tuple(dict.fromkeys(face.family for face in FACES))


def locate(face: Face, folder: Path) -> Path:
    """The path of a face. Raises UnavailableError("font-missing")."""
    if not face.package:
        return folder / face.file
    found = find_spec(face.package)
    if found is None or found.origin is None:
        raise UnavailableError("font-missing", font=face.file)
    return Path(found.origin).parent / face.file


@lru_cache(maxsize=4)
def load_fonts(folder: Path) -> typst.Fonts:
    """The faces for typst, read once per process and checked against their digests.

    `folder`: the npm packages `@expo-google-fonts`. Raises UnavailableError("font-missing"),
    EvidenceMismatchError("font-changed").
    """
    paths = [locate(face, folder) for face in FACES]
    for face, path in zip(FACES, paths, strict=True):
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise UnavailableError("font-missing", font=face.file) from error
        if found != face.sha256:
            raise EvidenceMismatchError("font-changed", font=face.file)
    folders = [path.parent for path in paths]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
