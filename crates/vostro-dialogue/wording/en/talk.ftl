# Replies without figures of the customer's.
suggest-balance = What's my balance?
suggest-transactions = Show my recent transactions
suggest-transfer = Transfer money
suggest-bill = Pay a bill
anything-else = Is there anything else I can help with?

answer = { $text }

    Source: { $titles }
answer-none = I don't have an answer to that. I can help with balances, transactions, transfers, bill payments and how things work at the bank, or say “talk to a person”.
answer-nearest = I don't have an answer to that. The nearest articles I have are:
    { $list }
    If none of them fits, say “talk to a person”.
answer-unavailable = I can't look that up right now, because the knowledge base does not answer. Balances, transactions, transfers and bill payments work; for anything else, please try again in a moment or say “talk to a person”.

hand-off = { $lead } Your reference is { $reference }. Meanwhile you can go on asking me.
hand-off-self-harm = I'm really sorry you're going through this. You don't have to face it alone. If you are in danger, please call your local emergency number now. In the US and Canada you can call or text 988 at any hour; elsewhere your local emergency or crisis line can help. I've marked this conversation for a person, reference { $reference }.
hand-off-asked = I've put this conversation in the queue for a person.
hand-off-dispute = A charge you don't agree with needs a person to look at it. I've put this conversation in the queue for one.
hand-off-fraud = If your card or your access is in somebody else's hands, call the number on the back of your card or on your statement now. I've also put this conversation at the front of the queue for a person.
hand-off-hardship = Thank you for telling me. A person can look at this with you; I've put this conversation in the queue for one.
hand-off-bereavement = I'm sorry. A person will take care of this with you; I've put this conversation in the queue for one.
hand-off-unsupported = I can't do that myself. I've put this conversation in the queue for a person who can.
hand-off-not-understood = I'm sorry, I keep misunderstanding you. I've put this conversation in the queue for a person.
hand-off-high-value = An amount as large as that needs a person. Nothing was moved. I've put this conversation in the queue for one.
passed-on = I've passed that on to the person who has this conversation.
person-gone = The person has just ended their part of this conversation, so that did not reach them. Please say it to me again.

greeting = Hello! I'm the bank's automated assistant. I can show balances and transactions, make transfers, pay bills and explain how things work. What can I do for you?
thanks = You're welcome. Is there anything else I can help with?
goodbye = Goodbye, and thank you for stopping by.
help = I can
    - show the balance of one account or all of them
    - list transactions by period, merchant, category or amount, and sum what you spent
    - transfer money between your accounts, to a saved payee or to an account number
    - pay your bills
    - schedule payments, once or every month, and list, skip or cancel them
    - show an account's statement of a month
    - list, freeze and replace your cards, report one lost or stolen, set its limit, note a trip
    - open a case for a transaction you don't agree with
    - save or remove a payee, change your address, e-mail or phone, and set balance alerts
    - answer questions about accounts, cards, fees and limits
    - call a person
    Money only moves after you have confirmed source, payee and amount.
identity = I'm an AI assistant, a computer program of the bank, not a person. If you would rather talk to one, say “talk to a person”.
small-talk = Okay. Is there anything I can do for you at the bank?
frustration = I'm sorry this is frustrating. Tell me what you need in a few words, or say “talk to a person”.

not-open = That proposal is no longer open, so nothing was moved. If you still want it, ask me again and confirm the new one.
cancelled = Cancelled. Nothing was moved.
stopped = Okay, I've stopped. Nothing was moved.
nothing-to-confirm = There is nothing waiting for your confirmation. What would you like to do?
one-at-a-time = I take one thing at a time that needs your yes: answer this one first, then I'll come to the other.
out-of-scope = That's outside what I can help with. I'm here for your banking: balances, transactions, transfers, bills, and questions about the bank.
blocked = I can't help with that message. If you have a banking question, please ask it in other words, or say “talk to a person”.
no-source = You have no account that money can be sent from.
too-often = That is a lot of payments in a short time, so I have not prepared this one. Nothing was done. Please try again in a few minutes.
step-up-unavailable = This needs a second confirmation that can't be given here. Nothing was done. Say “talk to a person” to have it done.
factor-code = It also needs the six-digit code from your authenticator app: send the code to confirm, or say no to cancel.
factor-approval = It also needs your approval in the bank's app. Approve it there, then say yes here; or say no to cancel.
factor-refused = That was not accepted, and nothing was done. You can try once more, say no to cancel, or say “talk to a person”.
not-offered = I can't do that at your bank yet. I can show balances and transactions, send money and pay bills. For anything else, say “talk to a person”.
undecided = Take your time: nothing is done until you say yes.
not-understood = Sorry, I didn't get that.
draft-unbacked = I can't put that into words that I can stand behind. What I have is shown beside this message.
draft-blocked = I can't show that answer. Please ask in other words, or say “talk to a person”.
