"""The public routes: pages that need no scripts, and the few JSON answers for the checking script."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from chain_gateway.explorer.desk import ExplorerDesk, ProofState, Proven
from chain_gateway.explorer.evaluation import Evaluation, value_of
from chain_gateway.explorer.pages import STATIC, ExplorerSettings, Pages, Proposals, anchored_at
from chain_gateway.explorer.search import LONGEST, readable
from chain_gateway.explorer.store import PublishedRecord
from chain_gateway.explorer.wording import say
from records import facts
from records.answers import Out, file_answer
from records.errors import NotFoundError, NotPermittedError
from records.ids import b64u, parse_digest

MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
LARGEST_INDEX: Final = 2**53 - 1
_BUNDLE: Final = "application/vnd.etsi.asic-e+zip"
_MOST_DIGITS: Final = len(str(LARGEST_INDEX))

Bundles = Callable[[str], bytes]
"""Returns the evidence bundle of a session; NotFoundError when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of an evaluation's timeline."""

    at: str
    words: str
    href: str = ""


class DocumentOut(Out):
    """A document on record: the opened record that names it, and its proof in the log. Binary is base64url.

    `note` includes the cosigners' lines; `witnesses`: the centres that cosigned one over the record.
    """

    session: str
    title: str
    title_en: str
    sealed_at: str
    sealed_digest: str
    report_digest: str
    index: int
    record: str
    salt: str
    commitment: str
    size: int
    path: list[str]
    root: str
    origin: str
    log_id: str
    chain_id: int
    anchor: str
    rpc: str
    note: str
    transaction: str
    block: int
    state: str
    witnesses: list[str]


class CheckpointOut(Out):
    """An anchored checkpoint; the root as 64 hexadecimal digits."""

    origin: str
    size: int
    root: str


class EvaluationOut(Out):
    """A sealed evaluation; absent: what tells of the chain until it is anchored, and `data_digest` of an older one."""

    session: str
    project: str
    title: str
    title_en: str
    host: str
    guests: list[str]
    sealed_at: str
    sealed_digest: str
    report_digest: str
    data_digest: str | None = None
    index: int
    checkpoint: CheckpointOut | None = None
    transaction: str | None = None
    block: int | None = None
    state: str
    witnesses: list[str]


def nobody() -> None:
    """Refuse everybody: the default of the dependency that decides who may take evidence bundles."""
    raise NotPermittedError("evidence-not-permitted")


def routes(
    desk: ExplorerDesk,
    settings: ExplorerSettings,
    *,
    bundles: Bundles,
    auditor: Callable[..., object] = nobody,
    proposals: Proposals = tuple,
) -> APIRouter:
    """The explorer of one centre. `auditor`: the dependency that refuses a caller who may not take evidence bundles."""
    router = APIRouter(tags=["explorer"])
    site = _Site(desk, settings, proposals)
    pages: dict[str, Callable[..., Response]] = {
        "/": site.home,
        "/search": site.search,
        "/evaluations/{session}": site.evaluation,
        "/records/{index}": site.record,
        "/checkpoints/{size}": site.checkpoint,
        "/proposals": site.proposals,
    }
    for path, page in pages.items():
        router.add_api_route(path, page, methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False)
    router.add_api_route("/explorer/api/v1/documents/{digest}", site.document, response_model=DocumentOut)
    router.add_api_route(
        "/explorer/api/v1/evaluations/{session}",
        site.evaluation_value,
        response_model=EvaluationOut,
    )
    router.add_api_route(
        "/explorer/static/{name}", static, response_class=Response, responses={200: {"description": "A file."}}
    )

    @router.get(
        "/evidence/{session}.evidence.zip",
        dependencies=[Depends(auditor)],
        response_class=Response,
        responses=file_answer(_BUNDLE),
    )
    def evidence(session: str) -> Response:
        return Response(
            bundles(session),
            media_type=_BUNDLE,
            headers={
                "Content-Disposition": f'attachment; filename="{session}.evidence.zip"',
                "Cache-Control": "no-store",
            },
        )

    return router


def static(name: str) -> Response:
    """One of the pages' own files."""
    file = STATIC / name
    kind = MEDIA_TYPES.get(file.suffix)
    if kind is None or file.parent != STATIC or not file.is_file():
        raise NotFoundError("not-found")
    return FileResponse(
        file, media_type=kind, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    )


