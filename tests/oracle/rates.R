# Reference values for standardised rates, splits of differences, influence and funnels.
#
# Usage: Rscript rates.R rates_data.csv OUT.csv
#
# Standardised rates come from epiR, Poisson limits from poisson.test, the variance between retailers
# from metafor; the rest is written out in base R as the definitions read, by other ways than the
# package takes: every retailer is really left out, and every order of the factors is really tried.
suppressMessages(suppressWarnings({
  library(epiR)
  library(metafor)
}))

arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], colClasses = c(area = "character"))
data$stratum <- paste(data$area, data$period)

R_VERSION <- paste("R", getRversion())
EPIR <- paste("epiR", packageVersion("epiR"))
METAFOR <- paste("metafor", packageVersion("metafor"))
TARGET <- 0.18
WINSORISE <- 0.1

rows <- list()
add <- function(dataset, quantity, who, value, source) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, who = who, value = sprintf("%.17g", value),
    source = source
  )
}

by_stratum <- function(cells, column, strata) {
  sums <- tapply(cells[[column]], factor(cells$stratum, strata), sum)
  ifelse(is.na(sums), 0, sums)
}

standardised <- function(name, cells) {
  strata <- sort(unique(cells$stratum))
  groups <- c("incumbent", "entrant")
  errors <- t(sapply(groups, function(g) by_stratum(cells[cells$group == g, ], "errors", strata)))
  volume <- t(sapply(groups, function(g) by_stratum(cells[cells$group == g, ], "requests", strata)))
  pooled <- colSums(volume)
  rate_of <- colSums(errors) / pooled
  crude <- sum(errors) / sum(pooled)
  adjusted <- epi.directadj(
    obs = errors, tar = volume,
    std = matrix(pooled, nrow = 1, dimnames = list("", strata))
  )$adj.strata
  observed <- matrix(rowSums(errors), dimnames = list(groups, ""))
  indirect <- epi.indirectadj(
    obs = observed, pop = volume,
    std = matrix(c(rate_of, crude), nrow = 1, dimnames = list("", c(strata, "all"))), units = 1
  )
  expected <- indirect$smr.strata
  for (g in groups) {
    add(name, "direct_rate", g, adjusted$est[adjusted$strata == g], EPIR)
    add(name, "indirect_expected", g, expected[g, "exp"], EPIR)
    add(name, "indirect_ratio", g, expected[g, "est"], EPIR)
    add(name, "indirect_rate", g, indirect$adj.strata[g, "est"], EPIR)
    own <- cells[cells$group == g, ]
    retailers <- unique(own$retailer)
    direct <- function(part) {
      sum(by_stratum(part, "errors", strata) / by_stratum(part, "requests", strata) *
        pooled / sum(pooled))
    }
    ratio <- function(part) {
      sum(part$errors) / sum(by_stratum(part, "requests", strata) * rate_of)
    }
    k <- length(retailers)
    jackknife <- function(estimate) {
      left <- sapply(retailers, function(r) estimate(own[own$retailer != r, ]))
      sqrt((k - 1) / k * sum((left - estimate(own))^2))
    }
    critical <- qt(0.975, k - 1)
    error <- jackknife(direct)
    add(name, "direct_std_error", g, error, R_VERSION)
    add(name, "direct_low", g, max(0, direct(own) - critical * error), R_VERSION)
    add(name, "direct_high", g, direct(own) + critical * error, R_VERSION)
    error <- jackknife(ratio)
    add(name, "indirect_ratio_low", g, ratio(own) * exp(-critical * error / ratio(own)), R_VERSION)
    add(name, "indirect_ratio_high", g, ratio(own) * exp(critical * error / ratio(own)), R_VERSION)
    add(name, "effective_units", g, {
      sums <- tapply(own$requests, own$retailer, sum)
      1 / sum((sums / sum(sums))^2)
    }, R_VERSION)
    for (r in retailers[1:3]) {
      one <- own[own$retailer == r, ]
      e <- sum(by_stratum(one, "requests", strata) * rate_of)
      limits <- poisson.test(sum(one$errors), T = e)$conf.int
      add(name, "poisson_low", r, limits[1], R_VERSION)
      add(name, "poisson_high", r, limits[2], R_VERSION)
    }
  }
}

influence <- function(name, cells) {
  gap <- function(part, weighted) {
    sums <- aggregate(cbind(errors, requests) ~ retailer + group, part, sum)
    mean_of <- function(g) {
      one <- sums[sums$group == g, ]
      weighted.mean(one$errors / one$requests, if (weighted) one$requests else rep(1, nrow(one)))
    }
    mean_of("incumbent") - mean_of("entrant")
  }
  for (r in c("i00", "i01", "e00", "e01", "e02")) {
    rest <- cells[cells$retailer != r, ]
    add(name, "influence_equal", r, gap(rest, FALSE), R_VERSION)
    add(name, "influence_requests", r, gap(rest, TRUE), R_VERSION)
  }
}

orders <- function(x) {
  if (length(x) == 1) return(list(x))
  do.call(c, lapply(seq_along(x), function(i) lapply(orders(x[-i]), function(o) c(x[i], o))))
}

