"""A class with operators, a property, a class method and a call: points turned by quaternions."""

from typing import NamedTuple

import numpy as np


class Axis(NamedTuple):
    x: float
    y: float
    z: float


class Quaternion:
    def __init__(self, w, v):
        self.w = w
        self.v = v

    @classmethod
    def about(cls, axis, angle):
        return cls(np.cos(angle / 2), np.sin(angle / 2) * np.array(axis))

    @property
    def conjugate(self):
        return Quaternion(self.w, -self.v)

    def __mul__(self, other):
        return Quaternion(
            self.w * other.w - np.dot(self.v, other.v),
            self.w * other.v + other.w * self.v + np.cross(self.v, other.v),
        )

    def __call__(self, point):
        return (self * Quaternion(0.0, point) * self.conjugate).v


def rotations(points, yaw, pitch):
    turn = Quaternion.about(Axis(0.0, 0.0, 1.0), yaw) * Quaternion.about(Axis(0.0, 1.0, 0.0), pitch)
    height = 0.0
    for point in points:
        turned = turn(point)
        height += turned[2] * np.exp(-turned[0])
    return height


EXAMPLE = dict(
    args=(np.array([[0.3, -0.2, 0.9], [1.1, 0.4, -0.5]]), 0.6, -0.35),
    wrt=("points", "yaw", "pitch"),
    )
