import { escapeHtml } from './escape-html';

/** A mail of some paragraphs, each of plain text; line breaks within one are kept. */
export function noticeMail(
  subject: string,
  paragraphs: readonly string[],
): { subject: string; html: string; text: string } {
  return {
    subject: `[cluster-drill] ${subject}`,
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html><html><body style="font-family:sans-serif">${paragraphs
      .map((paragraph) => `<p style="white-space:pre-wrap">${escapeHtml(paragraph)}</p>`)
      .join('')}</body></html>`,
  };
}
