import { createHash } from 'node:crypto';

/** Writes a message with its text and HTML parts (multipart/alternative, base64) so that any mail program opens it. */
export function writeMime(mail: {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly html?: string;
  readonly text?: string;
}): string {
  const boundary = createHash('sha256').update(JSON.stringify(mail)).digest('hex').slice(0, 24);
  const parts = [
    ...(mail.text === undefined ? [] : [part('text/plain', mail.text)]),
    ...(mail.html === undefined ? [] : [part('text/html', mail.html)]),
  ];
  return [
    `From: ${mail.from}`,
    `To: ${mail.to.join(', ')}`,
    ...(mail.cc.length > 0 ? [`Cc: ${mail.cc.join(', ')}`] : []),
    `Subject: ${encodedWords(mail.subject)}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...parts.map((content) => `--${boundary}\r\n${content}`),
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

function part(contentType: string, content: string): string {
  const base64 = Buffer.from(content).toString('base64');
  return [
    `Content-Type: ${contentType}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    // RFC 2045 allows 76 characters in a line of base64.
    ...(base64.match(/.{1,76}/g) ?? ['']),
  ].join('\r\n');
}

/** A header's text as RFC 2047 wants it: plain when it is ASCII, otherwise in words of whole characters. */
function encodedWords(text: string): string {
  // A line break would begin another header.
  const line = text.replaceAll(/[\r\n]+/g, ' ');
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  // 10 code points are at most 40 bytes or 56 characters of base64, within the 75 of an encoded word.
  const words = [...line].reduce<string[]>((chunks, character, index) => {
    if (index % 10 === 0) chunks.push('');
    chunks[chunks.length - 1] += character;
    return chunks;
  }, []);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}
