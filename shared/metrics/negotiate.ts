/** Prometheus names OpenMetrics with a weight; where both weigh the same, the older text is the safer answer. */
export const prefersOpenMetrics = (accept: string | undefined): boolean =>
  weightOf(accept, 'application/openmetrics-text') > weightOf(accept, 'text/plain');

export const acceptsGzip = (acceptEncoding: string | undefined): boolean =>
  weightOf(acceptEncoding, 'gzip') > 0;

/** The highest weight a header gives to a name; 0 where it is not named. Wildcards ask for nothing in particular. */
function weightOf(header: string | undefined, name: string): number {
  const weights = (header ?? '').split(',').flatMap((part) => {
    const [given, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (given !== name) return [];
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return Number.isFinite(Number(weight)) ? [Number(weight)] : [0];
  });
  return Math.max(0, ...weights);
}
