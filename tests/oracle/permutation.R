# Reference values for permutation tests of counts, from R and its packages coin and clubSandwich.
#
# Usage: Rscript permutation.R permutation_data.csv permutation_cells.csv OUT.csv
#
# Weighted, studentised and stratified differences are computed for every split by matrices of
# combn, as their definitions say; equal-weight ones within strata and ranks by coin.
suppressPackageStartupMessages({
  library(coin)
  library(clubSandwich)
})

arguments <- commandArgs(trailingOnly = TRUE)
kinds <- c("character", "character", "character", "character", "numeric", "numeric")
data <- read.csv(arguments[1], colClasses = kinds)
cells <- read.csv(arguments[2], colClasses = kinds)

NULLS <- c(0, 0.02)
LEVEL <- 0.8
SAME <- 1e-14 # of differences
SAME_T <- 1e-10 # of t, relative
DIRECTIONS <- c("two_sided", "less", "greater")
R_VERSION <- paste("R", getRversion())
COIN_VERSION <- paste("coin", packageVersion("coin"))
CLUB_VERSION <- paste("clubSandwich", packageVersion("clubSandwich"))

rows <- list()
add <- function(dataset, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, value = sprintf("%.17g", value), source = source
  )
}

# One column a split: 1 where the retailer belongs to the first group.
every_split <- function(first, block = rep(1, length(first))) {
  splits <- matrix(0, length(first), 1)
  for (label in unique(block)) {
    inside <- which(block == label)
    chosen <- combn(length(inside), sum(first[inside]))
    part <- matrix(0, length(first), ncol(chosen))
    for (column in seq_len(ncol(chosen))) part[inside[chosen[, column]], column] <- 1
    place <- expand.grid(seq_len(ncol(splits)), seq_len(ncol(part)))
    splits <- splits[, place[, 1], drop = FALSE] + part[, place[, 2], drop = FALSE]
  }
  splits
}

# Mantel-Haenszel difference of y per n, retailers by strata.
difference <- function(y, n, splits) {
  top <- bottom <- 0
  for (stratum in seq_len(ncol(y))) {
    n1 <- crossprod(splits, n[, stratum])
    y1 <- crossprod(splits, y[, stratum])
    n0 <- sum(n[, stratum]) - n1
    total <- sum(n[, stratum])
    if (total == 0) next
    top <- top + (y1 * n0 - (sum(y[, stratum]) - y1) * n1) / total
    bottom <- bottom + n1 * n0 / total
  }
  as.vector(ifelse(bottom > 0, top / bottom, 0))
}

studentised <- function(y, n, splits) {
  whole <- difference(y, n, splits)
  square <- 0
  for (out in seq_len(nrow(y))) {
    square <- square + (difference(y[-out, , drop = FALSE], n[-out, , drop = FALSE],
                                   splits[-out, , drop = FALSE]) - whole)^2
  }
  whole / sqrt(square)
}

extreme <- function(values, observed, direction, same) {
  switch(direction,
    two_sided = mean(abs(values) >= abs(observed) - same),
    less = mean(values <= observed + same),
    greater = mean(values >= observed - same)
  )
}

p_at <- function(null, direction, y, n, first, splits, statistic) {
  shifted <- y - null * n * first
  observed <- statistic(shifted, n, matrix(first))
  same <- if (identical(statistic, studentised)) SAME_T * abs(observed) else SAME
  extreme(statistic(shifted, n, splits), observed, direction, same)
}

# The farthest null that is not rejected, by halving between the estimate and a rejected null.
limit <- function(outside, direction, y, n, first, splits, statistic) {
  accepted <- function(null) {
    p_at(null, direction, y, n, first, splits, statistic) > 1 - LEVEL + 1e-12
  }
  inside <- difference(y, n, matrix(first))
  if (accepted(outside)) return(NULL)
  for (step in 1:60) {
    middle <- (inside + outside) / 2
    if (accepted(middle)) inside <- middle else outside <- middle
  }
  inside
}

