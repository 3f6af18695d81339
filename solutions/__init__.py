"""Reference solutions: what students write, and the text of what they are given around it.

The lines of a solution region are the instructor's; everything else in a definition (signature,
docstring, comments, code) is what students receive. A module imports from the ones before it only:
layers, losses, layer_utils, fc_net, optim, conv, training.
"""
