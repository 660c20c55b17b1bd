# Reference values for beta-binomial, logit-normal and random-effects models, from R.
#
# Usage: Rscript models.R models_data.csv OUT.csv  (half a minute)
#
# The data were drawn once with numpy; `no_spread` and `no_errors_in_a_group` were made by hand and
# `cbpp` is lme4's.
#
# Fits come from VGAM, glmmTMB, lme4 and metafor where those reach a digit that can be compared;
# what they do not print (profile intervals, integrals over a normal intercept to full precision)
# is computed here from dbetabinom and dbinom with nlminb, uniroot and the trapezoidal rule.
suppressPackageStartupMessages({
  library(lme4)
  library(glmmTMB)
  library(metafor)
})

arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], colClasses = c(rep("character", 3), rep("numeric", 3)))
versions <- sapply(c("VGAM", "glmmTMB", "lme4", "metafor"), function(name) {
  paste(name, packageVersion(name))
})
BASE <- paste("R", getRversion())

rows <- list()
add <- function(dataset, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, value = sprintf("%.17g", as.numeric(value)),
    source = source
  )
}

# --- maxima and profiles -------------------------------------------------------------------------

maximum <- function(value, start) {
  negative <- function(at) {
    result <- -value(at)
    if (is.finite(result)) result else 1e10
  }
  at <- start
  for (round in 1:3) {
    at <- nlminb(at, negative, control = list(
      rel.tol = 1e-15, x.tol = 1e-14, eval.max = 5000, iter.max = 5000
    ))$par
  }
  for (round in 1:3) {
    step <- try(
      solve(numDeriv::hessian(negative, at), numDeriv::grad(negative, at)), silent = TRUE
    )
    if (!inherits(step, "try-error") && negative(at - step) <= negative(at) + 1e-9) at <- at - step
  }
  list(at = at, value = value(at))
}

with_fixed <- function(value, place, number) {
  function(others) value(append(others, number, place - 1))
}

profiled <- function(value, place, number, at) {
  maximum(with_fixed(value, place, number), at[-place])$value
}

# Where the likelihood ratio reaches its 95 % point between two numbers.
profile_end <- function(value, place, best, from, to, level = 0.95) {
  miss <- function(number) {
    2 * (best$value - profiled(value, place, number, best$at)) - qchisq(level, 1)
  }
  uniroot(miss, c(from, to), tol = 1e-11)$root
}

std_errors <- function(value, at) sqrt(diag(solve(-numDeriv::hessian(value, at))))

# --- beta-binomial -------------------------------------------------------------------------------

# Parameters: log-odds of the second group, difference, logit of the correlation (one or two).
beta_binomial_value <- function(d) {
  first <- d$group == "incumbent"
  function(at) {
    rho <- plogis(at[-(1:2)])
    if (length(rho) == 2) rho <- ifelse(first, rho[1], rho[2])
    sum(VGAM::dbetabinom(d$errors, d$requests, plogis(at[1] + at[2] * first), rho, log = TRUE))
  }
}

beta_binomial <- function(name, d) {
  value <- beta_binomial_value(d)
  start <- c(qlogis(sum(d$errors) / sum(d$requests)), 0, -4)
  best <- maximum(value, start)
  null <- maximum(with_fixed(value, 2, 0), start[-2])
  source <- paste(BASE, versions["VGAM"], "dbetabinom")
  ratio <- 2 * (best$value - null$value)
  add(name, "beta_binomial_estimate", best$at[2], source)
  add(name, "beta_binomial_std_error", std_errors(value, best$at)[2], source)
  add(name, "beta_binomial_statistic", ratio, source)
  add(name, "beta_binomial_p_value", pchisq(ratio, 1, lower.tail = FALSE), source)
  n <- nrow(d)
  t <- sqrt((n - 2) * (exp(ratio / n) - 1))
  add(name, "beta_binomial_p_value_t", 2 * pt(-t, n - 2), source)
  reach <- 6 * std_errors(value, best$at)[2]
  low <- profile_end(value, 2, best, best$at[2] - reach, best$at[2])
  high <- profile_end(value, 2, best, best$at[2], best$at[2] + reach)
  add(name, "beta_binomial_low", low, source)
  add(name, "beta_binomial_high", high, source)
  add(name, "beta_binomial_rate_first", plogis(sum(best$at[1:2])), source)
  add(name, "beta_binomial_rate_second", plogis(best$at[1]), source)
  add(name, "beta_binomial_correlation", plogis(best$at[3]), source)
  high <- profile_end(value, 3, best, best$at[3], min(best$at[3] + 8, 8))
  add(name, "beta_binomial_correlation_high", plogis(high), source)
  without <- maximum(
    function(at) {
      mean <- plogis(at[1] + at[2] * (d$group == "incumbent"))
      sum(dbinom(d$errors, d$requests, mean, log = TRUE))
    },
    start[1:2]
  )
  apart <- 2 * (best$value - without$value)
  add(name, "beta_binomial_correlation_p_value", pchisq(apart, 1, lower.tail = FALSE) / 2, source)
  if (apart > qchisq(0.95, 1)) {
    low <- profile_end(value, 3, best, best$at[3] - 8, best$at[3])
    add(name, "beta_binomial_correlation_low", plogis(low), source)
  }
}

