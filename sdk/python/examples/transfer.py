"""Asks for a balance, proposes a transfer, shows what would be done, and confirms it.

    python examples/transfer.py http://127.0.0.1:8000 demo_001
"""

import sys

from vostro_client import VostroClient, VostroError

url, user = sys.argv[1:3]
with VostroClient(url, user) as client:
    chat = client.chat()
    print(chat.send("What's my balance?")["message"])

    proposal = chat.send("Send $1 to Anna")
    card = next(card for card in proposal["cards"] if card["type"] == "confirmation")
    movement = card["movement"]
    print(f"{movement['amount']['display']} from {movement['source']} to {movement['target']}")

    try:
        for event in chat.stream("yes"):
            if event.type == "sentence":
                print(event.data["text"], end="", flush=True)
            if event.type == "done":
                print("\nreceipt:", event.data["receipts"][0]["transfer_id"])
    except VostroError as error:
        sys.exit(f"nothing is known to have moved: {error}")
