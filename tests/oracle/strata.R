# Reference values for comparisons within strata, from R and its packages metafor and clubSandwich.
#
# Usage: Rscript strata.R strata_data.csv strata_retailers.csv OUT.csv
#
# Roots are found here with tolerances far below those of mantelhaen.test, whose exact odds ratio
# and interval are good to four or five digits only.
suppressPackageStartupMessages({
  library(metafor)
  library(clubSandwich)
})

arguments <- commandArgs(trailingOnly = TRUE)
tables <- read.csv(arguments[1], colClasses = c("character", "character", rep("numeric", 4)))
cells <- read.csv(
  arguments[2],
  colClasses = c("character", "character", "character", "character", "numeric", "numeric")
)

R_VERSION <- paste("R", getRversion())
METAFOR_VERSION <- paste("metafor", packageVersion("metafor"))
CLUB_VERSION <- paste("clubSandwich", packageVersion("clubSandwich"))
DIRECTIONS <- c(two_sided = "two.sided", less = "less", greater = "greater")
NULL_RATIO <- 1.2
NULL_DIFFERENCE <- 0.02
TIE <- log1p(1e-7)

rows <- list()
add <- function(dataset, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, value = sprintf("%.17g", value), source = source
  )
}
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-15, maxiter = 10000)$root

# The logs of the masses of the first group's errors given all margins, by convolution.
convolve_masses <- function(d) {
  total <- 1
  for (k in seq_len(nrow(d))) {
    errors <- d$e1[k] + d$e0[k]
    one <- dhyper(max(0, errors - d$n0[k]):min(d$n1[k], errors), d$n1[k], d$n0[k], errors)
    wide <- numeric(length(total) + length(one) - 1)
    for (j in seq_along(one)) {
      at <- j:(j + length(total) - 1)
      wide[at] <- wide[at] + one[j] * total
    }
    total <- wide
  }
  low <- sum(pmax(0, d$e1 + d$e0 - d$n0))
  list(log = log(total), x = low + seq_along(total) - 1)
}
tilted <- function(masses, theta) {
  d <- masses$log + theta * masses$x
  d <- exp(d - max(d))
  d / sum(d)
}

exact <- function(dataset, d) {
  masses <- convolve_masses(d)
  source <- paste(R_VERSION, "dhyper, convolved")
  x <- sum(d$e1)
  at <- which(masses$x == x)
  extreme <- x == min(masses$x) || x == max(masses$x)
  tails <- function(theta) {
    p <- tilted(masses, theta)
    c(less = sum(p[masses$x <= x]), greater = sum(p[masses$x >= x]), equal = p[at])
  }
  likelihood <- function(theta) {
    logs <- masses$log + theta * masses$x
    sum(tilted(masses, theta)[logs <= logs[at] + TIE])
  }
  for (null in c(1, NULL_RATIO)) {
    suffix <- if (null == 1) "" else "_null"
    t <- tails(log(null))
    add(dataset, paste0("exact_p_less", suffix), t[["less"]], source)
    add(dataset, paste0("exact_p_greater", suffix), t[["greater"]], source)
    add(dataset, paste0("exact_p_two_sided", suffix), likelihood(log(null)), source)
    add(
      dataset, paste0("exact_p_central", suffix),
      min(1, 2 * min(t[["less"]], t[["greater"]])), source
    )
    add(
      dataset, paste0("exact_p_mid", suffix),
      2 * (min(t[["less"]], t[["greater"]]) - t[["equal"]] / 2), source
    )
  }
  if (extreme) return()
  estimate <- root(function(theta) sum(masses$x * tilted(masses, theta)) - x, -20, 20)
  add(dataset, "exact_estimate", exp(estimate), source)
  for (half in c(0, 0.5)) {
    name <- if (half == 0) "exact_central" else "exact_mid"
    end <- function(side) {
      root(function(theta) {
        t <- tails(theta)
        t[[side]] - half * t[["equal"]] - 0.025
      }, -20, 20)
    }
    add(dataset, paste0(name, "_high_95"), exp(end("less")), source)
    add(dataset, paste0(name, "_low_95"), exp(end("greater")), source)
  }
  less <- root(function(theta) tails(theta)[["less"]] - 0.1, -20, 20)
  add(dataset, "exact_high_less_90", exp(less), source)
  # The outermost odds ratio that is not rejected: by steps towards the estimate, then bisection.
  outermost <- function(direction) {
    step <- direction * 0.002 / sqrt(sum(tilted(masses, estimate) * (masses$x - x)^2))
    reach <- 5 * 500
    far <- estimate + reach * step
    while (likelihood(far) <= 0.05) far <- far - step
    inside <- far
    outside <- far + step
    for (i in 1:60) {
      middle <- (inside + outside) / 2
      if (likelihood(middle) > 0.05) inside <- middle else outside <- middle
    }
    inside
  }
  add(dataset, "exact_likelihood_low_95", exp(outermost(-1)), source)
  add(dataset, "exact_likelihood_high_95", exp(outermost(1)), source)
}

