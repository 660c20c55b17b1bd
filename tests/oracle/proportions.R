# Reference values for one rate and for two rates whose requests are independent, from base R.
#
# Usage: Rscript proportions.R OUT.csv
#
# prop.test, binom.test, fisher.test's p-values, qbeta, phyper and dhyper are R's own. What base R
# lacks is computed in the plainest way: the score tests with the constrained rates found by
# uniroot, the exact tests by enumerating every table, the suprema over a fine grid and optimize.
arguments <- commandArgs(trailingOnly = TRUE)
R_VERSION <- paste("R", getRversion())
TOL <- 1e-15
LEVEL <- 0.95
Z <- qnorm(1 - (1 - LEVEL) / 2)
NULLS <- c(-0.25, 0, 0.1)

rows <- list()
add <- function(table, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    e1 = table[1], n1 = table[2], e0 = table[3], n0 = table[4],
    quantity = quantity, value = sprintf("%.17g", value), source = paste(R_VERSION, source)
  )
}
root <- function(f, low, high) uniroot(f, c(low, high), tol = TOL, maxiter = 10000)$root

# One rate: the second group of these rows is empty.
one_rate <- function(x, n) {
  row <- c(x, n, NA, NA)
  score <- suppressWarnings(prop.test(x, n, correct = FALSE, conf.level = LEVEL))$conf.int
  add(row, "wilson_low", score[1], "prop.test")
  add(row, "wilson_high", score[2], "prop.test")
  tail <- (1 - LEVEL) / 2
  if (n <= 1e6) {
    exact <- binom.test(x, n, conf.level = LEVEL)$conf.int
    add(row, "clopper_pearson_low", exact[1], "binom.test")
    add(row, "clopper_pearson_high", exact[2], "binom.test")
  } else { # binom.test would list every count
    add(row, "clopper_pearson_low", qbeta(tail, x, n - x + 1), "qbeta")
    add(row, "clopper_pearson_high", qbeta(tail, x + 1, n - x, lower.tail = FALSE), "qbeta")
  }
  if (x > 0) {
    add(row, "jeffreys_low", qbeta(tail, x + 0.5, n - x + 0.5), "qbeta")
    above <- function(p) pbinom(x, n, p, lower.tail = FALSE) + dbinom(x, n, p) / 2 - tail
    add(row, "mid_p_low", root(above, 0, x / n), "pbinom and uniroot")
  }
  if (x < n) {
    add(row, "jeffreys_high", qbeta(1 - tail, x + 0.5, n - x + 0.5), "qbeta")
    below <- function(p) pbinom(x - 1, n, p) + dbinom(x, n, p) / 2 - tail
    add(row, "mid_p_high", root(below, x / n, 1), "pbinom and uniroot")
  }
}

# The rate of the second group at the most likely pair that differs by delta: the log likelihood
# is concave, so its slope, freed of its poles, has one sign change.
second_rate <- function(t, delta) {
  low <- max(0, -delta)
  high <- min(1, 1 - delta)
  slope <- function(p) {
    q <- p + delta
    (t[1] - t[2] * q) * p * (1 - p) + (t[3] - t[4] * p) * q * (1 - q)
  }
  inside <- 1e-12 * (high - low)
  if (high - low < 1e-12) return(low)
  if (slope(low + inside) <= 0) return(low)
  if (slope(high - inside) >= 0) return(high)
  root(slope, low + inside, high - inside)
}

score_z <- function(t, delta, inflate) {
  p <- second_rate(t, delta)
  q <- p + delta
  distance <- t[1] / t[2] - t[3] / t[4] - delta
  if (abs(distance) < 1e-15) return(0)
  total <- t[2] + t[4]
  factor <- if (inflate) total / (total - 1) else 1
  distance / sqrt((q * (1 - q) / t[2] + p * (1 - p) / t[4]) * factor)
}

score_tests <- function(t) {
  d <- t[1] / t[2] - t[3] / t[4]
  for (inflate in c(TRUE, FALSE)) {
    name <- if (inflate) "miettinen_nurminen" else "mee"
    z <- function(delta) score_z(t, delta, inflate)
    low <- if (d <= -1) -1 else root(function(delta) z(delta) - Z, -1 + 1e-13, d)
    high <- if (d >= 1) 1 else root(function(delta) z(delta) + Z, d, 1 - 1e-13)
    add(t, paste0(name, "_low"), low, "uniroot in uniroot")
    add(t, paste0(name, "_high"), high, "uniroot in uniroot")
    for (null in NULLS) {
      add(t, paste0(name, "_p_", null), 2 * pnorm(-abs(z(null))), "uniroot")
    }
    add(t, paste0(name, "_p_less"), pnorm(z(0)), "uniroot")
  }
}

