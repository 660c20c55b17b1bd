# Reference values for tests of two groups, from R and its package coin.
#
# Usage: Rscript two_groups.R two_groups_data.csv OUT.csv
#
# Exact permutation and rank values use all splits: by combn up to 200,000 of them, and by coin's
# shift algorithm on whole numbers (the data in units of 0.001) beyond.
suppressPackageStartupMessages(library(coin))

arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], colClasses = c("character", "character", "numeric"))

NULL_SHIFT <- 0.01
MARGIN <- 0.05
MOST_SPLITS <- 200000
DIRECTIONS <- c(two_sided = "two.sided", less = "less", greater = "greater")
R_VERSION <- paste("R", getRversion())
COIN_VERSION <- paste("coin", packageVersion("coin"))

rows <- list()
add <- function(dataset, quantity, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, value = sprintf("%.17g", value), source = source
  )
}

by_combn <- function(x, y) {
  z <- c(x, y)
  n <- length(x)
  sums <- combn(length(z), n, function(chosen) sum(z[chosen]))
  differences <- sums / n - (sum(z) - sums) / length(y)
  observed <- mean(x) - mean(y)
  same <- 1e-9 * max(abs(z))
  c(
    two_sided = mean(abs(differences) >= abs(observed) - same),
    less = mean(differences <= observed + same),
    greater = mean(differences >= observed - same)
  )
}

by_coin <- function(test, x, y) {
  frame <- data.frame(
    value = round(c(x, y) * 1000),
    group = factor(rep(c("first", "second"), c(length(x), length(y))))
  )
  sapply(DIRECTIONS, function(direction) {
    as.numeric(pvalue(test(value ~ group, frame, distribution = "exact", alternative = direction)))
  })
}

permutation <- function(dataset, x, y, suffix) {
  few <- choose(length(x) + length(y), length(x)) <= MOST_SPLITS
  p <- if (few) by_combn(x, y) else by_coin(oneway_test, x, y)
  for (name in names(p)) {
    add(
      dataset, paste0("permutation_p_", name, suffix), p[[name]],
      if (few) paste(R_VERSION, "combn") else paste(COIN_VERSION, "oneway_test")
    )
  }
}

# Beyond 60 retailers the normal approximation of wilcox.test, with its two corrections.
ranks <- function(dataset, x, y, suffix) {
  by_normal <- function(direction) {
    wilcox.test(round(x, 10), round(y, 10), direction, exact = FALSE, correct = TRUE)$p.value
  }
  p <- by_coin(wilcox_test, x, y)
  near <- sapply(DIRECTIONS, by_normal)
  for (name in names(p)) {
    add(
      dataset, paste0("rank_sum_p_", name, suffix), p[[name]], paste(COIN_VERSION, "wilcox_test")
    )
    add(
      dataset, paste0("rank_normal_p_", name, suffix), near[[name]],
      paste(R_VERSION, "wilcox.test")
    )
  }
}

hodges_lehmann <- function(dataset, x, y) {
  if (anyDuplicated(c(x, y)) > 0) return()
  source <- paste(R_VERSION, "wilcox.test")
  result <- wilcox.test(x, y, exact = TRUE, conf.int = TRUE, conf.level = 0.9)
  add(dataset, "rank_sum_statistic", result$statistic, source)
  add(dataset, "rank_sum_estimate", result$estimate, source)
  # At a level that cannot be reached wilcox.test returns the extremes, with an attained level.
  if (abs(attr(result$conf.int, "conf.level") - 0.9) > 1e-9) return()
  add(dataset, "rank_sum_low_90", result$conf.int[1], source)
  add(dataset, "rank_sum_high_90", result$conf.int[2], source)
}

welch <- function(dataset, x, y) {
  source <- paste(R_VERSION, "t.test")
  result <- t.test(x, y)
  add(dataset, "welch_statistic", result$statistic, source)
  add(dataset, "welch_df", result$parameter, source)
  add(dataset, "welch_std_error", result$stderr, source)
  for (name in names(DIRECTIONS)) {
    add(dataset, paste0("welch_p_", name), t.test(x, y, DIRECTIONS[[name]])$p.value, source)
    add(
      dataset, paste0("welch_p_", name, "_null"),
      t.test(x, y, DIRECTIONS[[name]], mu = NULL_SHIFT)$p.value, source
    )
  }
  for (level in c(0.9, 0.95)) {
    at <- sprintf("_%.0f", 100 * level)
    both <- t.test(x, y, conf.level = level)$conf.int
    add(dataset, paste0("welch_low", at), both[1], source)
    add(dataset, paste0("welch_high", at), both[2], source)
    less <- t.test(x, y, "less", conf.level = level)$conf.int
    add(dataset, paste0("welch_high_less", at), less[2], source)
    greater <- t.test(x, y, "greater", conf.level = level)$conf.int
    add(dataset, paste0("welch_low_greater", at), greater[1], source)
  }
  above <- t.test(x, y, "greater", mu = -MARGIN)$p.value
  below <- t.test(x, y, "less", mu = MARGIN)$p.value
  add(dataset, "equivalence_welch_p_greater", above, source)
  add(dataset, "equivalence_welch_p_less", below, source)
  add(dataset, "equivalence_welch_p_equivalence", max(above, below), source)
  detectable(dataset, result$stderr, result$parameter)
}

detectable <- function(dataset, std_error, df) {
  for (power in c(0.8, 0.95)) {
    one <- uniroot(
      function(shift) pt(qt(0.95, df), df, shift, lower.tail = FALSE) - power,
      c(0, 30), tol = 1e-13
    )$root
    two <- uniroot(
      function(shift) {
        pt(qt(0.975, df), df, shift, lower.tail = FALSE) + pt(qt(0.025, df), df, shift) - power
      },
      c(0, 30), tol = 1e-13
    )$root
    at <- sprintf("_%.0f", 100 * power)
    source <- paste(R_VERSION, "pt with ncp")
    add(dataset, paste0("detectable_less", at), one * std_error, source)
    add(dataset, paste0("detectable_two_sided", at), two * std_error, source)
  }
}

power_of_equal_variances <- function(dataset, x) {
  source <- paste(R_VERSION, "power.t.test")
  one <- power.t.test(
    length(x), sd = sd(x), power = 0.8, alternative = "one.sided", tol = 1e-12
  )
  two <- power.t.test(length(x), sd = sd(x), power = 0.8, strict = TRUE, tol = 1e-12)
  add(dataset, "power_t_test_less_80", one$delta, source)
  add(dataset, "power_t_test_two_sided_80", two$delta, source)
}

for (dataset in unique(data$dataset)) {
  x <- data$value[data$dataset == dataset & data$group == "first"]
  y <- data$value[data$dataset == dataset & data$group == "second"]
  permutation(dataset, x, y, "")
  permutation(dataset, x - NULL_SHIFT, y, "_null")
  ranks(dataset, x, y, "")
  ranks(dataset, x - NULL_SHIFT, y, "_null")
  hodges_lehmann(dataset, x, y)
  if (min(length(x), length(y)) > 1) welch(dataset, x, y)
}
power_of_equal_variances(
  "equal_variance", data$value[data$dataset == "equal_variance" & data$group == "first"]
)
write.csv(do.call(rbind, rows), arguments[2], row.names = FALSE, quote = FALSE)
