/**
 * Just enough XML for answers of the AWS query protocol, which nest plain elements without attributes or mixed content.
 * Elements of one name may stand within one another (`member` within `member`), so depth is counted.
 */

/** The inner texts of the `<member>`s of the first list of that name. */
export function elementsOf(xml: string, list: string): readonly string[] {
  const [inner] = inside(xml, list);
  return inner === undefined ? [] : inside(inner, 'member');
}

/** The text of the first element of that name, unescaped; undefined where there is none or it is empty. */
export function textOf(xml: string, name: string): string | undefined {
  const [inner] = inside(xml, name);
  return inner === undefined || inner.trim() === '' ? undefined : unescape(inner.trim());
}

/** What stands inside each outermost element of that name, in order. */
function inside(xml: string, name: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const match of xml.matchAll(new RegExp(`<(/?)${name}(?:\\s[^>]*?)?(/?)>`, 'g'))) {
    const [whole, closing, empty] = match;
    if (empty === '/') {
      if (depth === 0) found.push('');
    } else if (closing === '') {
      if (depth === 0) start = match.index + whole.length;
      depth += 1;
    } else {
      depth -= 1;
      if (depth === 0) found.push(xml.slice(start, match.index));
    }
  }
  return found;
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
