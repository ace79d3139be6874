"""An (s, S) inventory with deliveries on the way and lost sales: the cost until the money or the time runs out."""

import numpy as np


def order_quantity(stock, on_the_way, reorder_point, target):
    """What to order: nothing above the reorder point, else up to the target."""
    position = stock + sum(on_the_way)
    if position > reorder_point:
        return 0.0
    return target - position


def satisfaction(served, demand):
    """The share of the demand that was served; a day without demand is a good day."""
    if demand <= 0:
        return 1.0
    return served / demand


def inventory(policy, price, demands, budget, lead_time=2, holding=0.05, fixed_cost=0.4):
    """Cost of a policy (reorder point, target level); early exits when bankrupt or when customers leave."""
    reorder_point, target = policy
    if target <= reorder_point:
        return 1e3 * (1 + (reorder_point - target) ** 2)  # no policy at all

    stock = target
    pipeline = [0.0] * lead_time
    cost = 0.0
    lost = 0.0
    goodwill = 1.0
    for day, demand in enumerate(demands):
        # morning: the truck
        stock += pipeline.pop(0)

        # the day's sales
        wanted = demand * goodwill
        served = min(stock, wanted)
        stock -= served
        lost += wanted - served
        cost += holding * stock**1.5 - price * served
        goodwill = 0.9 * goodwill + 0.1 * satisfaction(served, wanted)
        if goodwill < 0.3:
            return cost + 10.0 * (1 - goodwill) + lost  # the customers are gone
        if cost > budget:
            break  # bankrupt

        # evening: the order
        quantity = order_quantity(stock, pipeline, reorder_point, target)
        if quantity > 0:
            cost += fixed_cost + 0.3 * quantity
        pipeline.append(quantity)
    else:
        cost -= 0.2 * stock  # what is left at the end has a value
    return cost + 0.5 * lost / (day + 1)


EXAMPLE = dict(
    args=(
        np.array([1.6, 4.3]),
        1.1,
        [0.9, 1.4, 0.0, 2.2, 1.7, 0.6, 2.5, 1.2],
        20.0,
    ),
    wrt=("policy", "price"),
)
MORE = [
    (np.array([2.0, 1.5]), 1.1, [0.9, 1.4], 20.0),  # no policy at all
    (np.array([1.6, 4.3]), 0.1, [0.9, 1.4, 0.3, 2.2, 1.7, 0.6], 1.5),  # bankrupt
    (np.array([0.1, 0.4]), 1.1, [2.9, 3.4, 2.8, 2.2, 3.7] * 5, 20.0),  # the customers leave
]
