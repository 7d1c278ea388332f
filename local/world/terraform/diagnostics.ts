/** A place in a file: line and column count from 1, `byte` from 0, as Terraform's `-json` output has them. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

export interface SourceRange {
  readonly filename: string;
  readonly start: Place;
  readonly end: Place;
}

export interface Snippet {
  /** Header of the block around it, such as `resource "aws_vpc" "this"`. */
  readonly context: string | null;
  readonly code: string;
  readonly start_line: number;
  readonly highlight_start_offset: number;
  readonly highlight_end_offset: number;
  readonly values: readonly never[];
}

/** An error or a warning in the shape of `terraform validate -json` and of the `diagnostic` event. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** The resource instance that it is about. */
  readonly address?: string;
  readonly range?: SourceRange;
  readonly snippet?: Snippet;
}

/** Ends a command: Terraform prints the diagnostics and exits with 1. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError';
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ summary }) => summary).join('; '));
  }
}

export function failure(summary: string, detail: string, source?: Pick<Diagnostic, 'range' | 'snippet'>): Diagnostic {
  return { severity: 'error', summary, detail, ...source };
}

const TOP_LEVEL_BLOCK = /^([a-z_]+(?:[ \t]+"[^"]*")*)[ \t]*\{/;

/** Range and snippet of a piece of a file, given by line and column. */
export function sourceOf(
  filename: string,
  text: string,
  start: Omit<Place, 'byte'>,
  end: Omit<Place, 'byte'>,
): Required<Pick<Diagnostic, 'range' | 'snippet'>> {
  const lines = text.split('\n');
  const byteOf = ({ line, column }: Omit<Place, 'byte'>): number =>
    Buffer.byteLength(`${lines.slice(0, line - 1).join('\n')}${line > 1 ? '\n' : ''}`) +
    Buffer.byteLength((lines[line - 1] ?? '').slice(0, column - 1));
  // An end at the first column of a line means that the line break belongs to it; Terraform shows both lines.
  const code = lines.slice(start.line - 1, end.line).join('\n');
  const first = lines[start.line - 1] ?? '';
  return {
    range: { filename, start: { ...start, byte: byteOf(start) }, end: { ...end, byte: byteOf(end) } },
    snippet: {
      context: contextOf(lines, start.line),
      code,
      start_line: start.line,
      highlight_start_offset: start.column - 1,
      highlight_end_offset: end.line === start.line ? end.column - 1 : first.length + 1,
      values: [],
    },
  };
}

/** The header of the block that a line stands in; null on the header's own line where the block is what is meant. */
function contextOf(lines: readonly string[], line: number): string | null {
  for (let index = line - 1; index >= 0; index -= 1) {
    const header = TOP_LEVEL_BLOCK.exec(lines[index] ?? '')?.[1];
    if (header !== undefined) return header;
    if (lines[index]?.startsWith('}')) return null;
  }
  return null;
}

const WIDTH = 78;

/** A diagnostic as a person reads it (`-no-color`). */
export function renderDiagnostic({ severity, summary, detail, address, range, snippet }: Diagnostic): string {
  const title = `${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`;
  const paragraphs = [wrap(title)];
  const about: string[] = [];
  if (address !== undefined) about.push(`  with ${address},`);
  if (range) about.push(`  on ${range.filename} line ${range.start.line}${contextText(snippet)}:`);
  if (snippet) {
    const code = snippet.code.split('\n').map((line, index) => {
      return `${String(snippet.start_line + index).padStart(4)}: ${line}`;
    });
    about.push(...code);
  }
  if (about.length > 0) paragraphs.push(about.join('\n'));
  if (detail !== '') paragraphs.push(detail.split('\n').map(wrap).join('\n'));
  return `\n${paragraphs.join('\n\n')}\n`;
}

function contextText(snippet: Snippet | undefined): string {
  return snippet?.context ? `, in ${snippet.context}` : '';
}

/** Wraps prose at 78 columns, as Terraform does without a terminal; indented lines stay as they are. */
function wrap(text: string): string {
  if (text.startsWith(' ')) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
