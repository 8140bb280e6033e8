// The grammar of Trino: its tree has the names of tables, CTEs among them.

import { createInterface } from "node:readline";
import { createReadStream } from "node:fs";
import { TrinoSQL } from "dt-sql-parser";

// Other statements name tables by other rules.
const READS = /^[\s(]*(select|with|values|table)\b/i;
// Longer ones take this parser seconds.
const LONGEST = 1500;

function unquoted(name) {
  const quote = name[0];
  return quote === '"' || quote === "`" ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}

class Walk {
  constructor(rules) {
    this.rules = rules;
    this.tables = new Set();
  }

  rule(node) {
    return this.rules[node.ruleIndex];
  }

  below(node, rule) {
    return (node.children ?? []).filter((part) => part.ruleIndex !== undefined && (!rule || this.rule(part) === rule));
  }

  node(node, scope) {
    if (this.rule(node) === "tableRef") return this.add(node, scope);
    const [ctes] = this.rule(node) === "query" ? this.below(node, "with") : [];
    if (ctes) scope = this.ctes(ctes, scope);
    for (const part of this.below(node)) if (part !== ctes) this.node(part, scope);
  }

  ctes(node, scope) {
    const isRecursive = node.children.some((part) => part.ruleIndex === undefined && /^recursive$/i.test(part.getText()));
    for (const cte of this.below(node, "namedQuery")) {
      const name = unquoted(this.below(cte, "identifier")[0].getText()).toLowerCase();
      const [body] = this.below(cte, "query");
      // A body without UNION is not recursive.
      const seesItself = isRecursive && this.hasUnion(body);
      this.node(body, seesItself ? new Set([...scope, name]) : scope);
      scope = new Set([...scope, name]);
    }
    return scope;
  }

  hasUnion(node) {
    if ((node.children ?? []).some((part) => part.ruleIndex === undefined && /^union$/i.test(part.getText()))) return true;
    return this.below(node).some((part) => /^query(NoWith|Term|Primary)?$/.test(this.rule(part)) && this.hasUnion(part));
  }

  add(node, scope) {
    const parts = this.below(node).map((part) => unquoted(part.getText()));
    if (parts.length > 1 || !scope.has(parts[0].toLowerCase())) this.tables.add(parts.join("."));
  }
}

function judge(text) {
  if (!READS.test(text) || text.length > LONGEST) return null;
  const trino = new TrinoSQL();
  if (trino.validate(text).length > 0) return null;
  const parser = trino.createParser(text);
  const walk = new Walk(parser.ruleNames);
  walk.node(parser.program(), new Set());
  return [...walk.tables];
}

async function main() {
  for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
    const text = JSON.parse(line);
    let tables = null;
    try {
      tables = judge(text);
    } catch {
      // It fails on some statements, which is to refuse them.
    }
    process.stdout.write(JSON.stringify({ judge: "trino", dialect: "trino", text, tables }) + "\n");
  }
}

main();
