# What was read: balances, transactions, sums, bills, payees, schedules, statements.
unknown-account = I don't see an account “{ $words }” of yours.
balances-none = You have no accounts that I can show.
balance-one = Your { $name } balance is { $standing }.
balances-list = Here are your balances:
    { $list }
balance-line = - { $name }: { $standing }
balances-sum = In total, cards left out: { $sum }
standing-owed = { $balance } (you owe { $owed }; { $available } of credit left)
standing-credit = { $balance } ({ $available } of credit left)
standing-available = { $balance } ({ $available } available)

transactions-none = I found no transactions{ $conditions }.
transactions-none-in = I found no incoming transactions{ $conditions }.
transactions-list = { $count ->
    [1] I found one transaction{ $conditions }:
   *[other] Here are { $count } transactions{ $conditions }:
 }
transactions-list-in = { $count ->
    [1] I found one incoming transaction{ $conditions }:
   *[other] Here are { $count } incoming transactions{ $conditions }:
 }
transactions-latest = { $count ->
    [1] I found one transaction{ $conditions }:
   *[other] Here are the { $count } latest transactions{ $conditions }:
 }
transactions-latest-in = { $count ->
    [1] I found one incoming transaction{ $conditions }:
   *[other] Here are the { $count } latest incoming transactions{ $conditions }:
 }
transactions-largest = { $count ->
    [1] This is the largest transaction{ $conditions }:
   *[other] Here are the { $count } largest transactions{ $conditions }:
 }
transactions-largest-in = { $count ->
    [1] This is the largest incoming transaction{ $conditions }:
   *[other] Here are the { $count } largest incoming transactions{ $conditions }:
 }
transaction-line = - { $date }: { $description } { $amount }
transaction-line-of = - { $date }: { $description } { $amount } ({ $account })

spent-none = I found no transactions{ $conditions }: you spent { $amount }.
received-none = I found no transactions{ $conditions }: you received { $amount }.
spent = { $count ->
    [1] You spent { $amount }{ $conditions }, in 1 transaction.
   *[other] You spent { $amount }{ $conditions }, in { $count } transactions.
 }
received = { $count ->
    [1] You received { $amount }{ $conditions }, in 1 transaction.
   *[other] You received { $amount }{ $conditions }, in { $count } transactions.
 }
spent-most = The most went to:
    { $list }
spent-category = - { $category }: { $amount }
compared-more = That is { $difference } more than in the period before ({ $from } to { $to }), when it was { $before }.
compared-less = That is { $difference } less than in the period before ({ $from } to { $to }), when it was { $before }.
compared-same = That is exactly as much as in the period before ({ $from } to { $to }).

bills-none = You have no billers set up, so there are no bills to show.
bills-list = Here are your bills:
    { $list }
bill-due-on = - { $name }: { $amount } due { $day }
bill-due = - { $name }: { $amount } due
bill-nothing = - { $name }: nothing due
payees-none = You have no saved payees. You can still transfer money to an account number.
payees-list = Your saved payees:
    { $list }
payee-line = - { $name }

confirm-order = Please confirm: { $what } { $schedule }. Your one yes covers all of it. Shall I go ahead? Reply yes to confirm or no to cancel.
confirm-order-another = You have a standing order like this already. Please confirm that this one comes on top of it: { $what } { $schedule }. Shall I go ahead? Reply yes to confirm or no to cancel.
confirm-order-change = Please confirm the change: { $what } { $schedule }. It takes the place of the order that you have, which ends. Shall I go ahead? Reply yes to confirm or no to leave it as it is.
confirm-pause = Please confirm: leave out the payments of { $days } of this standing order: { $what }. It pays again from { $next } on. Shall I go ahead? Reply yes to go ahead or no to leave it as it is.
pause-nothing = Nothing was changed: no payment of { $what } is due before { $until }. The next one is on { $next }. You can also say “skip the next payment” or “cancel it”.
ask-pause = Until which day should its payments be left out? Say “until February 1”. You can also say “skip the next payment”, or “cancel” for no change.
order-waits = This still waits for your yes or no: { $what } { $schedule }.
scheduled = It's set up: { $what } { $schedule }. Nothing has moved yet; each payment is made on its day if the account has the money then.
schedule-changed = It's changed: { $what } { $schedule }. The order before it has ended.
schedule-which-change = What should change: the amount, or the days? It is { $what } { $schedule }.
schedules-none = You have no scheduled payments or standing orders.
schedules-list = Here are your scheduled payments and standing orders:
    { $list }
schedules-which = I changed nothing, because I'm not sure which one you mean. Say whom it pays, or “the second one”. These are yours:
    { $list }
schedule-line = - { $what } { $schedule }
schedule-line-next = - { $what } { $schedule }; next on { $day }
order-bill = { $amount } for your { $target } bill from { $source }
order-transfer = { $amount } from { $source } to { $target }

statement = Statement of { $name } from { $from } to { $to }:
    - Opening balance: { $opening }
    - Money in: { $received }
    - Money out: { $spent }
    - Closing balance: { $closing }
    - Transactions: { $count }
