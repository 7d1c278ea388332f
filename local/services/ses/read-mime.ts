/** What the mail folder shows of a raw message. */
export interface MimeContent {
  /** Header values by lower-case name, unfolded and decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly html?: string;
  readonly text?: string;
}

/** Reads the headers and the first HTML and plain-text parts of a message, through nested multiparts. */
export function readMime(message: string): MimeContent {
  const [, head = '', body = ''] = /^(.*?)(?:\r?\n){2}(.*)$/s.exec(message) ?? [undefined, message];
  const headers = readHeaders(head);
  const contentType = headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary !== undefined) {
    const parts = body
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => readMime(part.replace(/^\r?\n/, '')));
    return { ...first(parts, 'html'), ...first(parts, 'text'), headers };
  }
  const content = decodeBody(body, headers['content-transfer-encoding'] ?? '');
  if (/^text\/html/i.test(contentType)) return { headers, html: content };
  if (/^text\/plain/i.test(contentType)) return { headers, text: content };
  return { headers };
}

function first<Key extends 'html' | 'text'>(parts: readonly MimeContent[], key: Key): Partial<Record<Key, string>> {
  const found = parts.find((part) => part[key] !== undefined)?.[key];
  return found === undefined ? {} : ({ [key]: found } as Record<Key, string>);
}

function readHeaders(head: string): Record<string, string> {
  const unfolded = head.replaceAll(/\r?\n[ \t]+/g, ' ');
  return Object.fromEntries(
    unfolded.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name.toLowerCase(), decodeWords(value ?? '')]];
    }),
  );
}

/** RFC 2047; the white space between two encoded words is no part of the text. */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : decodeQuotedPrintable(text.replaceAll('_', ' ')),
    );
}

function decodeBody(body: string, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString();
    case 'quoted-printable':
      return decodeQuotedPrintable(body.replaceAll(/=\r?\n/g, ''));
    default:
      return body;
  }
}

function decodeQuotedPrintable(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  const decoded = bytes.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1').toString();
}
