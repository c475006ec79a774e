/** A text cut where addresses of the web stand in it. */
export type TextPiece = { text: string } | { url: string };

/** The characters of RFC 3986: Chinese written on without a blank is no part of an address. */
const ADDRESS = /(?<![A-Za-z0-9])https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gi;
const PUNCTUATION = /[.,;:!?'\])]+$/;

export function withUrls(text: string): TextPiece[] {
  const found: TextPiece[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const url = match.includes('(') ? match : match.replace(PUNCTUATION, '');
    if (!URL.canParse(url)) continue;
    if (index > end) found.push({ text: text.slice(end, index) });
    found.push({ url });
    end = index + url.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}
