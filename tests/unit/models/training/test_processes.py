import pytest
import torch

from models.training.errors import TrainingError
from models.training.processes import Processes, joined


def test_without_torchrun_there_is_one_process_that_leads():
    with joined() as processes:
        assert (processes.rank, processes.count, processes.leads) == (0, 1, True)
        assert processes.led(lambda: "done") == "done"
        assert processes.leader_first(lambda: "done") == "done"
        assert processes.mean(2.5) == 2.5
        network = torch.nn.Linear(2, 1)
        assert processes.together(network) is network


def test_a_batch_needs_a_picture_for_every_process():
    eight = Processes(0, 8, torch.device("cpu"))
    eight.require_share(8)
    with pytest.raises(TrainingError, match="A batch of 4 cannot be shared by 8 processes"):
        eight.require_share(4)