every_direction <- function(dataset, name, y, n, first, splits, statistic, limits, source) {
  for (null in NULLS) {
    for (direction in DIRECTIONS) {
      suffix <- if (null == 0) direction else paste0(direction, "_null")
      value <- p_at(null, direction, y, n, first, splits, statistic)
      add(dataset, paste0(name, "_p_", suffix), value, source)
    }
  }
  if (!limits) return()
  ends <- list(
    low = limit(-9, "two_sided", y, n, first, splits, statistic),
    high = limit(9, "two_sided", y, n, first, splits, statistic),
    high_less = limit(9, "less", y, n, first, splits, statistic),
    low_greater = limit(-9, "greater", y, n, first, splits, statistic)
  )
  for (end in names(ends)) {
    if (!is.null(ends[[end]])) add(dataset, paste0(name, "_", end), ends[[end]], source)
  }
}

by_retailer <- function(one) {
  first <- as.numeric(one$group == "first")
  list(
    first = first, errors = matrix(one$errors), requests = matrix(one$requests),
    rates = matrix(one$errors / one$requests), ones = matrix(rep(1, nrow(one)))
  )
}

welch_and_ranks <- function(dataset, one) {
  rate <- one$errors / one$requests
  x <- rate[one$group == "first"]
  y <- rate[one$group == "second"]
  result <- t.test(x, y)
  add(dataset, "welch_p_two_sided", result$p.value, paste(R_VERSION, "t.test"))
  add(dataset, "welch_high", t.test(x, y, conf.level = LEVEL)$conf.int[2], paste(R_VERSION, "t.test"))
  frame <- data.frame(rate = round(rate, 12), group = factor(one$group))
  ranks <- wilcox_test(rate ~ group, frame, distribution = "exact")
  add(dataset, "rank_sum_p_two_sided", as.numeric(pvalue(ranks)), paste(COIN_VERSION, "wilcox_test"))
}

# coin's shift algorithm takes whole numbers within blocks.
within_by_coin <- function(dataset, one) {
  frame <- data.frame(
    value = round(1e4 * one$errors / one$requests), group = factor(one$group),
    block = factor(one$stratum)
  )
  for (direction in DIRECTIONS) {
    named <- sub("_", ".", direction)
    test <- oneway_test(value ~ group | block, frame, distribution = "exact", alternative = named)
    add(dataset, paste0("within_equal_10000_p_", direction), as.numeric(pvalue(test)),
        paste(COIN_VERSION, "oneway_test"))
  }
}

std_error <- function(dataset, one) {
  first <- as.numeric(one$group == "first")
  rate <- one$errors / one$requests
  for (weighting in c("requests", "equal")) {
    weight <- if (weighting == "requests") one$requests else rep(1, nrow(one))
    fit <- lm(rate ~ first, weights = weight)
    covariance <- vcovCR(fit, cluster = one$retailer, type = "CR3")
    add(dataset, paste0("studentised_", weighting, "_std_error"), sqrt(covariance[2, 2]),
        paste(CLUB_VERSION, "vcovCR"))
  }
}

for (dataset in unique(data$dataset)) {
  one <- data[data$dataset == dataset, ]
  the <- by_retailer(one)
  source <- paste(R_VERSION, "combn")
  splits <- every_split(the$first)
  few <- ncol(splits) <= 1000
  # Limits from 10^12 requests beside one would be those of the rounding of doubles.
  every_direction(dataset, "requests", the$errors, the$requests, the$first, splits, difference,
                  few && dataset != "giant", source)
  if (dataset == "giant") next
  welch_and_ranks(dataset, one)
  std_error(dataset, one)
  every_direction(dataset, "studentised_requests", the$errors, the$requests, the$first, splits,
                  studentised, FALSE, source)
  if (few) {
    every_direction(dataset, "studentised_equal", the$rates, the$ones, the$first, splits,
                    studentised, FALSE, source)
  }
  blocked <- every_split(the$first, one$stratum)
  strata <- outer(one$stratum, unique(one$stratum), "==") + 0
  every_direction(dataset, "within_requests", as.vector(the$errors) * strata,
                  as.vector(the$requests) * strata, the$first, blocked, difference,
                  few, source)
  every_direction(dataset, "within_equal", as.vector(the$rates) * strata, strata, the$first, blocked,
                  difference, few, source)
  within_by_coin(dataset, one)
}