# The conditional score test, from the exact means and variances of every stratum.
moments <- function(d, theta) {
  both <- sapply(seq_len(nrow(d)), function(k) {
    errors <- d$e1[k] + d$e0[k]
    x <- max(0, errors - d$n0[k]):min(d$n1[k], errors)
    logs <- dhyper(x, d$n1[k], d$n0[k], errors, log = TRUE) + theta * x
    p <- exp(logs - max(logs))
    p <- p / sum(p)
    c(sum(p * x), sum(p * x^2) - sum(p * x)^2)
  })
  rowSums(both)
}
score <- function(dataset, d) {
  source <- paste(R_VERSION, "dhyper")
  z <- function(theta, half) {
    m <- moments(d, theta)
    away <- sum(d$e1) - m[1]
    sign(away) * (abs(away) - (if (abs(away) >= half) half else 0)) / sqrt(m[2])
  }
  for (half in c(0, 0.5)) {
    name <- if (half == 0) "cmh_plain" else "cmh_corrected"
    at_null <- z(log(NULL_RATIO), half)
    add(dataset, paste0(name, "_p_two_sided_null"), 2 * pnorm(-abs(at_null)), source)
    add(dataset, paste0(name, "_p_less_null"), pnorm(at_null), source)
    ahead <- function(theta, side) {
      m <- moments(d, theta)
      (side * (m[1] - sum(d$e1)) - half) / sqrt(m[2]) - qnorm(0.975)
    }
    add(dataset, paste0(name, "_high_95"), exp(root(function(t) ahead(t, 1), -8, 8)), source)
    add(dataset, paste0(name, "_low_95"), exp(root(function(t) ahead(t, -1), -8, 8)), source)
  }
}

asymptotic <- function(dataset, d) {
  source <- paste(R_VERSION, "mantelhaen.test")
  square <- array(rbind(d$e1, d$n1 - d$e1, d$e0, d$n0 - d$e0), c(2, 2, nrow(d)))
  for (correct in c(FALSE, TRUE)) {
    name <- if (correct) "cmh_corrected" else "cmh_plain"
    for (direction in names(DIRECTIONS)) {
      test <- mantelhaen.test(square, alternative = DIRECTIONS[[direction]], correct = correct)
      add(dataset, paste0(name, "_p_", direction), test$p.value, source)
    }
    add(dataset, paste0(name, "_statistic"), test$statistic, source)
  }
  add(dataset, "odds_ratio_estimate", test$estimate, source)
  both <- mantelhaen.test(square, conf.level = 0.9)$conf.int
  add(dataset, "odds_ratio_low_90", both[1], source)
  add(dataset, "odds_ratio_high_90", both[2], source)
  less <- mantelhaen.test(square, alternative = "less")$conf.int
  add(dataset, "odds_ratio_high_less_95", less[2], source)
}

