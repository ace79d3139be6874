"""The gradients of the primals as an expert would write them by hand, with what the mathematics knows."""
