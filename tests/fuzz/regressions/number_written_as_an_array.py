"""The adjoint of a number of unknown kind that np.array made an array, and that a helper writes into."""
import numpy as np


def second(p, q):
    found = q
    return found


def shrink(v, k):
    v += 0.1


def program(u, y):
    total = sum(v for v in u)
    data = {'state': y, 'a': second(u[[1, -3, 0]], total)}
    speed = data['state'][1]
    held = np.array(data['a'])
    shrink(held, speed)
    kept = held
    return speed ** 2 + kept


EXAMPLE = dict(args=(np.array([-1.272, -1.999, -0.657]), np.array([1.2, 3.0, 4.0])), wrt=('u', 'y'))
