"""Lists of numbers: filled by index, taken off the end, pairs that go through a list."""

import numpy as np


def bookkeeping(prices, rate, days):
    balances = [0.0] * days
    for day in range(1, days):
        balances[day] = balances[day - 1] * (1 + rate) + prices[day % len(prices)]
    orders = []
    for day, balance in enumerate(balances):
        orders.append((balance * rate, np.exp(-rate * day)))
    value = 0.0
    while orders:
        amount, discount = orders.pop()
        value += amount * discount
    return value + max(balances) + sum(balances) / days


EXAMPLE = dict(args=(np.array([1.5, 0.7, 2.2]), 0.05, 6), wrt=("prices", "rate"))
SECOND_ORDER = True
