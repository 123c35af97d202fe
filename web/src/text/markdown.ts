/**
 * A small part of Markdown as templates: paragraphs, headings, lists, tables, strong, emphasis, code.
 *
 * Text becomes text nodes, nothing is parsed as HTML. Images and links are left out on purpose: a picture or an
 * address inside a reply is how an injected instruction would carry data away. A link is shown as its words.
 */
import { html, type TemplateResult } from "lit";

type Inline = string | TemplateResult;

const SPAN = /\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|`([^`]+)`|!?\[([^\]]*)\]\([^)\s]*\)/;

/** The marks within a line. */
export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  let rest = text;
  for (;;) {
    const match = SPAN.exec(rest);
    if (!match) break;
    if (match.index > 0) out.push(rest.slice(0, match.index));
    const [whole, strong, emphasis, code, link] = match;
    if (strong !== undefined) out.push(html`<strong>${inline(strong)}</strong>`);
    else if (emphasis !== undefined) out.push(html`<em>${inline(emphasis)}</em>`);
    else if (code !== undefined) out.push(html`<code>${code}</code>`);
    else out.push(link ?? "");
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== "") out.push(rest);
  return out;
}

const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBERED = /^\s*(\d{1,3})[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;
const ROW = /^\s*\|(.+)\|\s*$/;
const RULE = /^\s*\|?[\s:|-]+\|?\s*$/;

/** A text as blocks. */
export function markdown(text: string): TemplateResult[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: TemplateResult[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray[] => {
    const taken: RegExpExecArray[] = [];
    for (let match = pattern.exec(lines[at] ?? ""); match && at < lines.length; match = pattern.exec(lines[at] ?? "")) {
      taken.push(match);
      at += 1;
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = HEADING.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading) {
      blocks.push(html`<p class="heading">${inline(heading[1] ?? "")}</p>`);
      at += 1;
    } else if (BULLET.test(line)) {
      blocks.push(html`<ul>${take(BULLET).map((item) => html`<li>${inline(item[1] ?? "")}</li>`)}</ul>`);
    } else if (NUMBERED.test(line)) {
      const items = take(NUMBERED);
      const start = Number(items[0]?.[1] ?? 1);
      blocks.push(html`<ol start=${start}>${items.map((item) => html`<li>${inline(item[2] ?? "")}</li>`)}</ol>`);
    } else if (ROW.test(line)) {
      blocks.push(table(take(ROW).map((row) => row[1] ?? "")));
    } else {
      const paragraph: TemplateResult[] = [];
      while (at < lines.length && isPlain(lines[at] ?? "")) {
        paragraph.push(html`${paragraph.length > 0 ? html`<br>` : ""}${inline(lines[at] ?? "")}`);
        at += 1;
      }
      blocks.push(html`<p>${paragraph}</p>`);
    }
  }
  return blocks;
}

const isPlain = (line: string): boolean =>
  line.trim() !== "" && ![BULLET, NUMBERED, HEADING, ROW].some((pattern) => pattern.test(line));

function table(rows: string[]): TemplateResult {
  const cells = (row: string) => row.split("|").map((cell) => inline(cell.trim()));
  const hasHead = rows.length > 1 && RULE.test(rows[1] ?? "");
  const head = hasHead ? cells(rows[0] ?? "") : undefined;
  const body = rows.slice(hasHead ? 2 : 0);
  return html`<div class="table" tabindex="0" role="group"><table>
    ${head ? html`<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>` : ""}
    <tbody>${body.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
