const maxBytes = 128;

/** What the request asks for, or what its user agent says before the first slash. */
export function managerNamed(fieldManager: string | undefined, userAgent: string | undefined): string {
  if (fieldManager) return fieldManager;
  let name = '';
  for (const character of userAgent?.split('/')[0] ?? '') {
    if (/\p{C}/u.test(character)) continue;
    if (Buffer.byteLength(name + character) > maxBytes) break;
    name += character;
  }
  return name;
}