by_group <- function(name, d) {
  value <- beta_binomial_value(d)
  start <- c(qlogis(sum(d$errors) / sum(d$requests)), 0, -4, -4)
  best <- maximum(value, start)
  null <- maximum(with_fixed(value, 2, 0), start[-2])
  source <- paste(BASE, versions["VGAM"], "dbetabinom")
  add(name, "by_group_estimate", best$at[2], source)
  add(name, "by_group_statistic", 2 * (best$value - null$value), source)
  add(name, "by_group_correlation_first", plogis(best$at[3]), source)
  add(name, "by_group_correlation_second", plogis(best$at[4]), source)
}

# The packages' own fits; glmmTMB's is polished by Newton steps on its own gradient.
by_packages <- function(name, d) {
  d$first <- as.numeric(d$group == "incumbent")
  fit <- VGAM::vglm(
    cbind(errors, requests - errors) ~ first, VGAM::betabinomial(zero = 2), d,
    epsilon = 1e-14, maxit = 200
  )
  # Arrives at the coefficients within 1e-5; its log-likelihood is as good as the square of that.
  add(name, "vgam_log_likelihood", VGAM::logLik.vlm(fit), paste(versions["VGAM"], "vglm"))
  polished(name, "tmb_beta_binomial", glmmTMB(
    cbind(errors, requests - errors) ~ first, d, family = glmmTMB::betabinomial()
  ))
}

polished <- function(name, what, fit) {
  source <- paste(versions["glmmTMB"], "polished")
  at <- fit$fit$par
  for (round in 1:4) {
    gradient <- as.numeric(fit$obj$gr(at))
    steps <- list(ndeps = rep(1e-4, length(at)))
    at <- at - solve(optimHess(at, fit$obj$fn, fit$obj$gr, control = steps), gradient)
  }
  beta <- at[names(at) == "beta"]
  hessian <- numDeriv::jacobian(fit$obj$gr, at)
  errors <- sqrt(diag(solve((hessian + t(hessian)) / 2)))[names(at) == "beta"]
  for (place in seq_along(beta)) {
    add(name, sprintf("%s_coefficient_%d", what, place), beta[place], source)
    add(name, sprintf("%s_std_error_%d", what, place), errors[place], source)
  }
  for (sd in exp(at[names(at) == "theta"])) add(name, paste0(what, "_sd"), sd, source)
  for (phi in exp(at[names(at) == "betad" & fit$modelInfo$family$family == "betabinomial"])) {
    add(name, paste0(what, "_correlation"), 1 / (1 + phi), source)
  }
  add(name, paste0(what, "_log_likelihood"), -fit$obj$fn(at), source)
}

# --- normal intercepts ---------------------------------------------------------------------------

# Log of the integral over a standard normal b of exp(log_density), by the trapezoidal rule around
# the mode; log_density takes a vector.
integral <- function(log_density) {
  peak <- optimize(function(b) -log_density(b), c(-9, 9), tol = 1e-7)$minimum
  h <- 1e-3
  bend <- -(log_density(peak + h) - 2 * log_density(peak) + log_density(peak - h)) / h^2
  grid <- peak + seq(-12, 12, length.out = 241) / sqrt(max(bend, 1))
  logs <- log_density(grid)
  max(logs) + log(sum(exp(logs - max(logs))) * (grid[2] - grid[1]))
}

# Parameters: coefficients of the design, standard deviation and, with `correlated`, the logit of
# the correlation within a cell.
normal_value <- function(d, design, correlated = FALSE) {
  parts <- split(seq_len(nrow(d)), d$retailer)
  p <- ncol(design)
  function(at) {
    fixed <- as.numeric(design %*% at[1:p])
    sum(sapply(parts, function(part) {
      e <- d$errors[part]
      n <- d$requests[part]
      integral(function(b) {
        rate <- plogis(outer(fixed[part], at[p + 1] * b, `+`))
        logs <- if (correlated) {
          many <- length(b)
          VGAM::dbetabinom(rep(e, many), rep(n, many), c(rate), plogis(at[p + 2]), log = TRUE)
        } else {
          dbinom(e, n, rate, log = TRUE)
        }
        colSums(matrix(logs, length(part))) + dnorm(b, log = TRUE)
      })
    }))
  }
}

