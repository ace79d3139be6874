"""A bisection whose ends move by assignment in branches, then a value at what it found."""

import numpy as np


def excess(rate, payments, price):
    value = 0.0
    discount = 1.0
    for payment in payments:
        discount /= 1 + rate
        value += payment * discount
    return value - price


def portfolio(payments, price, weight):
    rate = 0.05
    for turn in range(4):
        miss = excess(rate, payments, price)
        bump = excess(rate + 1e-3, payments, price)
        if abs(miss) < 1e-12:
            break
        rate -= 1e-3 * miss / (bump - miss)
    return weight * rate + rate**2


EXAMPLE = dict(args=(np.array([5.0, 5.0, 105.0]), 98.0, 2.0), wrt=("payments", "price", "weight"))
FLOAT32 = False  # a difference quotient inside
