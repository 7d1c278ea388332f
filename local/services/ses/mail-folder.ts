import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SentMail } from './sent-mail';

/** Path of a kept message without its ending. */
export function mailFile(folder: string, mail: Pick<SentMail, 'messageId' | 'sentAt' | 'to'>): string {
  const recipient = (mail.to[0] ?? 'nobody').replaceAll(/[^\w.@+-]/g, '_');
  const time = mail.sentAt.replaceAll(/[-:]|\.\d+Z$/g, '');
  return join(folder, `${time}-${recipient}-${mail.messageId.slice(0, 8)}`);
}

/** Keeps a message as `<time>-<recipient>-<id>` with .json (envelope), .eml, and .html and .txt as far as it has them. */
export function keepMail(folder: string, mail: SentMail): void {
  const { html, text, mime, ...envelope } = mail;
  const file = mailFile(folder, mail);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify(envelope, null, 2)}\n`);
  writeFileSync(`${file}.eml`, mime);
  if (html !== undefined) writeFileSync(`${file}.html`, html);
  if (text !== undefined) writeFileSync(`${file}.txt`, text);
}
