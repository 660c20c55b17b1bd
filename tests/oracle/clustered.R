# Reference values for tests with retailers as clusters, from R with clubSandwich and sandwich.
#
# Usage: Rscript clustered.R clustered_data.csv clustered_dyads.csv OUT.csv
#
# CR1, CR2 and CR3 with Satterthwaite's degrees of freedom are clubSandwich's: of a regression of
# single requests where there are at most 2,000 of them (working model "requests"), else of rates
# with that working variance; of rates with equal working variances (working model "retailers").
# The wild bootstrap tries every pattern of weights, with lm.wfit fitted to each; the retailer
# bootstrap tries every resample. Two-way variances are sandwich's with its repair of negative
# eigenvalues; dyadic ones and those from leaving out clusters are sums over all pairs and refits,
# the latter not below those from leaving out gaining retailers only.
# Without the factors c / (c - 1) of CR1 the two-way variance of "cancelling" is a fifth.
# Effective degrees of freedom are Welch's formula on one over the sum of squared weights.
# The scale of a working variance does not matter, but clubSandwich takes tiny ones for 0.
suppressPackageStartupMessages({
  library(clubSandwich)
  library(sandwich)
})

arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
dyads <- read.csv(arguments[2])

NULL_SHIFT <- 0.02
MARGIN <- 0.05
POWER <- 0.8
MOST_REQUESTS <- 2000
MOST_PATTERNS <- 20000
DIRECTIONS <- c("two_sided", "less", "greater")
R_VERSION <- paste("R", getRversion())
CLUB_VERSION <- paste("clubSandwich", packageVersion("clubSandwich"))
SANDWICH_VERSION <- paste("sandwich", packageVersion("sandwich"))
WEBB <- c(-sqrt(1.5), -1, -sqrt(0.5), sqrt(0.5), 1, sqrt(1.5))

rows <- list()
add <- function(dataset, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, value = sprintf("%.17g", value), source = source
  )
}

p_of_t <- function(t, df, direction) {
  switch(direction,
    two_sided = 2 * pt(-abs(t), df), less = pt(t, df), greater = pt(t, df, lower.tail = FALSE)
  )
}

# All requests one by one.
single <- function(cells) {
  data.frame(
    y = unlist(Map(function(e, n) rep(c(1, 0), c(e, n - e)), cells$errors, cells$requests)),
    first = rep(cells$first, cells$requests),
    retailer = rep(cells$retailer, cells$requests)
  )
}

club <- function(model, term, cluster, type, ...) {
  v <- vcovCR(model, cluster = cluster, type = type, ...)
  found <- as.data.frame(coef_test(model, vcov = v, test = "Satterthwaite"))[term, ]
  c(std_error = found$SE, df = found$df)
}

# Standard error and degrees of freedom of the difference under every estimator.
spreads <- function(cells) {
  cells$rate <- cells$errors / cells$requests
  by_requests <- lm(rate ~ first, cells, weights = requests)
  by_retailers <- lm(rate ~ first, cells)
  id <- cells$retailer
  few <- sum(cells$requests) <= MOST_REQUESTS
  k <- nrow(cells)
  fixed <- function(model, type) {
    c(club(model, "first", id, type)["std_error"], df = k - 2)
  }
  effective <- function(weights, model) {
    spread <- lapply(c(1, 0), function(side) {
      own <- cells$first == side
      w <- weights[own] / sum(weights[own])
      without <- sapply(seq_along(w), function(i) weighted.mean(cells$rate[own][-i], w[-i]))
      c(sum((without - weighted.mean(cells$rate[own], w))^2), 1 / sum(w^2) - 1)
    })
    v <- sapply(spread, `[`, 1)
    c(fixed(model, "CR3")["std_error"], df = sum(v)^2 / sum(v^2 / sapply(spread, `[`, 2)))
  }
  list(
    requests_CR3_effective = effective(cells$requests, by_requests),
    equal_CR3_effective = effective(rep(1, k), by_retailers),
    requests_CR1 = fixed(by_requests, "CR1"),
    requests_CR3 = fixed(by_requests, "CR3"),
    requests_CR2_requests = if (few) {
      one <- single(cells)
      club(lm(y ~ first, one), "first", one$retailer, "CR2")
    } else {
      club(
        by_requests, "first", id, "CR2",
        target = mean(cells$requests) / cells$requests, inverse_var = FALSE
      )
    },
    requests_CR2_retailers = club(by_requests, "first", id, "CR2"),
    equal_CR1 = fixed(by_retailers, "CR1"),
    equal_CR3 = fixed(by_retailers, "CR3"),
    equal_CR2_retailers = club(by_retailers, "first", id, "CR2"),
    equal_CR2_requests = club(
      by_retailers, "first", id, "CR2",
      target = mean(cells$requests) / cells$requests, inverse_var = FALSE
    )
  )
}