for (dataset in unique(cells$dataset)) {
  one <- cells[cells$dataset == dataset, ]
  retailers <- unique(one$retailer)
  first <- as.numeric(one$group[match(retailers, one$retailer)] == "first")
  by_area <- function(value) {
    table <- tapply(value, list(factor(one$retailer, retailers), one$stratum), sum)
    ifelse(is.na(table), 0, table)
  }
  splits <- every_split(first)
  source <- paste(R_VERSION, "combn")
  every_direction(dataset, "across_requests", by_area(one$errors), by_area(one$requests), first,
                  splits, difference, TRUE, source)
  every_direction(dataset, "across_equal", by_area(one$errors / one$requests),
                  by_area(one$requests > 0), first, splits, difference, TRUE, source)
  every_direction(dataset, "across_studentised", by_area(one$errors), by_area(one$requests), first,
                  splits, studentised, FALSE, source)
}

# A family of specifications: both weightings, then each retailer left out with request weights.
max_t <- function(dataset, one, statistic, name) {
  the <- by_retailer(one)
  splits <- every_split(the$first)
  kept <- list(seq_len(nrow(one)), seq_len(nrow(one)))
  kept <- c(kept, lapply(seq_len(nrow(one)), function(out) seq_len(nrow(one))[-out]))
  equal <- c(TRUE, rep(FALSE, nrow(one) + 1))
  values <- observed <- NULL
  for (place in seq_along(kept)) {
    inside <- kept[[place]]
    y <- (if (equal[place]) the$rates else the$errors)[inside, , drop = FALSE]
    n <- (if (equal[place]) the$ones else the$requests)[inside, , drop = FALSE]
    row <- statistic(y, n, splits[inside, , drop = FALSE])
    row[!is.finite(row)] <- 0
    own <- statistic(y, n, matrix(the$first[inside]))
    scale <- if (identical(statistic, difference)) sqrt(mean(row^2)) else 1
    values <- rbind(values, abs(row) / scale)
    observed <- c(observed, abs(own) / scale)
  }
  order <- order(-observed)
  single <- sapply(observed, function(bar) mean(apply(values, 2, max) >= bar - 1e-9))
  down <- sapply(seq_along(order), function(rank) {
    left <- values[order[rank:length(order)], , drop = FALSE]
    mean(apply(left, 2, max) >= observed[order[rank]] - 1e-9)
  })
  stepped <- numeric(length(order))
  stepped[order] <- cummax(down)
  for (place in seq_along(observed)) {
    add(dataset, paste0(name, "_single_", place), single[place], paste(R_VERSION, "combn"))
    add(dataset, paste0(name, "_down_", place), stepped[place], paste(R_VERSION, "combn"))
  }
}
for (dataset in c("four_v_six", "six_v_six")) {
  max_t(dataset, data[data$dataset == dataset, ], difference, "max_t")
  max_t(dataset, data[data$dataset == dataset, ], studentised, "max_t_studentised")
}

p_values <- list(
  few = c(0.01, 0.04, 0.03), ties = c(0.02, 0.02, 0.5, 1, 0.02, 0.005),
  many = c(0.0001, 0.02, 0.011, 0.048, 0.0499, 0.3, 0.9, 0.0032, 0.7, 0.051)
)
for (set in names(p_values)) {
  for (method in c("holm", "BH")) {
    adjusted <- p.adjust(p_values[[set]], method)
    for (place in seq_along(adjusted)) {
      add(set, paste0(method, "_", place), adjusted[place], paste(R_VERSION, "p.adjust"))
    }
  }
}
write.csv(do.call(rbind, rows), arguments[3], row.names = FALSE, quote = FALSE)
