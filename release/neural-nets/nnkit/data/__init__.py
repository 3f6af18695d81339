"""CIFAR-10, or an artificial sample where it can't be had."""

from nnkit.data.cifar10 import current_dataset, get_CIFAR10_data
from nnkit.data.sample import sample_data

__all__ = ["current_dataset", "get_CIFAR10_data", "sample_data"]
