# Money on the move: questions, proposals, receipts, declines.
confirm-movement = Please confirm: { $what } Shall I go ahead? Reply yes to confirm or no to cancel.
confirm-end = Please confirm: { $what } Shall I go ahead? Reply yes to go ahead or no to leave it as it is.
still-waits = This still waits for your yes or no: { $what }
what-bill = pay your { $target } bill, { $amount }, from { $source }.
what-transfer = transfer { $amount } from { $source } to { $target }.
done-bill = Done. The payment of { $amount } to { $target } from { $source } is complete. That account's balance is now { $balance }.
done-transfer = Done. The transfer of { $amount } from { $source } to { $target } is complete. That account's balance is now { $balance }.
counts-later = It counts as made on { $day }, the next business day.
already-bill = Your payment of { $amount } from { $source } to { $target } was already completed, and it was done once.
already-transfer = Your transfer of { $amount } from { $source } to { $target } was already completed, and it was done once.
nothing-waits = Nothing is waiting for your answer. { $already }

declined-bill = That payment can't be made, and nothing was moved: { $why }
declined-transfer = That transfer can't be made, and nothing was moved: { $why }
declined-at-posting = That could not be completed, and nothing was moved: { $why }
decline-currency = { $amount } is not in the currency of { $source }. Which amount in that account's currency should it be?
decline-funds = { $source } has { $available } available, which is less than { $amount }. Which amount should it be instead?
decline-stopped = the bank has paused all transfers and payments for the time being. Please try again later. Balances, transactions and questions work as usual.
decline-not-positive = the amount has to be more than zero. Which amount should it be?
decline-source-unknown = I can't find the account to pay from.
decline-source-frozen = the account to pay from is frozen. A person can tell you why: say “talk to a person”.
decline-source-closed = the account to pay from is closed.
decline-target-unknown = I can't find where it should go.
decline-target-closed = the account it should go to does not take payments.
decline-same = it would go from an account to the same account.
decline-currencies = the currencies of amount and accounts differ.
decline-transfer-limit = it is over the limit of { $limit } for one transfer or payment. Which amount should it be instead? For a larger one, say “talk to a person”.
decline-daily-limit = it is over your limit of { $limit } a day, of which { $left } is left today. Which amount should it be instead? For a larger one, say “talk to a person”.
decline-daily-used = your limit of { $limit } a day is used up for today. If it cannot wait, say “talk to a person”.
decline-held = only { $held } is set aside for it.
decline-short = the account has { $available } available, which is not enough.
decline-too-large = the amount is too large. Which amount should it be?

left-out = Left out, as you say: { $list }.
left-out-one = { $amount } to { $whom }
left-out-transfer = the other transfer
left-out-bill = the other bill
left-out-change = the other change

ask-amount = How much should it be?
ask-source = Which account should it come from?
ask-biller = Which bill would you like to pay?
ask-nearly = Reply yes if so, or give me the right name. Nothing moves before you confirm it.
ask-target = Who should the transfer go to? A saved payee, one of your accounts, or an account number.
ask-when = On which day, or how often? Say “on Friday”, “every month on the 1st”, or “today”.
ask-more = Could you tell me more?
ask-choose = Choose one of these:
ask-or = You can also say “cancel” or “talk to a person”.
choice-cancel = Cancel
choice-person = Talk to a person

trouble-amount = I can't read “{ $words }” as one exact amount.
trouble-account-none = I don't see that account.
trouble-account = I don't see an account “{ $words }” of yours.
trouble-payee = You have no saved payee called “{ $words }”. You can give me an account number instead.
trouble-nearly-again = Did you mean { $name }?
trouble-nearly = I find nobody saved as “{ $words }”. Did you mean { $name }?
trouble-biller = You have no biller for “{ $words }”.
trouble-several = More than one fits.
trouble-nothing-due = There is no open amount I could take.
trouble-card = Money can't be sent from a credit card here.
trouble-same = That is the account it would go to.
trouble-days = I couldn't read “{ $words }” as the days of this payment.
trouble-not-held = A payment can't repeat “{ $words }” here. The nearest to that: { $near }.
often-week = every week
often-two-weeks = every two weeks
often-month = every month
often-month-end = on the last day of every month
often-quarter = every three months
often-year = every year
trouble-not-understood = Sorry, I didn't get that.

subject-bill = The payment of { $amount } to { $target } from { $source }
subject-transfer = The transfer of { $amount } from { $source } to { $target }
pending-placed = Confirmed. { $what } is on its way. The amount is set aside, and it becomes final on { $at }. Until then you can recall it: say “cancel that transfer”.
pending-waits = Nothing waits for your answer. { $what } is on its way and becomes final on { $at }. Until then you can recall it: say “cancel that transfer”.
pending-recalled = { $what } was recalled. It had not become final, so nothing was moved, and the amount is available again.
recall-nothing = You have no transfer or payment that could still be recalled. If you want a person to look at one, say “talk to a person”.
recall-too-late = It is too late to recall that. { $already } If it was a mistake, say “talk to a person”, and somebody will look at what can be done.
recall-several = More than one of yours is not final yet, so nothing was changed. These wait:
    { $list }
    Say “cancel that transfer” in the conversation in which you confirmed it, or “talk to a person”.
recall-one = - { $amount } to { $target }, final on { $at }
