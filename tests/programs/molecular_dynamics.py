"""Lennard-Jones particles in a harmonic trap, velocity Verlet, with a class that keeps the state."""

import numpy as np


class System:
    """Positions, velocities and forces of equal particles."""

    def __init__(self, positions, velocities, epsilon, sigma, trap=0.5):
        self.x = positions.copy()
        self.v = velocities.copy()
        self.epsilon = epsilon
        self.sigma = sigma
        self.trap = trap
        self.forces = np.zeros_like(self.x)
        self.potential = 0.0
        self.update_forces()

    def pair(self, r2):
        """Energy of a pair at the squared distance r2, and force over distance."""
        s6 = (self.sigma**2 / r2) ** 3
        energy = 4 * self.epsilon * (s6**2 - s6)
        return energy, 24 * self.epsilon * (2 * s6**2 - s6) / r2

    def update_forces(self):
        self.forces[:] = -self.trap * self.x
        self.potential = 0.5 * self.trap * np.sum(self.x**2)
        n = len(self.x)
        for i in range(n):
            for j in range(i + 1, n):
                d = self.x[i] - self.x[j]
                energy, f = self.pair(np.dot(d, d))
                self.potential += energy
                self.forces[i] += f * d
                self.forces[j] -= f * d

    def step(self, dt):
        self.v += 0.5 * dt * self.forces
        self.x += dt * self.v
        self.update_forces()
        self.v += 0.5 * dt * self.forces

    def rescale(self, temperature, strength=0.1):
        """A gentle thermostat (Berendsen)."""
        factor = np.sqrt(1 + strength * (temperature / self.temperature - 1))
        self.v *= factor

    @property
    def kinetic(self):
        return 0.5 * np.sum(self.v**2)

    @property
    def temperature(self):
        return 2 * self.kinetic / self.x.size


def molecular_dynamics(positions, velocities, epsilon, sigma, temperature, steps=4, dt=0.02):
    """The mean potential energy and the spread of the particles at the end."""
    system = System(positions, velocities, epsilon, sigma)
    start = system.kinetic + system.potential
    energies = []
    for n in range(steps):
        system.step(dt)
        if n % 2 == 1:
            system.rescale(temperature)
        energies.append(system.potential)
    centre = np.mean(system.x, axis=0)
    spread = np.sum((system.x - centre) ** 2) / len(system.x)
    return sum(energies) / len(energies) + 0.1 * spread + 0.01 * (system.kinetic + system.potential - start) ** 2


EXAMPLE = dict(
    args=(
        np.array([[0.0, 0.1], [1.15, -0.05], [0.5, 1.05], [-0.9, 0.8]]),
        np.array([[0.2, -0.1], [-0.3, 0.25], [0.1, 0.4], [0.15, -0.35]]),
        0.8,
        0.75,
        0.3,
    ),
    wrt=("positions", "velocities", "epsilon", "sigma"),
)