estimate_of <- function(cells, weights) {
  rate <- cells$errors / cells$requests
  first <- cells$first == 1
  weighted.mean(rate[first], weights[first]) - weighted.mean(rate[!first], weights[!first])
}

t_tests <- function(dataset, cells) {
  found <- spreads(cells)
  for (name in names(found)) {
    weights <- if (startsWith(name, "requests")) cells$requests else rep(1, nrow(cells))
    d <- estimate_of(cells, weights)
    s <- found[[name]][["std_error"]]
    df <- found[[name]][["df"]]
    add(dataset, paste0("t_", name, "_std_error"), s, CLUB_VERSION)
    add(dataset, paste0("t_", name, "_df"), df, CLUB_VERSION)
    add(dataset, paste0("t_", name, "_p_two_sided"), p_of_t(d / s, df, "two_sided"), CLUB_VERSION)
    add(
      dataset, paste0("t_", name, "_p_less"), p_of_t((d - NULL_SHIFT) / s, df, "less"), CLUB_VERSION
    )
    add(dataset, paste0("t_", name, "_low"), d - qt(0.975, df) * s, CLUB_VERSION)
    add(dataset, paste0("t_", name, "_high"), d + qt(0.975, df) * s, CLUB_VERSION)
  }
  plans(dataset, estimate_of(cells, cells$requests), found$requests_CR2_requests)
}

plans <- function(dataset, d, spread) {
  s <- spread[["std_error"]]
  df <- spread[["df"]]
  above <- p_of_t((d + MARGIN) / s, df, "greater")
  below <- p_of_t((d - MARGIN) / s, df, "less")
  add(dataset, "equivalence_greater", above, CLUB_VERSION)
  add(dataset, "equivalence_less", below, CLUB_VERSION)
  add(dataset, "equivalence_equivalence", max(above, below), CLUB_VERSION)
  one <- uniroot(
    function(shift) pt(qt(0.95, df), df, shift, lower.tail = FALSE) - POWER,
    c(0, 30), tol = 1e-13
  )$root
  two <- uniroot(
    function(shift) {
      pt(qt(0.975, df), df, shift, lower.tail = FALSE) + pt(qt(0.025, df), df, shift) - POWER
    },
    c(0, 60), tol = 1e-13
  )$root
  add(dataset, "detectable_less", one * s, paste(R_VERSION, "pt with ncp"))
  add(dataset, "detectable_two_sided", two * s, paste(R_VERSION, "pt with ncp"))
}

group_rates <- function(dataset, cells) {
  for (name in c("first", "second")) {
    own <- cells[cells$group == name, ]
    if (sum(own$errors) == 0) next
    own$rate <- own$errors / own$requests
    weighted <- lm(rate ~ 1, own, weights = requests)
    id <- own$retailer
    found <- list(
      requests_CR1 = club(weighted, 1, id, "CR1"),
      requests_CR2 = club(
        weighted, 1, id, "CR2",
        target = mean(own$requests) / own$requests, inverse_var = FALSE
      ),
      requests_CR3 = club(weighted, 1, id, "CR3"),
      equal_CR2 = club(lm(rate ~ 1, own), 1, id, "CR2")
    )
    for (how in names(found)) {
      key <- paste("group", name, how, sep = "_")
      add(dataset, paste0(key, "_std_error"), found[[how]][["std_error"]], CLUB_VERSION)
      if (endsWith(how, "CR2")) add(dataset, paste0(key, "_df"), found[[how]][["df"]], CLUB_VERSION)
    }
  }
}

