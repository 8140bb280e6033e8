// GoogleSQL's own parser, as a server on the loopback: it knows CTEs and paths over aliases itself.

import { createInterface } from "node:readline";
import { createReadStream } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { ZetaSQLClient, runServer, terminateServer } = require("@fivetrandevelopers/zetasql");

// A path in one pair of backticks is one name to this parser, and several to BigQuery.
const PATH_OVER_ALIAS = /(,|join)\s*`\w+\.\w+`/i;

// The server's own words would go to standard output, too.
const say = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

/** A port that is free now. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function connect() {
  const port = await freePort();
  runServer(port).catch(() => {});
  ZetaSQLClient.init(port);
  const client = ZetaSQLClient.getInstance();
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      if (await client.testConnection()) return client;
    } catch {
      // It is not up yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server of GoogleSQL does not answer");
}

async function judge(client, options, text) {
  // Its list leaves out what QUALIFY reads.
  if (/\bqualify\b/i.test(text) || PATH_OVER_ALIAS.test(text)) return null;
  try {
    const answer = await client.extractTableNamesFromStatement({ sqlStatement: text, options });
    return answer.tableName.map((table) => table.tableNameSegment.join("."));
  } catch {
    return null;
  }
}

const client = await connect();
const options = await client.getLanguageOptions({ maximumFeatures: true });
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const text = JSON.parse(line);
  const tables = await judge(client, options, text);
  say(JSON.stringify({ judge: "googlesql", dialect: "bigquery", text, tables }) + "\n");
}
terminateServer();
say("", () => process.exit(0));
