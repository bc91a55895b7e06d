import { iso } from '#time';
import type { ApiRequest } from '../api.ts';
import { kindsData, type MessageField } from '../kinds/data.ts';
import { badRequest } from '../status.ts';
import { type Field, fieldsOf } from './wire.ts';

type JsonObject = Record<string, unknown>;

const magic = 'k8s\0';

const protobufType = 'application/vnd.kubernetes.protobuf';

/** The request with its body in JSON, where it came as protobuf. */
export function inJson(request: ApiRequest): ApiRequest {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== protobufType || request.body.length === 0) return request;
  const body = Buffer.from(JSON.stringify(decodeProtobuf(request.body)));
  return { ...request, body, headers: { ...request.headers, 'content-type': 'application/json' } };
}

/** The object that was sent as Kubernetes protobuf: kubectl sends so what it makes itself, and refuses to fall back. */
export function decodeProtobuf(body: Uint8Array): JsonObject {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.toString('latin1', 0, magic.length) !== magic)
    throw badRequest('the body of the request was in an unknown format');
  try {
    const [type, object] = partsOf(bytes.subarray(magic.length));
    const [apiVersion, kind] = partsOf(type).map(String) as [string, string];
    const name = kindsData().protobuf.kinds[`${apiVersion}/${kind}`];
    if (name === undefined)
      throw badRequest(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
      );
    return { kind, apiVersion, ...(messageOf(name, object) as JsonObject) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) throw badRequest(error.message);
    throw error;
  }
}

/** Fields 1 and 2: of the envelope the type and the object, of the type the version and the kind. */
function partsOf(bytes: Buffer): [Buffer, Buffer] {
  const fields = fieldsOf(bytes);
  const part = (wanted: number) => fields.find(({ number }) => number === wanted)?.bytes ?? Buffer.alloc(0);
  return [part(1), part(2)];
}

/** Messages of several fields that are one value in JSON. */
const values: Readonly<Record<string, (fields: JsonObject) => unknown>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ({ type, intVal, strVal }) =>
    type === 1 ? (strVal ?? '') : (intVal ?? 0),
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': (fields) => timeOf(fields)?.replace(/\.\d+/, '') ?? null,
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': (fields) => timeOf(fields) ?? null,
};

/** To the microsecond; undefined for Go's zero time. */
function timeOf({ seconds, nanos = 0 }: JsonObject): string | undefined {
  if (seconds === undefined) return undefined;
  const micros = String(Math.floor(Number(nanos) / 1000)).padStart(6, '0');
  return iso(Number(seconds) * 1000).replace(/\.\d+/, `.${micros}`);
}

function messageOf(name: string, bytes: Buffer): unknown {
  const known = kindsData().protobuf.messages[name]!;
  const to: JsonObject = {};
  for (const field of fieldsOf(bytes)) {
    // A newer client may have fields that this server does not.
    const as = known[field.number];
    if (as) add(to, as, field);
  }
  const value = values[name];
  if (value) return value(to);
  const whole = Object.values(known).find(({ isWhole }) => isWhole);
  return whole ? (to[whole.name] ?? null) : to;
}

function add(to: JsonObject, { name, type, is, isWhole }: MessageField, field: Field): void {
  if (is === 'map') {
    to[name] = { ...(to[name] as JsonObject | undefined), ...entryOf(type, field.bytes) };
    return;
  }
  const value = isWhole && type === 'bytes' ? JSON.parse(String(field.bytes)) : scalarOrMessage(type, field);
  if (is === 'list') to[name] = [...((to[name] as unknown[] | undefined) ?? []), value];
  else if (is === 'inline') Object.assign(to, value);
  else if (is === 'pointer' || !isZero(value)) to[name] = value;
}

/** Of a map: the key is field 1, the value field 2. */
function entryOf(type: string, bytes: Buffer): JsonObject {
  const [key, value] = [1, 2].map((wanted) => fieldsOf(bytes).find(({ number }) => number === wanted));
  return {
    [String(key?.bytes ?? '')]: scalarOrMessage(
      type,
      value ?? { number: 2, value: 0n, bytes: Buffer.alloc(0) },
    ),
  };
}

function scalarOrMessage(type: string, { value, bytes }: Field): unknown {
  if (type.includes('.')) return messageOf(type, bytes);
  if (type === 'string') return bytes.toString();
  if (type === 'bytes') return bytes.toString('base64');
  return type === 'bool' ? value !== 0n : Number(value);
}

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false || value === null;
