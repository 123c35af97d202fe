// Asks for a balance, proposes a transfer, shows what would be done, and confirms it.
//   node examples/transfer.mjs http://127.0.0.1:8000 demo_001
import { Chat, VostroClient, VostroError } from "../dist/index.js";

const [baseUrl, userId] = process.argv.slice(2);
const chat = new Chat(new VostroClient({ baseUrl, userId }));
console.log((await chat.send("What's my balance?")).message);

const proposal = await chat.send("Send $1 to Anna");
const { movement } = proposal.cards.find((card) => card.type === "confirmation");
console.log(`${movement.amount.display} from ${movement.source} to ${movement.target}`);

try {
  for await (const event of chat.stream("yes")) {
    if (event.type === "sentence") process.stdout.write(event.data.text);
    if (event.type === "done") console.log(`\nreceipt: ${event.data.receipts[0].transfer_id}`);
  }
} catch (error) {
  if (!(error instanceof VostroError)) throw error;
  console.error(`nothing is known to have moved: ${error.message}`);
  process.exitCode = 1;
}
