"""A Black-Scholes call in scalar code, with module constants, helpers, defaults and keyword arguments."""

import math

DAYS = 365.0


def normal_cdf(x):
    return 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def d_plus(spot, strike, rate, volatility, years, *, half=0.5):
    return (math.log(spot / strike) + (rate + half * volatility**2) * years) / (volatility * math.sqrt(years))


def options(spot, volatility, strike=100.0, rate=0.02, days=90.0):
    years = days / DAYS
    upper = d_plus(spot, strike, rate, volatility, years)
    lower = upper - volatility * math.sqrt(years)
    return spot * normal_cdf(upper) - strike * math.exp(-rate * years) * normal_cdf(lower)


EXAMPLE = dict(args=(103.0, 0.25), wrt=("spot", "volatility"))
FLOAT32 = False  # a price of some hundred, differences of it: too coarse in float32
SECOND_ORDER = True
