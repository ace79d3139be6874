"""Train multinomial logistic regression on scikit-learn's handwritten digits, with the gradient that backprose writes.

Run it with ``python examples/softmax_regression.py``; it needs the ``examples`` extra.
"""

import numpy as np

import backprose as bp


def softmax_loss(W, b, images, labels):
    scores = images @ W + b                          # a row for each picture
    scores -= bp.stop_gradient(np.max(scores, axis=1, keepdims=True))
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(np.sum(labels * log_p, axis=1))


def accuracy(W, b, images, digits):
    """The share of the pictures whose highest score is that of their digit."""
    return np.mean(np.argmax(images @ W + b, axis=1) == digits)


def train(loss_and_gradient, images, labels, turns, rate=1.0, progress=range):
    """Plain gradient descent on all pictures at once, from zero weights."""
    W, b = np.zeros((images.shape[1], labels.shape[1])), np.zeros(labels.shape[1])
    for _ in progress(turns):
        _, (W_bar, b_bar) = loss_and_gradient(W, b, images, labels)
        W -= rate * W_bar
        b -= rate * b_bar
    return W, b


def main():
    # imported here, so that the loss can be used, and its gradient dumped, without the extra
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from tqdm import trange

    pictures, digits = load_digits(return_X_y=True)
    images, held_out, digits, held_out_digits = train_test_split(
        pictures / 16, digits, test_size=0.25, random_state=0, stratify=digits
    )
    labels = np.eye(10)[digits]

    loss_and_gradient = bp.value_and_grad(softmax_loss, wrt=("W", "b"))
    W, b = train(loss_and_gradient, images, labels, turns=1000, progress=lambda turns: trange(turns, unit="turn"))

    print("\nThe gradient that trained it:\n")
    print(loss_and_gradient.source)
    value, _ = loss_and_gradient(W, b, images, labels)
    share = accuracy(W, b, held_out, held_out_digits)
    print(f"loss {value:.4f}; right on {share:.1%} of {len(held_out)} held-out pictures")
    if share < 0.95:
        raise SystemExit("expected at least 95 % on the held-out pictures")


if __name__ == "__main__":
    main()