Language = Annotated[str, Query(alias="lang")]
Words = Annotated[str, Query(alias="q")]


class _Site:
    """The pages over one desk."""

    def __init__(self, desk: ExplorerDesk, settings: ExplorerSettings, proposals: Proposals) -> None:
        self._desk = desk
        self._proposals = proposals
        self._settings = settings
        self._pages = Pages(settings)
        self._headers = headers(settings)

    def home(self, request: Request, lang: Language = "zh") -> Response:
        return self._page(
            "home.html",
            request,
            lang,
            figures=self._desk.figures(),
            latest=self._desk.latest(),
            checkpoint=self._desk.latest_checkpoint(),
        )

    def search(self, request: Request, q: Words = "", lang: Language = "zh") -> Response:
        found = self._desk.find(q, named=self._settings.named)
        return self._page(
            "results.html",
            request,
            lang,
            words=readable(q),
            cut=LONGEST if len(q.strip()) > LONGEST else 0,
            evaluations=found.evaluations,
            tenders=found.tenders,
            anchored_size=self._anchored_size(),
            evaluated={one.project for one in found.evaluations},
            found_record=found.record,
            found_checkpoint=found.checkpoint,
        )

    def evaluation(self, request: Request, session: str, lang: Language = "zh") -> Response:
        try:
            evaluation, records = self._desk.evaluation(session)
        except NotFoundError:
            return self._missing(request, lang)
        standing = self._desk.standing(evaluation.index)
        return self._page(
            "evaluation.html",
            request,
            lang,
            evaluation=evaluation,
            standing=standing,
            timeline=_timeline(evaluation, records, standing, _language(lang), self._city(_language(lang))),
            records=self._desk.visible(records),
            raw={record.index: _laid_out(record) for record in records if record.opened},
        )

    def evaluation_value(self, session: str) -> EvaluationOut:
        """A sealed evaluation. 404 evaluation-unknown before its report is sealed."""
        evaluation, _ = self._desk.evaluation(session)
        standing = self._desk.standing(evaluation.index)
        anchored = standing.anchored
        return EvaluationOut(
            session=evaluation.session,
            project=evaluation.project,
            title=evaluation.title,
            title_en=evaluation.title_en,
            host=evaluation.host,
            guests=list(evaluation.guests),
            sealed_at=evaluation.sealed_at,
            sealed_digest=evaluation.sealed_digest,
            report_digest=evaluation.report_digest,
            data_digest=evaluation.data_digest or None,
            index=evaluation.index,
            checkpoint=CheckpointOut(origin=anchored.origin, size=anchored.size, root=anchored.root.hex())
            if anchored
            else None,
            transaction=anchored.transaction if anchored else None,
            block=anchored.block_number if anchored else None,
            state=standing.state(self._settings.others),
            witnesses=list(standing.witnesses),
        )

    def record(self, request: Request, index: str, lang: Language = "zh") -> Response:
        try:
            record = self._desk.record(_number(index))
        except NotFoundError:
            return self._missing(request, lang)
        return self._page(
            "record.html",
            request,
            lang,
            record=record,
            standing=self._desk.standing(record.index),
            evaluation=self._evaluation_of(record),
            raw=_laid_out(record) if record.opened else "",
            proven=self._proven(record),
        )

    def checkpoint(self, request: Request, size: str, lang: Language = "zh") -> Response:
        try:
            checkpoint = self._desk.checkpoint(_number(size))
        except NotFoundError:
            return self._missing(request, lang)
        standing = self._desk.standing(checkpoint.size - 1)
        return self._page("checkpoint.html", request, lang, checkpoint=checkpoint, standing=standing)

    def proposals(self, request: Request, lang: Language = "zh") -> Response:
        return self._page("proposals.html", request, lang, proposals=list(reversed(self._proposals())))

    def document(self, digest: str, size: Annotated[int | None, Query(ge=1, le=LARGEST_INDEX)] = None) -> DocumentOut:
        """The record that names a document, by the 64 hexadecimal digits of its SHA-256, proven in the log of a size.

        404 with the codes document-unknown, nothing-anchored, record-not-in-checkpoint, size-unknown.
        """
        found = self._desk.document(parse_digest(f"sha256:{digest}"))
        proven = self._desk.prove(found.index, size)
        standing = self._desk.standing(found.index)
        anchored = standing.anchored
        return DocumentOut(
            session=found.session,
            title=found.title,
            title_en=found.title_en,
            sealed_at=found.sealed_at,
            sealed_digest=found.sealed_digest,
            report_digest=found.report_digest,
            index=found.index,
            record=b64u(proven.record.record),
            salt=b64u(proven.record.salt),
            commitment=b64u(proven.proof.commitment),
            size=proven.proof.size,
            path=[b64u(node) for node in proven.proof.path],
            root=b64u(proven.root),
            origin=self._settings.origin,
            log_id=self._settings.log_id,
            chain_id=self._settings.chain_id,
            anchor=self._settings.anchor,
            rpc=self._settings.rpc,
            note=anchored.note if anchored else "",
            transaction=anchored.transaction if anchored else "",
            block=anchored.block_number if anchored else 0,
            state=standing.state(self._settings.others),
            witnesses=list(standing.witnesses),
        )

    def _anchored_size(self) -> int:
        latest = self._desk.latest_checkpoint()
        return latest.size if latest else 0

    def _proven(self, record: PublishedRecord) -> Proven | None:
        try:
            return self._desk.prove(record.index) if record.opened else None
        except NotFoundError:
            return None

    def _evaluation_of(self, record: PublishedRecord) -> Evaluation | None:
        try:
            return self._desk.evaluation(record.session)[0] if record.session else None
        except NotFoundError:
            return None

    def _city(self, language: str) -> dict[str, str]:
        return {one.code: one.city_zh if language == "zh" else one.city_en for one in self._settings.centres}

    def _missing(self, request: Request, lang: str) -> Response:
        return self._page("missing.html", request, lang, status=HTTPStatus.NOT_FOUND)

    def _page(self, page: str, request: Request, lang: str, status: int = HTTPStatus.OK, **values: object) -> Response:
        address = f"{request.url.path}{_kept(request)}"
        text = self._pages.render(page, language=_language(lang), address=address, **values)
        return HTMLResponse(text, status_code=status, headers=self._headers)


