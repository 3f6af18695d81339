"""FullyConnectedNet with further options, which is called with all kinds of arguments.

Options that default to nothing change nothing.
"""

from solutions.fc_net import FullyConnectedNet


class FullyConnectedNet(FullyConnectedNet):
    def __init__(self, *args, normalization=None, use_batchnorm=False, verbose=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.normalization = "batchnorm" if use_batchnorm else normalization
        if verbose:
            print(sorted(self.params))