newcombe <- function(t) {
  reaches <- function(level) {
    wilson <- function(x, n) {
      suppressWarnings(prop.test(x, n, correct = FALSE, conf.level = level))$conf.int
    }
    one <- wilson(t[1], t[2])
    two <- wilson(t[3], t[4])
    p <- c(t[1] / t[2], t[3] / t[4])
    c(
      p[1] - p[2] - sqrt((p[1] - one[1])^2 + (two[2] - p[2])^2),
      p[1] - p[2] + sqrt((one[2] - p[1])^2 + (p[2] - two[1])^2)
    )
  }
  add(t, "newcombe_low", reaches(LEVEL)[1], "prop.test")
  add(t, "newcombe_high", reaches(LEVEL)[2], "prop.test")
  d <- t[1] / t[2] - t[3] / t[4]
  for (null in NULLS) {
    if (abs(d - null) < 1e-12) next
    end <- if (null < d) 1 else 2
    # in the normal quantile, where uniroot's tolerance is relative to the p-value too
    excess <- function(z) reaches(1 - 2 * pnorm(-z))[end] - null
    if (sign(excess(1e-6)) == sign(excess(7))) next
    z <- root(excess, 1e-6, 7)
    add(t, paste0("newcombe_p_", null), 2 * pnorm(-z), "prop.test and uniroot")
  }
}

pooled <- function(t) {
  suppressWarnings(
    test <- prop.test(c(t[1], t[3]), c(t[2], t[4]), correct = FALSE)
  )
  add(t, "pooled_z_p", test$p.value, "prop.test")
  add(t, "pooled_z_statistic", sign(t[1] / t[2] - t[3] / t[4]) * sqrt(test$statistic), "prop.test")
}

fisher <- function(t) {
  x <- matrix(c(t[1], t[3], t[2] - t[1], t[4] - t[3]), 2)
  add(t, "fisher_p_two_sided", fisher.test(x)$p.value, "fisher.test")
  add(t, "fisher_p_less", fisher.test(x, alternative = "less")$p.value, "fisher.test")
  add(t, "fisher_p_greater", fisher.test(x, alternative = "greater")$p.value, "fisher.test")
  add(t, "fisher_p_two_sided_at_2", fisher.test(x, or = 2)$p.value, "fisher.test")
  errors <- t[1] + t[3]
  support <- max(0, errors - t[4]):min(t[2], errors)
  central <- dhyper(support, t[2], t[4], errors, log = TRUE)
  mass <- function(log_odds) {
    d <- central + log_odds * support
    d <- exp(d - max(d))
    d / sum(d)
  }
  here <- support == t[1]
  lower <- function(at) sum(mass(at)[support < t[1]]) + mass(at)[here] / 2
  add(t, "fisher_mid_p", min(1, 2 * lower(0), 2 * (1 - lower(0))), "dhyper")
  add(t, "fisher_mid_p_less", lower(0), "dhyper")
  own <- "dhyper and uniroot"
  tail <- (1 - LEVEL) / 2
  if (t[1] > min(support)) {
    add(t, "fisher_mid_p_low", exp(root(function(at) 1 - lower(at) - tail, -30, 30)), own)
  }
  if (t[1] < max(support)) {
    add(t, "fisher_mid_p_high", exp(root(function(at) lower(at) - tail, -30, 30)), own)
  }
  if (t[1] > min(support) && t[1] < max(support)) {
    mean_less <- function(at) sum(mass(at) * support) - t[1]
    add(t, "fisher_estimate", exp(root(mean_less, -30, 30)), own)
    at_most <- function(at) sum(mass(at)[support <= t[1]]) - (1 - LEVEL)
    add(t, "fisher_high_less", exp(root(at_most, -30, 30)), own)
  }
  # the farthest odds ratios that the minimum-likelihood test keeps: a grid, then halving
  likely <- function(at) {
    d <- mass(at)
    sum(d[d <= d[here] * (1 + 1e-7)])
  }
  grid <- seq(-12, 12, by = 0.002)
  kept <- which(sapply(grid, likely) > 1 - LEVEL)
  halve <- function(inner, outer) {
    for (i in 1:60) {
      middle <- (inner + outer) / 2
      if (likely(middle) > 1 - LEVEL) inner <- middle else outer <- middle
    }
    inner
  }
  how <- "dhyper, grid and bisection"
  if (kept[1] > 1) {
    add(t, "fisher_low", exp(halve(grid[kept[1]], grid[kept[1] - 1])), how)
  }
  last <- kept[length(kept)]
  if (last < length(grid)) {
    add(t, "fisher_high", exp(halve(grid[last], grid[last + 1])), how)
  }
}