by_metafor <- function(dataset, d) {
  source <- paste(METAFOR_VERSION, "rma.mh")
  measures <- c(odds_ratio = "OR", risk_ratio = "RR", difference = "RD")
  for (name in names(measures)) {
    fit <- rma.mh(
      ai = d$e1, n1i = d$n1, ci = d$e0, n2i = d$n0, measure = measures[[name]],
      add = 0, to = "none", drop00 = FALSE, correct = FALSE
    )
    if (name != "odds_ratio") {
      add(dataset, paste0(name, "_estimate"), transf(fit$beta, name), source)
      add(dataset, paste0(name, "_low_95"), transf(fit$ci.lb, name), source)
      add(dataset, paste0(name, "_high_95"), transf(fit$ci.ub, name), source)
    }
    add(dataset, paste0(name, "_std_error"), fit$se, source)
    add(dataset, paste0(name, "_p_two_sided"), fit$pval, source)
    if (name == "odds_ratio" && nrow(d) > 1) {
      add(dataset, "breslow_day", fit$BD, source)
      add(dataset, "breslow_day_p", pchisq(fit$BD, fit$k.pos - 1, lower.tail = FALSE), source)
      add(dataset, "tarone", fit$TA, source)
      add(dataset, "tarone_p", fit$TAp, source)
    }
  }
}
transf <- function(value, name) if (name == "difference") value else exp(value)

# Miettinen and Nurminen's constrained rates by their closed form.
rates_at <- function(d, delta) {
  n <- d$n1 + d$n0
  l2 <- (d$n1 + 2 * d$n0) * delta - n - d$e1 - d$e0
  l1 <- (d$n0 * delta - n - 2 * d$e0) * delta + d$e1 + d$e0
  l0 <- d$e0 * delta * (1 - delta)
  q <- l2^3 / (3 * n)^3 - l1 * l2 / (6 * n^2) + l0 / (2 * n)
  p <- ifelse(q >= 0, 1, -1) * sqrt(pmax(l2^2 / (3 * n)^2 - l1 / (3 * n), 0))
  angle <- (pi + acos(pmin(1, pmax(-1, ifelse(p == 0, 0, q / p^3))))) / 3
  second <- 2 * p * cos(angle) - l2 / (3 * n)
  cbind(second + delta, second)
}
mn_z <- function(d, delta) {
  n <- d$n1 + d$n0
  r <- pmin(pmax(rates_at(d, delta), 0), 1)
  v <- (r[, 1] * (1 - r[, 1]) / d$n1 + r[, 2] * (1 - r[, 2]) / d$n0) * n / (n - 1)
  w <- d$n1 * d$n0 / n / sum(d$n1 * d$n0 / n)
  (sum(w * (d$e1 / d$n1 - d$e0 / d$n0)) - delta) / sqrt(sum(w^2 * v))
}
stratified_score <- function(dataset, d) {
  source <- paste(R_VERSION, "closed form")
  w <- d$n1 * d$n0 / (d$n1 + d$n0)
  middle <- sum(w * (d$e1 / d$n1 - d$e0 / d$n0)) / sum(w)
  end <- function(quantile) {
    f <- function(delta) mn_z(d, delta) - quantile
    if (quantile > 0) root(f, -0.99, middle) else root(f, middle, 0.99)
  }
  add(dataset, "mn_p_two_sided", 2 * pnorm(-abs(mn_z(d, 1e-13))), source)
  add(dataset, "mn_p_two_sided_null", 2 * pnorm(-abs(mn_z(d, NULL_DIFFERENCE))), source)
  add(dataset, "mn_p_greater_null", pnorm(-mn_z(d, NULL_DIFFERENCE)), source)
  add(dataset, "mn_low_95", end(qnorm(0.975)), source)
  add(dataset, "mn_high_95", end(qnorm(0.025)), source)
  add(dataset, "mn_high_less_90", end(qnorm(0.1)), source)
}

for (dataset in unique(tables$dataset)) {
  d <- tables[tables$dataset == dataset, ]
  if (dataset != "large") exact(dataset, d)
  if (dataset != "rabbits") {
    # its first and last strata have all or no errors in one group, which metafor leaves out
    by_metafor(dataset, d)
  }
  score(dataset, d)
  if (nrow(d) > 1) asymptotic(dataset, d)
  stratified_score(dataset, d)
}

