"""Tables of texts and numbers outside, as keys in loops."""

GROUP = "Data"

WEIGHTS = {"spring": 0.5, "drag": 2.0}
TERMS = [("spring", 2), ("drag", 3)]
NETWORK = [{"takes": {"a": 1}, "gives": {"b": 2}}, {"takes": {"b": 1}, "gives": {"a": 1, "b": 1}}]


def tables_of_texts(x):
    parts = {"spring": x * x, "drag": 3.0 * x}
    total = 0.0
    for name, weight in WEIGHTS.items():
        total += weight * parts[name]
    for name, power in TERMS:
        total += parts[name] ** power
    amounts = {"a": x, "b": 0.3}
    for reaction in NETWORK:
        rate = 0.1
        for name, count in reaction["takes"].items():
            rate *= amounts[name] ** count
        for name, count in reaction["gives"].items():
            amounts[name] += count * rate
    return total * amounts["a"] * amounts["b"]


EXAMPLE = dict(args=(0.7,), wrt='x')