# The cluster-robust t of a weighted regression in which each row is a cluster.
robust_t <- function(y, x, w, null) {
  fit <- lm.wfit(x, y, w)
  bread <- solve(crossprod(x * sqrt(w)))
  parts <- (x * (w * fit$residuals)) %*% bread[, 2]
  (fit$coefficients[2] - null) / sqrt(sum(parts^2))
}

wild <- function(dataset, cells, weighting, points, name) {
  k <- nrow(cells)
  if (length(points)^k > MOST_PATTERNS) return()
  y <- cells$errors / cells$requests
  w <- if (weighting == "requests") cells$requests else rep(1, k)
  x <- cbind(1, cells$first)
  patterns <- as.matrix(expand.grid(rep(list(points), k)))
  for (null in c(0, NULL_SHIFT)) {
    observed <- robust_t(y, x, w, null)
    shifted <- y - null * cells$first
    level <- weighted.mean(shifted, w)
    residuals <- shifted - level
    # A draw without spread has a t of infinite size.
    drawn <- suppressWarnings(apply(patterns, 1, function(v) {
      robust_t(level + null * cells$first + v * residuals, x, w, null)
    }))
    same <- 1e-9 * abs(observed)
    p <- c(
      two_sided = mean(abs(drawn) >= abs(observed) - same),
      less = mean(drawn <= observed + same),
      greater = mean(drawn >= observed - same)
    )
    for (direction in DIRECTIONS) {
      add(
        dataset,
        paste(name, weighting, "p", direction, if (null == 0) "at_0" else "at_null", sep = "_"),
        p[[direction]], paste(R_VERSION, "every pattern")
      )
    }
  }
}

# Every resample of each group; the share as far away as observed is that of their pairs.
resampled <- function(dataset, cells, weighting) {
  sides <- lapply(c(1, 0), function(side) cells[cells$first == side, ])
  if (prod(sapply(sides, nrow)^sapply(sides, nrow)) > MOST_PATTERNS) return()
  one_side <- function(own) {
    w <- if (weighting == "requests") own$requests else rep(1, nrow(own))
    rate <- own$errors / own$requests
    moments <- function(i) {
      mean <- weighted.mean(rate[i], w[i])
      c(mean, sum((w[i] * (rate[i] - mean))^2) / sum(w[i])^2)
    }
    picks <- as.matrix(expand.grid(rep(list(seq_len(nrow(own))), nrow(own))))
    list(own = moments(seq_len(nrow(own))), drawn = apply(picks, 1, moments))
  }
  first <- one_side(sides[[1]])
  second <- one_side(sides[[2]])
  d <- first$own[1] - second$own[1]
  t <- d / sqrt(first$own[2] + second$own[2])
  away <- outer(first$drawn[1, ], second$drawn[1, ], "-") - d
  spread <- outer(first$drawn[2, ], second$drawn[2, ], "+")
  # Equal numbers differ in the last digits.
  drawn <- ifelse(spread > 1e-20, away / sqrt(pmax(spread, 1e-300)), sign(away) * Inf)
  drawn[is.nan(drawn)] <- Inf
  source <- paste(R_VERSION, "every resample")
  add(dataset, paste0("resampled_", weighting, "_p_two_sided"), mean(abs(drawn) >= abs(t)), source)
  add(dataset, paste0("resampled_", weighting, "_p_greater"), mean(drawn >= t), source)
}

# Two-way: sandwich on a regression without intercept, so that its repair of negative eigenvalues
# acts on the covariance of the two group rates.
two_way_CR1 <- function(cells) {
  cells$rate <- cells$errors / cells$requests
  cells$other <- 1 - cells$first
  model <- lm(rate ~ 0 + first + other, cells, weights = requests)
  v <- vcovCL(
    model, cluster = cells[c("gaining", "losing")],
    type = "HC0", cadjust = TRUE, fix = TRUE
  )
  sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])
}