# The largest value of a function of one rate: every grid point, then optimize around the best.
largest <- function(f, low = 0, high = 1) {
  grid <- low + (high - low) * sin(seq(0, pi / 2, length.out = 1501))^2
  values <- sapply(grid, f)
  best <- which.max(values)
  around <- c(grid[max(1, best - 1)], grid[min(length(grid), best + 1)])
  max(values[best], optimize(f, around, maximum = TRUE, tol = 1e-14)$objective)
}

unconditional <- function(t) {
  x <- matrix(0:t[2], t[2] + 1, t[4] + 1)
  y <- matrix(0:t[4], t[2] + 1, t[4] + 1, byrow = TRUE)
  probability <- function(set, delta) {
    low <- max(0, -delta)
    high <- min(1, 1 - delta)
    largest(function(p) {
      sum(outer(dbinom(0:t[2], t[2], min(1, p + delta)), dbinom(0:t[4], t[4], p))[set])
    }, low, high)
  }
  sets <- function(statistic) {
    here <- statistic[t[1] + 1, t[3] + 1]
    tie <- 1e-9 * (1 + abs(here))
    list(
      less = statistic <= here + tie, greater = statistic >= here - tie,
      two_sided = abs(statistic) >= abs(here) - tie
    )
  }
  errors <- x + y
  pooled <- errors / (t[2] + t[4])
  z <- (x / t[2] - y / t[4]) / sqrt(pooled * (1 - pooled) * (1 / t[2] + 1 / t[4]))
  z[is.nan(z)] <- 0
  how <- "enumeration, grid and optimize"
  regions <- sets(z)
  for (name in names(regions)) {
    add(t, paste0("barnard_p_", name), probability(regions[[name]], 0), how)
  }
  if (t[2] * t[4] <= 400) {
    shifted <- z
    for (i in seq_along(x)) shifted[i] <- score_z(c(x[i], t[2], y[i], t[4]), 0.1, FALSE)
    regions <- sets(shifted)
    for (name in names(regions)) {
      add(t, paste0("barnard_p_", name, "_at_0.1"), probability(regions[[name]], 0.1), how)
    }
  }
  up <- phyper(x - 1, t[2], t[4], errors, lower.tail = FALSE)
  down <- phyper(x, t[2], t[4], errors)
  one_sided <- c()
  for (name in c("greater", "less")) {
    p <- if (name == "greater") up else down
    set <- p <= p[t[1] + 1, t[3] + 1] * (1 + 1e-9)
    one_sided[name] <- probability(set, 0)
    add(t, paste0("boschloo_p_", name), one_sided[name], how)
    # the set is the same at every difference, so the probability is monotone in it
    sign <- if (name == "greater") -1 else 1
    if (all(set)) next
    excess <- function(delta) probability(set, delta) - (1 - LEVEL) / 2
    if (t[2] * t[4] <= 400) {
      end <- uniroot(excess, c(-0.999, 0.999), tol = 1e-10)$root
      add(t, if (sign < 0) "boschloo_low" else "boschloo_high", end, how)
    }
  }
  add(t, "boschloo_p_two_sided", min(1, 2 * one_sided), how)
}

for (pair in list(
  c(81, 263), c(15, 148), c(0, 20), c(1, 29), c(29, 29), c(1, 1), c(5, 20), c(180, 1000),
  c(17, 1e6), c(3.1e11, 1e12)
)) one_rate(pair[1], pair[2])

tables <- list(
  c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20),
  c(0, 10, 0, 10), c(10, 10, 0, 20), c(10, 10, 0, 10), c(7, 25, 2, 25), c(6, 18, 12, 17),
  c(3, 40, 120, 700), c(1, 1, 0, 9), c(1800, 10000, 1700, 10000)
)
for (t in tables) {
  score_tests(t)
  newcombe(t)
  if (t[1] + t[3] > 0) {
    pooled(t)
    if (t[2] <= 1000) fisher(t)
  }
}
for (t in list(c(7, 262, 30, 494), c(2, 12, 9, 15), c(300, 2000, 250, 2000))) fisher(t)
for (t in list(
  c(7, 15, 12, 15), c(2, 12, 9, 15), c(6, 18, 12, 17), c(1, 3, 2, 5), c(0, 10, 4, 20),
  c(5, 8, 1, 31), c(74, 117, 31, 63)
)) unconditional(t)
score_tests(c(1e11, 1e12, 1.00001e11, 1e12))
newcombe(c(1e11, 1e12, 1.00001e11, 1e12))
write.csv(do.call(rbind, rows), arguments[1], row.names = FALSE, quote = FALSE)