# Retailers as clusters: every estimate without each retailer in turn.
sums <- function(d) {
  first <- d$group == "incumbent"
  by <- function(x, chosen) tapply(x * chosen, d$stratum, sum)
  data.frame(
    e1 = by(d$errors, first), n1 = by(d$requests, first),
    e0 = by(d$errors, !first), n0 = by(d$requests, !first)
  )
}
parts <- function(d) {
  t <- sums(d)
  n <- t$n1 + t$n0
  size <- sum(t$n1 * t$n0 / n)
  c(
    difference = sum((t$e1 * t$n0 - t$e0 * t$n1) / n) / size,
    risk_ratio = log(sum(t$e1 * t$n0 / n) / sum(t$e0 * t$n1 / n)),
    odds_ratio = log(sum(t$e1 * (t$n0 - t$e0) / n) / sum(t$e0 * (t$n1 - t$e1) / n)),
    up = sum(t$e1 * (t$n0 - t$e0) / n) / size,
    down = sum(t$e0 * (t$n1 - t$e1) / n) / size
  )
}
# The stratified score test with each group's counts divided by its design effect.
score_by_retailer <- function(dataset, d, names, incumbents, estimates, k) {
  source <- paste(R_VERSION, "design effects")
  t <- sums(d)
  n <- t$n1 + t$n0
  w <- t$n1 * t$n0 / n / sum(t$n1 * t$n0 / n)
  middle <- sum(w * (t$e1 / t$n1 - t$e0 / t$n0))
  v <- c(sum((estimates[incumbents] - middle)^2), sum((estimates[!incumbents] - middle)^2))
  chance <- function(e, n) sum(w^2 * (e / n) * (1 - e / n) / n)
  effect <- v / c(chance(t$e1, t$n1), chance(t$e0, t$n0))
  df <- sum(v)^2 / sum(v^2 / (k - 1))
  fewer <- data.frame(
    e1 = t$e1 / effect[1], n1 = t$n1 / effect[1], e0 = t$e0 / effect[2], n0 = t$n0 / effect[2]
  )
  z <- function(delta) {
    r <- pmin(pmax(rates_at(fewer, delta), 0), 1)
    v <- (r[, 1] * (1 - r[, 1]) / fewer$n1 + r[, 2] * (1 - r[, 2]) / fewer$n0) * n / (n - 1)
    (middle - delta) / sqrt(sum(w^2 * v))
  }
  add(dataset, "mn_retailers_p_two_sided", 2 * pt(-abs(z(1e-13)), df), source)
  add(dataset, "mn_retailers_p_less_null", pt(z(NULL_DIFFERENCE), df), source)
  add(
    dataset, "mn_retailers_high_95", root(function(x) z(x) - qt(0.025, df), middle, 0.99), source
  )
  add(
    dataset, "mn_retailers_low_95", root(function(x) z(x) - qt(0.975, df), -0.99, middle), source
  )
}
# Breslow and Day's statistic over its mean under the jackknife covariance of the strata.
homogeneity_by_retailer <- function(dataset, d, names, incumbents, k) {
  source <- paste(R_VERSION, "leaving out each retailer")
  apart <- function(d) {
    t <- sums(d)
    n <- t$n1 + t$n0
    psi <- sum(t$e1 * (t$n0 - t$e0) / n) / sum(t$e0 * (t$n1 - t$e1) / n)
    errors <- t$e1 + t$e0
    mean <- mapply(function(n1, n0, e) {
      root(
        function(x) log(x) + log(n0 - e + x) - log(n1 - x) - log(e - x) - log(psi),
        max(0, e - n0) + 1e-9, min(n1, e) - 1e-9
      )
    }, t$n1, t$n0, errors)
    information <- 1 / (1 / mean + 1 / (t$n1 - mean) + 1 / (errors - mean) +
      1 / (t$n0 - errors + mean))
    list(theta = (t$e1 - mean) / information, v = information)
  }
  whole <- apart(d)
  moved <- t(sapply(names, function(name) apart(d[d$retailer != name, ])$theta - whole$theta))
  scaled <- t(t(moved) * sqrt(whole$v))
  mixture <- eigen(crossprod(scaled), symmetric = TRUE)$values
  df <- sum(mixture)^2 / sum(mixture^2)
  parts <- c(sum(scaled[incumbents, ]^2), sum(scaled[!incumbents, ]^2))
  more <- df * sum(parts)^2 / sum(parts^2 / (k - 1))
  plain <- sum(whole$v * whole$theta^2)
  tarone <- plain - sum(whole$v * whole$theta)^2 / sum(whole$v)
  add(dataset, "breslow_day_df", df, source)
  add(dataset, "breslow_day_p", pf(plain / sum(mixture), df, more, lower.tail = FALSE), source)
  add(dataset, "tarone_statistic", tarone / sum(mixture), source)
  add(dataset, "tarone_p", pf(tarone / sum(mixture), df, more, lower.tail = FALSE), source)
}
by_retailer <- function(dataset, d) {
  d$first <- d$group == "incumbent"
  source <- paste(R_VERSION, "leaving out each retailer")
  names <- unique(d$retailer)
  incumbents <- sapply(names, function(name) any(d$first[d$retailer == name]))
  whole <- parts(d)
  without <- sapply(names, function(name) parts(d[d$retailer != name, ]))
  t <- sums(d)[d$stratum, ]
  d$weight <- d$requests * ifelse(d$first, t$n0, t$n1) / (t$n1 + t$n0)
  weight <- tapply(d$weight, d$retailer, sum)[names]
  effective <- function(w) sum(w)^2 / sum(w^2)
  k <- c(effective(weight[incumbents]), effective(weight[!incumbents]))
  spread <- function(estimate, estimates) {
    v <- c(
      sum((estimates[incumbents] - estimate)^2), sum((estimates[!incumbents] - estimate)^2)
    )
    c(sqrt(sum(v)), sum(v)^2 / sum(v^2 / (k - 1)))
  }
  for (name in c("difference", "risk_ratio", "odds_ratio")) {
    s <- spread(whole[[name]], without[name, ])
    null <- switch(name, difference = NULL_DIFFERENCE, log(NULL_RATIO))
    add(dataset, paste0(name, "_retailers_std_error"), s[1], source)
    add(dataset, paste0(name, "_retailers_df"), s[2], source)
    add(
      dataset, paste0(name, "_retailers_p_two_sided"), 2 * pt(-abs(whole[[name]]) / s[1], s[2]),
      source
    )
    add(
      dataset, paste0(name, "_retailers_p_less_null"), pt((whole[[name]] - null) / s[1], s[2]),
      source
    )
    reach <- qt(0.975, s[2]) * s[1]
    add(
      dataset, paste0(name, "_retailers_high_95"), transf(whole[[name]] + reach, name), source
    )
  }
  t_at <- function(psi) {
    s <- spread(whole[["up"]] - psi * whole[["down"]], without["up", ] - psi * without["down", ])
    c((whole[["up"]] - psi * whole[["down"]]) / s[1], s[2])
  }
  for (psi in c(1, NULL_RATIO)) {
    suffix <- if (psi == 1) "" else "_null"
    at <- t_at(psi)
    add(
      dataset, paste0("cmh_retailers_p_two_sided", suffix), 2 * pt(-abs(at[1]), at[2]), source
    )
    add(dataset, paste0("cmh_retailers_p_less", suffix), pt(at[1], at[2]), source)
  }
  estimate <- exp(whole[["odds_ratio"]])
  end <- function(low, high, side) {
    root(function(psi) {
      at <- t_at(psi)
      pt(side * at[1], at[2]) - 0.05
    }, low, high)
  }
  add(dataset, "cmh_retailers_high_90", end(estimate, 50, 1), source)
  add(dataset, "cmh_retailers_low_90", end(0, estimate, -1), source)
  score_by_retailer(dataset, d, names, incumbents, without["difference", ], k)
  if (dataset != "areas") homogeneity_by_retailer(dataset, d, names, incumbents, k)
  fit <- lm(errors / requests ~ factor(stratum) + first, weights = requests, data = d)
  variance <- vcovCR(fit, cluster = d$retailer, type = "CR3", inverse_var = FALSE, target = NULL)
  add(
    dataset, "difference_retailers_std_error_cr3",
    sqrt(variance["firstTRUE", "firstTRUE"]), paste(CLUB_VERSION, "vcovCR")
  )
  add(dataset, "difference_retailers_estimate", coef(fit)[["firstTRUE"]], paste(R_VERSION, "lm"))
}
for (dataset in unique(cells$dataset)) by_retailer(dataset, cells[cells$dataset == dataset, ])
write.csv(do.call(rbind, rows), arguments[3], row.names = FALSE, quote = FALSE)
