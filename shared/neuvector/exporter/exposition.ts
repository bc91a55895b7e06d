/** As Prometheus' Python client prints numbers, so that texts can be compared. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = pythonText(value);
  const dot = text.indexOf('.');
  if (value <= 0 || dot <= 6) return text;
  const mantissa = `${text[0]}.${text.slice(1, dot)}${text.slice(dot + 1)}`.replace(/[0.]+$/, '');
  return `${mantissa}e+${String(dot - 1).padStart(2, '0')}`;
}

/** `repr` of a float: the same digits as here, with exponents from other sizes on, and always a point without one. */
function pythonText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/([+-])(\d)$/, '$10$2');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

const special = /[\\\n"]/;

/** Half a character is none in UTF-8: two that differ would be printed alike, as one series twice. */
function labelValue(value: string): string {
  const whole = value.isWellFormed() ? value : value.toWellFormed();
  return special.test(whole)
    ? whole.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
    : whole;
}

/** `{a="1",b="2"}`. Names come in alphabetical order: to sort them once more for each sample is most of what it costs. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const parts: string[] = [];
  for (const name in labels) {
    parts.push(parts.length === 0 ? '{' : ',', name, '="', labelValue(labels[name]!), '"');
  }
  // One string instead of a tree of pieces: there may be a hundred thousand of them.
  return parts.length === 0 ? '' : `${parts.join('')}}`;
}

const helpText = (help: string): string => help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

export const headText = (name: string, help: string, type: string): string =>
  `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;

export const sampleText = (name: string, labels: string, value: number): string =>
  `${name}${labels} ${numberText(value)}\n`;
