"""A loop with ``continue`` in its ``else``, in a ``finally``: crashed."""


def program(y, x):
    for j in range(2):
        try:
            y = y * x[j]
        finally:
            for _ in range(4):
                break
            else:
                continue
        y = y + x[0] ** 2
    return y


EXAMPLE = dict(args=(1.09, [-0.378, 1.6]), wrt="y")