def headers(settings: ExplorerSettings) -> dict[str, str]:
    """Only our own files and the one chain node may be loaded, run or called: a page cannot send a file elsewhere."""
    node = urlsplit(settings.rpc)
    reach = f"'self' {node.scheme}://{node.netloc}" if node.netloc else "'self'"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {reach}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def _language(lang: str) -> str:
    return "en" if lang == "en" else "zh"


def _kept(request: Request) -> str:
    """The part of the query that stays when the language is changed."""
    kept = [(name, value[:LONGEST]) for name, value in request.query_params.multi_items() if name == "q"]
    return f"?{urlencode(kept)}" if kept else ""


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS or int(text) > LARGEST_INDEX:
        raise NotFoundError("not-found")
    return int(text)


def _laid_out(record: PublishedRecord) -> str:
    """A record's object, formatted for reading; its canonical bytes are in the answer about its document."""
    return json.dumps(value_of(record).value, ensure_ascii=False, indent=2)


def _timeline(
    evaluation: Evaluation,
    records: Sequence[PublishedRecord],
    standing: ProofState,
    language: str,
    city: dict[str, str],
) -> list[Event]:
    """The events in order, as far as they are public."""
    events = [Event(at=evaluation.opening_at, words=say(language, "timeline.opening"))] if evaluation.opening_at else []
    for record in records:
        if record.opened and record.type == facts.TENDER_REGISTERED:
            href = f"/records/{record.index}"
            events.append(Event(at=record.at, words=say(language, "timeline.tender"), href=href))
    for code, at in evaluation.confirmed_at:
        events.append(Event(at=at, words=say(language, "timeline.confirmed", city=city.get(code, code))))
    sealed = Event(at=evaluation.sealed_at, words=say(language, "timeline.sealed"), href=f"/records/{evaluation.index}")
    events.append(sealed)
    if standing.anchored:
        href = f"/checkpoints/{standing.anchored.size}"
        at = anchored_at(standing.anchored)
        events.append(Event(at=at, words=say(language, "timeline.anchored"), href=href))
    return sorted(events, key=lambda event: event.at)