split_of <- function(name, one, other, by, label) {
  keys <- lapply(seq_along(by), function(l) by[1:l])
  cells <- unique(rbind(one[by], other[by]))
  total <- function(side, columns, column) {
    wanted <- do.call(paste, c(cells[columns], sep = "|"))
    sums <- tapply(side[[column]], do.call(paste, c(side[columns], sep = "|")), sum)
    value <- as.numeric(sums[wanted])
    ifelse(is.na(value), 0, value)
  }
  factors_of <- function(side) {
    above <- rep(sum(side$requests), nrow(cells))
    found <- list()
    for (columns in keys) {
      here <- total(side, columns, "requests")
      found[[length(found) + 1]] <- ifelse(above > 0, here / above, NA)
      above <- here
    }
    found[[length(found) + 1]] <- ifelse(above > 0, total(side, by, "errors") / above, NA)
    found
  }
  a <- factors_of(one)
  b <- factors_of(other)
  for (i in seq_along(a)) {
    gone <- is.na(a[[i]])
    a[[i]][gone] <- b[[i]][gone]
    gone <- is.na(b[[i]])
    b[[i]][gone] <- a[[i]][gone]
  }
  rate <- function(factors) sum(Reduce(`*`, factors))
  effects <- numeric(length(a))
  tried <- orders(seq_along(a))
  for (order in tried) {
    now <- b
    for (i in order) {
      before <- rate(now)
      now[[i]] <- a[[i]]
      effects[i] <- effects[i] + (rate(now) - before) / length(tried)
    }
  }
  for (i in seq_along(effects)) {
    add(name, paste("split", label, sep = "_"), c(by, "rate")[i], effects[i], R_VERSION)
  }
}

splits <- function(name, cells) {
  late <- max(cells$period)
  for (g in c("incumbent", "entrant")) {
    own <- cells[cells$group == g, ]
    after <- own[own$period == late, ]
    before <- own[own$period == 1, ]
    split_of(name, after, before, "retailer", paste("change", g, sep = "_"))
    split_of(name, after, before, c("retailer", "area"), paste("nested", g, sep = "_"))
  }
  one <- cells[cells$group == "incumbent", ]
  other <- cells[cells$group == "entrant", ]
  split_of(name, one, other, c("area", "period"), "gap")
}

funnel <- function(name, cells) {
  sums <- aggregate(cbind(errors, requests) ~ retailer, cells, sum)
  n <- sums$requests
  y <- sums$errors / n
  pooled <- sum(sums$errors) / sum(n)
  dl <- rma(yi = y, vi = pooled * (1 - pooled) / n, method = "DL")
  add(name, "tau2_pooled", "all", dl$tau2, METAFOR)
  add(name, "phi_pooled", "all", dl$QE / length(n), METAFOR)
  for (scale in c("none", "arcsine")) {
    distance <- if (scale == "none") y - TARGET else asin(sqrt(y)) - asin(sqrt(TARGET))
    s <- if (scale == "none") sqrt(TARGET * (1 - TARGET) / n) else 1 / (2 * sqrt(n))
    back <- function(x) {
      if (scale == "none") return(pmin(pmax(TARGET + x, 0), 1))
      sin(pmin(pmax(asin(sqrt(TARGET)) + x, 0), pi / 2))^2
    }
    z <- distance / s
    ends <- quantile(z, c(WINSORISE, 1 - WINSORISE), type = 7)
    phi <- mean(pmin(pmax(z, ends[1]), ends[2])^2)
    w <- 1 / s^2
    k <- length(n)
    tau2 <- max(0, (k * phi - (k - 1)) / (sum(w) - sum(w^2) / sum(w)))
    add(name, paste0("phi_", scale), "all", phi, R_VERSION)
    add(name, paste0("tau2_", scale), "all", tau2, R_VERSION)
    widths <- list(multiplicative = s * sqrt(max(phi, 1)), additive = sqrt(s^2 + tau2))
    for (i in 1:3) {
      r <- sums$retailer[i]
      add(name, paste0("z_", scale), r, z[i], R_VERSION)
      for (kind in names(widths)) {
        width <- widths[[kind]][i]
        label <- paste(kind, scale, sep = "_")
        add(name, paste0("z_", label), r, distance[i] / width, R_VERSION)
        add(name, paste0("p_", label), r, 2 * pnorm(-abs(distance[i] / width)), R_VERSION)
        add(name, paste0("high_", label), r, back(qnorm(0.999) * width), R_VERSION)
        add(name, paste0("low_", label), r, back(-qnorm(0.975) * width), R_VERSION)
      }
    }
  }
  for (i in 1:4) {
    r <- sums$retailer[i]
    e <- sums$errors[i]
    lower <- pbinom(e, n[i], TARGET)
    upper <- pbinom(e - 1, n[i], TARGET, lower.tail = FALSE)
    add(name, "p_exact", r, min(1, 2 * min(lower, upper)), R_VERSION)
    for (p in c(0.001, 0.025, 0.975, 0.999)) {
      q <- qbinom(p, n[i], TARGET)
      alpha <- (pbinom(q, n[i], TARGET) - p) / dbinom(q, n[i], TARGET)
      add(name, paste0("limit_", p), r, max(0, (q - alpha) / n[i]), R_VERSION)
    }
  }
}

for (name in unique(data$dataset)) {
  cells <- data[data$dataset == name, ]
  standardised(name, cells)
  influence(name, cells)
  splits(name, cells)
  funnel(name, cells)
}
write.csv(do.call(rbind, rows), arguments[2], row.names = FALSE, quote = FALSE)
