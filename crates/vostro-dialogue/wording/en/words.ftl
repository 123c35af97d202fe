# How things are called.
date = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
 } { $day }, { $year }
moment = { $date } at { $time }
period-day = on { $day }
period-range = from { $from } to { $to }

category-groceries = groceries
category-dining = dining
category-transport = transport
category-shopping = shopping
category-utilities = utilities
category-housing = housing
category-health = health
category-entertainment = entertainment
category-travel = travel
category-income = income
category-fees = fees
category-transfers = transfers
category-cash = cash
category-other = other

new-payee = account { $number } (new payee)
some-account = account
some-payee = payee ({ $number })
some-biller = biller ({ $number })

schedule-once = on { $first }
schedule-every = { $every }{ $last_day }, first on { $first }, { $end }
every-weekly = every week
every-biweekly = every two weeks
every-monthly = every month
every-quarterly = every three months
every-yearly = every year
or-last-day = { " (or the last day of a shorter month)" }
end-never = until you cancel it
end-on = until { $day }
end-after = { $count ->
    [1] once
   *[other] { $count } times
 }

condition-account = on { $name }
condition-category-list = in { $category }
condition-category-in = as { $category }
condition-category-out = on { $category }
condition-merchant = matching “{ $words }”
condition-at-least = of at least { $amount }
condition-at-most = of at most { $amount }