rates_of <- function(cells) {
  c(
    sum(cells$errors[cells$first == 1]) / sum(cells$requests[cells$first == 1]),
    sum(cells$errors[cells$first == 0]) / sum(cells$requests[cells$first == 0])
  )
}

# Sum over clusters of the squared changes of both rates when the cluster is left out.
left_out <- function(cells, members) {
  all <- rates_of(cells)
  Reduce(`+`, lapply(members, function(cluster) {
    change <- all - rates_of(cells[-cluster, ])
    outer(change, change)
  }))
}

repaired <- function(v) {
  e <- eigen(v, symmetric = TRUE)
  v <- e$vectors %*% diag(pmax(e$values, 0)) %*% t(e$vectors)
  sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])
}

positions <- function(keys) split(seq_along(keys), keys)

several_ways <- function(dataset, cells) {
  by_gaining <- positions(cells$gaining)
  by_losing <- positions(cells$losing)
  add(dataset, "two_way_CR1_std_error", two_way_CR1(cells), SANDWICH_VERSION)
  leave <- paste(R_VERSION, "refits")
  one_way <- repaired(left_out(cells, by_gaining))
  two_way <- left_out(cells, by_gaining) + left_out(cells, by_losing) -
    left_out(cells, as.list(seq_len(nrow(cells))))
  add(dataset, "two_way_CR3_std_error", max(one_way, repaired(two_way)), leave)

  everyone <- unique(c(cells$gaining, cells$losing))
  with_retailer <- lapply(everyone, function(m) which(cells$gaining == m | cells$losing == m))
  apart <- cells$gaining != cells$losing
  pair <- paste(pmin(cells$gaining, cells$losing), pmax(cells$gaining, cells$losing))
  with_pair <- lapply(unique(pair[apart]), function(key) which(pair == key))
  dyadic <- left_out(cells, with_retailer) - left_out(cells, with_pair)
  add(dataset, "dyadic_CR3_std_error", max(one_way, repaired(dyadic)), leave)

  # Scores of both rates, and every two cells that share a retailer.
  score <- cbind(cells$first, 1 - cells$first) * (cells$errors - cells$requests * ifelse(
    cells$first == 1, rates_of(cells)[1], rates_of(cells)[2]
  ))
  score <- t(t(score) / c(
    sum(cells$requests[cells$first == 1]), sum(cells$requests[cells$first == 0])
  ))
  clustered <- function(members) {
    sums <- t(sapply(members, function(i) colSums(score[i, , drop = FALSE])))
    crossprod(sums)
  }
  plain <- matrix(0, 2, 2)
  for (i in seq_len(nrow(cells))) {
    for (j in seq_len(nrow(cells))) {
      shared <- intersect(
        c(cells$gaining[i], cells$losing[i]), c(cells$gaining[j], cells$losing[j])
      )
      if (length(shared) > 0) plain <- plain + outer(score[i, ], score[j, ])
    }
  }
  # The sum over pairs is the sum over retailers less that over pairs counted twice.
  stopifnot(all.equal(plain, clustered(with_retailer) - clustered(with_pair)))
  n <- length(with_retailer)
  m <- length(with_pair)
  dyadic <- clustered(with_retailer) * n / (n - 1) - clustered(with_pair) * m / (m - 1)
  add(dataset, "dyadic_CR1_std_error", repaired(dyadic), paste(R_VERSION, "pairs of cells"))
}

for (dataset in unique(data$dataset)) {
  cells <- data[data$dataset == dataset, ]
  cells$first <- as.numeric(cells$group == "first")
  t_tests(dataset, cells)
  group_rates(dataset, cells)
  for (weighting in c("requests", "equal")) {
    wild(dataset, cells, weighting, c(-1, 1), "wild_rademacher")
    wild(dataset, cells, weighting, WEBB, "wild_webb")
    resampled(dataset, cells, weighting)
  }
}
for (dataset in unique(dyads$dataset)) {
  cells <- dyads[dyads$dataset == dataset, ]
  cells$first <- as.numeric(cells$group == "first")
  several_ways(dataset, cells)
}
write.csv(do.call(rbind, rows), arguments[3], row.names = FALSE, quote = FALSE)
