"""One run over several processes, as torchrun starts them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from models.training.errors import TrainingError

Anything = TypeVar("Anything")


@dataclass(frozen=True, slots=True)
class Processes:
    """This process among `count` that train one network; alone it is number 0 of 1."""

    rank: int
    count: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this one judges, writes and speaks."""
        return self.rank == 0

    @property
    def spare_threads(self) -> int:
        """How many threads may prepare pictures: where a GPU learns, this process's share of the cores."""
        return max(1, (os.cpu_count() or 1) // self.count) if self.device.type == "cuda" else 1

    def require_share(self, batch: int) -> None:
        """Raise `TrainingError` when some process would get nothing of a batch."""
        if batch < self.count:
            raise TrainingError(f"A batch of {batch} cannot be shared by {self.count} processes.")

    def together(self, network: nn.Module) -> nn.Module:
        """The network with gradients averaged over all processes, for as long as the same layers learn."""
        return DistributedDataParallel(network) if self.count > 1 else network

    def leader_first(self, work: Callable[[], Anything]) -> Anything:
        """Do work that leaves files behind: once in the leader, then the others find them."""
        if self.leads:
            done = work()
            self._wait()
            return done
        self._wait()
        return work()

    def led(self, work: Callable[[], Anything]) -> Anything:
        """Do work in the leader only and let all know its result."""
        if self.count == 1:
            return work()
        result: list[Anything | None] = [work() if self.leads else None]
        dist.broadcast_object_list(result)
        return result[0]  # type: ignore[return-value]  # the leader's, which is no None unless work returns it

    def mean(self, value: float) -> float:
        """The mean of one number over all processes."""
        if self.count == 1:
            return value
        total = torch.tensor(value, device=self.device)
        dist.all_reduce(total)
        return float(total) / self.count

    def _wait(self) -> None:
        if self.count > 1:
            dist.barrier()


@contextmanager
def joined() -> Iterator[Processes]:
    """Join the processes that torchrun started; without torchrun there is one."""
    count, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    device = _device()
    if count == 1:
        yield Processes(0, 1, device)
        return
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Processes(rank, count, device)
    finally:
        dist.destroy_process_group()


def _device() -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cuda", torch.cuda.current_device())
