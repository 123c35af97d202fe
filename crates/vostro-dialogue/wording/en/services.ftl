# Cards, payees, contact details, alerts, trips and cases.
cards-none = You have no cards.
cards-list = Your cards:
    { $list }
card-active = - { $name }: active, up to { $limit } a day
card-frozen = - { $name }: frozen for now, up to { $limit } a day
card-blocked = - { $name }: blocked for good
card-ordered = - { $name }: new, on its way, expected { $day }
card-ordered-open = - { $name }: new, on its way
card-stands = That can't be done with that card as it stands now. Say “show my cards” to see how each stands.
no-card = You have no card that this could be done with.
no-card-freeze = You have no card that could be frozen.
no-card-unfreeze = You have no frozen card.

cases-none = You have no cases.
cases-list = Your cases:
    { $list }
case-line = - { $case }: { $description } { $amount }, open since { $opened }
alerts-none = You have no balance alerts.
alerts-list = Your balance alerts:
    { $list }
alerts-which = I changed nothing, because I'm not sure which one you mean. Name its amount. These are yours:
    { $list }
alert-line = - { $account }: below { $below }
contact-none = none
profile = This is how the bank reaches you:
    - E-mail: { $email }
    - Phone: { $phone }
    - Address: { $address }
profile-trip = - Trip to { $place }, { $from } to { $until }
account-details = For { $name }:
    - Account number: { $number }
    - Routing number: { $routing }
account-details-number = The account number of { $name } is { $number }. A routing number is not set up here; your statement has it.

what-freeze = freeze your { $card }. It won't pay until you unfreeze it.
what-unfreeze = unfreeze your { $card }, so that it pays again.
what-block-lost = block { $cards } for good as lost, and order a replacement. This can't be undone.
what-block-stolen = block { $cards } for good as stolen, and order a replacement. This can't be undone.
what-replace = order a replacement for your { $card }. The present one goes on working until the new one arrives.
what-limit = set the daily limit of your { $card } to { $limit }.
what-travel = note a trip to { $place } from { $from } to { $until }.
what-add-payee = save { $name }, account { $number }, as a payee.
what-remove-payee = remove { $name } from your payees; standing orders to them go on until you cancel those.
what-remove-payees = remove these from your payees: { $names }. Standing orders to them go on until you cancel those.
what-email = change your e-mail address to { $value }.
what-phone = change your phone number to { $value }.
what-address = change your address to { $value }.
what-alert = tell you when the balance of { $account } falls below { $below }.
what-change-alert = tell you when the balance of { $account } falls below { $below }, instead of below { $before } as now.
what-remove-alert = end that balance alert.
alert-named = { $account } below { $below }
what-remove-alerts = { $count ->
    [1] end this balance alert: { $list }.
   *[other] end these { $count } balance alerts: { $list }.
 }
what-end-order = end this standing order: { $what } { $schedule }. No more payments will be made for it; what was paid before stays paid.
what-skip = leave out one payment, the one on { $due }: { $what } { $schedule }. The next one is then on { $next }.
what-skip-last = leave out the last payment, the one on { $due }: { $what } { $schedule }.
what-dispute = open a case for “{ $transaction }”. What is wrong with it: { $reason }. A person looks at every case.
what-dispute-one = open a case for that transaction. What is wrong with it: { $reason }. A person looks at every case.
reason-not-mine = you did not make it
reason-duplicate = it was charged more than once
reason-wrong-amount = the amount is wrong
reason-not-received = what you paid for did not come
reason-other = something else

change-done = Done. { $what }
change-before = Nothing is waiting for your answer. That was done already, and once: { $what }
change-dropped = Okay, nothing was changed.
change-unknown = I can't find that any more, so nothing was changed.
change-state = That can't be done as things stand now, so nothing was changed.
payee-saved = That payee is saved already.
done-freeze = Your { $card } is frozen. Say “unfreeze my card” when you want it back.
done-unfreeze = Your { $card } is active again.
done-block = { $count ->
    [1] { $cards } is now blocked. A new card ending …{ $ends } is on order.
   *[other] { $cards } are now blocked. New cards ending …{ $ends } are on order.
 }
done-replace = A new card ending …{ $end } is on order in the place of your { $card }.
done-limit = Your { $card } now pays up to { $limit } a day.
done-travel = Your trip to { $place } from { $from } to { $until } is on record.
done-add-payee = { $name } ({ $number }) is now one of your payees.
done-remove-payee = That payee is no longer saved.
done-remove-payees = Those payees are no longer saved.
done-email = Your e-mail address is now { $value }.
done-phone = Your phone number is now { $value }.
done-address = Your address is now { $value }.
done-alert = You will be told when the balance of { $account } falls below { $below }.
done-change-alert = You will be told when the balance of { $account } falls below { $below }, no longer below { $before }.
done-remove-alert = That alert has ended.
done-remove-alerts = { $count ->
    [1] That alert has ended: { $list }.
   *[other] Those { $count } alerts have ended: { $list }.
 }
done-end-order = Cancelled: { $what }. No more payments will be made for it; what was paid before stays paid.
done-skip = The payment of { $due } is left out: { $what }. The next one is on { $next }.
done-skip-last = The payment of { $due } is left out: { $what }. It was the last one.
done-dispute = Case { $case } was opened on { $at }: { $reason }. A person will look at it and answer here.

dispute-which = Which transaction is it? Give me its number, or say where, when or how much:
    { $list }
dispute-none-fits = I found no transaction that fits. These are the latest; give me a number, or say where, when or how much it was:
    { $list }
dispute-none = I found no transaction that fits. Say where, when or how much it was, or “talk to a person”.

ask-card = Which card is it?
ask-card-report = Which card shall I block now? It stops paying at once.
ask-limit = How much should it be able to pay a day?
ask-below = Below which amount should I tell you?
ask-payee-name = What is the payee's name?
ask-payee-number = What is their account number?
ask-payee-remove = Which payee should I remove?
ask-account = Which account is it?
ask-place = Where are you going?
ask-days = From which day to which day?
ask-contact = What would you like to change: your address, your e-mail or your phone number?
ask-value = What should it be?
trouble-unknown-card = I don't see a card “{ $words }” of yours.
trouble-past-days = Those days are over.
trouble-email = That is not an e-mail address.
trouble-phone = That is not a phone number.
trouble-address = I need street, number and town.
