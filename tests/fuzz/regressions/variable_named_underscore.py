"""A variable whose name is an underscore was popped without being put back."""


def program(x):
    _ = x * 2
    for i in range(2):
        _ = _ * x
    return _


EXAMPLE = dict(args=(0.3,), wrt=("x",))
