"""Of a student the newest download counts, and nobody counts twice."""

import msgspec

from autograder.records.hand_ins import HandIn, hand_in, standing
from autograder.records.submission import ListedAs, Submission


def handed_in(
    key: str, run: int, *, origin: str = "", code: bytes = b"x", by_hand: bool = False
) -> HandIn:
    found = None if key.startswith("unmatched") else key.rpartition("-")[0]
    submission = Submission(
        key=key,
        lms_id="",
        student_name=f"Name {key}",
        roster_id=found,
        attempt=1,
        submitted_at=None,
        files={"a.py": code},
        origin=origin or key,
    )
    one = hand_in(submission, "hash", by_hand=by_hand)
    return msgspec.structs.replace(one, run=run)


def keys(*hand_ins: HandIn) -> list[str]:
    counting = standing(hand_ins)
    return sorted(
        one.submission.key for several in counting.values() for one in several
    )


def test_of_a_student_the_attempts_of_the_newest_download_count() -> None:
    before = [handed_in(key, 1) for key in ("ada-1", "ada-2", "bo-1")]
    assert keys(*before, handed_in("ada-1", 2)) == ["ada-1", "bo-1"]


def test_who_is_on_the_roster_by_now_is_no_stranger_any_more() -> None:
    stranger = handed_in("unmatched-7-1", 1, origin="nia")
    assert keys(stranger) == ["unmatched-7-1"]
    assert keys(stranger, handed_in("nia-1", 2, origin="nia")) == ["nia-1"]


def test_who_has_left_the_roster_counts_once_and_keeps_the_id() -> None:
    before = handed_in("nia-1", 1, origin="nia")
    after = handed_in("unmatched-7-1", 2, origin="nia")
    ((left,),) = standing([before, after]).values()
    assert left.submission.key == "unmatched-7-1"
    assert (left.submission.roster_id, left.submission.student_name) == (
        "nia",
        "Name nia-1",
    )


def test_a_stranger_whose_files_a_person_gave_to_a_student_is_settled() -> None:
    stranger = handed_in("unmatched-7-1", 1, code=b"mine")
    copied = handed_in("ada-1", 2, code=b"mine")
    assert keys(stranger, copied) == ["ada-1", "unmatched-7-1"]
    by_hand = handed_in("ada-1", 2, code=b"mine", by_hand=True)
    assert keys(stranger, by_hand) == ["ada-1"]
    # And stays so when the whole download is graded again, but for new files.
    again = handed_in("unmatched-7-1", 3, code=b"mine")
    other = handed_in("unmatched-7-1", 3, code=b"new")
    assert keys(stranger, by_hand, again) == ["ada-1"]
    assert keys(stranger, by_hand, other) == ["ada-1", "unmatched-7-1"]


def test_a_student_who_has_the_same_file_in_the_same_folder_settles_no_stranger() -> (
    None
):
    stranger = handed_in("unmatched-7-1", 1, code=b"stub", by_hand=True)
    ada = handed_in("ada-1", 1, code=b"stub", by_hand=True)
    assert keys(stranger, ada) == ["ada-1", "unmatched-7-1"]
    given = handed_in("bob-1", 2, code=b"stub", by_hand=True)
    assert keys(stranger, ada, given) == ["ada-1", "bob-1"]


def test_a_stranger_is_settled_once_all_that_they_handed_in_is_a_students() -> None:
    both = [
        handed_in("unmatched-7-1", 1, origin="nia", code=b"first"),
        handed_in("unmatched-7-2", 1, origin="nia", code=b"second"),
    ]
    first = handed_in("ada-1", 2, code=b"first", by_hand=True)
    assert keys(*both, first) == ["ada-1", "unmatched-7-1", "unmatched-7-2"]
    second = handed_in("ada-2", 2, code=b"second", by_hand=True)
    assert keys(*both, first, second) == ["ada-1", "ada-2"]


def test_files_settle_a_stranger_only_where_a_person_gave_them_to_a_student() -> None:
    stranger = handed_in("unmatched-7-1", 1, code=b"mine")
    nobodys = handed_in("unmatched-8-1", 2, code=b"mine", by_hand=True)
    assert keys(stranger, nobodys) == ["unmatched-7-1", "unmatched-8-1"]
    without = [
        msgspec.structs.replace(
            hand_in(
                msgspec.structs.replace(one.submission, files={}),
                "",
                why_not="two files",
                by_hand=one.by_hand,
            ),
            run=one.run,
        )
        for one in (stranger, handed_in("ada-1", 2, by_hand=True))
    ]
    assert {one.files_hash for one in without} == {""}
    assert keys(*without) == ["ada-1", "unmatched-7-1"]


def test_older_hand_ins_without_an_origin_are_not_taken_for_one_anothers() -> None:
    ada, bo = (
        msgspec.structs.replace(
            one, submission=msgspec.structs.replace(one.submission, origin="")
        )
        for one in (handed_in("ada-1", 1), handed_in("bo-1", 2))
    )
    assert keys(ada, bo) == ["ada-1", "bo-1"]


def test_who_has_left_the_roster_keeps_the_witnesses_of_the_old_one() -> None:
    before = handed_in("nia-1", 1, origin="nia")
    listed = ListedAs(name="Nia Ng", list_hash="old")
    known = msgspec.structs.replace(
        before, submission=msgspec.structs.replace(before.submission, listed_as=listed)
    )
    after = handed_in("unmatched-7-1", 2, origin="nia")
    ((left,),) = standing([known, after]).values()
    assert left.submission.listed_as == listed
