"""Nothing is shown before its lawful time, and a type without a rule is never shown."""

import pytest

from chain_gateway.disclosure import Form, form, moment_of, release
from records import facts
from records.facts import Moment

PUBLIC = {
    facts.TENDER_REGISTERED: Moment.NOTICE,
    facts.INVITATION_CONFIRMED: Moment.EVALUATED,
    facts.REPORT_SEALED: Moment.EVALUATED,
    facts.REPORT_SEALED_1: Moment.EVALUATED,
    facts.EVALUATION_TALLY_COMPUTED: Moment.CANDIDATES,
}


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("record_type", sorted(facts.ALL_TYPES))
def test_every_record_type_is_plain_from_its_moment_on_and_never_before(record_type: str, moment: Moment) -> None:
    opens = facts.TYPES[record_type].opens

    plain = form(record_type, reached=moment) is Form.PLAIN

    assert plain == (opens is not Moment.NEVER and moment >= opens)


@pytest.mark.parametrize("record_type", sorted(PUBLIC))
def test_what_the_law_names_opens_at_its_moment(record_type: str) -> None:
    assert release(record_type).earliest is PUBLIC[record_type]


@pytest.mark.parametrize("moment", [Moment.NOTICE, Moment.OPENING, Moment.EVALUATION])
@pytest.mark.parametrize("record_type", sorted(facts.ALL_TYPES - {facts.TENDER_REGISTERED}))
def test_before_the_evaluation_is_over_not_even_the_existence_of_a_record_is_shown(
    record_type: str, moment: Moment
) -> None:
    assert form(record_type, reached=moment) is Form.HIDDEN


def test_after_the_evaluation_a_record_that_opens_later_is_a_sealed_row() -> None:
    assert form(facts.EVALUATION_TALLY_COMPUTED, reached=Moment.EVALUATED) is Form.SEALED


@pytest.mark.parametrize("record_type", [facts.ROOM_ENTRY_TAKEN, facts.INVITATION_REFUSED, "unheard.of.v1", ""])
@pytest.mark.parametrize("moment", list(Moment))
def test_scores_refusals_and_the_unknown_are_hidden_for_ever(record_type: str, moment: Moment) -> None:
    assert (release(record_type).earliest, form(record_type, reached=moment)) == (Moment.NEVER, Form.HIDDEN)


def test_a_new_version_of_a_type_is_denied_until_somebody_decides() -> None:
    assert release("report.sealed.v3").earliest is Moment.NEVER


@pytest.mark.parametrize(
    ("types", "reached"),
    [
        ([], None),
        ([facts.INVITATION_ISSUED], None),
        ([facts.TENDER_REGISTERED, facts.ROOM_ENTRY_TAKEN], Moment.NOTICE),
        ([facts.REPORT_SEALED, facts.TENDER_REGISTERED], Moment.EVALUATED),
        ([facts.TENDER_REGISTERED, facts.REPORT_SEALED_1], Moment.EVALUATED),
    ],
)
def test_a_project_has_reached_what_its_records_say(types: list[str], reached: Moment | None) -> None:
    assert moment_of(types) == reached
