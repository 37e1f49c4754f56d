# Prints the first scheduled minute after `from`, or, with mode=last, the last one that is not after `to`; nothing if there is none.
# Variables: mode = next or last, from and to = seconds since 1970, schedule = minutes, hours, days of the month, months and days of the week,
# as lists or *. Input: lines of <time> <seconds east of UTC>, each valid from its time on.
{ since[NR] = $1; offset[NR] = $2 }

END {
  split(schedule, field, " ")
  moment = next_after(from + 0)
  if (mode == "last") {
    while (moment != "" && moment <= to + 0) { found = moment; moment = next_after(moment) }
    moment = found
  }
  if (moment != "") printf "%.0f\n", moment
}

# Skips the rest of days and hours that do not match, but no change of the offset. Gives up after ten years.
function next_after(time,    limit, i, local, step) {
  limit = time + 315576000
  time = (int(time / 60) + 1) * 60
  for (i = 1; time <= limit; time += step) {
    while (i < NR && since[i + 1] <= time) i++
    if (is_due(time, i)) return time
    local = time + offset[i]
    step = 60
    if (!is_day(int(local / 86400))) step = 86400 - local % 86400
    else if (!has(field[2], int(local % 86400 / 3600))) step = 3600 - local % 3600
    if (i < NR && time + step > since[i + 1]) step = since[i + 1] - time
  }
  return ""
}

# At fixed hours, an hour that the clock repeats counts once, and one that it skips counts as its end (daylight saving time).
function is_due(time, i,    local) {
  if (matches(time + offset[i])) return field[2] == "*" || i == 1 || time - since[i] >= offset[i - 1] - offset[i]
  if (field[2] == "*" || i == 1 || time != since[i]) return 0
  for (local = time + offset[i - 1]; local < time + offset[i]; local += 60) if (matches(local)) return 1
  return 0
}

function matches(local) {
  return has(field[1], int(local % 3600 / 60)) && has(field[2], int(local % 86400 / 3600)) && is_day(int(local / 86400))
}

# If both the day of the month and the day of the week are limited, one of them must match, as in every cron. `day` counts from 1970.
function is_day(day,    shifted, era, of_era, year, of_year, part, month, weekday) {
  # The calendar with years that begin in March, by eras of 400 years.
  shifted = day + 719468
  era = int(shifted / 146097)
  of_era = shifted - era * 146097
  year = int((of_era - int(of_era / 1460) + int(of_era / 36524) - int(of_era / 146096)) / 365)
  of_year = of_era - (365 * year + int(year / 4) - int(year / 100))
  part = int((5 * of_year + 2) / 153)
  month = part < 10 ? part + 3 : part - 9
  if (!has(field[4], month)) return 0
  weekday = has(field[5], (day + 4) % 7)
  if (field[3] == "*") return weekday
  return has(field[3], of_year - int((153 * part + 2) / 5) + 1) || (field[5] != "*" && weekday)
}

function has(list, value) { return list == "*" || index("," list ",", "," value ",") > 0 }
