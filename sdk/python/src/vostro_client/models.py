"""What goes over the wire, as types: made from docs/api/openapi.yaml by scripts/python-types.sh."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Amount(TypedDict):
    """
    An amount on the wire: exact minor units, the currency, and how to show it.
    """

    currency: str
    """
    ISO 4217 code.
    """
    display: str
    """
    As text, for example `$1,250.50`.
    """
    minor: int
    """
    Minor units (cents), signed.
    """


class AuditRowView(TypedDict):
    """
    A row of the audit trail.
    """

    at: str
    """
    When.
    """
    detail: NotRequired[dict[str, Any]]
    """
    The particulars: ids, amounts, codes; null once erased.
    """
    kind: str
    """
    What was decided.
    """
    sequence: int
    """
    Its place in the trail.
    """


class ByRequest(TypedDict):
    """
    Who orders something.
    """

    by: str
    """
    The colleague, on one line; outside the sandbox the name of the credential.
    """


Card8 = TypedDict(
    'Card8',
    {
        'account': str,
        'closing': Amount,
        'count': int,
        'from': str,
        'opening': Amount,
        'received': Amount,
        'spent': Amount,
        'to': str,
        'type': Literal['statement'],
    },
)


class Card11(TypedDict):
    """
    Answers to choose from.
    """

    options: list[str]
    """
    What to send when one is chosen.
    """
    type: Literal['choices']


class Card15(TypedDict):
    """
    How the bank reaches the customer.
    """

    address: NotRequired[str]
    """
    The postal address.
    """
    email: NotRequired[str]
    """
    The e-mail address.
    """
    phone: NotRequired[str]
    """
    The telephone number.
    """
    type: Literal['profile']


class Card16(TypedDict):
    """
    What somebody needs to pay into an account.
    """

    account: str
    """
    The account's name.
    """
    number: str
    """
    Its whole number.
    """
    routing_number: NotRequired[str]
    """
    The bank's routing number.
    """
    type: Literal['account_details']


class Card17(TypedDict):
    """
    A change that waits for yes or no.
    """

    change: str
    """
    What kind of change: `freeze_card`, `add_payee`, …
    """
    confirmation_id: str
    """
    The proposal.
    """
    expires_at: str
    """
    When it can no longer be confirmed.
    """
    type: Literal['change_confirmation']
    what: str
    """
    What would be done, in words.
    """


class Card18(TypedDict):
    """
    What waits for a yes also needs a second factor: a code, which is then the yes, or an approval at the bank's
    identity provider before it.
    """

    method: str
    """
    `code` or `approval`.
    """
    type: Literal['second_factor']


class Card19(TypedDict):
    """
    A change that was made.
    """

    at: str
    """
    When.
    """
    change: str
    """
    What kind of change.
    """
    confirmation_id: str
    """
    The confirmation that it took.
    """
    reference: NotRequired[str]
    """
    What it made: a case's id, the ends of new cards' numbers.
    """
    type: Literal['changed']
    what: str
    """
    What was done, in words.
    """


class Card20(TypedDict):
    """
    A person was called.
    """

    reason: str
    """
    Why.
    """
    reference: str
    """
    The entry in the queue: what the customer refers to.
    """
    type: Literal['hand_off']


class CardCard(TypedDict):
    """
    A payment card on a card.
    """

    arrives_on: NotRequired[str]
    """
    When a new one is to arrive.
    """
    card_id: str
    """
    Its id.
    """
    daily_limit: Amount
    """
    The most it pays on a day.
    """
    kind: str
    """
    `debit` or `credit`.
    """
    name: str
    """
    What the customer calls it.
    """
    number: str
    """
    The end of its number: `…4321`.
    """
    status: str
    """
    `active`, `frozen`, `blocked` or `ordered`.
    """


class CaseCard(TypedDict):
    """
    A case on a card.
    """

    amount: Amount
    """
    How much, as on the statement.
    """
    case_id: str
    """
    Its id: what the customer refers to.
    """
    description: str
    """
    What the statement says of it.
    """
    opened_at: str
    """
    When it was opened.
    """
    reason: str
    """
    What is wrong.
    """
    status: str
    """
    `open` or `closed`.
    """
    transfer_id: str
    """
    The disputed transfer.
    """


class CategorySum(TypedDict):
    """
    The sum of one category.
    """

    category: str
    """
    The category.
    """
    spent: Amount
    """
    What left the accounts.
    """


class ChangedPolicy(TypedDict):
    """
    A policy that was changed.
    """

    approved_by: str
    """
    Who approved it.
    """
    at: str
    """
    When.
    """
    by: str
    """
    Who asked for it.
    """
    content: str
    """
    What it says; empty where the files count again.
    """
    policy: str
    """
    `guardrails` or `step_up`.
    """
    reason: str
    """
    Why.
    """
    version: int
    """
    Counts the changes of all policies.
    """


class ChannelAccepted(TypedDict):
    """
    The message was taken. Its reply goes to the channel's address.
    """

    session_id: NotRequired[str]
    """
    The conversation that it is part of.
    """
    turn_id: NotRequired[str]
    """
    The turn that answers it, named again with the reply; null where there was nothing to answer.
    """


ChannelMessageData = TypedDict(
    'ChannelMessageData',
    {
        'from': str,
        'text': str,
    },
)


class ChatRequest(TypedDict):
    """
    What a customer says.
    """

    message: str
    """
    The message: not only white space, at most 10,000 characters, without U+0000.
    """
    session_id: NotRequired[str]
    """
    The conversation to go on with; missing, empty or null opens a new one, whose id comes back.
    A conversation ends after 30 minutes without a message.
    """
    user_id: str
    """
    Who speaks: 1 to 128 characters, no control characters. In the sandbox a user that nobody
    created gets a small demo portfolio with the first message.
    """


CheckState: TypeAlias = Literal['ready', 'disabled', 'degraded', 'unavailable']
"""
What a check found.
"""


class Citation(TypedDict):
    """
    The place of a quotation.
    """

    chunk_id: str
    """
    Id of the chunk.
    """
    document_id: str
    """
    Id of the document.
    """
    end: int
    """
    Where it ends (exclusive), in Unicode code points.
    """
    quote: str
    """
    The quoted text, exactly `start..end` of the document's body.
    """
    start: int
    """
    Where the quotation begins in the document's body, in Unicode code points.
    """
    title: str
    """
    Title of the document.
    """


class CloseRequest(TypedDict):
    """
    How it ends.
    """

    by: str
    """
    The colleague, on one line; outside the sandbox the name of the credential.
    """
    give_back: NotRequired[bool]
    """
    Whether the conversation is given back to the assistant undone, rather than resolved.
    """


class CompletionReply(TypedDict):
    """
    The reply as a message.
    """

    content: str
    """
    What to tell the customer.
    """
    role: str
    """
    `assistant`.
    """


class CompletionTurn(TypedDict):
    """
    A message of the conversation.
    """

    content: str
    """
    A text, or a list of parts of which those of type `text` count.
    """
    role: str
    """
    `user`, `assistant`, or another that is ignored.
    """


Audience: TypeAlias = Literal['public', 'customer', 'staff'] | None
"""
For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
everything, which takes the operators' secret.
"""


class ContextRequest(TypedDict):
    """
    A question, and how much may be said about it.
    """

    audience: NotRequired[Audience]
    """
    For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
    everything, which takes the operators' secret.
    """
    category: NotRequired[str]
    """
    Only passages of this category.
    """
    max_tokens: NotRequired[int]
    """
    Most tokens of the text, estimated at four characters each.
    """
    min_score: NotRequired[float]
    """
    Only passages with at least this score, 0 to 1; without one those that are about the question.
    """
    query: str
    """
    The question in ordinary words: not only white space, at most 2,000 characters, without U+0000.
    """


class Conversation(TypedDict):
    """
    A conversation in the list.
    """

    last_seen_at: float
    """
    When it last had a message: Unix seconds.
    """
    opened_at: float
    """
    When it was opened: Unix seconds.
    """
    session_id: str
    """
    What to send as `session_id` to go on with it.
    """
    title: str
    """
    Its first message, personal data masked.
    """


class ConversationList(TypedDict):
    """
    A customer's conversations.
    """

    conversations: list[Conversation]
    """
    The one with the latest message first.
    """


class CountView(TypedDict):
    """
    How many turns have a name in common.
    """

    name: str
    """
    The name.
    """
    turns: int
    """
    How many turns.
    """


DayView = TypedDict(
    'DayView',
    {
        'from': str,
        'turns': int,
        'unanswered': int,
    },
)


DecidedBy: TypeAlias = Literal['rules', 'classifier', 'model', 'model_silent']
"""
The tiers of the guardrails.
"""


class DecisionRequest(TypedDict):
    """
    Who decides, and why.
    """

    by: str
    """
    Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
    """
    reason: str
    """
    Why: one line of at most 200 characters.
    """


Direction: TypeAlias = Literal['input', 'output', 'document']
"""
Where a text comes from, which decides what is expected of it.
"""


class DocumentRemoved(TypedDict):
    """
    What was taken out.
    """

    id: str
    """
    The document's id.
    """
    revision: int
    """
    The knowledge version since then.
    """
    searchable: bool
    """
    Whether this process's search knows of it already; else in a moment.
    """


Audience1: TypeAlias = Literal['public', 'customer', 'staff'] | None
"""
Who may find it: `public`, `customer` (the default) or `staff`.
"""


class DocumentRequest(TypedDict):
    """
    A document, or a file of many. What is not said is taken from the front matter, else filled in.
    """

    audience: NotRequired[Audience1]
    """
    Who may find it: `public`, `customer` (the default) or `staff`.
    """
    category: NotRequired[str]
    """
    Its category.
    """
    content: NotRequired[str]
    """
    The text, in the format that `media_type` names. Either this or `content_base64`.
    """
    content_base64: NotRequired[str]
    """
    The bytes of a file, in Base64.
    """
    id: NotRequired[str]
    """
    Its id: 1 to 128 of a-z, A-Z, 0-9 and `-_.:()`. A document of the same id is replaced.
    """
    language: NotRequired[str]
    """
    Language of the text (BCP 47); `en` when it is not said.
    """
    media_type: NotRequired[str]
    """
    `text/markdown` (the default), `text/html`, `text/plain`, `text/csv`, `application/pdf`, `application/jsonl` or
    `application/vnd.openxmlformats-officedocument.wordprocessingml.document`. CSV (columns `question` and
    `answer`) and JSON lines are many documents.
    """
    source: NotRequired[str]
    """
    Where it is from, for the list.
    """
    tags: NotRequired[list[str]]
    """
    More words under which it is looked for.
    """
    title: NotRequired[str]
    """
    Its title.
    """
    updated: NotRequired[str]
    """
    Day of the last change.
    """
    valid_from: NotRequired[str]
    """
    First day on which it is found.
    """
    valid_until: NotRequired[str]
    """
    Last day on which it is found.
    """
    version: NotRequired[int]
    """
    Edition of the text, counted from 1.
    """


class DocumentView(TypedDict):
    """
    What is known of a document.
    """

    audience: str
    """
    Who may find it: `public`, `customer` or `staff`.
    """
    category: str
    """
    Its category.
    """
    flagged: int
    """
    How many of them nobody finds.
    """
    id: str
    """
    Its id.
    """
    ingested_at: str
    """
    When it came.
    """
    language: str
    """
    Language of the text.
    """
    passages: int
    """
    How many passages it has.
    """
    reason: NotRequired[str]
    """
    Why it is quarantined.
    """
    revision: int
    """
    The knowledge version that it came with.
    """
    source: str
    """
    Where it is from.
    """
    state: str
    """
    `active`, or `quarantined`: nobody finds it.
    """
    tags: list[str]
    """
    More words under which it is looked for.
    """
    title: str
    """
    Its title.
    """
    updated: str
    """
    Day of the last change.
    """
    valid_from: NotRequired[str]
    """
    First day on which it is found.
    """
    valid_until: NotRequired[str]
    """
    Last day on which it is found.
    """
    version: int
    """
    Edition of the text.
    """


class EndSessionsRequest(TypedDict):
    """
    An order to end a customer's conversations.
    """

    by: str
    """
    Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
    """
    reason: str
    """
    Why: one line of at most 200 characters.
    """
    session_id: NotRequired[str]
    """
    Only this conversation; null or missing: all of them.
    """
    user_id: str
    """
    The customer.
    """


class Ended(TypedDict):
    """
    How many conversations were ended.
    """

    ended: int
    """
    Those that had ended before are not counted.
    """


class EraseRequest(TypedDict):
    """
    An order for one customer.
    """

    by: str
    """
    Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
    """
    reason: str
    """
    Why: one line of at most 200 characters.
    """
    user_id: str
    """
    The customer.
    """


class Erased(TypedDict):
    """
    That a customer was erased.
    """

    erased: bool
    """
    Always true: what is refused is a problem.
    """


class ErrorBody(TypedDict):
    """
    The body of an error.
    """

    detail: str
    """
    What is wrong with this request, in words.
    """
    error: str
    """
    The kind of error, stable: `BadRequest`, `ValidationError`, `RateLimitExceeded`, ….
    """
    instance: str
    """
    The path that was asked for.
    """
    request_id: str
    """
    The request's id, as in `X-Request-Id`.
    """
    status: int
    """
    The HTTP status.
    """
    timestamp: float
    """
    When it was answered, in Unix seconds.
    """
    title: str
    """
    The status in words.
    """
    type: str
    """
    `about:blank`: the status says all that there is to know about the kind.
    """


class FactorAnswerRequest(TypedDict):
    """
    The provider's answer to a challenge.
    """

    approved: bool
    """
    Whether the customer approved.
    """
    at: int
    """
    When, in Unix seconds; at most two minutes from now.
    """
    challenge: str
    """
    The challenge, as the event `factor.asked` named it.
    """
    signature: str
    """
    Base64 of the signature over five lines: `vostro.factor-answer.v1`, the challenge, its hash in hexadecimal,
    `approved` or `denied`, and `at`.
    """


class FactorAnswered(TypedDict):
    """
    The answer was taken.
    """

    accepted: bool
    """
    Whether the customer's yes counts now. `false` after a refusal, or while too much was wrong.
    """


class FlaggedPassage(TypedDict):
    """
    A passage that nobody finds.
    """

    number: int
    """
    Its number in the document, from 1.
    """
    reason: str
    """
    Why.
    """


class HandOffView(TypedDict):
    """
    A conversation in the queue.
    """

    claimed_at: NotRequired[str]
    """
    When it was claimed.
    """
    closed_at: NotRequired[str]
    """
    When it was closed.
    """
    colleague: NotRequired[str]
    """
    Who has it, or had it.
    """
    customer_id: str
    """
    Whose it is.
    """
    ended: NotRequired[str]
    """
    How it was closed: `resolved` or `given_back`.
    """
    id: str
    """
    Its id: the reference that the customer was given.
    """
    messages: int
    """
    How many messages its thread has.
    """
    opened_at: str
    """
    When it was put in the queue.
    """
    priority: int
    """
    How urgent: 0 is first.
    """
    reason: str
    """
    Why a person was called.
    """
    session_id: str
    """
    The conversation.
    """
    status: str
    """
    `waiting`, `claimed` or `closed`.
    """
    summary: dict[str, Any]
    """
    What to know first: the flow, the slots that were filled, the customer's words; personal data masked.
    """


HandledBy: TypeAlias = Literal['assistant', 'person']
"""
Who has a conversation.
"""


class Handoff(TypedDict):
    """
    A matter that always reaches a human.
    """

    end: int
    """
    One past the last code point.
    """
    reason: str
    """
    The policy rule that asks for it, such as `dispute`.
    """
    start: int
    """
    First code point of what asked for it.
    """


HealthStatus: TypeAlias = Literal['healthy', 'unhealthy']
"""
How the service is.
"""


class IntentView(TypedDict):
    """
    An intent.
    """

    declined: int
    """
    Of these, how many the bank's rules refused.
    """
    handed_off: int
    """
    Of these, how many called a person.
    """
    intent: NotRequired[str]
    """
    Its name; null where nothing was understood.
    """
    turns: int
    """
    How many turns.
    """
    unanswered: int
    """
    Of these, how many got no answer.
    """


class LatencyView(TypedDict):
    """
    How long turns took, in milliseconds.
    """

    max: float
    p50: float
    p95: float
    p99: float


By: TypeAlias = str | None
"""
Who orders it, on one line; outside the sandbox the name of the credential.
"""


class LinkRequest(TypedDict):
    """
    Whose an address is.
    """

    address: str
    """
    The address, exactly as the channel writes it in its messages.
    """
    by: NotRequired[By]
    """
    Who orders it, on one line; outside the sandbox the name of the credential.
    """
    user_id: NotRequired[str]
    """
    The customer; null or missing: nobody's from now on.
    """


class LinkView(TypedDict):
    """
    Whose an address is now.
    """

    address: str
    """
    The address.
    """
    channel: str
    """
    The channel.
    """
    linked_at: NotRequired[str]
    """
    Since when it is linked.
    """
    session_id: NotRequired[str]
    """
    The conversation that is led there.
    """
    user_id: NotRequired[str]
    """
    The customer; null where it is nobody's.
    """


class Live(TypedDict):
    """
    The answer of `GET /live`.
    """

    alive: bool
    """
    Always true: a process that is not alive does not answer.
    """
    cpu_percent: float
    """
    Processor time in percent of one core (two busy cores are 200), over the time since it was
    last asked, at least a second; the first time since the process began.
    """
    memory_usage_mb: NotRequired[float]
    """
    Resident memory in MB (1,000,000 bytes), measured; null where the system does not tell.
    """
    timestamp: float
    """
    Unix seconds.
    """


class MeasuredTurnView(TypedDict):
    """
    A turn and how it went.
    """

    at: str
    """
    When the message came.
    """
    by_model: bool
    """
    Whether a language model understood it.
    """
    customer_id: str
    """
    Whose it is.
    """
    disposition: str
    """
    `answered`, `asked`, `unanswered`, `declined`, `proposed`, `done`, `handed_off`, `with_person` or `blocked`.
    """
    intent: NotRequired[str]
    """
    What it was understood to be about.
    """
    message: str
    """
    The customer's message, personal data masked.
    """
    model_cost_dollars: float
    """
    Their price in dollars.
    """
    model_tokens: int
    """
    Tokens of language models.
    """
    session_id: str
    """
    The conversation.
    """
    took_ms: float
    """
    How long it took, in milliseconds.
    """
    turn_id: str
    """
    Its id.
    """
    verdict: str
    """
    `passed`, or what the guardrails stopped it for.
    """
    version: int
    """
    Its place in the conversation, from 1.
    """


class MessageView(TypedDict):
    """
    A message between customer and colleague.
    """

    at: str
    """
    When.
    """
    number: int
    """
    Its place in the thread, from 1.
    """
    sender: str
    """
    `customer` or `colleague`.
    """
    text: str
    """
    What it says, personal data masked.
    """


class Model(TypedDict):
    """
    The assistant as a model.
    """

    created: int
    """
    0: it was not made at a point in time.
    """
    id: str
    """
    `vostro`.
    """
    object: str
    """
    `model`.
    """
    owned_by: str
    """
    `vostro`.
    """


class ModelList(TypedDict):
    """
    The models there are.
    """

    data: list[Model]
    """
    Exactly one.
    """
    object: str
    """
    `list`.
    """


class ModelView(TypedDict):
    """
    What language models took part in.
    """

    cost_dollars: float
    """
    Their price in dollars, by the configured prices.
    """
    tokens: int
    """
    Tokens of prompts and answers.
    """
    turns_understood: int
    """
    Turns that a model understood.
    """


class Movement(TypedDict):
    """
    The parameters of a proposed or posted movement, as the customer sees them.
    """

    amount: Amount
    """
    How much.
    """
    kind: str
    """
    `own_transfer`, `payee_transfer` or `bill_payment`.
    """
    source: str
    """
    The source account: `Everyday Checking …4321`.
    """
    target: str
    """
    Where it goes: a payee, a biller, an own account or `account …7890 (new payee)`.
    """


class NotReady(ErrorBody):
    """
    Not ready: the members of an error, and those of `Ready`.
    """

    checks: dict[str, CheckState]
    """
    What the role depends on, by name.
    """
    ready: bool
    """
    Always false here.
    """


class PartyCard(TypedDict):
    """
    A saved payee or a biller on a card.
    """

    amount_due: NotRequired[Amount]
    due_on: NotRequired[str]
    """
    When it is due.
    """
    name: str
    """
    The name.
    """
    number: str
    """
    The end of the account number, or of the reference at the biller.
    """


class Passage(TypedDict):
    """
    A part of a document that was found, with its source.
    """

    category: str
    """
    Category of the document.
    """
    chunk_id: str
    """
    Id of the chunk, `<document id>#<number>`.
    """
    content: str
    """
    The passage itself: Markdown, exactly `start..end` of the document's body.
    """
    document_id: str
    """
    Id of the document.
    """
    end: int
    """
    Where it ends (exclusive), in Unicode code points.
    """
    heading: str
    """
    Headings above the passage, outermost first, joined with ` › `; may be empty.
    """
    score: float
    """
    Relevance, 0 to 1, higher is better, comparable between questions.
    """
    start: int
    """
    Where the passage begins in the document's body, in Unicode code points.
    """
    title: str
    """
    Title of the document.
    """


class PendingView(TypedDict):
    """
    A confirmed movement whose funds are held until it becomes final.
    """

    confirmation_id: str
    """
    The confirmation it consumed.
    """
    final_at: str
    """
    When it becomes final; until then it can be taken back.
    """
    movement: Movement
    """
    What was confirmed.
    """
    status: str
    """
    `pending`, or `voided` once it was taken back.
    """
    transfer_id: str
    """
    The transfer.
    """


PiiKind: TypeAlias = Literal[
    'ssn',
    'itin',
    'credit_card',
    'cvv',
    'pin',
    'iban',
    'routing_number',
    'swift',
    'account_number',
    'email',
    'phone',
    'ip_address',
    'url',
    'date_of_birth',
    'drivers_licence',
    'passport',
    'address',
    'person',
    'organization',
    'location',
    'date_time',
    'api_key',
    'password',
    'one_time_code',
]
"""
Kinds of personal data.
"""


class PiiMatch(TypedDict):
    """
    One personal value: where it stands and what replaces it, never the value.
    """

    confidence: float
    """
    Confidence, 0 to 1.
    """
    end: int
    """
    One past the last code point.
    """
    masked_value: str
    """
    What stands in `masked_text` instead.
    """
    pii_type: PiiKind
    """
    What kind it is.
    """
    start: int
    """
    First code point of the value in the text as sent.
    """


class PolicyChange(TypedDict):
    """
    What a policy is to say.
    """

    by: str
    """
    Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
    """
    content: str
    """
    The policy as a file of it would be written (TOML), laid over what the files of each process say; empty to go
    back to those.
    """
    reason: str
    """
    Why: one line of at most 200 characters.
    """


class QuestionGroup(TypedDict):
    """
    Questions that ask for much the same.
    """

    example: str
    """
    The latest of them, personal data masked.
    """
    turn_ids: list[str]
    """
    Some of the turns, the latest first, at most 10.
    """
    turns: int
    """
    How many, of the latest 500 without an answer.
    """


class Queue(TypedDict):
    """
    Conversations for people.
    """

    handoffs: list[HandOffView]
    """
    The entries: most urgent and then oldest first; closed ones newest first.
    """


class Ready(TypedDict):
    """
    The answer of `GET /ready`.
    """

    checks: dict[str, CheckState]
    """
    What it depends on, by name: `database`, `ai_service`, `rag`, `guardrails`, as far as they
    apply. `disabled` and `degraded` do not stop it.
    """
    ready: bool
    """
    Whether the role can do its work.
    """
    timestamp: float
    """
    Unix seconds.
    """


class ReceiptView(TypedDict):
    """
    The proof of a posted movement.
    """

    confirmation_id: str
    """
    The confirmation it consumed.
    """
    movement: Movement
    """
    What was done.
    """
    posted_at: str
    """
    When.
    """
    source_balance: Amount
    """
    The source account's balance right after.
    """
    transfer_id: str
    """
    The posted transfer.
    """
    value_date: str
    """
    The business day on which it counts as made (the value date).
    """


class ReplyRequest(TypedDict):
    """
    A message to the customer.
    """

    by: str
    """
    The colleague, on one line; outside the sandbox the name of the credential.
    """
    message: str
    """
    What to tell the customer: not only white space, without U+0000.
    """


class RowFault(TypedDict):
    """
    A row that is no document.
    """

    line: int
    """
    The line that it begins on.
    """
    reason: str
    """
    What is wrong with it.
    """


SafetyCategory: TypeAlias = Literal[
    'violence',
    'self_harm',
    'hate',
    'harassment',
    'profanity',
    'sexual',
    'illegal',
    'weapons',
]
"""
Kinds of unsafe content.
"""


class ScheduleCard(TypedDict):
    """
    A standing order, or a payment on a day to come.
    """

    movement: Movement
    """
    What is moved each time.
    """
    next_due: NotRequired[str]
    """
    The next day; absent once it has ended.
    """
    schedule: str
    """
    On which days, in words.
    """
    schedule_id: str
    """
    Its name.
    """


Audience2: TypeAlias = Literal['public', 'customer', 'staff'] | None
"""
For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
everything, which takes the operators' secret.
"""


class SearchRequest(TypedDict):
    """
    A question to the knowledge base.
    """

    audience: NotRequired[Audience2]
    """
    For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
    everything, which takes the operators' secret.
    """
    category: NotRequired[str]
    """
    Only passages of this category.
    """
    limit: NotRequired[int]
    """
    Most passages wanted.
    """
    min_score: NotRequired[float]
    """
    Only passages with at least this score, 0 to 1.
    """
    query: str
    """
    The question in ordinary words: not only white space, at most 2,000 characters, without U+0000.
    """
    top_k: NotRequired[int]
    """
    As `limit`, which counts first.
    """


class SearchResponse(TypedDict):
    """
    What was found.
    """

    count: int
    """
    How many there are.
    """
    query: str
    """
    The question, as sent.
    """
    results: list[Passage]
    """
    Passages, best first. One that the guardrails take for an attack is left out.
    """


class ServerSentEvent(TypedDict):
    """
    One event of a stream, as a reader of server-sent events sees it.
    """

    data: str
    """
    Its content, in most cases JSON.
    """
    event: NotRequired[str]
    """
    What kind it is: `progress`, `sentence`, `card`, `done`, `error`.
    """
    id: NotRequired[str]
    """
    `<turn_id>.<n>`, after which the stream can be resumed.
    """


class ServiceInfo(TypedDict):
    """
    The answer of `GET /`.
    """

    capabilities: list[str]
    """
    What it can do.
    """
    documentation: str
    """
    Where to read on.
    """
    endpoints: dict[str, str]
    """
    Its paths and the methods they take.
    """
    name: str
    """
    The service's name.
    """
    status: str
    """
    `running`, or `stopping` once it was told to end.
    """
    version: str
    """
    The program's version.
    """


Severity: TypeAlias = Literal['low', 'medium', 'high', 'critical']
"""
How bad a violation is. The policy says from which severity on a text is unsafe.
"""


class StatementEntry(TypedDict):
    """
    An entry of a statement.
    """

    amount: Amount
    """
    Signed: negative left the account.
    """
    balance: Amount
    """
    The balance after it.
    """
    date: str
    """
    The day on which it was posted.
    """
    description: str
    """
    What it says.
    """
    transfer_id: str
    """
    The transfer it belongs to.
    """


class SwitchRequest(TypedDict):
    """
    An order to stop all money commands, or to let them go on.
    """

    by: str
    """
    Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
    """
    reason: str
    """
    Why: one line of at most 200 characters.
    """
    stopped: bool
    """
    Whether they are to be stopped.
    """


Technique: TypeAlias = Literal[
    'override',
    'jailbreak',
    'prompt_extraction',
    'forged_turn',
    'refusal_suppression',
    'smuggling',
    'indirect',
    'exfiltration',
    'classifier',
    'model',
]
"""
How a text tries to steer the model.
"""


class ToldView(TypedDict):
    """
    A sentence about the conversation.
    """

    text: str
    """
    The sentence.
    """
    turns: list[int]
    """
    The turns that it tells, by their `version`.
    """


class TopicMatch(TypedDict):
    """
    A topic that the bank keeps out of scope.
    """

    end: int
    """
    One past the last code point.
    """
    start: int
    """
    First code point.
    """
    topic: str
    """
    The policy rule, such as `investment_advice`.
    """


class TransactionCard(TypedDict):
    """
    A transaction on a card.
    """

    account: str
    """
    The account's name.
    """
    amount: Amount
    """
    Signed: negative left the account.
    """
    category: str
    """
    What it was for.
    """
    date: str
    """
    The day it was posted, in the bank's time zone.
    """
    description: str
    """
    What the statement says.
    """
    transfer_id: str
    """
    The transfer it belongs to.
    """


class TurnList(TypedDict):
    """
    Turns.
    """

    turns: list[MeasuredTurnView]
    """
    Newest first.
    """


class TurnTrace(TypedDict):
    """
    How a turn was decided.
    """

    audit: list[AuditRowView]
    """
    Its rows of the audit trail.
    """
    commands: list[str]
    """
    What it was understood as: the commands, in order.
    """
    replay: NotRequired[str]
    """
    How deciding it again from the record compares with the record: `equal`, or what differs.
    """
    reply: str
    """
    What was replied, personal data masked.
    """
    sources: list[str]
    """
    The titles of the articles that the reply quotes.
    """
    steps: list[dict[str, Any]]
    """
    What was decided on them, step by step: names and ids.
    """
    turn: MeasuredTurnView
    """
    The turn.
    """


class TurnView(TypedDict):
    """
    A turn of the conversation.
    """

    at: str
    """
    When.
    """
    message: str
    """
    What the customer wrote, personal data masked.
    """
    reply: str
    """
    What the assistant answered, personal data masked.
    """
    version: int
    """
    Its place in the conversation, from 1.
    """


class Violation(TypedDict):
    """
    One stretch of unsafe content.
    """

    category: SafetyCategory
    """
    What kind it is.
    """
    end: int
    """
    One past the last code point.
    """
    score: float
    """
    Calibrated confidence, 0 to 1.
    """
    severity: Severity
    """
    How bad it is.
    """
    start: int
    """
    First code point.
    """


class WaitingChange(TypedDict):
    """
    A change that waits for a second administrator.
    """

    at: str
    """
    When it was asked.
    """
    by: str
    """
    Who asks.
    """
    content: str
    """
    What the policy is to say.
    """
    expires_at: str
    """
    Until when it can be approved.
    """
    policy: str
    """
    `guardrails` or `step_up`.
    """
    reason: str
    """
    Why.
    """
    request_id: str
    """
    The request: what is approved or taken back.
    """


class WaitingOrder(TypedDict):
    """
    An order that waits for a second administrator.
    """

    at: str
    """
    When it was asked.
    """
    by: str
    """
    Who asks.
    """
    expires_at: str
    """
    Until when it can be approved.
    """
    reason: str
    """
    Why.
    """
    request_id: str
    """
    The request: what is approved or taken back.
    """
    stopped: bool
    """
    Whether money is to be stopped, or to go on.
    """


class AccountCard(TypedDict):
    """
    An account on a card.
    """

    account_id: str
    """
    Its id, as the statements' path takes it.
    """
    available: Amount
    """
    What can be spent now.
    """
    balance: Amount
    """
    The balance; negative on a credit card is owed.
    """
    kind: str
    """
    `checking`, `savings` or `credit_card`.
    """
    name: str
    """
    What the customer calls it.
    """
    number: str
    """
    The end of its number: `…4321`.
    """


class AlertCard(TypedDict):
    """
    An alert on a card.
    """

    account: str
    """
    The account.
    """
    alert_id: str
    """
    Its id.
    """
    below: Amount
    """
    The amount below which the customer is told.
    """


class BriefingView(TypedDict):
    """
    What a conversation was about.
    """

    none_because: NotRequired[str]
    """
    Why there are none: `no_model`, `language`, `nothing_said`, `model_failed`, `nothing_holds`.
    """
    sentences: list[ToldView]
    """
    The sentences; each was compared with the turns that it tells, and those that did not hold were left out.
    """
    written_by: NotRequired[str]
    """
    The model that wrote them.
    """


class Card1(TypedDict):
    """
    Balances.
    """

    accounts: list[AccountCard]
    """
    The accounts asked for.
    """
    type: Literal['balances']


class Card2(TypedDict):
    """
    Transactions, newest first.
    """

    items: list[TransactionCard]
    """
    The transactions.
    """
    more: bool
    """
    Whether there are older ones.
    """
    type: Literal['transactions']


class Card3(TypedDict):
    """
    A sum over transactions.
    """

    by_category: list[CategorySum]
    """
    By category, largest first.
    """
    count: int
    """
    How many transactions were summed.
    """
    received: Amount
    """
    What came in.
    """
    spent: Amount
    """
    What left the accounts.
    """
    type: Literal['spending']


class Card4(TypedDict):
    """
    A proposal that waits for yes or no.
    """

    confirmation_id: str
    """
    The proposal.
    """
    expires_at: str
    """
    When it can no longer be confirmed.
    """
    movement: Movement
    """
    What would be done.
    """
    schedule: NotRequired[str]
    """
    On which days, if it is for days to come: `every month, first on Dec 1, 2026, until you cancel it`.
    """
    type: Literal['confirmation']
    value_date: NotRequired[str]
    """
    The business day on which it would count as made if it were confirmed now (the value date).
    """


class Card5(TypedDict):
    """
    What was done.
    """

    receipt: ReceiptView
    """
    The proof.
    """
    type: Literal['receipt']


class Card6(TypedDict):
    """
    A confirmed movement that is not final yet, or that was taken back before it was.
    """

    pending: PendingView
    """
    What was placed.
    """
    type: Literal['pending']


class Card7(TypedDict):
    """
    Standing orders and payments on a day to come.
    """

    items: list[ScheduleCard]
    """
    The orders.
    """
    type: Literal['schedules']


class Card9(TypedDict):
    """
    Saved payees.
    """

    items: list[PartyCard]
    """
    The payees.
    """
    type: Literal['payees']


class Card10(TypedDict):
    """
    The customer's billers with their open bills.
    """

    items: list[PartyCard]
    """
    The billers.
    """
    type: Literal['bills']


class Card12(TypedDict):
    """
    The customer's cards.
    """

    items: list[CardCard]
    """
    The cards.
    """
    type: Literal['cards']


class Card13(TypedDict):
    """
    The customer's cases.
    """

    items: list[CaseCard]
    """
    The cases.
    """
    type: Literal['cases']


class Card14(TypedDict):
    """
    The customer's alerts.
    """

    items: list[AlertCard]
    """
    The alerts.
    """
    type: Literal['alerts']


Card: TypeAlias = (
    Card1
    | Card2
    | Card3
    | Card4
    | Card5
    | Card6
    | Card7
    | Card8
    | Card9
    | Card10
    | Card11
    | Card12
    | Card13
    | Card14
    | Card15
    | Card16
    | Card17
    | Card18
    | Card19
    | Card20
)
"""
Something to show beside the text. Made from data, never from a model's words.
"""


class ChannelMessage(TypedDict):
    """
    What a gateway of the generic kind sends; another kind of channel sends what its adapter reads.
    """

    data: NotRequired[ChannelMessageData]
    type: str
    """
    `message.received`, or `ping`, which only asks whether the signature is good and has no `data`.
    """


class ChatResponse(TypedDict):
    """
    A reply that passed the output guard: the body of `POST /api/v1/chat`.

    It can be read and serialized; only the approving step of a turn makes one.

    ```compile_fail
    use vostro_dialogue::reply::ApprovedReply;
    fn around_the_guard(mut reply: ApprovedReply) -> ApprovedReply {
        reply.message = "I have sent $500.".to_owned();
        reply
    }
    ```
    """

    cards: list[Card]
    """
    What to show beside the text.
    """
    citations: list[Citation]
    """
    The passages that the text rests on.
    """
    commands: list[dict[str, Any]]
    """
    The typed commands it was understood as.
    """
    guardrails_passed: bool
    """
    False when the message, or the drafted reply, was blocked.
    """
    handled_by: HandledBy
    """
    Who has the conversation. While it is `person`, the message was passed on, and what the person
    writes is read at `GET /api/v1/chat/handoff`.
    """
    intent: NotRequired[str]
    """
    What the message was understood to be about.
    """
    language: str
    """
    The language of the conversation: `en` or `es`.
    """
    message: str
    """
    What to tell the customer.
    """
    out_of_scope: bool
    """
    Whether the message is nothing for a bank's assistant.
    """
    receipts: list[ReceiptView]
    """
    The proofs of what was done in this turn.
    """
    session_id: str
    """
    The conversation; send it with the next message.
    """
    slots: dict[str, str]
    """
    The slots of the flow in progress, personal data masked.
    """
    timestamp: float
    """
    When the reply was made: Unix seconds.
    """
    turn_id: str
    """
    Names this turn; its events can be read again under it.
    """


class CheckRequest(TypedDict):
    """
    A text to check.
    """

    allow: NotRequired[list[str]]
    """
    Values that are not masked: a customer's own details that they asked for. At most 64.
    """
    check_injection: NotRequired[bool]
    """
    Look for prompt injection.
    """
    check_pii: NotRequired[bool]
    """
    Look for personal data, and mask it.
    """
    check_safety: NotRequired[bool]
    """
    Look for unsafe content.
    """
    direction: NotRequired[Direction]
    message: NotRequired[str]
    """
    As `text`, which counts first.
    """
    text: str
    """
    The text, without U+0000. May be called `message` instead.
    """


class CompletionChoice(TypedDict):
    """
    The one choice.
    """

    finish_reason: str
    """
    `stop`, or `content_filter` when the guardrails did not let the message through.
    """
    index: int
    """
    0.
    """
    message: CompletionReply
    """
    The reply.
    """


class CompletionRequest(TypedDict):
    """
    A chat, as `OpenAI`'s interface has it. Members that are not named here are ignored.
    """

    messages: list[CompletionTurn]
    """
    The conversation so far; the last message is the user's.
    """
    metadata: NotRequired[dict[str, Any]]
    """
    `session_id` names the conversation to go on with, as the header `X-Session-Id` does.
    """
    model: NotRequired[str]
    """
    Any text: there is one model, `vostro`.
    """
    stream: NotRequired[bool]
    """
    Whether the answer comes as server-sent events.
    """
    user: str
    """
    Who speaks: 1 to 128 characters, no control characters.
    """


class ContextResponse(TypedDict):
    """
    What was put together.
    """

    left_out: int
    """
    How many were left out, because they did not fit.
    """
    passages: list[Passage]
    """
    The passages that are in it; the first has the number 1.
    """
    query: str
    """
    The question, as sent.
    """
    text: str
    """
    The passages, each below a line `[number] Title › Heading`, an empty line between them.
    """
    tokens: int
    """
    Estimated size of the text, in tokens.
    """


class ConversationTurn(TypedDict):
    """
    A turn of a conversation.
    """

    at: float
    """
    When the message came: Unix seconds.
    """
    message: str
    """
    What the customer said, personal data masked.
    """
    reply: ChatResponse
    """
    What was replied.
    """
    turn_id: str
    """
    The turn.
    """


class CustomerHandoff(TypedDict):
    """
    How a conversation stands with the bank's people.
    """

    messages: list[MessageView]
    """
    The messages between customer and person after the one that was named.
    """
    reference: str
    """
    The reference that the customer was given.
    """
    status: str
    """
    `waiting`: in the queue, the assistant still answers. `claimed`: a person has it, the assistant is
    silent. `closed`: over, the assistant answers again.
    """


class DocumentKept(TypedDict):
    """
    A document that is kept now.
    """

    created: bool
    """
    Whether there was none of this id before.
    """
    flagged: list[FlaggedPassage]
    """
    The passages that nobody finds, and why.
    """
    id: str
    """
    Its id.
    """
    passages: int
    """
    How many passages it was cut into.
    """
    quarantined: NotRequired[str]
    """
    Why nobody finds any of it; null where it is found.
    """
    revision: int
    """
    The knowledge version since then.
    """
    title: str
    """
    Its title.
    """


class DocumentList(TypedDict):
    """
    A page of the list.
    """

    documents: list[DocumentView]
    """
    The documents, in the order of their ids.
    """
    next: NotRequired[str]
    """
    What to give as `after` for the next page; null on the last.
    """
    revision: int
    """
    The number that every change of a document raises.
    """


class DocumentsKept(TypedDict):
    """
    What became of what was sent.
    """

    documents: list[DocumentKept]
    """
    The documents that are kept now.
    """
    errors: list[RowFault]
    """
    The rows that are no documents, of a file of many.
    """
    searchable: bool
    """
    Whether this process's search knows of them already; else in a moment.
    """


class HandOffDetail(TypedDict):
    """
    An entry with what was said.
    """

    conversation: list[TurnView]
    """
    The conversation's last turns, at most 200.
    """
    handoff: HandOffView
    """
    The entry.
    """
    thread: list[MessageView]
    """
    The messages between customer and colleague, at most 200.
    """


class Health(TypedDict):
    """
    The answer of `GET /health`.
    """

    status: HealthStatus
    timestamp: float
    """
    Unix seconds.
    """
    uptime: float
    """
    Seconds since the service began.
    """
    version: str
    """
    The program's version.
    """


class InjectionMatch(TypedDict):
    """
    One attempt at prompt injection.
    """

    end: int
    """
    One past the last code point.
    """
    hidden_by: NotRequired[list[str]]
    """
    How it was hidden, outermost first: `base64`, `hex`, `reversed`, ...
    """
    score: float
    """
    Calibrated confidence, 0 to 1.
    """
    start: int
    """
    First code point.
    """
    technique: Technique
    """
    How it is done.
    """


InsightsView = TypedDict(
    'InsightsView',
    {
        'by_day': list[DayView],
        'containment': NotRequired[float],
        'conversations': int,
        'dispositions': list[CountView],
        'from': str,
        'handed_off': int,
        'intents': list[IntentView],
        'latency_ms': LatencyView,
        'model': ModelView,
        'turns': int,
        'unanswered': list[QuestionGroup],
        'until': str,
        'verdicts': list[CountView],
    },
)


class MoneyState(TypedDict):
    """
    Whether money commands are carried out.
    """

    at: NotRequired[str]
    """
    When.
    """
    by: NotRequired[str]
    """
    Who gave the last order; null when nobody ever did.
    """
    by_configuration: bool
    """
    Whether this process's configuration stops them, whatever was ordered.
    """
    reason: NotRequired[str]
    """
    Why.
    """
    requests: list[WaitingOrder]
    """
    Orders that wait for a second administrator, oldest first.
    """
    stopped: bool
    """
    Whether they are stopped: by an order, or by this process's configuration.
    """


class PolicyState(TypedDict):
    """
    The policies that administrators changed, and the changes that wait.
    """

    applied_version: int
    """
    The version that the process which answers goes by.
    """
    policies: list[ChangedPolicy]
    """
    What is in force beside the files, a kind at most once.
    """
    requests: list[WaitingChange]
    """
    Changes that wait for a second administrator, oldest first.
    """
    version: int
    """
    The version of the latest change; 0 where nothing was ever changed.
    """


Statement = TypedDict(
    'Statement',
    {
        'account_id': str,
        'closing': Amount,
        'count': int,
        'entries': list[StatementEntry],
        'from': str,
        'next': NotRequired[int],
        'opening': Amount,
        'received': Amount,
        'spent': Amount,
        'to': str,
    },
)


class Verdict(TypedDict):
    """
    What a check found.
    """

    blocked: bool
    """
    Whether the policy stops this text.
    """
    decided_by: NotRequired[DecidedBy]
    """
    Which tier had the last word on `blocked`.
    """
    handoff: NotRequired[Handoff]
    has_pii: bool
    """
    At least one personal value was found.
    """
    injection_score: NotRequired[float]
    """
    The highest score of an injection, 0 to 1, whatever the thresholds. 0 when not looked for.
    """
    injections: list[InjectionMatch]
    """
    Attempts at prompt injection, in order of appearance.
    """
    is_injection: bool
    """
    The text tries to give orders to the model.
    """
    is_safe: bool
    """
    No violation at a severity that the policy calls unsafe.
    """
    masked_text: str
    """
    The text with every personal value replaced by its mask.
    """
    pii_matches: list[PiiMatch]
    """
    Personal values, in order of appearance, never overlapping.
    """
    safety_score: NotRequired[float]
    """
    How likely the text is unsafe, 0 to 1, to rank by: it blocks nothing. 0 when not looked for.
    """
    safety_violations: list[Violation]
    """
    Unsafe content, in order of appearance.
    """
    topics: list[TopicMatch]
    """
    Topics that the bank keeps out of scope, by policy.
    """


class Completion(TypedDict):
    """
    The answer.
    """

    choices: list[CompletionChoice]
    """
    Exactly one.
    """
    created: int
    """
    Unix seconds.
    """
    id: str
    """
    `chatcmpl-` and the turn's id.
    """
    model: str
    """
    `vostro`.
    """
    object: str
    """
    `chat.completion`.
    """
    vostro: ChatResponse
    """
    The reply of `POST /api/v1/chat`: session, cards, citations, receipts.
    """


class ConversationPage(TypedDict):
    """
    Turns of a conversation, in order.
    """

    next: NotRequired[int]
    """
    What to give as `after` for the next page; null on the last.
    """
    turns: list[ConversationTurn]
    """
    At most 200 turns.
    """
