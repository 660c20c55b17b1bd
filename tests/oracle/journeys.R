# Reference values for the incidence of resolution: Kaplan-Meier, Aalen-Johansen, restricted means.
#
# Usage: Rscript journeys.R journeys_data.csv OUT.csv
#
# One row of the data is one case: the day on which it ended, and how. Everything comes from
# survival::survfit: `withdrawn_censored` is Kaplan and Meier's estimate with withdrawn cases taken
# for censored ones, `competing` the Aalen-Johansen estimate with withdrawal as an end of its own.
suppressMessages(library(survival))

arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
SOURCE <- paste("survival", packageVersion("survival"), "R", getRversion())
DAYS <- 30

rows <- list()
add <- function(dataset, quantity, day, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset = dataset, quantity = quantity, day = day, value = sprintf("%.17g", value),
    source = SOURCE
  )
}

for (name in unique(data$dataset)) {
  own <- data[data$dataset == name, ]
  # survfit knows no events on day 0: all days are moved by one
  own$time <- own$day + 1
  days <- 0:min(DAYS, max(own$day))
  km <- survfit(Surv(time, end == "resolved") ~ 1, data = own)
  at <- summary(km, times = days + 1, extend = TRUE)
  for (k in seq_along(days)) {
    add(name, "withdrawn_censored", days[k], 1 - at$surv[k])
    add(name, "at_risk", days[k], at$n.risk[k])
  }
  state <- factor(own$end, levels = c("censored", "resolved", "withdrawn"))
  aj <- survfit(Surv(time, state) ~ 1, data = own)
  at <- summary(aj, times = days + 1, extend = TRUE)
  for (k in seq_along(days)) {
    add(name, "competing_resolved", days[k], at$pstate[k, match("resolved", aj$states)])
    add(name, "competing_withdrawn", days[k], at$pstate[k, match("withdrawn", aj$states)])
  }
  if (max(own$day) >= DAYS) {
    # the first of the moved days holds nothing
    mean_days <- summary(km, rmean = DAYS + 1)$table["rmean"] - 1
    add(name, "withdrawn_censored_waiting", DAYS, mean_days)
  }
}
write.csv(do.call(rbind, rows), arguments[2], row.names = FALSE, quote = FALSE)
