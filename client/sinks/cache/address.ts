/** The address of a Redis as people may see it, without its password. A path of a socket stays as it is. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return url.includes('@') ? 'redis' : url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** What went wrong, without the password, in whatever spelling. */
export function withoutPassword(message: string, url: string): string {
  if (!URL.canParse(url)) return message.replaceAll(url, shownAddress(url));
  const { password } = new URL(url);
  const shown = message.replaceAll(url, shownAddress(url));
  if (password === '') return shown;
  return shown.replaceAll(password, '***').replaceAll(decoded(password), '***');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone per cent sign: Redis is shown it as it stands.
    return text;
  }
}
