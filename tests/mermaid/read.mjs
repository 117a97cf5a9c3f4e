// Reads a list of Mermaid texts as JSON and writes what Mermaid's own parser makes of each: its nodes and lines, or its
// error. Runs where the packages of package.json are: node --input-type=module --eval "$(cat read.mjs)"
import purify from "dompurify";
import mermaid from "mermaid";

// Filters the HTML of labels and wants a browser for it. What reaches it is compared here, so that it may let all pass.
purify.addHook = () => {};
purify.sanitize = (text) => text;

// Mermaid keeps `#NUMBER;` under signs of its own until it draws.
const characters = (text) => text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, number) => String.fromCodePoint(Number(number)));

async function read(text) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return {
      title: db.getDiagramTitle(),
      nodes: [...db.getVertices().values()].map(({ id, text, type }) => ({ id, text: characters(text ?? ""), type })),
      edges: db.getEdges().map(({ start, end, text, stroke }) => ({
        from: start,
        to: end,
        label: characters(text),
        dashed: stroke === "dotted",
      })),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const text of JSON.parse(input)) answers.push(await read(text));
process.stdout.write(JSON.stringify(answers));
