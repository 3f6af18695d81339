"""An artificial stand-in for CIFAR-10, made by a seeded generator; no file is needed.

Ten classes of coloured, blurry patterns with CIFAR-10's shapes, dtypes and range. They are made so
that what is true of CIFAR-10 in this course is true here as well:

- a linear classifier does far worse than a net, because each class has several prototypes that
  have nothing in common with each other, and each of them occurs as its own negative just as often;
- no net gets everything right, because every image has a bit of another class, a background and
  grainy noise in it: a small training set is learnt by heart, and regularisation pays;
- below the grain, neighbouring pixels are alike.

The prototypes are the same for good: they say what the classes are. The argument `seed` only draws
the images, so that two seeds give two samples of one and the same task.
"""

from functools import lru_cache

import numpy as np

STRUCTURE_SEED = 2  # of the prototypes; another one would be another task
CLASSES, PROTOTYPES = 10, 2
FREQUENCIES = 4  # waves across and down; few of them, so that images are smooth
PROTOTYPE, BACKGROUND = 1.0, 0.6  # how strong they are relative to each other
INTRUSION = 1.0  # the largest share of another class in an image
COLOUR = 0.6  # 0: shades of grey, 1: three unrelated channels
BRIGHTNESS, CONTRAST, GRAIN = 127.5, 60.0, 45.0  # mean, standard deviation, that of the noise in it


def sample_data(
    num_training=4000,
    num_validation=1000,
    num_test=1000,
    seed=0,
    subtract_mean=True,
    dtype=np.float32,
):
    """Draw a sample of the artificial data set.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes of the three sets; 0 gives an empty one.
    seed : int
        Draws the images. The classes are the same for every seed.
    subtract_mean : bool
        Subtract the mean image, an even grey: the same one for every seed and every size.
    dtype : numpy dtype
        Of the images.

    Returns
    -------
    dict
        X_train, X_val, X_test: ndarray of `dtype`, shape (N, 3, 32, 32); before the mean is
        subtracted they hold whole numbers from 0 to 255.
        y_train, y_val, y_test: ndarray of int64, shape (N,), classes 0 to 9.
    """
    random = np.random.default_rng(seed)
    data = {}
    for name, size in (("train", num_training), ("val", num_validation), ("test", num_test)):
        images, labels = draw_images(size, random)
        data[f"X_{name}"] = images.astype(dtype) - subtract_mean * np.asarray(BRIGHTNESS, dtype)
        data[f"y_{name}"] = labels
    return data


def draw_images(size, random):
    """Draw images and their labels.

    Parameters
    ----------
    size : int
        Number of images, N.
    random : numpy.random.Generator

    Returns
    -------
    images : ndarray of uint8, shape (N, 3, 32, 32)
    labels : ndarray of int64, shape (N,)
    """
    prototypes, waves = structure()
    labels = random.integers(CLASSES, size=size)
    own = _choose(prototypes, labels, random)
    other = _choose(prototypes, random.integers(CLASSES, size=size), random)
    share = random.uniform(0, INTRUSION, size=(size, 1, 1))
    weights = PROTOTYPE * (np.sqrt(1 - share**2) * own + share * other)
    weights = weights + BACKGROUND * random_weights((size,), random)
    images = (weights.astype(np.float32).reshape(-1, len(waves)) @ waves).reshape(size, 3, 32, 32)
    images *= np.sqrt((CONTRAST**2 - GRAIN**2) / (PROTOTYPE**2 + BACKGROUND**2))
    images += GRAIN * random.standard_normal(images.shape, dtype=np.float32) + BRIGHTNESS
    return np.clip(np.rint(images), 0, 255).astype(np.uint8), labels


def _choose(prototypes, labels, random):
    """One of its class' prototypes for each label, as it is or as its negative."""
    chosen = prototypes[labels, random.integers(PROTOTYPES, size=len(labels))]
    return chosen * random.choice([-1, 1], size=(len(labels), 1, 1))


@lru_cache(maxsize=1)
def structure():
    """What is the same for every seed.

    Returns
    -------
    prototypes : ndarray, shape (10, PROTOTYPES, 3, F)
        Weights of the waves in each prototype of each class.
    waves : ndarray of float32, shape (F, 32 * 32)
        F smooth patterns, cosines across times cosines down; slow ones are stronger, as in
        photographs. Random weights with variance 1 make images with variance 1.
    """
    pixels = (np.arange(32) + 0.5) / 32
    cosines = np.cos(np.pi * np.outer(np.arange(FREQUENCIES), pixels))
    cosines[0] /= np.sqrt(2)  # as strong as the others: a constant has twice a wave's mean square
    strength = 1 / (1 + np.hypot(*np.indices((FREQUENCIES, FREQUENCIES))))
    waves = np.einsum("ab,ai,bj->abij", strength, cosines, cosines).reshape(-1, 32 * 32)
    waves /= np.sqrt((waves**2).sum(axis=0).mean())
    random = np.random.default_rng(STRUCTURE_SEED)
    return random_weights((CLASSES, PROTOTYPES), random), waves.astype(np.float32)


def random_weights(shape, random):
    """Weights of random blurry patterns, shape (*shape, 3, F), with variance 1.

    The three channels share a part of their weights, so that colours are not too gaudy.
    """
    grey = random.standard_normal((*shape, 1, FREQUENCIES**2))
    colours = random.standard_normal((*shape, 3, FREQUENCIES**2))
    return np.sqrt(1 - COLOUR**2) * grey + COLOUR * colours