# The polishing steps of `maximum` would take minutes here: a single one, with derivatives by
# Richardson's extrapolation.
quick_maximum <- function(value, start) {
  at <- nlminb(start, function(at) -value(at), control = list(
    rel.tol = 1e-14, x.tol = 1e-10, eval.max = 2000, iter.max = 2000
  ))$par
  step <- tryCatch(
    solve(numDeriv::hessian(value, at), numDeriv::grad(value, at)),
    error = function(e) 0 * at
  )
  if (value(at - step) >= value(at) - 1e-12) at <- at - step
  list(at = at, value = value(at))
}

mixed_logit <- function(name, d, start) {
  design <- cbind(1, d$group == "incumbent")
  value <- normal_value(d, design)
  best <- quick_maximum(value, start)
  null <- quick_maximum(function(at) value(c(at[1], 0, at[2])), start[-2])
  source <- paste(BASE, "dbinom, trapezoidal rule")
  ratio <- 2 * (best$value - null$value)
  add(name, "mixed_logit_estimate", best$at[2], source)
  add(name, "mixed_logit_sd", abs(best$at[3]), source)
  add(name, "mixed_logit_statistic", ratio, source)
  add(name, "mixed_logit_p_value", pchisq(ratio, 1, lower.tail = FALSE), source)
  average <- function(log_odds) {
    rate <- function(b) plogis(log_odds + best$at[3] * b) * dnorm(b)
    integrate(rate, -12, 12, rel.tol = 1e-12)$value
  }
  add(name, "mixed_logit_rate_first", average(sum(best$at[1:2])), source)
  add(name, "mixed_logit_rate_second", average(best$at[1]), source)
}

mixed_logit_end <- function(name, d, start, from, to) {
  value <- normal_value(d, cbind(1, d$group == "incumbent"))
  best <- quick_maximum(value, start)
  fallen <- function(number) {
    fixed <- quick_maximum(function(at) value(c(at[1], number, at[2])), best$at[-2])
    2 * (best$value - fixed$value) - qchisq(0.95, 1)
  }
  add(
    name, "mixed_logit_high", uniroot(fallen, c(from, to), tol = 1e-9)$root,
    paste(BASE, "dbinom, trapezoidal rule")
  )
}

cbpp_fits <- function() {
  cells <- cbind(cbpp$incidence, cbpp$size - cbpp$incidence)
  for (nodes in c(2, 7, 25)) {
    fit <- glmer(
      cells ~ period + (1 | herd), cbpp, binomial, nAGQ = nodes,
      control = glmerControl(
        optimizer = "bobyqa", tolPwrss = 1e-13,
        optCtrl = list(rhobeg = 0.01, rhoend = 1e-10, maxfun = 1e5)
      )
    )
    what <- sprintf("glmer_%d", nodes)
    for (place in 1:4) {
      add("cbpp", sprintf("%s_coefficient_%d", what, place), fixef(fit)[place], versions["lme4"])
    }
    add("cbpp", paste0(what, "_sd"), attr(VarCorr(fit)$herd, "stddev"), versions["lme4"])
  }
  polished("cbpp", "tmb_mixed_logit", glmmTMB(
    cells ~ period + (1 | herd), cbpp, family = binomial()
  ))
  polished("cbpp", "tmb_beta_binomial", glmmTMB(
    cells ~ period, cbpp, family = glmmTMB::betabinomial()
  ))
}

panels <- function(d, rough) {
  d$first <- as.numeric(d$group == "incumbent")
  d$period <- factor(d$period)
  cells <- cbind(d$errors, d$requests - d$errors)
  polished("panel", "tmb_mixed_logit", glmmTMB(
    cells ~ 0 + period + first + (1 | retailer), d, family = binomial()
  ))
  null <- glmmTMB(cells ~ 0 + period + (1 | retailer), d, family = binomial())
  full <- glmmTMB(cells ~ 0 + period + first + (1 | retailer), d, family = binomial())
  add("panel", "laplace_statistic", 2 * (logLik(full) - logLik(null)), versions["glmmTMB"])
  rough$first <- as.numeric(rough$group == "incumbent")
  both <- cbind(rough$errors, rough$requests - rough$errors)
  polished("panel_rough", "tmb_beta_binomial", glmmTMB(
    both ~ first + (1 | retailer), rough, family = glmmTMB::betabinomial()
  ))
  value <- normal_value(rough, cbind(1, rough$first), correlated = TRUE)
  best <- quick_maximum(value, c(-1.5, 0.3, 0.3, -4))
  source <- paste(BASE, versions["VGAM"], "dbetabinom, trapezoidal rule")
  add("panel_rough", "exact_coefficient_2", best$at[2], source)
  add("panel_rough", "exact_sd", abs(best$at[3]), source)
  add("panel_rough", "exact_correlation", plogis(best$at[4]), source)
  add("panel_rough", "exact_log_likelihood", best$value, source)
}

