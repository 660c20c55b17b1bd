"""Models of how retailers vary: beta-binomial, logit-normal and random-effects tests."""

from switchstats.inference.models.beta_binomial import beta_binomial, beta_binomial_p_values
from switchstats.inference.models.fits import ModelFit, fit_beta_binomial, fit_mixed_logit
from switchstats.inference.models.mixed_logit import mixed_logit, mixed_logit_p_values
from switchstats.inference.models.prediction import Prediction, rate_prediction
from switchstats.inference.models.random_effects import random_effects, random_effects_p_values

__all__ = [
    "ModelFit",
    "Prediction",
    "beta_binomial",
    "beta_binomial_p_values",
    "fit_beta_binomial",
    "fit_mixed_logit",
    "mixed_logit",
    "mixed_logit_p_values",
    "random_effects",
    "random_effects_p_values",
    "rate_prediction",
]
