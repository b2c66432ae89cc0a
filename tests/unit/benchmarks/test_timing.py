import time

from benchmarks.timing import Lap, Stages, middle, timed


def work_for(cpu_ms):
    until = time.process_time() + cpu_ms / 1000
    while time.process_time() < until:
        pass


def test_a_lap_tells_work_from_waiting():
    def half_work_half_sleep():
        stages = Stages()
        with stages.stage("work"):
            work_for(40)
        with stages.stage("sleep"):
            time.sleep(0.04)
        return stages.ms

    lap = timed(half_work_half_sleep)
    assert 40 <= lap.cpu_ms < lap.wall_ms
    assert lap.wall_ms >= 80
    assert lap.stages_ms["work"] >= 40
    assert lap.stages_ms["sleep"] >= 40


def test_the_middle_of_several_laps_ignores_the_one_that_was_disturbed():
    laps = [Lap(4, 5, {"decode": 1}), Lap(400, 500, {"decode": 100}), Lap(6, 7, {"decode": 3})]
    assert middle(laps) == Lap(6, 7, {"decode": 3})