# --- random effects ------------------------------------------------------------------------------

# A variance that scoring has left a rounding above 0 is 0.
SETTLED <- 1e-12
sd_of <- function(variance) if (variance < SETTLED) 0 else sqrt(variance)
TIGHT <- list(threshold = 1e-15, maxiter = 100000, tol = 1e-15)

pooled_variance <- function(d) {
  p <- ave(d$errors, d$group, FUN = sum) / ave(d$requests, d$group, FUN = sum)
  p * (1 - p) / d$requests
}

random_effects <- function(name, d) {
  source <- paste(versions["metafor"], "rma")
  rates <- d$errors / d$requests
  within <- d$errors > 0 & d$errors < d$requests
  own <- rates * (1 - rates) / d$requests
  shared <- pooled_variance(d)
  first <- as.numeric(d$group == "incumbent")
  for (method in c("PM", "REML")) {
    for (variance in if (all(within)) c("pooled", "own") else "pooled") {
      v <- if (variance == "own") own else shared
      what <- tolower(paste("random", method, variance, sep = "_"))
      for (group in c("incumbent", "entrant")) {
        part <- d$group == group
        mean <- rma(rates[part], v[part], method = method, test = "knha", control = TIGHT)
        side <- if (group == "incumbent") "first" else "second"
        add(name, paste(what, "mean", side, sep = "_"), mean$beta, source)
        add(name, paste(what, "std_error", side, sep = "_"), mean$se, source)
        add(name, paste(what, "tau", side, sep = "_"), sd_of(mean$tau2), source)
        share <- if (mean$tau2 < SETTLED) 0 else mean$I2 / 100
        add(name, paste(what, "i_squared", side, sep = "_"), share, source)
        around <- predict(mean)
        add(name, paste(what, "prediction_high", side, sep = "_"), around$pi.ub, source)
      }
      both <- rma(rates, v, mods = ~first, method = method, test = "knha", control = TIGHT)
      add(name, paste(what, "common_estimate", sep = "_"), both$beta[2], source)
      add(name, paste(what, "common_std_error", sep = "_"), both$se[2], source)
      add(name, paste(what, "common_p_value", sep = "_"), both$pval[2], source)
      add(name, paste(what, "common_low", sep = "_"), both$ci.lb[2], source)
      add(name, paste(what, "common_tau", sep = "_"), sd_of(both$tau2), source)
    }
  }
  if (all(within)) {
    logits <- rma(
      qlogis(rates), 1 / d$errors + 1 / (d$requests - d$errors), mods = ~first, method = "PM",
      test = "knha", control = TIGHT
    )
    add(name, "random_log_odds_own_common_estimate", logits$beta[2], source)
    add(name, "random_log_odds_own_common_p_value", logits$pval[2], source)
  }
}

# --- all of it -----------------------------------------------------------------------------------

sets <- split(data, data$dataset)
for (name in c("ten_v_ten", "skewed_volumes", "three_v_twelve", "sparse", "rare_errors", "alike")) {
  beta_binomial(name, sets[[name]])
}
# Where a group's correlation is 0 its logit has no maximum to find.
for (name in c("ten_v_ten", "skewed_volumes", "three_v_twelve")) by_group(name, sets[[name]])
for (name in c("ten_v_ten", "three_v_twelve", "sparse")) by_packages(name, sets[[name]])
for (name in c("ten_v_ten", "three_v_twelve", "sparse", "rare_errors")) {
  mixed_logit(name, sets[[name]], c(-2, 0.1, 0.3))
}
mixed_logit_end("sparse", sets[["sparse"]], c(-2, -0.4, 0.4), 0.1, 2)
for (name in c(
  "ten_v_ten", "skewed_volumes", "three_v_twelve", "rare_errors", "alike", "large_counts"
)) {
  random_effects(name, sets[[name]])
}
cbpp_fits()
panels(sets[["panel"]], sets[["panel_rough"]])
write.csv(do.call(rbind, rows), arguments[2], row.names = FALSE, quote = FALSE)
