"""So many work side by side; who waits gives the turn away; who has waited long enough goes on all the same."""

from __future__ import annotations

import threading

from anju.kit.turns import Turns, give_turn_back

PATIENT, IMPATIENT = 60.0, 0.0


def test_one_works_after_the_other() -> None:
    turns, told, moment = Turns(1, PATIENT), [], threading.Event()

    def work(name: str) -> None:
        with turns.taken():
            told.append(name)
            moment.wait(0.01)  # nobody sets it: time enough for the others, if they could
            told.append(name)

    others = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert sorted(told[::2]) == ["a", "b", "c"]
    assert told[::2] == told[1::2]


def test_who_gives_the_turn_back_lets_another_work_meanwhile() -> None:
    turns, worked = Turns(1, PATIENT), threading.Event()

    def work() -> None:
        with turns.taken():
            worked.set()

    with turns.taken():
        other = threading.Thread(target=work)
        other.start()
        give_turn_back()
        assert worked.wait(PATIENT)
        give_turn_back()  # once is enough
    other.join()
    with turns.taken():
        pass


def test_who_has_waited_long_enough_works_all_the_same_and_gives_back_nothing() -> None:
    turns = Turns(1, IMPATIENT)
    worked = []

    def work() -> None:
        with turns.taken():
            worked.append(1)

    with turns.taken():
        for _ in range(3):
            other = threading.Thread(target=work)
            other.start()
            other.join()
    assert worked == [1, 1, 1]
    with turns.taken():
        pass


def test_without_a_turn_nothing_is_given_back() -> None:
    give_turn_back()
