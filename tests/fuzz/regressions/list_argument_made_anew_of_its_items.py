"""A list that is an argument, bound anew to a list of its own items: the new one was made of a name that was never bound."""


def program(items, c):
    order = sorted(range(3), key=lambda i: -items[i])
    items = [items[i] for i in order]
    k = int(c * 3)
    items = items[k:] + items[:k]
    return items[0] ** 3 + items[1] * c


EXAMPLE = dict(args=([0.3, 0.9, 0.5], 0.7), wrt=("items",))
